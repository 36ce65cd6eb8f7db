"""The flow: read, detect, resolve overlaps, score, place.  Start reading at `Scanner`."""
from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from artifactscan import __version__
from artifactscan.compiled import builtin_tables, language_tables, scoring_weights, user_tables
from artifactscan.detectors import RULES, Detect, detectors
from artifactscan.model import (
    ARTICLE,
    COMMENT_MARK,
    QUOTES,
    SUBSTITUTION,
    WEAK,
    ArtifactscanError,
    Document,
    DocumentReport,
    Evidence,
    Finding,
    Mark,
    Report,
    Skipped,
)
from artifactscan.phrasebook import Phrasebook
from artifactscan.scoring import LOOK_AGAIN, probability, score, verdict
from artifactscan.text import Text, count_words
from artifactscan.vocabulary import Vocabulary, vowel_sound

if TYPE_CHECKING:
    from artifactscan.deep.rescoring import Rescorer
    from artifactscan.detectors.substitutions import Decoder
    from artifactscan.tables import Tables

    Deep = Callable[[Decoder, Mapping[str, float]], Rescorer]

DEFAULT_MIN_SCORE = 50.0
CONTEXT = 70  # code points shown on either side of a finding
BATCH = 128  # passages that are held in memory at a time
QUOTED_SHARE = 0.5  # what a finding in a quotation counts: the slip may be the speaker's


class Scanner:
    """Scans documents with one set of tables.

    `lexicons`: TOML files of more known phrases.  `only` / `ignore`: names of rules.  `min_score` (0-100): findings
    below it are left out of reports, though they count for the document.  `quotes`: findings in quotations "count" like
    others, are labelled and count half ("label"), or are left out ("skip").  `keep_text`: reports carry the documents'
    text.  `weights`: others than the built-in ones (see compiled.scoring_weights).  `deep`: let a language model judge what the decoder
    proposes.  Raises ArtifactscanError for a lexicon that cannot be used, rules that do not exist or are all ignored, and a model that is not there.
    """

    def __init__(
        self,
        *,
        lexicons: Iterable[Path] = (),
        only: Collection[str] = (),
        ignore: Collection[str] = (),
        min_score: float = DEFAULT_MIN_SCORE,
        quotes: str = "label",
        keep_text: bool = False,
        weights: Mapping[str, Mapping[str, float]] | None = None,
        deep: Deep | None = None,
    ) -> None:
        if quotes not in QUOTES:
            raise ArtifactscanError(f"there is no way {quotes!r} to take quotations; name one of {', '.join(QUOTES)}")
        for name in (*only, *ignore):
            if name not in RULES:
                raise ArtifactscanError(f"there is no rule {name!r}; the rules are {', '.join(RULES)}")
        self.rules = frozenset(only or RULES) - frozenset(ignore)
        if not self.rules:
            raise ArtifactscanError(f"no rule is left, since ignore takes away {', '.join(only) or 'every rule'}; take one out of ignore, or name another in only")
        self.min_score = min_score
        self.quotes = quotes
        self.keep_text = keep_text
        tables = builtin_tables()
        self.vocabulary = Vocabulary(tables)
        self.book = _phrasebook(tables)
        fingerprints = [tables.fingerprint]
        for path in lexicons:
            more = user_tables(path, self.vocabulary)
            self.book = self.book.extended(_phrasebook(more))
            fingerprints.append(more.fingerprint)
        self.weights = weights or scoring_weights()
        self.decoder: Decoder | None = None
        self.rescorer: Rescorer | None = None
        self._again: list[Detect] = []  # what looks once more where a text may be spun
        if SUBSTITUTION in self.rules:
            from artifactscan.channel import Channel  # here: it takes time to start, and the rules alone need none of it
            from artifactscan.detectors import plurals
            from artifactscan.detectors.substitutions import Decoder
            from artifactscan.language import Language

            tables = language_tables()
            language = Language(tables)
            self.decoder = Decoder(language, Channel(tables), self.weights["evidence"], thorough=deep is not None)
            fingerprints.append(tables.fingerprint)
            if deep is None:
                self._again.append(partial(self.decoder.detect, weak=True))
            if plurals.RULE in self.rules:
                self._again.append(plurals.Plurals(language, self.weights["plurals"]).detect)
            if deep is not None:
                self.rescorer = deep(self.decoder, self.weights["deep"])
                fingerprints.append(self.rescorer.judge.name)
        self.fingerprint = "+".join(fingerprints)
        self._detectors = [detect for rules, detect in detectors(self.book, self.vocabulary.compounds, None if deep else self.decoder) if self.rules.intersection(rules)]

    def scan(self, document: Document, accept: Callable[[Finding], bool] | None = None) -> DocumentReport:
        """Everything found in one document.

        `accept` is asked about every candidate, scored and placed; what it refuses does not count for the document either.
        """
        prose = document.text
        if COMMENT_MARK in prose:
            from artifactscan.suppression import without_comments  # here: few texts have comments

            prose = without_comments(prose)
        text = Text(prose, self.vocabulary.tokens)
        seen = [f for f in _found(text, self._detectors) if f.rule in self.rules]
        words = count_words(prose)
        if self.rescorer is not None:
            seen += self.rescorer.detect(text)
        found, look = self._resolved(document, seen), "first-look" if self.rescorer is None else "deep-document"
        if self._again and probability(found, words, self.weights[look]) >= LOOK_AGAIN:
            if self.rescorer is None:
                seen, look = [f for f in seen if f.rule != SUBSTITUTION], "document"
            found = self._resolved(document, [*seen, *_found(text, self._again)])
        report = self._report(document, found, words, look, accept)
        return report if self.rescorer is None else report._replace(unexamined=self.rescorer.unexamined)

    def compare(self, document: Document, spun: str, original: str) -> DocumentReport:
        """What the decoder makes of one original for these words of a document.  Raises ArtifactscanError if it is not there or not known."""
        if self.decoder is None:
            raise ArtifactscanError(f"the rule {SUBSTITUTION!r} is not among those asked for; leave --only and --ignore out")
        text = Text(document.text, self.vocabulary.tokens)
        candidates = [(p, c) for p in text.passages() for c in self.decoder.compared(p, spun, original)]
        found = [self.decoder.finding(p, c) for p, c in candidates] if self.rescorer is None else list(self.rescorer.of(self.rescorer.asked(text, candidates)))
        if not found:
            raise ArtifactscanError(f"{spun!r} does not stand in the text, or the tables do not know {original!r}; look at the spelling of both")
        return self._report(document, self._resolved(document, found), count_words(document.text), "document" if self.rescorer is None else "deep-document")

    def _report(self, document: Document, found: list[Finding], words: int, look: str, accept: Callable[[Finding], bool] | None = None) -> DocumentReport:
        """What was found, scored by the weights of that look, and placed."""
        weights = self.weights[look]
        if accept is not None:
            found = [f for f, placed in zip(found, _placed(document, score(found, words, weights)[1]), strict=True) if accept(placed)]
        spun, scored = score(found, words, weights)
        kept = [_detailed(f) for f in scored if f.score >= self.min_score]
        placed = tuple(_placed(document, kept))
        report = DocumentReport(document.path, words, verdict(spun, words), round(spun, 4), placed)
        return report._replace(text=document.text, source=document.source or document.text) if self.keep_text else report

    def _resolved(self, document: Document, found: list[Finding]) -> list[Finding]:
        """One finding for one slip, those in quotations as `quotes` says."""
        if not found:
            return found
        from artifactscan.quotes import inside, merged, quoted_speech  # here: a clean text needs none

        kept = resolved(reread(found, document.text))
        spans = merged([*document.quoted, *quoted_speech(document.text, [f.start for f in kept])])
        findings = [f._replace(excerpt=document.text[f.start : f.end], quoted=inside(spans, f.start, f.end)) for f in kept]
        if self.quotes == "skip":
            return [f for f in findings if not f.quoted]
        return [_halved(f) if f.quoted else f for f in findings] if self.quotes == "label" else findings

    def report(self, documents: Iterable[DocumentReport], skipped: Iterable[Skipped] = ()) -> Report:
        """A report over scanned documents."""
        return Report(__version__, self.fingerprint, tuple(documents), tuple(skipped))


def _found(text: Text, detectors: Iterable[Detect]) -> Iterator[Finding]:
    """What the detectors find, each over many passages before the next begins: a processor is faster while it does the same."""
    passages = text.passages()
    while batch := list(islice(passages, BATCH)):
        written = [passage for passage in batch if passage.letters]
        for detect in detectors:
            for passage in written:
                yield from detect(passage)


def _phrasebook(tables: Tables) -> Phrasebook:
    """The known phrases of a compiled lexicon."""
    return Phrasebook.load(tables.section("phrase-index"), tables.view("phrases"), tables.view("phrase-ends"))


def scan_text(text: str, *, path: str = "-", min_score: float = DEFAULT_MIN_SCORE) -> DocumentReport:
    """Scan one text with the built-in lexicon.  For many texts make one `Scanner` and keep it."""
    return Scanner(min_score=min_score).scan(Document(path, text))


def _detailed(finding: Finding) -> Finding:
    """The finding with its detector's evidence term by term; the terms are rounded, their sum stays."""
    if finding.details is None:
        return finding
    terms = (*finding.details(), *finding.evidence[1:-1])
    rest = round(finding.log_odds - math.fsum(e.nats for e in terms), 3)
    return finding._replace(evidence=(*terms, finding.evidence[-1]._replace(nats=rest)), details=None)


def reread(findings: list[Finding], text: str) -> list[Finding]:
    """The findings, wrong articles with what the decoder would read in place of the next word: "a esteem" may be "an esteem" or "a value"."""
    wrong = {f.end for f in findings if f.rule == ARTICLE}
    swaps = {f.end: f for f in findings if f.rule == SUBSTITUTION and f.end in wrong and f.log_odds > 0}
    return [f._replace(originals=(*f.originals, *_fitting(f, swaps[f.end], text))) if f.rule == ARTICLE and f.end in swaps else f for f in findings]


def _fitting(wrong: Finding, swap: Finding, text: str) -> list[str]:
    """The originals of the word after a wrong article, and the article, which they fit."""
    article = text[wrong.start : swap.start].strip()
    return [f"{article} {o}" for o in swap.originals if vowel_sound(o.split()[0].lower()) == (article.lower() == "an")]


def resolved(findings: list[Finding]) -> list[Finding]:
    """One finding for one slip: of overlapping ones what is known stays before what is decoded, the strong before the weak, then the likeliest, then the longest.  In order of place."""
    kept: list[Finding] = []
    taken: list[tuple[int, int]] = []
    for f in sorted(findings, key=lambda f: (not f.tell, f.grade == WEAK, -f.log_odds, f.start - f.end, f.start, f.rule)):
        at = bisect_right(taken, (f.start, f.start))
        if (at == 0 or taken[at - 1][1] <= f.start) and (at == len(taken) or f.end <= taken[at][0]):
            taken.insert(at, (f.start, f.end))
            kept.append(f)
    return sorted(kept, key=lambda f: f.start)


def _halved(finding: Finding) -> Finding:
    """A finding in a quotation."""
    term = Evidence("quoted", round(math.log(QUOTED_SHARE), 3), "stands in a quotation: the slip may be the speaker's")
    return finding._replace(evidence=(*finding.evidence, term), tell=finding.tell * QUOTED_SHARE)


def _placed(document: Document, findings: Collection[Finding]) -> Iterator[Finding]:
    """Findings with lines and columns (from 1, columns in code points; 0 where the source has no lines), place, context and fingerprint."""
    if findings:
        import hashlib  # here: a clean text needs none

    text = document.text
    line, position = 1, 0
    seen: Counter[str] = Counter()
    for f in findings:
        line += text.count("\n", position, f.start)
        position = f.start
        line_start = text.rfind("\n", 0, f.start) + 1
        upto = text[max(line_start, f.start - CONTEXT) : f.end]
        context = _collapsed(upto + text[f.end : f.end + CONTEXT].split("\n")[0])
        context_start = len(_collapsed(upto)) - len(_collapsed(text[f.start : f.end]))
        line_end = text.find("\n", f.end, f.end + 30)  # what stands in other lines may change without changing the finding
        sentence = _collapsed(text[max(line_start, f.start - 30) : line_end if line_end >= 0 else f.end + 30].lower())
        seen[sentence] += 1
        mark = f"{f.rule}\0{f.excerpt.lower()}\0{sentence}\0{seen[sentence]}"
        fingerprint = hashlib.sha256(mark.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        if document.marks:
            at, last = document.mark_at(f.start), document.mark_at(f.end - 1)
        else:
            at = Mark(f.start, line, f.start - line_start + 1)
            last = Mark(f.end - 1, line + text.count("\n", f.start, f.end), f.end - 1 - text.rfind("\n", 0, f.end))
        yield f._replace(
            line=at.line, column=at.column, end_line=last.line, end_column=last.column + 1 if last.line else 0, place=at.place,
            context=context, context_start=context_start, fingerprint=fingerprint,
        )  # fmt: skip


def _collapsed(text: str) -> str:
    """The text with one space for every stretch of white space, none at its ends."""
    return " ".join(text.split())
