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
        self.port = free_port()
        self.process = subprocess.Popen(
            [str(binary), "--port", str(self.port), "--memory", "--throwaway-tls", str(self.folder), "--access-key",
             ACCESS_KEY, "--secret-key", SECRET_KEY, "--bucket", BUCKET, "--fast-etags", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = self.process.stdout.readline()
        if "listening" not in line:
            raise RuntimeError(f"the test server did not start: {line!r}")
        self.url = f"https://127.0.0.1:{self.port}"
        self.ca = self.folder / "ca.pem"

    def counters(self):
        """What the server saw since it started."""
        trusted = ssl.create_default_context(cafile=self.ca)
        with urllib.request.urlopen(f"{self.url}/_s3-test-server/stats", context=trusted) as answer:
            return json.load(answer)

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
        self.port = free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        self.ca = certificates / "ca.pem"
        self.process = subprocess.Popen(
            [str(binary), "server", str(self.folder / "data"), "--address", f"127.0.0.1:{self.port}", "--certs-dir",
             str(certs), "--quiet"],
            env=dict(os.environ, MINIO_ROOT_USER=ACCESS_KEY, MINIO_ROOT_PASSWORD=SECRET_KEY),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(150):
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
            time.sleep(0.2)
        time.sleep(1)

    def counters(self):
        return {}

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
