"""What holds for any text and any bytes."""
from __future__ import annotations

import json
from pathlib import Path
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

import artifactscan.scan
import artifactscan.text
from artifactscan.model import Document
from artifactscan.readers import read_bytes
from artifactscan.readers.plain import Unreadable
from artifactscan.reporters import REPORTERS, render
from artifactscan.text import Text
from helpers import scanner

PIECES = st.sampled_from(
    ["has n't", "a early", "counterparts ‘ efforts", "totaling$ 240", "on” the state”", "two nation.", "{big|large}", "İstanbul", "ﬁne", "co\u00adop", "well-\nknown", "\r\n", "\n\n", " , ", "$ 3", '"', "”", "“", "word"]
)
TEXT = st.one_of(st.text(max_size=200), st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=40).map(" ".join))


@given(TEXT)
@settings(max_examples=300, deadline=None)
def test_findings_are_where_they_say(text: str) -> None:
    report = scanner().scan(Document("-", text))
    last = 0
    for f in report.findings:
        assert text[f.start : f.end] == f.excerpt
        assert f.start >= last
        last = f.end
        assert text.count("\n", 0, f.start) + 1 == f.line
        assert f.start - (text.rfind("\n", 0, f.start) + 1) + 1 == f.column
        assert f.originals
    whole = scanner().report([report])
    scores = [f.score for _, _, f in whole.ranked()]
    assert scores == sorted(scores, reverse=True)
    json.loads(render(whole, "json"))
    render(whole, "terminal", explain=True)


@given(TEXT, st.text(max_size=20))
@settings(max_examples=50, deadline=None)
def test_every_format_holds_any_text(text: str, path: str) -> None:
    whole = scanner().report([scanner().scan(Document(path, text))._replace(text=text)])
    for form in REPORTERS:
        render(whole, form).encode()


@given(TEXT)
@settings(max_examples=200, deadline=None)
def test_tokens_and_spans_agree(text: str) -> None:
    for passage in Text(text, scanner().vocabulary.tokens).passages():
        assert len(passage.tokens) == len(passage.spans) == len(passage.letters)
        if not passage.broken and len(passage.text.lower()) == len(passage.text):
            written = (passage.surface(i) for i in range(len(passage.spans)))
            assert passage.tokens == [artifactscan.text.PARAGRAPH if w.isspace() else w.lower().replace("’", "'") for w in written]


@given(TEXT, st.integers(1, 5))
@settings(max_examples=100, deadline=None)
def test_findings_are_the_same_however_many_passages_are_read_at_a_time(text: str, passages: int) -> None:
    with patch.object(artifactscan.text, "PASSAGE_LENGTH", 30):
        as_always = scanner().scan(Document("-", text))
        with patch.object(artifactscan.scan, "BATCH", passages):
            assert scanner().scan(Document("-", text)) == as_always


@given(st.text(alphabet="ab \n\u00a0-", max_size=40), st.integers(1, 7))
def test_words_are_counted_alike_in_pieces_of_any_length(text: str, piece: int) -> None:
    with patch.object(artifactscan.text, "PIECE", piece):
        assert artifactscan.text.count_words(text) == len(text.split())


@given(st.binary(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        document = read_bytes(raw, "-")
    except Unreadable as error:
        assert str(error)
    else:
        scanner().scan(document)


def test_long_lines_are_cut_into_passages() -> None:
    text = "A sentence of some words stands here. " * 3000 + "It has n't ended."
    assert "".join(p.text for p in Text(text).passages()) == text
    assert [f.excerpt for f in scanner().scan(Document("-", text)).findings] == ["has n't"]


def test_wrapped_lines_are_not_cut_inside_a_sentence() -> None:
    text = "It was said that all of\nthe old machines of this\nsmall town were sold. " * 200
    assert {p.text.rstrip()[-5:] for p in Text(text).passages()} == {"sold."}


def test_samples_folder_is_clean_where_it_should_be(samples: Path) -> None:
    for name in ("clean_news.txt", "clean_abstract.txt"):
        report = scanner().scan(Document(name, (samples / name).read_text(encoding="utf-8")))
        assert report.verdict == "clean"
        assert not [f for f in report.findings if f.score >= 50]
