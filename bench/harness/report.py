"""Tables, JSON and plots from the measured runs."""
import json
import pathlib
import platform
import shutil
import statistics
import subprocess

from . import stats


def machine():
    cpu = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    memory = next(int(line.split()[1]) // 1024 for line in open("/proc/meminfo") if line.startswith("MemTotal"))
    cores = sum(1 for line in open("/proc/cpuinfo") if line.startswith("processor"))
    return {"cpu": cpu, "cores": cores, "memory_mib": memory, "kernel": platform.release()}


def _per_unit(unit, cpu, amount):
    """CPU-s per GB, or units per CPU-s for objects and keys."""
    return f"{cpu / amount:.2f} CPU-s/GB" if unit == "GB" else f"{amount / cpu:,.0f} {unit}/CPU-s"


def row(result, label):
    runs = result["runs"][label]
    cpu, wall = statistics.median(r["user"] + r["system"] for r in runs), statistics.median(r["wall"] for r in runs)
    ours = result["runs"].get(result["reference"], [])
    versus = ""
    if label != result["reference"] and ours:
        pairs = min(len(ours), len(runs))
        cpus = stats.ratio_interval([r["user"] + r["system"] for r in ours[:pairs]], [r["user"] + r["system"] for r in runs[:pairs]])
        walls = stats.ratio_interval([r["wall"] for r in ours[:pairs]], [r["wall"] for r in runs[:pairs]])
        if cpus and walls:
            versus = f"{cpus[0]:.2f} [{cpus[1]:.2f}–{cpus[2]:.2f}] | {walls[0]:.2f} [{walls[1]:.2f}–{walls[2]:.2f}]"
    last = runs[-1]
    return (f"| {label} | {_per_unit(result['unit'], cpu, result['amount'])} | {wall:.2f} | "
            f"{max(r['peak_mib'] for r in runs):.0f} | {sum(last['requests'].values()) or '–'} | {last['handshakes'] or '–'} | "
            f"{len(runs)} | {versus or '– | –'} |")


def markdown(results, about):
    lines = ["# Results of the last run", "", "Made by `./run bench`; nothing in it was typed by hand.", "",
             f"{about['cpu']}, {about['cores']} cores, {about['memory_mib']} MiB, Linux {about['kernel']}. "
             "CPU is the client's, user and system. The last two columns are the median ratio beatsync/tool of "
             "alternating runs with its 95 % interval.", ""]
    for result in results:
        lines += [f"## {result['title']}, {result['amount']:,.4g} {result['unit']}, {result['server']}", "",
                  "| client | CPU | wall s | peak MiB | requests | handshakes | runs | CPU ratio | wall ratio |",
                  "|---|---|---|---|---|---|---|---|---|"]
        lines += [row(result, label) for label in result["runs"]]
        lines += [f"| {label} | failed: {why.splitlines()[-1][:100]} | | | | | | | |" for label, why in result["failed"].items()]
        lines.append("")
    return "\n".join(lines)


def plot(results, folder):
    """One bar chart of CPU per unit a workload, where gnuplot is at hand."""
    if not shutil.which("gnuplot"):
        return
    for result in results:
        data = folder / f"{result['name']}.dat"
        data.write_text("".join(
            f'"{label}" {statistics.median(r["user"] + r["system"] for r in runs) / result["amount"]}\n'
            for label, runs in result["runs"].items()))
        subprocess.run(["gnuplot"], input=(
            f"set terminal pngcairo size 900,400\nset output '{data.with_suffix('.png')}'\nset style fill solid\n"
            f"set boxwidth 0.6\nset yrange [0:]\nset ylabel 'client CPU-s per {result['unit'].rstrip('s')}'\n"
            f"set title '{result['title']}, {result['server']}'\nset xtics rotate by -20\n"
            f"plot '{data}' using 0:2:xtic(1) with boxes notitle\n"), text=True, check=False)


def write(results, folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    about = machine()
    (folder / "results.json").write_text(json.dumps({"machine": about, "results": results}, indent=1))
    text = markdown(results, about)
    (folder / "RESULTS.md").write_text(text)
    plot(results, folder)
    return text
