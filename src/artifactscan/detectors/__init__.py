"""The detectors and the rules they speak for: one explicit table each."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from artifactscan.detectors import agreement, inflection, known_phrases, split_words, typography
from artifactscan.grammar import Rules
from artifactscan.model import KNOWN_PHRASE, SUBSTITUTION, Finding
from artifactscan.phrasebook import Phrasebook
from artifactscan.text import Passage

if TYPE_CHECKING:
    from artifactscan.detectors.substitutions import Decoder

Detect = Callable[[Passage], Iterator[Finding]]


class RuleInfo(NamedTuple):
    """What a rule finds, with an example and what should stand there."""

    finds: str
    example: str
    original: str


RULES: dict[str, RuleInfo] = {
    KNOWN_PHRASE: RuleInfo("a phrase from the lexicon of spun phrases", "counterfeit consciousness", "artificial intelligence"),
    SUBSTITUTION: RuleInfo("a word or phrase that its context makes unlikely, where a word it may be a synonym of fits", "the treaty has lain sleeping", "dormant"),
    "detached-contraction": RuleInfo("a contraction or possessive split off from its word", "has n't", "hasn't"),
    "adrift-apostrophe": RuleInfo("an apostrophe with a space on both sides", "counterparts ‘ efforts", "counterparts’ efforts"),
    "number-spacing": RuleInfo("a figure, currency or percent sign spaced wrongly", "totaling$ 240", "totaling $240"),
    "wrong-side-quote": RuleInfo("an opening quotation mark glued to the word before it", "helpful” no limits”", "helpful “no limits”"),
    "space-before-punctuation": RuleInfo("a space before a comma, semicolon or full stop, or inside a bracket or quotation", "peace , he said", "peace, he said"),
    "spintax": RuleInfo("an unresolved choice of a spinner's template", "{big|large|huge}", "big"),
    "article": RuleInfo("a or an against the sound of the next word", "a early meeting", "an early meeting"),
    "number-agreement": RuleInfo("a singular noun after a word for several, or where else the plural belongs", "two nation.", "two nations."),
    "verb-agreement": RuleInfo("a verb that does not fit its subject", "The shelf are empty", "The shelves are empty"),
    "adjective-as-noun": RuleInfo("an adjective of place where its noun belongs, or the reverse", "with the western.", "with the West."),
    "missing-possessive": RuleInfo("'own' or 'each's' without what it needs", "including own,", "including its own,"),
    "repeated-word": RuleInfo("a word of grammar that stands twice", "by the the council", "by the council"),
    "inflection": RuleInfo("a form of a word that the word before it does not take", "was reveal", "was revealed"),
    "split-word": RuleInfo("a compound in two words", "a bottle neck", "a bottleneck"),
}

GRAMMATICAL = Rules((*agreement.RULES, *inflection.RULES))


def detectors(book: Phrasebook, compounds: Mapping[str, Sequence[str]], decoder: Decoder | None) -> tuple[tuple[tuple[str, ...], Detect], ...]:
    """(the rules a detector speaks for, the detector), with these known phrases, compounds and this decoder, if any."""
    names = tuple(RULES)
    return (
        ((KNOWN_PHRASE,), partial(known_phrases.detect, book=book)),
        *(((SUBSTITUTION,), d.detect) for d in (decoder,) if d),
        (names[2:8], typography.detect),
        (names[8:-1], GRAMMATICAL.slips),
        (names[-1:], partial(split_words.detect, compounds=compounds)),
    )
