"""The flow: read, detect, resolve overlaps, score, place.  Start reading at `Scanner`."""
from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from artifactscan import __version__
from artifactscan.channel import Channel
from artifactscan.compiled import builtin_tables, language_tables, scoring_weights, user_tables
from artifactscan.detectors import RULES, detectors, substitutions
from artifactscan.detectors.substitutions import Decoder
from artifactscan.language import Language
from artifactscan.model import ArtifactscanError, Document, DocumentReport, Finding, Report, Skipped
from artifactscan.phrasebook import Phrasebook
from artifactscan.scoring import score, verdict
from artifactscan.text import Text, count_words
from artifactscan.vocabulary import Vocabulary

DEFAULT_MIN_SCORE = 50.0
CONTEXT = 70  # code points shown on either side of a finding


class Scanner:
    """Scans documents with one set of tables.

    `lexicons`: TOML files of more known phrases.  `only` / `ignore`: names of rules.  `min_score` (0-100): findings
    below it are left out of reports, though they count for the document.  `weights`: others than the built-in ones (see
    compiled.scoring_weights).  Raises ArtifactscanError for a lexicon that
    cannot be used and for a rule that does not exist.
    """

    def __init__(
        self,
        *,
        lexicons: Iterable[Path] = (),
        only: Collection[str] = (),
        ignore: Collection[str] = (),
        min_score: float = DEFAULT_MIN_SCORE,
        weights: Mapping[str, Mapping[str, float]] | None = None,
    ) -> None:
        for name in (*only, *ignore):
            if name not in RULES:
                raise ArtifactscanError(f"there is no rule {name!r}; the rules are {', '.join(RULES)}")
        self.rules = frozenset(only or RULES) - frozenset(ignore)
        self.min_score = min_score
        tables = builtin_tables()
        self.vocabulary = Vocabulary(tables)
        self.book = Phrasebook.load(tables.section("phrase-index"), tables.section("phrases"))
        fingerprints = [tables.fingerprint]
        for path in lexicons:
            more = user_tables(path, self.vocabulary)
            self.book = self.book.extended(Phrasebook.load(more.section("phrase-index"), more.section("phrases")))
            fingerprints.append(more.fingerprint)
        self.fingerprint = "+".join(fingerprints)
        self.weights = weights or scoring_weights()
        self.decoder: Decoder | None = None
        if substitutions.RULE in self.rules:
            language = language_tables()
            self.decoder = Decoder(Language(language), Channel(language), self.weights["evidence"])
            fingerprints.append(language.fingerprint)
        self._detectors = [detect for rules, detect in detectors(self.book, self.decoder) if self.rules.intersection(rules)]

    def scan(self, document: Document) -> DocumentReport:
        """Everything found in one document."""
        text = Text(document.text, self.vocabulary.tokens)
        return self._report(document, [f for p in text.passages() for detect in self._detectors for f in detect(p) if f.rule in self.rules])

    def compare(self, document: Document, spun: str, original: str) -> DocumentReport:
        """What the decoder makes of one original for these words of a document.  Raises ArtifactscanError if it is not there or not known."""
        if self.decoder is None:
            raise ArtifactscanError(f"the rule {substitutions.RULE!r} is not among those asked for; leave --only and --ignore out")
        passages = Text(document.text, self.vocabulary.tokens).passages()
        found = [f for p in passages for f in self.decoder.compared(p, spun, original)]
        if not found:
            raise ArtifactscanError(f"{spun!r} does not stand in the text, or the tables do not know {original!r}; look at the spelling of both")
        return self._report(document, found)

    def _report(self, document: Document, found: list[Finding]) -> DocumentReport:
        """What was found, scored and placed."""
        found = [f._replace(excerpt=document.text[f.start : f.end]) for f in found]
        words = count_words(document.text)
        probability, scored = score(_resolved(found), words, self.weights["document"])
        kept = [_detailed(f) for f in scored if f.score >= self.min_score]
        return DocumentReport(document.path, words, verdict(probability, words), round(probability, 4), tuple(_placed(document, kept)))

    def report(self, documents: Iterable[DocumentReport], skipped: Iterable[Skipped] = ()) -> Report:
        """A report over scanned documents."""
        return Report(__version__, self.fingerprint, tuple(documents), tuple(skipped))


def scan_text(text: str, *, path: str = "-", min_score: float = DEFAULT_MIN_SCORE) -> DocumentReport:
    """Scan one text with the built-in lexicon.  For many texts make one `Scanner` and keep it."""
    return Scanner(min_score=min_score).scan(Document(path, text))


def _detailed(finding: Finding) -> Finding:
    """The finding with its detector's evidence term by term; the terms are rounded, their sum stays."""
    if finding.details is None:
        return finding
    terms = finding.details()
    document = finding.evidence[-1]
    rest = round(finding.log_odds - math.fsum(e.nats for e in terms), 3)
    return finding._replace(evidence=(*terms, document._replace(nats=rest)), details=None)


def _resolved(findings: list[Finding]) -> list[Finding]:
    """One finding for one slip: of overlapping ones the likeliest, then the longest, stays.  In order of place."""
    kept: list[Finding] = []
    taken: list[tuple[int, int]] = []
    for f in sorted(findings, key=lambda f: (-f.log_odds, f.start - f.end, f.start, f.rule)):
        at = bisect_right(taken, (f.start, f.start))
        if (at == 0 or taken[at - 1][1] <= f.start) and (at == len(taken) or f.end <= taken[at][0]):
            taken.insert(at, (f.start, f.end))
            kept.append(f)
    return sorted(kept, key=lambda f: f.start)


def _placed(document: Document, findings: Collection[Finding]) -> Iterator[Finding]:
    """Findings with line, column (both from 1, columns in code points), context and fingerprint."""
    if findings:
        import hashlib  # here: a clean text needs none

    text = document.text
    line, line_start, position = 1, 0, 0
    seen: Counter[str] = Counter()
    for f in findings:
        line += text.count("\n", position, f.start)
        line_start = text.rfind("\n", 0, f.start) + 1
        position = f.start
        context = " ".join(text[max(line_start, f.start - CONTEXT) : f.end + CONTEXT].split("\n")[0].split())
        sentence = " ".join(text[max(0, f.start - 30) : f.end + 30].lower().split())
        seen[sentence] += 1
        mark = f"{f.rule}\0{f.excerpt.lower()}\0{sentence}\0{seen[sentence]}"
        fingerprint = hashlib.sha256(mark.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        yield f._replace(line=line, column=f.start - line_start + 1, context=context, fingerprint=fingerprint)
