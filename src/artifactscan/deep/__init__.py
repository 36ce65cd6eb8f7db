"""Deep mode: a small language model reads the text.  Start reading at `deep_mode`.

    weights.py    where the model's file is: install, find, remove
    gguf.py       the file: its tables and tensors
    tokens.py     text -> the model's tokens, with offsets, and back
    graph.py      the network as a graph for onnxruntime
    network.py    the network: hidden states, log-probabilities, many continuations of one text
    reader.py     what is asked of it: surprisal, log-odds of replacements, likely words
    questions.py  questions and answers, kept in a store
    store.py      the store, on disk
    kept.py       texts that were examined whole, kept in it
    rescoring.py  the decoder's candidates, judged by the model

Needs the extra `deep`; nothing here is imported unless it is asked for.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from artifactscan.deep.questions import Judge
    from artifactscan.deep.rescoring import Rescorer, Watch
    from artifactscan.deep.store import Store
    from artifactscan.detectors.substitutions import Decoder
    from artifactscan.scan import Deep


def deep_mode(model: Path | None = None, *, seconds: float | None = None, watch: Watch | None = None, partial: bool = False) -> Deep:
    """What deep mode adds to a scanner: `Scanner(deep=deep_mode())`.

    `model`: a GGUF file instead of the installed model.  `seconds`: of the model's time for each document.  `watch`, `partial`: see `rescoring.Rescorer`.
    Raises ArtifactscanError, with the command that helps, if the model or the runtime is missing.
    """
    from artifactscan.deep.weights import find

    path = find(model)  # before anything takes time
    from artifactscan.compiled import builtin_tables, language_tables
    from artifactscan.deep.kept import Kept
    from artifactscan.deep.questions import Judge
    from artifactscan.deep.rescoring import Rescorer, unwatched

    store = _store(path, language_tables().fingerprint)
    asked, tables = Judge(path, store), builtin_tables().fingerprint

    def rescorer(decoder: Decoder, weights: Mapping[str, float]) -> Rescorer:
        kept = Kept(store, f"{tables} {decoder.weights} {_code()}")
        return Rescorer(decoder, asked, weights, seconds=seconds, watch=watch or unwatched, partial=partial, kept=kept)

    return rescorer


def judge(model: Path | None = None, tables: str = "") -> Judge:
    """The installed language model, or the one in a file, ready to be asked; what it answers is kept in the user's cache.

    `tables`: the fingerprint of those with which its own words are chosen.

    Raises ArtifactscanError, with the command that helps, if the model or the runtime is missing.
    """
    from artifactscan.deep.questions import Judge
    from artifactscan.deep.weights import find

    path = find(model)
    return Judge(path, _store(path, tables))


def _store(path: Path, tables: str) -> Store:
    """Where answers of the model in a file are kept, for tables of this fingerprint."""
    from artifactscan.compiled import cache_folder
    from artifactscan.deep.store import Store
    from artifactscan.deep.weights import origin

    return Store(cache_folder() / "answers", f"{origin(path)} {tables}")


def _code() -> str:
    """Another one when the package is."""
    from pathlib import Path

    from artifactscan.compiled import stamp

    return stamp(sorted(Path(__file__).parents[1].rglob("*.py")))
