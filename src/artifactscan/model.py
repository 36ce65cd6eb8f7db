"""The nouns of artifactscan.  Standard library only; verbs live elsewhere.

Start reading at `Finding`: everything the scanner says is a list of these.
Offsets are half-open, in code points of the text as read.
"""
from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

COMMENT_MARK = "artifactscan:"  # stands in every comment to artifactscan: see suppression.py
SUBSTITUTION = "substitution"  # the decoder's rule
KNOWN_PHRASE = "known-phrase"  # the rule of the lexicon
ARTICLE = "article"  # the rule of a and an
WEAK, STRONG, KNOWN = range(3)  # seen only at a second look; seen at the first; a phrase that is known as a whole
QUOTES = ("count", "label", "skip")  # what becomes of findings in quotations: see scan.Scanner


class Span(NamedTuple):
    """A half-open stretch of a text, in code points."""

    start: int
    end: int


class Evidence(NamedTuple):
    """One term of a finding's log-odds.

    `nats` is what the term adds to the log-odds that a spinner put the words there; `note` says why in plain words.
    """

    name: str
    nats: float
    note: str


class Finding(NamedTuple):
    """A likely artifact: where it is, what probably stood there, and why.

    A detector fills the first block; `scan` places the finding in its document.
    """

    rule: str
    start: int
    end: int
    originals: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    tell: float = 1.0  # nats that a certain finding of this kind adds to the document's log-odds of being spun
    details: Callable[[], tuple[Evidence, ...]] | None = None  # the detector's evidence term by term, for findings that are reported
    grade: int = STRONG  # WEAK, STRONG or, of what the decoder finds, KNOWN
    # filled by scan
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0  # exclusive
    place: str | None = None
    excerpt: str = ""
    context: str = ""  # the line around it, or the lines, white space collapsed
    context_start: int = 0  # where its words begin in the context
    fingerprint: str = ""
    quoted: bool = False  # stands in quoted speech or a block quotation

    @property
    def lines(self) -> range:
        """The lines on which it stands; none where its document has no lines."""
        return range(self.line, self.end_line + 1) if self.line else range(0)

    @property
    def log_odds(self) -> float:
        """Sum of the evidence, in nats."""
        return math.fsum(e.nats for e in self.evidence)

    @property
    def probability(self) -> float:
        """Probability (0-1) that follows from the evidence, and from nothing else."""
        return sigmoid(self.log_odds)

    @property
    def score(self) -> float:
        """The probability as a score, 0-100, to one decimal."""
        return round(100 * self.probability, 1)

    @property
    def severity(self) -> str:
        """high from score 90, medium from 70, else low."""
        return "high" if self.score >= 90 else "medium" if self.score >= 70 else "low"


class Mark(NamedTuple):
    """Where a stretch of a document's text stands in its source, up to the next mark."""

    start: int  # code points of the text
    line: int  # of the source, from 1; 0 where the source has no lines
    column: int  # of the source, from 1, code points; 0 where it has no lines
    place: str | None = None  # page, paragraph or XPath, in words


class Document(NamedTuple):
    """A text with a name, as a reader gives it.  Without marks the text is the file's own, line by line."""

    path: str
    text: str
    marks: tuple[Mark, ...] = ()  # in order of start; the first starts at 0
    quoted: tuple[Span, ...] = ()  # what somebody else said or wrote: quoted speech, block quotations
    source: str | None = None  # the file's text, where it has lines and `text` is not it

    def mark_at(self, offset: int) -> Mark:
        """Where one code point of the text stands; only for documents with marks."""
        mark = self.marks[bisect_right(self.marks, offset, key=lambda m: m.start) - 1]
        return mark._replace(start=offset, column=mark.column + offset - mark.start if mark.column else 0)


class DocumentReport(NamedTuple):
    """What was found in one document; findings in order of place."""

    path: str
    words: int
    verdict: str  # spun, suspect, clean or too-short
    probability: float  # 0-1, that the document is spun
    findings: tuple[Finding, ...]
    text: str = ""  # the document's text, kept when a reporter needs it
    source: str = ""  # the text of its file, in which the findings have their lines and columns, kept with it
    unexamined: int = 0  # places that the language model was not asked about, for want of time


class Skipped(NamedTuple):
    """An input that could not be read, and why."""

    path: str
    reason: str


class Notice(NamedTuple):
    """What should be mended in a document's own comments to artifactscan, or what was not examined in it."""

    path: str
    line: int
    kind: str  # faulty, no-reason, expired, unused or unexamined
    message: str  # what is wrong and what to do


class Report(NamedTuple):
    """The result of a run over any number of documents."""

    version: str
    lexicon: str  # fingerprint of the tables used
    documents: tuple[DocumentReport, ...]
    skipped: tuple[Skipped, ...]
    notices: tuple[Notice, ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()  # (why, how many findings): ignored, allowed, known, unchanged

    def ranked(self) -> list[tuple[int, DocumentReport, Finding]]:
        """(rank from 1, document, finding), best score first; ties by order of documents and place."""
        pairs = [(d, f) for d in self.documents for f in d.findings]
        pairs.sort(key=lambda pair: -pair[1].score)
        return [(rank, d, f) for rank, (d, f) in enumerate(pairs, 1)]


# What may become of words -> what that means.
CHANGES = {
    "synonym": "words replaced by others",
    "residue": "the same letters with other spacing, punctuation, case or ending",
    "reordered": "the same words in another place",
    "cut": "words of the original alone",
    "added": "words of the copy alone",
}


class Change(NamedTuple):
    """Words of an original that became other words in its copy.  A side without words is an empty span."""

    kind: str  # of CHANGES
    original: Span
    copy: Span


class Row(NamedTuple):
    """Sentences of an original and of its copy that belong together; a side without a counterpart is None."""

    kind: str  # same, changed, reordered, cut or added
    similarity: float  # 0-1, of the words; 0 for a side without a counterpart
    original: Span | None
    copy: Span | None
    sentences: int  # of the copy
    changes: tuple[Change, ...]  # in order of place in the copy


class Comparison(NamedTuple):
    """A text beside its copy: rows in the copy's order, what was cut where it stood."""

    original: Document
    copy: Document
    rows: tuple[Row, ...]

    @property
    def sentences(self) -> int:
        """How many sentences the copy has."""
        return sum(r.sentences for r in self.rows)

    @property
    def reused(self) -> int:
        """How many of the copy's sentences come from the original."""
        return sum(r.sentences for r in self.rows if r.original)

    @property
    def changes(self) -> Counter[str]:
        """How many changes of each kind stand in the rows."""
        return Counter(c.kind for r in self.rows for c in r.changes)


class ArtifactscanError(Exception):
    """Something the user can mend; the message says what, where and what to do next."""


def sigmoid(nats: float) -> float:
    """The probability (0-1) of log-odds given in nats."""
    if nats >= 0:
        return 1 / (1 + math.exp(-nats))
    return math.exp(nats) / (1 + math.exp(nats))


def logit(probability: float) -> float:
    """The log-odds, in nats, of a probability strictly between 0 and 1."""
    return math.log(probability / (1 - probability))
