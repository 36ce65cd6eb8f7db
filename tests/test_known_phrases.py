"""Matching: what is folded, what stops a match, which conditions hold."""
from __future__ import annotations

from pathlib import Path

import pytest

from artifactscan.model import ArtifactscanError, Document
from artifactscan.scan import Scanner

LEXICON = """
[[phrase]]
id = "artificial-custard"
spun = "counterfeit pudding"
originals = ["artificial custard"]

[[phrase]]
id = "leader"
spun = "forerunner"
originals = ["leader"]
near = ["sign", "reaffirm"]
unless = ["race", "primary"]

[[phrase]]
id = "restoration"
spun = "restitution of * piscine integrity"
originals = ["restoration of piscine integrity"]

[[phrase]]
id = "real-madrid"
spun = "Actual Zaragoza"
originals = ["Real Madrid"]

[[phrase]]
id = "may-day"
spun = "Would perhaps #"
originals = ["May"]

[[phrase]]
id = "benign"
spun = "kind goitre"
originals = ["benign tumour"]
in_document = ["benign tumor | benign tumour"]
not_in_document = ["horoscope"]

[[phrase]]
id = "clustering"
spun = "gatherings zigzagging"
originals = ["clustering"]
within = 4

[[phrase]]
id = "weak"
spun = "in shade of the way that"
originals = ["because"]
reliability = 0.2
"""


@pytest.fixture
def ids(tmp_path: Path):
    path = tmp_path / "test.toml"
    path.write_text(LEXICON, encoding="utf-8")
    scanner = Scanner(lexicons=[path], only=["known-phrase"], min_score=0)

    def ids(text: str) -> list[str]:
        notes = [f.evidence[0].note for f in scanner.scan(Document("-", text)).findings]
        return [n.split("listed as ")[1].split(":")[0] for n in notes]

    return ids


@pytest.mark.parametrize(
    "text",
    [
        "Counterfeit pudding is here.",
        "COUNTERFEIT PUDDING is here.",
        "counterfeit-pudding systems",
        "counterfeit\npudding systems",
        "counter-\nfeit pudding systems",
        "counterfeit-\npudding systems",
        "counter\u00adfeit pud\u00adding systems",
        "“counterfeit pudding”",
        "counterfeit pudding’s rise",
        "counterfiet pudding systems",
    ],
)
def test_folded(ids, text: str) -> None:
    assert ids(text) == ["artificial-custard"]


@pytest.mark.parametrize(
    "text",
    [
        "It was counterfeit. Pudding is another matter.",
        "It was counterfeit\n\nPudding",
        "counterfeit, pudding",
        "pudding counterfeit",
        "counterfeit goods and pudding",
        "counterfeit puddle",
    ],
)
def test_not_matched(ids, text: str) -> None:
    assert ids(text) == []


def test_conditions(ids) -> None:
    assert ids("The two forerunners signed a pact.") == ["leader"]
    assert ids("The two forerunners met. They signed a pact.") == []
    assert ids("The two forerunners signed up for the primary.") == []
    assert ids("A forerunnes signed.") == [], "a single word is never read through a slip of spelling"


def test_the_original_takes_the_number_of_the_match(tmp_path: Path) -> None:
    path = tmp_path / "test.toml"
    path.write_text(LEXICON, encoding="utf-8")
    report = Scanner(lexicons=[path], only=["known-phrase"]).scan(Document("-", "The two forerunners signed a pact."))
    assert report.findings[0].originals[0] == "leaders"


def test_the_original_that_shares_most_words_comes_first() -> None:
    (found,) = Scanner(only=["known-phrase"], min_score=0).scan(Document("-", "Samples were digested in nitric corrosive.")).findings
    assert found.originals[0] == "nitric acid"


def test_lexicons_share_keys_with_the_built_in_one_and_with_each_other(tmp_path: Path) -> None:
    entry = '[[phrase]]\nid = "{}"\nspun = "{}"\noriginals = ["x"]\nreliability = {}\nflags = ["{}"]\npasses = ["No."]\n'
    spun = {"one": "counterfeit consciousness zq", "two": "zq counterfeit consciousness", "three": "zq"}
    paths = [tmp_path / f"{name}.toml" for name in spun]
    for path, (name, phrase) in zip(paths, spun.items(), strict=True):
        path.write_text(entry.format(name, phrase, 0.6 if name == "three" else 0.995, phrase), encoding="utf-8")
    scanner = Scanner(lexicons=paths, only=["known-phrase"])
    text = "It is counterfeit consciousness zq. It is zq counterfeit consciousness. It is counterfeit consciousness."
    for _ in range(2):  # what was met once is known
        found = scanner.scan(Document("-", text)).findings
        assert sorted(f.excerpt for f in found) == ["counterfeit consciousness", "counterfeit consciousness zq", "zq counterfeit consciousness"]
    assert [f.excerpt for f in scanner.scan(Document("-", "Say zq twice.")).findings] == ["zq"]


def test_gaps_numbers_capitals(ids) -> None:
    assert ids("the restitution of Ukraine's piscine integrity") == ["restoration"]
    assert ids("the restitution of piscine integrity") == ["restoration"]
    assert ids("the restitution of the old and lost state of piscine integrity") == []
    assert ids("He joined Actual Zaragoza in 2009.") == ["real-madrid"]
    assert ids("the actual Zaragoza of today") == []
    assert ids("It opened on Would perhaps 20.") == ["may-day"]
    assert ids("It would perhaps open.") == []


def test_a_capital_may_follow_a_gap(tmp_path: Path) -> None:
    entry = '[[phrase]]\nid = "republic"\nspun = "piscine * Republic"\noriginals = ["maritime republic"]\nreliability = 0.9\n'
    path = tmp_path / "test.toml"
    path.write_text(entry + 'flags = ["a piscine old Republic"]\npasses = ["a piscine old republic"]\n', encoding="utf-8")
    scanner = Scanner(lexicons=[path], only=["known-phrase"])
    assert scanner.scan(Document("-", "It was a piscine old Republic.")).findings
    assert not scanner.scan(Document("-", "It was a piscine old republic.")).findings


def test_guards_of_the_document(ids) -> None:
    assert ids("A kind goitre was found.\n\nLater it was called a benign tumour.") == ["benign"]
    assert ids("A kind goitre was found.") == []
    assert ids("A kind goitre. A benign tumor. My horoscope.") == []


def test_words_in_any_order(ids) -> None:
    assert ids("zigzagging of the gatherings was used") == ["clustering"]
    assert ids("zigzagging of all of the very many gatherings was used") == []


def test_weak_entries_count_only_in_company(tmp_path: Path) -> None:
    path = tmp_path / "test.toml"
    path.write_text(LEXICON, encoding="utf-8")
    scanner = Scanner(lexicons=[path])
    weak = "We left in shade of the way that it rained."
    alone = scanner.scan(Document("-", weak))
    company = scanner.scan(Document("-", weak + " The firm has n't paid, their counterparts ‘ efforts were totaling$ 240, and counterfeit pudding rose."))
    assert not alone.findings
    assert any(f.excerpt.startswith("in shade") for f in company.findings)


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("[[phrase]]\nid = 'Bad Id'\nspun = 'x y'\noriginals = ['z']", "kebab-case"),
        ("[[phrase]]\nid = 'a'\nspun = 'x y'", "has no originals"),
        ("[[phrase]]\nid = 'a'\nspun = 'x y'\noriginals = ['z']\nnaer = ['w']", "unknown key 'naer'"),
        ("[[phrase]]\nid = 'a'\nspun = 'x y'\noriginals = ['z']\nreliability = 2", "not between 0 and 1"),
        ("[[phrase]]\nid = 'a'\nspun = '* y'\noriginals = ['z']", "begins or ends with a gap"),
        ("[[phrase]]\nid = 'a'\nspun = 3\noriginals = ['z']", "spun is not strings"),
        ("[[phrase]\n", "not valid TOML"),
        ("x = 1", "nothing but [[phrase]]"),
    ],
)
def test_errors_of_a_lexicon_say_where_and_what(tmp_path: Path, toml: str, message: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(toml, encoding="utf-8")
    with pytest.raises(ArtifactscanError) as error:
        Scanner(lexicons=[path])
    assert message in str(error.value)
    assert str(path) in str(error.value)
