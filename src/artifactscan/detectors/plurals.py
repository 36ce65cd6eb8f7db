"""Plurals that lost their ending: a singular noun where its neighbours and the grammar around it ask for the plural.

Who writes words as a thesaurus has them writes "behind closed door".  By how many nats a place is rather one of the plural is the
log-odds of a logistic regression on what the n-grams say of both forms, what opens the noun phrase, and what follows it, learned from
which of both stands in clean text (tools/train_plurals.py).  Writers of English as a second language lose endings too, so only texts that
may be spun by all else are looked at.  Start reading at `Plurals.detect`.
"""
from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from artifactscan.candidates import CUT_OFF, better
from artifactscan.grammar import Grammar
from artifactscan.language import Language
from artifactscan.model import WEAK, Evidence, Finding
from artifactscan.reading import Line, read
from artifactscan.text import Passage

RULE = "number-agreement"
TELL = 0.8  # as of the other singulars that grammar alone does not forbid
LOST = -6.6  # log-odds that a singular is a plural that lost its ending, in a text of which nothing is known: in one that is spun, two in a hundred are
LEAST = 3.8  # nats for the plural from which a place is a finding: in a text that is spun, it is then as likely wrong as right
PREMODIFIERS, MOST_PREMODIFIERS = frozenset("jaLnkumdgrqp"), 4  # class letters of what may stand between a determiner and its noun
FOR_ONE = frozenset("AOD")  # letters of what opens a noun phrase in the singular, as these words do:
ONE = frozenset(("one", "either", "neither"))
BARE = frozenset("if.;,ctvzdpg")  # letters of what stands before a noun phrase without a determiner
NGRAMS = ("context-left", "context-right", "both-sides", "frequency", "attested-left", "attested-right")  # features that the language model gives


class Noun(NamedTuple):
    """A noun of a passage, by token index, in both numbers."""

    at: int
    singular: str
    plural: str


class Plurals:
    """Finds singular nouns that should be plurals, with this language model and these weights of features."""

    def __init__(self, language: Language, weights: Mapping[str, float]) -> None:
        self.language = language
        self.weights = weights

    def detect(self, passage: Passage) -> Iterator[Finding]:
        """Every singular that is LEAST nats likelier a plural, by its place."""
        for noun, features in self.places(passage):
            nats = {name: self.weights.get(name, 0.0) * value for name, value in features.items()}
            by_neighbours = math.fsum(nats[name] for name in NGRAMS)
            by_grammar = math.fsum(nats.values()) - by_neighbours
            if by_neighbours + by_grammar >= LEAST:
                yield Finding(RULE, *passage.span(noun.at, noun.at), (noun.plural,), _evidence(noun, by_neighbours, by_grammar), TELL, grade=WEAK)

    def places(self, passage: Passage, *, plurals: bool = False) -> Iterator[tuple[Noun, dict[str, float]]]:
        """The singulars of the passage that may stand in the plural, with the features of their places; or those that do, too."""
        grammar = Grammar(passage)
        line = Line(passage, self.language)
        mixture = read(passage.whole, self.language).mixture
        pair, n = self.language.pair, line.numbers
        for noun in nouns(grammar):
            if not plurals and passage.tokens[noun.at] != noun.singular:
                continue
            opening = _opening(grammar, noun.at)
            one, many = self.language.number(noun.singular), self.language.number(noun.plural)
            if opening in FOR_ONE or one <= 0 or many <= 0:
                continue
            k = line.at[noun.at]
            x, y, r, s = n[k - 2], n[k - 1], n[k + 1], n[k + 2]
            left = mixture.log_p(x, y, many) - mixture.log_p(x, y, one)
            right = mixture.log_p(y, many, r) - mixture.log_p(y, one, r) if r else 0.0
            right += mixture.log_p(many, r, s) - mixture.log_p(one, r, s) if r and s else 0.0
            frequency = mixture.log_p1(many) - mixture.log_p1(one)
            left, right, frequency = (max(-CUT_OFF, min(CUT_OFF, nats)) for nats in (left, right, frequency))
            letter = grammar.classes[noun.singular]
            yield noun, {
                "bias": 1.0,
                "context-left": left,
                "context-right": right,
                "both-sides": min(left - frequency, right),
                "frequency": frequency,
                "attested-left": float(bool(pair(y, many)) - bool(pair(y, one))),
                "attested-right": float(bool(pair(many, r)) - bool(pair(one, r))),
                f"after {opening}": 1.0,
                f"before {grammar.letters[noun.at + 1 : noun.at + 2] or '.'}": 1.0,
                f"noun {letter}": 1.0,
                f"bare {letter}": float(opening in BARE),
            }


def nouns(grammar: Grammar) -> Iterator[Noun]:
    """Nouns whose other number is known, as they stand inside a sentence or at its beginning, not joined by hyphens."""
    for i, letter in enumerate(grammar.letters):
        token = grammar.tokens[i]
        if letter in "nkma":
            noun = Noun(i, token, grammar.plural(token) or "")
        elif letter in "sxe":
            noun = Noun(i, grammar.singular(token) or "", token)
        else:
            continue
        if noun.singular and noun.plural and (grammar.small(i) or grammar.begins(i)) and not grammar.hyphened(max(i - 1, 0), i):
            yield noun


def _opening(grammar: Grammar, at: int) -> str:
    """The class letter of what opens the noun phrase of the noun at `at`: its determiner, or what stands before a bare one."""
    first = at - 1
    while first >= 0 and at - first <= MOST_PREMODIFIERS and grammar.letters[first] in PREMODIFIERS:
        first -= 1
    if first < 0:
        return "."
    return "D" if grammar.tokens[first] in ONE else grammar.letters[first]


def _evidence(noun: Noun, by_neighbours: float, by_grammar: float) -> tuple[Evidence, ...]:
    """What speaks for the plural, each term in nats."""
    return (
        Evidence("slip", LOST, "few singulars are plurals that lost their ending"),
        Evidence("neighbours", round(by_neighbours, 3), better(noun.singular, noun.plural, by_neighbours, "among these words")),
        Evidence("grammar", round(by_grammar, 3), f"the noun stands where a {'plural' if by_grammar > 0 else 'singular'} is more usual"),
    )
