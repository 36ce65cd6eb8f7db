"""Abbreviations: the letters with which the words of a term should begin.

A spinner rewrites the words of "support vector machine (SVM)" and leaves the letters.
"""
from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import takewhile

from artifactscan.text import Passage

ABBREVIATION = re.compile(r"\(([A-Z][A-Za-z]{0,6}[A-Z])s?\)")
SMALL = frozenset("a an and at by for from in of on or the to with".split())  # words that may have no letter


def initials(passage: Passage) -> Iterator[dict[int, str]]:
    """For each abbreviation in parentheses {token: letter}, last word first, if there is a word before it for each of its capitals, and some begin so.

    Small words have a letter or have none, whichever fits better; no term begins with one.
    """
    tokens = passage.tokens
    for match in ABBREVIATION.finditer(passage.text):
        letters = [letter.lower() for letter in reversed(match[1]) if letter.isupper()]
        parenthesis = bisect_left(passage.spans, match.span()) - 1
        before = list(takewhile(lambda i: tokens[i][0].isalpha(), range(parenthesis - 1, -1, -1)))
        terms = [dict(zip((i for i in before if tokens[i] not in passed_over), letters, strict=False)) for passed_over in (SMALL, ())]
        terms = [term for term in terms if len(term) == len(letters) and tokens[min(term)] not in SMALL]
        fitting = [sum(tokens[i][0] == letter for i, letter in term.items()) for term in terms]
        if any(fitting):
            yield terms[fitting.index(max(fitting))]
