"""Quotations: what is quoted, what only looks so, and what `--quotes` makes of it."""
from __future__ import annotations

import json
from pathlib import Path

import pytest

from artifactscan.model import ArtifactscanError, Document, Span
from artifactscan.quotes import inside, merged, quoted_speech
from artifactscan.scan import Scanner
from test_cli import run

CASES = [
    # nothing
    ("No marks at all.", []),
    ("It was a “no-limits” pact.", []),  # a term, not speech
    ("The state of on” the Ukraine” and that.", []),
    ("Our counterparts ‘ efforts and some ‘ efforts’ too.", []),
    ("” I and President agree, we should look”, he said.", []),
    ("The workers’ own view and the bosses’ other view of it.", []),
    ("A 5\" pipe and a 6\" pipe of the same make.", []),
    ("It's the dogs' bowl and the cats' bowl.", []),
    ("He said “this is the end of it and left.\n\nThe next paragraph is not quoted.", []),
    ("He said “this is how\n\nit ends here” and left.", []),
    # something
    ("He said “this is the end” and left.", ["this is the end"]),
    ('He said "this is the end," and left.', ["this is the end,"]),
    ("He said ‘this isn’t the end’, and left.", ["this isn’t the end"]),
    ("“He told me ‘go away now’ and I went,” she said.", ["He told me ‘go away now’ and I went,"]),
    ("“One two three.” He paused. “Four five six.”", ["One two three.", "Four five six."]),
    ("“First part of a speech.\n\n“Second part of it,” he said.", ["First part of a speech.", "Second part of it,"]),
    ("He said “this is\nthe end” and left.", ["this is\nthe end"]),
    ("(“this is the end”)", ["this is the end"]),
]


@pytest.mark.parametrize(("text", "quoted"), CASES)
def test_quoted_speech(text: str, quoted: list[str]) -> None:
    assert [text[s:e] for s, e in quoted_speech(text)] == quoted


def test_only_the_paragraphs_asked_for() -> None:
    text = "“We went home early,” she said.\n\nNothing here.\n\n“They came back late,” he said."
    first, last = quoted_speech(text)
    assert quoted_speech(text, [text.index("said")]) == [first]
    assert quoted_speech(text, [text.index("Nothing"), text.rindex("said")]) == [last]
    assert quoted_speech(text, []) == []


def test_inside_and_merged() -> None:
    spans = merged([Span(20, 30), Span(2, 5), Span(4, 9)])
    assert spans == [Span(2, 9), Span(20, 30)]
    assert [inside(spans, s, e) for s, e in ((0, 1), (2, 9), (3, 4), (8, 10), (20, 30), (29, 31), (40, 41))] == [False, True, True, False, True, False, False]


TEXT = "It has n't rained. He said “it has n’t rained here” on Monday."


def test_what_a_quotation_makes_of_a_finding() -> None:
    reports = {quotes: Scanner(min_score=0, quotes=quotes).scan(Document("-", TEXT)) for quotes in ("count", "label", "skip")}
    assert [[f.quoted for f in report.findings] for report in reports.values()] == [[False, True], [False, True], [False]]
    count, label, skip = (report.findings for report in reports.values())
    assert [e.name for e in label[1].evidence] == ["slip", "quoted", "document"]
    assert count[1].score > label[1].score
    assert reports["count"].probability > reports["label"].probability > reports["skip"].probability
    assert label[0].log_odds < count[0].log_odds  # the quoted one vouches half as much
    assert [e.name for e in skip[0].evidence] == ["slip", "document"]


def test_a_wrong_mark_is_not_quoted_by_itself(samples: Path) -> None:
    findings = Scanner().scan(Document("-", (samples / "spun_article.txt").read_text(encoding="utf-8"))).findings
    assert {f.rule for f in findings if f.quoted} <= {"known-phrase"}
    assert all(f.score >= 50 for f in findings if f.excerpt == "frontrunners")


def test_the_option(samples: Path) -> None:
    assert [len(json.loads(run("check", "--format", "json", "--quotes", how, "-", stdin=TEXT.encode()).stdout)["findings"]) for how in ("count", "label", "skip")] == [2, 2, 1]
    assert b"detached-contraction, quoted" in run("check", "-", stdin=TEXT.encode()).stdout
    with pytest.raises(ArtifactscanError, match="no way 'mend'"):
        Scanner(quotes="mend")
