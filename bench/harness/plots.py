"""One chart of CPU and one of memory a workload, by gnuplot, where that is at hand."""
import shutil
import statistics
import subprocess


def draw(results, folder):
    if not shutil.which("gnuplot"):
        return
    for result in results:
        if len(result.get("runs", {})) < 2:
            continue
        data = folder / f"{result['name']}.dat"
        data.write_text("".join(
            f'"{label}" {statistics.median(r["user"] + r["system"] for r in runs)} {max(r["peak_mib"] for r in runs)}\n'
            for label, runs in result["runs"].items()))
        chart = (f"set terminal svg size 900,640 background 'white'\nset output '{data.with_suffix('.svg')}'\n"
                 f"set multiplot layout 2,1 title \"{result['name']}: {result['title']}\"\nset style fill solid\n"
                 "set boxwidth 0.6\nset yrange [0:]\nset xtics rotate by -20\nunset key\n"
                 f"set ylabel 'client CPU, s'\nplot '{data}' using 0:2:xtic(1) with boxes\n"
                 f"set ylabel 'peak memory, MiB'\nplot '{data}' using 0:3:xtic(1) with boxes\n")
        subprocess.run(["gnuplot"], input=chart, text=True, check=False)
