"""The targets of the project as data, and how each figure is found in the results."""
import dataclasses
import math
import statistics
from typing import Callable, Optional

from . import stats

OURS = "beatsync"
GUST = "beatsync (no fsync)"
NEWER = "beatsync (OpenSSL 3.6)"


# A target that names an amount is not judged by another one, nor by multiplying a smaller one.
AMOUNTS = {"noop-10k": 10_000, "noop-100k": 100_000, "noop-1m": 1_000_000, "noop-1m-80ms": 1_000_000,
           "noop-10m": 10_000_000, "flat-1m-80ms": 1_000_000, "first-1m-80ms": 1_000_000}


class Missing(Exception):
    """A workload that this needs was not run, or failed, or was run with another size."""


def runs(results, workload, label=OURS):
    found = results.get(workload, {}).get("runs", {}).get(label)
    if not found:
        raise Missing(workload)
    if results[workload]["amount"] != AMOUNTS.get(workload, results[workload]["amount"]):
        raise Missing(f"{workload} had another size")
    return found


def cpu(results, workload, label=OURS):
    return statistics.median(r["user"] + r["system"] for r in runs(results, workload, label))


def wall(results, workload, label=OURS):
    return statistics.median(r["wall"] for r in runs(results, workload, label))


def peak(results, *workloads):
    return max(r["peak_mib"] for w in workloads for r in runs(results, w))


def per_gb(workload, label=OURS):
    return lambda results: cpu(results, workload, label) / results[workload]["amount"]


def objects_per_cpu(workload, label=OURS):
    return lambda results: results[workload]["amount"] / cpu(results, workload, label)


def worst(*figures):
    return lambda results: max(figure(results) for figure in figures)


def lists_per_page(workload):
    def figure(results):
        pages = math.ceil(results[workload]["amount"] / 1000) if runs(results, workload) else 1
        return max(r["requests"].get("ListObjectsV2", 0) for r in runs(results, workload)) / pages
    return figure


def first_put(workload):
    return lambda results: max(r["first_ms"].get("PutObject", math.inf) for r in runs(results, workload))


def share_of_speed(workload, of):
    """In per cent, by CPU time; the median of runs side by side."""
    def figure(results):
        spent = [[r["user"] + r["system"] for r in runs(results, workload, label)] for label in (of, OURS)]
        return 100 * stats.ratio_interval(*spent)[0]
    return figure


def floor_per(workload, invert=False):
    def figure(results):
        floor = results.get(workload, {}).get("floor")
        if not floor:
            raise Missing(workload)
        return 1 / floor["cpu_per_unit"] if invert else floor["cpu_per_unit"]
    return figure


def at_scale(workload):
    """CPU seconds for the whole amount by the floor."""
    return lambda results: floor_per(workload)(results) * results[workload]["amount"]


@dataclasses.dataclass(frozen=True)
class Target:
    what: str
    figure: Callable
    unit: str
    limit: Optional[float] = None  # None: only reported
    at_least: bool = False  # the figure may not be below the limit (otherwise: not above)
    floor: Optional[Callable] = None
    if_run: bool = False  # no row where it was not asked for


ALL = [
    Target("upload of large files", per_gb("large-up"), "CPU-s/GB", 0.50, floor=floor_per("large-up")),
    Target("download of large files, to disk, verified, fsynced", per_gb("large-down"), "CPU-s/GB", 0.50,
           floor=floor_per("large-down")),
    Target("music-like files, up", per_gb("music-up"), "CPU-s/GB", 0.55, floor=floor_per("music-up")),
    Target("music-like files, down", per_gb("music-down"), "CPU-s/GB", 0.55, floor=floor_per("music-down")),
    *(Target(f"{what}, with an OpenSSL that knows VAES", per_gb(workload, NEWER), "CPU-s/GB", if_run=True)
      for what, workload in (("large files, up", "large-up"), ("large files, down", "large-down"),
                             ("music-like files, up", "music-up"), ("music-like files, down", "music-down"))),
    Target("10 KiB files up", objects_per_cpu("small-up"), "objects per CPU-s", 15_000, True, floor_per("small-up", True)),
    Target("10 KiB files down, without fsync as the peers work", objects_per_cpu("small-down", GUST), "objects per CPU-s",
           12_000, True, floor_per("small-down", True)),
    Target("10 KiB files down, with fsync", objects_per_cpu("small-down"), "objects per CPU-s", None, True,
           floor_per("small-down", True)),
    Target("no-op sync, 1 M keys in 20,000 folders: CPU", lambda r: cpu(r, "noop-1m"), "CPU-s", 4, floor=at_scale("noop-1m")),
    Target("no-op sync, 1 M keys: memory", lambda r: peak(r, "noop-1m"), "MiB", 96),
    Target("no-op sync, 1 M keys: LIST requests per 1,000 keys", lists_per_page("noop-1m"), "requests", 1.1),
    Target("no-op sync, 1 M keys, 80 ms a request: wall", lambda r: wall(r, "noop-1m-80ms"), "s", 5),
    Target("no-op sync, 1 M keys, 80 ms a request: LIST requests per 1,000 keys", lists_per_page("noop-1m-80ms"),
           "requests", 1.1),
    Target("no-op sync, 10 M keys: CPU", lambda r: cpu(r, "noop-10m"), "CPU-s", 45, floor=at_scale("noop-10m")),
    Target("no-op sync, 10 M keys: memory against 1 M", lambda r: peak(r, "noop-10m") / peak(r, "noop-1m"), "x"),
    Target("memory for 1 M keys against 10 k", lambda r: peak(r, "noop-1m") / peak(r, "noop-10k"), "x"),
    Target("memory for 100 k keys against 10 k", lambda r: peak(r, "noop-100k") / peak(r, "noop-10k"), "x"),
    Target("first transfer after the first request, 80 ms a request, 200 k keys", first_put("incremental"), "ms", 210),
    Target("first transfer after the first request, 80 ms a request, 1 M keys", first_put("incremental-1m"), "ms", 210),
    Target("flat prefix, 1 M keys in one folder, 80 ms: wall", lambda r: wall(r, "flat-1m-80ms"), "s", 5),
    Target("flat prefix, 1 M keys in one folder, 80 ms: CPU", lambda r: cpu(r, "flat-1m-80ms"), "CPU-s", 4,
           floor=at_scale("flat-1m-80ms")),
    Target("flat prefix, 1 M keys in one folder, 80 ms: memory", lambda r: peak(r, "flat-1m-80ms"), "MiB", 96),
    Target("flat prefix, 1 M keys in one folder, 80 ms: LIST requests per 1,000 keys", lists_per_page("flat-1m-80ms"),
           "requests", 1.1),
    Target("first look into an empty folder, 1 M keys, 80 ms a request: wall", lambda r: wall(r, "first-1m-80ms"), "s"),
    Target("first look into an empty folder, 1 M keys, 80 ms a request: LIST requests per 1,000 keys",
           lists_per_page("first-1m-80ms"), "requests"),
    Target("peak memory, large and music-like files (32 wanted)",
           lambda r: peak(r, "large-up", "large-down", "music-up", "music-down"), "MiB", 48),
    Target("peak memory, small files", lambda r: peak(r, "small-up", "small-down"), "MiB", 64),
    Target("XML rewrite: share of bare expat's speed", share_of_speed("xml", "bare expat"), "%", 95, True),
    Target("rough network, time against a good one, up", lambda r: wall(r, "mixed-rough-up") / wall(r, "mixed-up"), "x"),
    Target("rough network, time against a good one, down", lambda r: wall(r, "mixed-rough-down") / wall(r, "mixed-down"), "x"),
]


@dataclasses.dataclass(frozen=True)
class PeerTarget:
    """Against the best peer of a row (reported; the rows above decide)."""
    workload: str
    label: str
    cpu: float  # of the best peer's


# Downloads as the peers work, who leave it to the kernel when the bytes reach the disk, and as we do.
PEERS = [PeerTarget("large-up", OURS, 0.25), PeerTarget("large-down", GUST, 0.25), PeerTarget("large-down", OURS, 0.25),
         PeerTarget("music-up", OURS, 0.25), PeerTarget("music-down", GUST, 0.25), PeerTarget("music-down", OURS, 0.25),
         PeerTarget("small-up", OURS, 0.1), PeerTarget("small-down", GUST, 0.1), PeerTarget("small-down", OURS, 0.1),
         PeerTarget("noop", OURS, 0.1)]
