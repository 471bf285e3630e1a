"""Runs one client process and says what it cost.

Times are the kernel's own accounting of the finished process and the children it waited for
(wait4), so they do not depend on what else the machine does; wall time does and is only used in
ratios of alternating runs.
"""
import dataclasses
import os
import signal
import subprocess
import tempfile
import time


@dataclasses.dataclass
class Cost:
    user: float  # CPU seconds
    system: float  # CPU seconds
    wall: float  # seconds
    peak_mib: float  # largest resident set of one process
    exit: int
    requests: dict = dataclasses.field(default_factory=dict)  # seen by the server, per operation
    handshakes: int = 0
    bytes_in: int = 0
    bytes_out: int = 0

    @property
    def cpu(self):
        return self.user + self.system


class Failed(Exception):
    """The client ended with an error; its last words are the message."""


def run(command, env, timeout=3600, cwd=None):
    """Runs `command` (a list) to its end. Raises Failed on a non-zero exit or after `timeout` s."""
    with tempfile.TemporaryFile() as output:
        start = time.monotonic()
        process = subprocess.Popen([str(word) for word in command], env=env, cwd=cwd, stdin=subprocess.DEVNULL,
                                   stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
        previous = signal.signal(signal.SIGALRM, lambda *_: os.killpg(process.pid, signal.SIGKILL))
        signal.alarm(timeout)
        try:
            _, status, usage = os.wait4(process.pid, 0)
        finally:
            signal.alarm(0)
            signal.signal(signal.SIGALRM, previous)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        cost = Cost(usage.ru_utime, usage.ru_stime, wall, usage.ru_maxrss / 1024, process.returncode)
        if cost.exit != 0:
            output.seek(0, os.SEEK_END)
            output.seek(max(0, output.tell() - 2000))
            raise Failed(f"{' '.join(map(str, command))}: exit {cost.exit}\n{output.read().decode(errors='replace')}")
        return cost
