"""LaTeX: the prose between its commands; maths, citations, floats of code and the preamble are left out.

The parser is pylatexenc's, which knows what arguments a command takes and where everything stands.
"""
from __future__ import annotations

import re
from bisect import bisect_right
from typing import Any

from artifactscan.model import Document
from artifactscan.readers.flow import Flow
from artifactscan.readers.plain import Unreadable, bounded, decode

LARGEST = 4 << 20  # code points; the parser is slow
KEEP = frozenset(
    "textbf textit emph textrm textsf textsl textsc textup textmd textnormal underline uline text mbox hbox title subtitle section subsection subsubsection "
    "chapter part paragraph subparagraph caption footnote footnotetext hypertarget enquote textquote blockquote item href textcolor foreignlanguage thanks "
    "texorpdfstring hl so st colorbox parbox keywords frametitle".split()
)
ARGUMENTS = {  # of commands that the parser does not know: [ optional, { required
    "href": "{{", "enquote": "*{", "textquote": "[{", "blockquote": "[{", "textcolor": "[{{", "colorbox": "{{", "foreignlanguage": "{{", "hl": "{", "st": "{", "so": "{",
    "subtitle": "{", "frametitle": "{", "thanks": "{", "texorpdfstring": "{{", "parencite": "[[{", "textcite": "[[{", "autocite": "[[{", "footcite": "[[{", "citep": "*[[{",
    "citet": "*[[{", "citealp": "*[[{", "citeauthor": "*[[{", "citeyear": "*[[{", "cref": "{", "Cref": "{", "autoref": "*{", "eqref": "{", "pageref": "{", "nameref": "{",
    "SI": "[{{", "si": "[{", "num": "[{", "qty": "[{{", "unit": "[{", "ce": "{", "lstinline": "[{", "hypertarget": "{{", "path": "{", "pagestyle": "{", "bibliographystyle": "{",
    "setlength": "{{", "addcontentsline": "{{{", "vspace": "*{", "hspace": "*{", "definecolor": "{{{", "newcommand": "*{[[{", "renewcommand": "*{[[{", "protect": "",
    "affil": "[{", "author": "[{", "date": "{", "email": "{", "thispagestyle": "{", "hypersetup": "{", "keywords": "{", "subfile": "{", "setcounter": "{{",
}  # fmt: skip
BLOCKS = frozenset("title subtitle section subsection subsubsection chapter part paragraph subparagraph caption item par frametitle \\".split())
VANISH = re.compile(r"(?:[a-zA-Z]*cite[a-zA-Z]*\*?|label|index|footnotemark|nocite|vspace|hspace|pagestyle|includegraphics|bibliography|input|include|phantomsection|usepackage|setlength|addcontentsline|definecolor|newcommand|renewcommand|bibliographystyle|affil|author|date|email|thispagestyle|hypersetup|setcounter)\*?")
REFERENCES = re.compile(r"[a-zA-Z]*ref\*?|url|verb|lstinline|mintinline|texttt|path|ensuremath|SI|si|num|qty|unit|ce")
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
    source = decode(bounded(raw))
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
    return prose.flow.document(name)


def _environment(nodes: list[Any], wanted: str) -> Any:
    return next((n for n in nodes if type(n).__name__ == "LatexEnvironmentNode" and n.environmentname == wanted), None)


class _Prose:
    def __init__(self, source: str) -> None:
        self.flow = Flow()
        self.asides: list[Flow] = []  # footnotes, which follow the text
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
        for node in nodes:
            if node is not None:
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
        nodes = node.nodelist
        if name in CELLS:  # the columns' specification
            nodes = nodes[next((n for n, child in enumerate(nodes) if type(child).__name__ == "LatexGroupNode"), -1) + 1 :] if not node.nodeargd or not node.nodeargd.argnlist else nodes
        self.write(nodes)
        if name in QUOTES:
            self.flow.close_quote()
        self.flow.block()

    def _LatexMacroNode(self, node: Any) -> None:
        name = node.macroname
        arguments = [a for a in (node.nodeargd.argnlist if node.nodeargd else ()) if a is not None]
        if name in SIGNS:
            self._sign(SIGNS[name], node.pos)
        elif VANISH.fullmatch(name):
            self.flow.vanish()
        elif REFERENCES.fullmatch(name) and name != "href":
            self.flow.gap(*self.place(node.pos))
        elif name in ("\\", "par", "item"):
            self.flow.block() if name != "\\" else self.flow.line_break()
            self.write([a for a in arguments if name == "item"])
            self.flow.block() if name == "item" and arguments else None
        elif name in KEEP:
            self._kept(name, arguments, node)
        elif len(name) == 1 and arguments:  # an accent
            from pylatexenc.latex2text import LatexNodes2Text

            self._sign(LatexNodes2Text().node_to_text(node), node.pos)
        elif node.macro_post_space and not arguments:
            self.flow.space() if name in ("centering", "maketitle", "noindent") else None

    def _kept(self, name: str, arguments: list[Any], node: Any) -> None:
        if name in ("footnote", "footnotetext", "thanks"):
            main, aside = self.flow, Flow()
            self.flow = aside
            self.write(arguments[-1:])
            self.flow = main
            main.vanish()
            self.asides.append(aside)
            return
        if name in BLOCKS:
            self.flow.block()
        if name in ("enquote", "textquote"):
            self._sign("“", node.pos)
        if name == "blockquote":
            self.flow.open_quote()
        self.write(arguments[-1:])
        if name in ("enquote", "textquote"):
            self._sign("”", node.pos + node.len - 1)
        if name == "blockquote":
            self.flow.close_quote()
        if name in BLOCKS:
            self.flow.block()

    def _sign(self, sign: str, at: int) -> None:
        self.flow.text(sign, *self.place(at))
