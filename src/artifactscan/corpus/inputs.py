"""From the inputs on the command line to a stream of record batches of documents (work.INPUT), never whole in memory.

READERS is the table: ending of a name -> the function that yields an input's documents, one after the other, in an
order that is the same in every run.  A document that cannot be read is yielded with the reason.  Start reading at
`Stream`.
"""
from __future__ import annotations

import io
import json
import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any, NamedTuple

import pyarrow as pa

from artifactscan.corpus import require
from artifactscan.corpus.work import INPUT, PIECE_BYTES, PIECE_DOCUMENTS
from artifactscan.model import ArtifactscanError, Skipped

LONGEST_KEPT = 200  # code points of a field that is kept without being asked for
CODECS = {".gz": "gzip", ".tgz": "gzip", ".zst": "zstd", ".bz2": "bz2"}
SURROGATES = re.compile("[\ud800-\udfff]")


class Columns(NamedTuple):
    """Which fields of a record are what."""

    text: str = "text"
    id: str = "id"
    keep: tuple[str, ...] = ()  # fields to keep as metadata; without any, every short one


class Item(NamedTuple):
    """A document as an input has it."""

    id: str | None = None
    text: str | None = None
    content: bytes | None = None
    kind: str | None = None
    error: str | None = None
    metadata: Mapping[str, str] = MappingProxyType({})


Position = tuple[int, int]  # number of an input, and how many of its documents; both from 0


class Stream:
    """The documents of all inputs, from a position on, in batches.

    Raises ArtifactscanError for an input that does not exist and for one whose records have no text field.
    """

    def __init__(self, inputs: Iterable[str], columns: Columns = Columns()) -> None:
        self.inputs = tuple(inputs)
        self.columns = columns
        self._sizes = []
        for name in self.inputs:
            try:
                self._sizes.append(os.stat(name).st_size)
            except OSError as error:
                raise ArtifactscanError(f"{name}: {error.strerror}; name files or folders that exist") from error
        if any(_reader(Path(name)) is _warc for name in self.inputs):
            require("warcio")
        self._finished = 0  # bytes of the inputs that have been read to their end
        self._file: Any = None
        self._read: deque[tuple[Position, float]] = deque()  # where batches end, and the share of the input read by then
        self._done = 0.0

    def done(self, position: Position) -> float:
        """The share of the input, by bytes, that stands before a position (0-1)."""
        while self._read and self._read[0][0] <= position:
            self._done = self._read.popleft()[1]
        return self._done

    def batches(self, start: Position = (0, 0)) -> Iterator[pa.RecordBatch]:
        """Batches of INPUT, each of at most PIECE_BYTES; a larger document is a batch of its own."""
        first, skip = start
        for batch in _batches(row for n in range(first, len(self.inputs)) for row in self._rows(n, skip if n == first else 0)):
            here = self._file.tell() if self._file is not None and not self._file.closed else 0
            self._read.append((end_of(batch), (self._finished + here) / max(1, sum(self._sizes))))
            yield batch

    def only(self, number: int, skip: int = 0) -> Iterator[pa.RecordBatch]:
        """Batches of one input."""
        return _batches(self._rows(number, skip))

    def _rows(self, number: int, skip: int) -> Iterator[dict[str, Any]]:
        name = self.inputs[number]
        for row, item in enumerate(self._items(name, skip), skip):
            yield {
                **item._asdict(),
                "id": item.id if item.id is not None else f"{name}:{row + 1}",
                "text": None if item.text is None else _clean(item.text),
                "input": number,
                "row": row,
                "source": item.metadata.get("source", name),
                "metadata": sorted(item.metadata.items()),
            }
        self._finished = sum(self._sizes[: number + 1])
        self._file = None

    def _items(self, name: str, skip: int) -> Iterator[Item]:
        path = Path(name)
        if path.is_dir():
            yield from islice(_folder(path), skip, None)
            return
        reader = _reader(path)
        row = 0
        try:
            with pa.OSFile(name) as self._file:
                if reader is _parquet:
                    row, items = _parquet_from(self._file, path, self.columns, skip)
                else:
                    items = reader(self._file, path, self.columns)
                for item in items:
                    row += 1
                    if row > skip:
                        yield item
        except ArtifactscanError:
            raise
        except Exception as error:  # damaged or cut short, as its library says it: what came before stands
            if row >= skip:
                yield Item(f"{name}:{row + 1}", error=f"{name} cannot be read on from here ({error}); the rest of it is left out")


def end_of(batch: pa.RecordBatch) -> Position:
    """The position after a batch's last document."""
    return batch.column("input")[-1].as_py(), batch.column("row")[-1].as_py() + 1


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[pa.RecordBatch]:
    batch: list[dict[str, Any]] = []
    size = 0
    for row in rows:
        length = len(row["text"] or "") + len(row["content"] or b"")
        if batch and (size + length > PIECE_BYTES or len(batch) == PIECE_DOCUMENTS):
            yield pa.RecordBatch.from_pylist(batch, schema=INPUT)
            batch, size = [], 0
        batch.append(row)
        size += length
    if batch:
        yield pa.RecordBatch.from_pylist(batch, schema=INPUT)


def _parquet(raw: Any, path: Path, columns: Columns) -> Iterator[Item]:
    return _parquet_from(raw, path, columns, 0)[1]


def _parquet_from(raw: Any, path: Path, columns: Columns, skip: int) -> tuple[int, Iterator[Item]]:
    """(rows passed over, the documents after them): whole groups of rows, and never as many rows as `skip`."""
    import pyarrow.parquet as pq

    file = pq.ParquetFile(raw, pre_buffer=False, buffer_size=1 << 16)
    names = file.schema_arrow.names
    _must_have(path, columns, names)
    plain = [f.name for f in file.schema_arrow if not pa.types.is_nested(f.type) and not pa.types.is_binary(f.type)]
    wanted = {columns.text, columns.id, *(columns.keep or plain)}
    first = passed = 0
    while first < file.num_row_groups and passed + file.metadata.row_group(first).num_rows < skip:
        passed += file.metadata.row_group(first).num_rows
        first += 1
    batches = file.iter_batches(128, row_groups=list(range(first, file.num_row_groups)), columns=[n for n in names if n in wanted])
    return passed, (_record(row, columns) for batch in batches for row in batch.to_pylist())


def _jsonl(raw: Any, path: Path, columns: Columns) -> Iterator[Item]:
    first = True
    for number, line in enumerate(_lines(raw, path), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            yield Item(f"{path}:{number}", error=f"not JSON ({error})")
            continue
        if not isinstance(record, dict):
            yield Item(f"{path}:{number}", error="not a JSON object")
            continue
        if first:
            _must_have(path, columns, list(record))
            first = False
        item = _record(record, columns)
        yield item if item.id is not None else item._replace(id=f"{path}:{number}")


def _csv(raw: Any, path: Path, columns: Columns) -> Iterator[Item]:
    import csv

    csv.field_size_limit(1 << 30)
    lines = io.TextIOWrapper(_lines(raw, path), encoding="utf-8-sig", errors="replace", newline="")
    rows = csv.DictReader(lines, delimiter="\t" if ".tsv" in path.name.lower() else ",")
    _must_have(path, columns, list(rows.fieldnames or ()))
    for row in rows:
        yield _record({k: v for k, v in row.items() if isinstance(k, str)}, columns)


def _warc(raw: Any, path: Path, columns: Columns) -> Iterator[Item]:
    """Web pages, and the plain texts made from them (WET); other records are passed over."""
    from warcio.archiveiterator import ArchiveIterator

    kinds = {"text/html": ".html", "application/xhtml+xml": ".html", "text/plain": ".txt", "application/pdf": ".pdf"}
    for record in ArchiveIterator(raw if path.suffix.lower() == ".gz" else _plain_bytes(raw, path)):  # each record is compressed by itself
        if record.rec_type not in ("response", "resource", "conversion"):
            continue
        if record.http_headers is not None and record.http_headers.get_statuscode() != "200":
            continue
        headers = record.http_headers or record.rec_headers
        kind = kinds.get((headers.get_header("Content-Type") or "").split(";")[0].strip().lower())
        if kind:
            address = record.rec_headers.get_header("WARC-Target-URI")
            yield Item(address, content=record.content_stream().read(), kind=kind, metadata={"date": record.rec_headers.get_header("WARC-Date") or ""})


def _tar(raw: Any, path: Path, columns: Columns) -> Iterator[Item]:
    """The files of an archive that a walk through a folder would find."""
    import tarfile

    from artifactscan.readers import NOT_PROSE, READERS
    from artifactscan.readers.plain import LARGEST, SNIFFED, looks_binary

    with tarfile.open(fileobj=_plain_bytes(raw, path), mode="r|") as archive:
        for member in archive:
            archive.members = []  # type: ignore[attr-defined]  # it would remember every one
            suffix = Path(member.name).suffix.lower()
            if not member.isfile() or suffix in NOT_PROSE or any(part.startswith(".") and part != "." for part in Path(member.name).parts):
                continue
            if member.size > LARGEST:
                yield Item(member.name, error=f"larger than {LARGEST >> 20} MB; split it into several files")
                continue
            content = archive.extractfile(member).read()  # type: ignore[union-attr]
            if suffix in READERS or not looks_binary(content[:SNIFFED]):
                yield Item(member.name, content=content, kind=suffix)


def _folder(path: Path) -> Iterator[Item]:
    from artifactscan.readers.walk import walk

    found = False
    skipped: list[Skipped] = []
    for file in walk(path, skipped):
        found = True
        yield from _file(None, file, Columns())
    yield from (Item(s.path, error=s.reason) for s in skipped)
    if not found and not skipped:
        raise ArtifactscanError(f"{path}: no documents in this folder; name Parquet, JSONL, CSV, WARC and tar files themselves ({path}/*.parquet)")


def _file(raw: Any, path: Path, columns: Columns) -> Iterator[Item]:
    """A single document."""
    from artifactscan.readers.plain import Unreadable, content

    try:
        yield Item(str(path), content=content(path), kind=path.suffix.lower())
    except Unreadable as error:
        yield Item(str(path), error=str(error))


Reader = Callable[[Any, Path, Columns], Iterator[Item]]

# Ending of a file's name, before .gz, .zst or .bz2 -> reader; every other file is one document.
READERS: dict[str, Reader] = {".parquet": _parquet, ".jsonl": _jsonl, ".ndjson": _jsonl, ".csv": _csv, ".tsv": _csv, ".warc": _warc, ".wet": _warc, ".tar": _tar, ".tgz": _tar}


def _reader(path: Path) -> Reader:
    name = path.name.lower()
    for ending in (".gz", ".zst", ".bz2"):
        name = name.removesuffix(ending)
    return READERS.get(Path(name).suffix, _file)


def _plain_bytes(raw: Any, path: Path) -> Any:
    """The file's bytes, decompressed as its name says."""
    codec = CODECS.get(path.suffix.lower())
    return pa.CompressedInputStream(raw, codec) if codec else raw


def _lines(raw: Any, path: Path) -> IO[bytes]:
    return io.BufferedReader(_plain_bytes(raw, path), 1 << 18)


def _record(record: dict[str, Any], columns: Columns) -> Item:
    """A record of named fields as a document."""
    name, text = record.get(columns.id), record.get(columns.text)
    kept = {key: str(record[key]) for key in columns.keep or record if key not in (columns.text, columns.id) and _keepable(record.get(key))}
    if not columns.keep:
        kept = {key: value for key, value in kept.items() if len(value) <= LONGEST_KEPT}
    return Item(
        _clean(str(name)) if name is not None and str(name).strip() else None,  # an empty id names nothing
        text=text if isinstance(text, str) else None,
        error=None if isinstance(text, str) else f"no text in {columns.text!r}",
        metadata={_clean(key): _clean(value) for key, value in kept.items()},
    )


def _keepable(value: object) -> bool:
    return value is not None and not isinstance(value, (dict, list, bytes))


def _must_have(path: Path, columns: Columns, names: list[str]) -> None:
    """Raises ArtifactscanError if records of these fields have no text; and no id, or nothing to keep, where they are named."""
    wanted = {"--text": [columns.text], "--id": [columns.id] if columns.id != Columns().id else [], "--keep": columns.keep}
    for option, fields in wanted.items():
        for field in fields:
            if field not in names:
                raise ArtifactscanError(f"{path}: no field {field!r} (its fields are {', '.join(names)}); name another with {option}")


def _clean(text: str) -> str:
    """Text that UTF-8 can carry, of the same length."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return SURROGATES.sub("\ufffd", text)
    return text
