"""Hash tables as bytes give back what was put in, and nothing else."""
from __future__ import annotations

import random

from artifactscan.packing import Pieces, Slots, Words, key


def test_slots_give_back_what_was_put_in() -> None:
    chance = random.Random(1)
    held = {key(chance.randrange(1 << 17), chance.randrange(1 << 17), chance.randrange(1 << 17)): chance.randrange(1, 1 << 16) for _ in range(5000)}
    slots = Slots(memoryview(Slots.pack(held.items(), len(held))))
    wrong = sum(slots.get(hashed) != value for hashed, value in held.items())
    assert wrong <= 5  # two keys of one place and one check are taken for each other
    absent = sum(slots.get(key(chance.randrange(1 << 17), 1 << 17, 3)) != 0 for _ in range(5000))
    assert absent <= 5


def test_words_have_numbers_from_one() -> None:
    words = ["a", "à propos", "green peace", "zebra"]
    held = Words(*map(memoryview, Words.pack(words)))
    assert [held.number(w) for w in words] == [1, 2, 3, 4]
    assert [held.word(n) for n in (1, 2, 3, 4)] == words == list(held)
    assert (held.number("peace"), held.number("\udcff"), len(held)) == (0, 0, 4)


def test_pieces_come_back_by_number() -> None:
    held = Pieces(*map(memoryview, Pieces.pack([b"alpha", b"", "été".encode()])))
    assert list(held) == [b"alpha", b"", "été".encode()]
    assert (len(held), held[2].decode()) == (3, "été")
