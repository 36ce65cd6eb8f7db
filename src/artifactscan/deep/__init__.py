"""Deep mode: a small language model reads the text.  Start reading at `judge`.

    weights.py    where the model's file is: install, find, remove
    gguf.py       the file: its tables and tensors
    tokens.py     text -> the model's tokens, with offsets, and back
    graph.py      the network as a graph for onnxruntime
    network.py    the network: hidden states, log-probabilities, many continuations of one text
    reader.py     what is asked of it: surprisal, log-odds of replacements, likely words
    questions.py  questions and answers, kept in a store
    store.py      the store, on disk

Needs the extra `deep`; nothing here is imported unless it is asked for.
"""
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from artifactscan.deep.questions import Judge


def judge(model: Path | None = None) -> Judge:
    """The installed language model, or the one in a file, ready to be asked; what it answers is kept in the user's cache.

    Raises ArtifactscanError, with the command that helps, if the model or the runtime is missing.
    """
    from artifactscan.compiled import cache_folder
    from artifactscan.deep.questions import Judge
    from artifactscan.deep.store import Store
    from artifactscan.deep.weights import find, origin

    path = find(model)
    return Judge(path, Store(cache_folder() / "answers", origin(path)))
