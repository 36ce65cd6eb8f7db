"""From evidence to scores and verdicts.

A document is spun or it is not: one odd phrase is style, twenty are a spinner.  So every finding speaks twice: for
itself, through its evidence, and for the document.  The document's log-odds are

    START + TELL * sum over rules of sum_k tell_k * p_k / k**REPEAT - NATS_PER_WORD * words
          + MEAN * (sum over candidates of log(1 - s0 + s0 R_i)) / (n + FEW) + DENSITY * n / (words + FEW_WORDS)

In the first line p_k is the probability of the rule's k-th best finding by its own evidence, and repeated wordings count once
(a habit is not twenty slips).  The second line is of the decoder's n different candidates: R_i is how much likelier the candidate's
evidence is for a spinner's work than for a writer's, s0 = USUAL the share of right ones among the candidates of a spun
document.  A mean, not a sum: candidates of one document are not independent, and long documents are no likelier spun.

Each finding then gets one more term, from the document without that finding: with q the probability that it is spun,

    log(1 - q + q * COMPANY)                               for a finding that would count alone
    logit(q * mean over s of s R / (1 - s + s R))          less its own evidence, for a candidate

where the share s is one of SHARES, each weighed by how well it explains the other candidates (empirical Bayes), so that the
same phrase scores higher in a text in which much is odd.  Weak findings count only in company, nothing vouches for itself.
START, MEAN and DENSITY are those of a logistic regression over documents (tools/train_weights.py).
"""
from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from artifactscan.model import Evidence, Finding, logit, sigmoid

TELL = 3.0  # nats of the document for a nat of a rule's tell
REPEAT = 0.5  # how fast further findings of one rule lose weight
REPEAT_KNOWN = 0.2  # known phrases are independent of one another; slips of one kind may be one habit
NATS_PER_WORD = 0.0004  # a long text has its honest slips
MOST_LENGTH_NATS = 8.0
COMPANY = 33.0  # how much likelier a finding is a spinner's work in a spun text than in one of which nothing is known: of those, three in a hundred are spun
REFERENCE = 0.1  # share of artifacts at which the decoder's evidence is the log-odds
USUAL = 0.2
SHARES = (0.1, 0.2, 0.5, 0.8)
FEW, FEW_WORDS = 10, 50  # candidates, and words, that say nothing, added to those that there are
DOUBT = 0.5  # nats taken from log R: in a spun text the best of many originals fits by chance more often than in training
DEPENDENCE = 4.0  # n candidates tell as much of the share as min(n, DEPENDENCE * sqrt(n)) independent ones
USUAL_SURPRISE, MOST_SURPRISE = 4.2, 2.0  # nats: mean surprisal of clean text, and the most that a document's adds to its log-odds
MOST_NATS = 9.0  # log R of a candidate counts at most
LEAST = 1e-5  # probabilities are kept so far from 0 and 1
TOO_SHORT = 60  # words; below it there is no verdict
SPUN, SUSPECT = 0.95, 0.5
Weights = Mapping[str, float]  # START, MEAN and DENSITY, in small letters


def score(findings: Sequence[Finding], words: int, document: Weights, surprise: float = 0.0) -> tuple[float, list[Finding]]:
    """(probability that the document is spun, the findings with the document's term added to their evidence).

    `surprise`: mean surprisal of the document's tokens by a language model, in nats, if one has read it.  It can lift or lower the
    document's log-odds by MOST_SURPRISE, which alone makes no document suspect.
    """
    weights = _weights(findings)
    decoded = [f for f in findings if not f.tell]
    candidates = Candidates([f.log_odds - logit(REFERENCE) for f in decoded], [f.excerpt.lower() for f in decoded], words, document)
    base = document["start"] - min(MOST_LENGTH_NATS, NATS_PER_WORD * words) + TELL * math.fsum(weights)
    if surprise:
        base += max(-MOST_SURPRISE, min(MOST_SURPRISE, document["surprise"] * (surprise - USUAL_SURPRISE)))
    of_candidates = iter(range(len(findings)))
    scored = []
    for finding, weight in zip(findings, weights, strict=True):
        if finding.tell:
            others = sigmoid(base - TELL * weight + candidates.nats)
            nats = math.log(1 - others + others * COMPANY)
        else:
            i = next(of_candidates)
            others = sigmoid(base + candidates.nats_without(i))
            nats = logit(min(1 - LEAST, max(LEAST, others * candidates.likely(i)))) - finding.log_odds
        note = f"by everything else in it, this text is spun with probability {others:.2f}"
        scored.append(finding._replace(evidence=(*finding.evidence, Evidence("document", round(nats, 3), note))))
    return sigmoid(base + candidates.nats), scored


class Candidates:
    """The decoder's candidates of one document, by log R and wording of each; a wording counts once, however often it stands."""

    def __init__(self, log_ratios: Sequence[float], wordings: Sequence[str], words: int, document: Weights) -> None:
        self._mean, self._density = document["mean"], document["density"] / (words + FEW_WORDS)
        ratios = [math.exp(min(MOST_NATS, r)) for r in log_ratios]
        times = Counter(wordings)
        tells: dict[str, float] = defaultdict(float)
        for wording, r in zip(wordings, ratios, strict=True):
            tells[wording] += math.log(1 - USUAL + USUAL * r) / times[wording]
        self._tells = [tells[wording] for wording in wordings]  # of each candidate's wording
        self._total, self._different = math.fsum(tells.values()), len(tells)
        self._ratios = [r * math.exp(-DOUBT) for r in ratios]
        self._gains = [[math.log(1 - s + s * r) for s in SHARES] for r in self._ratios]
        self._explained = [math.fsum(column) for column in zip(*self._gains, strict=True)]
        self._independent = min(1.0, DEPENDENCE / math.sqrt(max(1, len(ratios))))
        self.nats = self._nats(self._total, self._different)

    def _nats(self, total: float, n: int) -> float:
        return self._mean * total / (n + FEW) + self._density * n

    def nats_without(self, i: int) -> float:
        """What candidates of other wordings add to the document's log-odds."""
        return self._nats(self._total - self._tells[i], self._different - 1)

    def likely(self, i: int) -> float:
        """The probability that candidate i is a spinner's work, if the document is spun."""
        rest = [self._independent * (all_ - own) for all_, own in zip(self._explained, self._gains[i], strict=True)]
        top, r = max(rest), self._ratios[i]
        shares = [math.exp(nats - top) for nats in rest]
        return math.fsum(w * s * r / (1 - s + s * r) for w, s in zip(shares, SHARES, strict=True)) / math.fsum(shares)


def verdict(probability: float, words: int) -> str:
    """spun, suspect, clean, or too-short for a text of under 60 words."""
    if words < TOO_SHORT:
        return "too-short"
    return "spun" if probability >= SPUN else "suspect" if probability >= SUSPECT else "clean"


def _weights(findings: Sequence[Finding]) -> list[float]:
    """Nats that each finding adds to the document's log-odds."""
    weights = [0.0] * len(findings)
    by_rule: dict[str, list[int]] = defaultdict(list)
    for i, finding in enumerate(findings):
        if finding.tell:
            by_rule[finding.rule].append(i)
    for rule, members in by_rule.items():
        seen: set[str] = set()
        power = REPEAT_KNOWN if rule == "known-phrase" else REPEAT
        for i in sorted(members, key=lambda i: -findings[i].tell * findings[i].probability):
            wording = findings[i].excerpt.lower()
            if wording not in seen:
                seen.add(wording)
                weights[i] = findings[i].tell * findings[i].probability / len(seen) ** power
    return weights
