"""The built-in lexicon proves itself, and its sources are named."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

from artifactscan.compiled import builtin_entries
from artifactscan.lexicon import Entry, read_entries, write_entries
from artifactscan.model import ArtifactscanError
from artifactscan.proof import disproved, prove_builtin

ROOT = Path(__file__).parents[1]
SLICES = 8


def test_every_entry_has_both_kinds_of_sentences() -> None:
    for entry in builtin_entries():
        assert entry.flags, entry.id
        assert entry.passes, entry.id


@pytest.mark.parametrize("part", range(SLICES))
def test_every_entry_flags_and_passes_its_sentences(part: int) -> None:
    assert [str(p) for p in disproved(builtin_entries()[part::SLICES])] == []


def test_a_wrong_entry_is_disproved() -> None:
    wrong = Entry("a", ("green peace",), ("sustainable peace",), flags=("Greenpeace",), passes=("a green peace",))
    assert [p.what.split("'")[1::2][1] for p in disproved([wrong])] == ["Greenpeace", "a green peace"]
    itself = Entry("b", ("hid model",), ("hidden model",), flags=("a hid model",), passes=("a model",))
    assert "own original" in next(iter(disproved([itself]))).what


def test_entries_survive_writing_and_reading(tmp_path: Path) -> None:
    path = tmp_path / "all.toml"
    entries = builtin_entries()
    path.write_text(write_entries(entries, "all"), encoding="utf-8")
    read, problems = read_entries(path)
    assert not problems
    assert [e._replace(place="") for e in read] == [e._replace(place="") for e in entries]


def test_signs_that_cannot_be_printed_survive(tmp_path: Path) -> None:
    entry = Entry("a", ("green peace",), ("sustainable peace",), passes=("a tag \U000e0001, a nul \0, a line\u2028here",))
    path = tmp_path / "a.toml"
    path.write_text(write_entries([entry], "signs"), encoding="utf-8")
    assert [e._replace(place="") for e in read_entries(path)[0]] == [entry]


def test_every_file_of_the_lexicon_has_its_source() -> None:
    named = set(re.findall(r'"([^"]+)"', " ".join(re.findall(r"^files = .*", (ROOT / "lexicons/SOURCES.toml").read_text(), re.M))))
    for path in (ROOT / "lexicons").rglob("*"):
        if path.is_file() and path.name != "SOURCES.toml":
            assert any(path.relative_to(ROOT / "lexicons").match(pattern) for pattern in named), path


def test_prove_builtin_counts() -> None:
    checked, problems = prove_builtin()
    assert checked == len(builtin_entries())
    assert not problems


def test_a_file_that_is_not_toml_is_told_where_the_format_stands(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("[[phrase]\n", encoding="utf-8")
    with pytest.raises(ArtifactscanError, match=r"not valid TOML.*; mend that place; docs/lexicon.md has the format"):
        read_entries(tmp_path / "a.toml")
