"""From evidence to scores and verdicts.

A document is spun or it is not: one odd phrase is style, twenty are a spinner.  So every finding speaks twice: for
itself, through its evidence, and for the document.  The document's log-odds are

    START + max(TELL * together(sum over rules of sum_k tell_k * p_k / k**REPEAT) - NATS_PER_WORD * words, - MOST_LENGTH_NATS)
          + RATE * sqrt(sum over strong candidates of log(1 - s0 + s0 R_i) / (words + FEW_WORDS)) + SECOND * the same of all candidates

In the first line p_k is the probability of the rule's k-th best finding by its own evidence, and repeated wordings count once
(a habit is not twenty slips); of the terms of the sum that are slips the heaviest counts at most LONE more than all others together, so that one slip, however
sure, makes no text suspect.  A long text has its honest slips, but their lack says little against a spinner.  The second line is
of the decoder's different strong candidates: R_i is how much likelier the candidate's evidence is for a spinner's work than for a writer's, at most exp(MOST), or exp(MOST_KNOWN) for a phrase that is known
as a whole: nothing alone makes a text spun; s0 = USUAL the share of right ones among the candidates of a text that is lightly spun.
A rate, not a sum: long documents are no likelier spun; its root, because candidates of one document are not independent.

Each finding then gets one more term, from the document without that finding: with q the probability that it is spun,

    log((1 - q) * ALONE + q * COMPANY)                     for a finding that would count alone; without ALONE for a known phrase
    logit(q * sigmoid(evidence + log COMPANY))             less its own evidence, for a weak one: such slips are their writers' own in honest texts
    logit(q * mean over s of s R / (1 - s + s R))          less its own evidence, for a candidate

where log R is SLOPE * evidence + OFFSET (Platt 1999), and the share s is one of SHARES, each weighed by exp(-SCEPTICISM * s) and by how well it explains the other
candidates (empirical Bayes), so that the same phrase scores higher in a text in which much is odd.  With weights that have MILD, a spinner whose swaps read well
is thought of too, by exp(-MILD): s is MILD_SHARE, log R is MILD_SLOPE * evidence + MILD_OFFSET.  Weak findings count
only in company, nothing vouches for itself, and no candidate scores higher than its document.  START, RATE and SECOND are those of
logistic regressions over documents, one at the first look, where SECOND is 0, and one at the second; tools/train_weights.py and
train_deep.py have the other constants, of the decoder alone and of deep mode.
"""
from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from artifactscan.model import KNOWN_PHRASE, WEAK, Evidence, Finding, logit, sigmoid

REPEAT = 0.5  # how fast further findings of one rule lose weight
REPEAT_KNOWN = 0.2  # known phrases are independent of one another; slips of one kind may be one habit
NATS_PER_WORD = 0.0004  # what a text may have of honest slips
MOST_LENGTH_NATS = 8.0  # that a long text without slips is less likely spun
COMPANY = 17.0  # how much likelier a finding is a spinner's work in a spun text than in one of which nothing is known: of those, six in a hundred are spun
ALONE = 0.3  # the same of a slip in a text that is not spun by all else in it: it is rather its writer's; a known phrase there is as likely as in any text
LONE = 1.0  # what one slip tells of its document, beyond as much as all other findings of rules tell: careful writers make slips, and hardly ever write a known phrase
REFERENCE = 0.1  # share of artifacts at which the decoder's evidence is the log-odds
SHARES = (0.1, 0.2, 0.7)
MILD_SHARE, MILD_SLOPE, MILD_OFFSET = 0.25, 0.5, 1.9  # of a spinner whose swaps read well: much is swapped, and each place shows it little
FEW_WORDS = 100  # words that say nothing, added to those that there are: short texts tell less
MOST_KNOWN = 4.5  # nats; one alone makes no text of 250 words suspect
LEAST = 1e-5  # probabilities are kept so far from 0 and 1
TOO_SHORT = 60  # words; below it there is no verdict
SPUN, SUSPECT = 0.95, 0.5
LOOK_AGAIN = 0.2  # probability that a text is spun, by what a first look finds, from which weak candidates are looked for
Weights = Mapping[str, float]  # START, TELL, RATE, SECOND, USUAL, MOST, SLOPE, OFFSET, SCEPTICISM and, of deep mode, MILD, in small letters


def score(findings: Sequence[Finding], words: int, document: Weights) -> tuple[float, list[Finding]]:
    """(probability that the document is spun, the findings with the document's term added to their evidence)."""
    weights, candidates = _evidence(findings, words, document)
    total, (heaviest, next_heaviest) = math.fsum(weights), _heaviest(findings, weights)
    base = _by_rules(total, heaviest, words, document)
    of_candidates = iter(range(len(findings)))
    scored = []
    for finding, weight in zip(findings, weights, strict=True):
        if finding.tell:
            is_heaviest = finding.rule != KNOWN_PHRASE and weight == heaviest
            others = sigmoid(_by_rules(total - weight, next_heaviest if is_heaviest else heaviest, words, document) + candidates.nats)
            if finding.grade == WEAK:
                nats = _in_company(finding, others * sigmoid(finding.log_odds + math.log(COMPANY)))
            else:
                alone = 1.0 if finding.rule == KNOWN_PHRASE else ALONE
                nats = math.log(alone * (1 - others) + others * COMPANY)
        else:
            i = next(of_candidates)
            others = sigmoid(base + min(candidates.nats, candidates.nats_without(i)))
            nats = _in_company(finding, others * candidates.likely(i))
        note = f"by everything else in it, this text is spun with probability {others:.2f}"
        scored.append(finding._replace(evidence=(*finding.evidence, Evidence("document", round(nats, 3), note))))
    return sigmoid(base + candidates.nats), scored


def _in_company(finding: Finding, probability: float) -> float:
    """The nats that make this the probability of a finding."""
    return logit(min(1 - LEAST, max(LEAST, probability))) - finding.log_odds


def probability(findings: Sequence[Finding], words: int, document: Weights) -> float:
    """The probability that the document is spun."""
    weights, candidates = _evidence(findings, words, document)
    return sigmoid(_by_rules(math.fsum(weights), _heaviest(findings, weights)[0], words, document) + candidates.nats)


def _evidence(findings: Sequence[Finding], words: int, document: Weights) -> tuple[list[float], Candidates]:
    """(what each finding of a rule weighs, the decoder's candidates)."""
    return _weights(findings), Candidates([f for f in findings if not f.tell], words, document)


def _heaviest(findings: Sequence[Finding], weights: Sequence[float]) -> tuple[float, float]:
    """The weights of the two heaviest slips."""
    slips = (weight for finding, weight in zip(findings, weights, strict=True) if finding.rule != KNOWN_PHRASE)
    first, second, *_ = sorted((*slips, 0.0, 0.0), reverse=True)
    return first, second


def _by_rules(total: float, heaviest: float, words: int, document: Weights) -> float:
    """The log-odds of a document of so many words by what the rules found, which weighs `total`, the heaviest slip so much of it."""
    others = total - heaviest
    told = others + min(heaviest, others + LONE)
    return document["start"] + max(document["tell"] * told - NATS_PER_WORD * words, -MOST_LENGTH_NATS)


class Spinner:
    """A spinner who swapped a share of the candidates, by how much likelier each is his work than a writer's, with the nats for him beforehand."""

    def __init__(self, share: float, ratios: Sequence[float], nats: float) -> None:
        self._likely = [share * r / (1 - share + share * r) for r in ratios]
        self._explains = [math.log(1 - share + share * r) for r in ratios]
        self._nats = nats + math.fsum(self._explains)

    def nats_without(self, i: int) -> float:
        """How well he explains all candidates but the i-th."""
        return self._nats - self._explains[i]

    def likely(self, i: int) -> float:
        """The probability that candidate i is his work."""
        return self._likely[i]


class Candidates:
    """The decoder's candidates of one document."""

    def __init__(self, findings: Sequence[Finding], words: int, document: Weights) -> None:
        self._document, self._words = document, words
        self._log_odds = [f.log_odds for f in findings]
        log_ratios = [nats - logit(REFERENCE) for nats in self._log_odds]
        self._wordings = [f.excerpt.lower() for f in findings]
        most = (document["most"], document["most"], max(document["most"], MOST_KNOWN))
        capped = [(wording, min(most[f.grade], r)) for wording, r, f in zip(self._wordings, log_ratios, findings, strict=True)]
        strong = [pair for pair, f in zip(capped, findings, strict=True) if f.grade != WEAK]
        self._tells = [tells(strong, document["usual"]), tells(capped, document["usual"])]
        self._totals = [math.fsum(found.values()) for found in self._tells]
        self.nats = self._nats(self._totals)  # what they add to the document's log-odds

    @cached_property
    def _spinners(self) -> list[Spinner]:
        """Those whose work the candidates may be; only who scores candidates needs them."""
        document = self._document
        found = [(share, document["slope"], document["offset"], -document["scepticism"] * share) for share in SHARES]
        if "mild" in document:
            found.append((MILD_SHARE, MILD_SLOPE, MILD_OFFSET, -document["mild"]))
        return [Spinner(share, [math.exp(slope * x + offset) for x in self._log_odds], nats) for share, slope, offset, nats in found]

    @property
    def rates(self) -> list[float]:
        """Of the strong ones, and of all."""
        return [rate(total, self._words) for total in self._totals]

    def nats_without(self, i: int) -> float:
        """What candidates of other wordings than the i-th add."""
        wording = self._wordings[i]
        return self._nats([total - found.get(wording, 0.0) for total, found in zip(self._totals, self._tells, strict=True)])

    def _nats(self, totals: Sequence[float]) -> float:
        strong, all_ = totals
        return self._document["rate"] * rate(strong, self._words) + self._document["second"] * rate(all_, self._words)

    def likely(self, i: int) -> float:
        """The probability that candidate i is a spinner's work, if the document is spun."""
        rest = [spinner.nats_without(i) for spinner in self._spinners]
        top = max(rest)
        weights = [math.exp(nats - top) for nats in rest]
        return math.fsum(w * spinner.likely(i) for w, spinner in zip(weights, self._spinners, strict=True)) / math.fsum(weights)


def tells(candidates: Iterable[tuple[str, float]], usual: float) -> dict[str, float]:
    """Nats that each wording tells of its document, from (wording, log R) of its candidates: their mean, however often it stands."""
    found: dict[str, list[float]] = defaultdict(list)
    for wording, log_ratio in candidates:
        found[wording].append(math.log(1 - usual + usual * math.exp(log_ratio)))
    return {wording: math.fsum(nats) / len(nats) for wording, nats in found.items()}


def rate(nats: float, words: int) -> float:
    """What so many nats in so many words count: the root of their rate."""
    return math.sqrt(max(0.0, nats) / (words + FEW_WORDS))


def verdict(probability: float, words: int) -> str:
    """spun, suspect, clean, or too-short for a text of under 60 words."""
    if words < TOO_SHORT:
        return "too-short"
    return "spun" if probability >= SPUN else "suspect" if probability >= SUSPECT else "clean"


def _weights(findings: Sequence[Finding]) -> list[float]:
    """What each finding of a rule tells of its document, before LONE and TELL; 0 for the decoder's."""
    weights = [0.0] * len(findings)
    by_rule: dict[str, list[int]] = defaultdict(list)
    for i, finding in enumerate(findings):
        if finding.tell:
            by_rule[finding.rule].append(i)
    for rule, members in by_rule.items():
        seen: set[str] = set()
        power = REPEAT_KNOWN if rule == KNOWN_PHRASE else REPEAT
        for i in sorted(members, key=lambda i: -findings[i].tell * findings[i].probability):
            wording = findings[i].excerpt.lower()
            if wording not in seen:
                seen.add(wording)
                weights[i] = findings[i].tell * findings[i].probability / len(seen) ** power
    return weights
