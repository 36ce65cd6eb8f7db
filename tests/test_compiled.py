"""The cache of compiled lexicons: one file for each source, whatever became of it."""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from artifactscan import compiled
from artifactscan.compiled import builtin_tables, user_tables
from artifactscan.vocabulary import Vocabulary

ROOT = Path(__file__).parents[1]
AGO = 2 * compiled.MOMENT
ENTRY = '[[phrase]]\nid = "a"\nspun = "zigzag banana"\noriginals = ["straight fruit"]\n'


def age(path: Path) -> None:
    """Let it be a file of some time ago."""
    os.utime(path, (path.stat().st_mtime - AGO,) * 2)


def test_a_changed_lexicon_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vocabulary = Vocabulary(builtin_tables())
    monkeypatch.setenv("ARTIFACTSCAN_CACHE", str(tmp_path / "cache"))
    mine, other = tmp_path / "mine.toml", tmp_path / os.fsdecode(b"other-\xff.toml")
    other.write_text(ENTRY, encoding="utf-8")
    kept = [user_tables(other, vocabulary).path]
    for number in range(3):
        mine.write_text(f"# {number}\n{ENTRY}", encoding="utf-8")
        tables = user_tables(mine, vocabulary)
        assert sorted((tmp_path / "cache").iterdir()) == sorted([*kept, tables.path])
        age(tables.path)
    monkeypatch.setattr(compiled, "__file__", str(tmp_path / "elsewhere" / "compiled.py"))  # of another installation
    mine.write_text(ENTRY, encoding="utf-8")
    kept += [tables.path, user_tables(mine, vocabulary).path]
    assert sorted((tmp_path / "cache").iterdir()) == sorted(kept)


def test_a_damaged_file_is_compiled_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vocabulary = Vocabulary(builtin_tables())
    monkeypatch.setenv("ARTIFACTSCAN_CACHE", str(tmp_path / "cache"))
    source = tmp_path / "mine.toml"
    source.write_text(ENTRY, encoding="utf-8")
    path = user_tables(source, vocabulary).path
    whole = path.read_bytes()
    for size in (0, 100, len(whole) // 2):
        path.write_bytes(whole[:size])
        user_tables(source, vocabulary).verify()
        assert path.read_bytes() == whole


def test_a_changed_checkout_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "lexicons"
    (source / "phrases").mkdir(parents=True)
    for name in ("words.tsv.xz", "never_bare.txt", "compounds.txt", "weights.json"):
        shutil.copy(ROOT / "lexicons" / name, source)
    monkeypatch.setenv("ARTIFACTSCAN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(compiled, "CHECKOUT", source)
    monkeypatch.setattr(compiled, "INSTALLED", tmp_path / "none")
    for number in range(2):
        (source / "phrases" / "a.toml").write_text(f"# {number} edits\n{ENTRY * number}", encoding="utf-8")
        path = builtin_tables().path
        assert list((tmp_path / "cache").iterdir()) == [path]
        age(path)


def test_two_processes_at_once(tmp_path: Path) -> None:
    """Each compiles its own state of a lexicon again and again."""
    script = f"""
import sys
from pathlib import Path
from artifactscan.compiled import builtin_tables, user_tables
from artifactscan.vocabulary import Vocabulary
vocabulary, source = Vocabulary(builtin_tables()), Path(sys.argv[1])
for number in range(30):
    text = f"# {{sys.argv[2]}} {{number}}\\n" + {ENTRY!r}
    source.with_suffix(sys.argv[2]).write_text(text)
    source.with_suffix(sys.argv[2]).replace(source)
    user_tables(source, vocabulary).verify()
"""
    running = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "own.toml"), f".{name}"], stderr=subprocess.PIPE) for name in "ab"]
    assert [(process.communicate()[1], process.returncode) for process in running] == [(b"", 0)] * 2
