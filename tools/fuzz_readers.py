#!/usr/bin/env python3
"""Read damaged documents: seeded bit flips, cuts and splices of every file in tests/documents/.

    python tools/fuzz_readers.py [--count 500] [--seed 1] [FILE ...]

Each must be read or refused in words, within five seconds of processor time.  Prints, for each file, how many were read and
refused, the longest time and the most memory of the process so far; a failure ends with the mutation saved to a file.
"""
from __future__ import annotations

import argparse
import io
import random
import resource
import signal
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from artifactscan.readers import Unreadable, read_bytes

DOCUMENTS = Path(__file__).parents[1] / "tests" / "documents"
LONGEST = 5.0  # seconds of the processor
RARE = (b"\0", b"\xff", b"<", b"&", b"]]>", b"{", b"}", b"$", b"`", b"%", b"-->", b"\\begin{", b"endobj", b"stream\n", b"PK\x03\x04", b"<!ENTITY x 'x'>", b"\r\n\r\n", b"> ", b"9" * 20)


def mutations(raw: bytes, seed: int) -> Iterator[bytes]:
    """Damaged copies without end, the same for the same seed; of a zipped document every other time a member is damaged."""
    dice = random.Random(seed)
    while True:
        yield _in_archive(raw, dice) if raw.startswith(b"PK") and dice.randrange(2) else _damaged(raw, dice)


def _damaged(raw: bytes, dice: random.Random) -> bytes:
    damaged = bytearray(raw)
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        kind, at, other = dice.randrange(5), dice.randrange(len(damaged) + 1), dice.randrange(len(damaged) + 1)
        low, high = min(at, other), max(at, other)
        if kind == 0 and at < len(damaged):
            damaged[at] ^= 1 << dice.randrange(8)
        elif kind == 1:
            del damaged[low : min(high, low + dice.choice((1, 16, 400, len(raw))))]
        elif kind == 2:
            damaged[at:at] = damaged[low : min(high, low + 2000)] * dice.choice((1, 1, 3))
        elif kind == 3:
            damaged[at:at] = dice.choice(RARE) * dice.choice((1, 1, 2, 50))
        else:
            damaged[low : low + 8] = bytes(dice.randrange(256) for _ in range(8))
    return bytes(damaged)


def _in_archive(raw: bytes, dice: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as whole, zipfile.ZipFile(out, "w") as copy:
        chosen = dice.choice(whole.namelist())
        for name in whole.namelist():
            copy.writestr(name, _damaged(whole.read(name), dice) if name == chosen or "document.xml" in name else whole.read(name))
    return out.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, default=sorted(DOCUMENTS.iterdir()))
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    for path in args.files:
        counts = {True: 0, False: 0}
        longest = 0.0
        for _, raw in zip(range(args.count), mutations(path.read_bytes(), args.seed), strict=False):
            start = time.process_time()
            signal.setitimer(signal.ITIMER_PROF, LONGEST)
            try:
                read_bytes(raw, path.name)
                counts[True] += 1
            except Unreadable:
                counts[False] += 1
            except BaseException:
                Path(f"failed{path.suffix}").write_bytes(raw)
                raise
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
            longest = max(longest, time.process_time() - start)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        print(f"{path.name:20} {counts[True]:4} read, {counts[False]:4} refused, at most {longest:.2f} s, {memory} MB", flush=True)


def _too_long(*_: object) -> None:
    sys.exit("fuzz_readers: longer than five seconds")


if __name__ == "__main__":
    signal.signal(signal.SIGPROF, _too_long)
    main()
