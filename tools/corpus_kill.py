#!/usr/bin/env python3
"""Kill a run at random moments, resume it, and compare its rows with those of an unbroken run.

    python tools/corpus_kill.py [--kills 20] [--documents 100000] [--seed 1] [--ignore RULE]

Each trial is a new run that is killed (SIGKILL) after a random part of the time that the unbroken run took, and then resumed to its end.
"""
from __future__ import annotations

import argparse
import hashlib
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq


def digest(folder: Path) -> str:
    """Names the sorted rows of both datasets."""
    rows = [sorted(json.dumps(row, sort_keys=True) for row in pq.read_table(folder / name).to_pylist()) for name in ("documents", "findings")]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ignore", action="append", default=[], metavar="RULE", help="leave a rule out; repeats")
    args = parser.parse_args()
    ignored = [word for rule in args.ignore for word in ("--ignore", rule)]
    moments = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        source = scratch / "in.jsonl"
        with open(source, "w", encoding="utf-8") as f:
            for i in range(args.documents):
                f.write(json.dumps({"id": str(i), "text": f"It has {'n’t' if i % 7 == 0 else 'not'} rained for {i} days."}) + "\n")

        def command(out: str) -> list[str]:
            return [sys.executable, "-m", "artifactscan", "corpus", str(source), "--out", str(scratch / out), "--processes", "2", "--commit-every", "0.1", "--resume", *ignored]

        began = time.perf_counter()
        subprocess.run(command("whole"), check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - began
        expected = digest(scratch / "whole")
        print(f"unbroken: {seconds:.1f} s, rows {expected}", flush=True)
        different = 0
        for trial in range(args.kills):
            out = f"trial-{trial}"
            after = moments.uniform(0, seconds)
            with subprocess.Popen(command(out), stdout=subprocess.DEVNULL) as process:
                time.sleep(after)
                process.send_signal(signal.SIGKILL)
            parts = len(list(scratch.glob(f"{out}/documents/*.parquet")))
            subprocess.run(command(out), check=True, stdout=subprocess.DEVNULL)
            same = digest(scratch / out) == expected
            different += not same
            print(f"killed after {after:5.1f} s with {parts:3} parts: {'same rows' if same else 'OTHER ROWS'}", flush=True)
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
