"""The language server: findings while somebody types, with hover and actions.  Needs the extra artifactscan[lsp].

A text is examined again a moment after its last change, whole: that takes milliseconds.  What was found is kept with
its place in the client's units, so that hover and actions only compare places.  Start reading at `make_server`.
"""
from __future__ import annotations

import asyncio
import re
import traceback
from bisect import bisect_right
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from artifactscan import __version__
from artifactscan.model import ArtifactscanError, Document, DocumentReport, Finding
from artifactscan.readers import READERS, read_bytes
from artifactscan.reporters.shared import originals, reason

PAUSE = 0.3  # seconds without a change after which a text is examined
OFFERED = 5  # originals offered as replacements
SEVERITIES = {"high": lsp.DiagnosticSeverity.Warning, "medium": lsp.DiagnosticSeverity.Information, "low": lsp.DiagnosticSeverity.Hint}
LINE_END = re.compile(r"\r\n|\n|\r")

# Kind of text -> how a comment of its own lets a rule be, on the line before.
HTML_COMMENT = "<!-- artifactscan: ignore[{rule}] allowed here -->"
LATEX_COMMENT, RST_COMMENT = "% artifactscan: ignore[{rule}] allowed here", ".. artifactscan: ignore[{rule}] allowed here"
COMMENTS = {
    "markdown": HTML_COMMENT, "html": HTML_COMMENT, "xml": HTML_COMMENT,
    "latex": LATEX_COMMENT, "tex": LATEX_COMMENT, "restructuredtext": RST_COMMENT, "rst": RST_COMMENT,
    "plaintext": "[artifactscan: ignore[{rule}] allowed here]",
}  # fmt: skip
KINDS = {
    ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html", ".xhtml": "html", ".xml": "xml", ".nxml": "xml",
    ".tex": "latex", ".latex": "latex", ".rst": "restructuredtext",
}  # fmt: skip

Examine = Callable[[Document], DocumentReport]


class Place(NamedTuple):
    """A finding and where the client sees it."""

    finding: Finding
    range: lsp.Range
    literal: bool  # its words stand in the source as they are, without markup between them


def make_server(examine: Examine, pause: float = PAUSE) -> LanguageServer:
    """A server that reports what `examine` finds in a text, `pause` seconds after its last change."""
    server = LanguageServer("artifactscan", __version__, text_document_sync_kind=lsp.TextDocumentSyncKind.Full)
    found: dict[str, tuple[int | None, list[Place]]] = {}  # uri -> (version of the text, what was found in it)
    waiting: dict[str, asyncio.Task[None]] = {}

    def refresh(uri: str, seconds: float) -> None:
        if uri in waiting:
            waiting[uri].cancel()
        waiting[uri] = asyncio.ensure_future(publish(uri, seconds))

    async def publish(uri: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        text = server.workspace.get_text_document(uri)
        version = text.version
        try:
            places = await asyncio.to_thread(look, uri, text.source)
        except ArtifactscanError as error:
            server.window_log_message(lsp.LogMessageParams(lsp.MessageType.Warning, f"{uri}: {error}"))
            places = []  # half-written markup, for example
        except Exception:  # else it would be lost with the task
            server.window_log_message(lsp.LogMessageParams(lsp.MessageType.Error, f"{uri}: {traceback.format_exc()}"))
            return
        found[uri] = (version, places)
        server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, [_diagnostic(p) for p in places], version))

    def look(uri: str, source: str) -> list[Place]:
        path = to_fs_path(uri) or uri
        has_reader = Path(path).suffix.lower() in READERS
        document = read_bytes(source.encode("utf-8", "replace"), path) if has_reader else Document(path, source)
        lines = Lines(source, server.workspace.position_codec.client_num_units)
        return [lines.place(document, f) for f in examine(document).findings]

    def current(uri: str, span: lsp.Range) -> Iterator[Place]:
        """What was found within a range, if the text has not changed since."""
        version, places = found.get(uri, (None, []))
        if version == server.workspace.get_text_document(uri).version:
            yield from (p for p in places if _order(p.range.start) <= _order(span.end) and _order(span.start) <= _order(p.range.end))

    @server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
    async def did_open(params: lsp.DidOpenTextDocumentParams) -> None:
        refresh(params.text_document.uri, 0)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
    async def did_change(params: lsp.DidChangeTextDocumentParams) -> None:
        refresh(params.text_document.uri, pause)

    @server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
    async def did_close(params: lsp.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        if uri in waiting:
            waiting.pop(uri).cancel()
        found.pop(uri, None)
        server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))

    @server.feature(lsp.TEXT_DOCUMENT_HOVER)
    def hover(params: lsp.HoverParams) -> lsp.Hover | None:
        at = lsp.Range(params.position, params.position)
        for place in current(params.text_document.uri, at):
            return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, _explained(place.finding)), place.range)
        return None

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix]))
    def code_action(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        text = server.workspace.get_text_document(params.text_document.uri)
        lines = Lines(text.source, server.workspace.position_codec.client_num_units)
        kind = KINDS.get(Path(to_fs_path(text.uri) or text.uri).suffix.lower()) or text.language_id or ""
        return [action for place in current(text.uri, params.range) for action in _actions(place, text.uri, lines, kind)]

    return server


class Lines:
    """The lines of a text as the protocol counts them; `units` measures a string as the client does (UTF-16 by default)."""

    def __init__(self, source: str, units: Callable[[str], int]) -> None:
        self.source, self.units = source, units
        self.starts = [0, *(m.end() for m in LINE_END.finditer(source))]

    def line(self, number: int) -> str:
        """A line without its end, counted from 0."""
        return LINE_END.split(self.source[self.starts[number] :], maxsplit=1)[0]

    def position(self, offset: int) -> lsp.Position:
        """The place of a code point of the source."""
        line = bisect_right(self.starts, offset) - 1
        return lsp.Position(line, self.units(self.source[self.starts[line] : offset]))

    def place(self, document: Document, finding: Finding) -> Place:
        """Where a finding stands in the source."""
        start, end = self._offset(document, finding.start), self._offset(document, finding.end - 1) + 1
        literal = self.source[start:end].split() == finding.excerpt.split()
        return Place(finding, lsp.Range(self.position(start), self.position(end)), literal)

    def _offset(self, document: Document, offset: int) -> int:
        """From code points of a document's text to those of its source."""
        if not document.marks:
            return offset
        mark = document.mark_at(offset)
        if not mark.line:
            return 0
        return min(self.starts[min(mark.line, len(self.starts)) - 1] + mark.column - 1, len(self.source))


def _diagnostic(place: Place) -> lsp.Diagnostic:
    f = place.finding
    return lsp.Diagnostic(
        place.range,
        f"probably {originals(f)}; {reason(f)} (score {f.score:.0f})",
        severity=SEVERITIES[f.severity],
        code=f.rule,
        source="artifactscan",
        data={"originals": list(f.originals), "fingerprint": f.fingerprint},
    )


def _explained(finding: Finding) -> str:
    """Rule, score, originals and every term of evidence, in Markdown."""
    rows = [f"- {e.nats:+.2f} nats {e.name}: {_escaped(e.note)}" for e in finding.evidence]
    return "\n".join([f"**{finding.rule}**, score {finding.score:.1f}", "", f"probably *{_escaped(' / '.join(finding.originals))}*", "", *rows])


def _escaped(text: str) -> str:
    """Text that means nothing in Markdown."""
    return re.sub(r"([\\`*_{}\[\]<>#+|~&])", r"\\\1", text)


def _actions(place: Place, uri: str, lines: Lines, kind: str) -> Iterator[lsp.CodeAction]:
    finding = place.finding
    diagnostics = [_diagnostic(place)]
    for n, original in enumerate(finding.originals[:OFFERED] if place.literal else ()):
        if finding.excerpt[:1].isupper() and original[:1].islower():
            original = original[0].upper() + original[1:]
        edit = lsp.WorkspaceEdit(changes={uri: [lsp.TextEdit(place.range, original)]})
        yield lsp.CodeAction(f"Replace by “{original}”", lsp.CodeActionKind.QuickFix, diagnostics, is_preferred=n == 0, edit=edit)
    edit = lsp.WorkspaceEdit(changes={uri: [_comment(place, lines, kind)]})
    yield lsp.CodeAction(f"Allow {finding.rule} here", lsp.CodeActionKind.QuickFix, diagnostics, edit=edit)


def _comment(place: Place, lines: Lines, kind: str) -> lsp.TextEdit:
    """A comment that allows a finding: on the line before, or within a paragraph of Markdown, which that would split, at the line's end."""
    comment = COMMENTS.get(kind, COMMENTS["plaintext"]).format(rule=place.finding.rule)
    number = place.range.start.line
    line = lines.line(number)
    if kind == "markdown" and number and lines.line(number - 1).strip():
        at = lsp.Position(number, lines.units(line))
        return lsp.TextEdit(lsp.Range(at, at), f" {comment}")
    at = lsp.Position(number, 0)
    return lsp.TextEdit(lsp.Range(at, at), f"{line[: len(line) - len(line.lstrip())]}{comment}\n")


def _order(position: lsp.Position) -> tuple[int, int]:
    return position.line, position.character
