#!/usr/bin/env python3
"""Build lexicons/never_bare.txt: count nouns that careful prose never uses in the singular without a determiner.

    python tools/build_bare.py DATA

DATA is a folder that holds gov_prose.txt.xz, masc_tagged.zip, state_union.zip, inaugural.zip and arxiv/*.tsv.xz (see
lexicons/SOURCES.toml).  "with witness", "in trial" and "card are" are slips only for nouns that honest writers do not
use so; "in court", "by train" and "on time" are idiom.  A noun is listed if it stands in the singular at least
LEAST_SEEN times and, by the rule of succession, fewer than one in 1 / MOST_BARE of those are bare.  A rarer one is listed if
none of those is bare and the general language model knows it after an article and after no preposition.
"""
from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path

from artifactscan.compiled import builtin_tables, language_tables
from artifactscan.language import Language
from artifactscan.text import Text
from artifactscan.vocabulary import Vocabulary
from clean_text import documents

OUT = Path(__file__).parents[1] / "lexicons" / "never_bare.txt"
LEAST_SEEN = 40
MOST_BARE = 0.012
BARE = re.compile(r"(?<=[fi.])[jL]?[nk](?=[.,;)MBbVX])")
ARTICLES = ("a", "the")
PREPOSITIONS = "of in by with for from on at as into through without between".split()


def always_determined(noun: str, language: Language) -> bool:
    """Whether the general model has the noun after an article, and after no preposition."""
    number = language.number(noun)

    def general(word: str) -> int:
        return language.pair(language.number(word), number) >> 7

    return number > 0 and any(map(general, ARTICLES)) and not any(map(general, PREPOSITIONS))


def main() -> None:
    classes = Vocabulary(builtin_tables()).tokens
    seen: Counter[str] = Counter()
    bare: Counter[str] = Counter()
    for document in documents(Path(sys.argv[1])):
        for passage in Text(document, classes).passages():
            letters, tokens = passage.letters, passage.tokens
            seen.update(t for t, letter in zip(tokens, letters, strict=True) if letter in "nk")
            bare.update(tokens[m.end() - 1] for m in BARE.finditer(letters))
    language = Language(language_tables())
    often = {noun for noun, n in seen.items() if n >= LEAST_SEEN and (bare[noun] + 1) / (n + 2) < MOST_BARE}
    rare = {noun for noun, letter in classes.items() if letter in "nk" and seen[noun] < LEAST_SEEN and not bare[noun] and always_determined(noun, language)}
    found = sorted(often | rare)
    OUT.write_text("".join(f"{noun}\n" for noun in found), encoding="utf-8")


if __name__ == "__main__":
    main()
