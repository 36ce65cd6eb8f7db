"""Text as it flows: a reader hands over stretches of its source, and gets paragraphs with truthful places.

White space is one space, however the source breaks its lines; blocks are parted by "\\n\\n", so that nothing matches
across them; what vanishes (links, footnote marks) leaves no space behind, and what stands for no words (code, formulas)
leaves one sign.  Start reading at `Flow.text`.
"""
from __future__ import annotations

import re

from artifactscan.model import Document, Mark, Span

GAP = "\ufffc"  # stands for code, formulas, pictures: not a word and not a sentence's end
BLOCK, BREAK = "\n\n", "\n"
SPACE = " \t\r\n\f\v"  # a no-break space is a character like any other
STRETCH = re.compile(r"[^ \t\r\f\v]+(?: [^ \t\r\f\v]+)*")  # words of one line with single spaces between
LINE_HYPHEN = re.compile(r"[^\W\d_][-\u2010]$")
UNBEGUN = -1  # a quotation of which nothing has been written yet
HUGS = frozenset(",.;:!?)]”’")


class Flow:
    """A document in the making.  `place` is given to every stretch that comes without one."""

    def __init__(self) -> None:
        self.place: str | None = None
        self.length = 0
        self._parts: list[str] = []
        self._marks: list[Mark] = []
        self._quoted: list[Span] = []
        self._quotes: list[int] = []  # where the open quotations begin
        self._between = ""  # what stands before the next stretch
        self._vanished = False

    def text(self, text: str, line: int = 0, column: int = 0) -> None:
        """A stretch of the source as it stands there; `line` and `column` of its first character, 0 where there are no lines."""
        for number, part in enumerate(text.split("\n")):
            if number:
                self._between = self._between or (BREAK if self._parts and LINE_HYPHEN.search(self._parts[-1]) else " ")
            shift = column if number == 0 else 1
            end = 0
            for match in STRETCH.finditer(part):
                if match.start() > end or (end == 0 and part[0] in SPACE):
                    self._between = self._between or " "
                self._write(match[0], line + number if line else 0, shift + match.start() if line else 0)
                end = match.end()
            if end < len(part):
                self._between = self._between or " "

    def space(self) -> None:
        self._between = self._between or " "

    def line_break(self) -> None:
        """The source breaks the line here; twice is a new block."""
        self._between = BLOCK if self._between in (BREAK, BLOCK) else BREAK

    def block(self) -> None:
        """A paragraph, heading, list item or cell ends here."""
        self._between = BLOCK

    def gap(self, line: int = 0, column: int = 0) -> None:
        """Something that is no prose but has its place in the sentence: code, a formula."""
        self._write(GAP, line, column)

    def vanish(self) -> None:
        """Something that has no place in the sentence: a citation, a footnote mark."""
        self._vanished = True

    def open_quote(self) -> None:
        self._quotes.append(UNBEGUN)

    def close_quote(self) -> None:
        start = self._quotes.pop() if self._quotes else UNBEGUN
        if not self._quotes and start != UNBEGUN:
            self._quoted.append(Span(start, self.length))

    def append(self, other: Flow) -> None:
        """Another document in the making, as blocks of their own after this one."""
        if not other.length:
            return
        shift = self.length + len(BLOCK) if self.length else 0
        self._parts += [BLOCK] * bool(self.length) + other._parts
        self._marks += [m._replace(start=m.start + shift) for m in other._marks]
        self._quoted += [Span(s + shift, e + shift) for s, e in other._quoted]
        self.length = shift + other.length

    def document(self, name: str, source: str | None = None) -> Document:
        """The document, all of it; `source` is the file's text, where it has lines."""
        while self._quotes:
            self.close_quote()
        marks = [self._marks[0]._replace(start=0), *self._marks[1:]] if self._marks else []
        return Document(name, "".join(self._parts), tuple(marks), tuple(self._quoted), source)

    def _write(self, words: str, line: int, column: int) -> None:
        between = self._between if self.length else ""
        if self._vanished and between == " " and words[0] in HUGS:
            between = ""
        self._between, self._vanished = "", False
        self._parts += (between, words)
        start = self.length + len(between)
        self.length = start + len(words)
        if self._quotes and self._quotes[-1] == UNBEGUN:
            self._quotes = [start if q == UNBEGUN else q for q in self._quotes]
        last = self._marks[-1] if self._marks else None
        follows = last is not None and last.line == line and last.place == self.place and (not line or last.column + start - last.start == column)
        if not follows:
            self._marks.append(Mark(start, line, column, self.place))


def kept(document: Document, spans: list[Span]) -> Document:
    """The document with these stretches of its text alone, parted as blocks."""
    parts: list[str] = []
    marks: list[Mark] = []
    quoted: list[Span] = []
    length = 0
    for start, end in spans:
        text = document.text[start:end].strip()
        start = document.text.index(text, start)
        end, shift = start + len(text), length - start
        inside = [m for m in document.marks if start <= m.start < end]
        before = [m for m in document.marks if m.start < start][-1:] if not inside or inside[0].start > start else []
        marks += [m._replace(start=length, column=m.column + start - m.start if m.line else 0) for m in before]
        marks += [m._replace(start=m.start + shift) for m in inside]
        quoted += [Span(max(s, start) + shift, min(e, end) + shift) for s, e in document.quoted if s < end and start < e]
        parts.append(text)
        length += len(text) + len(BLOCK)
    return Document(document.path, BLOCK.join(parts), tuple(marks), tuple(quoted), document.source)
