"""The command as people run it.  The cases of tests/cli/ are files: command, output, exit code."""
from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import click
import pytest

from artifactscan import CONTAINERS
from artifactscan.cli import COMMANDS, cli
from artifactscan.model import ArtifactscanError
from helpers import loaded

ROOT = Path(__file__).parents[1]
CASES = sorted((ROOT / "tests" / "cli").glob("*.txt"))


def run(*args: str, stdin: bytes | None = None, cwd: Path = ROOT, **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "artifactscan", *args], input=stdin or b"", cwd=cwd, capture_output=True, env={**os.environ, **env}, timeout=120)


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.stem)
def test_case(case: Path) -> None:
    """First line: the arguments (and standard input after "<"); last line: the exit code; between: all output.  ARTIFACTSCAN_UPDATE=1 writes it anew."""
    first, *expected = case.read_text(encoding="utf-8").splitlines()
    command, _, stdin = first.removeprefix("$ artifactscan ").partition(" < ")
    done = run(*command.split(), stdin=stdin.encode())
    shown = [*(done.stdout + done.stderr).decode().splitlines(), f"exit {done.returncode}"]
    if os.environ.get("ARTIFACTSCAN_UPDATE"):
        case.write_text("\n".join([first, *shown, ""]), encoding="utf-8")
    else:
        assert shown == expected


def test_no_summary_of_a_command_is_cut() -> None:
    groups = [cli, *(command for name in COMMANDS if isinstance(command := cli.get_command(click.Context(cli), name), click.Group))]
    for group in groups:
        shown = group.get_help(click.Context(group, terminal_width=80))
        assert "..." not in shown.partition("Commands:")[2]


def test_version_loads_little() -> None:
    """What `--version` needs: no rich, no rapidfuzz, no tables, no scanner."""
    heavy = ("rich", "rapidfuzz", "wordfreq", "numpy", "json", "pathspec")
    assert {m for m in loaded("--version") if m.split(".")[0] in heavy or m.startswith("artifactscan.")} == {"artifactscan.cli", "artifactscan.model"}


def test_json_needs_no_rich(samples: Path) -> None:
    modules = loaded("check", "--format", "json", str(samples / "clean_news.txt"))
    assert "artifactscan.scan" in modules
    assert not {m.split(".")[0] for m in modules} & {"rich", "rapidfuzz", "wordfreq", "numpy", "pathspec"}


def test_rules_alone_need_no_decoder(samples: Path) -> None:
    modules = loaded("check", "--ignore", "substitution", str(samples / "clean_news.txt"))
    assert "artifactscan.scan" in modules
    assert not modules & {"artifactscan.channel", "artifactscan.language", "artifactscan.detectors.substitutions"}


def test_exit_codes(samples: Path, tmp_path: Path) -> None:
    spun, clean = str(samples / "spun_article.txt"), str(samples / "clean_news.txt")
    assert run("check", clean).returncode == 0
    assert run("check", spun).returncode == 1
    assert run("check", spun, "--fail-on", "100").returncode == 0
    assert run("check", spun, "--min-score", "100").returncode == 0
    assert run("check", "--no-such-option", spun).returncode == 2
    assert run("check", "--only", "no-such-rule", spun).returncode == 2
    both = run("check", "--format", "json", clean, str(tmp_path / "missing.txt"))
    assert both.returncode == 3
    report = json.loads(both.stdout)
    assert len(report["documents"]) == 1
    assert report["skipped"][0]["reason"] == "no such file or folder"


@pytest.mark.parametrize(
    ("name", "raw", "reason"),
    [
        ("binary.txt", b"PK\x03\x04\x00\x00\xff\xfe\x00", "binary"),
        ("nul.txt", b"some words and a NUL\0 byte", "binary"),
        ("bytes.txt", b"caf\x81\x8d \xff\xfe", "neither UTF-8 nor Windows-1252"),
    ],
)
def test_unreadable(tmp_path: Path, name: str, raw: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(raw)
    done = run("check", "--format", "json", str(tmp_path / name))
    assert done.returncode == 3
    assert reason in json.loads(done.stdout)["skipped"][0]["reason"]
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_bytes("It has n’t rained – the café is open.\r\nIt is n’t far.".encode(encoding))
    findings = json.loads(run("check", "--format", "json", str(tmp_path)).stdout)["findings"]
    assert [(f["excerpt"], f["line"]) for f in sorted(findings, key=lambda f: f["start"])] == [("has n’t", 1), ("is n’t", 2)]


def test_folders(tmp_path: Path) -> None:
    for name in ("a.txt", "b/c.md", "ignored.txt", ".hidden.txt", "code.py", "deep/ignored/d.txt", "deep/kept.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("It has n't rained.", encoding="utf-8")
    (tmp_path / "image.png").write_bytes(b"\x89PNG\0\0")
    (tmp_path / "data.xml").write_bytes(b"<project/>")
    (tmp_path / "paper.xml").write_bytes(b"<article><body><p>It has n't rained.</p></body></article>")
    shutil.copy(ROOT / "tests" / "documents" / "spun_article.pdf", tmp_path)
    (tmp_path / ".gitignore").write_text("ignored*\n", encoding="utf-8")
    report = json.loads(run("check", "--format", "json", str(tmp_path)).stdout)
    assert [Path(d["path"]).relative_to(tmp_path).as_posix() for d in report["documents"]] == ["a.txt", "b/c.md", "deep/kept.txt", "paper.xml", "spun_article.pdf"]
    assert not report["skipped"]


def test_a_damaged_document_is_skipped_and_the_rest_reported(tmp_path: Path) -> None:
    (tmp_path / "damaged.docx").write_bytes(b"PK\x03\x04")
    (tmp_path / "sound.md").write_text("It has *n't* rained.\n\n> It has n't rained.", encoding="utf-8")
    done = run("check", "--format", "json", str(tmp_path))
    report = json.loads(done.stdout)
    assert done.returncode == 3
    assert [(Path(s["path"]).name, s["reason"]) for s in report["skipped"]] == [("damaged.docx", "damaged or not a Word file: File is not a zip file")]
    assert sorted((f["line"], f["column"], f["quoted"]) for f in report["findings"]) == [(1, 4, False), (3, 6, True)]
    assert b"Traceback" not in done.stderr


def test_an_input_named_twice_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("It rained.", encoding="utf-8")
    done = run("check", "--format", "json", "-", "a.txt", "-", "./a.txt", ".", stdin=b"It snowed.", cwd=tmp_path)
    assert [(d["path"], d["words"]) for d in json.loads(done.stdout)["documents"]] == [("-", 2), ("a.txt", 2)]


def test_an_empty_folder_and_an_empty_file(tmp_path: Path) -> None:
    empty = run("check", str(tmp_path))
    assert empty.returncode == 3
    assert b"no text files in this folder" in empty.stdout
    (tmp_path / "a.txt").write_bytes(b"")
    assert run("check", str(tmp_path)).returncode == 0


@pytest.mark.parametrize(
    "args",
    [
        "check --min-score nan -",
        "check --fail-on nan -",
        "bench --threshold nan none.jsonl",
        "corpus scan --timeout nan --out none none.jsonl",
        "corpus scan --timeout inf --out none none.jsonl",
        "lexicon add --reliability nan a b",
    ],
)
def test_numbers_are_finite(args: str) -> None:
    done = run(*args.split())
    assert (done.returncode, b"is not a finite number" in done.stderr) == (2, True)


def test_output_that_cannot_be_written(samples: Path, tmp_path: Path) -> None:
    done = run("check", str(samples), "-o", str(tmp_path / "no" / "folder" / "r.json"))
    assert done.returncode == 2
    assert b"cannot be written" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "args",
    [
        "check -o in.md in.md",
        "check -o link.md in.md",
        "check -o in.md link.md",
        "check -o new.json -o in.md -",
        "check -o in.md --format json --lexicon in.md other.md",
        "compare -o in.md other.md in.md",
        "lexicon import -o in.md in.md",
        "baseline write --baseline in.md other.md in.md",
    ],
)
def test_no_report_replaces_an_input(tmp_path: Path, args: str) -> None:
    for name in ("in.md", "other.md"):
        (tmp_path / name).write_text("It has n't rained.", encoding="utf-8")
    (tmp_path / "link.md").symlink_to("in.md")
    with open(tmp_path / "in.md", "rb") as stdin:
        done = subprocess.run([sys.executable, "-m", "artifactscan", *args.split()], cwd=tmp_path, stdin=stdin, capture_output=True, text=True)
    assert (done.returncode, "would replace this input; name another file" in done.stderr) == (2, True)
    assert (tmp_path / "in.md").read_text() == "It has n't rained."
    assert not (tmp_path / "new.json").exists()


def test_the_report_of_the_last_run_is_not_checked(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("It has n't rained.", encoding="utf-8")
    for _ in range(2):
        done = run("check", "-o", "report.md", "--format", "markdown", "--format", "json", ".", cwd=tmp_path)
        assert [d["path"] for d in json.loads(done.stdout)["documents"]] == ["a.txt"]


def test_a_report_goes_where_its_link_leads_and_keeps_its_mode(tmp_path: Path) -> None:
    for name in ("kept", "there"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "report.json").touch(0o600)
    (tmp_path / "report.json").symlink_to("there/report.json")
    (tmp_path / "new.json").symlink_to("there/new.json")
    (tmp_path / "loop.json").symlink_to("loop.json")
    done = run("check", "-", "-o", "report.json", "-o", "new.json", "-o", "kept/report.json", cwd=tmp_path, stdin=b"It rained.")
    assert done.returncode == 0, done.stderr
    for name in ("there/report.json", "there/new.json", "kept/report.json"):
        assert json.loads((tmp_path / name).read_text())["schema"] == "artifactscan.report/1"
    assert (tmp_path / "report.json").is_symlink() and (tmp_path / "new.json").is_symlink()
    assert {(tmp_path / name / "report.json").stat().st_mode & 0o777 for name in ("kept", "there")} == {0o600}
    assert b"cannot be written there" in run("check", "-", "-o", "loop.json", cwd=tmp_path).stderr
    assert (tmp_path / "loop.json").is_symlink()
    assert not list(tmp_path.rglob("*.part"))


def test_a_report_into_a_pipe_and_under_a_long_name(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    reader = os.open(tmp_path / "pipe.json", os.O_RDONLY | os.O_NONBLOCK)
    long = "a" * 250 + ".json"
    assert run("check", "-", "-o", "pipe.json", "-o", long, cwd=tmp_path).returncode == 0
    assert os.read(reader, 1 << 16) == (tmp_path / long).read_bytes() != b""
    os.close(reader)


@pytest.mark.parametrize(
    ("args", "files", "stdout"),
    [
        ("", "", "terminal"),
        ("--format csv", "", "csv"),
        ("-o a.json", "a.json=json", ""),
        ("--format sarif -o a.json", "a.json=sarif", ""),
        ("-o a.json -o b.HTML -o -", "a.json=json b.HTML=html", "terminal"),
        ("--format gitlab -o a -o b.md", "a=gitlab b.md=markdown", ""),
        ("--format sarif --format terminal -o a.x", "a.x=sarif", "terminal"),
        ("--format terminal --format sarif -o - -o a.x", "a.x=sarif", "terminal"),
        ("-o report", "report=terminal", ""),
    ],
)
def test_several_reports_from_one_scan(samples: Path, tmp_path: Path, args: str, files: str, stdout: str) -> None:
    signs = {
        "terminal": b" findings; 1 document: 1 spun\n", "json": b'"artifactscan.report/1"', "html": b"<!doctype html>", "markdown": b"### artifactscan: ",
        "csv": b"rank,document,", "sarif": b'"version": "2.1.0"', "gitlab": b'"check_name"',
    }  # fmt: skip
    done = run("check", str(samples / "spun_article.txt"), *args.split(), cwd=tmp_path)
    assert done.returncode == 1
    assert {name for name, sign in signs.items() if sign in done.stdout} == set(stdout.split())
    written = {path.name: [name for name, sign in signs.items() if sign in path.read_bytes()] for path in tmp_path.iterdir() if path.is_file()}
    assert written == {file: [form] for file, form in (pair.split("=") for pair in files.split())}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ("--format csv --format json", "standard output: more than one report would go there"),
        ("-o - --format csv --format json", "standard output: more than one report would go there"),
        ("-o a.json -o a.json", "a.json: more than one report would go there"),
        ("-o a.xml", "a.xml: no report is known by the suffix .xml; name its --format"),
    ],
)
def test_reports_that_have_no_place(samples: Path, tmp_path: Path, args: str, message: str) -> None:
    done = run("check", str(samples / "spun_article.txt"), *args.split(), cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr.decode()
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []


def test_jsonl_is_written_while_the_scan_goes_on(samples: Path) -> None:
    command = [sys.executable, "-m", "artifactscan", "check", "--format", "jsonl", str(samples / "spun_article.txt"), "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        watch = threading.Timer(60, process.kill)
        watch.start()
        first = process.stdout.readline()  # while standard input, the second document, is open
        process.stdin.write(b"It has n't rained.")
        process.stdin.close()
        last = process.stdout.readlines()[-1]
        watch.cancel()
    assert json.loads(first)["document"] == str(samples / "spun_article.txt")
    assert json.loads(last)["document"] == "-"
    assert process.returncode == 1


def test_a_closed_pipe(samples: Path) -> None:
    command = f"{sys.executable} -m artifactscan check --min-score 0 --explain {samples} | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert done.stdout.startswith("   1 ")
    assert done.stderr == ""


def test_interrupted(tmp_path: Path) -> None:
    heeding = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # what runs in the background inherits that it is ignored
    command = [sys.executable, "-m", "artifactscan", "check", "-"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=heeding) as process:
        time.sleep(1.5)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=20)
    assert process.returncode == 130
    assert b"interrupted" in stderr
    assert b"Traceback" not in stderr


def test_names_that_the_system_refuses(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("It rained.", encoding="utf-8")
    long = "a" * 300
    report = json.loads(run("check", "--format", "json", long, "a.txt", "a.txt/b", "broken", cwd=tmp_path).stdout)
    assert [(s["path"], s["reason"]) for s in report["skipped"]] == [(long, os.strerror(36)), ("a.txt/b", os.strerror(20)), ("broken", "no such file or folder")]
    assert [d["path"] for d in report["documents"]] == ["a.txt"]
    for args, env in (
        (("check", "a.txt", "-o", f"{long}.json"), {}),
        (("check", "a.txt"), {"ARTIFACTSCAN_LEXICONS": long}),
        (("lexicon", "add", "a b", "c", "--to", long), {}),
        (("check", "a.txt", "--deep", "--model", long), {}),
        (("corpus", "summary", long), {}),
        (("corpus", "a.txt", "--out", long), {}),
    ):
        done = run(*args, cwd=tmp_path, **env)
        assert (done.returncode, done.stdout) == (2, b""), args
        assert done.stderr.startswith(b"artifactscan: ") and b"Traceback" not in done.stderr, args


def test_what_a_closed_folder_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Permissions do not hold for everybody, so the system is made to refuse."""
    import artifactscan.cli
    from artifactscan.commands import shared

    def closed(path: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "stat", closed)
    monkeypatch.setattr(os, "listdir", closed)
    assert shared._unreachable(Path("secret/s.txt")) == "Permission denied"
    with pytest.raises(ArtifactscanError, match="your lexicons cannot be read"):
        shared.own_lexicons()
    monkeypatch.setattr(artifactscan.cli, "_close_stdout", lambda: None)
    monkeypatch.setattr(artifactscan.cli, "cli", lambda *a: closed("secret/s.txt"))
    monkeypatch.setattr(artifactscan.cli.cli, "main", lambda **_: closed("secret/s.txt"), raising=False)
    with pytest.raises(SystemExit) as ended:
        artifactscan.cli.main()
    assert ended.value.code == 2


@pytest.mark.parametrize(("columns", "same"), [("abc", "100"), ("0", "100"), ("-3", "100"), ("", "100"), ("60", "60")])
def test_columns(samples: Path, columns: str, same: str) -> None:
    first, second = (run("check", "--top", "1", str(samples / "spun_article.txt"), COLUMNS=value) for value in (columns, same))
    assert (first.returncode, first.stdout, first.stderr) == (1, second.stdout, b"")


@pytest.mark.parametrize(
    ("command", "code", "stdout", "stderr"),
    [
        ("check - <&-", 3, "-: not read (standard input cannot be read (it is closed))\n", ""),
        ("check a.txt <&-", 0, "0 findings", ""),
        ("check a.txt >&-", 0, "", ""),
        ("check b.txt >&- 2>&-", 3, "", ""),
        ("rules >/dev/full", 2, "", "artifactscan: a file or stream: cannot be read or written (No space left on device); mend that, or name another place\n"),
        ("check a.txt >/dev/full", 2, "", "artifactscan: a file or stream: cannot be read or written (No space left on device); mend that, or name another place\n"),
        ("check a.txt >/dev/full 2>&1", 2, "", ""),
    ],
)
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")
def test_streams_that_are_closed_or_full(tmp_path: Path, command: str, code: int, stdout: str, stderr: str) -> None:
    (tmp_path / "a.txt").write_text("It rained.", encoding="utf-8")
    done = subprocess.run(["bash", "-c", f"{sys.executable} -m artifactscan {command}"], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (code, stderr)
    assert stdout in done.stdout


def test_only_ignore_top(samples: Path) -> None:
    spun = str(samples / "spun_article.txt")
    only = json.loads(run("check", "--format", "json", "--only", "number-spacing", spun).stdout)
    assert {f["rule"] for f in only["findings"]} == {"number-spacing"}
    ignored = json.loads(run("check", "--format", "json", "--ignore", "number-spacing", spun).stdout)
    assert "number-spacing" not in {f["rule"] for f in ignored["findings"]}
    assert len(json.loads(run("check", "--format", "json", "--top", "3", spun).stdout)["findings"]) == 3


def test_explain_shows_every_term(samples: Path) -> None:
    text = run("explain", f"{samples / 'spun_article.txt'}:18").stdout.decode()
    assert "[has n’t]" in text
    assert "nats  slip" in text
    assert "nats  document" in text


def test_explain_a_page() -> None:
    text = run("explain", "tests/documents/spun_article_columns.pdf:2").stdout.decode()
    assert "spun_article_columns.pdf:page 2  detached-contraction" in text
    assert "page 1" not in text


def test_explain_a_line_on_which_a_phrase_ends(tmp_path: Path) -> None:
    text = b"She wrote about counterfeit\nconsciousness in her thesis.\n"
    (tmp_path / "a.txt").write_bytes(text)
    assert b"[counterfeit consciousness]" in run("explain", "a.txt:2", cwd=tmp_path).stdout
    assert b"[counterfeit consciousness]" in run("explain", "-:2", stdin=text).stdout
    assert b" 0 findings in 8 words" in run("explain", "a.txt:3", cwd=tmp_path).stdout


def test_explain_a_place_that_is_no_number() -> None:
    book = "tests/documents/spun_article.epub"
    assert b"[has n\xe2\x80\x99t]" in run("explain", f"{book}:EPUB/text/ch001.xhtml").stdout
    wrong = run("explain", f"{book}:no such chapter")
    assert (wrong.returncode, b"at 'no such chapter'; name a line" in wrong.stderr) == (2, True)


def test_add_list_show_and_use(tmp_path: Path) -> None:
    env = {"ARTIFACTSCAN_LEXICONS": str(tmp_path / "own")}
    assert run("lexicon", "add", "zigzag banana", "straight fruit", "--flags", "a zigzag banana", "--passes", "a banana", **env).returncode == 0
    assert run("lexicon", "check", str(tmp_path / "own" / "own.toml"), **env).stdout.startswith(b"1 entry, 0 problems")
    again = run("lexicon", "add", "zigzag banana", "straight fruit", **env)
    assert (again.returncode, again.stdout.decode().partition(";")[0]) == (0, f"nothing added: {tmp_path}/own/own.toml:3 has the same words, as straight-fruit-zigzag-banana")
    assert run("lexicon", "add", "zigzag banana", "straight fruit!", **env).returncode == 0
    checked = run("lexicon", "check", str(tmp_path / "own" / "own.toml"), **env)
    assert checked.stdout.startswith(b"2 entries, 0 problems")
    found = json.loads(run("check", "--format", "json", "-", stdin=b"A zigzag banana fell.", **env).stdout)["findings"]
    assert [f["originals"] for f in found] == [["straight fruit"]]
    listed = run("lexicon", "list", "zigzag", **env).stdout.decode().splitlines()
    assert listed == ["straight-fruit-zigzag-banana: zigzag banana -> straight fruit", "straight-fruit-zigzag-banana-2: zigzag banana -> straight fruit!"]
    shown = run("lexicon", "show", "straight-fruit-zigzag-banana-2", **env).stdout.decode()
    assert shown.startswith(f"# {tmp_path / 'own' / 'own.toml'}:10\n\n[[phrase]]\nid = \"straight-fruit-zigzag-banana-2\"\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("*", "foo"), "holds no word"),
        (("", "foo"), "holds no word"),
        (("foo *", "foo"), "begins or ends with a gap"),
        (("foo", ""), "originals holds an empty string"),
        (("foo", "bar", "--near", " "), "near holds an empty string"),
        (("green peace", "green peace"), "matches its own original"),
        (("green peace", "sustainable peace", "--flags", "Greenpeace"), "does not flag"),
    ],
)
def test_nothing_is_added_that_check_would_object_to(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    env = {"ARTIFACTSCAN_LEXICONS": str(tmp_path / "own")}
    done = run("lexicon", "add", *arguments, **env)
    assert (done.returncode, message in done.stderr.decode(), done.stdout) == (2, True, b"")
    assert run("check", "-", stdin=b"Rain.", **env).returncode == 0


def test_a_file_of_one_long_line(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("a few words in one line " * 40_000 + "it has n't ended", encoding="utf-8")
    assert len(json.loads(run("check", "--format", "json", str(tmp_path)).stdout)["findings"]) == 1


def test_one_threshold_for_garbage() -> None:
    """Set before the first import, and by nothing after it."""
    script = "import gc, artifactscan.__main__ as m\ngc.set_threshold = print\nm.main()"
    shown = subprocess.run([sys.executable, "-c", script, "check", "--format", "json", "-"], input="", capture_output=True, text=True, check=True).stdout
    assert shown.startswith(f"{CONTAINERS}\n{{")


def test_interrupted_while_it_loads() -> None:
    script = """
import sys

class Interrupt:
    def find_spec(name, path, target=None):
        if name == "click":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupt)
from artifactscan.__main__ import main
main()
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "interrupted\n")
