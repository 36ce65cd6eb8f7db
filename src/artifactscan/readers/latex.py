"""LaTeX: the prose between its commands; maths, citations, floats of code and the preamble are left out.

The parser is pylatexenc's, which knows what arguments a command takes and where everything stands.
"""
from __future__ import annotations

import re
from bisect import bisect_right
from itertools import dropwhile
from typing import Any

from artifactscan.model import Document
from artifactscan.readers.flow import Flow
from artifactscan.readers.plain import Unreadable, bounded, decode

LARGEST = 4 << 20  # code points; the parser is slow
KEEP = frozenset(  # commands whose last argument is prose
    "textbf textit emph textrm textsf textsl textsc textup textmd textnormal underline uline text mbox hbox fbox makebox title subtitle section subsection subsubsection "
    "chapter part paragraph subparagraph caption enquote textquote item par href textcolor foreignlanguage hypertarget texorpdfstring hl so st colorbox parbox "
    "keywords frametitle".split()
)
FOOTNOTES = frozenset(("footnote", "footnotetext", "thanks"))
ARGUMENTS = {  # of commands that the parser does not know: [ optional, { required
    "href": "{{", "enquote": "*{", "textquote": "[{", "textcolor": "[{{", "colorbox": "{{", "foreignlanguage": "{{", "hl": "{", "st": "{", "so": "{",
    "subtitle": "{", "frametitle": "{", "thanks": "{", "texorpdfstring": "{{", "parencite": "[[{", "textcite": "[[{", "autocite": "[[{", "footcite": "[[{", "citep": "*[[{",
    "citet": "*[[{", "citealp": "*[[{", "citeauthor": "*[[{", "citeyear": "*[[{", "cref": "{", "Cref": "{", "autoref": "*{", "eqref": "{", "pageref": "{", "nameref": "{",
    "SI": "[{{", "si": "[{", "num": "[{", "qty": "[{{", "unit": "[{", "ce": "{", "lstinline": "[{", "hypertarget": "{{", "path": "{", "pagestyle": "{", "bibliographystyle": "{",
    "setlength": "{{", "addcontentsline": "{{{", "vspace": "*{", "hspace": "*{", "definecolor": "{{{", "newcommand": "*{[[{", "renewcommand": "*{[[{", "protect": "",
    "affil": "[{", "author": "[{", "date": "{", "email": "{", "thispagestyle": "{", "hypersetup": "{", "keywords": "{", "subfile": "{", "setcounter": "{{",
}  # fmt: skip
BLOCKS = frozenset("title subtitle section subsection subsubsection chapter part paragraph subparagraph caption item par frametitle".split())
VANISHES = re.compile(
    r"(?:\w*cite\w*|label|index|footnotemark|[vh]space|\w*pagestyle|includegraphics|bibliography|input|include|usepackage|setlength|addcontentsline|definecolor"
    r"|(?:re)?newcommand|bibliographystyle|affil|author|date|email|hypersetup|setcounter|includeonly|subfile|printbibliography|maketitle|tableofcontents)\*?"
)
STANDS = re.compile(r"\w*ref\*?|url|verb|lstinline|mintinline|texttt|path|ensuremath|SI|si|num|qty|unit|ce|today")  # for something that is no prose
SILENT = re.compile(  # how it looks, not what it says
    r"\W|tiny|scriptsize|footnotesize|small|normalsize|[lL]arge|LARGE|[hH]uge|(?:bf|it|sl|sc|rm|sf|tt|md|up)(?:series|shape|family)?|em|centering|raggedright|noindent|indent"
    r"|(?:new|clear|cleardouble)page|pagebreak|nopagebreak|hline|cline|(?:top|mid|bottom|cmid)rule|hfill|vfill|(?:small|med|big)skip|linewidth|textwidth|columnwidth"
    r"|protect|appendix|phantomsection|xspace|relax|leavevmode|null|onecolumn|twocolumn|frontmatter|mainmatter|backmatter|begingroup|endgroup|sloppy|par|documentclass"
)
QUOTES = frozenset("quote quotation displayquote displaycquote blockquote verse".split())
NO_PROSE = frozenset(
    "equation align gather multline eqnarray displaymath math alignat flalign verbatim Verbatim lstlisting minted tikzpicture thebibliography algorithm algorithmic "
    "algorithm2e comment filecontents pgfpicture axis tabbing picture array IEEEeqnarray".split()
)
CELLS = frozenset("tabular tabularx longtable tabu tabulary".split())
SIGNS = {
    "textquoteleft": "‘", "textquoteright": "’", "textquotedblleft": "“", "textquotedblright": "”", "textquotesingle": "'", "ldots": "…", "dots": "…", "textellipsis": "…",
    "textendash": "–", "textemdash": "—", "&": "&", "%": "%", "$": "$", "#": "#", "_": "_", "{": "{", "}": "}", " ": " ", "textbar": "|", "textdollar": "$", "pounds": "£",
    "euro": "€", "texteuro": "€", "textsterling": "£", "slash": "/", "S": "§", "quad": " ", "qquad": " ", ",": " ", ";": " ", ":": " ", "!": "", "-": "\u00ad", "/": "",
    "@": "", "LaTeX": "LaTeX", "TeX": "TeX", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "i": "ı",
    "newline": "\n", "linebreak": "\n", "textasciitilde": "~", "textbackslash": "\\", "copyright": "©", "textless": "<", "textgreater": ">",
    "textquotestraightdblbase": '"', "textquotedbl": '"', "lq": "‘", "rq": "’",
}  # fmt: skip
SPECIALS = {"``": "“", "''": "”", "`": "‘", "'": "’", "~": " ", "--": "–", "---": "—", "?`": "¿", "!`": "¡"}
LIGATURES = re.compile(r"\n[ \t]*\n\s*|---?|``|''|`|'|&|(?:(?!\n[ \t]*\n)[^-`'&])+|-")


def read(raw: bytes, name: str) -> Document:
    """The prose of a LaTeX file, with its lines and columns."""
    source = decode(bounded(raw)).replace("\r\n", "\n")
    if len(source) > LARGEST:
        raise Unreadable(f"LaTeX of more than {LARGEST >> 20} million characters; split it into several files")
    from pylatexenc.latexwalker import LatexWalker, get_default_latex_context_db
    from pylatexenc.macrospec import std_macro

    context = get_default_latex_context_db()
    context.add_context_category("prose", [std_macro(name, spec) for name, spec in ARGUMENTS.items()], prepend=True)
    nodes = LatexWalker(source, latex_context=context, tolerant_parsing=True).get_latex_nodes()[0]
    prose = _Prose(source)
    document = _environment(nodes, "document")
    if document is not None:
        prose.title(nodes)
    prose.write(document.nodelist if document is not None else nodes)
    for aside in prose.asides:
        prose.flow.append(aside)
    return prose.flow.document(name, source)


def _environment(nodes: list[Any], wanted: str) -> Any:
    return next((n for n in nodes if type(n).__name__ == "LatexEnvironmentNode" and n.environmentname == wanted), None)


def _is_group(node: Any) -> bool:
    return type(node).__name__ == "LatexGroupNode"


class _Prose:
    """Writes the prose of nodes to a flow."""

    def __init__(self, source: str) -> None:
        self.flow = Flow()
        self.asides: list[Flow] = []  # footnotes, which follow the text
        self.unknown: Any = None  # a command of which nothing is known
        self.starts = [0, *(m.end() for m in re.finditer("\n", source))]

    def place(self, at: int) -> tuple[int, int]:
        line = bisect_right(self.starts, at)
        return line, at - self.starts[line - 1] + 1

    def title(self, nodes: list[Any]) -> None:
        """The title, which stands before the document begins."""
        for node in nodes:
            if type(node).__name__ == "LatexMacroNode" and node.macroname in ("title", "subtitle"):
                self.write([node])

    def write(self, nodes: list[Any]) -> None:
        """Each node by the method of its kind; a comment has none."""
        for node in nodes:
            if self.unknown is not None and not _is_group(node):
                self.flow.gap(*self.place(self.unknown.pos))
                if self.unknown.macro_post_space:
                    self.flow.space()
            self.unknown = None
            getattr(self, f"_{type(node).__name__}", lambda node: None)(node)

    def _LatexCharsNode(self, node: Any) -> None:
        for match in LIGATURES.finditer(node.chars):
            if match[0] == "&" or (match[0].count("\n") > 1 and not match[0].strip()):
                self.flow.block()
            else:
                self._sign(SPECIALS.get(match[0], match[0]), node.pos + match.start())

    def _LatexSpecialsNode(self, node: Any) -> None:
        if "\n" in node.specials_chars or node.specials_chars == "&":
            self.flow.block()
        else:
            self._sign(SPECIALS.get(node.specials_chars, node.specials_chars), node.pos)

    def _LatexGroupNode(self, node: Any) -> None:
        self.write(node.nodelist)

    def _LatexMathNode(self, node: Any) -> None:
        self.flow.gap(*self.place(node.pos))

    def _LatexEnvironmentNode(self, node: Any) -> None:
        name = node.environmentname.rstrip("*")
        self.flow.block()
        if name in NO_PROSE:
            return
        if name in QUOTES:
            self.flow.open_quote()
        self.write(list(dropwhile(_is_group, node.nodelist)) if name in CELLS else node.nodelist)  # without what the columns are like
        if name in QUOTES:
            self.flow.close_quote()
        self.flow.block()

    def _LatexMacroNode(self, node: Any) -> None:
        name = node.macroname
        arguments = [a for a in (node.nodeargd.argnlist if node.nodeargd else ()) if a is not None]
        if name in SIGNS:
            self._sign(SIGNS[name], node.pos)
        elif name == "\\":
            self.flow.line_break()
        elif VANISHES.fullmatch(name):
            self.flow.vanish()
        elif name in FOOTNOTES:
            self.flow.vanish()
            main, self.flow = self.flow, Flow()
            self.asides.append(self.flow)
            self.write(arguments[-1:])
            self.flow = main
        elif name in KEEP:
            self._kept(name, arguments[-1:], node)
        elif len(name) == 1 and arguments:  # an accent
            from pylatexenc.latex2text import LatexNodes2Text

            self._sign(LatexNodes2Text().node_to_text(node), node.pos)
        elif STANDS.fullmatch(name):
            self.flow.gap(*self.place(node.pos))
        elif not arguments and not SILENT.fullmatch(name):  # a command of the author's own: some word, if it takes no group
            self.unknown = node

    def _kept(self, name: str, arguments: list[Any], node: Any) -> None:
        if name in BLOCKS:
            self.flow.block()
        if name == "enquote":
            self._sign("“", node.pos)
        self.write(arguments)
        if name == "enquote":
            self._sign("”", node.pos + node.len - 1)
        if name in BLOCKS and arguments:
            self.flow.block()

    def _sign(self, sign: str, at: int) -> None:
        self.flow.text(sign, *self.place(at))
