"""A compiled lexicon that is damaged gives one clear error and its remedy."""
from __future__ import annotations

from pathlib import Path

import pytest

from artifactscan.model import ArtifactscanError
from artifactscan.tables import MAGIC, Tables, write_tables


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_tables(tmp_path / "t.bin", "0123456789abcdef", {"a": b"alpha", "b": b"beta"})
    return tmp_path / "t.bin"


def test_sections_come_back(path: Path) -> None:
    tables = Tables(path)
    assert (tables.fingerprint, tables.section("a"), tables.text("b")) == ("0123456789abcdef", b"alpha", "beta")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda raw: b"", "cannot be opened"),
        (lambda raw: b"something else", "not a compiled lexicon"),
        (lambda raw: raw[: len(MAGIC)] + b"\xff" + raw[len(MAGIC) + 1 :], "format 255"),
        (lambda raw: raw[:-8], "cut short"),
        (lambda raw: raw.replace(b'"sections"', b'"sectionz"'), "header is damaged"),
        (lambda raw: raw.replace(b"beta", b"betX"), "is damaged"),
    ],
)
def test_damage(path: Path, damage, message: str) -> None:
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ArtifactscanError) as error:
        Tables(path).section("b")
    assert message in str(error.value)
    assert "reinstall" in str(error.value)
