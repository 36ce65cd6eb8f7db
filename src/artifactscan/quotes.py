"""Quoted speech: what stands between quotation marks in a text.

A mark opens only if a space stands before it and none after, and closes only if none stands before it and no letter
after; so a mark on the wrong side (“on” the state”) and an apostrophe adrift never make a quotation.  Straight marks
follow the same rule.  A paragraph that opens a quotation and does not close it is quoted to its end if the next one
opens anew, as newspapers print long speeches.
"""
from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from artifactscan.model import Span

PAIRS = {"“": "”", '"': '"', "‘": "’", "«": "»", "„": "“"}
OPENING = re.compile(r"(?<![^\s(\[{—–/‘“\"'-])[“\"‘«„](?=[^\s”\"’»])")
CLOSING = {mark: rf"(?<=[^\s([{{—–]){re.escape(mark)}(?!\w)" for mark in set(PAIRS.values())}  # these two are compiled where such a mark stands
EITHER = {mark: f"[{mark}{closing}]" for mark, closing in PAIRS.items()}
PARAGRAPH = re.compile(r"[^\n]+(?:\n(?![ \t\r]*\n)[^\n]+)*")
SHORTEST = 3  # words; shorter ones are terms and titles, not speech
LONGEST = 3000  # code points between two marks


def quoted_speech(text: str, places: Sequence[int] | None = None) -> list[Span]:
    """What is quoted, without its marks, in order of place; of paragraphs in which one of these places stands (code points, in order), or of all."""
    spans: list[Span] = []
    paragraphs = [(m.start(), m.end()) for m in PARAGRAPH.finditer(text)]
    for number, (start, end) in enumerate(paragraphs):
        if places is not None and bisect_left(places, start) == bisect_left(places, end):
            continue
        following = paragraphs[number + 1] if number + 1 < len(paragraphs) else None
        goes_on = following is not None and OPENING.match(text, following[0]) is not None
        spans += _of_paragraph(text, start, end, goes_on)
    return spans


def inside(spans: Sequence[Span], start: int, end: int) -> bool:
    """Whether one of the spans, which are in order and do not overlap, holds all of start..end."""
    at = bisect_right(spans, (start, float("inf"))) - 1
    return at >= 0 and spans[at].end >= end


def merged(spans: list[Span]) -> list[Span]:
    """The spans in order, those that touch as one."""
    result: list[Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1].end:
            result[-1] = Span(result[-1].start, max(end, result[-1].end))
        else:
            result.append(Span(start, end))
    return result


def _of_paragraph(text: str, start: int, end: int, goes_on: bool) -> Iterator[Span]:
    opening = OPENING.search(text, start, end)
    while opening:
        inner = opening.end()
        following, closed = _next(text, opening[0], inner, min(end, inner + LONGEST))
        if closed and len(text[inner:following].split()) >= SHORTEST:
            yield Span(inner, following)
        elif not closed and following == end and goes_on and opening[0] in '“"':
            yield Span(inner, end)
        opening = OPENING.search(text, following, end)


def _next(text: str, mark: str, start: int, end: int) -> tuple[int, bool]:
    """(where the next mark stands that closes the quotation, or opens another; whether it closes); the end if there is none."""
    for match in re.compile(EITHER[mark]).finditer(text, start, end):
        if match[0] == PAIRS[mark] and re.compile(CLOSING[match[0]]).match(text, match.start()):
            return match.start(), True
        if match[0] == mark and OPENING.match(text, match.start()):
            return match.start(), False
    return end, False
