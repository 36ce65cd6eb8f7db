"""Tables as bytes: written once when the lexicon is compiled, read through mmap without being unpacked.

`Slots` maps numbers (hashed n-grams) to 16-bit values, in 32-bit slots with a 16-bit check: an absent n-gram is taken for
a present one about once in 10,000 times.  `Words` numbers words, from 1; 0 is no word.  `Pieces` are strings of bytes by number.
"""
from __future__ import annotations

import array
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any

LOAD = 0.75
MASK = (1 << 64) - 1
STARTS = 1 << 18  # slots that say which two words may begin a phrase
K1, K2, K3 = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9  # odd constants of Fibonacci and xxHash hashing


def key(x: int, y: int, z: int) -> int:
    """A 64-bit hash of an n-gram of word numbers; shorter n-grams begin with zeros."""
    return (((x * K1 ^ y) * K2 ^ z) * K3) & MASK


def start_slot(y: int, z: int) -> int:
    """The slot of the numbers of two words; others may share it."""
    return (y * 0x9E3779B1 + z) % STARTS


class Slots:
    """An open-addressed table.  `get` answers 0 for what is absent; a stored value is never 0."""

    def __init__(self, data: memoryview) -> None:
        self._slots = data.cast("I")
        self._size = self._slots[0]

    def get(self, hashed: int) -> int:
        slots = self._slots
        check = (hashed >> 16 & 0xFFFF) or 1
        i = ((hashed >> 32) * self._size >> 32) + 1
        while slot := slots[i]:
            if slot & 0xFFFF == check:
                return slot >> 16
            i += 1
        return 0

    @staticmethod
    def pack(items: Iterable[tuple[int, int]], count: int) -> bytes:
        """The table of (hash, value from 1 to 65,535) as bytes."""
        size = int(count / LOAD) + 1
        slots = array.array("I", bytes(4 * (size + 1)))
        slots[0] = size
        for hashed, value in items:
            i = ((hashed >> 32) * size >> 32) + 1
            while i < len(slots) and slots[i]:
                i += 1
            filled = value << 16 | ((hashed >> 16 & 0xFFFF) or 1)
            if i < len(slots):
                slots[i] = filled
            else:
                slots.append(filled)
        slots.append(0)
        return _little(slots)


class Words:
    """Numbers for words: a hash table of numbers, and all words in one string, each with a line's end."""

    def __init__(self, table: memoryview, starts: memoryview, letters: memoryview) -> None:
        self._table = table.cast("I")
        self._mask = len(self._table) - 1
        self._starts = starts.cast("I")
        self._letters = letters

    def __len__(self) -> int:
        return len(self._starts) - 1

    def number(self, word: str) -> int:
        """The word's number; 0 if there is none."""
        raw = word.encode("utf-8", "replace") + b"\n"
        i = zlib.crc32(raw) & self._mask
        while n := self._table[i]:
            if self._letters[self._starts[n - 1] : self._starts[n]] == raw:
                return n
            i = i + 1 & self._mask
        return 0

    def __iter__(self) -> Iterator[str]:
        return iter(str(self._letters, "utf-8").split("\n")[:-1])

    def word(self, number: int) -> str:
        return str(self._letters[self._starts[number - 1] : self._starts[number] - 1], "utf-8")

    @staticmethod
    def pack(words: Sequence[str]) -> tuple[bytes, bytes, bytes]:
        """(table, starts, letters) of words; the first has number 1."""
        size = 1 << (2 * len(words)).bit_length()
        table = array.array("I", bytes(4 * size))
        starts = array.array("I", [0])
        letters = bytearray()
        for n, word in enumerate(words, 1):
            raw = word.encode() + b"\n"
            i = zlib.crc32(raw) & size - 1
            while table[i]:
                i = i + 1 & size - 1
            table[i] = n
            letters += raw
            starts.append(len(letters))
        return _little(table), _little(starts), bytes(letters)


class Pieces(Sequence[bytes]):
    """Strings of bytes, one after the other, and where each ends."""

    def __init__(self, data: memoryview, ends: memoryview) -> None:
        self._data = data
        self._ends = ends.cast("I")

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, n: Any) -> Any:
        return bytes(self._data[self._ends[n - 1] if n else 0 : self._ends[n]])

    @staticmethod
    def pack(pieces: Iterable[bytes]) -> tuple[bytes, bytes]:
        """(data, ends) of pieces."""
        held = list(pieces)
        return b"".join(held), _little(array.array("I", accumulate(map(len, held))))


def _little(numbers: array.array[int]) -> bytes:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()
