"""The unit of work: a record batch of documents in, a record batch of results out.

`scan_batch` is a pure function of its batch and of the settings, whatever the batch's size; every engine calls it.
A row of INPUT is one document: its text, or the bytes of a file for one of the readers, or the reason why it could
not be read.  A row of RESULT is what the scanner says of it, findings nested; `split` makes the two tables of the
output from that.

`Isolated` is scan_batch in a process of its own: a document that crashes it, takes too long or needs too much memory
is found by asking again one by one, and becomes a row with a reason.
"""
from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from artifactscan import CONTAINERS
from artifactscan.model import ArtifactscanError, Document

if TYPE_CHECKING:
    from artifactscan.model import DocumentReport, Finding
    from artifactscan.scan import Scanner

METADATA = pa.map_(pa.string(), pa.string())

# `input` and `row` say where the document stands: number of the input, number in it; both from 0.
INPUT = pa.schema(
    [
        pa.field("input", pa.int32()),
        pa.field("row", pa.int64()),
        pa.field("id", pa.string()),
        pa.field("source", pa.string()),
        pa.field("text", pa.string()),
        pa.field("content", pa.binary()),  # a file's bytes, where there is no text yet
        pa.field("kind", pa.string()),  # the suffix that names the reader of the content
        pa.field("error", pa.string()),  # why there is neither
        pa.field("metadata", METADATA),
    ]
)

EVIDENCE = pa.struct([("name", pa.string()), ("nats", pa.float64()), ("note", pa.string())])

# The fields of a finding of the report's schema v1, but for `document`; `rank` is the rank in its document.
FINDING = pa.struct(
    [
        ("rank", pa.int32()),
        ("rule", pa.string()),
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("line", pa.int64()),
        ("column", pa.int64()),
        ("place", pa.string()),
        ("excerpt", pa.string()),
        ("context", pa.string()),
        ("originals", pa.list_(pa.string())),
        ("score", pa.float64()),
        ("severity", pa.string()),
        ("quoted", pa.bool_()),
        ("fingerprint", pa.string()),
        ("evidence", pa.list_(EVIDENCE)),
    ]
)

# A document of schema v1, with its findings nested; `skipped` is the reason why it was not scanned, else null.
RESULT = pa.schema(
    [
        pa.field("input", pa.int32()),
        pa.field("row", pa.int64()),
        pa.field("path", pa.string()),
        pa.field("source", pa.string()),
        pa.field("words", pa.int64()),
        pa.field("verdict", pa.string()),
        pa.field("probability", pa.float64()),
        pa.field("findings", pa.list_(FINDING)),
        pa.field("skipped", pa.string()),
        pa.field("metadata", METADATA),
    ]
)

# The two tables of the output.
DOCUMENTS = pa.schema([pa.field(f.name, pa.int32() if f.name == "findings" else f.type) for f in RESULT])
FINDINGS = pa.schema([pa.field("input", pa.int32()), pa.field("row", pa.int64()), pa.field("document", pa.string()), *FINDING])

PIECE_BYTES = 1 << 18  # of input in one batch sent to a process, unless one document is larger: a second or two of work
PIECE_DOCUMENTS = 4096
OVER_MEMORY = 77  # exit code of a process that reached its limit


class Settings(NamedTuple):
    """How to scan: the arguments of `Scanner`."""

    lexicons: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    min_score: float = 50.0
    quotes: str = "label"


class Limits(NamedTuple):
    """What a document may take."""

    seconds: float = 60.0  # for a document, and as much again for every megabyte of it
    megabytes: int = 2048  # of memory, beyond what the process has when it starts


def scan_batch(batch: pa.RecordBatch, settings: Settings = Settings()) -> pa.RecordBatch:
    """Documents (INPUT, or any columns of it with `id` and `text`) -> results (RESULT), row by row in the same order."""
    rows = [_result(row, settings) for row in conform(batch).to_pylist()]
    return pa.RecordBatch.from_pylist(rows, schema=RESULT)


@cache
def scanner_of(settings: Settings) -> Scanner:
    """The scanner for these settings, one in a process."""
    from pathlib import Path

    from artifactscan.scan import Scanner

    scanner = Scanner(lexicons=map(Path, settings.lexicons), only=settings.only, ignore=settings.ignore, min_score=settings.min_score, quotes=settings.quotes)
    gc.set_threshold(CONTAINERS)
    gc.freeze()
    return scanner


def conform(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with the columns and types of INPUT: missing ones null, others left out."""
    if batch.schema.equals(INPUT):
        return batch
    for name in ("id", "text"):
        if name not in batch.schema.names:
            raise ArtifactscanError(f"a batch without a column {name!r} (it has {', '.join(batch.schema.names)}); rename one to it")
    columns = [batch.column(f.name).cast(f.type) if f.name in batch.schema.names else pa.nulls(batch.num_rows, f.type) for f in INPUT]
    return pa.RecordBatch.from_arrays(columns, schema=INPUT)


def split(results: pa.RecordBatch) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    """RESULT -> (DOCUMENTS, FINDINGS)."""
    import pyarrow.compute as pc

    nested = results.column("findings")
    parents = pc.list_parent_indices(nested)
    counts = pc.list_value_length(nested)
    documents = [counts.cast(pa.int32()) if f.name == "findings" else results.column(f.name) for f in DOCUMENTS]
    keys = [results.column(name).take(parents) for name in ("input", "row", "path")]
    return pa.RecordBatch.from_arrays(documents, schema=DOCUMENTS), pa.RecordBatch.from_arrays([*keys, *nested.flatten().flatten()], schema=FINDINGS)


def _result(row: dict[str, Any], settings: Settings) -> dict[str, Any]:
    result = {"input": row["input"], "row": row["row"], "path": row["id"], "source": row["source"], "metadata": row["metadata"], "findings": []}
    if row["error"] is not None:
        return {**result, "skipped": row["error"]}
    try:
        report = scanner_of(settings).scan(_document(row))
    except MemoryError:
        raise
    except ArtifactscanError as error:  # what a reader says of a file
        return {**result, "skipped": str(error)}
    except Exception as error:  # a fault of the program must not end a run over millions
        return {**result, "skipped": f"{type(error).__name__}: {error}"}
    return {**result, "words": report.words, "verdict": report.verdict, "probability": report.probability, "findings": _findings(report)}


def _document(row: dict[str, Any]) -> Document:
    """The document of a row of INPUT.  Raises Unreadable."""
    if row["text"] is not None:
        return Document(row["id"], row["text"])
    from artifactscan.readers import read_bytes

    if row["content"] is None:
        raise ArtifactscanError("no text")
    return read_bytes(row["content"], row["id"], row["kind"] or "")


def _findings(report: DocumentReport) -> list[dict[str, Any]]:
    """The findings in order of place, as FINDING."""
    best_first = sorted(range(len(report.findings)), key=lambda i: -report.findings[i].score)
    rank = {i: n for n, i in enumerate(best_first, 1)}
    return [_finding(f, rank[i]) for i, f in enumerate(report.findings)]


def _finding(f: Finding, rank: int) -> dict[str, Any]:
    row = {field.name: getattr(f, field.name) for field in FINDING if field.name not in ("rank", "evidence")}
    return {**row, "rank": rank, "evidence": [e._asdict() for e in f.evidence]}


def pieces(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The batch in slices of at most PIECE_BYTES and PIECE_DOCUMENTS, but for single documents that are larger."""
    import pyarrow.compute as pc

    if batch.num_rows <= PIECE_DOCUMENTS and batch.nbytes <= PIECE_BYTES:
        yield batch
        return
    lengths = [pc.fill_null(pc.binary_length(batch.column(name)), 0) for name in ("text", "content")]
    start = size = 0
    for i, length in enumerate(pc.add(*lengths).to_pylist()):
        if i > start and (size + length > PIECE_BYTES or i - start == PIECE_DOCUMENTS):
            yield batch.slice(start, i - start)
            start, size = i, 0
        size += length
    yield batch.slice(start)


class Isolated:
    """scan_batch in a process of its own, started when it is first asked and again whenever it had to be given up.

    Call it with a batch of INPUT.  A document on which the process dies, or which takes more than its limits, becomes
    a skipped row.  Raises ArtifactscanError if the process cannot be started at all.  One caller at a time.
    """

    def __init__(self, settings: Settings = Settings(), limits: Limits = Limits()) -> None:
        self.settings = settings
        self.limits = limits
        self.closed = False
        self._process: subprocess.Popen[bytes] | None = None
        self._overdue = False

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The results of a batch, in its order."""
        results = [self._piece(piece) for piece in pieces(conform(batch))]
        return results[0] if len(results) == 1 else pa.concat_batches(results)

    def close(self) -> None:
        """End the process, also in the middle of its work."""
        self.closed = True
        if (process := self._process) is not None:
            process.kill()
        self._give_up()

    def _piece(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        try:
            return self._ask(batch)
        except _Died as death:
            if self.closed:
                raise ArtifactscanError("stopped") from None
            if batch.num_rows == 1:
                return scan_batch(batch.set_column(INPUT.get_field_index("error"), INPUT.field("error"), pa.array([str(death)])), self.settings)
            return pa.concat_batches([self._piece(batch.slice(i, 1)) for i in range(batch.num_rows)])

    def _ask(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        process = self._process or self._start()
        seconds = self.limits.seconds * (1 + batch.nbytes / 1e6)
        timer = threading.Timer(min(seconds, threading.TIMEOUT_MAX), self._expire, (process,))
        timer.daemon = True
        timer.start()
        try:
            self._to.write_batch(batch)
            process.stdin.flush()  # type: ignore[union-attr]
            return self._from.read_next_batch()
        except (OSError, pa.ArrowException, StopIteration, ValueError) as error:
            code = self._give_up()
            raise _Died(self._reason(code, seconds)) from error
        finally:
            timer.cancel()

    def _start(self) -> subprocess.Popen[bytes]:
        """A process that is ready for batches.  It sees the modules that this one sees, and no others."""
        import json

        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONSAFEPATH": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}
        command = [sys.executable, "-m", "artifactscan.corpus.work", json.dumps([self.settings, self.limits.megabytes])]
        self._overdue = False
        self._process = process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, start_new_session=True)
        try:
            self._to = pa.ipc.new_stream(process.stdin, INPUT)
            self._from = pa.ipc.open_stream(process.stdout)
            self._from.read_next_batch()  # an empty one comes when the scanner is ready
        except (OSError, pa.ArrowException, StopIteration) as error:
            code = self._give_up()
            raise ArtifactscanError(f"a scanning process could not be started (exit code {code}); what it wrote stands above") from error
        return process

    def _expire(self, process: subprocess.Popen[bytes]) -> None:
        if process is self._process:
            self._overdue = True
            process.kill()

    def _give_up(self) -> int | None:
        """End the process; its exit code."""
        process, self._process = self._process, None
        if process is None:
            return None
        try:
            process.wait(timeout=0.2)  # it may be on its way out by itself, with a code that says why
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):  # what is still in the buffer has no reader any more
                pipe.close()  # type: ignore[union-attr]
        return process.returncode

    def _reason(self, code: int | None, seconds: float) -> str:
        if self._overdue:
            return f"took longer than {seconds:.0f} seconds"
        if code == OVER_MEMORY:
            return f"needed more than {self.limits.megabytes:,} MB of memory"
        return f"crashed the scanner (signal {-code})" if code is not None and code < 0 else f"crashed the scanner (exit code {code})"


class _Died(Exception):
    """The process ended before it answered; the message is the reason."""


def serve(settings: Settings, megabytes: int) -> None:
    """Answer the batches on standard input on standard output, until there are no more.  The life of a process."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing that prints may disturb the stream
    scanner_of(settings)
    _limit_memory(megabytes)
    with pa.ipc.new_stream(sink, RESULT) as answers:
        answers.write_batch(_nothing())  # ready
        sink.flush()
        for batch in pa.ipc.open_stream(source):
            answers.write_batch(scan_batch(batch, settings))
            sink.flush()


def _nothing() -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([], schema=RESULT)


def _limit_memory(megabytes: int) -> None:
    """Let this process grow by so much; beyond it, MemoryError.  Without effect where the system knows no such limit."""
    try:
        import resource

        with open("/proc/self/statm", encoding="ascii") as f:
            now = int(f.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (now + (megabytes << 20), resource.getrlimit(resource.RLIMIT_AS)[1]))
    except (ImportError, OSError, ValueError):
        pass


def main() -> None:
    """A process of `Isolated`: settings and megabytes as JSON in the first argument."""
    import json

    (lexicons, only, ignore, min_score, quotes), megabytes = json.loads(sys.argv[1])
    try:
        serve(Settings(tuple(lexicons), tuple(only), tuple(ignore), min_score, quotes), megabytes)
    except MemoryError:
        os._exit(OVER_MEMORY)
    except (OSError, pa.ArrowInvalid):
        os._exit(0)  # nobody is there any more
    except ArtifactscanError as error:
        sys.exit(f"artifactscan: {error}")


if __name__ == "__main__":
    main()
