#!/usr/bin/env python3
"""Benchmarks beatsync beside its peers, against the same server over TLS. Called by `./run bench`.

    ./run bench                          # all workloads, sized for two cores; fills bench/RESULTS.md
    ./run bench small-up noop            # some of them; `grid`, `minio` stand for all that begin so
    ./run bench --huge                   # with ten million keys, too: half an hour and 10 M inodes more
    ./run bench --pairs 3 --peers s5cmd music-down     # a quick look
    ./run bench micro                    # the parts alone (Google Benchmark)

Each client runs once; then beatsync and the best peer of the row (by CPU) alternate A B B A, --pairs
of them in all. A client that fails or takes too long is a row that says so. Results go to
build/bench: RESULTS.md, results.json, one SVG a workload.
"""
import argparse
import dataclasses
import os
import pathlib
import shutil
import signal
import sys
import time
import traceback

from harness import floors, libraries, measure, report, runner, stats, steal, tools, trash, workloads

ROOT = pathlib.Path(__file__).resolve().parents[1]


class Bench:
    def __init__(self, options, ours, newer, peers):
        self.options, self.ours, self.newer, self.peers = options, ours, newer, peers
        self.meter = measure.Meter(options.bin / "bench-meter")
        self.floors = floors.Floors(options.bin / "bench-floors", options.work / "scratch")
        self.ends = time.monotonic() + 60 * options.minutes

    def late(self):
        return time.monotonic() > self.ends

    def clients(self, workload):
        """Ours and the peers that take part."""
        variants = self.ours if workload.way == "down" else self.ours[:1]
        if workload.peers == "expat":
            return variants, [tools.BareExpat(self.options.bin / "bench-floors")]
        peers = [p for p in self.peers if workload.peers == "all" or
                 (workload.peers == "tuned" and p.variant == p.variants[-1])]
        if workload.way in ("noop", "incremental"):
            peers = [p for p in peers if p.sync_up]
        return variants, peers

    def run(self, workload):
        result = {"name": workload.name, "title": workload.title, "unit": workload.unit, "way": workload.way, "amount": 0,
                  "server": {"test": "test server", "minio": "MinIO"}[workload.server], "reference": {}, "runs": {},
                  "failed": {}}
        before = steal.ticks()
        try:
            self.measure(workload, result)
        except Exception as why:  # one workload that cannot be run must not take the others along
            traceback.print_exc()
            result["error"] = f"{type(why).__name__}: {why}"
        result["steal"] = steal.share(before, steal.ticks())
        return result

    def measure(self, workload, result):
        options = self.options
        if workload.server == "minio" and not options.minio:
            result["error"] = "MinIO is not there"
            return
        tree = workload.make(options.work / "trees", options.size)
        if workload.way == "down" and workload.unit == "objects":
            trash.wait_until_forgotten(options.work)
        count, total = libraries.warm(tree)
        result["amount"] = total / 1e9 if workload.unit == "GB" else count
        if floor := self.floors.of(workload.floor, tree):
            result["floor"] = {"cpu_per_unit": floor[0], "what": floor[1]}
        ours, peers = self.clients(workload)
        with runner.Runner(workload, tree, options.size, options.bin, options.work, self.meter, self.ours[-1],
                           options.minio) as runs:
            first = {tool: self.attempt(runs, tool, result) for tool in ours + peers if tool in ours or not self.late()}
            if self.late() and peers:
                result["failed"].setdefault("some peers", []).append("left out: the time for the whole run was over")
            # Where both of ours take part, the peers work as the one without fsync does.
            result["reference"] = {tool.label: ours[-1].label for tool in peers}
            rivals = sorted((cost.cpu, tool.label, tool) for tool, cost in first.items() if cost and tool not in ours)
            pairs = min(options.pairs, workload.pairs)
            if self.newer and workload.floor.startswith(("bytes", "small")) and workload.peers == "all":
                self.attempt(runs, self.newer, result)
                ours = [*ours, self.newer]
            if not rivals:
                sequence = [tool for _ in range(pairs - 1) for tool in ours]
            else:
                best = rivals[0][2]
                result["best_peer"] = best.label
                sequence = [tool for side in stats.abba(pairs - 1) for tool in (ours if side == "A" else [best])]
            for tool in sequence:
                if not self.late():
                    self.attempt(runs, tool, result)

    @staticmethod
    def attempt(runs, tool, result):
        try:
            cost = runs.run(tool)
        except measure.Failed as why:
            result["failed"].setdefault(tool.label, []).append(str(why))
            print(f"   {tool.label}: {why}", file=sys.stderr, flush=True)
            return None
        result["runs"].setdefault(tool.label, []).append(dataclasses.asdict(cost))
        print(f"   {tool.label}: {cost.cpu:.2f} CPU-s, {cost.wall:.2f} s, {cost.peak_mib:.0f} MiB", flush=True)
        return cost


def arguments():
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter,
                                     epilog="Workloads: " + ", ".join(w.name for w in workloads.ALL))
    parser.add_argument("workload", nargs="*")
    parser.add_argument("--size", type=float, default=1.0, help="factor on the amount of data")
    parser.add_argument("--huge", action="store_true", help="the workload noop-10m, too")
    parser.add_argument("--pairs", type=int, default=7, help="at most so many pairs against the best peer (7)")
    parser.add_argument("--peers", action="append", metavar="NAME",
                        help="only this peer (may be repeated): s5cmd, rclone, aws-c-s3, aws-cli, s3sync, none")
    parser.add_argument("--minutes", type=float, default=110, help="after so many no peer is run any more (110)")
    parser.add_argument("--keep", action="store_true", help="copy the report to bench/RESULTS.md; a full run does it anyway")
    parser.add_argument("--s3sync", action="store_true", help="build s3sync, too (a quarter of an hour, once)")
    parser.add_argument("--newer-openssl", action="store_true",
                        help="also build beatsync with OpenSSL 3.6 and run it where bytes are moved (8 minutes, once)")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build/bench", help="scratch and results")
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build/release/bin", help="what to measure")
    cache = pathlib.Path(os.environ.get("BEATSYNC_CACHE") or pathlib.Path.home() / ".cache/beatsync")
    parser.add_argument("--peers-dir", type=pathlib.Path, default=cache / "peers")
    parser.add_argument("--minio", type=pathlib.Path, default=cache / "bin/minio")
    options = parser.parse_args()
    options.minio = options.minio if options.minio.exists() else None
    return options


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as an exception, so that server and client end too
    chosen = workloads.choose(options.workload, options.huge)
    options.work.mkdir(parents=True, exist_ok=True)
    ours = [tools.Beatsync(options.bin / "beatsync", variant) for variant in tools.Beatsync.variants]
    peers, missing = tools.find_peers(options.peers_dir, options.peers)
    newer = tools.NewerOpenssl(ROOT / "build/newer-openssl/bin/beatsync", *tools.NewerOpenssl.variants)
    bench = Bench(options, ours, newer if options.newer_openssl else None, peers)
    started = time.monotonic()
    about = {"machine": report.machine(), "commit": report.commit(ROOT), "size": options.size, "minutes": 0,
             "versions": {t.name: t.version() for t in [*ours[:1], *peers] if t.variant == "default"}, "missing": missing,
             "results": []}
    try:
        for workload in chosen:
            print(f"== {workload.name}: {workload.title}", flush=True)
            about["results"].append(bench.run(workload))
            about["minutes"] = (time.monotonic() - started) / 60
            text = report.write(about, options.work)  # after each, so that nothing is lost if we are stopped
            print(report.of_workload(about["results"][-1]), flush=True)
    finally:
        trash.empty(options.work)
    if options.keep or (not options.workload and options.size == 1 and not options.peers and options.pairs >= 7):
        shutil.copy(options.work / "RESULTS.md", ROOT / "bench/RESULTS.md")
    print(text[:text.find("\n## ", text.find("## Against"))])
    print(f"\nwritten: {options.work}/RESULTS.md, results.json, *.svg")


if __name__ == "__main__":
    main()
