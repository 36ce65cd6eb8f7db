"""A whole run: inputs through an engine into a folder."""
from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa

from artifactscan import __version__
from artifactscan.corpus.engines import ENGINES
from artifactscan.corpus.inputs import Columns, Stream, end_of
from artifactscan.corpus.store import Store
from artifactscan.corpus.work import Limits, Settings, scanner_of

Tell = Callable[[float, dict[str, int]], None]  # share of the input done (0-1), counts so far


def run(
    inputs: Iterable[str],
    folder: Path,
    *,
    columns: Columns = Columns(),
    settings: Settings = Settings(),
    limits: Limits = Limits(),
    engine: str = "local",
    processes: int = 1,
    resume: bool = False,
    part_seconds: float = 30.0,
    tell: Tell = lambda done, counts: None,
) -> dict[str, Any]:
    """Scan the documents of the inputs into a folder; the counts (documents, skipped, words, findings) and `seconds`.

    Stopped at any moment, it goes on with `resume`.  Raises ArtifactscanError for inputs, settings and folders that
    cannot be used.
    """
    pa.set_memory_pool(pa.system_memory_pool())  # Arrow's own pools keep what is freed; this one stays flat
    stream = Stream(inputs, columns)
    about = {
        "version": __version__,
        "lexicon": scanner_of(settings).fingerprint,
        "settings": settings._asdict(),
        "columns": columns._asdict(),
        "inputs": [_identity(name) for name in stream.inputs],
    }
    store = Store(folder, about, resume=resume, part_seconds=part_seconds)
    try:
        if not store.done:
            results = ENGINES[engine](stream, store.position, settings, limits, processes)
            try:
                for batch in results:
                    store.add(batch)
                    tell(stream.done(end_of(batch)), store.seen)
                store.finish()
            finally:
                results.close()  # ends the processes, also after an error
    finally:
        store.close()
    return {**store.counts, "seconds": store.seconds}


def _identity(name: str) -> dict[str, Any]:
    """What an input must still be when a run is resumed; a folder is known by its name alone."""
    if os.path.isdir(name):
        return {"path": name}
    status = os.stat(name)
    return {"path": name, "bytes": status.st_size, "modified": status.st_mtime_ns}
