"""Prepares, runs and verifies one workload with one tool after the other.

| way | before each run | verified by |
|---|---|---|
| up | an empty server | downloading again, every byte |
| down | an empty folder; the bucket was filled once | every byte |
| noop | a server with the same (synthetic) names | the server saw no write |
| first | a server with (synthetic) names, an empty folder | the server saw enough LISTs and the folder is still empty |
| incremental | a server with the old names | the number of writes |
| awkward | an empty server, filled by ourselves | a second run writes nothing; names downloaded again |
| xml | – | rewriting back gives the same bytes |
"""
import pathlib
import shutil

from . import libraries, servers, tools, trash
from .measure import Failed

PREFIX = "seed"
WRITES = ("PutObject", "CreateMultipartUpload", "CopyObject", "DeleteObject", "DeleteObjects")


class Runner:
    def __init__(self, workload, tree, size, binaries, work, meter, seeder, minio):
        self.workload, self.tree, self.size, self.binaries = workload, tree, size, binaries
        self.work, self.meter, self.seeder, self.minio = work, meter, seeder, minio
        self.server = None
        self.target = work / "scratch" / "target"
        self.filled = False
        self.runs = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._stop()
        shutil.rmtree(self.work / "scratch", ignore_errors=True)

    def _stop(self):
        if self.server:
            self.server.stop()
        self.server = None
        self.filled = False

    def _start(self):
        self._stop()
        synthetic = self.workload.synthetic(self.size, PREFIX, servers.BUCKET)
        server = servers.TestServer(self.binaries / "s3-test-server", self.work / "scratch/server", *synthetic,
                                    *self.workload.conditions)
        if self.workload.server == "minio":
            server.stop()  # only its certificates were wanted
            server = servers.Minio(self.minio, self.work / "scratch/minio", server.folder)
        self.server = server

    def _environment(self, tool):
        return tool.environment(self.server, self.work / "scratch/homes" / tool.label.replace(" ", "-"))

    def _quietly(self, command):
        """What only prepares or verifies; by our own tool, with time enough."""
        self.meter.run(command, self._environment(self.seeder), 3600)

    def _measured(self, tool, command):
        if self.workload.cold:
            libraries.forget(self.tree)
            libraries.touch_memory(self.work / "scratch", self.tree)
        self.server.reset()
        cost = self.meter.run(command, self._environment(tool), self.workload.limit)
        seen = self.server.counters()
        if seen:
            cost.requests, cost.first_ms = seen["requests"], seen["first_ms"]
            for name in ("connections", "handshakes", "bytes_in", "bytes_out"):
                setattr(cost, name, seen[name])
        return cost

    def run(self, tool):
        """One run. Raises Failed, also where the result is wrong."""
        self.runs += 1
        self._clear_target()
        self.target.mkdir(parents=True)
        try:
            return getattr(self, self.workload.way)(tool)
        finally:
            self._clear_target()

    def _clear_target(self):
        trash.put_away(self.target, self.work, emptied=self.workload.unit != "objects")

    def up(self, tool):
        prefix = PREFIX
        if self.workload.server == "minio" and self.server:
            prefix = f"up-{self.runs}"
        else:
            self._start()
        cost = self._measured(tool, tool.upload(self.server, self.tree, prefix))
        self._quietly(self.seeder.download(self.server, prefix, self.target))
        self._compare()
        return cost

    def down(self, tool):
        self._fill()
        cost = self._measured(tool, tool.download(self.server, PREFIX, self.target))
        self._compare()
        return cost

    def noop(self, tool):
        if self.workload.keys:
            self._start()
        else:
            self._fill()
        cost = self._measured(tool, tool.sync_up(self.server, self.tree, PREFIX))
        if writes := self._writes(cost):
            raise Failed(f"wrote {writes} objects although nothing had changed")
        return cost

    def first(self, tool):
        self._start()
        cost = self._measured(tool, tool.first_look(self.server, PREFIX, self.target))
        pages = -(-self.workload.count(self.size) // 1000)
        if (lists := cost.requests.get("ListObjectsV2", 0)) < pages or any(self.target.iterdir()):
            raise Failed(f"a dry run that made {lists} LISTs for {pages} pages, or wrote something")
        return cost

    def incremental(self, tool):
        self._start()
        cost = self._measured(tool, tool.sync_up(self.server, self.tree, PREFIX))
        wanted = libraries.changes(self.workload.count(self.size))
        if (writes := self._writes(cost)) != wanted:
            raise Failed(f"wrote {writes} objects instead of {wanted}")
        return cost

    def awkward(self, tool):
        self._start()
        self._quietly(self.seeder.upload(self.server, self.tree, PREFIX))
        cost = self._measured(tool, tool.sync_up(self.server, self.tree, PREFIX))
        if writes := self._writes(cost):
            raise Failed(f"{writes} names were not recognised as the same")
        self._quietly(self.seeder.download(self.server, PREFIX, self.target))
        self._compare()
        return cost

    def xml(self, tool):
        source, there, back = self.tree / "rekordbox.xml", self.target / "there.xml", self.target / "back.xml"
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.target)}
        cost = self.meter.run(tool.rewrite(source, there, "/Volumes/USB", "E:/"), environment, self.workload.limit)
        if isinstance(tool, tools.BareExpat):
            return cost  # it only reads
        self.meter.run(tool.rewrite(there, back, "E:/", "/Volumes/USB"), environment, self.workload.limit)
        if libraries.same_file(source, there) or not libraries.same_file(source, back):
            raise Failed("rewriting there and back did not give the same bytes")
        return cost

    def _fill(self):
        if not self.filled:
            self._start()
            self._quietly(self.seeder.upload(self.server, self.tree, PREFIX))
            libraries.touch_memory(self.work / "scratch", self.tree)
            self.filled = True

    def _writes(self, cost):
        return sum(cost.requests.get(name, 0) for name in WRITES)

    def _compare(self):
        if not libraries.same(self.tree, self.target):
            raise Failed("what arrived is not what was sent")
