"""The table for people and the JSON for programs."""
import datetime
import json
import os
import pathlib
import platform
import statistics
import subprocess

from . import plots, stats, steal, targets


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        lines = f.read().splitlines()
    with open("/proc/meminfo", encoding="utf-8") as f:
        memory = next(int(line.split()[1]) // 1024 for line in f if line.startswith("MemTotal"))
    cpu = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "?")
    cores = sum(1 for line in lines if line.startswith("processor"))
    return {"cpu": cpu, "cores": cores, "memory_mib": memory, "kernel": platform.release(),
            "started": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"), "load": os.getloadavg()[0]}


def commit(root):
    said = subprocess.run(["git", "-C", root, "describe", "--always", "--dirty", "--exclude=*"], capture_output=True,
                          text=True, check=False)
    return said.stdout.strip() or "unknown"


def number(value):
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def median(runs, *names):
    return statistics.median(sum(r[name] for name in names) for r in runs)


def per_unit(unit, cpu, amount):
    """CPU-s per GB, or units per CPU-s for objects and keys."""
    return f"{number(cpu / amount)} CPU-s/GB" if unit == "GB" else f"{number(amount / max(cpu, 1e-6))} {unit}/CPU-s"


def ratios(result, label, ours):
    """Median ratio ours/theirs of CPU and of wall time, each with its interval where it has one."""
    theirs = result["runs"][label]
    cells = []
    for names in (("user", "system"), ("wall",)):
        pick = lambda runs: [sum(r[n] for n in names) for r in runs]
        found = stats.ratio_interval(pick(ours), pick(theirs))
        one = min(len(ours), len(theirs)) == 1
        cells.append("–" if not found else f"{found[0]:.2f}" if one else f"{found[0]:.2f} [{found[1]:.2f}–{found[2]:.2f}]")
    return cells


def row(result, label):
    runs = result["runs"][label]
    ours = result["runs"].get(result["reference"].get(label, targets.OURS), [])
    versus = ratios(result, label, ours) if ours and not label.startswith(targets.OURS) else ["–", "–"]
    seen = runs[-1]
    cells = [label, per_unit(result["unit"], median(runs, "user", "system"), result["amount"]),
             f"{median(runs, 'user'):.2f}", f"{median(runs, 'system'):.2f}", f"{median(runs, 'wall'):.2f}",
             f"{max(r['peak_mib'] for r in runs):.0f}"]
    if seen["requests"]:
        cells += [f"{sum(seen['requests'].values()):,}", f"{seen['handshakes']:,}",
                  f"{(seen['bytes_in'] + seen['bytes_out']) / 1e6:,.1f}"]
    else:
        cells += ["–"] * 3
    return "| " + " | ".join([*cells, str(len(runs)), *versus]) + " |"


def of_workload(result):
    amount = f"{result['amount']:.3f} GB" if result["unit"] == "GB" else f"{result['amount']:,} {result['unit']}"
    lines = [f"## {result['name']}: {result['title']}", "", f"{amount}, {result['server']}."]
    if result.get("error"):
        return "\n".join([*lines, "", f"Could not be run: {result['error']}", ""])
    if result.get("floor"):
        floor = result["floor"]
        lines[-1] += f" Floor: {per_unit(result['unit'], floor['cpu_per_unit'], 1)} ({floor['what']})."
    if result.get("steal", 0) >= steal.WORTH_SAYING:
        lines[-1] += f" {100 * result['steal']:.0f} % of the time went to other guests of the host."
    lines += ["", "| client | CPU | user s | system s | wall s | peak MiB | requests | handshakes | MB of bodies | runs | "
              "CPU ratio | wall ratio |", "|---|---|---|---|---|---|---|---|---|---|---|---|"]
    lines += [row(result, label) for label in result["runs"]]
    for label, whys in result["failed"].items():
        why = whys[-1].replace("|", "/").split("\n")[-1][-160:]
        lines.append(f"| {label} | failed {len(whys)} x: {why} |" + " |" * 10)
    first = {label: runs[-1]["first_ms"]["PutObject"] for label, runs in result["runs"].items()
             if result["way"] == "incremental" and "PutObject" in runs[-1]["first_ms"]}
    if first:
        lines += ["", "First upload after the first request: " +
                  ", ".join(f"{label} {number(ms)} ms" for label, ms in first.items()) + "."]
    return "\n".join([*lines, ""])


def of_target(target, results, judged):
    try:
        figure = target.figure(results)
    except (targets.Missing, KeyError) as missing:
        if target.if_run:
            return None
        return f"| {target.what} | {wanted(target)} | not measured ({missing.args[0]}) | | | |"
    try:
        floor = target.floor(results) if target.floor else None
    except (targets.Missing, KeyError):
        floor = None
    verdict = ""
    if target.limit is not None and judged:
        verdict = "met" if (figure >= target.limit if target.at_least else figure <= target.limit) else "**missed**"
    above = "" if floor is None else f"{floor / figure if target.at_least else figure / floor:.2f}"
    return (f"| {target.what} | {wanted(target)} | {number(figure)} {target.unit} | {verdict} | "
            f"{'' if floor is None else number(floor)} | {above} |")


def wanted(target):
    if target.limit is None:
        return "reported"
    return f"{'>=' if target.at_least else '<='} {number(target.limit)} {target.unit}"


def of_peers(results):
    lines = ["| workload | best peer (CPU) | CPU of it | wanted | wall time of it | leanest peer | memory of it |",
             "|---|---|---|---|---|---|---|"]
    for wish in targets.PEERS:
        result = results.get(wish.workload, {})
        what = f"{wish.workload}, {wish.label}" if result.get("way") == "down" else wish.workload
        ours, best = result.get("runs", {}).get(wish.label), result.get("best_peer")
        if not ours or not best:
            lines.append(f"| {what} | not measured | | <= {wish.cpu} | | | |")
            continue
        cpu, wall = ratios(result, best, ours)
        peaks = {label: max(r["peak_mib"] for r in runs) for label, runs in result["runs"].items()
                 if not label.startswith(targets.OURS)}
        lean = min(peaks, key=peaks.get)
        memory = max(r["peak_mib"] for r in ours) / peaks[lean]
        lines.append(f"| {what} | {best} | {cpu} | <= {wish.cpu} | {wall} | {lean}, {peaks[lean]:.0f} MiB | {memory:.2f} |")
    return lines


def of_steal(results):
    most = max((r.get("steal", 0) for r in results), default=0)
    if most < steal.WORTH_SAYING:
        return ""
    return (f" The host gave up to {100 * most:.0f} % of the machine's time to others (each workload says how much): figures are "
            "too high then, and compare within a workload only.")


def markdown(report):
    about, results = report["machine"], {r["name"]: r for r in report["results"]}
    lines = ["# Results of the last run", "", "Written by `./run bench`; nothing in it was typed by hand. How to read it: "
             "[README.md](README.md).", "",
             f"{about['cpu']}, {about['cores']} cores, {about['memory_mib']:,} MiB, Linux {about['kernel']}; {about['started']}, "
             f"{report['minutes']:.0f} minutes, load before it {about['load']:.1f}; beatsync at {report['commit']}, sizes x "
             f"{report['size']:g}.{of_steal(report['results'])}", "",
             "Clients: " + "; ".join(f"{name}: {said}" for name, said in report["versions"].items()) + "."]
    if report["missing"]:
        lines += ["", "Left out, not installed: " + ", ".join(report["missing"]) + "."]
    lines += ["", "## Targets", "", "| what | target | figure | | floor | figure to floor |", "|---|---|---|---|---|---|"]
    judged = report["size"] >= 1
    lines += filter(None, (of_target(target, results, judged) for target in targets.ALL))
    if not judged:
        lines += ["", "Nothing is judged: in so small a run it is starting and connecting that costs."]
    lines += ["", "## Against the best peer of each row", "", *of_peers(results), ""]
    return "\n".join(lines + [of_workload(result) for result in report["results"]])


def write(report, folder):
    folder = pathlib.Path(folder)
    (folder / "results.json").write_text(json.dumps(report, indent=1))
    text = markdown(report)
    (folder / "RESULTS.md").write_text(text)
    plots.draw(report["results"], folder)
    return text
