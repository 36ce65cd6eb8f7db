"""PDF: lines of text with their place on the page, put together again as the paragraphs they were.

PDFium gives every character with its box.  Characters become lines, lines become columns and paragraphs by the room
between them; what stands again and again at the edge of the pages (running heads, page numbers) is dropped.  Words that a hyphen
breaks at a line's end are rejoined as the document writes them elsewhere, else as the vocabulary has them.
Start reading at `read`.
"""
from __future__ import annotations

import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from math import hypot
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from artifactscan.model import Document, Mark
from artifactscan.readers.flow import Flow
from artifactscan.readers.plain import Unreadable

if TYPE_CHECKING:
    from artifactscan.vocabulary import Vocabulary

MOST_PAGES = 5000
MOST_EXPANDED = 16 << 20  # bytes of one stream
CHUNK = 1 << 14  # bytes expanded at a time
STREAM = re.compile(rb"stream\r?\n")
MOST_CHARACTERS = 1 << 16  # of one page
LIGATURES = re.compile(r"[\ufb00-\ufb06]")
# What TeX's fonts hold at the places of control characters, for the many files that do not say what their letters are.
TEX = str.maketrans(dict(zip("\x0b\x0c\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x1b\x1c\x1d\x1e\x1f", "ff fi ffi ffl “ ” „ « » – — ff fi fl ffi ffl".split(), strict=True)))
HYPHEN_ENDS = ("\x02", "\ufffe")  # how PDFium says that a hyphen stood at the line's end
LINE_ENDS = ("\n", "\r", *HYPHEN_ENDS)
NUMBER = re.compile(r"\d+|[ivxlc]+", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
BROKEN = re.compile(r"\b([^\W\d_]+)([-\u2010]\n)([^\W\d_]+)")
HYPHENED = frozenset("anti mid multi neo non semi".split())  # after these a hyphen may be the writer's own,
RARE_WHOLE = 2.7  # and is where the word in one piece has a smaller Zipf frequency: "anti-aircraft", but "nonsense"
SOFT = "\u2010"  # what typesetting programs put where they break a word; a hyphen that a person wrote is mostly "-"
PAGE_NUMBER = re.compile(r"\W*(?:page\s+)?(?:\d{1,4}|[ivxlc]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?\W*", re.IGNORECASE)
MOST_ROWS = 0.3  # share of a page's lines that stand right of another one; beyond it, the page is two columns written row by row
WIDE = 2.0  # sizes of a letter between two words, from which they stand in two columns or cells
HEIGHTS = 8  # points within which lines of several pages stand at the same height
EDGE = 3  # lines at the top and at the bottom of a page that may be a running head
BULLET = re.compile(r"[•▪‣◦●■]\s")
NUMBERED = re.compile(r"[–—*-]\s|\(?(?:\d{1,2}|[a-z])[.)]\s")
LISTING = re.compile(r"[.!?…:;,]$|\b(?:and|or)$")
SENTENCE_END = re.compile(r"[.!?…:][\"'”’)\]]*$")


class Line(NamedTuple):
    """A line of text, in points from the page's lower left corner."""

    text: str
    left: float
    right: float
    base: float
    size: float  # of its letters


def read(raw: bytes, name: str) -> Document:
    """The prose of a PDF; places are its pages."""
    import pypdfium2

    if b"%PDF-" not in raw[:1024]:
        raise Unreadable("damaged or not a PDF file: it does not begin as one")
    if _expands(raw):
        raise Unreadable(f"one of its streams expands to more than {MOST_EXPANDED >> 20} MB, as a bomb does; only smaller documents are read")
    try:
        pdf = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise Unreadable("encrypted; save it anew without a password") from error
        raise
    try:
        if len(pdf) > MOST_PAGES:
            raise Unreadable(f"more than {MOST_PAGES:,} pages; split it into several files")
        pages = [_by_columns(list(_lines(pdf, number))) for number in range(len(pdf))]
    finally:
        pdf.close()
    if not any(pages):
        raise Unreadable("its pages hold no text, only pictures; run optical character recognition over it first")
    flow = Flow()
    previous: Line | None = None
    for number, lines in enumerate(_without_heads(pages), 1):
        flow.place = f"page {number}"
        if lines:
            previous = _page(flow, lines, previous)
    return _rejoined(flow.document(name))


def _expands(raw: bytes) -> bool:
    """Whether a compressed stream other than a picture expands too far; PDFium itself would follow it for minutes."""
    for match in STREAM.finditer(raw):
        head = raw[max(0, match.start() - 400) : match.start()].rpartition(b" obj")[2]
        if head.count(b"FlateDecode") > 1:
            return True  # compressed twice, which no writer does
        if b"FlateDecode" not in head or b"/Image" in head:
            continue
        stream, expanded, at = zlib.decompressobj(), 0, match.end()
        try:
            while not stream.eof and at < len(raw):
                expanded += len(stream.decompress(stream.unconsumed_tail or raw[at : at + CHUNK], MOST_EXPANDED))
                at += 0 if stream.unconsumed_tail else CHUNK
                if expanded >= MOST_EXPANDED:
                    return True
        except zlib.error:
            continue  # PDFium makes of it what it can
    return False


def _lines(pdf: Any, number: int) -> Iterator[Line]:
    """The lines of a page in the order in which they are written."""
    from ctypes import byref, c_double

    from pypdfium2 import raw as api

    page = pdf[number]
    text = page.get_textpage()
    try:
        box, matrix, x, base = api.FS_RECTF(), api.FS_MATRIX(), c_double(), c_double()
        signs: list[str] = []
        boxes: list[tuple[float, float, float, float]] = []
        count = min(text.count_chars(), MOST_CHARACTERS)
        for i in range(count + 1):
            sign = chr(api.FPDFText_GetUnicode(text, i)) if i < count else "\n"
            if sign in HYPHEN_ENDS:
                signs.append("-")
            if sign in LINE_ENDS:
                if boxes:
                    yield _line("".join(signs), boxes)
                signs, boxes = [], []
                continue
            if not sign.isspace() and api.FPDFText_GetLooseCharBox(text, i, byref(box)):
                api.FPDFText_GetCharOrigin(text, i, byref(x), byref(base))
                api.FPDFText_GetMatrix(text, i, byref(matrix))
                size = api.FPDFText_GetFontSize(text, i) * hypot(matrix.c, matrix.d)
                if boxes and box.left - boxes[-1][1] > WIDE * size:
                    yield _line("".join(signs), boxes)
                    signs, boxes = [], []
                boxes.append((box.left, box.right, base.value, size))
            signs.append(sign)
    finally:
        text.close()
        page.close()


def _line(text: str, boxes: list[tuple[float, float, float, float]]) -> Line:
    folded = LIGATURES.sub(lambda m: unicodedata.normalize("NFKC", m[0]), text.translate(TEX)).replace("\0", "").strip()
    lefts, rights, bases, sizes = zip(*boxes, strict=True)
    return Line(folded, min(lefts), max(rights), median(bases), median(sizes))


def _by_columns(lines: list[Line]) -> list[Line]:
    """The lines column by column, where the file has them row by row."""
    rights = [b.left for a, b in zip(lines, lines[1:]) if abs(a.base - b.base) < 0.5 * a.size and b.left > a.right + 0.5 * a.size]  # noqa: B905
    if len(rights) < max(MOST_ROWS * len(lines), 3):
        return lines
    gutter = median(rights)
    return sorted(lines, key=lambda line: line.left > gutter - line.size)


def _rejoined(document: Document) -> Document:
    """The document with the words mended that a line's end breaks."""
    words = set(WORD.findall(document.text.lower()))
    vocabulary = _vocabulary()
    parts: list[str] = []
    marks: list[Mark] = []
    length = end = at = 0
    for match in [*BROKEN.finditer(document.text), None]:
        until = match.end(1) if match else len(document.text)
        parts.append(document.text[end:until])
        while at < len(document.marks) and document.marks[at].start < until:
            marks.append(document.marks[at]._replace(start=document.marks[at].start + length - end))
            at += 1
        length += until - end
        if match:
            first, last = match[1].lower(), match[3].lower()
            whole, hyphenated = first + last, f"{first}-{last}"
            joint = "" if whole in words or (hyphenated not in words and (match[2][0] == SOFT or _in_one_piece(first, whole, vocabulary))) else "-"
            parts.append(joint)
            length += len(joint)
            end = match.end(2)
    return Document(document.path, "".join(parts), tuple(marks))


def _in_one_piece(first: str, whole: str, vocabulary: Vocabulary) -> bool:
    """Whether English writes the word without the hyphen after its first part."""
    return whole in vocabulary.tokens and not (first in HYPHENED and vocabulary.zipf(whole) < RARE_WHOLE)


@cache
def _vocabulary() -> Vocabulary:
    from artifactscan.compiled import builtin_tables
    from artifactscan.vocabulary import Vocabulary

    return Vocabulary(builtin_tables())


def _without_heads(pages: list[list[Line]]) -> Iterator[list[Line]]:
    """The pages without page numbers, and without lines that stand at the edge of several pages."""
    edges = [set(_edge(lines)) for lines in pages]
    seen = Counter(shape for lines, edge in zip(pages, edges, strict=True) for shape in {_shape(lines[i]) for i in edge})
    for lines, edge in zip(pages, edges, strict=True):
        yield [
            line
            for i, line in enumerate(lines)
            if line.text and not (i in edge and (PAGE_NUMBER.fullmatch(line.text) or seen[_shape(line)] > 1))
        ]


def _edge(lines: list[Line]) -> list[int]:
    """Indices of the lines that stand highest and lowest on a page."""
    order = sorted(range(len(lines)), key=lambda i: -lines[i].base)
    count = min(EDGE, max(1, len(lines) // 3))
    return order[:count] + order[-count:]


def _shape(line: Line) -> tuple[str, int]:
    """A line as a running head repeats it: at the same height, with another number."""
    return NUMBER.sub("#", line.text.lower()), round(line.base / HEIGHTS)


def _page(flow: Flow, lines: list[Line], previous: Line | None) -> Line:
    """Write a page's paragraphs; `previous` is the last line of the page before, the new last line is given back."""
    steps = [a.base - b.base for a, b in zip(lines, lines[1:]) if 0 < a.base - b.base < 3 * a.size]  # noqa: B905
    step = median(steps) if steps else 0.0
    lefts = Counter(round(line.left) for line in lines)
    widths = sorted(line.right - line.left for line in lines)
    width = widths[int(0.8 * len(widths))]
    for line in lines:
        if previous is not None:
            flow.block() if _parted(previous, line, step, width, lefts) else flow.text("\n")
        flow.text(line.text)
        previous = line
    assert previous is not None
    return previous


def _parted(a: Line, b: Line, step: float, width: float, lefts: Counter[int]) -> bool:
    """Whether a new paragraph begins at b, the line after a."""
    ended = SENTENCE_END.search(a.text) is not None
    fall = a.base - b.base
    if fall < -step or fall > 4 * max(step, a.size):  # a new column or page
        return ended and (a.right - a.left < 0.85 * width or lefts[round(b.left)] * 3 < lefts.total())
    if abs(fall) < 0.5 * min(a.size, b.size):  # the same line: cells of a table, or a wide gap
        return b.left - a.right > WIDE * a.size
    if fall > 1.35 * step or abs(a.size - b.size) > 0.12 * a.size or BULLET.match(b.text) or (LISTING.search(a.text) and NUMBERED.match(b.text)):  # more room, another size, an item
        return True
    return ended and (a.right - a.left < 0.85 * width or b.left - a.left > 0.5 * a.size)  # a short last line, or a first line set in
