"""The Problematic Paper Screener's export: what its guards mean is kept."""
from __future__ import annotations

import csv
from pathlib import Path

import pytest

from artifactscan.lexicon import read_entries, write_entries
from artifactscan.model import ArtifactscanError, Document
from artifactscan.scan import Scanner
from artifactscan.screener import read_export
from test_cli import run

EXPORT = '''"Fingerprint - Tortured Phrase","Expected Text","Nb Retrieved Papers"
"""irregular woods""","random forest","12"
"""bosom"" AND ""breast""","breast","13,786"
"""kind disease"" AND (""benign cancer"" OR ""benign tumor"")","benign tumor (BT)","3"
"""attractive stirrer"" NOT ""repulsive""","magnetic stirrer","73"
"""flag clamor""~5","signal to noise","5"
"""highlight withdrawal"" NOT specular","feature extraction","2"
"""exactness, review""","precision, recall","4"
"""odd thing""","???","1"
'''


def test_guards(tmp_path: Path) -> None:
    export, lexicon = tmp_path / "list.csv", tmp_path / "list.toml"
    export.write_text(EXPORT, encoding="utf-8")
    entries, problems = read_export(export)
    assert not problems
    lexicon.write_text(write_entries(entries, "test"), encoding="utf-8")
    assert [e._replace(place="") for e in read_entries(lexicon)[0]] == [e._replace(place="") for e in entries]
    scanner = Scanner(lexicons=[lexicon], only=["known-phrase"])

    def found(text: str) -> list[str]:
        return [f.excerpt for f in scanner.scan(Document("-", text)).findings]

    assert found("An irregular woods was grown.") == ["irregular woods"]
    assert found("Her bosom heaved.") == []
    assert found("Bosom cancer. The breast was examined.") == ["Bosom"]
    assert found("A kind disease, that is a benign tumor.") == ["kind disease"]
    assert found("A kind disease.") == []
    assert found("An attractive stirrer was used.") == ["attractive stirrer"]
    assert found("An attractive stirrer, a repulsive one.") == []
    assert found("The clamor of the flag was low.") == ["clamor of the flag"]
    assert found("A highlight withdrawal step.") == ["highlight withdrawal"]
    assert found("A highlight withdrawal step; specular light.") == []
    assert found("The exactness, review and more.") == ["exactness, review"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "(No such file or directory); name the CSV file that the screener exports"),
        (b"caf\xe9,caf\xe9", "(not UTF-8); export it from the screener as CSV, UTF-8"),
        (b"a,b\n" + b"x" * 200_000, "(not CSV: field larger than field limit (131072)); export it"),
    ],
)
def test_a_file_that_is_no_export(tmp_path: Path, content: bytes | None, message: str) -> None:
    export = tmp_path / "list.csv"
    if content is not None:
        export.write_bytes(content)
    limit = csv.field_size_limit(131_072)  # the default; archives are read with another one
    try:
        with pytest.raises(ArtifactscanError) as caught:
            read_export(export)
    finally:
        csv.field_size_limit(limit)
    assert f"{export}: the list cannot be read {message}" in str(caught.value)


def test_the_abbreviation_is_not_part_of_the_original(tmp_path: Path) -> None:
    export = tmp_path / "list.csv"
    export.write_text(EXPORT, encoding="utf-8")
    assert read_export(export)[0][2].originals == ("benign tumor",)


@pytest.mark.parametrize(
    ("query", "phrases", "required", "forbidden"),
    [
        ('"far cloud" NOT ("rain" OR "snow")', ["far cloud"], (), ("rain", "snow")),
        ('("far cloud" OR "near cloud") AND "computing"', ["far cloud", "near cloud"], ("computing",), ()),
        ('"far cloud" ("rain" OR "snow") NOT "hail"', ["far cloud"], ("rain | snow",), ("hail",)),
        ('"far cloud" OR ("near cloud" OR "odd cloud")', ["far cloud", "near cloud", "odd cloud"], (), ()),
    ],
)
def test_the_operator_before_a_group_says_what_it_means(tmp_path: Path, query: str, phrases: list[str], required: tuple[str, ...], forbidden: tuple[str, ...]) -> None:
    export = tmp_path / "list.csv"
    with open(export, "w", encoding="utf-8", newline="") as f:
        csv.writer(f).writerows([("query", "expected"), (query, "cloud computing")])
    entries, problems = read_export(export)
    assert ([e.spun[0] for e in entries], problems) == (phrases, [])
    assert {(e.in_document, e.not_in_document) for e in entries} == {(required, forbidden)}


def test_a_row_without_a_phrase_is_told(tmp_path: Path) -> None:
    export = tmp_path / "list.csv"
    export.write_text('query,expected\n"NOT ""rain""",cloud\n', encoding="utf-8")
    entries, problems = read_export(export)
    assert (entries, list(map(str, problems))) == ([], [f"{export}:2: a query without a phrase to look for; left out"])


def test_an_import_without_a_phrase_leaves_the_last_one(tmp_path: Path) -> None:
    export, lexicon = tmp_path / "list.csv", tmp_path / "lexicons" / "screener.toml"
    export.write_text(EXPORT, encoding="utf-8")
    assert b"8 phrases written" in run("lexicon", "import", str(export)).stdout
    before = lexicon.read_bytes()
    for broken, message in ((EXPORT.splitlines()[0], "holds no phrase"), (EXPORT + '"""odd thing"" OR ""odd thing 2""","a","1"\n', "id 'pps-odd-thing-2' stands already")):
        export.write_text(broken, encoding="utf-8")
        done = run("lexicon", "import", str(export))
        assert (done.returncode, message in done.stderr.decode(), done.stdout, lexicon.read_bytes()) == (2, True, b"", before)
