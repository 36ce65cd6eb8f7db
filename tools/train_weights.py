#!/usr/bin/env python3
"""Learn the weights of evidence and documents on text spun for the purpose: lexicons/weights.json.

    python tools/train_weights.py DATA [--documents N] [--bench samples/benchmark.jsonl]

Clean documents of DATA are spun by the spinners of spinners.py; what they swapped is right, all else in them and in clean documents is
wrong.  The weights of evidence are those of a ridge logistic regression over the best original of each place, refitted as the best
changes, and corrected from the share of artifacts in what it was trained on to scoring.REFERENCE.  Those of documents are a logistic
regression over documents on what the decoder alone says of them: what the other rules find in these texts is their typesetting.  Labelled documents given by --bench are learned from
too; then five-fold cross-validation over them is reported first: the figures are of documents that the weights have not seen.
Needs the [tools] extra.
"""
from __future__ import annotations

import argparse
import json
import math
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from artifactscan.candidates import FEATURES, OTHERS, Candidate, joined, ranked
from artifactscan.channel import Channel
from artifactscan.compiled import builtin_tables, language_tables, scoring_weights, word_rows
from artifactscan.detectors.substitutions import Decoder
from artifactscan.language import Language
from artifactscan.measure import calibration, figures, measured, read_labelled
from artifactscan.model import SUBSTITUTION, Document, DocumentReport, Evidence, Finding, Span, logit
from artifactscan.scan import Scanner, resolved
from artifactscan.scoring import REFERENCE, Candidates
from artifactscan.text import Passage, Text, count_words, words_of
from artifactscan.vocabulary import Vocabulary
from clean_text import abstracts, government, masc, speeches
from spinners import Swap, inflector, spinners
from thesauri import LEXICONS

SEED = 20261124
ROUNDS = 4
RIDGE = 3.0
START = {  # about what is learned: from here learning begins, and by these the decoder tells which neighbours to mend meanwhile
    "bias": -0.9, "context-left": 0.3, "context-right": 0.3, "both-sides": -0.1, "fit": 0.15, "own-fit": -0.15, "channel": 0.35, "published": 0.4, "frequency": -0.1,
    "repeated": -0.6, "likeness": -0.3, "article": 3.2, "phrase": -0.6, "whole": 2.9, "choice": -0.1, "name": -0.7, "initials": 1.7,
}  # fmt: skip
MARGIN = 3  # code points of a candidate that may lie outside what was swapped: a phrase is right if all of its words were
CLEAN_WEIGHT = 2.0  # of a clean document against a spun one
FOLDS = 5
LENGTH = 1_500  # code points of a training document
Labels = list[tuple[int, int, set[str]]]  # start, end, originals


class Seen(NamedTuple):
    """A candidate, where it is and, for each option, whether it is the right original (None: no artifact here)."""

    document: int
    passage: int  # where its passage begins
    span: Span
    candidate: Candidate
    right: list[bool] | None
    hasty: bool = False  # of the first look, which weighs less


class Kind(NamedTuple):
    """Weights of one kind: the sections of the evidence's, of documents at the first look and of documents, and the names of the features."""

    evidence: str
    first_look: str  # none if there is but one
    document: str
    features: tuple[str, ...]
    prior: float  # share of spun documents among those that people check, a cautious guess
    bench: float  # how much a candidate of a labelled document counts against one that was spun here
    constants: dict[str, float]  # of scoring.py: USUAL, MOST, SLOPE, OFFSET, SCEPTICISM, TELL and, of deep mode, MILD


# SLOPE and OFFSET make careful likelihood ratios of the evidence, SCEPTICISM and MILD ask for evidence that much of what looks odd is a spinner's work, TELL is what
# the rules count; all were chosen by hand, by held-out figures and real spun text.
FAST = Kind("evidence", "first-look", "document", FEATURES, 0.06, 15.0, {"usual": 0.05, "most": 2.5, "slope": 0.87, "offset": 1.7, "scepticism": 0.5, "tell": 3.0})


class Page(NamedTuple):
    """A text with its labels; none for a clean one."""

    text: str
    labels: Labels


def pieces(data: Path, each: int, chance: random.Random) -> Iterator[str]:
    """Pieces of LENGTH of documents of four kinds."""
    for source in (government(data), masc(data), speeches(data), abstracts(data)):
        found: list[str] = []
        for n, text in enumerate(source):
            if n > 40 * each:
                break
            found += (text[at : at + LENGTH] for at in range(0, min(len(text), 30 * LENGTH), LENGTH) if len(text) - at > 500)
        yield from chance.sample(found, min(each, len(found)))


def observed(decoder: Decoder, number: int, page: Page, tokens: dict[str, str]) -> Iterator[Seen]:
    """The decoder's candidates in a document, labelled: those of the second look, then those of the first."""
    passages = list(Text(page.text, tokens).passages())
    for hasty in (False, True):
        for passage in passages:
            for candidate in decoder.candidates(passage, weak=not hasty):
                yield seen_of(number, page, passage, candidate)._replace(hasty=hasty)


def seen_of(number: int, page: Page, passage: Passage, candidate: Candidate) -> Seen:
    """A candidate, labelled: right if one of its originals gives back what was written, or nothing in it stands as it was."""
    span = passage.span(candidate.first, candidate.last)
    hits = [label for label in page.labels if span.start < label[1] and label[0] < span.end]
    if not hits:
        return Seen(number, passage.offset, span, candidate, None)
    uncovered = span.end - span.start - sum(min(end, span.end) - max(start, span.start) for start, end, _ in hits)
    edges = [span.start, *(edge for start, end, _ in hits for edge in (start, end)), span.end]
    staying = [" ".join(words_of(page.text[edges[i] : edges[i + 1]])) for i in range(0, len(edges), 2)]
    parts = [part for words, (_, _, originals) in zip(staying, hits, strict=False) for part in ({words}, originals)]
    wanted = {" ".join(filter(None, words)) for words in product(*parts, {staying[-1]})}
    right = [o.original in wanted for o in candidate.options]
    return Seen(number, passage.offset, span, candidate, right if any(right) or uncovered <= MARGIN else None)


def learn(seen: list[Seen], features: Sequence[str], weight_of: Any = lambda s: 1.0) -> list[float]:
    """Weights in the order of the features."""
    weights = [START.get(name, 0.0) for name in features]
    y = np.array([float(s.right is not None) for s in seen])
    w = np.array([weight_of(s) for s in seen])
    options = [np.array([o.features for o in s.candidate.options]) for s in seen]
    for _ in range(ROUNDS):
        x = np.stack([_best(o, s.right, np.array(weights)) for o, s in zip(options, seen, strict=True)])
        weights = list(logistic(x, y, w))
    share = (w * y).sum() / w.sum()
    weights[0] += math.log(REFERENCE / (1 - REFERENCE)) - math.log(share / (1 - share))
    return weights


def _best(options: Any, right: list[bool] | None, weights: Any) -> Any:
    """The features of the best option (of an artifact, of the best right one), what the others add worked out as the decoder does."""
    scores = options @ weights - options[:, OTHERS] * weights[OTHERS]
    allowed = scores if right is None or not any(right) else np.where(right, scores, -np.inf)
    chosen = options[int(allowed.argmax())].copy()
    chosen[OTHERS] = math.log(np.exp(scores - scores.max()).sum())
    return chosen


def logistic(x: Any, y: Any, w: Any, *, ridge: float = RIDGE) -> Any:
    """Weighted ridge logistic regression by Newton's method; the first column is the bias and is not shrunk."""
    b = np.zeros(x.shape[1])
    penalty = ridge * np.eye(len(b))
    penalty[0, 0] = 1e-6
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ b, -30, 30)))
        step = np.linalg.solve((x * (w * p * (1 - p))[:, None]).T @ x + penalty, x.T @ (w * (y - p)) - penalty @ b)
        b += step
        if np.abs(step).max() < 1e-6:
            break
    return b


def spun_and_clean(data: Path, each: int, vocabulary: Vocabulary) -> Iterator[Page]:
    """Pieces of documents, every other one spun."""
    chance = random.Random(SEED)
    forms = inflector((form, lemmas.split("/"), frozenset(tags.split("/"))) for form, lemmas, tags, _ in word_rows(LEXICONS))
    makes = spinners(data, vocabulary)
    for number, text in enumerate(pieces(data, each, chance)):
        make = makes[number // 2 % len(makes)]
        swaps: list[Swap] = []
        if number % 2:
            text, swaps = make._replace(rate=make.rate * chance.uniform(0.4, 1.6)).spin(text, vocabulary, forms, chance)
        yield Page(text, [(s.start, s.end, {s.original}) for s in swaps])


def labelled(path: Path) -> list[Page]:
    """The documents of a labelled benchmark."""
    rows = map(json.loads, path.read_text(encoding="utf-8").rstrip("\n").split("\n"))
    return [Page(d["text"], [(a["start"], a["end"], {o.lower() for o in a["originals"]}) for a in d["artifacts"]]) for d in rows]


def learn_documents(pages: list[Page], seen: Iterable[Seen], evidence: list[float], kind: Kind, looks: int) -> dict[str, float]:
    """start, rate and second of scoring.py, by logistic regression over documents; `second` is 0 if there is but one look."""
    found: dict[int, list[Finding]] = defaultdict(list)
    for (number, _), here in groupby(seen, key=lambda s: (s.document, s.passage)):
        spans = {}
        candidates = []
        for s in here:
            candidates.append(s.candidate._replace(options=ranked(((o.original, o.features) for o in s.candidate.options), evidence)))
            spans[s.candidate.first, s.candidate.last] = s.span
        for c in joined(candidates):
            span = spans[c.first, c.last]
            nats = (Evidence("decoder", c.log_odds, ""),)
            found[number].append(Finding(SUBSTITUTION, *span, (), nats, tell=0.0, excerpt=pages[number].text[span.start : span.end], grade=c.grade))
    unknown = {"rate": 0.0, "second": 0.0, **kind.constants}
    rates = [Candidates(resolved(found[n]), count_words(page.text), unknown).rates[:looks] for n, page in enumerate(pages)]
    y = np.array([float(bool(p.labels)) for p in pages])
    w = np.where(y > 0, 1.0, CLEAN_WEIGHT)
    start, rate, *second = logistic(np.array([(1.0, *r) for r in rates]), y, w, ridge=0.01)
    start += logit(kind.prior) - logit((w * y).sum() / w.sum())
    return {"start": start, "rate": rate, "second": second[0] if second else 0.0, **kind.constants}


def weights_of(pages: list[Page], seen: list[Seen], labelled_from: int, kind: Kind = FAST) -> dict[str, dict[str, float]]:
    """All weights of a kind; pages from number `labelled_from` on are a benchmark's."""
    first, second = ([s for s in seen if s.hasty is hasty] for hasty in (True, False))
    evidence = learn(second, kind.features, lambda s: kind.bench if s.document >= labelled_from else 1.0)
    named = {kind.evidence: dict(zip(kind.features, evidence, strict=True))}
    if kind.first_look:
        named[kind.first_look] = learn_documents(pages, first, evidence, kind, 1)
    named[kind.document] = learn_documents(pages, second, evidence, kind, 2)
    return {name: {key: round(float(value), 4) for key, value in values.items()} for name, values in named.items()}


def cross_validated(bench: Path, pages: list[Page], seen: list[Seen], labelled_from: int, kind: Kind, trained: Callable[[dict[str, dict[str, float]]], Scanner]) -> None:
    """Print the figures of a benchmark's documents, each scanned with weights learned without it: FOLDS-fold."""
    reports: dict[str, DocumentReport] = {}
    for fold in range(FOLDS):
        kept = [n for n in range(len(pages)) if n < labelled_from or (n - labelled_from) % FOLDS != fold]
        renumbered = {n: i for i, n in enumerate(kept)}
        rest = [s._replace(document=renumbered[s.document]) for s in seen if s.document in renumbered]
        scan = trained(weights_of([pages[n] for n in kept], rest, labelled_from, kind)).scan
        reports |= {pages[n].text: scan(Document("-", pages[n].text)) for n in range(labelled_from, len(pages)) if n not in renumbered}
    result = measured(read_labelled(bench), lambda document: reports[document.text])
    print("\n".join(f"{name:16} {value}" for name, value in figures(result, 50.0).items()))
    print(f"expected calibration error {calibration(result)[1]:.3f}")


def keep(weights: dict[str, dict[str, float]]) -> None:
    """Write these sections into lexicons/weights.json; the others stay."""
    (LEXICONS / "weights.json").write_text(json.dumps(scoring_weights() | weights, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("data", type=Path)
    ap.add_argument("--documents", type=int, default=200, help="of each of the four kinds")
    ap.add_argument("--bench", type=Path)
    args = ap.parse_args()
    tables, vocabulary = language_tables(), Vocabulary(builtin_tables())
    decoder = Decoder(Language(tables), Channel(tables), {name: START.get(name, 0.0) for name in FEATURES})
    pages = list(spun_and_clean(args.data, args.documents, vocabulary))
    own = len(pages)
    pages += labelled(args.bench) if args.bench else []
    seen = [s for number, page in enumerate(pages) for s in observed(decoder, number, page, vocabulary.tokens)]
    second = [s for s in seen if not s.hasty]
    print(f"{len(pages):,} documents, {len(second):,} candidates, {sum(s.right is not None for s in second):,} of them artifacts", file=sys.stderr)
    if args.bench:
        cross_validated(args.bench, pages, seen, own, FAST, lambda weights: Scanner(min_score=0, weights=scoring_weights() | weights))
    keep(weights_of(pages, seen, own))


if __name__ == "__main__":
    main()
