"""The servers that the clients talk to, over TLS with a CA that all of them trust."""
import json
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import time
import urllib.request

ACCESS_KEY, SECRET_KEY, BUCKET = "benchmark-key", "benchmark-secret", "bench"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class TestServer:
    """s3-test-server in memory: lean, counts what it sees, injects latency and faults."""
    name = "test server"

    def __init__(self, binary, folder, *arguments):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(
            [str(binary), "--memory", "--throwaway-tls", str(self.folder), "--access-key", ACCESS_KEY, "--secret-key",
             SECRET_KEY, "--bucket", BUCKET, "--fast-etags", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening on "):
            self.stop()
            raise RuntimeError(f"the test server did not start: {line!r}")
        self.url = line.removeprefix("listening on ").strip()
        self.ca = self.folder / "ca.pem"

    def _ask(self, what):
        trusted = ssl.create_default_context(cafile=self.ca)
        with urllib.request.urlopen(f"{self.url}/_s3-test-server/{what}", context=trusted) as answer:
            return json.load(answer)

    def reset(self):
        self._ask("reset")

    def counters(self):
        """What the server saw since the last reset, without our own two questions."""
        seen = self._ask("stats")
        for name in ("handshakes", "connections"):
            seen[name] = max(0, seen[name] - 1)
        return seen

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Minio:
    """A real server, as a check that the ratios are not an artefact of the test server."""
    name = "MinIO"

    def __init__(self, binary, folder, certificates):
        self.folder = pathlib.Path(folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        certs = self.folder / "certs"
        certs.mkdir(parents=True)
        shutil.copy(certificates / "server.pem", certs / "public.crt")
        shutil.copy(certificates / "server.key", certs / "private.key")
        (self.folder / "data" / BUCKET).mkdir(parents=True)  # a folder of the drive is a bucket
        port = free_port()
        self.url = f"https://127.0.0.1:{port}"
        self.ca = certificates / "ca.pem"
        self.process = subprocess.Popen(
            [str(binary), "server", str(self.folder / "data"), "--address", f"127.0.0.1:{port}", "--certs-dir",
             str(certs), "--quiet"],
            env=dict(os.environ, MINIO_ROOT_USER=ACCESS_KEY, MINIO_ROOT_PASSWORD=SECRET_KEY),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._wait()

    def _wait(self):
        trusted = ssl.create_default_context(cafile=self.ca)
        for _ in range(150):
            try:
                urllib.request.urlopen(f"{self.url}/minio/health/ready", context=trusted, timeout=5).close()
                return
            except OSError:
                time.sleep(0.2)
        self.stop()
        raise RuntimeError("MinIO did not become ready")

    def reset(self):
        pass

    def counters(self):
        return {}

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
