"""Whole archives on Arrow: documents in, two Parquet datasets out.

    inputs.py    Parquet, JSONL, CSV, WARC, tar and folders -> record batches of documents, streamed
    work.py      scan_batch: a batch of documents in, a batch of results out; and the process that keeps it from harm
    engines.py   how batches come to workers: processes of this machine, Ray, Spark
    store.py     the output folder: parts, manifest, resume
    summary.py   shares, rates and phrases of a finished folder, by DuckDB; page.py shows them
    review.py    which documents to look at first, and what people said of them
    run.py       a whole run

Start reading at `work.scan_batch`.  Nothing of this is imported by `check`.
"""
from __future__ import annotations

from artifactscan.model import ArtifactscanError

# Package -> the extra that brings it.
EXTRAS = {"pyarrow": "corpus", "duckdb": "corpus", "warcio": "corpus", "ray": "ray", "pyspark": "spark"}


def require(*packages: str) -> None:
    """Raises ArtifactscanError, naming the extra to install, if one of these packages is missing."""
    from importlib.util import find_spec

    for package in packages:
        if find_spec(package) is None:
            extra = EXTRAS[package]
            raise ArtifactscanError(f"{package} is not installed and the corpus commands need it here; run: pip install 'artifactscan[{extra}]'")
