#!/usr/bin/env python3
"""Build lexicons/compounds.txt: compounds that are written in one word, taken apart ("bottle neck").

    python tools/build_compounds.py

From words.tsv.xz and the language models.  A pair of words of LEAST_ZIPF and LEAST_LETTERS, the first of them a noun or
verb, the second a noun, is listed if together they are a word of their own that is written TIMES as often as the two apart; with a
particle as the second, TIMES_PARTICLE as often: that pair is looked at only where a noun belongs.  A pair that scientists OFTEN write
apart, and not more often together ("the mean time to failure"), is left out.
"""
from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from artifactscan.compiled import builtin_tables, language_tables
from artifactscan.language import Language, Mixture
from artifactscan.vocabulary import Vocabulary

OUT = Path(__file__).parents[1] / "lexicons" / "compounds.txt"
LEAST_ZIPF = 2.9
LEAST_LETTERS = 3, 4  # of the first word, of the second
TIMES, TIMES_PARTICLE = 3.0, 1.0
OFTEN = 4e-7  # probability of a pair in scientific English, ten in the abstracts, from which it is looked at there
SUFFIXES = frozenset("ment ship ally able ness less hood ions ants ated ates ties ring ting".split())
PARTICLES = frozenset("over out down up back off away through".split())
FIRST, SECOND = frozenset("nkmua"), frozenset("nkmusx")


def compounds(vocabulary: Vocabulary, language: Language) -> Iterator[str]:
    letters = {w: vocabulary.tokens[w] for w in vocabulary.forms if vocabulary.zipf(w) >= LEAST_ZIPF and w not in SUFFIXES}
    general, science = Mixture(language, 0.0), Mixture(language, 1.0)
    for word in vocabulary.forms:
        for cut in range(LEAST_LETTERS[0], len(word) - 1):
            first, second = word[:cut], word[cut:]
            if letters.get(first) in FIRST and (second in PARTICLES or (letters.get(second) in SECOND and len(second) >= LEAST_LETTERS[1])):
                numbers = language.number(first), language.number(second)
                apart = 10 ** vocabulary.zipf(first) * general.p2(*numbers)
                times = TIMES_PARTICLE if second in PARTICLES else TIMES
                in_science = science.p1(numbers[0]) * science.p2(*numbers) if language.pair(*numbers) & 0x7F else 0.0
                as_science_writes = in_science >= max(OFTEN, science.p1(language.number(word)))
                if all(numbers) and 10 ** vocabulary.zipf(word) >= times * apart and not as_science_writes:
                    yield f"{first} {second}"


def main() -> None:
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    found = sorted(set(compounds(Vocabulary(builtin_tables()), Language(language_tables()))))
    OUT.write_text("".join(f"{pair}\n" for pair in found), encoding="utf-8")


if __name__ == "__main__":
    main()
