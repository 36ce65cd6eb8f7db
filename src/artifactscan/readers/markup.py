"""One walk over marked-up text, for every format that has tags: a format is a table of what its tags mean.

HTML comes from the standard library's parser, XML from expat with every entity declaration refused; both tell where each
stretch of text stands, and neither recurses, so that nesting costs nothing.  Start reading at `Walk`.
"""
from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Callable, Mapping
from html import unescape
from html.entities import html5
from html.parser import HTMLParser
from typing import NamedTuple
from xml.parsers import expat

from artifactscan.model import Span
from artifactscan.readers.flow import Flow
from artifactscan.readers.plain import Unreadable, decode

Attributes = Mapping[str, str]

BLOCK, SKIP, GAP, QUOTE, BREAK, ASIDE = "block", "skip", "gap", "quote", "break", "aside"
CHARSET = re.compile(rb"""<(?:meta\s[^>]{0,200}?charset|\?xml\s[^>]{0,200}?encoding)\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
SUPERSCRIPT = re.compile(r"[\W\d_]+")  # footnote marks; not the "th" of 19th


class Format(NamedTuple):
    """What the tags of a format mean."""

    kinds: Mapping[str, str]  # tag -> one of the kinds above; every other tag is inline
    judge: Callable[[str, Attributes], str | None] = lambda tag, attributes: None  # the kind, where attributes decide it
    only: frozenset[str] = frozenset()  # text counts inside of these alone; empty: everywhere
    superscripts: frozenset[str] = frozenset()


class Walk:
    """Takes the events of a parser in and writes the prose to a flow.

    `regions` are the stretches of text of each tag named in `watched`; `asides` are footnotes, which follow the text.
    """

    def __init__(self, flow: Flow, form: Format, watched: frozenset[str] = frozenset()) -> None:
        self.flow = flow
        self.form = form
        self.watched = watched
        self.regions: list[tuple[str, Span]] = []
        self.asides: list[Flow] = []
        self._main = flow
        self._open: list[tuple[str, str | None, int]] = []  # tag, kind, where it began
        self._counts: Counter[str] = Counter()
        self._hidden = self._shown = self._raised = 0  # open tags that hide text, are in `only`, are superscripts

    def start(self, tag: str, attributes: Attributes, line: int = 0, column: int = 0) -> None:
        kind = self.form.judge(tag, attributes) or self.form.kinds.get(tag)
        self._open.append((tag, kind, self.flow.length))
        self._counts[tag] += 1
        self._shown += tag in self.form.only
        self._raised += tag in self.form.superscripts
        visible = not self._hidden and (not self.form.only or self._shown > 0)
        if kind in (SKIP, GAP):
            if visible:
                self.flow.gap(line, column) if kind == GAP else self.flow.vanish()
            self._hidden += 1
        elif kind in (BLOCK, QUOTE):
            if tag != "q":
                self.flow.block()
            if kind == QUOTE:
                self.flow.open_quote()
        elif kind == BREAK:
            self.flow.line_break()
        elif kind == ASIDE:
            self.flow = Flow()
            self.flow.place = self._main.place
            self.asides.append(self.flow)

    def end(self, tag: str) -> None:
        if not self._counts[tag]:
            return
        while True:
            name, kind, began = self._open.pop()
            self._counts[name] -= 1
            self._shown -= name in self.form.only
            self._raised -= name in self.form.superscripts
            if kind in (SKIP, GAP):
                self._hidden -= 1
            elif kind == ASIDE:
                self.flow = self._main
            elif kind in (BLOCK, QUOTE):
                if kind == QUOTE:
                    self.flow.close_quote()
                if name != "q":
                    self.flow.block()
            if name in self.watched:
                self.regions.append((name, Span(began, self.flow.length)))
            if name == tag:
                return

    def data(self, text: str, line: int = 0, column: int = 0) -> None:
        if self._hidden or (self.form.only and not self._shown):
            return
        if self._raised and SUPERSCRIPT.fullmatch(text):
            self.flow.vanish()
            return
        self.flow.text(text, line, column)

    def close(self) -> None:
        """The source has ended; what is open ends with it, and what stood aside follows."""
        while self._open:
            self.end(self._open[-1][0])
        for aside in self.asides:
            self.flow.append(aside)


def text_of(raw: bytes) -> str:
    """The source of HTML or XML, in the encoding that it names."""
    found = CHARSET.search(raw[:2048])
    if found:
        try:
            encoding = codecs.lookup(found[1].decode("ascii")).name
            if encoding == "iso8859-1":  # in HTML another name of Windows-1252
                return raw.decode("cp1252", "replace")
            if not encoding.startswith("utf"):  # of these the bytes themselves know best
                return raw.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(raw)


# HTML.

SKIPPED = "head script style template noscript nav footer aside form button select textarea iframe object canvas video audio pre rt rp del dialog menu"
BLOCKS = (
    "address article body caption center dd details div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main ol "
    "p section summary table tbody td tfoot th thead title tr ul"
)
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
HIDDEN_ROLES = frozenset("navigation banner contentinfo complementary search doc-bibliography doc-toc doc-noteref doc-backlink".split())
HIDDEN_CLASSES = frozenset(
    "references footnote-ref footnote-back footnote-backref citation navbar breadcrumb toc sourceCode sidebar mw-editsection reflist navbox noprint".split()
)
CHARREF = re.compile(r"[^&]+|&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[A-Za-z][A-Za-z0-9]*;?)?")


def _judge_html(tag: str, attributes: Attributes) -> str | None:
    if not attributes or tag in ("html", "body"):
        return None
    if attributes.get("role") in HIDDEN_ROLES or "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return SKIP
    if tag != "code" and not HIDDEN_CLASSES.isdisjoint(attributes.get("class", "").split()):
        return SKIP
    if "display:none" in attributes.get("style", "").replace(" ", ""):
        return SKIP
    if "math" in attributes.get("class", "").split():
        return GAP
    return None


HTML = Format(
    kinds={
        **dict.fromkeys(BLOCKS.split(), BLOCK), **dict.fromkeys(SKIPPED.split(), SKIP), **dict.fromkeys("code kbd samp var math svg".split(), GAP),
        "blockquote": QUOTE, "q": QUOTE, "br": BREAK,
    },
    judge=_judge_html,
    superscripts=frozenset({"sup"}),
)  # fmt: skip


class _HTML(HTMLParser):
    """Hands the parser's events to a walk, each stretch of text with its place in the source."""

    def __init__(self, source: str, walk: Walk, lines: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.source, self.walk, self.lines = source, walk, lines
        self.starts = [0, *(m.end() for m in re.finditer("\n", source))]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, column = self.getpos()
        self.walk.start(tag, {k: v or "" for k, v in attrs}, line * self.lines, (column + 1) * self.lines)
        if tag in VOID:
            self.walk.end(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in ("svg", "math"):  # elsewhere HTML takes no notice of the slash
            self.walk.end(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.walk.end(tag)

    def handle_data(self, data: str) -> None:
        line, column = self.getpos()
        if not self.lines or "&" not in self.source[(at := self.starts[line - 1] + column) : at + len(data)]:
            self.walk.data(data, line * self.lines, (column + 1) * self.lines)
            return
        length = 0
        for match in CHARREF.finditer(self.source, at):  # piece by piece, for a reference is longer than what it stands for
            piece = unescape(match[0])[: len(data) - length]
            while match.start() >= (self.starts[line] if line < len(self.starts) else len(self.source) + 1):
                line += 1
            self.walk.data(piece, line, match.start() - self.starts[line - 1] + 1)
            length += len(piece)
            if length >= len(data):
                return


def read_html(source: str, flow: Flow, *, lines: bool = True) -> list[tuple[str, Span]]:
    """Write the prose of HTML to a flow; (article or main, its stretch of the text) of each such element."""
    walk = Walk(flow, HTML, frozenset({"article", "main"}))
    parser = _HTML(source, walk, lines)
    parser.feed(source + "<!---->")  # whatever is left open ends here, and is not looked for again and again
    parser.close()
    walk.close()
    return walk.regions


# XML.


def read_xml(raw: bytes, start: Callable[[str, Attributes, int, int], None], end: Callable[[str], None], data: Callable[[str, int, int], None]) -> None:
    """Parse XML; tags come without their namespace's prefix.  Raises Unreadable for entity declarations and for what is not XML."""
    parser = expat.ParserCreate()
    parser.buffer_text = False
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def place() -> tuple[int, int]:
        return parser.CurrentLineNumber, parser.CurrentColumnNumber + 1

    def refuse(*_: object) -> None:
        raise Unreadable("it declares XML entities, which can expand without end or name other files; remove its DOCTYPE's declarations")

    def other(text: str) -> None:  # an entity of a DTD that is not read: a named character
        if re.fullmatch(r"&\w+;", text):
            data(html5.get(text[1:], ""), *place())

    def start_tag(tag: str, attributes: dict[str, str]) -> None:
        start(_local(tag), {_local(k): v for k, v in attributes.items()}, *place())

    parser.EntityDeclHandler = refuse
    parser.UnparsedEntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = lambda *_: 1  # never loaded
    parser.StartElementHandler = start_tag
    parser.EndElementHandler = lambda tag: end(_local(tag))
    parser.CharacterDataHandler = lambda text: data(text, *place())
    parser.SkippedEntityHandler = lambda name, is_parameter: None if is_parameter else other(f"&{name};")
    parser.DefaultHandler = other
    try:
        parser.Parse(raw, True)
    except expat.ExpatError as error:
        raise Unreadable(f"damaged XML: {expat.ErrorString(error.code)} on line {error.lineno}") from error


def _local(name: str) -> str:
    return name.rpartition(":")[2]
