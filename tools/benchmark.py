#!/usr/bin/env python3
"""Measure speed, as ratios within one run: scanning (the rules alone, and with the decoder) against a fixed loop, many phrases against few, start against click.

    python tools/benchmark.py [FILE]

FILE is clean text, documents parted by empty lines (default: the clean ones of samples/benchmark.jsonl); the rules scan it repeated to 5 MB.
"""
from __future__ import annotations

import argparse
import gc
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from artifactscan import CONTAINERS
from artifactscan.lexicon import Entry, write_entries
from artifactscan.measure import read_labelled
from artifactscan.model import SUBSTITUTION, Document
from artifactscan.scan import Scanner
from artifactscan.text import count_words

DECODER = (SUBSTITUTION,)
SIZE = 5_000_000  # code points
ROOT = Path(__file__).parents[1]


def seconds(*works: Callable[[], object], times: int = 5) -> list[float]:
    """The best of several runs of each, by the clock; they take turns, so that what slows the machine down slows all of them."""
    best = [float("inf")] * len(works)
    for _ in range(times):
        for n, work in enumerate(works):
            start = time.perf_counter()
            work()
            best[n] = min(best[n], time.perf_counter() - start)
    return best


def command(*args: str) -> Callable[[], object]:
    """A whole process of Python."""
    return lambda: subprocess.run([sys.executable, *args], capture_output=True, check=False)


def invented(count: int) -> str:
    """A lexicon of so many phrases that stand in no text, over common and rare first words."""
    firsts = ("the", "public", "early", "market", "quiet", "harbour", "council", "winter", "deep", "service")
    return write_entries((Entry(f"p-{n}", (f"{firsts[n % 10]} zq{n}x",), ("original",)) for n in range(count)), "invented")


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("file", type=Path, nargs="?")
    args = ap.parse_args()
    gc.set_threshold(CONTAINERS)  # as the command does
    if args.file:
        documents = args.file.read_text(encoding="utf-8").split("\n\n")
    else:
        documents = [d.text for d in read_labelled(ROOT / "samples" / "benchmark.jsonl") if d.kind == "clean"]
    source = "\n\n".join(documents)
    text = (source * (SIZE // len(source) + 1))[:SIZE]
    scanner, everything = Scanner(ignore=DECODER), Scanner()
    reference, scan, decoding = seconds(
        lambda: len(re.findall(r"\w+", text)), lambda: scanner.scan(Document("-", text)), lambda: [everything.scan(Document("-", d)) for d in documents]
    )
    print(f"rules alone   {SIZE / 1e6 / scan:6.2f} MB/s, {scan / reference:.1f} times re.findall(r'\\w+')")
    print(f"everything    {count_words(source) / decoding:6,.0f} words/s, {SIZE / len(source) * decoding / reference:.0f} times re.findall(r'\\w+')")
    with tempfile.TemporaryDirectory() as folder:
        scanners = []
        for count in (1_000, 10_000):
            path = Path(folder) / f"{count}.toml"
            path.write_text(invented(count), encoding="utf-8")
            scanners.append(Scanner(lexicons=[path], ignore=DECODER))
        few, many = seconds(*(partial(s.scan, Document("-", text)) for s in scanners))
        print(f"10,000 against 1,000 phrases: {many / few:.3f} times")
        sample = Path(folder) / "sample.txt"
        sample.write_text(" ".join(source.split()[:1000]), encoding="utf-8")
        click, check = seconds(command("-c", "import click"), command("-m", "artifactscan", "check", str(sample)), times=20)
        print(f"start         {check * 1000:6.0f} ms for 1,000 words, {check / click:.2f} times `python -c 'import click'`")


if __name__ == "__main__":
    main()
