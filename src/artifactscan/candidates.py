"""Candidates: spans of a text with the originals that they may stand for, and what speaks for each.

An original is described by features; weights make evidence of them, and NOTES words.  Start reading at `Candidate`.
"""
from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import starmap
from operator import mul
from typing import NamedTuple

from artifactscan.model import Evidence

TIMES = " x "  # between the names of two features in that of their product
SINGLE = (
    "bias", "context-left", "context-right", "both-sides", "fit", "own-fit", "channel", "published", "frequency", "oddness", "unattested", "attested",
    "elsewhere", "repeated", "likeness", "article", "phrase", "whole", "choice", "others", "rare", "name", "initials",
)  # fmt: skip
PRODUCTS = (("fit", "phrase"), ("choice", "phrase"), ("published", "phrase"))  # the first counts for more or less with the second
FEATURES = (*SINGLE, *map(TIMES.join, PRODUCTS))
OTHERS, AS_NAME = FEATURES.index("others"), FEATURES.index("name")
FACTORS = tuple((FEATURES.index(a), FEATURES.index(b)) for a, b in PRODUCTS)
JOINED = 1.5  # nats by which one word alone must be likelier than the phrase it stands in
CUT_OFF = 8.0  # nats beyond which most features say no more
AGREEING = -1.0  # log-odds of a word alone from which it counts that it is read as in the phrase


class Option(NamedTuple):
    """An original for a span, with its features in the order of FEATURES."""

    original: str
    features: tuple[float, ...]
    log_odds: float


class Candidate(NamedTuple):
    """A span (token indices, both included) and its words, with their originals, best first."""

    first: int
    last: int
    spun: str
    options: list[Option]
    grade: int  # WEAK, STRONG or KNOWN
    alone: float = 0.0  # nats more, of a phrase, since one of its words might be a slip alone

    @property
    def log_odds(self) -> float:
        """That something is wrong with the span."""
        return self.options[0].log_odds + self.alone


class Terms(NamedTuple):
    """What makes evidence of features: their names and weights, and what is said of each."""

    names: Sequence[str]
    weights: Sequence[float]
    notes: Mapping[str, Callable[[str, str, float], str]]

    def of(self, candidate: Candidate) -> tuple[Evidence, ...]:
        """The evidence for the best original term by term, each in nats with a note; products are told with their first feature."""
        spun, option = candidate.spun, candidate.options[0]
        values = dict(zip(self.names, option.features, strict=True))
        nats: dict[str, float] = defaultdict(float)
        for (name, value), weight in zip(values.items(), self.weights, strict=True):
            nats[name.partition(TIMES)[0]] += weight * value
        terms = (Evidence(name, round(term, 3), self.notes[name](spun, option.original, values[name])) for name, term in nats.items() if term)
        return (*terms, Evidence("alone", round(candidate.alone, 3), "or a word of it was swapped alone")) if candidate.alone else tuple(terms)


def ranked(named: Iterable[tuple[str, tuple[float, ...]]], weights: Sequence[float]) -> list[Option]:
    """Originals with their features as options, best first, each with what the others would fit as its feature `others`, whatever it was."""
    scored = ((original, f, math.fsum(map(mul, weights, f)) - weights[OTHERS] * f[OTHERS]) for original, f in named)
    options = sorted(starmap(Option, scored), key=lambda o: (-o.log_odds, o.original))
    top = options[0].log_odds
    others = math.log(math.fsum(math.exp(o.log_odds - top) for o in options))
    return [Option(o.original, (*o.features[:OTHERS], others, *o.features[OTHERS + 1 :]), o.log_odds + others * weights[OTHERS]) for o in options]


def joined(candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """One candidate for one slip: the likelier phrases take the place of what is in them, unless a word of one alone, that is read otherwise, is JOINED nats likelier."""
    words = {c.first: c for c in candidates if c.last == c.first}
    taken: set[int] = set()
    for phrase in sorted((c for c in candidates if c.last > c.first), key=lambda c: -c.log_odds):
        places = range(phrase.first, phrase.last + 1)
        inside = [words[at] for at in places if at in words]
        more = max((c.log_odds for c in inside), default=-math.inf) - phrase.log_odds
        if (more < JOINED or _agrees(phrase, words)) and taken.isdisjoint(places):
            options = sorted((*phrase.options, *(o for c in inside for o in _within(phrase, c))), key=lambda o: (-o.log_odds, o.original))
            yield phrase._replace(options=options, grade=max((phrase.grade, *(c.grade for c in inside))), alone=math.log1p(math.exp(more)))
            taken.update(places)
    yield from (c for at, c in words.items() if at not in taken)


def _agrees(phrase: Candidate, words: Mapping[int, Candidate]) -> bool:
    """Whether every word of a phrase's best original stands there already, or is what a likely candidate would have for the word alone."""
    spun, original = phrase.spun.split(), phrase.options[0].original.split()
    alone = (words[at].options[0].original if at in words and words[at].log_odds >= AGREEING else word for at, word in enumerate(spun, phrase.first))
    return len(spun) == len(original) and all(o in pair for o, *pair in zip(original, spun, alone, strict=True))


def _within(phrase: Candidate, word: Candidate) -> Iterator[Option]:
    """The originals of a word alone as originals of the phrase in which it stands, JOINED nats less likely than they are or than the phrase's best."""
    words = phrase.spun.split()
    at = word.first - phrase.first
    less = JOINED + max(0.0, word.log_odds - phrase.options[0].log_odds)
    return (o._replace(log_odds=o.log_odds - less, original=" ".join((*words[:at], o.original, *words[at + 1 :]))) for o in word.options)


def written(candidate: Candidate, *, capital: bool = False) -> list[str]:
    """The originals of a candidate, each word with a capital where it is written like a name, or the first one if a `capital` begins it."""
    originals = [o.original for o in candidate.options]
    if candidate.options[0].features[AS_NAME]:
        return [" ".join(map(_capitalised, o.split())) for o in originals]
    return list(map(_capitalised, originals)) if capital else originals


def _capitalised(word: str) -> str:
    return word[0].upper() + word[1:]


def _times(nats: float) -> str:
    """So many nats as a factor, in words."""
    if nats >= CUT_OFF:
        return f"over {math.exp(CUT_OFF) // 100 * 100:,.0f} times"
    return f"{math.exp(nats):,.{0 if nats > 1 else 1}f} times"


def better(spun: str, original: str, nats: float, where: str) -> str:
    """Which of two wordings fits better somewhere, and how much, in words."""
    a, b = (original, spun) if nats >= 0 else (spun, original)
    return f"'{a}' fits {_times(abs(nats))} better {where} than '{b}'"


NOTES: dict[str, Callable[[str, str, float], str]] = {
    "bias": lambda s, o, v: "most words that could stand for another do not",
    "context-left": lambda s, o, v: better(s, o, v, "after the words before it"),
    "context-right": lambda s, o, v: better(s, o, v, "with the words after it"),
    "both-sides": lambda s, o, v: better(s, o, v, "on its worse side"),
    "fit": lambda s, o, v: better(s, o, v, "among the words around and in this text"),
    "own-fit": lambda s, o, v: f"'{s}' is {_times(abs(v))} {'likelier' if v > 0 else 'less likely'} among these words than elsewhere",
    "channel": lambda s, o, v: f"a spinner writes '{s}' for '{o}' with probability {math.exp(v):.2g}",
    "published": lambda s, o, v: f"'{s}' stands for '{o}' in published pairs",
    "frequency": lambda s, o, v: f"'{o}' is {_times(abs(v))} {'more' if v > 0 else 'less'} frequent than '{s}'",
    "oddness": lambda s, o, v: f"its neighbours make '{s}' {_times(abs(v))} {'likelier' if v > 0 else 'less likely'}",
    "unattested": lambda s, o, v: f"{v:.0f} of its 2 neighbours do not go with '{s}' in the tables",
    "attested": lambda s, o, v: f"{v:.0f} of 2 neighbours go with '{o}' in the tables",
    "elsewhere": lambda s, o, v: f"'{o}' occurs elsewhere in this text",
    "repeated": lambda s, o, v: f"'{s}' occurs {v + 1:.0f} times in this text" if v < 3 else f"'{s}' occurs often in this text",
    "likeness": lambda s, o, v: f"'{s}' and '{o}' are {'used alike' if v > 0.4 else 'not used alike'} ({v:.2f})",
    "article": lambda s, o, v: f"the article fits '{o}', not '{s}'",
    "phrase": lambda s, o, v: "several words are rewritten as one phrase",
    "whole": lambda s, o, v: f"'{s}' is known to stand for '{o}' as a whole",
    "choice": lambda s, o, v: f"{math.exp(v):.0f} words were weighed against it: one fits better by chance",
    "others": lambda s, o, v: "other originals would fit as well",
    "rare": lambda s, o, v: f"'{s}' is rare",
    "name": lambda s, o, v: f"'{s}' is written like a name",
    "initials": lambda s, o, v: f"the abbreviation after it fits '{o if v > 0 else s}', not '{s if v > 0 else o}'",
}
