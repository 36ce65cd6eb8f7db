#!/usr/bin/env python3
"""Count findings in clean text: false alarms per 10,000 words, by rule.

    python tools/false_alarms.py DATA [--sample N] [--show N] [--deep]

DATA is the folder of lexicons/SOURCES.toml.  Every N-th document of each source is scanned with the built-in lexicon.
"""
from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import clean_text
from artifactscan.deep import deep_mode
from artifactscan.model import Document
from artifactscan.scan import Scanner


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sample", type=int, default=1, help="scan every N-th document")
    parser.add_argument("--show", type=int, default=0, help="show this many findings of each rule")
    parser.add_argument("--deep", action="store_true", help="with the language model: some 30 words a second")
    args = parser.parse_args()
    scanner = Scanner(deep=deep_mode() if args.deep else None)
    for source in (clean_text.government, clean_text.speeches, clean_text.abstracts):
        words, rules, verdicts = 0, Counter[str](), Counter[str]()
        for number, text in enumerate(source(args.data)):
            if number % args.sample == 0:
                report = scanner.scan(Document("-", text))
                words += report.words
                verdicts[report.verdict] += 1
                for f in report.findings:
                    rules[f.rule] += 1
                    if rules[f.rule] <= args.show:
                        print(f"    {f.score:5.1f} {f.rule} {f.excerpt!r} <- {f.originals[0]!r} ({f.evidence[0].note}) | {f.context}")
        total = sum(rules.values())
        print(f"{source.__name__}: {words:,} words, {total} findings, {total * 10_000 / words:.3f} per 10,000 words; verdicts {dict(verdicts)}")
        for rule, n in rules.most_common():
            print(f"  {rule:26} {n:6}  {n * 10_000 / words:.3f}")


if __name__ == "__main__":
    main()
