"""What builds the lexicons tells how it is called, and builds only when it is asked to."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from artifactscan.compiled import builtin_tables, language_tables, sources_in, stamp
from artifactscan.language import Language
from artifactscan.vocabulary import Vocabulary

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("name", ["build_words", "build_compounds"])
def test_help_builds_nothing(name: str) -> None:
    before = stamp(sources_in(ROOT / "lexicons"))
    for arguments, code in ((["--help"], 0), (["--no-such-option"], 2)):
        done = subprocess.run([sys.executable, str(ROOT / "tools" / f"{name}.py"), *arguments], capture_output=True, text=True, check=False)
        assert (done.returncode, f"usage: {name}.py" in done.stdout + done.stderr) == (code, True), done.stderr
    assert stamp(sources_in(ROOT / "lexicons")) == before


def test_a_fold_is_left_out_only_of_what_reads_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    from thesauri import arguments

    monkeypatch.setattr(sys, "argv", ["build", "data", "--without", "1/5"])
    assert arguments("", folds=True).without == (1, 5)
    with pytest.raises(SystemExit):
        arguments("")


def test_the_compounds_are_those_that_the_tables_give(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    from build_compounds import OUT, compounds

    found = sorted(set(compounds(Vocabulary(builtin_tables()), Language(language_tables()))))
    assert OUT.read_text(encoding="utf-8").splitlines() == found
