"""Split words: compounds that are written as one word, taken apart ("a bottle neck")."""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from artifactscan.grammar import Grammar
from artifactscan.model import Evidence, Finding, logit
from artifactscan.text import Passage, standing

RULE = "split-word"
RELIABILITY, TELL = 0.25, 0.8
# two nouns, or a noun and a small word where a noun phrase ends ("a turn over."), by class letters
NOUNS = re.compile(r"[nkmua][nkmus]|(?<=[TAOYjfL])[mkn][oi](?=[.,;fMBXb])")


def detect(passage: Passage, compounds: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """The compounds, given by their first part and the second ones, that stand apart in the passage."""
    tokens, grammar = passage.tokens, Grammar(passage)
    for i in standing(tokens[:-1], compounds):
        if tokens[i + 1] in compounds[tokens[i]] and NOUNS.match(passage.letters, i) and grammar.small(i) and grammar.small(i + 1) and not grammar.hyphened(max(0, i - 1), i + 1):
            evidence = (Evidence("slip", logit(RELIABILITY), "two words that are written as one"),)
            yield Finding(RULE, *passage.span(i, i + 1), (tokens[i] + tokens[i + 1],), evidence, TELL)
