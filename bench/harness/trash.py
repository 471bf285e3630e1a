"""Folders that a run is done with: moved away, and deleted when the whole bench has ended.

For minutes ext4 searches past every inode that was deleted (recently_deleted() in fs/ext4/ialloc.c), so a client that
creates files would pay for those of the one before it: 10,000 downloads took three to ten times the system time. What
an earlier bench deleted at its end is waited for.
"""
import os
import pathlib
import shutil
import tempfile
import time

# RECENTCY_MIN and RECENTCY_DIRTY of fs/ext4/ialloc.c, together.
REMEMBERED = 60 + 300  # seconds


def put_away(folder, work, emptied=False):
    """`emptied`: the names stay, and the bytes are given back to the disk."""
    if folder.exists():
        for path in folder.rglob("*") if emptied else ():
            if path.is_file() and not path.is_symlink():
                os.truncate(path, 0)
        (work / "trash").mkdir(exist_ok=True)
        folder.rename(pathlib.Path(tempfile.mkdtemp(dir=work / "trash")) / folder.name)


def empty(work):
    if (work / "trash").exists():
        shutil.rmtree(work / "trash", ignore_errors=True)
        (work / "emptied").touch()


def wait_until_forgotten(work):
    """Returns when ext4 does not look for what was last emptied any more."""
    try:
        left = (work / "emptied").stat().st_mtime + REMEMBERED - time.time()
    except FileNotFoundError:
        return
    if 0 < left <= REMEMBERED:
        print(f"   waiting {left:.0f} s, until ext4 has forgotten the files that were deleted", flush=True)
        time.sleep(left)
