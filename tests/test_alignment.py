"""Sentences find their counterparts, and every difference of words gets its kind.  Silent cases first."""
from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest

from artifactscan.alignment import align
from artifactscan.model import Comparison, Document
from helpers import scanner


def aligned(original: str, copy: str) -> Comparison:
    return align(Document("original", original), Document("copy", copy), scanner().vocabulary)


def changes(original: str, copy: str) -> list[tuple[str, str, str]]:
    rows = aligned(original, copy).rows
    return [(c.kind, original[slice(*c.original)], copy[slice(*c.copy)]) for row in rows for c in row.changes]


SAME = [
    ("The ministers met in Trieste.", "The ministers met in Trieste."),
    ("The ministers met\nin Trieste.", "The ministers  met in Trieste."),
    ("He said “no” – twice.", 'He said "no" — twice.'),
    ("It’s a co-opera\u00adtion.", "It's a co-operation."),
    ("An anti-\naircraft gun.", "An anti-aircraft gun."),
    ("It began. But it failed.", "It began. But it failed."),
    ("The harbour froze in deepest\nJanuary.", "The harbour froze in deepest\n\nJanuary."),
]


@pytest.mark.parametrize(("original", "copy"), SAME)
def test_the_same(original: str, copy: str) -> None:
    comparison = aligned(original, copy)
    assert {row.kind for row in comparison.rows} == {"same"}
    assert comparison.reused == comparison.sentences


CHANGED = [
    ("The foreign ministers met in Trieste.", "The strange ministers met in Trieste.", [("synonym", "foreign", "strange")]),
    ("It rests on artificial intelligence alone.", "It rests on counterfeit consciousness alone.", [("synonym", "artificial intelligence", "counterfeit consciousness")]),
    ("A compromise was within reach today.", "A compromise was within arrive at today.", [("synonym", "reach", "arrive at")]),
    ("It lies behind the old mill.", "It lies at the rear of the old mill.", [("synonym", "behind", "at the rear of")]),
    ("He hasn’t met them since.", "He has n’t met them since.", [("residue", "hasn’t", "has n’t")]),
    ("Germany's exports rose by 3.1 percent.", "Germany 's exports rose by 3. 1 percent.", [("residue", "Germany's", "Germany 's"), ("residue", "3.1", "3. 1")]),
    ("It just doesn't work for them.", "It merely does n't work for them.", [("synonym", "just", "merely"), ("residue", "doesn't", "does n't")]),
    ("Trade was totaling $240 billion.", "Trade was totaling$ 240 billion.", [("residue", "totaling $240", "totaling$ 240")]),
    ("The deal was “within reach” then.", "The deal was” within reach” then.", [("residue", "was “within", "was” within")]),
    ("Peace, he said, is near.", "Peace , he said, is near.", [("residue", "Peace,", "Peace ,")]),
    ("It was an early meeting.", "It was a early meeting.", [("residue", "an", "a")]),
    ("They struggle with the West again.", "They struggle with the western again.", [("residue", "West", "western")]),
    ("She opened the red door slowly.", "She opens the red door slowly.", [("residue", "opened", "opens")]),
    ("The theatre in Leeds was full.", "The theater in Leeds was full.", [("residue", "theatre", "theater")]),
    ("They live in the West now.", "They live in the west now.", [("residue", "West", "west")]),
    ("The two frontrunners met again.", "The two front runners met again.", [("residue", "frontrunners", "front runners")]),
    ("Quickly the dog ran to the house.", "The dog ran to the house quickly.", [("reordered", "Quickly", ""), ("reordered", "", "quickly")]),
    ("It was a quiet and long meeting.", "It was a long and quiet meeting.", [("reordered", "quiet", "long"), ("reordered", "long", "quiet")]),
    ("The new bridge was very costly.", "The bridge was very costly indeed.", [("cut", "new", ""), ("added", "", "indeed")]),
]


@pytest.mark.parametrize(("original", "copy", "expected"), CHANGED)
def test_changed(original: str, copy: str, expected: list[tuple[str, str, str]]) -> None:
    assert changes(original, copy) == expected


A, B, C, D = "The harbour froze in January.", "Nobody had expected such an early winter.", "Fishing boats stayed ashore for weeks.", "Prices of cod doubled in town."
SENTENCES = [
    ([A, B, C], [A, B, C], "same same same"),
    ([A, B, C], [A, C], "same cut same"),
    ([A, C], [A, B, C], "same added same"),
    ([A, B], ["Nothing here belongs together.", "Quite different matters arise."], "added added cut cut"),
    ([A, B, C, D], [B, C, D, A], "same same same reordered"),
    ([], [A], "added"),
    ([A], [], "cut"),
    ([], [], ""),
    (["The harbour froze, and nobody had expected it."], ["The harbour froze.", "Nobody had expected it."], "changed"),
    (["The harbour froze.", "Nobody had expected it."], ["The harbour froze, and nobody had expected it."], "changed"),
    ([A, "It wasn't.", C], [A, "It was n't.", C], "same changed same"),
]


@pytest.mark.parametrize(("original", "copy", "kinds"), SENTENCES)
def test_sentences(original: list[str], copy: list[str], kinds: str) -> None:
    comparison = aligned(" ".join(original), " ".join(copy))
    assert " ".join(row.kind for row in comparison.rows) == kinds
    assert comparison.sentences == len(copy)
    assert comparison.reused == sum(row.sentences for row in comparison.rows if row.kind not in ("added", "cut"))


def test_the_labels_of_the_benchmark(samples: Path) -> None:
    """Every lexical artifact is a synonym and every mechanical one residue, but for one in thirty."""
    wrong: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    for line in (samples / "benchmark.jsonl").read_text(encoding="utf-8").splitlines():
        d = json.loads(line)
        if not d["original"]:
            continue
        found = [c for row in aligned(d["original"], d["text"]).rows for c in row.changes]
        for a in d["artifacts"]:
            kinds = {c.kind for c in found if c.copy.start <= a["end"] and a["start"] <= c.copy.end}
            all_[a["type"]] += 1
            wrong[a["type"]] += kinds != {"synonym" if a["type"] == "lexical" else "residue"}
    assert all_["lexical"] > 100
    assert all(wrong[kind] <= all_[kind] / 30 for kind in all_)


def test_rows_cover_both_texts(samples: Path) -> None:
    """Every word of either text stands in one row, whatever was done to it."""
    words = (samples / "spun_article.txt").read_text(encoding="utf-8").split()[:400]
    chance = random.Random(4)
    copy = [chance.choice(words) if chance.random() < 0.3 else w for w in words if chance.random() < 0.9]
    original, other = " ".join(words), " ".join(copy)
    rows = aligned(original, other).rows
    assert sum(len(original[slice(*r.original)].split()) for r in rows if r.original) == len(words)
    assert sum(len(other[slice(*r.copy)].split()) for r in rows if r.copy) == len(copy)
    for row in rows:
        for c in row.changes:
            assert row.original and row.original.start <= c.original.start <= c.original.end <= row.original.end
            assert row.copy and row.copy.start <= c.copy.start <= c.copy.end <= row.copy.end
