#!/usr/bin/env python3
"""Build lexicons/never_bare.txt: count nouns that careful prose never uses in the singular without a determiner.

    python tools/build_bare.py DATA

DATA is a folder that holds gov_prose.txt.xz, masc_tagged.zip, state_union.zip, inaugural.zip and arxiv/*.tsv.xz (see
lexicons/SOURCES.toml).  "with witness", "in trial" and "card are" are slips only for nouns that honest writers do not
use so; "in court", "by train" and "on time" are idiom.  A noun is listed if, by the rule of succession, fewer than one in
1 / MOST_BARE of its singulars are bare; or if none is, and in the general language model it comes as seldom after a preposition
against after an article.
"""
from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from artifactscan.compiled import builtin_tables, language_tables
from artifactscan.language import Language, Mixture
from artifactscan.text import Text
from artifactscan.vocabulary import Vocabulary
from clean_text import documents

OUT = Path(__file__).parents[1] / "lexicons" / "never_bare.txt"
MOST_BARE = 0.006
BARE = re.compile(r"(?<=[fi.])[jL]?[nk](?=[.,;)MBbVX])")
ARTICLES = ("a", "the")
PREPOSITIONS = "of in by with for from on at as into through without between".split()


def seldom_bare(noun: str, language: Language) -> bool:
    """Whether the general model has the noun after an article, and seldom after a preposition."""
    number, general = language.number(noun), Mixture(language, 0.0)

    def after(words: Iterable[str]) -> float:
        """P(one of these words, then the noun), where the model has the pair."""
        return sum(general.p1(w) * general.p2(w, number) for w in map(language.number, words) if language.pair(w, number) >> 7)

    return number > 0 and after(PREPOSITIONS) < MOST_BARE * after(ARTICLES)


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
    nouns = (noun for noun, letter in classes.items() if letter in "nk")
    found = sorted(n for n in nouns if (bare[n] + 1) / (seen[n] + 2) < MOST_BARE or (not bare[n] and seldom_bare(n, language)))
    OUT.write_text("".join(f"{noun}\n" for noun in found), encoding="utf-8")


if __name__ == "__main__":
    main()
