"""What this machine has to spend on the bare steps, measured by bench-floors when first asked for.

Of three runs the cheapest counts: a floor is what can be reached.
"""
import json
import pathlib
import subprocess

from . import trash

GIB = 1 << 30
LIST_BYTES = 285  # of one key in a page, as the test server writes it


class Floors:
    def __init__(self, binary, scratch):
        self.binary, self.scratch = pathlib.Path(binary), pathlib.Path(scratch)
        self.known = {}

    def cpu_per_unit(self, *words, fresh_folder=False):
        """CPU seconds per byte, request or name."""
        if words not in self.known:
            best = None
            for _ in range(3):
                folder, large = self.scratch / "floors", words[0].startswith("tls-")
                trash.put_away(folder, self.scratch.parent, large)  # of a run that was killed
                folder.mkdir(parents=True)
                command = [self.binary, *words]
                if fresh_folder:
                    command.append(folder / "file" if large else folder)
                said = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300, check=True)
                cost = json.loads(said.stdout)
                cpu = cost["cpu"] / cost["units"]
                best = cpu if best is None else min(best, cpu)
                trash.put_away(folder, self.scratch.parent, large)
            self.known[words] = best
        return self.known[words]

    def of(self, kind, tree):
        """CPU seconds per GB, object or key; and in words what it is."""
        if kind == "bytes-up":
            return (1e9 * self.cpu_per_unit("tls-send", GIB, fresh_folder=True),
                    "bare TLS send of a file out of the page cache, read once and not checked")
        if kind == "bytes-down":
            return (1e9 * self.cpu_per_unit("tls-receive", GIB, fresh_folder=True),
                    "bare TLS receive, written with O_DIRECT and fsynced")
        if kind == "small-up":
            return (self.cpu_per_unit("requests-up", 10_000, 10_240, fresh_folder=True),
                    "sixteen connections: open, read, send, receive an answer")
        if kind == "small-down":
            return (self.cpu_per_unit("requests-down", 10_000, 10_240, fresh_folder=True),
                    "sixteen connections: ask, receive, create, write, close")
        if kind == "noop":
            walk = self.cpu_per_unit("walk", tree)
            scan = self.cpu_per_unit("list", 1_000_000)
            receive = LIST_BYTES * self.cpu_per_unit("tls-receive", GIB)
            return walk + scan + receive, "bare walk with statx, bare look at the pages, bare TLS receive"
        return None
