#!/usr/bin/env python3
"""Build everything in lexicons/ that is derived from other works, in order.

    python tools/build.py DATA

DATA is the folder that lexicons/SOURCES.toml describes; the packages come with the [tools] and [deep] extras, the language model with
`artifactscan model install`.
"""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

STEPS = ("build_words", "build_bare", "build_channel", "build_ngrams", "build_vectors", "build_compounds", "train_plurals", "train_weights", "train_deep")
HERE = Path(__file__).parent


def main() -> None:
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    for step in STEPS:
        print(step, file=sys.stderr)
        more = ["--bench", str(HERE.parent / "samples" / "benchmark.jsonl")] if step in ("train_weights", "train_deep") else []
        data = [] if step == "build_compounds" else [sys.argv[1]]
        subprocess.run([sys.executable, str(HERE / f"{step}.py"), *data, *more], check=True)


if __name__ == "__main__":
    main()
