"""E-mail, .eml: the text of the message; lines that begin with ">" are quotations, attachments are left out."""
from __future__ import annotations

import codecs
import email
import email.policy
import re
from email.message import EmailMessage, MIMEPart

from artifactscan.model import Document, Mark, Span
from artifactscan.readers.flow import Flow
from artifactscan.readers.markup import read_html
from artifactscan.readers.plain import Unreadable, bounded

QUOTED = re.compile(r"(?:>[ \t]?)+")
ENCODED = re.compile(rb"((?:=[0-9A-Fa-f]{2})+)|(=[ \t]*$)")
SIGNATURE = "-- "
HEADERS = re.compile(rb"(?:(?:From |[!-9;-~]*:|[ \t]).*\r?\n)*(?:\r?\n)?")  # what the parser takes for headers, and the blank line after them


def read(raw: bytes, name: str) -> Document:
    """The body of a message: its plain text if it has one, else its HTML."""
    message = email.message_from_bytes(bounded(raw), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    if not message.keys():
        raise Unreadable("damaged or not a message: it has no headers")
    body = message.get_body(("plain", "html"))
    if body is None:
        raise Unreadable("the message has no text; attachments have to be saved as files to be checked")
    if body.get_content_type() == "text/html":
        flow = Flow()
        flow.place = "the message's HTML"
        read_html(str(body.get_content()), flow, lines=False)
        return flow.document(name)
    return _plain(body, raw, _begin(message, body, raw, 0) or 0, name)


def _begin(part: MIMEPart, body: MIMEPart, raw: bytes, at: int) -> int | None:
    """Where the body's text begins in the source, if it is this part, whose headers begin at `at`, or one inside it."""
    headers = HEADERS.match(raw, at)
    assert headers is not None  # every part of it may be absent
    at = headers.end()
    if part is body:
        return at
    boundary = re.escape(part.get_boundary("").encode("ascii", "replace"))
    for inside in part.iter_parts():
        delimiter = re.compile(rb"^--%s[ \t]*\r?\n" % boundary, re.MULTILINE).search(raw, at)
        if delimiter is None:
            return None
        at = delimiter.end()
        if (found := _begin(inside, body, raw, at)) is not None:
            return found
    return None


def _plain(body: MIMEPart, raw: bytes, begin: int, name: str) -> Document:
    """Plain text line by line, so that findings stand where the source has them, quoted-printable or not."""
    encoding = str(body.get("content-transfer-encoding", "7bit")).strip().lower()
    if encoding == "base64":
        return _document([[(line, 0, 0)] for line in str(body.get_content()).splitlines()], name)
    charset = body.get_content_charset("utf-8")
    try:
        b"".decode(charset)
    except LookupError:
        charset = "utf-8"
    encoded = encoding == "quoted-printable"
    payload = str(body.get_payload()).encode("ascii", "replace") if encoded else body.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return _document(_lines(payload, raw.count(b"\n", 0, begin) + 1, charset, encoded), name)._replace(source=raw.decode("utf-8" if encoded else charset, "replace"))


def _lines(payload: bytes, first: int, charset: str, encoded: bool) -> list[list[tuple[str, int, int]]]:
    """The lines of a body, each as pieces with their line and column in the source."""
    decoder = codecs.getincrementaldecoder(charset)("replace")
    lines: list[list[tuple[str, int, int]]] = [[]]
    for number, line in enumerate(payload.splitlines(), first):
        at, soft = 0, False
        pieces: list[tuple[bytes, int]] = []
        for match in ENCODED.finditer(line) if encoded else ():
            pieces.append((line[at : match.start()], at))
            if match[1]:
                pieces.append((bytes.fromhex(match[1].replace(b"=", b"").decode()), match.start()))
            soft = bool(match[2])
            at = match.end()
        pieces.append((line[at:], at))
        lines[-1] += [(text, number, column + 1) for piece, column in pieces if (text := decoder.decode(piece))]
        if not soft:
            lines.append([])
    return lines


def _document(lines: list[list[tuple[str, int, int]]], name: str) -> Document:
    parts: list[str] = []
    marks: list[Mark] = []
    quoted: list[Span] = []
    length = 0
    for number, line in enumerate(lines, 1):
        if "".join(text for text, _, _ in line) == SIGNATURE:
            break
        start = length
        mark = QUOTED.match(line[0][0]) if line else None
        for n, (text, at, column) in enumerate(line):
            shift = mark.end() if mark and n == 0 else 0
            marks.append(Mark(length, at, column + shift if at else 0, None if at else f"line {number} of the message"))
            parts.append(text[shift:])
            length += len(text) - shift
        if mark:
            if quoted and quoted[-1].end == start:
                quoted[-1] = Span(quoted[-1].start, length + 1)
            else:
                quoted.append(Span(start, length + 1))
        parts.append("\n")
        length += 1
    return Document(name, "".join(parts), tuple(marks), tuple(quoted))
