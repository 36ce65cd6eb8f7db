"""Silent cases first."""
from __future__ import annotations

import pytest

from helpers import found, pairs

RULE = "inflection"

SILENT = [
    "It was revealed and is revealing; they have revealed it, had it revealed, and were about to reveal it.",
    "All he did was leave. What we want is win. The best thing to do is wait. The least you can do is try.",
    "It has come to this: they had run, they have put it off, it was cut, it was read and it is set.",
    "It was like this. She was let go. They are like us. It is not like him.",
    "We have power, she has hope and they had fun. He has work to do. We have log data and edit access.",
    "That he be told. That it be so. Be that as it may, be brave. Let it be known.",
    "The will expressed by the voters, a can filled with water, in May reported cases rose; the might used.",
    "Can improved training help? Would increased funding do? How could added noise matter?",
    "It may need to feed them. It can speed up and must succeed. They should exceed it.",
    "It could not only reduce but also improved matters. He would often speak.",
    "Due to reduced demand, owing to increased prices, access to proposed sites; he is used to walks and committed to teaching.",
    "Do not worry. They did not need it. He does not use it. It did not exceed ten.",
    "The parties concerned were told. The people responsible are here. The options available are few.",
    "Ain't it so? He done it, he don't know, and we was robbed, they say.",
    "Our well-being unites us. The site example.is lets you in. Gold is key; silver is plenty.",
]


@pytest.mark.parametrize("text", SILENT)
def test_silent(text: str) -> None:
    assert not found(text, RULE)


FOUND = [
    ("The plan was reveal on Monday.", "was reveal", "was revealed"),
    ("It has take a year.", "has take", "has taken"),
    ("They had not decide yet.", "had not decide", "had not decided"),
    ("It can be see from here.", "be see", "be seen"),
    ("The move will increased the price.", "will increased", "will increase"),
    ("They would making a fuss.", "would making", "would make"),
    ("The minister must explains it.", "must explains", "must explain"),
    ("It helps to reveals the cause.", "to reveals", "to reveal"),
    ("It did not worked at all.", "did not worked", "did not work"),
    ("Cells that blocked several drugs simultaneous were rare.", "drugs simultaneous", "drugs simultaneously"),
    ("The childs were playing.", "childs", "children"),
]


@pytest.mark.parametrize(("text", "excerpt", "original"), FOUND)
def test_found(text: str, excerpt: str, original: str) -> None:
    assert pairs(text, RULE) == [(excerpt, original)]


def test_a_lone_slip_is_below_the_default_threshold() -> None:
    assert all(f.score < 50 for text, _, _ in FOUND for f in found(text, RULE))
