"""What a spinner does: the originals that a word or phrase may stand for, with log P(spun | original)."""
from __future__ import annotations

import math
from typing import NamedTuple

from artifactscan.tables import Tables

NATS = math.log(10) / 10  # of one step of a stored probability


class Original(NamedTuple):
    """log P(spun | original) in nats, and whether the pair is a published one."""

    nats: float
    published: bool


class Channel(dict[int, dict[int, Original]]):
    """The substitution table: number of a spun form -> number of each original, likeliest by sound judgement first -> Original."""

    def __init__(self, tables: Tables) -> None:
        self._pairs = tables.view("channel").cast("I")
        self._starts = tables.view("channel-starts").cast("I")

    def __missing__(self, n: int) -> dict[int, Original]:
        packed = self._pairs[self._starts[n] : self._starts[n + 1]]
        found = self[n] = {p >> 8: Original(-NATS * (p & 0x7F), bool(p & 0x80)) for p in packed}
        return found
