"""The nouns of artifactscan.  Standard library only; verbs live elsewhere.

Start reading at `Finding`: everything the scanner says is a list of these.
Offsets are half-open, in code points of the text as read.
"""
from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple


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
    # filled by scan
    line: int = 0
    column: int = 0
    place: str | None = None
    excerpt: str = ""
    context: str = ""
    fingerprint: str = ""
    quoted: bool = False  # stands in quoted speech or a block quotation

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


class DocumentReport(NamedTuple):
    """What was found in one document; findings in order of place."""

    path: str
    words: int
    verdict: str  # spun, suspect, clean or too-short
    probability: float  # 0-1, that the document is spun
    findings: tuple[Finding, ...]


class Skipped(NamedTuple):
    """An input that could not be read, and why."""

    path: str
    reason: str


class Report(NamedTuple):
    """The result of a run over any number of documents."""

    version: str
    lexicon: str  # fingerprint of the tables used
    documents: tuple[DocumentReport, ...]
    skipped: tuple[Skipped, ...]

    def ranked(self) -> list[tuple[int, DocumentReport, Finding]]:
        """(rank from 1, document, finding), best score first; ties by order of documents and place."""
        pairs = [(d, f) for d in self.documents for f in d.findings]
        pairs.sort(key=lambda pair: -pair[1].score)
        return [(rank, d, f) for rank, (d, f) in enumerate(pairs, 1)]


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
