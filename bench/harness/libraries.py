"""The local trees that the workloads move: random, incompressible bytes; made once, kept."""
import math
import os
import pathlib
import random
import shutil

MIB = 1 << 20


def _write(path, size, rng):
    with open(path, "wb") as f:
        left = size
        while left > 0:
            piece = rng.randbytes(min(left, 4 * MIB))
            f.write(piece)
            left -= len(piece)


def _make(folder, files, seed):
    """files: an iterable of (relative path, size). A finished tree is recognised by its mark."""
    mark = folder.with_suffix(".made")
    if mark.exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    rng = random.Random(seed)
    for name, size in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, size, rng)
    mark.touch()
    return folder


def large(base, gib):
    """1 GiB files."""
    return _make(pathlib.Path(base) / f"large-{gib}", ((f"mix {i}.wav", 1 << 30) for i in range(gib)), 1)


def music(base, count):
    """Log-normal between 3 and 60 MiB, median 11 MiB, as in real libraries."""
    rng = random.Random(2)
    sizes = [int(min(60, max(3, rng.lognormvariate(math.log(11), 0.7))) * MIB) for _ in range(count)]
    return _make(pathlib.Path(base) / f"music-{count}",
                 ((f"genre {i % 20}/Artist {i} - Title.mp3", size) for i, size in enumerate(sizes)), 3)


def small(base, count, size=10 * 1024):
    """Files of one size, 100 per folder."""
    return _make(pathlib.Path(base) / f"small-{count}-{size}",
                 ((f"d{i // 100:05}/f{i:07}.bin", size) for i in range(count)), 4)


def names(base, count):
    """Empty files, 50 per folder: only the names matter."""
    return _make(pathlib.Path(base) / f"names-{count}", ((f"d{i // 50:06}/track {i:08}.mp3", 0) for i in range(count)), 5)


def same(a, b):
    """True when both trees hold the same names and bytes."""
    left = sorted(os.path.relpath(os.path.join(d, f), a) for d, _, fs in os.walk(a) for f in fs)
    right = sorted(os.path.relpath(os.path.join(d, f), b) for d, _, fs in os.walk(b) for f in fs)
    if left != right:
        return False
    for name in left:
        with open(os.path.join(a, name), "rb") as x, open(os.path.join(b, name), "rb") as y:
            while True:
                one, two = x.read(MIB), y.read(MIB)
                if one != two:
                    return False
                if not one:
                    break
    return True


def touch_page_cache(folder):
    """Reads everything once, so that every client starts with a hot cache."""
    for base, _, files in os.walk(folder):
        for name in files:
            with open(os.path.join(base, name), "rb") as f:
                while f.read(4 * MIB):
                    pass
