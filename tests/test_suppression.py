"""Comments that say a finding is meant."""
from __future__ import annotations

import json
from datetime import date
from importlib import resources
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifactscan.model import Finding
from artifactscan.suppression import Comment, read_comments, without_comments
from test_cli import run

SPUN = "It has n't rained."  # one finding, of detached-contraction


def lines_of(source: str) -> list[tuple[int, int]]:
    return [(c.first, c.last) for c in read_comments(source)]


@pytest.mark.parametrize(
    "text",
    [
        "# artifactscan: a detector of spun text",  # a heading
        "[artifactscan: what it is](index.html)",
        "50\\% artifactscan: ignore",  # a percent sign of LaTeX
        "See artifactscan: ignore is a word of it.",
        "<!-- artifactscan ignore -->",
        "text .. artifactscan: ignore",
    ],
)
def test_no_comment(text: str) -> None:
    assert read_comments(text) == []
    assert without_comments(text) == text


@pytest.mark.parametrize(
    "line",
    [
        "Text. <!-- artifactscan: ignore -->",
        "<!--artifactscan:ignore-->Text.",
        "Text. % artifactscan: ignore",
        "Text. %% artifactscan: ignore\r",
        "Text. # artifactscan: ignore",
        "Text. // artifactscan: ignore the reason",
        "Text. [artifactscan: ignore]",
        "Text. [artifactscan: ignore[article] the reason] More.",
    ],
)
def test_same_line(line: str) -> None:
    assert lines_of(f"Before.\n{line}\nAfter.") == [(2, 2)]
    assert "artifactscan" not in without_comments(line)
    assert len(without_comments(line)) == len(line)


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("<!-- artifactscan: ignore -->\nText.", [(2, 2)]),
        (".. artifactscan: ignore\n\n\nText.", [(4, 4)]),
        ("> <!-- artifactscan: ignore -->\n> Text.", [(2, 2)]),
        ("# artifactscan: ignore\n# artifactscan: ignore\nText.", [(3, 3), (3, 3)]),
        ("Text.\n% artifactscan: ignore\n", [(2, 2)]),
        ("% artifactscan: ignore-start\nText.\n% artifactscan: ignore-end", [(1, 3)]),
        ("% artifactscan: ignore-start\n% artifactscan: ignore-start\nText.\n% artifactscan: ignore-end\n% artifactscan: ignore-end", [(1, 5), (2, 4)]),
    ],
)
def test_next_line_and_blocks(source: str, lines: list[tuple[int, int]]) -> None:
    assert lines_of(source) == lines
    assert not any(c.fault for c in read_comments(source))


@pytest.mark.parametrize(
    ("body", "rules", "reason", "until"),
    [
        ("ignore", set(), "", None),
        ("ignore[article]", {"article"}, "", None),
        ("ignore [article, spintax] a quotation", {"article", "spintax"}, "a quotation", None),
        ("ignore: a quotation until 2027-01-31", set(), "a quotation", date(2027, 1, 31)),
        ("ignore until 2027-01-31 (it is quoted).", set(), "it is quoted", date(2027, 1, 31)),
        ("ignore until we know", set(), "until we know", None),
    ],
)
def test_parts(body: str, rules: set[str], reason: str, until: date | None) -> None:
    (comment,) = read_comments(f"<!-- artifactscan: {body} -->")
    assert (comment.rules, comment.reason, comment.until, comment.fault) == (rules, reason, until, "")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("<!-- artifactscan: ignroe -->", "'ignroe' is no instruction"),
        ("<!-- artifactscan: -->", "'' is no instruction"),
        ("<!-- artifactscan: ignore until 2027-02-30 -->", "'2027-02-30' is no day"),
        ("<!-- artifactscan: ignore until 31.1.2027 -->", "'31.1.2027' is no day"),
        ("% artifactscan: ignore-start", "is closed by no ignore-end"),
        ("% artifactscan: ignore-end", "closes nothing"),
    ],
)
def test_faults(source: str, message: str) -> None:
    (comment,) = read_comments(source)
    assert message in comment.fault


def test_problems() -> None:
    def kind(comment: Comment, require_reason: bool = False) -> str:
        problem = comment.problem(today=date(2027, 1, 31), rules={"article"}, require_reason=require_reason)
        return problem[0] if problem else ""

    plain = Comment(1, 1, 1)
    assert kind(plain) == ""
    assert kind(plain._replace(until=date(2027, 1, 31))) == ""
    assert kind(plain._replace(reason="quoted"), require_reason=True) == ""
    assert kind(plain._replace(until=date(2027, 1, 30))) == "expired"
    assert kind(plain, require_reason=True) == "no-reason"
    assert kind(plain._replace(rules=frozenset({"artcle"}))) == "faulty"
    assert kind(plain._replace(fault="anything")) == "faulty"


def test_covers() -> None:
    finding = Finding("article", 0, 9, (), (), line=3, end_line=4)
    assert not Comment(1, 1, 2).covers(finding)
    assert not Comment(3, 3, 3, frozenset({"spintax"})).covers(finding)
    assert Comment(3, 3, 3, frozenset({"article"})).covers(finding)
    assert Comment(4, 4, 4).covers(finding)  # it ends there
    pageless = finding._replace(line=0)
    assert not Comment(3, 1, 9).covers(pageless)
    assert read_comments("<!-- artifactscan: ignore-file -->")[0].covers(pageless)


def test_a_comment_alone_does_not_part_its_paragraph() -> None:
    assert without_comments("one\n% artifactscan: ignore\ntwo\n") == "one\n" + " " * 23 + "two\n"


def test_comments_are_no_prose() -> None:
    text = "Words here. <!-- artifactscan: ignore it has n't a {big|large} reason -->\n" + "% artifactscan: ignore it has n't\n"
    report = json.loads(run("check", "--min-score", "0", "--format", "json", "-", stdin=text.encode()).stdout)
    assert report["documents"][0]["words"] == 2
    assert report["findings"] == []


@given(st.lists(st.sampled_from(["<!--", "-->", "artifactscan:", " ignore", "[", "]", "%", "..", "#", "//", "-start", "-end", " until 2027-01-31", "word ", "\n", "\r\n", " "])))
def test_comments_are_spaces_and_nothing_else_changes(parts: list[str]) -> None:
    text = "".join(parts)
    bare = without_comments(text)
    assert len(bare) == len(text)
    assert all(new in (" ", old) for old, new in zip(text, bare, strict=True))
    assert all(1 <= c.line <= text.count("\n") + 1 for c in read_comments(text))


@pytest.mark.parametrize(
    ("part", "comments"),
    [("<!--artifactscan:", 0), ("%", 1), ("%%artifactscan:ignore", 1), ("#", 0), ("/", 0), ("[artifactscan:ignore", 0), ("[artifactscan:ignore[]", 0), ("[artifactscan:ignore]", 5_000), ("<!-- ", 0)],
)  # fmt: skip
def test_a_hostile_line(part: str, comments: int) -> None:
    """Read in one pass: from every place anew it would take minutes."""
    assert len(read_comments(part * 5_000 + "%" * 100_000 * (part == "%") + " artifactscan:")) == comments


def check(tmp_path: Path, text: str, *options: str) -> tuple[int, list[int], list[tuple[int, str]], dict[str, int]]:
    """(exit code, lines of findings, (line, kind) of notices, left out) of a text."""
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    done = run("check", "--format", "json", *options, "a.md", cwd=tmp_path)
    report = json.loads(done.stdout)
    return done.returncode, [f["line"] for f in report["findings"]], [(n["line"], n["kind"]) for n in report.get("notices", [])], report.get("left_out", {})


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        (SPUN, (), (1, [1], [], {})),
        (f"{SPUN} <!-- artifactscan: ignore -->", (), (0, [], [], {"ignored": 1})),
        (f"<!-- artifactscan: ignore[detached-contraction] -->\n{SPUN}", (), (0, [], [], {"ignored": 1})),
        (f"{SPUN} <!-- artifactscan: ignore[article] -->", (), (1, [1], [(1, "unused")], {})),
        (f"{SPUN} <!-- artifactscan: ignore[artcle] -->", (), (1, [1], [(1, "faulty")], {})),
        (f"{SPUN} <!-- artifactscan: ignore until 2001-01-31 -->", (), (1, [1], [(1, "expired")], {})),
        (f"{SPUN} <!-- artifactscan: ignore until 9999-01-31 -->", (), (0, [], [], {"ignored": 1})),
        (f"{SPUN} <!-- artifactscan: ignore -->", ("--require-reason",), (1, [1], [(1, "no-reason")], {})),
        (f"{SPUN} <!-- artifactscan: ignore quoted -->", ("--require-reason",), (0, [], [], {"ignored": 1})),
        (f"% artifactscan: ignore-start\n\n{SPUN}\n\n% artifactscan: ignore-end\n", (), (0, [], [], {"ignored": 1})),
        ("She wrote about counterfeit\nconsciousness. <!-- artifactscan: ignore -->", (), (0, [], [], {"ignored": 1})),
        (f"{SPUN} Write `<!-- artifactscan: ignore -->` or `` [artifactscan: ignore-file] ``.", (), (1, [1], [], {})),
        (f"{SPUN}\n\n~~~\n<!-- artifactscan: ignore-file -->\n~~~\n\n    # artifactscan: ignore-file\n", (), (1, [1], [], {})),
        (f"{SPUN} `code` <!-- artifactscan: ignore `quoted` -->", (), (0, [], [], {"ignored": 1})),
        (f"{SPUN}\n\n% artifactscan: ignore-file\n", (), (0, [], [], {"ignored": 1})),
        ("All is well. <!-- artifactscan: ignore -->", (), (0, [], [(1, "unused")], {})),
        ("All is well. <!-- artifactscan: ignore -->", ("--only", "article"), (0, [], [], {})),  # its rules were not all asked
    ],
)  # fmt: skip
def test_check(tmp_path: Path, text: str, options: tuple[str, ...], expected: object) -> None:
    assert check(tmp_path, text, *options) == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "# A *dry* year\n\nIt has *n't* rained. <!-- artifactscan: ignore -->\n\nIt was n't so.\n"),
        ("a.html", "<h1>A dry year</h1>\n<!-- artifactscan: ignore -->\n<p>It has <b>n't</b> rained.</p>\n<p>It was n't so.</p>\n"),
        ("a.tex", "\\section{A dry year}\n\nIt has \\emph{n't} rained. % artifactscan: ignore\n\nIt was n't so.\n"),
        ("a.rst", "A dry year\n==========\n.. artifactscan: ignore\n\nIt has *n't* rained.\n\nIt was n't so.\n"),
    ],
)
def test_comments_of_documents_with_markup(tmp_path: Path, name: str, text: str) -> None:
    """The reader leaves them out of the text; they are read from the source."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    report = json.loads(run("check", "--format", "json", name, cwd=tmp_path).stdout)
    assert [f["line"] for f in report["findings"]] == [text.count("\n")]
    assert (report["left_out"], report.get("notices")) == ({"ignored": 1}, None)


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.md", f"{SPUN}\n\n<!-- artifactscan: ignore-file -->\n".encode("utf-16")),
        ("a.html", f"<meta charset=shift_jis><p>{SPUN} 、 <!-- artifactscan: ignore-file -->".encode("shift_jis")),
    ],
)
def test_comments_are_read_in_the_encoding_of_their_document(tmp_path: Path, name: str, raw: bytes) -> None:
    (tmp_path / name).write_bytes(raw)
    report = json.loads(run("check", "--format", "json", name, cwd=tmp_path).stdout)
    assert (report["findings"], report["skipped"], report.get("left_out")) == ([], [], {"ignored": 1})


def test_what_is_ignored_does_not_count_for_the_document(samples: Path) -> None:
    text = (samples / "spun_article.txt").read_text(encoding="utf-8") + "\n[artifactscan: ignore-file]\n"
    report = json.loads(run("check", "--format", "json", "-", stdin=text.encode()).stdout)
    assert report["findings"] == []
    assert report["documents"][0]["verdict"] == "clean"


def test_notices_and_what_is_left_out_are_valid_json(tmp_path: Path) -> None:
    schema = json.loads(resources.files("artifactscan").joinpath("schema/report-v1.json").read_text(encoding="utf-8"))
    text = f"{SPUN} # artifactscan: ignore\n\n# artifactscan: ignore[artcle]\n"
    report = json.loads(run("check", "--format", "json", "-", stdin=text.encode()).stdout)
    jsonschema.validate(report, schema)
    assert (len(report["notices"]), report["left_out"]) == (1, {"ignored": 1})


def test_notices_are_told_in_the_terminal(tmp_path: Path) -> None:
    done = run("check", "-", stdin=f"{SPUN} # artifactscan: ignore until 2001-01-31".encode())
    assert done.stderr.decode() == "-:1: artifactscan comment: expired on 2001-01-31; mend the text or give a later day\n"
    assert b"left out: 1 ignored" in run("check", "-", stdin=f"{SPUN} # artifactscan: ignore".encode()).stdout
