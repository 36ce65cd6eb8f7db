#!/usr/bin/env python3
"""Build lexicons/never_bare.txt: count nouns that careful prose never uses in the singular without a determiner.

    python tools/build_bare.py DATA

DATA is a folder that holds gov_prose.txt.xz, masc_tagged.zip, state_union.zip, inaugural.zip and arxiv/*.tsv.xz (see
lexicons/SOURCES.toml).  "with witness", "in trial" and "card are" are slips only for nouns that honest writers do not
use so; "in court", "by train" and "on time" are idiom.  A noun is listed if, by the rule of succession, fewer than one in
1 / MOST_BARE of its singulars are bare; or if none is, and in the general language model it comes as seldom after a preposition
against after an article.  Left out are nouns that come so in that model more often than one in 1 / MOST_BARE_ELSEWHERE times ("out of
stock"), and those with an ending of qualities, which may stand bare anywhere ("the bounds of possibility").
"""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from artifactscan.compiled import builtin_tables, language_tables
from artifactscan.language import Language, Mixture
from artifactscan.text import Text
from artifactscan.vocabulary import Vocabulary
from clean_text import documents
from thesauri import arguments

OUT = Path(__file__).parents[1] / "lexicons" / "never_bare.txt"
MOST_BARE, MOST_BARE_ELSEWHERE = 0.006, 0.3
ABSTRACT = ("ability", "ibility")
BARE = re.compile(r"(?<=[fi.])[jL]?[nk](?=[.,;)MBbVX])")
ARTICLES = ("a", "the")
PREPOSITIONS = "of in by with for from on at as into through without between".split()


def bare_elsewhere(noun: str, language: Language) -> float | None:
    """How often the general model has the noun after a preposition, for each time after an article; None if it has it after neither."""
    number, general = language.number(noun), Mixture(language, 0.0)

    def after(words: Iterable[str]) -> float:
        """P(one of these words, then the noun), where the model has the pair."""
        return sum(general.p1(w) * general.p2(w, number) for w in map(language.number, words) if language.pair(w, number) >> 7)

    with_article = after(ARTICLES) if number > 0 else 0.0
    return after(PREPOSITIONS) / with_article if with_article else None


def main() -> None:
    args = arguments(__doc__)
    vocabulary = Vocabulary(builtin_tables())
    classes = vocabulary.tokens
    seen: Counter[str] = Counter()
    bare: Counter[str] = Counter()
    for document in documents(args.data):
        for passage in Text(document, classes).passages():
            letters, tokens = passage.letters, passage.tokens
            seen.update(t for t, letter in zip(tokens, letters, strict=True) if letter in "nk")
            bare.update(tokens[m.end() - 1] for m in BARE.finditer(letters))
    language = Language(language_tables())
    found = []
    for noun in sorted(noun for noun in vocabulary.forms if classes[noun] in "nk" and not noun.endswith(ABSTRACT)):
        elsewhere = bare_elsewhere(noun, language)
        seldom = (bare[noun] + 1) / (seen[noun] + 2) < MOST_BARE and (elsewhere is None or elsewhere < MOST_BARE_ELSEWHERE)
        if seldom or (not bare[noun] and elsewhere is not None and elsewhere < MOST_BARE):
            found.append(noun)
    OUT.write_text("".join(f"{noun}\n" for noun in found), encoding="utf-8")


if __name__ == "__main__":
    main()
