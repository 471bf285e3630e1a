"""What is measured. Numbers (W1 …) are those of docs/dev/performance.md §6.3.

The sizes suit two cores: a full run with all peers is to end within 75 minutes. `--size` multiplies
them; 5 makes 10 GiB of large files.
"""
import dataclasses
from typing import Callable

from . import libraries

KIB, MIB = 1 << 10, 1 << 20


@dataclasses.dataclass(frozen=True)
class Workload:
    name: str
    title: str
    unit: str  # of `amount`: GB, objects or keys
    way: str  # up, down, noop, first, incremental, awkward or xml: see runner.py
    make: Callable  # (base folder, size factor) -> local tree
    conditions: tuple = ()  # flags of the test server
    peers: str = "all"  # all, tuned (their tuned variants only), expat (nothing else) or none
    pairs: int = 7  # against the best peer, or runs of our own where there is none
    keys: int = 0  # synthetic keys in the bucket, times the size
    per_folder: int = 50  # of those; 0: no folders
    server: str = "test"
    cold: bool = False  # files are taken out of the page cache before each run
    limit: int = 400  # seconds a run may take
    floor: str = ""  # which of floors.py
    huge: bool = False  # only where asked for by name or with --huge

    def count(self, size):
        return int(self.keys * size)

    def synthetic(self, size, prefix, bucket):
        if not self.keys:
            return ()
        return ("--synthetic", f"{bucket}/{prefix}/={self.count(size)}:{self.per_folder}")


def _names(keys, per_folder=50):
    return lambda base, size: libraries.names(base, int(keys * size), per_folder)


def _listing(name, title, keys, per_folder=50, **more):
    return Workload(name, title, "keys", "noop", _names(keys, per_folder), keys=keys, per_folder=per_folder, floor="noop",
                    **more)


def _transfer(name, title, make, unit, floor, **more):
    return [Workload(f"{name}-{way}", f"{title} {way}", unit, way, make, floor=floor and f"{floor}-{way}",
                     **more)
            for way in ("up", "down")]


LATE = ("--latency-ms", "80")
ROUGH = ("--rate-503", "0.01", "--stall-rate", "0.005", "--stall-ms", "5000", "--reset-rate", "0.005", "--close-after", "100")


def _music(count):
    return lambda base, size: libraries.music(base, int(count * size))


def _equal(count, bytes_each):
    return lambda base, size: libraries.equal(base, max(1, int(count * size)), bytes_each)


def _large(base, size):
    return libraries.large(base, int(2048 * size))


def _grid():
    for latency in (20, 80):
        for title, count, each in (("10 KiB", 500, 10 * KIB), ("1 MiB", 64, MIB), ("64 MiB", 4, 64 * MIB)):
            name = f"grid-{latency}ms-{title.replace(' ', '')}"
            yield from _transfer(name, f"W8 {title} files, {latency} ms a request,", _equal(count, each),
                                 "objects", "", peers="tuned", pairs=1, conditions=("--latency-ms", str(latency)))


ALL = [
    *_transfer("music", "W4 music-like files", _music(60), "GB", "bytes"),
    Workload("large-up", "W5 large files up", "GB", "up", _large, floor="bytes-up"),
    Workload("large-down", "W6 large files down", "GB", "down", _large, floor="bytes-down"),
    *_transfer("small", "W2/W3 10 KiB files", _equal(10_000, 10 * KIB), "objects", "small"),
    _listing("noop", "W1 no-op sync", 200_000),
    _listing("noop-80ms", "W1 no-op sync, 80 ms a request", 200_000, conditions=LATE, pairs=2),
    _listing("noop-10k", "W1 no-op sync, few keys", 10_000, peers="none", pairs=3),
    _listing("noop-100k", "W1 no-op sync, more keys", 100_000, peers="none", pairs=3),
    _listing("noop-1m", "W1 no-op sync, many keys", 1_000_000, peers="none", pairs=3),
    _listing("noop-10m", "W1 no-op sync, very many keys", 10_000_000, peers="none", pairs=1, limit=1200, huge=True),
    _listing("noop-1m-80ms", "W1 no-op sync, many keys, 80 ms a request", 1_000_000, conditions=LATE, peers="none", pairs=3),
    _listing("flat-80ms", "W10 no-op sync, all in one folder, 80 ms a request", 200_000, 0, conditions=LATE,
             peers="tuned", pairs=1),
    _listing("flat-1m-80ms", "W10 no-op sync, many keys in one folder, 80 ms a request", 1_000_000, 0, conditions=LATE,
             peers="none", pairs=3),
    Workload("first-1m-80ms", "first look (dry run) at many keys, empty folder, 80 ms a request", "keys", "first",
             _names(1_000_000), keys=1_000_000, conditions=LATE, peers="none", pairs=3),
    Workload("incremental", "W7 1 % changed and 0.5 % new, 80 ms a request", "keys", "incremental",
             lambda base, size: libraries.changed(base, int(200_000 * size)), keys=200_000, conditions=LATE,
             peers="tuned", pairs=1),
    Workload("incremental-1m", "W7 1 % of many keys changed and 0.5 % new, 80 ms a request", "keys", "incremental",
             lambda base, size: libraries.changed(base, int(1_000_000 * size)), keys=1_000_000, conditions=LATE,
             peers="none", pairs=1),
    Workload("large-up-cold", "W5 large files up, cold cache", "GB", "up", _large, floor="bytes-up", cold=True,
             peers="tuned", pairs=3),
    *_grid(),
    *_transfer("mixed", "W9 100 KiB files, good network,", _equal(2000, 100 * KIB), "objects", "", peers="tuned", pairs=1),
    *_transfer("mixed-rough", "W9 100 KiB files, 503s, stalls, resets, closing,", _equal(2000, 100 * KIB), "objects", "",
               peers="tuned", pairs=1, conditions=ROUGH),
    Workload("awkward", "W10 awkward names, uploaded and compared again", "keys", "awkward",
             lambda base, size: libraries.awkward(base, int(20_000 * size)), peers="none", pairs=1),
    Workload("xml", "W11 XML rewrite", "GB", "xml", lambda base, size: libraries.xml(base, int(400 * size)),
             peers="expat"),
    *_transfer("minio-music", "W4 music-like files against MinIO", _music(20), "GB", "", server="minio", peers="tuned",
               pairs=3),
    *_transfer("minio-small", "W2/W3 10 KiB files against MinIO", _equal(2000, 10 * KIB), "objects", "", server="minio",
               peers="tuned", pairs=3),
    Workload("minio-noop", "W1 no-op sync against MinIO", "keys", "noop", _equal(2000, 10 * KIB), server="minio",
             peers="tuned", pairs=3),
]


def choose(wanted, huge=False):
    """Workloads of these names; a name that is none stands for all that begin with it (`grid`, `minio`)."""
    chosen = []
    for name in wanted:
        hits = [w for w in ALL if w.name == name] or [w for w in ALL if w.name.startswith(name + "-") and not w.huge]
        if not hits:
            raise SystemExit(f"no such workload: {name}. There are: {', '.join(w.name for w in ALL)}")
        chosen += [w for w in hits if w not in chosen]
    return chosen or [w for w in ALL if huge or not w.huge]
