"""What is measured. Numbers (W1 …) are those of docs/dev/performance.md §6.3."""
import dataclasses
import pathlib
import shutil
from typing import Callable

from . import libraries


@dataclasses.dataclass
class Workload:
    name: str
    title: str
    unit: str  # of `amount`: GB, objects or keys
    way: str  # up, down or noop
    make: Callable  # (base folder, size factor) -> local tree
    amount: Callable  # (tree) -> how many units it holds


def _gigabytes(tree):
    return sum(f.stat().st_size for f in tree.rglob("*") if f.is_file()) / 1e9


def _files(tree):
    return sum(1 for f in tree.rglob("*") if f.is_file())


ALL = [
    Workload("noop", "W1 no-op sync", "keys", "noop", lambda b, s: libraries.names(b, int(200_000 * s)), _files),
    Workload("small-up", "W2 10 KiB files up", "objects", "up", lambda b, s: libraries.small(b, int(10_000 * s)), _files),
    Workload("small-down", "W3 10 KiB files down", "objects", "down", lambda b, s: libraries.small(b, int(10_000 * s)), _files),
    Workload("music-up", "W4 music-like files up", "GB", "up", lambda b, s: libraries.music(b, int(100 * s)), _gigabytes),
    Workload("music-down", "W4 music-like files down", "GB", "down", lambda b, s: libraries.music(b, int(100 * s)), _gigabytes),
    Workload("large-up", "W5 large files up", "GB", "up", lambda b, s: libraries.large(b, max(1, int(2 * s))), _gigabytes),
    Workload("large-down", "W6 large files down", "GB", "down", lambda b, s: libraries.large(b, max(1, int(2 * s))), _gigabytes),
]


def by_name(names):
    chosen = [w for w in ALL if not names or w.name in names]
    unknown = set(names) - {w.name for w in ALL}
    if unknown:
        raise SystemExit(f"no such workload: {', '.join(sorted(unknown))}. There are: {', '.join(w.name for w in ALL)}")
    return chosen


class Runner:
    """Prepares, runs and verifies one workload with one tool on one server."""

    def __init__(self, measure, server, seeder, scratch):
        self.measure, self.server, self.seeder, self.scratch = measure, server, seeder, pathlib.Path(scratch)
        self.seeded, self.count = set(), 0

    def environment(self, tool):
        return tool.environment(self.server, self.scratch / "homes" / tool.label.replace(" ", "-"))

    def seed(self, workload, tree):
        """Downloads and no-ops need the tree in the bucket: put there once, by beatsync."""
        prefix = f"seed-{workload.way == 'noop'}-{tree.name}"
        if prefix not in self.seeded:
            self.measure.run(self.seeder.upload(self.server, tree, prefix), self.environment(self.seeder))
            self.seeded.add(prefix)
        return prefix

    def run(self, workload, tool, tree):
        self.count += 1
        target = self.scratch / f"out-{self.count}"
        if workload.way == "up":
            prefix = f"up-{self.count}"
            command = tool.upload(self.server, tree, prefix)
        elif workload.way == "down":
            prefix = self.seed(workload, tree)
            target.mkdir(parents=True)
            command = tool.download(self.server, prefix, target)
        else:
            prefix = self.seed(workload, tree)
            command = tool.sync_up(self.server, tree, prefix)
        before = self.server.counters()
        cost = self.measure.run(command, self.environment(tool))
        after = self.server.counters()
        if after:
            cost.requests = {k: v - before.get("requests", {}).get(k, 0) for k, v in after["requests"].items()
                             if v != before.get("requests", {}).get(k, 0)}
            for name in ("handshakes", "bytes_in", "bytes_out"):
                setattr(cost, name, after.get(name, 0) - before.get(name, 0))
        try:
            self.verify(workload, tree, prefix, target)
        finally:
            shutil.rmtree(target, ignore_errors=True)
        return cost

    def verify(self, workload, tree, prefix, target):
        """The content, after every run: what arrived is what was sent."""
        if workload.way == "up":
            target.mkdir(parents=True)
            self.measure.run(self.seeder.download(self.server, prefix, target), self.environment(self.seeder))
        if workload.way != "noop" and not libraries.same(tree, target):
            raise self.measure.Failed(f"{workload.name}: what arrived is not what was sent")
