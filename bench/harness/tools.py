"""The clients: beatsync and its peers, each with default and with tuned settings.

A tool offers `upload(server, folder, prefix)`, `download(server, prefix, folder)` and
`sync_up(server, folder, prefix)` (where most names are there already) and
`first_look(server, prefix, folder)` (a download that only says what it would do), each of which gives a command
line; `environment(server, home)` gives its environment. `None` instead of one: it cannot do that.
"""
import pathlib
import shutil
import subprocess

from .servers import ACCESS_KEY, BUCKET, SECRET_KEY


class Tool:
    name = ""
    variants = ("default",)
    asks_version = ("--version",)

    def __init__(self, binary, variant="default"):
        self.binary, self.variant = pathlib.Path(binary), variant

    @property
    def label(self):
        return self.name if self.variant == "default" else f"{self.name} ({self.variant})"

    def version(self):
        said = subprocess.run([self.binary, *self.asks_version], capture_output=True, text=True, timeout=60, check=False)
        lines = (said.stdout + said.stderr).strip().splitlines()
        return lines[0] if lines else "?"

    def environment(self, server, home):
        home = pathlib.Path(home)
        home.mkdir(parents=True, exist_ok=True)
        return {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(home), "AWS_ACCESS_KEY_ID": ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
                "AWS_EC2_METADATA_DISABLED": "true", "SSL_CERT_FILE": str(server.ca), "AWS_CA_BUNDLE": str(server.ca)}

    def sync_up(self, server, folder, prefix):
        return self.upload(server, folder, prefix)


class Beatsync(Tool):
    name = "beatsync"
    variants = ("default", "no fsync")  # downloads only: the peers do not fsync

    def flags(self, server):
        return ["--endpoint-url", server.url, "--quiet", *(["--no-fsync"] if self.variant == "no fsync" else [])]

    def upload(self, server, folder, prefix):
        return [self.binary, "sync", folder, f"s3://{BUCKET}/{prefix}", *self.flags(server)]

    def download(self, server, prefix, folder):
        return [self.binary, "sync", f"s3://{BUCKET}/{prefix}", folder, *self.flags(server)]

    def first_look(self, server, prefix, folder):
        return [*self.download(server, prefix, folder), "--dry-run"]

    def rewrite(self, source, target, old, new):
        return [self.binary, "rewrite-xml", source, target, "--from", old, "--to", new]


class NewerOpenssl(Beatsync):
    """The same source with an OpenSSL that has AES-GCM for VAES (3.1 and later; Debian 13 brings 3.5)."""
    variants = ("OpenSSL 3.6",)


class BareExpat(Tool):
    """The floor of a rewrite, in turns with it: one that drifts with the machine would decide the row."""
    name = "bare expat"

    def rewrite(self, source, _target, _old, _new):
        return [self.binary, "expat", source]


class S5cmd(Tool):
    name = "s5cmd"
    variants = ("default", "tuned")
    asks_version = ("version",)

    def start(self, server):
        # 256 workers are too many for two cores, and idle connections beyond two are thrown away.
        tuned = ["--numworkers", "16"] if self.variant == "tuned" else []
        return [self.binary, "--endpoint-url", server.url, "--log", "error", *tuned]

    def upload(self, server, folder, prefix):
        return [*self.start(server), "sync", f"{folder}/", f"s3://{BUCKET}/{prefix}/"]

    def download(self, server, prefix, folder):
        return [*self.start(server), "sync", f"s3://{BUCKET}/{prefix}/*", f"{folder}/"]


class AwsCli(Tool):
    name = "aws-cli"
    variants = ("default", "tuned")

    def environment(self, server, home):
        env = super().environment(server, home)
        if self.variant == "tuned":
            config = pathlib.Path(home) / "aws-tuned"
            config.write_text("[default]\ns3 =\n  max_concurrent_requests = 16\n  multipart_chunksize = 16MB\n"
                              "  multipart_threshold = 16MB\n")
            env["AWS_CONFIG_FILE"] = str(config)
        return env

    def start(self, server):
        return [self.binary, "--endpoint-url", server.url, "s3", "sync", "--only-show-errors"]

    def upload(self, server, folder, prefix):
        return [*self.start(server), folder, f"s3://{BUCKET}/{prefix}"]

    def download(self, server, prefix, folder):
        return [*self.start(server), f"s3://{BUCKET}/{prefix}", folder]


class Rclone(Tool):
    name = "rclone"
    variants = ("default", "tuned")
    asks_version = ("version",)

    def environment(self, server, home):
        env = super().environment(server, home)
        del env["AWS_CA_BUNDLE"]  # rclone stops where this is set; --ca-cert serves it
        return env | {"RCLONE_CONFIG_B_TYPE": "s3", "RCLONE_CONFIG_B_PROVIDER": "Other", "RCLONE_CONFIG_B_ENV_AUTH": "true",
                      "RCLONE_CONFIG_B_ENDPOINT": server.url, "RCLONE_CONFIG_B_REGION": "us-east-1"}

    def command(self, server, source, target):
        tuned = ["--transfers", "16", "--checkers", "16", "--fast-list", "--s3-no-check-bucket"]
        return [self.binary, "copy", source, target, "--log-level", "ERROR", "--ca-cert", server.ca,
                *(tuned if self.variant == "tuned" else [])]

    def upload(self, server, folder, prefix):
        return self.command(server, folder, f"B:{BUCKET}/{prefix}")

    def download(self, server, prefix, folder):
        return self.command(server, f"B:{BUCKET}/{prefix}", folder)

    def sync_up(self, server, folder, prefix):
        # Without --size-only it would HEAD every object that another tool uploaded.
        return [*self.upload(server, folder, prefix), "--size-only"]


class S3sync(Tool):
    name = "s3sync"
    variants = ("default", "tuned")

    def side(self, server, side):
        return [f"--{side}-endpoint-url", server.url, f"--{side}-region", "us-east-1", f"--{side}-access-key", ACCESS_KEY,
                f"--{side}-secret-access-key", SECRET_KEY, f"--{side}-force-path-style",
                *(["--worker-size", "64"] if self.variant == "tuned" else [])]

    def upload(self, server, folder, prefix):
        return [self.binary, *self.side(server, "target"), folder, f"s3://{BUCKET}/{prefix}/"]

    def download(self, server, prefix, folder):
        # The test server's ETags are no MD5 (nobody has to make them); it would take them for broken files.
        return [self.binary, *self.side(server, "source"), "--disable-etag-verify", "--disable-multipart-verify",
                f"s3://{BUCKET}/{prefix}/", f"{folder}/"]


class Crt(Tool):
    """aws-c-s3 through awscrt.s3 in a loop of a few lines: the leanest way to use it."""
    name = "aws-c-s3"
    variants = ("default", "tuned")
    asks_version = ("-c", "import awscrt; print('awscrt', awscrt.__version__)")
    script = pathlib.Path(__file__).with_name("crt_client.py")
    sync_up = None  # it copies, it does not compare

    def start(self, server):
        # Its default aims at 10 Gbit/s with 25 connections; two cores are content with the least, 10.
        return [self.binary, self.script, server.url, server.ca, BUCKET, "4" if self.variant == "tuned" else "10"]

    def upload(self, server, folder, prefix):
        return [*self.start(server), "up", folder, prefix]

    def download(self, server, prefix, folder):
        return [*self.start(server), "down", prefix, folder]


def find_peers(folder, wanted):
    """The peers that ./run installed into `folder`, each in each of its variants, and who is missing."""
    packages = sorted(folder.glob("lib/python*/site-packages/s5cmd/bin/s5cmd"))
    places = [(S5cmd, packages[0] if packages else folder / "bin/s5cmd"), (Rclone, folder / "rclone-1.76.0/rclone"),
              (Crt, folder / "bin/python"), (S3sync, folder / "s3sync-1.62.4/bin/s3sync"), (AwsCli, folder / "bin/aws")]
    found, missing = [], []
    for kind, binary in places:
        if wanted and kind.name not in wanted:
            continue
        if not shutil.which(str(binary)) or (kind is Crt and not list(folder.glob("lib/python*/site-packages/awscrt"))):
            missing.append(kind.name)
            continue
        found += [kind(binary, variant) for variant in kind.variants]
    return found, missing
