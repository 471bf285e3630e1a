#!/usr/bin/env python3
"""Benchmarks beatsync beside its peers, against the same server over TLS. Called by `./run bench`.

    ./run bench                          # all workloads, the size that suits two cores
    ./run bench small-up noop            # some of them
    ./run bench --size 5 noop            # a million keys
    ./run bench --pairs 3 --peers s5cmd  # a quick look

Every row: alternating runs A B B A of beatsync and the tool, `--pairs` of them against the best
peer (by CPU, found with one run of each), one of the others.
"""
import argparse
import dataclasses
import pathlib
import shutil
import sys

from harness import libraries, measure, report, servers, stats, tools, workloads

ROOT = pathlib.Path(__file__).resolve().parents[1]


def find_tools(wanted, peers):
    """The peers that are installed, each in each of its variants."""
    found = []
    places = {"s5cmd": (tools.S5cmd, peers / "bin/s5cmd"), "aws-cli": (tools.AwsCli, peers / "bin/aws"),
              "rclone": (tools.Rclone, peers / "bin/rclone"), "aws-c-s3": (tools.Crt, peers / "bin/python")}
    for name, (kind, binary) in places.items():
        if wanted and name not in wanted:
            continue
        path = binary if binary.exists() else shutil.which(binary.name) if name != "aws-c-s3" else None
        if path:
            found += [kind(path, variant) for variant in kind.variants]
        else:
            print(f"left out: {name} is not installed", file=sys.stderr)
    return found


def one_workload(workload, runner, ours, peers, options):
    tree = workload.make(options.work / "trees", options.size)
    libraries.touch_page_cache(tree)
    result = {"name": workload.name, "title": workload.title, "unit": workload.unit, "amount": workload.amount(tree),
              "server": runner.server.name, "reference": ours[0].label, "runs": {}, "failed": {}}

    def attempt(tool):
        try:
            cost = runner.run(workload, tool, tree)
        except measure.Failed as why:
            result["failed"][tool.label] = str(why)
            print(f"   {tool.label}: {why}", file=sys.stderr)
            return None
        result["runs"].setdefault(tool.label, []).append(dataclasses.asdict(cost))
        print(f"   {tool.label}: {cost.cpu:.2f} CPU-s, {cost.wall:.2f} s, {cost.peak_mib:.0f} MiB", flush=True)
        return cost

    everyone = ours + [p for p in peers if workload.way != "noop" or p.sync_up]
    first = {tool: attempt(tool) for tool in everyone}
    rivals = sorted((cost.cpu, tool.label, tool) for tool, cost in first.items() if cost and tool not in ours)
    if rivals:
        best = rivals[0][2]
        result["best_peer"] = best.label
        for side in stats.abba(options.pairs - 1):
            attempt(ours[0] if side == "A" else best)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workload", nargs="*")
    parser.add_argument("--size", type=float, default=1.0, help="factor on the amount of data")
    parser.add_argument("--pairs", type=int, default=7, help="pairs against the best peer")
    parser.add_argument("--peers", action="append", help="only this peer (may be repeated)")
    parser.add_argument("--server", choices=["test", "minio"], default="test")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build/bench", help="scratch and results")
    parser.add_argument("--bin", type=pathlib.Path, default=ROOT / "build/release/bin")
    parser.add_argument("--peers-dir", type=pathlib.Path, default=ROOT / "build/peers")
    parser.add_argument("--minio", type=pathlib.Path, help="the MinIO binary, for --server minio")
    options = parser.parse_args()
    chosen = workloads.by_name(options.workload)
    ours = [tools.Beatsync(options.bin / "beatsync", variant) for variant in tools.Beatsync.variants]
    peers = find_tools(options.peers, options.peers_dir)
    results = []
    for workload in chosen:
        # A server a workload: what one leaves in memory does not slow the next.
        server = servers.TestServer(options.bin / "s3-test-server", options.work / "server")
        try:
            if options.server == "minio":
                certificates = server.folder
                server.stop()
                server = servers.Minio(options.minio, options.work / "minio", certificates)
            print(f"== {workload.title} ({server.name})", flush=True)
            runner = workloads.Runner(measure, server, ours[0], options.work / "scratch")
            results.append(one_workload(workload, runner, ours, peers, options))
            print(report.write(results, options.work).split("\n## ")[-1])
        finally:
            server.stop()
    print(f"written: {options.work}/RESULTS.md, results.json")


if __name__ == "__main__":
    main()
