#!/usr/bin/env python3
"""The large proofs: a real-sized library against MinIO and Versity Gateway over TLS.

Too big for every push, so it is not part of `./run test`; run it by hand before a release:

    ./run build && python3 tests/acceptance/acceptance.py            # everything, about 45 GiB of disk
    python3 tests/acceptance/acceptance.py library --server minio    # one proof, one server

Proofs
  library   2,000 files, 3 GB, up and down into another folder; trees identical (bytes, names,
            times to 2 s); a second run in either direction makes LIST requests only
  extremes  one file of 6 GiB, one of 0 bytes and odd names, both ways
  xml       a 2 GiB rekordbox XML through `rewrite-xml`, there and back, byte-identical

Each prints peak memory of the client (wait4), and fails where a limit of the project is exceeded.
Needs the release build, MinIO and versitygw (`./run test` puts them into the cache folder).
"""
import argparse
import hashlib
import json
import os
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BEATSYNC = ROOT / "build/release/bin/beatsync"
CACHE = pathlib.Path(os.environ.get("BEATSYNC_CACHE", pathlib.Path.home() / ".cache/beatsync")) / "bin"
KEY, SECRET = "acceptance", "acceptance-secret"
MIB = 1 << 20


def fail(text):
    sys.exit(f"FAILED: {text}")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def certificates(folder):
    """A throwaway CA and a certificate for 127.0.0.1, named as MinIO wants them."""
    folder.mkdir()
    run = lambda *a: subprocess.run(["openssl", *a], cwd=folder, check=True, capture_output=True)
    run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=beatsync acceptance CA",
        "-addext", "basicConstraints=critical,CA:TRUE")
    run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
        "-keyout", "private.key", "-out", "server.csr", "-subj", "/CN=127.0.0.1")
    (folder / "ext").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
    run("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
        "-days", "2", "-extfile", "ext", "-out", "public.crt")


class Server:
    def __init__(self, kind, work):
        self.kind, self.port = kind, free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        certs = work / "certs"
        if not certs.exists():
            certificates(certs)
        self.ca = certs / "ca.pem"
        data = work / f"{kind}-data"
        env = dict(os.environ, MINIO_ROOT_USER=KEY, MINIO_ROOT_PASSWORD=SECRET,
                   ROOT_ACCESS_KEY=KEY, ROOT_SECRET_KEY=SECRET)
        if kind == "minio":
            clean = work / "minio-certs"
            if not clean.exists():
                clean.mkdir()
                for name in ("public.crt", "private.key"):
                    shutil.copy(certs / name, clean / name)
            command = [CACHE / "minio", "server", data, "--address", f"127.0.0.1:{self.port}",
                       "--certs-dir", clean, "--quiet"]
        else:
            (data / "root").mkdir(parents=True, exist_ok=True)
            (data / "sidecar").mkdir(exist_ok=True)
            command = [CACHE / "versitygw", "--port", f"127.0.0.1:{self.port}", "--cert",
                       certs / "public.crt", "--key", certs / "private.key", "posix", "--sidecar",
                       data / "sidecar", data / "root"]
        self.log = open(work / f"{kind}.log", "w")
        self.process = subprocess.Popen(list(map(str, command)), env=env, stdout=self.log,
                                        stderr=subprocess.STDOUT)
        for _ in range(150):
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
            time.sleep(0.2)
        else:
            fail(f"{kind} did not start, see {self.log.name}")
        time.sleep(1)

    def stop(self):
        self.process.terminate()
        self.process.wait()


def make_bucket(server, name):
    """CreateBucket, signed by hand: the project itself never creates buckets."""
    import datetime
    import hmac
    import ssl
    import urllib.request
    now = datetime.datetime.now(datetime.timezone.utc)
    date, stamp = now.strftime("%Y%m%d"), now.strftime("%Y%m%dT%H%M%SZ")
    empty = hashlib.sha256(b"").hexdigest()
    host = f"127.0.0.1:{server.port}"
    headers = {"host": host, "x-amz-content-sha256": empty, "x-amz-date": stamp}
    signed = ";".join(headers)
    canonical = "\n".join(["PUT", f"/{name}", "", *(f"{k}:{v}" for k, v in headers.items()), "", signed, empty])
    scope = f"{date}/us-east-1/s3/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + SECRET).encode()
    for part in (date, "us-east-1", "s3", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    headers["Authorization"] = (f"AWS4-HMAC-SHA256 Credential={KEY}/{scope}, SignedHeaders={signed}, "
                                f"Signature={signature}")
    request = urllib.request.Request(f"{server.url}/{name}", method="PUT", headers=headers)
    urllib.request.urlopen(request, context=ssl.create_default_context(cafile=server.ca)).read()


def beatsync(server, *arguments, expect=0):
    """Runs the binary; returns (stdout, stderr, wall s, CPU s, peak MiB)."""
    env = {"PATH": os.environ["PATH"], "HOME": os.environ["WORK_HOME"], "AWS_ACCESS_KEY_ID": KEY,
           "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1"}
    if server:
        arguments = (*arguments, "--endpoint-url", server.url, "--ca-bundle", str(server.ca))
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.monotonic()
        process = subprocess.Popen([str(BEATSYNC), *map(str, arguments)], env=env, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), err.seek(0)
        stdout, stderr = out.read().decode(), err.read().decode()
    if process.returncode != expect:
        fail(f"{' '.join(map(str, arguments))}: exit {process.returncode}\n{stdout[-2000:]}\n{stderr[-4000:]}")
    return stdout, stderr, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def write_random(path, size, rng):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as f:
        left = size
        while left > 0:
            piece = rng.randbytes(min(left, 4 * MIB))
            f.write(piece)
            left -= len(piece)


def digest(path):
    h = hashlib.blake2b()
    with open(path, "rb") as f:
        while piece := f.read(4 * MIB):
            h.update(piece)
    return h.hexdigest()


def tree(folder):
    found = {}
    root = os.fsencode(folder)
    for base, _, names in os.walk(root):
        for name in names:
            path = os.path.join(base, name)
            info = os.stat(path)
            found[os.path.relpath(path, root)] = (info.st_size, digest(path), info.st_mtime)
    return found


def compare(a, b, what):
    one, two = tree(a), tree(b)
    if one.keys() != two.keys():
        fail(f"{what}: names differ: {list(one.keys() ^ two.keys())[:10]}")
    for name, (size, hash_, mtime) in one.items():
        if two[name][:2] != (size, hash_):
            fail(f"{what}: bytes of {name} differ")
        if abs(two[name][2] - mtime) > 2:
            fail(f"{what}: time of {name} differs: {mtime} {two[name][2]}")
    print(f"   trees identical: {len(one)} files (bytes, names, times)")


def only_lists(stdout, stderr, what):
    """The last line of --json is the total; -v names every request on stderr."""
    summary = json.loads(stdout.strip().splitlines()[-1])
    if summary["planned"] or summary["done"]:
        fail(f"{what}: the second run planned {summary['planned']} items")
    requests = [line for line in stderr.splitlines() if any(m in line for m in (" GET ", " PUT ", " POST ", " HEAD ", " DELETE "))]
    others = [line for line in requests if "list-type=2" not in line]
    if others or not requests:
        fail(f"{what}: the second run sent more than LISTs: {others[:5]} ({len(requests)} requests)")
    print(f"   second run, {what}: {len(requests)} LIST requests, nothing else")


def there_and_back(server, work, source, title, limit_mib):
    bucket = f"{title}-{int(time.time())}"
    make_bucket(server, bucket)
    up = ("upload_music", "--bucket-url", f"s3://{bucket}", "--user", "acceptance", "--usb-path", source)
    target = work / "back"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    down = ("download_music", "--bucket-url", f"s3://{bucket}", "--user", "acceptance", "--usb-path", target)
    size = sum(f.stat().st_size for f in (source / "DJ Music").rglob("*") if f.is_file())
    for label, command in (("upload", up), ("download", down)):
        _, _, wall, cpu, peak = beatsync(server, *command)
        print(f"   {label}: {wall:.1f} s wall, {cpu:.1f} CPU-s ({cpu / (size / 1e9):.2f} per GB), peak {peak:.1f} MiB")
        if peak > limit_mib:
            fail(f"peak memory {peak:.1f} MiB, limit {limit_mib}")
    compare(source / "DJ Music", target / "DJ Music", "after the download")
    for label, command in (("upload", up), ("download", down)):
        stdout, stderr, *_ = beatsync(server, *command, "--json", "-v")
        only_lists(stdout, stderr, label)
    shutil.rmtree(target)


def library(server, work):
    source = work / "library"
    if not source.exists():
        rng = random.Random(7)
        # Real libraries: MP3 median 11 MB, WAV 50 MB; scaled so that 2,000 files make 3 GB.
        sizes = [int(min(60 * MIB, rng.lognormvariate(0, 0.9) * MIB)) for _ in range(2000)]
        scale = 3e9 / sum(sizes)
        for i, size in enumerate(sizes):
            path = source / "DJ Music" / f"user{i % 3}" / f"genre {i % 17}" / f"2026-0{i % 9 + 1}" / f"Artist {i} - Title.mp3"
            write_random(path, max(1, int(size * scale)), rng)
            os.utime(path, (1.5e9 + i * 3600.25,) * 2)
    there_and_back(server, work, source, "library", 128)


ODD = ["blank name.mp3", " leading and trailing ", "hash#percent%plus+amp&question?.mp3", "100%.mp3", "%41.mp3",
       "quote'double\".mp3", "emoji \U0001f3a7.flac", "nfc caf\u00e9.mp3", "nfd cafe\u0301 2.mp3", ".hidden.mp3",
       "..twodots.mp3", "back\\slash.mp3", "tab\there.mp3", "new\nline.mp3", "x" * 251 + ".mp3", "semi;colon=,@:!$()*~.mp3",
       "\u65e5\u672c\u8a9e/\u30c8\u30e9\u30c3\u30af.wav", "a.mp3", "a/b.mp3", "a b/c.mp3", "a-/d.mp3"]


def extremes(server, work):
    source = work / "extremes"
    if not source.exists():
        rng = random.Random(11)
        music = source / "DJ Music"
        write_random(music / "six gib.wav", 6 << 30, rng)
        write_random(music / "empty.mp3", 0, rng)
        for i, name in enumerate(ODD):
            write_random(music / "odd" / name, 1000 + i, rng)
    there_and_back(server, work, source, "extremes", 128)


def xml(_, work):
    big, out, back = work / "big.xml", work / "out.xml", work / "back.xml"
    if not big.exists():
        track = ('    <TRACK TrackID="{0}" Name="Track {0} &amp; friends" Artist="Artist" Kind="MP3 File"\r\n'
                 '           Size="11534336" TotalTime="361"\r\n'
                 '           Location="file://localhost/Volumes/NO%20NAME/DJ%20Music/x/track%20{0}.mp3">\r\n'
                 '      <TEMPO Inizio="0.025" Bpm="128.00" Metro="4/4" Battito="1"/>\r\n    </TRACK>\r\n')
        with open(big, "w", newline="") as f:
            f.write('<?xml version="1.0" encoding="UTF-8"?>\r\n\r\n<DJ_PLAYLISTS Version="1.0.0">\r\n  <COLLECTION Entries="1">\r\n')
            i = 0
            while f.tell() < (2 << 30):
                f.write("".join(track.format(n) for n in range(i, i + 10000)))
                i += 10000
            f.write("  </COLLECTION>\r\n</DJ_PLAYLISTS>\r\n")
    for source, target, a, b in ((big, out, "/Volumes/NO NAME", "E:/USB 1"), (out, back, "E:/USB 1", "/Volumes/NO NAME")):
        _, _, wall, cpu, peak = beatsync(None, "rewrite-xml", source, target, "--from", a, "--to", b)
        print(f"   rewrite {a} -> {b}: {wall:.1f} s, {(2 << 30) / 1e6 / cpu:.0f} MB per CPU-s, peak {peak:.1f} MiB")
        if peak > 32:
            fail(f"peak memory {peak:.1f} MiB, limit 32")
    if digest(big) != digest(back) or digest(big) == digest(out):
        fail("rewriting back did not restore the file")
    print("   rewriting back restores the file byte for byte")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("proof", nargs="*", choices=["library", "extremes", "xml", []], default=[])
    parser.add_argument("--server", choices=["minio", "versity"])
    parser.add_argument("--work", default=str(ROOT / "build/acceptance"), help="scratch folder, kept between runs")
    options = parser.parse_args()
    work = pathlib.Path(options.work)
    work.mkdir(parents=True, exist_ok=True)
    os.environ["WORK_HOME"] = str(work)
    for name in options.proof or ["xml", "library", "extremes"]:
        for kind in [None] if name == "xml" else [options.server] if options.server else ["minio", "versity"]:
            print(f"== {name}{' on ' + kind if kind else ''}", flush=True)
            server = Server(kind, work) if kind else None
            try:
                globals()[name](server, work)
            finally:
                if server:
                    server.stop()
                    shutil.rmtree(work / f"{kind}-data", ignore_errors=True)
    print("all proofs hold")


if __name__ == "__main__":
    main()
