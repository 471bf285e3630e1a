"""Folders of many small files that a run is done with: moved away, and deleted when the whole bench has ended.

For minutes ext4 searches past every inode that was deleted (recently_deleted() in fs/ext4/ialloc.c), so a client that
creates files would pay for those of the one before it: 10,000 downloads took three to six times the system time.
"""
import pathlib
import shutil
import tempfile


def put_away(folder, work):
    if folder.exists():
        (work / "trash").mkdir(exist_ok=True)
        folder.rename(pathlib.Path(tempfile.mkdtemp(dir=work / "trash")) / folder.name)


def empty(work):
    shutil.rmtree(work / "trash", ignore_errors=True)
