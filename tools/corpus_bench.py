#!/usr/bin/env python3
"""Measure corpus mode: speed against the scanner alone, two processes against one, memory, and what a million documents leave open.

    python tools/corpus_bench.py speed [--text FILE] [--megabytes 40] [--ignore RULE]
    python tools/corpus_bench.py memory [--text FILE] [--megabytes 10 100 1000] [--ignore RULE]
    python tools/corpus_bench.py short [--documents 1000000] [--ignore RULE]

FILE is prose to make documents of (default: samples/clean_news.txt); --ignore, which repeats, leaves a rule out.  Seconds of the
processor are given beside those of the clock: on a machine with other work only they can be compared, and only clock seconds
of runs that were alone say what two processes gain.
"""
from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from artifactscan.corpus.run import run
from artifactscan.corpus.work import Settings, scanner_of
from artifactscan.model import Document

ROOT = Path(__file__).parents[1]
LENGTH = 5_000  # code points of a document


def documents(text: str, megabytes: float) -> Iterator[str]:
    """Pieces of the text, again and again, each time from another place."""
    size, start = 0, 0
    text += " "
    while size < megabytes * 1e6:
        piece = text[start : start + LENGTH]
        while len(piece) < LENGTH:
            piece += text[: LENGTH - len(piece)]
        yield piece
        size += len(piece)
        start = (start + 3_001) % len(text)


def written(path: Path, text: str, megabytes: float) -> Path:
    with open(path, "w", encoding="utf-8") as f:
        for number, piece in enumerate(documents(text, megabytes)):
            f.write(json.dumps({"id": f"d{number}", "date": f"20{number % 24:02}-01-01", "text": piece}) + "\n")
    return path


def processor() -> float:
    """Seconds of the processor that this process and its ended children have used."""
    return sum(u.ru_utime + u.ru_stime for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def timed(work: object) -> tuple[float, float]:
    """(clock, processor) seconds."""
    clock, cpu = time.perf_counter(), processor()
    work()  # type: ignore[operator]
    return time.perf_counter() - clock, processor() - cpu


def speed(text: str, megabytes: float, settings: Settings, scratch: Path) -> None:
    pieces = list(documents(text, megabytes))
    path = written(scratch / "in.jsonl", text, megabytes)
    scanner = scanner_of(settings)

    def alone() -> None:
        for number, piece in enumerate(pieces):
            scanner.scan(Document(str(number), piece))

    def corpus(processes: int, path: Path = path) -> None:
        run([str(path)], Path(tempfile.mkdtemp(dir=scratch)) / "out", settings=settings, processes=processes)

    one = written(scratch / "one.jsonl", text, 0.001)
    corpus(1, one)
    start = timed(lambda: corpus(1, one))[1]  # of one process, with its imports and tables
    print(f"{megabytes:,.0f} MB in documents of {LENGTH:,} code points; load {os.getloadavg()[0]:.1f}; {start:.2f} s of the processor to start a process, left out below")
    for _ in range(2):
        one_clock, one_cpu = timed(alone)
        seconds = {n: timed(lambda n=n: corpus(n)) for n in (1, 2)}
        print(f"scanner alone  {megabytes / one_clock:6.2f} MB/s of the clock, {megabytes / one_cpu:6.2f} MB/s of the processor")
        for n, (clock, whole) in seconds.items():
            cpu = whole - n * start
            print(f"{n} process(es)  {megabytes / clock:6.2f} MB/s of the clock, {megabytes / cpu:6.2f} MB/s of the processor ({one_cpu / cpu:.3f} of the scanner alone)")
        print(f"two against one: {seconds[1][0] / seconds[2][0]:.2f} times by the clock")


def memory(text: str, sizes: list[float], settings: Settings, scratch: Path) -> None:
    code = (
        "import resource, sys\nfrom pathlib import Path\nfrom artifactscan.corpus.run import run\n"
        "from artifactscan.corpus.work import Settings\n"
        "run([sys.argv[1]], Path(sys.argv[2]), settings=Settings(ignore=tuple(sys.argv[3:])), processes=2)\n"
        "print(*(resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))"
    )
    for megabytes in sizes:
        path = written(scratch / "in.jsonl", text, megabytes)
        began = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", code, str(path), str(scratch / f"out-{megabytes}"), *settings.ignore], capture_output=True, text=True, check=True)
        reader, worker = done.stdout.split()
        print(f"{megabytes:6,.0f} MB: peak {reader} MB in the reading process, {worker} MB in the largest scanning process; {time.perf_counter() - began:.0f} s", flush=True)


def short(count: int, settings: Settings, scratch: Path) -> None:
    path = scratch / "in.jsonl"
    with open(path, "w", encoding="utf-8") as f:
        for number in range(count):
            f.write('{"id": "%d", "text": "It has %s rained since May."}\n' % (number, "n't" if number % 100 == 0 else "not"))  # noqa: UP031
    seen: list[int] = []
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(0.5):
            seen.append(len(os.listdir("/proc/self/fd")))

    threading.Thread(target=watch, daemon=True).start()
    clock, cpu = timed(lambda: print(run([str(path)], scratch / "out", settings=settings, processes=2)))
    stop.set()
    left = [p.name for p in scratch.rglob("*.tmp")]
    print(f"{count:,} documents in {clock:.0f} s ({count / cpu:,.0f} a second of the processor); open files {min(seen)} to {max(seen)}; temporary files left: {left or 'none'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["speed", "memory", "short"])
    parser.add_argument("--text", type=Path, default=ROOT / "samples" / "clean_news.txt")
    parser.add_argument("--megabytes", type=float, nargs="+")
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--ignore", action="append", default=[], metavar="RULE")
    args = parser.parse_args()
    text = args.text.read_text(encoding="utf-8")
    settings = Settings(ignore=tuple(args.ignore))
    with tempfile.TemporaryDirectory() as folder:
        if args.what == "speed":
            speed(text, (args.megabytes or [40])[0], settings, Path(folder))
        elif args.what == "memory":
            memory(text, args.megabytes or [10, 100, 1000], settings, Path(folder))
        else:
            short(args.documents, settings, Path(folder))


if __name__ == "__main__":
    main()
