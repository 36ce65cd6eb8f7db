"""The output folder, and how a run is resumed.

    DIR/manifest.json           inputs, settings, fingerprints, counts, time; `state` is "running" or "done"
    DIR/documents/part-*.parquet
    DIR/findings/part-*.parquet

A part is a run of documents in the order of the input.  Its findings are renamed into place first, then its
documents: that last rename is the commit, and the file's metadata says where the part ends in the input.  So whatever
moment a run is killed at, the documents' files are a beginning of the whole, and what stands there is never read or
written again.
"""
from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from artifactscan.corpus.inputs import Position, end_of
from artifactscan.corpus.work import split
from artifactscan.model import ArtifactscanError

FORMAT = "artifactscan.corpus/1"
PART_BYTES = 1 << 20  # of results held in memory: some 10,000 documents
COUNTS = ("documents", "skipped", "words", "findings")
CODEC = "zstd"


class Store:
    """The folder of one run.

    `about` says what the run is made of; a folder with parts of another one cannot be resumed.  Raises ArtifactscanError
    if the folder cannot be used or written.
    """

    def __init__(self, folder: Path, about: dict[str, Any], *, resume: bool, part_seconds: float) -> None:
        self.folder = folder
        self.about = json.loads(json.dumps(about))
        self.part_seconds = part_seconds
        self.counts = dict.fromkeys(COUNTS, 0)  # of what is committed; `seen` counts what is waiting too
        self.position: Position = (0, 0)
        self.parts = 0
        self.seconds = 0.0
        self.seen = dict(self.counts)
        self._waiting: list[pa.RecordBatch] = []
        self._began = time.monotonic()
        existing = manifest(folder) if (folder / "manifest.json").exists() else None
        if existing is not None and existing["state"] != "done" and not any((folder / "documents").glob("part-*.parquet")):
            existing = None  # nothing is committed: the run may as well begin, and with other settings
        elif existing is None:
            if folder.is_dir() and any(path.name not in ("documents", "findings", "manifest.json.tmp") for path in folder.iterdir()):
                raise ArtifactscanError(f"{folder}: this folder holds other things; name a new one with --out")
        elif not resume:
            raise ArtifactscanError(f"{folder}: holds a run already ({existing['state']}); add --resume to finish it, or name a new folder with --out")
        else:
            self._compare(existing)
        self.done = existing is not None and existing["state"] == "done"
        with self._writing():
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = _locked(folder)
            for name in ("documents", "findings"):
                (folder / name).mkdir(exist_ok=True)
        self._clear()
        self._read_parts()
        if not self.parts:
            for left in (folder / "findings").glob("part-*.parquet"):  # of a part that was not committed
                left.unlink()
        if existing is None:
            self._write_manifest("running")

    def add(self, results: pa.RecordBatch) -> None:
        """Take results, in the order of the input; write a part when there is enough of them."""
        self._waiting.append(results)
        self.seen = _added(self.seen, results)
        if sum(b.nbytes for b in self._waiting) >= PART_BYTES or time.monotonic() - self._began >= self.part_seconds:
            self.commit()

    def commit(self) -> None:
        """Write what is waiting as a part."""
        if not self._waiting:
            return
        results = pa.concat_batches(self._waiting)
        documents, findings = split(results)
        position = end_of(results)
        seconds = self.seconds + time.monotonic() - self._began
        end = json.dumps({"position": position, "counts": self.seen, "seconds": round(seconds, 3)})
        name = f"part-{self.parts:06}.parquet"
        with self._writing():
            _write(self.folder / "findings" / name, findings, {})
            _write(self.folder / "documents" / name, documents, {"artifactscan": end})
        self.parts, self.position, self.counts, self.seconds = self.parts + 1, position, self.seen, seconds
        self._waiting, self._began = [], time.monotonic()

    def finish(self) -> None:
        """Write the last part and say in the manifest that the run is done."""
        self.commit()
        self._write_manifest("done")
        self.done = True

    def close(self) -> None:
        """Let others write here."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _compare(self, existing: dict[str, Any]) -> None:
        for key, value in self.about.items():
            if existing.get(key) != value:
                raise ArtifactscanError(
                    f"{self.folder}: was begun with other {key} ({json.dumps(existing.get(key))}, now {json.dumps(value)}); "
                    "resume with the same, or name a new folder with --out"
                )

    def _read_parts(self) -> None:
        """Where the committed parts end."""
        parts = sorted((self.folder / "documents").glob("part-*.parquet"))
        if parts:
            end = json.loads(pq.read_schema(parts[-1]).metadata[b"artifactscan"])
            self.parts, self.counts, self.seconds = len(parts), end["counts"], end["seconds"]
            self.position = (end["position"][0], end["position"][1])
            self.seen = self.counts

    def _write_manifest(self, state: str) -> None:
        text = {"format": FORMAT, "state": state, **self.about, "counts": self.counts, "parts": self.parts, "seconds": round(self.seconds, 3)}
        part = self.folder / "manifest.json.tmp"
        with self._writing():
            part.write_text(json.dumps(text, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
            os.replace(part, self.folder / "manifest.json")

    def _clear(self) -> None:
        """Remove what was not written to its end."""
        for left in (*self.folder.glob("manifest.json.tmp"), *self.folder.glob("*/part-*.tmp")):
            left.unlink(missing_ok=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """An error of the disk is one clear message; everything committed stands, nothing half-written stays."""
        try:
            yield
        except (OSError, pa.ArrowException) as error:
            self._clear()
            reason = getattr(error, "strerror", None) or str(error)
            raise ArtifactscanError(f"{self.folder}: cannot be written ({reason}); make room or choose another place; --resume goes on from what is there") from error


def manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run.  Raises ArtifactscanError for a folder that has none."""
    try:
        about: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if about["format"] == FORMAT:
            return about
    except (OSError, ValueError, KeyError, TypeError):
        pass
    raise ArtifactscanError(f"{folder}: this is not the output of `artifactscan corpus`; name the folder that was given to --out")


def _added(counts: dict[str, int], results: pa.RecordBatch) -> dict[str, int]:
    """Counts with those of more results."""
    import pyarrow.compute as pc

    skipped = results.num_rows - results.column("skipped").null_count
    words = pc.sum(results.column("words")).as_py() or 0
    more = (results.num_rows, skipped, words, len(results.column("findings").flatten()))
    return {name: counts[name] + n for name, n in zip(COUNTS, more, strict=True)}


def _write(path: Path, rows: pa.RecordBatch, metadata: dict[str, str]) -> None:
    """Write a Parquet file in one step, safe on the disk before it has its name."""
    part = path.with_name(f"{path.name}.tmp")
    with open(part, "wb") as f:
        pq.write_table(pa.Table.from_batches([rows]).replace_schema_metadata(metadata), f, compression=CODEC)
        f.flush()
        os.fsync(f.fileno())
    os.replace(part, path)


def _locked(folder: Path) -> int | None:
    """The folder, held for this process alone as long as it lives.  Nothing where the system has no such locks."""
    try:
        import fcntl
    except ImportError:
        return None
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise ArtifactscanError(f"{folder}: another run is writing there; wait for it, or name another folder with --out") from error
    return handle
