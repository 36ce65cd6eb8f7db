"""Silent cases first."""
from __future__ import annotations

import pytest

from helpers import found, pairs

RULE = "inflection"

SILENT = [
    "It was revealed and is revealing; they have revealed it, had it revealed, and were about to reveal it.",
    "All he did was leave. What we want is win. The best thing to do is wait. The least you can do is try.",
    "They were wed in June, and the well is rid of rats. The trick is keep it short.",
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
    "What they had took a year, who he was became known, the house it had became a ruin, and all he did came to nothing.",
    "Will came home late. They ran, they have run, and it began as it had begun. He bought a saw, to saw wood, and the roses rose.",
    "A kindly man, an early train, their likely fate, a deadly blow, an hourly service, the only way and a daily paper.",
    "The most modest of the most earnest men took more interest; a year or more later, more eager and more clever men came.",
    "It is different than before, other than that, no more useful and robust than this, worse for me than you, easier to read than to write.",
    "Everything they had went up in smoke. The cars we have ran on gas. The doctor she went to gave her pills. The firm he applied to went under.",
    "The can came open, the will gave him the house, and in May came the rain. The way things were drew criticism.",
    "Whether it is depends on the weather. Why it was remains open. How good he is matters. The sort of person she is decides it.",
    "More older people work, more smaller firms hire, and more longer-term plans are made.",
    "There are disconnects in it; what it is makes no difference.",
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
    ("It had already began by May.", "began", "begun"),
    ("They have not chose a site.", "chose", "chosen"),
    ("It may soon became law.", "became", "become"),
    ("She did not came to the talks.", "came", "come"),
    ("He hopes to took part.", "took", "take"),
    ("The price is depends on the weather.", "is depends", "is depended"),
    ("It was a quickly decision.", "quickly decision", "quick decision"),
    ("The happily audience was quiet.", "happily audience", "happy audience"),
    ("The road is more wider here.", "more wider", "wider"),
    ("It was the most easiest of all.", "most easiest", "easiest"),
    ("The new house is big than the old one.", "big than", "bigger than"),
    ("It is important than before.", "important than", "more important than"),
    ("The childs were playing.", "childs", "children"),
]


@pytest.mark.parametrize(("text", "excerpt", "original"), FOUND)
def test_found(text: str, excerpt: str, original: str) -> None:
    assert pairs(text, RULE) == [(excerpt, original)]


def test_a_lone_slip_is_below_the_default_threshold() -> None:
    assert all(f.score < 50 for text, _, _ in FOUND for f in found(text, RULE))
