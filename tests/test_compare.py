"""`artifactscan compare` and its reports: terminal, HTML and JSON."""
from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from artifactscan.alignment import align
from artifactscan.model import CHANGES, Comparison, Document
from artifactscan.sidebyside import FORMS, render
from helpers import scanner
from test_cli import run

ORIGINAL = "The harbour froze in January. Nobody had expected such an early winter. The council met twice. It was a long and quiet meeting of the <big> board."
COPY = "Nobody had anticipated such a early winter. An expert flew in from Oslo. It was a quiet and long meeting of the <big> board indeed. The harbour froze in January."
TERMINAL = """\
           original.txt | copy.txt

changed    Nobody had [expected] such [an]   | Nobody had [anticipated] such [a]
           early winter.                     | early winter.
           synonym    expected -> anticipated
           residue    an -> a

added                                        | An expert flew in from Oslo.

cut        The council met twice.            |

changed    It was a [long] and [quiet]       | It was a [quiet] and [long]
           meeting of the <big> board.       | meeting of the <big> board
                                             | [indeed].
           reordered  long -> quiet
           reordered  quiet -> long
           added      indeed

reordered  The harbour froze in January.     | The harbour froze in January.

3 of 4 sentences (75%) of copy.txt reused from original.txt
changes: 2 reordered, 1 synonym, 1 residue, 1 added
A sentence is reused when at least half of its words stand in the original's in
the same order, or a third between two reused sentences. Who copied from whom,
and whether that was fair, a comparison cannot tell.
"""


def compared(original: str = ORIGINAL, copy: str = COPY) -> Comparison:
    return align(Document("original.txt", original), Document("copy.txt", copy), scanner().vocabulary)


class Page(HTMLParser):
    """The cells of a page's table, and every tag with its attributes."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._quiet = 0
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._quiet += tag in ("small", "span")
        if tag == "td":
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        self._quiet -= tag in ("small", "span")

    def handle_data(self, data: str) -> None:
        if self.cells and not self._quiet:
            self.cells[-1] += data


def test_terminal() -> None:
    assert render(compared(), "terminal", width=80) == TERMINAL


@pytest.mark.parametrize("width", [60, 100, 140])
def test_terminal_fits_its_width(width: int) -> None:
    long = " ".join([ORIGINAL, "https://example.org/" + "x" * 200, "\x1b[31m and a tab\t here."])
    text = render(compared(long, long.replace("twice", "two times")), "terminal", width=width)
    assert max(map(len, text.splitlines())) <= width
    assert "\x1b" not in text


def test_terminal_in_colour_says_the_same() -> None:
    painted = render(compared(), "terminal", width=80, colour=True)
    plain = re.sub(r"\x1b\[[\d;]*m", "", painted)
    assert [line.rstrip() for line in plain.splitlines()] == TERMINAL.splitlines()
    assert painted != plain


def test_html_holds_both_texts_and_says_every_kind_in_words() -> None:
    page = Page(render(compared(), "html"))
    texts = [" ".join(cell.split()) for cell in page.cells]
    for row in compared().rows:
        assert (ORIGINAL[slice(*row.original)] if row.original else "") in texts
    for sentence in COPY.split(". "):
        assert any(sentence.rstrip(".") in re.sub(r"\s+([.,])", r"\1", text) for text in texts)
    source = render(compared(), "html")
    for c in (c for row in compared().rows for c in row.changes):
        assert re.search(rf'<mark class="{c.kind}">[^<]*<small>{c.kind}</small></mark>', source.replace(" <small>", "<small>"))


def test_html_needs_nothing_and_allows_nothing() -> None:
    source = render(compared("One <script>alert(1)</script> & two.", "One <script>alert(1)</script> & three."), "html")
    page = Page(source)
    policy = next(attrs["content"] for tag, attrs in page.tags if tag == "meta" and attrs.get("http-equiv") == "Content-Security-Policy")
    style = re.search(r"<style>(.*?)</style>", source, re.S)
    assert style and policy
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object"}
    assert not [name for _, attrs in page.tags for name in attrs if name in ("style", "src", "href") or name.startswith("on")]
    assert "url(" not in style[1] and "@import" not in style[1]


@pytest.mark.parametrize("texts", [(ORIGINAL, COPY), ("", COPY), (ORIGINAL, ""), ("", "")], ids=["both", "no original", "no copy", "neither"])
def test_json_is_valid_and_its_spans_are_true(texts: tuple[str, str]) -> None:
    schema = json.loads(resources.files("artifactscan").joinpath("schema/compare-v1.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    report = json.loads(render(compared(*texts), "json"))
    jsonschema.validate(report, schema)
    for row in report["rows"]:
        for part in (row, *row["changes"]):
            for side, text in zip(("original", "copy"), texts, strict=True):
                assert part[side] is None or part[side]["text"] == text[part[side]["start"] : part[side]["end"]]
    assert report["changes"] == {kind: sum(c["kind"] == kind for row in report["rows"] for c in row["changes"]) for kind in CHANGES}


def test_a_dash_is_standard_output(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("It rained all day in the town.", encoding="utf-8")
    assert run("compare", "-o", "-", "a.txt", "a.txt", cwd=tmp_path).stdout == run("compare", "a.txt", "a.txt", cwd=tmp_path).stdout != b""
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_the_command(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ORIGINAL, encoding="utf-8")
    (tmp_path / "b.txt").write_text(COPY, encoding="utf-8")
    (tmp_path / "c.txt").write_bytes(b"\0\0binary")
    a, b, c, out = (str(tmp_path / name) for name in ("a.txt", "b.txt", "c.txt", "out"))
    shown = run("compare", a, b, COLUMNS="80")
    assert (shown.returncode, shown.stdout.decode()[shown.stdout.index(b"changed") :]) == (0, TERMINAL[TERMINAL.index("changed") :].replace("copy.txt", b).replace("original.txt", a))
    for form in FORMS:
        assert run("compare", "--format", form, "-o", out, a, b).returncode == 0
        assert "anticipated" in Path(out).read_text(encoding="utf-8")
    binary = run("compare", a, c)
    assert (binary.returncode, binary.stdout) == (3, b"")
    assert f"{c}: not read (binary".encode() in binary.stderr
    assert run("compare", a, str(tmp_path / "missing.txt")).returncode == 3
    assert run("compare", a, b, "-o", str(tmp_path / "no" / "folder")).returncode == 2
