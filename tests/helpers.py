"""What the tests of detectors share."""
from __future__ import annotations

from functools import cache

from artifactscan.model import Document, Finding
from artifactscan.scan import Scanner


@cache
def scanner() -> Scanner:
    """A scanner of everything but the decoder, which considers much and has tests of its own."""
    return Scanner(min_score=0, ignore=("substitution",))


def found(text: str, *rules: str) -> list[Finding]:
    """Every candidate of these rules (of all rules if none is named) in a text."""
    return [f for f in scanner().scan(Document("-", text)).findings if not rules or f.rule in rules]


def pairs(text: str, *rules: str) -> list[tuple[str, str]]:
    """(excerpt, first original) of each."""
    return [(f.excerpt, f.originals[0]) for f in found(text, *rules)]
