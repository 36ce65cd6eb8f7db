"""Inflection: a verb, or an adjective, in a form that the word before it does not take.

A spinner that looks a word up by its lemma may write the lemma, or the form of another tag: "was reveal", "can revealed",
"to reveals", "the authority claim that".  A form is called wrong only where the grammar alone decides, whatever the word:
of the tense, or of a plural that could as well be a singular, nothing is said.

Start reading at `RULES`.
"""
from __future__ import annotations

import re
from collections.abc import Iterator

from artifactscan.grammar import PARTICIPLES, Grammar, Rule, slips
from artifactscan.model import Finding
from artifactscan.text import Passage
from artifactscan.vocabulary import REGULARIZED

RULE = "inflection"


def detect(passage: Passage) -> Iterator[Finding]:
    """Every wrong form in the passage."""
    return slips(RULES, passage)


# What turns a base form after "is" or "has" into good English: "all he did was leave", "what we want is finish it".
CLEFT = frozenset(
    "all what do does did done thing things least best way".split()
)
BARE_PARTICIPLE = r"(?:come|run|set|put|cut|cast|read|hit|let|cost|shed|beat|split|bid|knit)$"  # a participle like the base form
NOT_VERBS = frozenset(
    "like let compute select google".split()  # also prepositions, adjectives, nouns and names
)


PERFECT = ("has", "have", "had")


def _participle(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"was reveal", "has take": a participle."""
    verb, perfect = g.tokens[last], g.tokens[first] in PERFECT
    if g.letters[last] == "m" and not (perfect and verb in PARTICIPLES):
        return ()
    if verb in NOT_VERBS or re.search(BARE_PARTICIPLE, verb) or g.capital(first) or not g.small(last) or g.hyphened(first, last):
        return ()
    if first and g.hyphened(first - 1, first):  # "well-being", "example.is"
        return ()
    if any(g.tokens[i] in CLEFT for i in range(g.passage.sentence(first).start, first)):
        return ()
    forms = [g.formed(verb, "ed"), *([] if perfect else [g.formed(verb, "ing")])]
    return tuple(f"{g.before(first, last)}{form}" for form in forms if form)


def _base(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"can revealed", "would making", "to reveals": the base form."""
    verb = g.tokens[last]
    base = g.base(verb)
    if not base or len(verb) < 4 or g.capital(first) or not g.small(last) or g.hyphened(first, last):
        return ()
    return (g.before(first, last) + base,)


def _after_be(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"can be reveal": a participle."""
    return _participle(g, first, last) if g.tokens[first] in ("be", "been", "being") else ()


def _after_do(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"did not revealed": the base form."""
    return _base(g, first, last) if g.tokens[first] in ("do", "does", "did") else ()


def _irregular(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"catched": the irregular form."""
    return (REGULARIZED[g.tokens[last]],) if g.small(last) else ()


def _adverb(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"cells that grow rapid are": the adverb."""
    adjective = g.tokens[last]
    if not g.tokens[first].endswith("s"):
        return ()
    adverb = f"{adjective[:-1]}ily" if adjective.endswith("y") else f"{adjective}ly"
    if g.classes.get(adverb) != "r" or adjective.endswith("ble") or not g.small(last) or g.hyphened(first, last):
        return ()
    return (g.before(first, last) + adverb,)


AFTER_SUBJECT = r"(?<=[nskumaexhHwdr]M)"  # a modal verb is no noun there ("the will"), and no question begins
NOT_A_NOUN = r"(?=[TAOYPDQhHiftwcor.,;)])"  # "we have log data" goes on otherwise
RULES = (
    Rule(RULE, 0.4, 1.0, rf"([bBXV]N?r?[vm]){NOT_A_NOUN}", _participle, "the base form of a verb after a form of 'be' or 'have'"),
    Rule(RULE, 0.4, 1.0, rf"(M{AFTER_SUBJECT}N?r?d)(?=[TAOYPDhHifjt.,])", _base, "a participle after a modal verb"),
    Rule(RULE, 0.4, 1.0, rf"(M{AFTER_SUBJECT}(?:N?r?[zg]|x(?=[TAOYPD])))", _base, "a form in -s or -ing after a modal verb"),
    Rule(RULE, 0.4, 1.0, r"(tz)(?=[TAOYPDhjnksu])", _base, "a form in -s where the infinitive belongs", ("tz",)),
    Rule(RULE, 0.4, 1.0, rf"(ov){NOT_A_NOUN}", _after_be, "the base form of a verb after a form of 'be'", ("ov",)),
    Rule(RULE, 0.4, 1.0, r"(oN[dz])", _after_do, "a form in -s or -ed after 'do not'", ("oNd", "oNz")),
    Rule(RULE, 0.4, 1.0, r"(!)", _irregular, "a regular form of an irregular word", ("!",)),
    Rule(RULE, 0.3, 0.8, r"([sx?]j)(?=[XBMV])", _adverb, "an adjective where its adverb belongs", ("jX", "jB", "jM", "jV")),
)
