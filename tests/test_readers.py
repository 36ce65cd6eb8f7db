"""Readers: what a document says, where it says it, and how hostile ones are refused.

For each format first what is no prose and leaves nothing, then what is prose.  `￼` stands for code and formulas.
"""
from __future__ import annotations

import io
import sys
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from artifactscan.model import Document
from artifactscan.readers import READERS, Unreadable, read, read_bytes
from artifactscan.scan import _placed
from helpers import loaded, scanner

WORD = '<w:document xmlns:w="http://w"><w:body>{}</w:body></w:document>'
STYLES = '<w:styles xmlns:w="http://w"><w:style w:styleId="Zitat"><w:name w:val="Quote"/></w:style><w:style w:styleId="C"><w:name w:val="Source Code"/></w:style></w:styles>'
ODT = (
    '<office:document-content xmlns:office="o" xmlns:text="t" xmlns:style="s" xmlns:draw="d" xmlns:svg="v"><office:automatic-styles>'
    '<style:style style:name="P1" style:parent-style-name="Quotations"/></office:automatic-styles><office:body>{}</office:body></office:document-content>'
)
JATS = "<article><front><journal-meta>J</journal-meta><article-meta>{}</article-meta></front><body>{}</body><back><ref-list><p>has n't</p></ref-list></back></article>"


def zipped(**members: str) -> bytes:
    """A zip file; "__" in a name is a slash and "_" a full stop."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return out.getvalue()


def docx(body: str, **members: str) -> bytes:
    return zipped(word__document_xml=WORD.format(body), word__styles_xml=STYLES, **members)


def epub(*chapters: str) -> bytes:
    items = "".join(f'<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>' for n, _ in enumerate(chapters))
    spine = "".join(f'<itemref idref="c{n}"/>' for n in reversed(range(len(chapters))))
    return zipped(
        **{"META-INF__container_xml": '<container><rootfile full-path="O/p.opf"/></container>', "O__p_opf": f"<package><manifest>{items}</manifest><spine>{spine}</spine></package>"},
        **{f"O__c{n}_xhtml": chapter for n, chapter in enumerate(chapters)},
    )


def words(text: str, properties: str = "", run: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


CASES: list[tuple[str, str | bytes, str]] = [
    # what leaves nothing
    (".md", "---\ntitle: a early\n---\n\n```\nhas n't\n```\n\n    has n't\n\n<div>\nhas n't\n</div>\n\n[x]: http://a.org/has\n\n![has n't](a.png)\n\n<!-- has n't -->", ""),
    (".rst", ".. code-block:: python\n\n   has n't\n\n.. comment has n't\n   goes on\n\n:field: has n't\n\n.. _target: http://a.org\n\n>>> has n't\n", ""),
    (".html", "<head><title>has n't</title></head><nav>has n't</nav><script>has n't</script><style>a</style><pre>has n't</pre><p hidden>has n't</p><footer>x</footer>", ""),
    (".tex", "\\documentclass{a}\n\\begin{document}\n% has n't\n\\begin{equation}a\\end{equation}\\begin{verbatim}has n't\\end{verbatim}\\label{a early}\\end{document}", ""),
    (".docx", docx(words("has", '<w:pStyle w:val="C"/>') + "<w:p><w:r><w:delText>has n't</w:delText><w:instrText>has n't</w:instrText></w:r></w:p>"), ""),
    (".odt", zipped(content_xml=ODT.format("<text:tracked-changes><text:p>has n't</text:p></text:tracked-changes><text:table-of-content><text:p>x</text:p></text:table-of-content>")), ""),
    (".xml", JATS.format("<contrib-group>X</contrib-group>", "<disp-formula>x</disp-formula>").replace("<disp-formula>x</disp-formula>", ""), ""),
    (".vtt", "WEBVTT\n\nNOTE has n't\n\nSTYLE\n::cue {}\n\n00:01.000 --> 00:02.000\n[door opens]\n", ""),
    (".srt", "1\n00:00:01,000 --> 00:00:02,000\n\n", ""),
    # inline markup leaves no trace, code a sign without words
    (".md", "Some **bo**ld, _soft_ `code`, [a link](http://a.org 'title') and a note[^1] by [@key2020]. <b>So</b> \\*this\\* &amp; that.", "Some bold, soft ￼, a link and a note by. So *this* & that."),
    (".md", "It costs $5 and $6 where $x_1$ is $a+b$; totaling$ 240 of it.", "It costs $5 and $6 where ￼ is ￼; totaling$ 240 of it."),
    (".md", "Pace , he said, at <http://a.org>.", "Pace , he said, at ￼."),
    (".rst", "Some *soft*, **bold**, ``code``, `link <http://a.org>`_ and note [1]_, :emphasis:`words` of ref_. 2 \\* 3", "Some soft, bold, ￼, link and note, words of ref. 2 * 3"),
    (".rst", "As :func:`a.b` or :ref:`the title <x>` say :cite:`c`, ``<a>`` and :v:`A_<L>` do.", "As ￼ or the title say, ￼ and ￼ do."),
    (".html", "<p>Some <b>bo</b>ld <code>x</code> &amp; caf&eacute;, 19<sup>th</sup> c.<sup>12</sup> <a href=x>of</a>\n  two   spaces.</p>", "Some bold ￼ & café, 19th c. of two spaces."),
    (".tex", "It's \\emph{so} \\textbf{bo}ld~\\cite{a}, ``at'' \\$5 or 5\\% of $x^2$ --- na\\\"ive \\href{http://a}{link} \\LaTeX{} end \\cite{b}.", "It’s so bold, “at” $5 or 5% of ￼ — naïve link LaTeX end."),
    (".docx", docx("<w:p><w:r><w:t>Half a wo</w:t></w:r><w:r><w:t>rd</w:t><w:tab/><w:t>of</w:t></w:r><w:r><w:footnoteReference/></w:r><w:r><w:t>.</w:t></w:r></w:p>"), "Half a word of."),
    (".odt", zipped(content_xml=ODT.format("<text:p>Half a wo<text:span>rd</text:span><text:s/>of<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Note.</text:p></text:note-body></text:note> it.</text:p>")), "Half a word of it.\n\nNote."),
    (".xml", JATS.format("<title-group><article-title>The <italic>Title</italic></article-title></title-group><abstract><p>Short.</p></abstract>", "<sec><title>One</title><p>As shown <xref ref-type='bibr'>1</xref>, <inline-formula>x</inline-formula> is.</p></sec>"), "The Title\n\nShort.\n\nOne\n\nAs shown, ￼ is."),
    (".srt", "1\n00:00:01,000 --> 00:00:02,000\n<i>It has</i>\nn't\n\n2\n00:00:02,000 --> 00:00:03,000\nrained.\n- {\\an8}Really?\n", "It has n't rained.\n\nReally?"),
    (".vtt", "WEBVTT\n\n1\n00:01.000 --> 00:02.000 align:start\n<v Ann>It <00:01.500>has\n", "It has"),
    (".rst", "-\tone\ttwo\n\tthree\n\n.. code::\n\n\tcode\n\nend", "one two three\n\nend"),
    # blocks are paragraphs of their own
    (".md", "# Head\npara\n- one\n- two\n  more\n\n| a | b |\n|---|---|\n| c | d |\n", "Head\n\npara\n\none\n\ntwo more\n\na\n\nb\n\nc\n\nd"),
    (".rst", "Head\n====\n\npara\n\n- one\n- two\n  more\n\n.. note::\n\n   noted\n\nas so::\n\n   code\n\n+---+---+\n| a | b |\n+---+---+\n", "Head\n\npara\n\none\n\ntwo more\n\nnoted\n\nas so:\n\na\n\nb"),
    (".html", "<h1>Head</h1>para<ul><li>one<li>two</ul><table><tr><td>a<td>b</table>line<br>break", "Head\n\npara\n\none\n\ntwo\n\na\n\nb\n\nline\nbreak"),
    (".tex", "\\section{Head}para\n\nnext\n\\begin{itemize}\\item one\n\\item two\\end{itemize}\\begin{tabular}{ll}a & b\\end{tabular}x\\footnote{Note.}", "Head\n\npara\n\nnext\n\none\n\ntwo\n\na\n\nb\n\nx\n\nNote."),
    (".docx", docx(words("Head") + "<w:tbl><w:tr><w:tc>" + words("a") + "</w:tc></w:tr></w:tbl>" + words("end"), word__footnotes_xml=WORD.format(words("Note."))), "Head\n\na\n\nend\n\nNote."),
    (".epub", epub("<p>Two&nbsp;has</p>", "<p>One</p>"), "One\n\nTwo\xa0has"),
    (".rst", "It was said by\nA. Smith in\n2. May\n\n1. one\n2. two\n\n   a) three\n", "It was said by A. Smith in 2. May\n\none\n\ntwo\n\nthree"),
    (".tex", "One ends\r\n\r\n\\emph{two} begins\r\n", "One ends\n\ntwo begins"),
    # the article, if there is one
    (".html", "<p>teaser</p><main><p>main</p></main><p>more</p>", "main"),
    (".html", "<div>about</div><article><p>The article itself, so long.</p></article><div>more</div>", "The article itself, so long."),
    (".html", "<main><p>The text of the page is here and long.</p><article>card</article></main>", "The text of the page is here and long.\n\ncard"),
    (".html", b"<meta charset=windows-1252><p>It\x92s</p>", "It’s"),
    (".html", b"<meta charset=iso-8859-1><p>It\x92s na\xefve\x81</p>", "It’s naïve\ufffd"),
    (".html", b"<meta charset=us-ascii><p>It\x92s</p>", "It’s"),
    (".html", "<meta charset=us-ascii><p>It’s</p>", "It’s"),
]  # fmt: skip


@pytest.mark.parametrize(("suffix", "source", "text"), CASES, ids=lambda value: value if isinstance(value, str) and value.startswith(".") else "")
def test_what_it_says(suffix: str, source: str | bytes, text: str) -> None:
    raw = source.encode() if isinstance(source, str) else source
    assert read_bytes(raw, "a" + suffix).text == text


def eml(**parts: str) -> bytes:
    message = EmailMessage()
    message["Subject"] = "x"
    message.set_content(parts["plain"], cte=parts.get("cte"))
    if "html" in parts:
        message.add_alternative(parts["html"], subtype="html")
    return bytes(message)


@pytest.mark.parametrize("cte", ["7bit", "8bit", "quoted-printable", "base64"])
def test_email(cte: str) -> None:
    dash = "-" if cte == "7bit" else "–"
    raw = eml(plain=f"A first line {dash} and so on, longer than what one line of a quoted message may hold by far.\nIt {dash} has n't rained.\n\n> is n't\n-- \nsignature a early\n", html="<p>x</p>", cte=cte)
    document = read_bytes(raw, "a.eml")
    first, second = scanner().scan(document).findings
    assert (first.excerpt, first.quoted, second.excerpt, second.quoted) == ("has n't", False, "is n't", True)
    if cte == "base64":
        assert (first.line, first.place) == (0, "line 2 of the message")
    else:
        line = raw.decode().splitlines()[first.line - 1]
        assert line[first.column - 1 :].startswith("has n't")


TWICE = "It has n't rained."
NESTED = (
    "Subject: x\nContent-Type: multipart/mixed; boundary=ab\n\n{0}\n--ab\nContent-Type: multipart/alternative; boundary=abc\n\n--abc\n"
    "Content-Type: text/html\n\n{0}\n--abc\n\n{0}\n--abc--\n--ab\nContent-Disposition: attachment\n\n{0}\n--ab--\n"
)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (f"Subject: {TWICE}\n\n{TWICE}", 3),
        (f"Subject: x\n {TWICE}\nX-Empty:\n\n\n{TWICE}", 6),
        (f"Subject: x\n{TWICE}\n\nA body that begins too early.", 2),
        (NESTED.format(TWICE), 14),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_message_that_says_it_twice_is_wrong_where_its_text_says_it(source: str, line: int, line_end: str) -> None:
    document = read_bytes(source.replace("\n", line_end).encode(), "a.eml")
    assert [(f.line, f.column) for f in scanner().scan(document).findings] == [(line, 4)]


QUOTED = [
    (".md", "Said:\n\n> has n't\n> > a early\n\nhas n't", "has n't\n\na early"),
    (".rst", "Said:\n\n   has n't\n\nhas n't", "has n't"),
    (".html", "<p>Said</p><blockquote><p>has n't</blockquote><p>has n't", "has n't"),
    (".html", "<p>Said <q>has n't</q>.", "has n't"),
    (".tex", "Said\n\\begin{quote}has n't\\end{quote}\nhas n't", "has n’t"),
    (".docx", docx(words("Said") + words("has n't", '<w:pStyle w:val="Zitat"/>') + words("has n't")), "has n't"),
    (".odt", zipped(content_xml=ODT.format('<text:p>Said</text:p><text:p text:style-name="P1">has n\'t</text:p><text:p>x</text:p>')), "has n't"),
    (".xml", JATS.format("", "<p>Said</p><disp-quote><p>has n't</p></disp-quote><p>x</p>"), "has n't"),
]


@pytest.mark.parametrize(("suffix", "source", "quoted"), QUOTED)
def test_block_quotations(suffix: str, source: str | bytes, quoted: str) -> None:
    document = read_bytes(source.encode() if isinstance(source, str) else source, "a" + suffix)
    assert [document.text[s:e] for s, e in document.quoted] == [quoted]


PLACED = [
    (".md", "---\na: b\n---\n\n# Head\n\n- item `x`\n  with *soft* and\n  it has n't\n\n> | a | b |\n> |---|---|\n> | a | is n't |\n"),
    (".md", "A [link](http://a.org/has) has n't ended &amp; is n't \\* are n't here  \r\nwere n't\r\n"),
    (".rst", "Head\n====\n\n* item *soft*\n  it has n't\n\n  ``x`` is n't\n"),
    (".rst", "Head\n====\n\n\tThe x\tit has n't\n\n-\tso it\tis n't\n\tand\t\twere n't\n\n\t``x``\tare n't\n"),
    (".html", "<html>\n<p>caf&eacute; &amp; co\n  has n't</p><p>so is n't"),
    (".html", "<p>x</p>\n<article><h1>A long heading, so that it counts</h1>\n<p>It has n't</article>"),
    (".xml", "<article><body>\n <p>é &amp; <b>it</b> has n't\n is n't</p></body></article>"),
    (".srt", "1\r\n00:00:01,000 --> 00:00:02,000\r\n<i>It</i> has n't\r\n"),
    (".tex", "\\documentclass{a}\n\\begin{document}\n\\emph{So} it\n  has n't, ``is n't''\n\\end{document}"),
]


@pytest.mark.parametrize(("suffix", "source"), PLACED)
def test_lines_and_columns(suffix: str, source: str) -> None:
    """Every finding stands in the source where it says."""
    findings = scanner().scan(read_bytes(source.encode(), "a" + suffix)).findings
    lines = source.splitlines()
    found = [f.excerpt.replace("’", "'") for f in findings if f.rule == "detached-contraction"]
    assert len(found) == source.count(" n't")
    assert [lines[f.line - 1][f.column - 1 :][: len(f.excerpt)] for f in findings if f.rule == "detached-contraction"] == found


@pytest.mark.parametrize(
    ("suffix", "raw", "place"),
    [
        (".docx", docx(words("One") + words("") + words("has n't")), "paragraph 2"),
        (".docx", docx(words("One"), word__endnotes_xml=WORD.format(words("has n't"))), "endnotes, paragraph 1"),
        (".odt", zipped(content_xml=ODT.format("<text:h>One</text:h><text:p/><text:p>has n't</text:p>")), "paragraph 2"),
        (".epub", epub("<p>It has n't</p>", "<p>One</p>"), "O/c0.xhtml"),
    ],
)
def test_places(suffix: str, raw: bytes, place: str) -> None:
    (finding,) = scanner().scan(read_bytes(raw, "a" + suffix)).findings
    assert (finding.line, finding.column, finding.place) == (0, 0, place)


def test_an_xml_file_of_one_line_has_paths() -> None:
    body = f"<sec><title>One</title><p>{'word ' * 500}</p><p>It <b>has</b> n't rained.</p></sec>"
    (finding,) = scanner().scan(read_bytes(JATS.format("", body).encode(), "a.xml")).findings
    assert (finding.line, finding.place) == (1, "/article[1]/body[1]/sec[1]/p[2]")


def test_marks_hold_for_every_character() -> None:
    source = "# One *two*\n\nthree `x` four\nfive [six](u) \\* seven\n\n- eight\n  nine &lt; ten\n"
    document = read_bytes(source.encode(), "a.md")
    lines = source.split("\n")
    for at, sign in enumerate(document.text):
        if sign.isalpha():
            (f,) = _placed(document, [scanner().scan(Document("-", "has n't")).findings[0]._replace(start=at, end=at + 1)])
            assert lines[f.line - 1][f.column - 1] == sign


def pdf(*pages: list[tuple[int, int, str]]) -> bytes:
    """A PDF whose pages hold such lines: x and y in points, and what they say."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    objects = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>", font]
    for n, lines in enumerate(pages):
        content = "".join(f"BT /F 10 Tf {x} {y} Td ({text}) Tj ET\n" for x, y, text in lines)
        objects += [f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources<</Font<</F 3 0 R>>>>/Contents {5 + 2 * n} 0 R>>"]
        objects += [f"<</Length {len(content)}>>stream\n{content}endstream"]
    return ("%PDF-1.4\n" + "".join(f"{n} 0 obj\n{o}\nendobj\n" for n, o in enumerate(objects, 1)) + "trailer<</Root 1 0 R>>\n%%EOF").encode("cp1252")


LINE = "one two three four five six seven eight nine ten"
PDFS = [
    # lines become paragraphs: a short last line, a first line set in, more room, an item
    (pdf([(50, 700, LINE), (50, 688, "so it ended."), (50, 676, LINE)]), f"{LINE} so it ended.\n\n{LINE}"),
    (pdf([(50, 700, LINE), (50, 688, LINE + "."), (60, 676, LINE), (50, 664, LINE)]), f"{LINE} {LINE}.\n\n{LINE} {LINE}"),
    (pdf([(50, 700, LINE), (50, 688, LINE), (50, 660, LINE), (50, 648, LINE), (50, 636, "• item")]), f"{LINE} {LINE}\n\n{LINE} {LINE}\n\n• item"),
    # heads and page numbers are dropped, and the paragraph goes on over the page
    (pdf(*([(50, 760, "A JOURNAL, VOL. 7"), (50, 700, f"{LINE} {n}"), (50, 688, LINE), (50, 676, LINE), (50, 30, str(n))] for n in (8, 9))), f"{LINE} 8 {LINE} {LINE} {LINE} 9 {LINE} {LINE}"),
    # columns, as they are mostly written and row by row
    (pdf([(50, 700, LINE), (50, 688, "and so"), (320, 700, "on it goes"), (320, 688, LINE)]), f"{LINE} and so on it goes {LINE}"),
    (pdf([(x, y, f"{side} {y}") for y in range(700, 640, -12) for x, side in ((50, "a"), (320, "b"))]), " ".join(f"{side} {y}" for side in "ab" for y in range(700, 640, -12))),
    # words broken at a line's end
    (pdf([(50, 700, "the govern-"), (50, 688, "ment in a well-"), (50, 676, "known zyx-"), (50, 664, "qabc and well-known"), (50, 652, "twenty-one")]), "the government in a well-known zyx-qabc and well-known twenty-one"),
    (pdf([(50, 700, "anti-"), (50, 688, "aircraft non-"), (50, 676, "sense anti-"), (50, 664, "bodies")]), "anti-aircraft nonsense antibodies"),
]  # fmt: skip


@pytest.mark.parametrize(("raw", "text"), PDFS)
def test_pages(raw: bytes, text: str) -> None:
    assert read_bytes(raw, "a.pdf").text == text


def test_a_page_has_its_number() -> None:
    document = read_bytes(pdf([(50, 700, "One.")], [(50, 600, "It has n't rained.")]), "a.pdf")
    (finding,) = scanner().scan(document).findings
    assert (finding.line, finding.place) == (0, "page 2")
    with pytest.raises(Unreadable, match="no text, only pictures"):
        read_bytes(pdf([]), "a.pdf")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_byte_order_marks(encoding: str) -> None:
    raw = "\ufeffIt rained – once.".encode(encoding)
    assert read_bytes(raw, "a.txt").text == "It rained – once."
    if "32" in encoding:
        with pytest.raises(Unreadable, match="not valid UTF-32"):
            read_bytes(raw[:-1], "a.txt")
        with pytest.raises(Unreadable, match="binary"):
            read_bytes(raw[4:], "a.txt")


# Hostile files: every one is refused in words, or read for what it holds.

DEEP = 10_000
ENTITIES = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
HOSTILE: list[tuple[str, bytes, str]] = [
    (".docx", docx(words("a " * (33 << 20))), "expands to more than 64 MB"),
    (".docx", docx(words("a"))[:-300], "damaged or not a Word file"),
    (".docx", zipped(a_txt="x"), "no word/document.xml"),
    (".docx", b"\xd0\xcf\x11\xe0" + bytes(600), "encrypted, or in an old binary format"),
    (".docx", bytes(1 << 20), "not a zip file"),
    (".docx", zipped(word__document_xml=f"{ENTITIES}<a>&b;</a>"), "declares XML entities"),
    (".odt", zipped(content_xml=f"{ENTITIES}<a>&b;</a>"), "declares XML entities"),
    (".odt", zipped(**{"content_xml": "<a/>", "META-INF__manifest_xml": "<encryption-data/>"}), "encrypted"),
    (".epub", zipped(a_txt="x"), "no META-INF/container.xml"),
    (".xml", f"{ENTITIES}<article><body><p>&b;</p></body></article>".encode(), "declares XML entities"),
    (".xml", b'<!DOCTYPE article [<!ENTITY a SYSTEM "file:///etc/passwd">]><article><body><p>&a;</p></body></article>', "declares XML entities"),
    (".xml", b"<project><p>has n't</p></project>", "not a JATS article: its root is <project>"),
    (".xml", b"<article><body><p>It has n't", "damaged XML"),
    (".pdf", b"%PDF-1.7\n", "damaged or not a PDF file"),
    (".pdf", bytes(100), "does not begin as one"),
    (".md", b"> " * DEEP + b"deep", "nested more than"),
    (".md", b"![](" * 100_000, "brackets in one paragraph"),
    (".tex", b"{" * DEEP + b"deep" + b"}" * DEEP, "nested too deeply"),
    (".eml", b"\xff\xfe\x00", "no headers"),
    (".md", b"a\0b\0\0\0\xff", "binary"),
]


@pytest.mark.parametrize(("suffix", "raw", "reason"), HOSTILE, ids=lambda value: value if isinstance(value, str) else "")
def test_refused(suffix: str, raw: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason.replace("(", r"\(")):
        read_bytes(raw, "a" + suffix)


@pytest.mark.parametrize(
    ("suffix", "raw"),
    [
        (".html", b"<div>" * DEEP + b"deep" + b"</div>" * DEEP),
        (".html", b"<blockquote>" * DEEP + b"deep"),
        (".html", b"<p>deep</p>" + b"<!--" * 100_000),
        (".html", b"<p>deep</p>" + b"<a" * 100_000),
        (".html", b"<p>deep</p><script>" + b"</" * 100_000),
        (".xml", b"<article><body>" + b"<p>" * DEEP + b"deep" + b"</p>" * DEEP + b"</body></article>"),
        (".docx", docx("<w:p>" * DEEP + "<w:t>deep</w:t>" + "</w:p>" * DEEP)),
        (".rst", b"deep" + b"\n\n``" * 20_000),
        (".xml", b'<!DOCTYPE article SYSTEM "file:///etc/passwd"><article><body><p>deep</p></body></article>'),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_depth_and_length_cost_nothing(suffix: str, raw: bytes) -> None:
    assert read_bytes(raw, "a" + suffix).text.startswith("deep")


def test_a_pdf_that_expands_without_end_and_one_that_is_locked() -> None:
    import zlib

    packer = zlib.compressobj(9)
    stream = b"".join(packer.compress(bytes(1 << 20)) for _ in range(20)) + packer.flush()
    with pytest.raises(Unreadable, match="expands to more than 16 MB"):
        read_bytes(b"%PDF-1.4\n1 0 obj\n<</Filter/FlateDecode/Length 20000>>stream\n" + stream + b"\nendstream", "a.pdf")
    locked = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj 3 0 obj<</Filter/Standard/V 1/R 2/O("
    locked += b"x" * 32 + b")/U(" + b"y" * 32 + b")/P -4>>endobj\ntrailer<</Root 1 0 R/Encrypt 3 0 R/ID[(a)(b)]>>\n%%EOF"
    with pytest.raises(Unreadable, match="encrypted"):
        read_bytes(locked, "a.pdf")


def test_a_sparse_file_is_not_even_opened(tmp_path: Path) -> None:
    for suffix in (".pdf", ".md", ".txt"):
        path = tmp_path / f"sparse{suffix}"
        with open(path, "wb") as f:
            f.truncate(2 << 30)
        with pytest.raises(Unreadable, match="larger than 512 MB"):
            read(path)


@pytest.mark.parametrize(("library", "suffix"), [("pypdfium2", ".pdf"), ("pylatexenc", ".tex")])
def test_a_missing_library_is_named(library: str, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == library]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(Unreadable, match=rf"needs {library}.*: pip install 'artifactscan\[documents\]'"):
        read_bytes(b"%PDF-1.4", "a" + suffix)


def test_plain_text_imports_no_reader(samples: Path) -> None:
    modules = loaded("check", "--format", "json", str(samples / "clean_news.txt"))
    assert {m for m in modules if m.startswith(("artifactscan.readers.", "markdown_it", "xml", "zipfile", "email", "html"))} == {"artifactscan.readers.plain"}


def test_every_reader_has_a_case() -> None:
    assert {suffix for suffix, _, _ in CASES} | {".eml", ".pdf"} >= set(READERS) - {".htm", ".xhtml", ".markdown", ".latex", ".nxml"}
