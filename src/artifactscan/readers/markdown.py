"""Markdown (CommonMark with tables, and what pandoc and site generators add): the prose of its blocks.

The parser says which lines a block stands on; columns are found again by walking along the source.  Start reading at `read`.
"""
from __future__ import annotations

import re
from typing import TYPE_CHECKING

from artifactscan.model import COMMENT_MARK, Document
from artifactscan.readers.flow import Flow
from artifactscan.readers.plain import Unreadable, bounded, decode

if TYPE_CHECKING:
    from markdown_it.token import Token

FRONT_MATTER = re.compile(r"\A(---|\+\+\+)[ \t]*\n.*?\n(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
NO_PROSE = re.compile(
    r"^[ \t]*:{3,}.*$"  # pandoc's fenced divisions
    r"|^[ \t]*\{[%{].*[%}]\}[ \t]*$|\{%.{0,300}?%\}|\{\{.{0,300}?\}\}"  # templates
    r"|(?<=[^\s{])[ \t]*\{[#.][^{}\n]{0,300}\}"  # attributes
    r"|^\[\^[^\]\s]{1,100}\]:|\[\^[^\]\s]{1,100}\]|\[-?@[^\]\n]{0,300}\]",  # footnotes, citations
    re.MULTILINE,
)
MATHS = re.compile(r"\$\$(?=[^`$]+\$\$)[^`$]+\$\$|(?<![\w\\$])\$(?=[^\s$])(?![^$\n]*[a-z]{3,} [a-z]{3,})[^`$\n]{0,200}?(?<=[^\s\\])\$(?![\d$])")
VANISHED = "\u2063"  # invisible separator: keeps the place of what was blanked, and never reaches the text
CODE_SPAN = re.compile(r"(?<!`)(`+)[^`]+\1(?!`)")
NO_MARK = COMMENT_MARK.replace(":", " ")
MOST_BRACKETS = 50_000  # the parser looks for the end of each
DEEPEST = 60  # quotations and lists in one another
SET_IN = re.compile(rf"^[ >]{{{8 * DEEPEST}}}[^\s>]", re.MULTILINE)  # such lines alone take the parser very long
TOO_DEEP = f"nested more than {DEEPEST} deep; only the deepest quotations or lists have to be taken out"
BLOCKS = frozenset("paragraph heading list_item th td hr blockquote fence code_block html_block".split())


def read(raw: bytes, name: str) -> Document:
    """The prose of a Markdown file, with its lines and columns."""
    from markdown_it import MarkdownIt

    written = decode(bounded(raw)).replace("\r\n", "\n")
    source = _masked(written)
    if any(block.count("[") > MOST_BRACKETS for block in source.split("\n\n")):
        raise Unreadable(f"more than {MOST_BRACKETS:,} brackets in one paragraph; part it by empty lines")
    if SET_IN.search(source):
        raise Unreadable(TOO_DEEP)
    parser = MarkdownIt("commonmark", {"maxNesting": DEEPEST}).enable(["table", "strikethrough"]).disable("text_join")
    lines = source.split("\n")
    flow = Flow()
    row, column = -1, 0  # where the last cell of a table ended
    tokens = parser.parse(source)
    for token in tokens:
        if token.level >= DEEPEST - 1:  # below that the parser is silent
            raise Unreadable(TOO_DEEP)
        kind = token.type.removesuffix("_open").removesuffix("_close")
        if kind in BLOCKS:
            flow.block()
        if token.type == "blockquote_open":
            flow.open_quote()
        elif token.type == "blockquote_close":
            flow.close_quote()
        elif token.type == "inline" and token.map:
            if token.map[0] != row:
                row, column = token.map[0], 0
            column = _inline(flow, token, lines, column)
    return flow.document(name, _unmarked(written, tokens) if COMMENT_MARK in written else written)


def _masked(source: str) -> str:
    """The source with what is no prose as blanks, or as code of the same length, so that everything stays in its place."""
    source = FRONT_MATTER.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), source)
    source = NO_PROSE.sub(lambda m: re.sub(r"[^\n]", VANISHED, m[0]), source)
    return MATHS.sub(lambda m: m[0].replace("$", "`"), source)


def _unmarked(source: str, tokens: list[Token]) -> str:
    """The source, of the same length, in which comments to artifactscan that stand in code are none: there they are only shown."""
    code = {number for token in tokens if token.type in ("fence", "code_block") and token.map for number in range(*token.map)}
    lines = source.split("\n")
    for number, line in enumerate(lines):
        if COMMENT_MARK in line:
            lines[number] = line.replace(COMMENT_MARK, NO_MARK) if number in code else CODE_SPAN.sub(lambda m: m[0].replace(COMMENT_MARK, NO_MARK), line)
    return "\n".join(lines)


def _inline(flow: Flow, token: Token, lines: list[str], column: int) -> int:
    """Write a block's prose; the column at which it ends."""
    assert token.map is not None
    content = token.content
    places: list[tuple[int, int, int]] = []  # (where a line of the content begins, its line and column in the source)
    begin = 0
    for number, line in enumerate(content.split("\n"), token.map[0]):
        found = lines[number].find(line, column if number == token.map[0] else 0) if number < len(lines) else -1
        places.append((begin, number + 1, max(found, 0) + 1))
        begin += len(line) + 1
    cursor = which = 0
    bare = False
    for child in token.children or ():
        written = child.markup if child.type == "text_special" else child.content
        found = content.find(written, cursor) if written else -1
        at = found if found >= 0 else cursor
        while which + 1 < len(places) and places[which + 1][0] <= at:
            which += 1
        begin, line_number, first = places[which]
        if child.type in ("link_open", "link_close") and child.info == "auto":  # a bare address
            bare = child.type == "link_open"
            if bare:
                flow.gap(line_number, first + at - begin)
        elif child.type in ("text", "text_special") and not bare:
            _write(flow, child.content, line_number, first + at - begin)
        elif child.type == "code_inline":
            flow.gap(line_number, first + at - begin)
        elif child.type == "softbreak":
            flow.text("\n")
        elif child.type == "hardbreak":
            flow.line_break()
        elif child.type == "image":
            flow.vanish()
        if found >= 0:
            cursor = found + len(written)
        if child.type == "link_close":  # past the target, whose words could be taken for the text that follows
            cursor = max(cursor, content.find(")", cursor) + 1) if content.startswith("](", cursor) else cursor
    begin, _, first = places[-1]
    return first - 1 + len(content) - begin


def _write(flow: Flow, text: str, line: int, column: int) -> None:
    for match in re.finditer(rf"{VANISHED}+|[^{VANISHED}]+", text):
        if match[0][0] == VANISHED:
            flow.vanish()
        else:
            flow.text(match[0], line, column + match.start())
