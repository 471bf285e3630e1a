"""Runs one client process and says what it cost.

Times are the kernel's own accounting of the finished process (wait4 in bench-meter), so they do not
depend on what else the machine does; wall time does and is only used in ratios of alternating runs.
"""
import dataclasses
import json
import pathlib
import subprocess
import tempfile


@dataclasses.dataclass
class Cost:
    user: float  # CPU seconds
    system: float  # CPU seconds
    wall: float  # seconds
    peak_mib: float  # largest resident set of one process
    requests: dict = dataclasses.field(default_factory=dict)  # seen by the server, per operation
    connections: int = 0
    handshakes: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    first_ms: dict = dataclasses.field(default_factory=dict)  # first of each operation after the first of all

    @property
    def cpu(self):
        return self.user + self.system


class Failed(Exception):
    """The client ended with an error or not in time; the message ends with its last words."""


class Meter:
    """Starts programs through bench-meter, which sees their true peak memory and ends them in time."""

    def __init__(self, binary):
        self.binary = pathlib.Path(binary)

    def run(self, command, env, limit):
        """Runs `command` (a list) to its end. Raises Failed on a non-zero exit or after `limit` s."""
        words = [str(word) for word in command]
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile() as output:
            told = pathlib.Path(folder) / "report.json"
            process = subprocess.Popen([self.binary, told, str(int(limit)), *words], env=env,
                                       stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
            try:
                process.wait()
            except BaseException:
                process.terminate()  # takes its program along
                process.wait()
                raise
            if not told.exists():
                raise Failed(f"{words[0]}: bench-meter said nothing (exit {process.returncode})")
            said = json.loads(told.read_text())
            if said["timed_out"]:
                raise Failed(f"stopped after its limit of {limit:.0f} s")
            if said["exit"] != 0:
                size = output.seek(0, 2)
                output.seek(max(0, size - 2000))
                last_words = output.read().decode(errors="replace").strip()
                ended = f"signal {said['signal']}" if said["signal"] else f"exit {said['exit']}"
                raise Failed(f"{ended}: {last_words}")
            return Cost(said["user"], said["system"], said["wall"], said["peak_mib"])
