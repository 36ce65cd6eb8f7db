"""reStructuredText: the prose of its paragraphs, line by line, as one reads it.

What is no prose is blanked in its place: directives with what is indented below them, literal blocks, comments, targets,
the lines under headings, the frames of tables.  Start reading at `_prose`.
"""
from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from artifactscan.model import Document
from artifactscan.readers.flow import Flow
from artifactscan.readers.plain import bounded, decode

PROSE_DIRECTIVES = frozenset("note warning tip hint important caution danger attention error admonition epigraph pull-quote highlights topic abstract seealso".split())
QUOTING = frozenset("epigraph pull-quote highlights".split())
DIRECTIVE = re.compile(r"\.\.(?:\s+([\w-]+)::.*|\s.*)?$")
FRAME = re.compile(r"([=\-`:.'\"~^_*+#<>])\1*[=\-+\s|]*$|\+[-=+]+\+$|={2,}(?: +={2,})*$")
FIELD = re.compile(r":[^:\s][^:]*:(?:\s|$)")
ITEM = re.compile(r"(?:[-*+•]|\(?(?:\d+|[a-zA-Z#])[.)])\s+")
INLINE = re.compile(
    r"(?P<gap>``.+?``)|:(?P<role>\w[\w.+:-]*):`(?P<said>[^`]+)`|(?P<drop>\[(?:\d+|#[\w-]*|\*|[A-Z]\w+)\]_)"
    r"|`(?P<link>[^`<]+?)(?:\s*<[^`>]*>)?`_{0,2}"
    r"|\*\*(?P<strong>\S(?:.*?\S)?)\*\*|\*(?P<emphasis>[^\s*](?:[^*]*[^\s*])?)\*|\|(?P<name>[^\s|][^|]*)\|_{0,2}"
    r"|(?P<word>\w+)_{1,2}(?=[\s.,;:)]|$)|\\(?P<escaped>.)|(?P<cell>\s\|\s|^\|\s|\s\|$)",
    re.DOTALL,
)
PAD = "\v"  # white space that the source does not have
PROSE_ROLES = frozenset("emphasis strong abbr abbreviation dfn term title-reference title t guilabel sup sub superscript subscript".split())
CITING_ROLES = re.compile(r"(?:foot)?cite\b.*|footnote")
TITLED = re.compile(r"(.+?)\s+<[^<>]*>", re.DOTALL)


def read(raw: bytes, name: str) -> Document:
    """The prose of a reStructuredText file, with its lines and columns."""
    source = decode(bounded(raw)).replace("\r\n", "\n")
    lines = [_expanded(line) for line in source.replace(PAD, " ").split("\n")]
    flow = Flow()
    block: list[tuple[int, str]] = []
    quoting = False
    listed = -1  # the indent of the item that the block is
    for number, line, quoted in [*_prose(lines), (0, "", False)]:
        indent = len(line) - len(line.lstrip())
        item = ITEM.match(line.lstrip()) if not block or indent == listed else None
        if not line or item or quoted != quoting:
            _write(flow, block)
            block, listed = [], -1
        if quoted != quoting:
            quoting = quoted
            if quoted:
                flow.open_quote()
            else:
                flow.close_quote()
        if item:
            listed = indent
            line = re.sub(rf"[^{PAD}]", " ", line[: indent + item.end()]) + line[indent + item.end() :]
        if line:
            block.append((number, line))
    return flow.document(name, source)


def _expanded(line: str) -> str:
    """A line with a space and PADs for each tab, up to the next of its stops, eight columns apart."""
    head, *rest = line.split("\t")
    for part in rest:
        head += " " + PAD * (7 - len(head) % 8) + part
    return head


def _prose(lines: list[str]) -> Iterator[tuple[int, str, bool]]:
    """(number, line, whether it is quoted) of what is prose; an empty line where a block ends."""
    skipped: int | None = None  # what is indented deeper than this is left out
    quoted: int | None = None  # what is indented deeper than this is a quotation
    items: list[int] = [0]  # indents of the text at which the open lists stand
    literal = False
    for number, line in enumerate(lines, 1):
        text = line.strip()
        indent = len(line) - len(line.lstrip())
        if not text:
            yield number, "", quoted is not None
            continue
        if skipped is not None and indent > skipped:
            continue
        skipped = None
        if quoted is not None and indent <= quoted:
            quoted = None
        if literal and indent > items[-1]:
            skipped, literal = items[-1], False
            continue
        literal = False
        directive = DIRECTIVE.match(text)
        if directive or (text.startswith("__ ") and text.endswith("_")):
            yield number, "", quoted is not None
            if directive and directive[1] in PROSE_DIRECTIVES:
                quoted = indent if directive[1] in QUOTING else quoted
                items.append(indent + 3)
            else:
                skipped = indent
            continue
        if FRAME.match(text) or FIELD.match(text) or text.startswith((">>> ", "... ")):
            yield number, "", quoted is not None
            continue
        before_is_blank = number < 2 or not lines[number - 2].strip()
        while len(items) > 1 and indent < items[-1]:
            items.pop()
        if item := ITEM.match(text):
            items.append(indent + item.end())
        elif before_is_blank and indent > items[-1] and quoted is None and number > 1:
            quoted = items[-1]
        if text.endswith("::"):
            literal = True
            line = line.rstrip()[:-2].rstrip() + (":" if text != "::" and not text.endswith(" ::") else "")
        yield number, line, quoted is not None


def _write(flow: Flow, block: list[tuple[int, str]]) -> None:
    """A block's prose, its inline markup taken off."""
    flow.block()
    source = "\n".join(line for _, line in block)
    starts = [0]
    for _, line in block:
        starts.append(starts[-1] + len(line) + 1)
    pads = [m.start() for m in re.finditer(PAD, source)]

    def place(at: int) -> tuple[int, int]:
        which = bisect_right(starts, at) - 1
        padding = bisect_left(pads, at) - bisect_left(pads, starts[which])
        return block[which][0], at - starts[which] - padding + 1

    def write(start: int, end: int) -> None:
        for match in re.finditer(rf"[^\n{PAD}]+|{PAD}+|\n", source[start:end]):
            flow.text(match[0], *(place(start + match.start()) if match[0] != "\n" else ()))

    end = 0
    for match in INLINE.finditer(source):
        write(end, match.start())
        kind = match.lastgroup or ""
        if kind == "gap":
            flow.gap(*place(match.start()))
        elif kind == "said":
            titled = TITLED.fullmatch(match[kind])
            if titled or match["role"] in PROSE_ROLES:
                write(match.start(kind), match.start(kind) + len(titled[1] if titled else match[kind]))
            elif CITING_ROLES.fullmatch(match["role"]):
                flow.vanish()
            else:
                flow.gap(*place(match.start()))
        elif kind == "drop":
            flow.vanish()
        elif kind == "cell":
            flow.block()
        elif kind == "escaped":
            if not match[kind].isspace():
                write(match.start(kind), match.end(kind))
        else:
            write(match.start(kind), match.end(kind))
        end = match.end()
    write(end, len(source))
    flow.block()
