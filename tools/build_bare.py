#!/usr/bin/env python3
"""Build lexicons/never_bare.txt: count nouns that careful prose never uses in the singular without a determiner.

    python tools/build_bare.py DATA

DATA is a folder that holds gov_prose.txt.xz, masc_tagged.zip, state_union.zip, inaugural.zip and arxiv/*.tsv.xz (see
lexicons/SOURCES.toml).  "with witness", "in trial" and "card are" are slips only for nouns that honest writers do not
use so; "in court", "by train" and "on time" are idiom.  A noun is listed if it stands in the singular at least
LEAST_SEEN times and, by the rule of succession, fewer than one in 1 / MOST_BARE of those are bare.
"""
from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

from artifactscan.compiled import builtin_tables
from artifactscan.text import Text
from artifactscan.vocabulary import Vocabulary
from clean_text import documents

OUT = Path(__file__).parents[1] / "lexicons" / "never_bare.txt"
LEAST_SEEN = 40
MOST_BARE = 0.012
BARE = re.compile(r"(?<=[fi.])[jL]?[nk](?=[.,;)MBbVX])")


def main() -> None:
    classes = Vocabulary(builtin_tables()).tokens
    seen: Counter[str] = Counter()
    bare: Counter[str] = Counter()
    for document in documents(Path(sys.argv[1])):
        for passage in Text(document, classes).passages():
            letters, tokens = passage.letters, passage.tokens
            seen.update(t for t, letter in zip(tokens, letters, strict=True) if letter in "nk")
            bare.update(tokens[m.end() - 1] for m in BARE.finditer(letters))
    found = (noun for noun in sorted(seen) if seen[noun] >= LEAST_SEEN and (bare[noun] + 1) / (seen[noun] + 2) < MOST_BARE)
    OUT.write_text("".join(f"{noun}\n" for noun in found), encoding="utf-8")


if __name__ == "__main__":
    main()
