"""The language server, in real sessions over standard input and output."""
from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from artifactscan.model import Document, Evidence, Finding, Mark

pytest.importorskip("pygls")
from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

from artifactscan import server
from artifactscan.readers import READERS
from artifactscan.server import KINDS, Lines

WAIT = 60  # seconds; a busy machine is slow to start


class Session:
    """A client with one server; the diagnostics of each version of a text arrive in `arrived`."""

    def __init__(self) -> None:
        self.client = LanguageClient("test", "1")
        self.arrived: asyncio.Queue[lsp.PublishDiagnosticsParams] = asyncio.Queue()

        @self.client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def published(params: lsp.PublishDiagnosticsParams) -> None:
            self.arrived.put_nowait(params)

    async def diagnostics(self, version: int) -> list[lsp.Diagnostic]:
        while True:
            params = await asyncio.wait_for(self.arrived.get(), WAIT)
            if params.version == version:
                return list(params.diagnostics)

    def open(self, uri: str, text: str, language: str = "plaintext") -> None:
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(uri, language, 1, text)))

    def change(self, uri: str, version: int, text: str) -> None:
        self.client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(lsp.VersionedTextDocumentIdentifier(version, uri), [lsp.TextDocumentContentChangeWholeDocument(text)])
        )


def session(
    work: Callable[[Session], Awaitable[None]], *options: str, command: Sequence[str] = ("-m", "artifactscan", "lsp"), encodings: list[Any] | None = None
) -> None:
    """Start a server, greet it, do the work, and part in order."""

    async def run() -> None:
        s = Session()
        await s.client.start_io(sys.executable, *command, *options)
        general = lsp.GeneralClientCapabilities(position_encodings=encodings) if encodings else None
        await asyncio.wait_for(s.client.initialize_async(lsp.InitializeParams(lsp.ClientCapabilities(general=general))), WAIT)
        s.client.initialized(lsp.InitializedParams())
        await work(s)
        await asyncio.wait_for(s.client.shutdown_async(None), WAIT)
        s.client.exit(None)
        await s.client.stop()

    asyncio.run(run())


def test_diagnostics_while_typing() -> None:
    async def work(s: Session) -> None:
        uri = "file:///tmp/note.txt"
        s.open(uri, "All is well.\n")
        assert await s.diagnostics(1) == []
        s.change(uri, 2, "All is well.\nIt has n't")
        s.change(uri, 3, "All is well.\nIt has n't rained.\n")
        (found,) = await s.diagnostics(3)
        assert (found.code, found.source) == ("detached-contraction", "artifactscan")
        assert found.message.startswith("probably hasn't; ")
        assert found.range == lsp.Range(lsp.Position(1, 3), lsp.Position(1, 10))
        s.change(uri, 4, "All is well.\n")
        assert await s.diagnostics(4) == []

    session(work)


@pytest.mark.parametrize(("encodings", "start"), [(None, 5), ([lsp.PositionEncodingKind.Utf32], 4), ([lsp.PositionEncodingKind.Utf8], 7)])
def test_places_are_in_the_clients_units(encodings: list[Any] | None, start: int) -> None:
    async def work(s: Session) -> None:
        s.open("file:///tmp/a.txt", "Calm.\r\n😀 He has n't met them.\r\n")
        (found,) = await s.diagnostics(1)
        assert found.range == lsp.Range(lsp.Position(1, start + 1), lsp.Position(1, start + 8))

    session(work, encodings=encodings)


def test_hover_and_actions() -> None:
    async def work(s: Session) -> None:
        uri = "file:///tmp/draft.md"
        document = lsp.TextDocumentIdentifier(uri)
        text = "# Title\n\n> 😀 It has n't rained, and it totaled$ 240.\n"
        s.open(uri, text, "markdown")
        first, second = await s.diagnostics(1)
        assert await s.client.text_document_hover_async(lsp.HoverParams(document, lsp.Position(0, 3))) is None
        shown = await s.client.text_document_hover_async(lsp.HoverParams(document, lsp.Position(first.range.start.line, first.range.start.character + 2)))
        assert shown is not None and shown.range == first.range
        assert isinstance(shown.contents, lsp.MarkupContent)
        assert "**detached-contraction**" in shown.contents.value
        assert "probably *hasn't*" in shown.contents.value
        assert "nats slip" in shown.contents.value and "nats document" in shown.contents.value
        actions = await s.client.text_document_code_action_async(lsp.CodeActionParams(document, second.range, lsp.CodeActionContext([second])))
        assert actions and [a.title for a in actions] == ["Replace by “totaled $240”", "Allow number-spacing here"]
        assert applied(text, uri, actions[0]) == "# Title\n\n> 😀 It has n't rained, and it totaled $240.\n"
        assert actions[0].is_preferred
        assert applied(text, uri, actions[1]) == "# Title\n\n<!-- artifactscan: ignore[number-spacing] allowed here -->\n" + text[9:]

    session(work)


COMMENTS = {
    "a.html": "<!-- artifactscan: ignore[detached-contraction] allowed here -->",
    "a.tex": "% artifactscan: ignore[detached-contraction] allowed here",
    "a.rst": ".. artifactscan: ignore[detached-contraction] allowed here",
    "a.txt": "[artifactscan: ignore[detached-contraction] allowed here]",
}


def test_allow_here_is_a_comment_of_the_kind_of_text_and_hides_the_finding() -> None:
    async def work(s: Session) -> None:
        text = "<p>One.</p>\n  <p>It has n't rained here.</p>\n"
        for name, comment in COMMENTS.items():
            uri = f"file:///tmp/{name}"
            s.open(uri, text)
            (found,) = await s.diagnostics(1)
            actions = await s.client.text_document_code_action_async(lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), found.range, lsp.CodeActionContext([found])))
            assert actions
            allowed = applied(text, uri, actions[-1])
            assert allowed.splitlines()[1] == f"  {comment}"
            s.change(uri, 2, allowed)
            assert await s.diagnostics(2) == []

    session(work)


@pytest.mark.parametrize(
    ("name", "language", "comment"),
    [("untitled", "tex", "% artifactscan"), ("untitled", "latex", "% artifactscan"), ("untitled", "rst", ".. artifactscan"), ("a.latex", "", "% artifactscan"), ("untitled", "xml", "<!-- artifactscan")],
)
def test_allow_here_by_the_language_that_the_editor_names(name: str, language: str, comment: str) -> None:
    async def work(s: Session) -> None:
        uri = f"untitled:{name}" if name == "untitled" else f"file:///tmp/{name}"
        s.open(uri, "It has n't rained here.\n", language)
        (found,) = await s.diagnostics(1)
        actions = await s.client.text_document_code_action_async(lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), found.range, lsp.CodeActionContext([found])))
        assert actions and applied("It has n't rained here.\n", uri, actions[-1]).startswith(comment)

    session(work)


def test_every_kind_with_comments_of_its_own_has_them() -> None:
    assert set(KINDS) == {suffix for suffix, reader in READERS.items() if reader.module in ("markdown", "html", "jats", "latex", "rst")}
    assert set(KINDS.values()) <= set(server.COMMENTS)


def applied(text: str, uri: str, action: lsp.Command | lsp.CodeAction) -> str:
    """The text after an action, as an editor with UTF-16 would make it."""
    assert isinstance(action, lsp.CodeAction) and action.edit and action.edit.changes
    (edit,) = action.edit.changes[uri]
    lines = text.split("\n")

    def offset(position: lsp.Position) -> int:
        before = lines[position.line].encode("utf-16-le")[: 2 * position.character].decode("utf-16-le")
        return sum(len(line) + 1 for line in lines[: position.line]) + len(before)

    return text[: offset(edit.range.start)] + edit.new_text + text[offset(edit.range.end) :]


def test_allow_here_does_not_split_a_paragraph_of_markdown() -> None:
    async def work(s: Session) -> None:
        uri, text = "file:///tmp/a.md", "It was dry 😀,\r\nfor it has n't rained 😀.\r\nNot once.\r\n"
        s.open(uri, text)
        (found,) = await s.diagnostics(1)
        actions = await s.client.text_document_code_action_async(lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), found.range, lsp.CodeActionContext([found])))
        assert actions
        allowed = text.replace("😀.", "😀. <!-- artifactscan: ignore[detached-contraction] allowed here -->")
        assert applied(text, uri, actions[-1]) == allowed
        s.change(uri, 2, allowed)
        assert await s.diagnostics(2) == []

    session(work)


def test_min_score_and_rules() -> None:
    async def work(s: Session) -> None:
        s.open("file:///tmp/a.txt", "They met at a early hour, and it has n't rained.")
        assert [d.code for d in await s.diagnostics(1)] == ["article"]

    session(work, "--min-score", "0", "--ignore", "detached-contraction", "--ignore", "substitution")


def test_a_document_with_marks() -> None:
    """A reader's text stands elsewhere in the source; places follow its marks, and nothing with markup inside is replaced."""
    finding = Finding("r", 7, 14, ("hasn't",), (Evidence("slip", 1.0, ""),), excerpt="has n't")
    text = "One\n\n😀 has n't"
    for source, marks, end, literal in (
        ("<p>One</p>\n<p>😀 has n't</p>\n", (Mark(0, 1, 4), Mark(5, 2, 4)), 13, True),
        ("<p>One</p>\n<p>😀 has <b>n't</b></p>\n", (Mark(0, 1, 4), Mark(5, 2, 4), Mark(11, 2, 13)), 16, False),
    ):
        place = Lines(source, lambda s: len(s.encode("utf-16-le")) // 2).place(Document("a.html", text, marks), finding)
        assert (place.range, place.literal) == (lsp.Range(lsp.Position(1, 6), lsp.Position(1, end)), literal)


def test_a_fault_is_logged_and_the_server_goes_on() -> None:
    """`examine` fails on the first text; the second is served."""
    code = (
        "from artifactscan.model import DocumentReport\nfrom artifactscan.server import make_server\n"
        "make_server(lambda d: DocumentReport(d.path, 0, 'clean', 1 / len(d.text), ())).start_io()"
    )

    async def work(s: Session) -> None:
        logged: asyncio.Queue[str] = asyncio.Queue()
        s.client.feature(lsp.WINDOW_LOG_MESSAGE)(lambda params: logged.put_nowait(params.message))
        s.open("file:///tmp/a.txt", "")
        assert "ZeroDivisionError" in await asyncio.wait_for(logged.get(), WAIT)
        s.open("file:///tmp/b.txt", "All is well.")
        assert await s.diagnostics(1) == []

    session(work, command=["-c", code])


def test_without_the_extra() -> None:
    code = "import sys; sys.modules['pygls'] = sys.modules['lsprotocol'] = None; sys.argv = ['artifactscan', 'lsp']; from artifactscan.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "artifactscan: the language server needs the extra lsp; install it: pip install 'artifactscan[lsp]'\n")
