"""The same article in every format (tests/documents/, made by tools/compare_formats.py) says what the plain text says; damaged, it is read or refused."""
from __future__ import annotations

import importlib.util
from itertools import islice
from pathlib import Path
from types import ModuleType

import pytest

from artifactscan.model import Document
from artifactscan.readers import READERS, Unreadable, read, read_bytes
from artifactscan.scan import Scanner

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted((ROOT / "tests" / "documents").iterdir())
LEAST_FOUND = 0.95


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    return Scanner()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_every_format_says_the_same(path: Path, samples: Path, scanner: Scanner) -> None:
    wordings = tool("compare_formats").wordings
    plain = scanner.scan(Document("-", (samples / "spun_article.txt").read_text(encoding="utf-8")))
    report = scanner.scan(read(path))
    wanted, got = wordings(plain.findings), wordings(report.findings)
    assert (wanted & got).total() >= LEAST_FOUND * wanted.total()
    assert not got - wanted
    assert report.verdict == plain.verdict
    assert all(f.line or f.place for f in report.findings)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.name)
def test_damaged_documents_are_read_or_refused(path: Path, scanner: Scanner) -> None:
    for raw in islice(tool("fuzz_readers").mutations(path.read_bytes(), 7), 30):
        try:
            document = read_bytes(raw, path.name)
        except Unreadable as error:
            assert str(error)
        else:
            scanner.scan(document)


def test_all_formats_are_there() -> None:
    assert {READERS[p.suffix].module for p in DOCUMENTS} == {reader.module for reader in READERS.values()}
