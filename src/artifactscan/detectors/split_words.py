"""Split words: compounds that are written as one word, taken apart ("a bottle neck").

They are looked up in pairs, which is faster than to look at every pair of nouns.
"""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from artifactscan.grammar import Grammar, Rule
from artifactscan.model import Finding
from artifactscan.text import Passage, standing


def _joined(g: Grammar, first: int, last: int) -> tuple[str, ...]:
    """"a bottle neck": one word."""
    return (g.tokens[first] + g.tokens[last],) if g.small(first) and g.small(last) and not g.hyphened(max(0, first - 1), last) else ()


# two nouns, or a noun and a small word where a noun phrase ends ("a turn over.")
RULE = Rule("split-word", 0.25, 0.8, r"[nkmua][nkmus]|(?<=[TAOYjfL])[mkn][oi](?=[.,;fMBXb])", _joined, "two words that are written as one")
PATTERN = re.compile(RULE.pattern)


def detect(passage: Passage, compounds: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """The compounds, given by their first part and the second ones, that stand apart in the passage."""
    tokens, grammar = passage.tokens, Grammar(passage)
    for i in standing(tokens[:-1], compounds):
        if tokens[i + 1] in compounds[tokens[i]] and PATTERN.match(passage.letters, i) and (originals := RULE.mend(grammar, i, i + 1)):
            yield RULE.finding(passage, i, i + 1, originals)
