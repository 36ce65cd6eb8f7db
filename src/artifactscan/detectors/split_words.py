"""Split words: compounds that are written as one word, taken apart ("a bottle neck")."""
from __future__ import annotations

import re
from collections.abc import Container, Iterator

from artifactscan.grammar import Grammar
from artifactscan.model import Evidence, Finding, logit
from artifactscan.text import Passage, standing

RULE = "split-word"
RELIABILITY, TELL = 0.25, 0.8
# two nouns, or a noun and a small word where a noun phrase ends ("a turn over."), by class letters
NOUNS = re.compile(r"[nkmua][nkmus]|(?<=[TAOYjfL])[mkn][oi](?=[.,;fMBXb])")


def detect(passage: Passage, compounds: Container[tuple[str, str]]) -> Iterator[Finding]:
    """The compounds, of those given by their two parts, that stand apart in the passage."""
    tokens, grammar = passage.tokens, Grammar(passage)
    for i in standing(zip(tokens, tokens[1:]), compounds):  # noqa: B905 (one shorter by intent)
        if NOUNS.match(passage.letters, i) and grammar.small(i) and grammar.small(i + 1) and not grammar.hyphened(max(0, i - 1), i + 1):
            evidence = (Evidence("slip", logit(RELIABILITY), "two words that are written as one"),)
            yield Finding(RULE, *passage.span(i, i + 1), (tokens[i] + tokens[i + 1],), evidence, TELL)
