#!/usr/bin/env python3
"""Ask the language model of deep mode about many words, in bulk: how much better each possible original would fit.

    python tools/score_with_model.py MODEL.gguf < rows.jsonl > scored.jsonl

A row is {"text", "items": [{"start", "end", "originals": [...]}]}; each item comes back with "log_odds", one for each
original (null for those that are unlikely at first sight), and "surprisal", of what stands there (both in nats).  Rows come out in order, as soon as they are done.
"""
from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from artifactscan.deep.questions import Question
from artifactscan.deep.reader import AHEAD, Reader
from artifactscan.model import Span


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--ahead", type=int, default=AHEAD, help="tokens after the word that are read with it")
    parser.add_argument("--threads", type=int, default=0, help="0: all cores")
    parser.add_argument("--every", action="store_true", help="read every original, however unlikely at first sight")
    options = parser.parse_args()
    reader = Reader(options.model, options.threads)
    start, items, originals = time.monotonic(), 0, 0
    for line in sys.stdin:
        row = json.loads(line)
        questions = [Question(Span(i["start"], i["end"]), tuple(i["originals"])) for i in row["items"]]
        for i, answer in reader.answers(row["text"], questions, options.ahead, every=options.every):
            row["items"][i]["log_odds"], row["items"][i]["surprisal"] = [x and round(sum(x), 3) for x in answer.odds], round(answer.surprisal, 3)
        print(json.dumps(row, ensure_ascii=False), flush=True)
        items, originals = items + len(questions), originals + sum(len(q.replacements) for q in questions)
        seconds = time.monotonic() - start
        print(f"\r{items:,} items, {items / seconds:.1f}/s; {originals:,} originals, {originals / seconds:.1f}/s ", end="", file=sys.stderr)
    print(file=sys.stderr)


if __name__ == "__main__":
    main()
