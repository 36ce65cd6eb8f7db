"""Every test has its own cache of users' lexicons and sees no lexicon of the person who runs it."""
from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARTIFACTSCAN_LEXICONS", str(tmp_path / "lexicons"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def samples() -> Path:
    return ROOT / "samples"
