"""Settings: where they are found, what they may hold, which one holds."""
from __future__ import annotations

import json
from pathlib import Path

import pytest

from artifactscan import config
from artifactscan.commands.check import check
from artifactscan.commands.settings import find, kinds
from artifactscan.detectors import RULES
from artifactscan.model import ArtifactscanError, Finding
from helpers import loaded
from test_cli import run

SPUN = "It has n't rained. A counterfeit consciousness came."  # two findings
BOTH = ["counterfeit consciousness", "has n't"]


@pytest.fixture(autouse=True)
def in_an_empty_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)


def write(name: str, content: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def excerpts(*args: str) -> list[str]:
    done = run("check", "--format", "json", *args, cwd=Path.cwd())
    assert done.returncode in (0, 1), done.stderr
    return sorted(f["excerpt"] for f in json.loads(done.stdout)["findings"])


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({}, None),
        ({"pyproject.toml": "[project]\nname = 'artifactscan'"}, None),
        ({"below/artifactscan.toml": ""}, None),
        ({"artifactscan.toml": ""}, "artifactscan.toml"),
        ({"pyproject.toml": "[tool.artifactscan]"}, "pyproject.toml"),
        ({"artifactscan.toml": "", "pyproject.toml": "[tool.artifactscan]"}, "artifactscan.toml"),
        ({"artifactscan.toml": "", "here/pyproject.toml": "[tool.artifactscan]"}, "here/pyproject.toml"),
        ({"artifactscan.toml": "", "here/.git/HEAD": ""}, None),  # another repository
    ],
)
def test_find(files: dict[str, str], found: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, content in files.items():
        write(name, content)
    Path("here").mkdir(exist_ok=True)
    monkeypatch.chdir("here")
    assert find() == (tmp_path / found if found else None)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("min_score = 3", "a.toml:1: there is no setting 'min_score'; did you mean 'min-score'?"),
        ("\nzzzzzz = 1", "a.toml:2: there is no setting 'zzzzzz'; there are format, output, min-score"),
        ("top = 0.5", "a.toml:1: top is not a whole number"),
        ("top = true", "a.toml:1: top is not a whole number"),
        ("min-score = '70'", "a.toml:1: min-score is not a number"),
        ("only = [1]", "a.toml:1: only is not a string or a list of strings"),
        ("explain = 'yes'", "a.toml:1: explain is not true or false"),
        ("overrides = 3", "a.toml:1: overrides is no list of tables; write [[overrides]] above each"),
        ("[[overrides]]\nmin-score = 3", "a.toml:1: [[overrides]] has no paths; add paths = ..."),
        ("[[overrides]]\npaths = 'a'\n[[overrides]]\npaths = 'b'\nformat = 'json'", "a.toml:5: format cannot be set in [[overrides]]; there are paths, min-score"),
        ("[[overrides]]\npaths = 'a'\nmin-scor = 3", "a.toml:3: there is no setting 'min-scor'; did you mean 'min-score'?"),
        ("[[allow]]\nphrase = 'green peace'", "a.toml:1: [[allow]] has no reason; add reason = ..."),
        ("[[allow]]\nphrase = 3\nreason = 'a'", "a.toml:2: phrase is not a string"),
        ("[[allow]]\nphrase = ' '\nreason = 'ours'", "a.toml:2: phrase is empty; write what it should hold, or take [[allow]] out"),
        ("[[allow]]\nphrase = 'green peace'\nreason = ''", "a.toml:3: reason is empty"),
        ("[[overrides]]\npaths = []\nmin-score = 3", "a.toml:2: paths is empty"),
        ("# a line\u2028and its end\nb = 2", "a.toml:2: there is no setting 'b'"),
        ("min-score = ", "a.toml: not valid TOML"),
        ("a = 1\nb = 2", "a.toml:2: there is no setting 'b'"),
    ],
)
def test_mistakes(content: str, message: str) -> None:
    with pytest.raises(ArtifactscanError) as caught:
        config.load(write("a.toml", content), kinds(check))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("min-score = 170", "artifactscan.toml:1: min-score: 170.0 is not in the range"),
        ("min-score = nan", "artifactscan.toml:1: min-score: nan is not a finite number"),
        ("only = ['known-phrase', 'artcle']", "artifactscan.toml:1: only: there is no rule 'artcle'; did you mean 'article'?"),
        ("[[overrides]]\npaths = 'a'\nignore = 'zzzzzz'", "artifactscan.toml:3: ignore: there is no rule 'zzzzzz'; there are known-phrase, "),
        ("format = 'jsn'", "artifactscan.toml:1: format: 'jsn' is not one of"),
        ("min_score = 3", "artifactscan.toml:1: there is no setting"),
        ("[[overrides]]\npaths = 'a'\nfail-on = -1", "artifactscan.toml:3: fail-on: -1.0 is not in the range"),
    ],
)
def test_mistakes_on_the_command_line(content: str, message: str) -> None:
    write("artifactscan.toml", content)
    done = run("check", "-", cwd=Path.cwd())
    assert (done.returncode, done.stdout) == (2, b"")
    assert message in done.stderr.decode()
    assert run("check", "--no-config", "-", cwd=Path.cwd()).returncode == 0


def test_a_file_that_is_not_there() -> None:
    done = run("check", "--config", "no.toml", "-", cwd=Path.cwd())
    assert (done.returncode, b"no.toml: the configuration cannot be read" in done.stderr) == (2, True)


def test_a_pyproject_without_the_table() -> None:
    write("below/pyproject.toml", "[project]\nname = 'x'  # [tool.artifactscan] would stand here")
    done = run("check", "--config", "below/pyproject.toml", "-", cwd=Path.cwd())
    assert (done.returncode, b"below/pyproject.toml: no settings in it; write them below [tool.artifactscan]" in done.stderr) == (2, True)
    assert run("check", "-", cwd=Path("below")).returncode == 0


def test_a_configuration_and_none() -> None:
    write("artifactscan.toml", "min-score = 60")
    for args in (("--config", "artifactscan.toml", "--no-config"), ("--no-config", "--config", "artifactscan.toml")):
        done = run("check", *args, "-", cwd=Path.cwd())
        assert (done.returncode, b"--config and --no-config contradict each other; give one of them" in done.stderr) == (2, True)


def test_settings_hold_and_the_command_line_wins() -> None:
    write("a.txt", SPUN)
    assert excerpts("a.txt") == BOTH
    write("artifactscan.toml", "only = 'known-phrase'")
    assert excerpts("a.txt") == BOTH[:1]
    assert excerpts("--only", "detached-contraction", "a.txt") == BOTH[1:]
    assert excerpts("--no-config", "a.txt") == BOTH
    assert excerpts("--config", str(write("more/c.toml", "min-score = 100")), "a.txt") == []


def test_pyproject_and_a_lexicon_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    write("lists/own.toml", '[[phrase]]\nid = "a"\nspun = "zigzag banana"\noriginals = ["fruit"]\nflags = ["a zigzag banana"]\npasses = ["a banana"]\n')
    write("pyproject.toml", "[project]\nname = 'x'\n[tool.artifactscan]\nlexicon = 'lists/own.toml'\n")
    write("below/a.txt", "A zigzag banana fell.")
    monkeypatch.chdir("below")
    assert excerpts("a.txt") == ["zigzag banana"]
    assert b"zigzag banana" in run("explain", "a.txt:1", cwd=Path.cwd()).stdout


def test_overrides() -> None:
    write("artifactscan.toml", "[[overrides]]\npaths = ['drafts/**', '*.md']\nonly = 'known-phrase'\nfail-on = 100\n[[overrides]]\npaths = 'drafts/late/'\nonly = []\n")
    for name in ("a.txt", "a.md", "drafts/a.txt", "drafts/late/a.txt"):
        write(name, SPUN)
    assert excerpts("a.txt") == BOTH
    assert excerpts("a.md") == excerpts("drafts/a.txt") == BOTH[:1]
    assert excerpts("drafts/late/a.txt") == BOTH
    assert excerpts("--only", "detached-contraction", "a.md") == BOTH[1:]
    assert len(excerpts(".")) == 6
    assert run("check", "a.md", cwd=Path.cwd()).returncode == 0
    assert run("check", "a.md", "a.txt", cwd=Path.cwd()).returncode == 1
    assert run("check", "--fail-on", "50", "a.md", cwd=Path.cwd()).returncode == 1


def test_a_run_without_rules_is_refused_and_a_file_without_rules_is_not_read() -> None:
    write("a.txt", SPUN)
    write("drafts/a.txt", SPUN)
    for content, args in (("", ("--only", "article", "--ignore", "article")), ("ignore = 'article'", ("--only", "article")), (f"ignore = {list(RULES)}", ())):
        write("artifactscan.toml", content)
        for command in ("check", "explain"):
            done = run(command, *args, "a.txt:1" if command == "explain" else "a.txt", cwd=Path.cwd())
            assert (done.returncode, done.stdout, b"artifactscan: no rule is left, since ignore takes away " in done.stderr) == (2, b"", True), done.stderr
    write("artifactscan.toml", "[[overrides]]\npaths = 'drafts/'\nignore = 'known-phrase'")
    assert excerpts("--only", "known-phrase", ".") == BOTH[:1]


@pytest.mark.parametrize(
    ("phrase", "paths", "left"),
    [
        ("Counterfeit  Consciousness", "", BOTH[1:]),
        ("has n’t", "", BOTH[:1]),
        ("a counterfeit consciousness came", "", BOTH[1:]),
        ("counterfeit", "", BOTH),
        ("no counterfeit consciousness", "", BOTH),
        ("has n't", "paths = ['b.txt']", BOTH),
        ("has n't", "paths = ['*.txt']", BOTH[:1]),
    ],
)
def test_allow(phrase: str, paths: str, left: list[str]) -> None:
    write("a.txt", SPUN)
    write("artifactscan.toml", f'[[allow]]\nphrase = "{phrase}"\nreason = "ours"\n{paths}')
    assert excerpts("a.txt") == left


def test_an_allowed_phrase_over_a_line_end() -> None:
    allowed = config.Allowed("has n't rained", "quoted", (), "")
    text = "It has\n  n’t rained. It has n't snowed."
    assert allowed.covers(Finding("r", 3, 12, (), ()), text)
    assert not allowed.covers(Finding("r", 24, 31, (), ()), text)


def test_config_show() -> None:
    write("artifactscan.toml", "min-score = 40\n\n[[overrides]]\npaths = 'drafts/**'\nmin-score = 80\n[[allow]]\nphrase = 'green peace'\nreason = 'ours'\n")

    def shown(*args: str) -> list[list[str]]:
        return [line.split(maxsplit=2) for line in run("config", "show", *args, cwd=Path.cwd()).stdout.decode().splitlines()]

    general = shown("--fail-on", "90")
    assert ["explain", "false", "default"] in general
    assert ["min-score", "40.0", "artifactscan.toml:1"] in general
    assert ["fail-on", "90.0", "command line"] in general
    assert ["min-score", "80.0", "artifactscan.toml:5, for drafts/**"] in general
    assert general[-1] == ["allow", '"green', 'peace"            artifactscan.toml:6: ours']
    assert ["min-score", "80.0", "artifactscan.toml:5"] in shown("drafts/a.txt")
    assert ["min-score", "50.0", "default"] in shown("--no-config")
    assert {row[0] for row in general} - {"allow"} == set(kinds(check))


def test_without_a_file_nothing_is_loaded(samples: Path) -> None:
    unneeded = {"tomllib", "tomli", "pathspec", "rapidfuzz", "subprocess"} | {f"artifactscan.{m}" for m in ("config", "suppression", "baseline", "changed")}
    assert not loaded("check", str(samples / "clean_news.txt")) & unneeded


def test_a_configuration_is_called_as_it_was_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = write("below/a.txt", SPUN).parent
    write("artifactscan.toml", f"baseline = '{tmp_path}/no.tsv'")
    for args, message in (
        (("--config", str(tmp_path / "no.toml")), f"artifactscan: {tmp_path}/no.toml: the configuration cannot be read"),
        (("--config", "../no.toml"), "artifactscan: ../no.toml: the configuration cannot be read"),
        ((), f"artifactscan: {tmp_path}/no.tsv: the baseline cannot be read"),
    ):
        done = run("check", "a.txt", *args, cwd=below)
        assert (done.returncode, done.stderr.decode().startswith(message)) == (2, True), done.stderr
    write("artifactscan.toml", "min_score = 3")
    assert run("check", "a.txt", cwd=below).stderr.startswith(b"artifactscan: ../artifactscan.toml:1: there is no setting")
