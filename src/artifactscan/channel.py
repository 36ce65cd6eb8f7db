"""What a spinner does: the originals that a word or phrase may stand for, with log P(spun | original)."""
from __future__ import annotations

import math
from itertools import islice, takewhile
from typing import NamedTuple

from artifactscan.packing import start_slot
from artifactscan.tables import Tables

NATS = math.log(10) / 10  # of one step of a stored probability
LOG_P = tuple(-NATS * (packed & 0x7F) for packed in range(256))  # of a packed original
PUBLISHED = 0x80  # set in the packed original of a published pair
LIKELIEST = 8  # of a word's originals that are looked at though nothing attests them
MOST_ROWS = 2_000  # rows kept


class Row(NamedTuple):
    """The originals of one spun form, the published first, then likeliest by sound judgement: {number: PUBLISHED or 0, and the stored probability}."""

    originals: dict[int, int]
    likeliest: frozenset[int]  # of them, and the published ones: they are looked at though nothing attests them


class Channel(dict[int, Row]):
    """The substitution table: number of a spun form -> Row."""

    def __init__(self, tables: Tables) -> None:
        self._pairs = tables.view("channel").cast("I")
        self._starts = tables.view("channel-starts").cast("I")
        self._phrase_starts = tables.view("phrase-starts")

    def longest(self, y: int, z: int) -> int:
        """How many words the longest phrase may have that begins with these two and that the channel holds whole; 0 if there is none."""
        return self._phrase_starts[start_slot(y, z)]

    def __missing__(self, n: int) -> Row:
        if len(self) >= MOST_ROWS:
            del self[next(iter(self))]
        originals = {p >> 8: p & 0xFF for p in self._pairs[self._starts[n] : self._starts[n + 1]]}
        published = len(list(takewhile(PUBLISHED.__le__, originals.values())))
        found = self[n] = Row(originals, frozenset(islice(originals, max(LIKELIEST, published))))
        return found
