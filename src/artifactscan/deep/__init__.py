"""Deep mode: a small language model reads the text.  Start reading at `judge`.

    weights.py    where the model's file is: install, find, remove
    gguf.py       the file: its tables and tensors
    tokens.py     text -> the model's tokens, with offsets, and back
    graph.py      the network as a graph for onnxruntime
    network.py    the network: hidden states, log-probabilities, many continuations of one text
    reader.py     what is asked of it: surprisal, log-odds of replacements, likely words
    questions.py  questions and answers, kept in a store
    store.py      the store, on disk
    rescoring.py  the decoder's candidates, judged by the model

Needs the extra `deep`; nothing here is imported unless it is asked for.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from artifactscan.deep.questions import Judge
    from artifactscan.deep.rescoring import Watch
    from artifactscan.scan import Deep


def deep_mode(model: Path | None = None, *, seconds: float | None = None, watch: Watch | None = None, partial: bool = False) -> Deep:
    """What deep mode adds to a scanner: `Scanner(deep=deep_mode())`.

    `model`: a GGUF file instead of the installed model.  `seconds`: of the model's time for each document.  `watch`, `partial`: see `rescoring.Rescorer`.
    Raises ArtifactscanError, with the command that helps, if the model or the runtime is missing.
    """
    from artifactscan.compiled import language_tables
    from artifactscan.deep.weights import find

    path = find(model)  # before anything takes time
    from artifactscan.deep.rescoring import Rescorer, unwatched

    asked = judge(path, language_tables().fingerprint)
    return lambda decoder, weights: Rescorer(decoder, asked, weights, seconds=seconds, watch=watch or unwatched, partial=partial)


def judge(model: Path | None = None, tables: str = "") -> Judge:
    """The installed language model, or the one in a file, ready to be asked; what it answers is kept in the user's cache.

    `tables`: the fingerprint of those with which its own words are chosen.

    Raises ArtifactscanError, with the command that helps, if the model or the runtime is missing.
    """
    from artifactscan.compiled import cache_folder
    from artifactscan.deep.questions import Judge
    from artifactscan.deep.store import Store
    from artifactscan.deep.weights import find, origin

    path = find(model)
    return Judge(path, Store(cache_folder() / "answers", f"{origin(path)} {tables}"))
