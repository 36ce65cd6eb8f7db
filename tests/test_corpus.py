"""Corpus mode: every kind of input, the output's rows, resume after any death, poison documents, a full disk."""
from __future__ import annotations

import csv
import gzip
import io
import json
import os
import resource
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from artifactscan.corpus.inputs import Columns, Stream
from artifactscan.corpus.run import run
from artifactscan.corpus.store import manifest
from artifactscan.corpus.work import DOCUMENTS, FINDINGS, INPUT, Isolated, Limits, pieces, scan_batch
from artifactscan.model import ArtifactscanError, Document
from artifactscan.scan import Scanner, scan_text

COMMAND = [sys.executable, "-m", "artifactscan", "corpus"]
SPUN = (Path(__file__).parents[1] / "samples" / "spun_article.txt").read_text(encoding="utf-8")
CLEAN = "The committee met on Tuesday and agreed on a plan for the bridge. "


def records(count: int) -> list[dict[str, object]]:
    """Documents, every tenth of them spun, over two months."""
    return [{"id": f"d{i}", "text": SPUN[: 1500 + i] if i % 10 == 0 else CLEAN * 20, "date": f"2024-{1 + i % 2:02}-03", "year": 2024} for i in range(count)]


def jsonl(path: Path, rows: list[dict[str, object]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def tables(folder: Path) -> tuple[list[object], list[object]]:
    """The rows of documents and findings, sorted."""
    return tuple(sorted(json.dumps(row, sort_keys=True) for row in pq.read_table(folder / name).to_pylist()) for name in ("documents", "findings"))  # type: ignore[return-value]


def texts(*inputs: object, columns: Columns = Columns()) -> list[tuple[str, str | None]]:
    """(id, text, content or error) of every document."""
    rows = [row for batch in Stream(map(str, inputs), columns).batches() for row in batch.to_pylist()]
    return [(row["id"], row["text"] if row["text"] is not None else row["content"].decode() if row["content"] is not None else row["error"]) for row in rows]


def test_nothing_of_it_is_imported_by_check() -> None:
    code = "import sys, artifactscan.cli, artifactscan.scan, artifactscan.commands.check\nprint({'pyarrow', 'duckdb', 'artifactscan.corpus'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_a_missing_extra_is_named() -> None:
    code = "import sys\nsys.modules['pyarrow'] = None\nfrom artifactscan.corpus import require\nimport importlib.util as u\nu.find_spec = lambda n: None\nrequire('ray')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "pip install 'artifactscan[ray]'" in done.stderr


def test_record_files(tmp_path: Path) -> None:
    rows = [{"id": f"n{i}", "text": f"text {i} é"} for i in range(3)]
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    (tmp_path / "a.jsonl").write_bytes(lines)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines[:30]) + gzip.compress(lines[30:]))
    with pa.CompressedOutputStream(str(tmp_path / "a.jsonl.zst"), "zstd") as f:
        f.write(lines)
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet", row_group_size=2)
    with open(tmp_path / "a.csv", "w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, ["id", "text"])
        writer.writeheader()
        writer.writerows(rows)
    for name in ("a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.parquet", "a.csv"):
        assert texts(tmp_path / name) == [(row["id"], row["text"]) for row in rows], name
        for skip in (1, 2, 3):
            rest = [row["id"] for b in Stream([str(tmp_path / name)]).batches((0, skip)) for row in b.to_pylist()]
            assert rest == ["n0", "n1", "n2"][skip:], (name, skip)


def test_an_ending_may_be_in_capitals(tmp_path: Path) -> None:
    (tmp_path / "A.TSV").write_text("id\ttext\na\tone, two\n", encoding="utf-8")
    batch = next(Stream([str(tmp_path / "A.TSV")]).batches())
    assert batch.select(["id", "text"]).to_pylist() == [{"id": "a", "text": "one, two"}]


def test_records_without_an_id_are_told_apart(tmp_path: Path) -> None:
    rows = [{"id": id_, "text": "a"} for id_ in ("", "x", " ", None)]
    jsonl(tmp_path / "a.jsonl", rows)
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    (tmp_path / "a.csv").write_text('id,text\n,a\nx,a\n" ",a\n,a\n', encoding="utf-8")
    for name in ("a.jsonl", "a.parquet", "a.csv"):
        path = tmp_path / name
        assert [id_ for id_, _ in texts(path)] == [f"{path}:1", "x", f"{path}:3", f"{path}:4"], name


def test_files_in_folders_tar_and_warc(tmp_path: Path) -> None:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    folder = tmp_path / "docs"
    folder.mkdir()
    for name in ("b.txt", "a.md", ".hidden.txt", "code.py"):
        (folder / name).write_text(f"in {name}", encoding="utf-8")
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as tar:
        tar.add(folder, "docs")
    with open(tmp_path / "a.warc.gz", "wb") as f:
        writer = WARCWriter(f, gzip=True)
        for kind, status, body in (("text/html", "200 OK", b"<p>page"), ("image/png", "200 OK", b"png"), ("text/html", "404 Not Found", b"gone")):
            headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.0")
            writer.write_record(writer.create_warc_record(f"http://example.org/{len(body)}", "response", payload=io.BytesIO(body), http_headers=headers))
    assert texts(folder) == [(f"{folder}/a.md", "in a.md"), (f"{folder}/b.txt", "in b.txt")]
    assert sorted(texts(tmp_path / "a.tar.gz")) == [("docs/a.md", "in a.md"), ("docs/b.txt", "in b.txt")]
    assert texts(tmp_path / "a.warc.gz") == [("http://example.org/7", "<p>page")]
    assert texts(folder / "b.txt") == [(f"{folder}/b.txt", "in b.txt")]


def test_a_folder_within_that_cannot_be_read_is_a_skipped_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "z.txt").write_text("words", encoding="utf-8")
    scandir = os.scandir

    def closed(path: Path) -> object:
        if Path(path).name == "secret":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)
    assert texts(tmp_path) == [(f"{tmp_path}/z.txt", "words"), (f"{tmp_path}/secret", "Permission denied")]


def test_what_cannot_be_read_has_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "one"}\nnot json\n[]\n{"text": null}\n{"text": "lone \\ud800"}\n', encoding="utf-8")
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(b'{"text": "whole"}\n' * 2000, mtime=0)[:-20])
    rows = texts(path)
    assert [id_ for id_, _ in rows] == [f"{path}:{n}" for n in range(1, 6)]
    assert [text.split(" (")[0] for _, text in rows if text] == ["one", "not JSON", "not a JSON object", "no text in 'text'", "lone \ufffd"]
    assert "cannot be read on from here" in (texts(tmp_path / "cut.jsonl.gz")[-1][1] or "")
    for skip, left in ((0, 1), (1, 0)):  # said once, also by a run that is resumed after it
        assert sum(b.num_rows for b in Stream([str(tmp_path / "cut.jsonl.gz")]).batches((0, len(texts(tmp_path / "cut.jsonl.gz")) - 1 + skip))) == left
    (tmp_path / "none.parquet").write_bytes(b"not parquet at all")
    assert "cannot be read on from here" in (texts(tmp_path / "none.parquet")[0][1] or "")


@pytest.mark.parametrize(
    ("columns", "message"), [(Columns(text="body"), "no field 'body'"), (Columns(id="doi"), "name another with --id"), (Columns(keep=("x",)), "name another with --keep")]
)
def test_wrong_columns_stop_at_once(tmp_path: Path, columns: Columns, message: str) -> None:
    with pytest.raises(ArtifactscanError, match=message):
        texts(jsonl(tmp_path / "a.jsonl", records(2)), columns=columns)


def test_fields_are_kept(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", [{"text": "a", "source": "press", "year": 2024, "list": [1], "long": "x" * 300}])
    (row,) = next(Stream([path]).batches()).to_pylist()
    assert (row["source"], dict(row["metadata"])) == ("press", {"source": "press", "year": "2024"})
    (row,) = next(Stream([path], Columns(keep=("long",))).batches()).to_pylist()
    assert (row["source"], list(dict(row["metadata"]))) == (path, ["long"])


def test_rows_say_what_the_scanner_says(tmp_path: Path) -> None:
    rows = records(25)
    counts = run([jsonl(tmp_path / "a.jsonl", rows)], tmp_path / "out", processes=2)
    documents, findings = (pq.read_table(tmp_path / "out" / name) for name in ("documents", "findings"))
    assert documents.schema.remove_metadata() == DOCUMENTS and findings.schema == FINDINGS
    scanner = Scanner()
    reports = [scanner.scan(Document(str(row["id"]), str(row["text"]))) for row in rows]
    assert [(d["path"], d["words"], d["verdict"], d["probability"], d["findings"]) for d in documents.to_pylist()] == [(*r[:4], len(r.findings)) for r in reports]
    expected = [(r.path, f.rule, f.start, f.end, f.line, f.column, f.excerpt, list(f.originals), f.score, f.fingerprint) for r in reports for f in r.findings]
    names = ("document", "rule", "start", "end", "line", "column", "excerpt", "originals", "score", "fingerprint")
    assert [tuple(f[name] for name in names) for f in findings.to_pylist()] == expected
    assert [[e._asdict() for e in f.evidence] for r in reports for f in r.findings] == findings.column("evidence").to_pylist()
    assert counts["findings"] == len(expected) == manifest(tmp_path / "out")["counts"]["findings"] > 0


def test_batches_of_any_size_give_the_same_rows() -> None:
    batch = pa.RecordBatch.from_pylist(records(30)).select(["id", "text"])
    whole = scan_batch(batch)
    parts = pa.concat_batches([scan_batch(batch.slice(i, 7)) for i in range(0, 30, 7)])
    assert parts.equals(whole)
    large = pa.RecordBatch.from_pylist([{"id": "x", "text": "word " * n} for n in (10, 75_000, 10, 37_500, 10)], schema=INPUT)
    assert [p.num_rows for p in pieces(large)] == [1, 1, 3]


def test_killed_and_resumed(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", [{"text": "It has n't rained." if i % 9 == 0 else "Rain."} for i in range(9000)])
    run([path, path], tmp_path / "whole", processes=2)
    command = [*COMMAND, path, path, "--out", str(tmp_path / "out"), "--processes", "2", "--commit-every", "0", "--resume"]
    for parts in (1, 3):
        with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
            while process.poll() is None and len(list((tmp_path / "out").glob("documents/*.parquet"))) < parts:
                time.sleep(0.005)
            process.send_signal(signal.SIGKILL)
        (tmp_path / "out" / "documents" / "part-000099.parquet.tmp").write_bytes(b"cut sh")
    assert subprocess.run(command, check=False).returncode == 0
    assert tables(tmp_path / "out") == tables(tmp_path / "whole")
    assert manifest(tmp_path / "out")["counts"] == manifest(tmp_path / "whole")["counts"]
    assert {p.suffix for p in (tmp_path / "out").rglob("*.*")} == {".parquet", ".json"}


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", records(3))
    run([path], tmp_path / "out")
    before = tables(tmp_path / "out")
    with pytest.raises(ArtifactscanError, match="add --resume"):
        run([path], tmp_path / "out")
    with pytest.raises(ArtifactscanError, match="begun with other columns"):
        run([path], tmp_path / "out", columns=Columns(keep=("year",)), resume=True)
    assert run([path], tmp_path / "out", resume=True)["documents"] == 3
    assert tables(tmp_path / "out") == before
    with pytest.raises(ArtifactscanError, match="holds other things"):
        run([path], tmp_path)
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ArtifactscanError, match="cannot be written"):
        run([path], tmp_path / "file" / "out")


def test_what_committed_nothing_may_begin_anew(tmp_path: Path) -> None:
    path, out = jsonl(tmp_path / "a.jsonl", records(3)), tmp_path / "out"
    for columns in (Columns(text="body"), Columns(keep=("month",))):
        with pytest.raises(ArtifactscanError, match="no field"):
            run([path], out, columns=columns)
    (out / "findings" / "part-000007.parquet").write_bytes(b"of a part that was not committed")
    assert run([path], out)["documents"] == 3
    assert manifest(out)["columns"] == {"text": "text", "id": "id", "keep": []}
    assert tables(out)[1]
    with pytest.raises(ArtifactscanError, match="holds a run already"):
        run([path], out)


def test_a_full_disk_is_told_and_resumable(tmp_path: Path) -> None:
    """A limit on the size of files is the disk that is full."""
    path = jsonl(tmp_path / "a.jsonl", records(300))
    command = [*COMMAND, path, "--out", str(tmp_path / "out"), "--processes", "1"]
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}  # bytecode would be cut short, too, for every later run
    done = subprocess.run(command, capture_output=True, text=True, env=env, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)), check=False)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr and "--resume" in done.stderr and "Traceback" not in done.stderr
    assert not list((tmp_path / "out").rglob("*.tmp"))
    assert subprocess.run([*command, "--resume"], check=False).returncode == 0
    run([path], tmp_path / "whole")
    assert tables(tmp_path / "out") == tables(tmp_path / "whole")


@pytest.fixture
def fragile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scanning processes that crash, hang, quit or raise on documents that say so."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(
        """
import os, signal, sys, time
from artifactscan.scan import Scanner, scan_text

scan = Scanner.scan

def fragile(self, document):
    if document.text == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if document.text == "hang":
        time.sleep(600)
    if document.text == "raise":
        raise RuntimeError("a fault")
    return scan(self, document)

Scanner.scan = fragile
""",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path / "site"))


def test_poison_is_isolated(fragile: None) -> None:
    documents = [{"id": text, "text": text} for text in ("a one", "crash", "b two", "raise", "hang", "c three", "crash")]
    worker = Isolated(limits=Limits(seconds=2.0))
    results = worker(pa.RecordBatch.from_pylist(documents)).to_pylist()
    worker.close()
    assert [(r["path"], r["words"], r["skipped"]) for r in results] == [
        ("a one", 2, None),
        ("crash", None, "crashed the scanner (signal 11)"),
        ("b two", 2, None),
        ("raise", None, "RuntimeError: a fault"),
        ("hang", None, "took longer than 2 seconds"),
        ("c three", 2, None),
        ("crash", None, "crashed the scanner (signal 11)"),
    ]


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_limit_longer_than_a_timer_runs() -> None:
    worker = Isolated(limits=Limits(seconds=1e10))
    assert worker(pa.RecordBatch.from_pylist([{"id": "a", "text": "a one"}])).column("words").to_pylist() == [2]
    worker.close()


def test_a_run_goes_on_after_poison(fragile: None, tmp_path: Path) -> None:
    rows = [{"id": str(i), "text": "crash" if i in (5, 50) else CLEAN} for i in range(100)]
    counts = run([jsonl(tmp_path / "a.jsonl", rows)], tmp_path / "out", processes=2)
    assert (counts["documents"], counts["skipped"]) == (100, 2)
    assert [d["path"] for d in pq.read_table(tmp_path / "out" / "documents").to_pylist() if d["skipped"]] == ["5", "50"]


@pytest.mark.skipif(sys.platform != "linux", reason="a limit on memory that only Linux keeps")
def test_memory_has_a_limit() -> None:
    worker = Isolated(limits=Limits(megabytes=64))
    results = worker(pa.RecordBatch.from_pylist([{"id": "small", "text": CLEAN}, {"id": "large", "text": "a word " * 5_000_000}, {"id": "next", "text": CLEAN}])).to_pylist()
    worker.close()
    assert [(r["path"], r["skipped"]) for r in results] == [("small", None), ("large", "needed more than 64 MB of memory"), ("next", None)]


def test_a_process_that_cannot_start_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(ArtifactscanError, match="could not be started"):
        Isolated()(pa.RecordBatch.from_pylist([{"id": "a", "text": "b"}]))


def test_no_process_and_no_file_stays_open(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", records(20))
    run([path], tmp_path / "first", processes=2)
    before = len(os.listdir("/proc/self/fd")) if Path("/proc/self/fd").exists() else 0
    run([path], tmp_path / "second", processes=2)
    assert (len(os.listdir("/proc/self/fd")) if before else 0) == before


def test_one_is_singular(tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    done = subprocess.run([*COMMAND, jsonl(tmp_path / "a.jsonl", [{"text": "rained hasn 't"}]), "--out", out], capture_output=True, text=True, check=False)
    assert "out: 1 document, 3 words, 1 finding in" in done.stdout
    done = subprocess.run([*COMMAND, "review", out], input="q", capture_output=True, text=True, check=False)
    assert ", 1 finding in 3 words\n" in done.stdout


def test_commands(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "a.jsonl", [*records(3), {"id": "x", "text": None}])
    findings = sum(len(scan_text(str(row["text"])).findings) for row in records(3))
    for n, form in enumerate((["corpus", path], ["corpus", "scan", path], ["corpus", "--processes", "1", path])):
        done = subprocess.run([*COMMAND[:-1], *form, "--out", str(tmp_path / str(n))], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout.split(" in ")[0].split(": ")[1]) == (3, f"4 documents (1 skipped), 756 words, {findings} findings"), done.stderr
