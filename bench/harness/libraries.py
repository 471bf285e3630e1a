"""The local trees that the workloads move: random, incompressible bytes; made once, kept."""
import math
import os
import pathlib
import random
import shutil

MIB = 1 << 20
# Older than any object: no client takes a file for changed because it is newer.
LONG_AGO = 1_600_000_000


def _write(path, size, rng):
    with open(path, "wb") as f:
        left = size
        while left > 0:
            piece = rng.randbytes(min(left, 4 * MIB))
            f.write(piece)
            left -= len(piece)
    os.utime(path, (LONG_AGO, LONG_AGO))


def _make(folder, files, seed):
    """files: an iterable of (relative path, size). A finished tree is recognised by its mark."""
    mark = folder.with_suffix(".made")
    if mark.exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    rng = random.Random(seed)
    made = None
    for name, size in files:
        path = folder / name
        if path.parent != made:
            path.parent.mkdir(parents=True, exist_ok=True)
            made = path.parent
        _write(path, size, rng)
    os.sync()  # what is dirty now would be written back during the first runs
    mark.touch()
    return folder


def large(base, mib):
    """1 GiB files, and what is left over."""
    sizes = [1024] * (mib // 1024) + ([mib % 1024] if mib % 1024 else [])
    return _make(base / f"large-{mib}", ((f"mix {i}.wav", size * MIB) for i, size in enumerate(sizes)), 1)


def music(base, count):
    """Log-normal between 3 and 60 MiB, median 11 MiB, as in real libraries."""
    rng = random.Random(2)
    sizes = [int(min(60, max(3, rng.lognormvariate(math.log(11), 0.7))) * MIB) for _ in range(count)]
    return _make(base / f"music-{count}",
                 ((f"genre {i % 20}/Artist {i} - Title.mp3", size) for i, size in enumerate(sizes)), 3)


def equal(base, count, size):
    """Files of one size, 100 per folder."""
    return _make(base / f"equal-{count}-{size}", ((f"d{i // 100:05}/f{i:07}.bin", size) for i in range(count)), 4)


def _name(i, per_folder):
    # As s3-test-server --synthetic makes them.
    return f"d{i // per_folder:06}/track {i:08}.mp3" if per_folder else f"track {i:08}.mp3"


def names(base, count, per_folder=50):
    """Empty files: only the names matter."""
    return _make(base / f"names-{count}-{per_folder}", ((_name(i, per_folder), 0) for i in range(count)), 5)


def changed(base, count):
    """The same names, but 1 % of the files have grown and 0.5 % are new."""
    def entries():
        for i in range(count):
            yield _name(i, 50), 100 if i % 100 == 50 else 0
            if i % 200 == 150:
                yield _name(i, 50).replace("track", "track new"), 100
    return _make(base / f"changed-{count}", entries(), 6)


def changes(count):
    """How many uploads changed() asks for."""
    return sum(1 for i in range(count) if i % 100 == 50) + sum(1 for i in range(count) if i % 200 == 150)


def awkward(base, count):
    """Names whose order is easily got wrong: neighbours of `/`, four-byte UTF-8, long common prefixes."""
    odd = ["a!", "a#", "a b", "a-b", "a.bc", "a.b/c", "a/b", "a0", "a0~", "A", "é", "e\u0301x", "日本/曲", "😀/🎵.mp3",
           "\uff5e", "\uffee/x", "100%", "plus+plus", "a&b=c;d?e", "'quoted' \"twice\"", "tilde~"]
    prefix = "/".join(["p" * 66] * 3)  # 200 bytes
    def entries():
        for name in odd:
            yield name, 0
        for i in range(count):
            yield f"flat/{i:08}", 0
        for i in range(count // 10):
            yield f"{prefix}/{i:07}", 0
            yield f"{prefix}.x/{i:07}", 0
    return _make(base / f"awkward-{count}", entries(), 7)


def xml(base, mib):
    """A rekordbox export of about this size in a folder of its own."""
    folder = base / f"xml-{mib}"
    mark = folder.with_suffix(".made")
    if mark.exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    track = ('    <TRACK TrackID="{i}" Name="Some Track &amp; Title {i}" Artist="Artist {i}" Composer="" Album="Album" '
             'Grouping="" Genre="House" Kind="MP3 File" Size="11400000" TotalTime="285" DiscNumber="0" TrackNumber="1" '
             'Year="2024" AverageBpm="124.00" DateAdded="2024-05-01" BitRate="320" SampleRate="44100" Comments="" '
             'PlayCount="3" Rating="0" Location="file://localhost/Volumes/USB/DJ%20Music/House/Artist%20{i}%20-%20Title.mp3" '
             'Remixer="" Tonality="8A" Label="" Mix="">\n      <TEMPO Inizio="0.025" Bpm="124.00" Metro="4/4" Battito="1"/>\n'
             '      <POSITION_MARK Name="" Type="0" Start="0.025" Num="-1"/>\n    </TRACK>\n')
    count = mib * MIB // len(track.format(i=1234567))
    with open(folder / "rekordbox.xml", "w", encoding="utf-8", newline="\n") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?>\n\n<DJ_PLAYLISTS Version="1.0.0">\n'
                  '  <PRODUCT Name="rekordbox" Version="6.8.2" Company="AlphaTheta"/>\n'
                  f'  <COLLECTION Entries="{count}">\n')
        for i in range(count):
            out.write(track.format(i=i))
        out.write('  </COLLECTION>\n  <PLAYLISTS>\n    <NODE Type="0" Name="ROOT" Count="0">\n    </NODE>\n'
                  '  </PLAYLISTS>\n</DJ_PLAYLISTS>\n')
    mark.touch()
    return folder


def same(a, b):
    """True when both trees hold the same names and bytes."""
    left, right = (sorted(os.path.relpath(path, tree) for path, _ in files(tree)) for tree in (a, b))
    return left == right and all(same_file(os.path.join(a, name), os.path.join(b, name)) for name in left)


def same_file(a, b):
    with open(a, "rb") as x, open(b, "rb") as y:
        while True:
            one, two = x.read(MIB), y.read(MIB)
            if one != two:
                return False
            if not one:
                return True


def files(folder):
    """All files below as (path, size)."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from files(entry.path)
            else:
                yield entry.path, entry.stat(follow_symlinks=False).st_size


def warm(folder):
    """Reads everything once, so that every client starts with a hot cache; gives the number of files and
    of their bytes."""
    count = total = 0
    for path, size in files(folder):
        count, total = count + 1, total + size
        if size:
            with open(path, "rb") as f:
                while f.read(4 * MIB):
                    pass
    return count, total


def forget(folder):
    """Takes every file out of the page cache."""
    for path, _ in files(folder):
        with open(path, "rb") as f:
            os.posix_fadvise(f.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def touch_memory(scratch, tree):
    """Grows the page cache by what the tree will take, so that no run pays for memory that the machine
    has never touched (in a guest that costs 1–2 CPU-s/GB, performance.md 0.4)."""
    path = pathlib.Path(scratch) / "touched"
    piece = bytes(8 * MIB)
    with open(path, "wb") as f:
        for _ in range(sum(size for _, size in files(tree)) // len(piece) + 1):
            f.write(piece)
    path.unlink()
