"""Every test has its own cache of users' lexicons and sees no lexicon of the person who runs it."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from artifactscan.compiled import builtin_tables, cache_folder, language_tables

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True, scope="session")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache with what the real one has, but for users' lexicons: those of tests lie elsewhere every time."""
    folder = tmp_path_factory.mktemp("cache")
    builtin_tables(), language_tables()
    for path in cache_folder().iterdir():
        if not path.name.startswith("user-"):
            (folder / path.name).symlink_to(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ARTIFACTSCAN_CACHE", str(folder))
        yield


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARTIFACTSCAN_LEXICONS", str(tmp_path / "lexicons"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.fixture
def samples() -> Path:
    return ROOT / "samples"
