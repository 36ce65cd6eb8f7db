"""The decoder's candidates, judged in their whole context by the language model.

    read     the model reads the text: how surprising is every word?
    expect   for words that surprise it: which words would it rather write there?  Further originals, in no thesaurus
    weigh    the decoder weighs all its candidates, thoroughly
    ask      how much better would each original of each candidate fit, by all that stands around it?
    join     the answers are terms of the evidence like others, with weights of their own (tools/train_deep.py)

Start reading at `Rescorer.detect`.
"""
from __future__ import annotations

import math
import time
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import groupby

from artifactscan.candidates import FEATURES, NOTES, TIMES, Candidate, Terms, joined, ranked, written
from artifactscan.deep.kept import Asked, Kept
from artifactscan.deep.questions import Answer, Judge, Question
from artifactscan.detectors.substitutions import Decoder
from artifactscan.language import dot
from artifactscan.model import Finding, Span
from artifactscan.place import UNHEARD
from artifactscan.reading import read
from artifactscan.text import Passage, Text

DEEP_FEATURES = (*FEATURES, "model", "model-against", "model-after", "model-after-against", "surprise", "jargon", "informed", "unexpected", "own", f"model{TIMES}jargon")
EXPECTED = 4.0  # nats below which a word is what the model expects: no candidate
RARE = 8.0  # nats from which a surprising word is rather a rare one than a wrong one
MOST_SURPRISING = 20.0  # nats: more says no more
FEW, USUAL, ENOUGH = 100, 665, 1_400  # code points before a word: as good as none; of a word in the middle of a short text; more say no more
SURPRISING = 5.0  # nats from which the model's own words for a place are looked at
ALIKE = 0.0  # likeness below which a word of the model's own is none for the place
Placed = tuple[Passage, Candidate]
Watch = Callable[[Iterable[tuple[int, Answer]], int], Iterable[tuple[int, Answer]]]


def unwatched(answers: Iterable[tuple[int, Answer]], _count: int) -> Iterable[tuple[int, Answer]]:
    """The answers, without progress."""
    return answers


class Rescorer:
    """The decoder with the language model behind it.

    `weights`: of DEEP_FEATURES.  `seconds`: how long the model is asked about one document.  `watch`: is given the answers as they come, with
    the number of questions, and passes them on; to show progress.  `partial`: Ctrl-C ends the model's work alone, and what it has said so far counts.
    `kept`: where texts that were examined whole are kept, if anywhere.
    """

    def __init__(
        self, decoder: Decoder, judge: Judge, weights: Mapping[str, float], *,
        seconds: float | None = None, watch: Watch = unwatched, partial: bool = False, kept: Kept | None = None,
    ) -> None:  # fmt: skip
        self.decoder, self.judge, self.seconds, self.watch, self.partial, self.kept = decoder, judge, seconds, watch, partial, kept
        self.weights = tuple(weights[name] for name in DEEP_FEATURES)
        self.places = self.unexamined = 0  # candidates of the document looked at last, and those of them that the model was not asked about
        self.interrupted = False

    def detect(self, text: Text) -> Iterator[Finding]:
        """Every likely substitution in a text."""
        asked = self.kept.get(text) if self.kept else None
        if asked is None:
            asked = self.asked(text, *self.candidates(text))
            if self.kept and self.seconds is None and not self.interrupted:
                self.kept.put(text, asked)
        return self.of(asked)

    def candidates(self, text: Text) -> tuple[list[Placed], float | None]:
        """(the decoder's candidates that are not what the model expects, the seconds that are left to ask about them)."""
        passages = list(text.passages())
        start = time.monotonic()
        try:
            surprisal = Surprisal(self.judge.surprisal(text.text, self.seconds))
            likely = self._likely(text, passages, surprisal)
        except KeyboardInterrupt:
            if not self.partial:
                raise
            self.interrupted = True
            surprisal, likely = Surprisal([]), [{} for _ in passages]
        found = []
        for passage, words in zip(passages, likely, strict=True):
            found += [(passage, c) for c in self.decoder.candidates(passage, likely=words, worth=partial(surprisal.unexpected, passage))]
        return found, None if self.seconds is None else self.seconds - (time.monotonic() - start)

    def of(self, asked: Sequence[Asked]) -> Iterator[Finding]:
        """What was asked as findings, one for one slip."""
        self.places, self.unexamined = len(asked), sum(a.answer is None for a in asked)
        for passage, here in groupby(asked, key=lambda a: a.passage):
            for candidate in joined([self.judged(a) for a in here]):
                yield self._finding(passage, candidate)

    def asked(self, text: Text, candidates: Sequence[Placed], seconds: float | None = None) -> list[Asked]:
        """Candidates of a text with the model's answers."""
        answers: dict[int, Answer] = {}
        if not self.interrupted:
            try:
                for i, answer in self.watch(self.judge.answers(text.text, [_question(p, c) for p, c in candidates], seconds), len(candidates)):
                    answers[i] = answer
            except KeyboardInterrupt:
                if not self.partial:
                    raise
                self.interrupted = True
        return [Asked(p, c, answers.get(i)) for i, (p, c) in enumerate(candidates)]

    def judged(self, asked: Asked) -> Candidate:
        """A candidate with the model's answer among its features; as it is, if there is none."""
        if asked.answer is None:
            return asked.candidate
        surprisal = asked.answer.surprisal
        language, mixture = self.decoder.language, read(asked.passage.whole, self.decoder.language).mixture
        alone = math.fsum(mixture.log_p1(max(0, language.numbers[t])) for t in asked.candidate.spun.split())
        surprise = min(MOST_SURPRISING, surprisal)
        jargon = max(0.0, surprise - RARE)
        start = asked.passage.span(asked.candidate.first, asked.candidate.last).start
        informed = (math.log(FEW + min(ENOUGH, start)) - math.log(USUAL)) * (surprise - RARE) / RARE
        named = []
        for option, odds in zip(asked.candidate.options, asked.answer.odds, strict=True):
            if odds is None:
                continue
            own = float(option.features[CHANNEL] == UNHEARD)
            answered = [part for nats in odds for part in (max(-8.0, min(12.0, nats)), min(0.0, max(-8.0, nats)))]
            deep = (*answered, surprise, jargon, informed, max(-8.0, min(8.0, surprisal + alone)), own, answered[0] * jargon)
            named.append((option.original, (*option.features, *deep)))
        return asked.candidate._replace(options=ranked(named, self.weights))

    def _likely(self, text: Text, passages: list[Passage], surprisal: Surprisal) -> list[dict[int, list[str]]]:
        """For each passage: indices of surprising tokens, with the words that the model would rather write there."""
        places = [(n, i) for n, p in enumerate(passages) for i in self.decoder.places(p) if SURPRISING <= surprisal.of(p.span(i, i)) < math.inf]
        words = self.judge.likely(text.text, [passages[n].span(i, i) for n, i in places], Likeness(self.decoder))
        likely: list[dict[int, list[str]]] = [{} for _ in passages]
        for (n, i), found in zip(places, words, strict=True):
            likely[n][i] = found
        return likely

    def _finding(self, passage: Passage, candidate: Candidate) -> Finding:
        examined = len(candidate.options[0].features) == len(DEEP_FEATURES)
        return self.decoder.finding(passage, candidate, Terms(DEEP_FEATURES, self.weights, DEEP_NOTES) if examined else None)


CHANNEL = FEATURES.index("channel")
DEEP_NOTES = {
    **NOTES,
    "model": lambda s, o, v: f"the language model finds '{o}' {math.exp(abs(v)):,.0f} times {'likelier' if v > 0 else 'less likely'} than '{s}' after what stands before",
    "model-against": lambda s, o, v: f"after what stands before, the language model would keep '{s}'",
    "model-after": lambda s, o, v: f"the language model finds what follows {math.exp(abs(v)):,.0f} times {'likelier' if v > 0 else 'less likely'} after '{o}' than after '{s}'",
    "model-after-against": lambda s, o, v: f"for what follows, the language model would keep '{s}'",
    "surprise": lambda s, o, v: f"the language model gives '{s}' a probability of {math.exp(-v):.2g} here",
    "jargon": lambda s, o, v: f"a word as surprising as '{s}' is rather a rare one than a wrong one",
    "informed": lambda s, o, v: "a surprise says more, the more text stands before it",
    "unexpected": lambda s, o, v: f"what stands before makes '{s}' {math.exp(abs(v)):,.0f} times {'less likely' if v > 0 else 'likelier'}",
    "own": lambda s, o, v: f"no thesaurus has '{o}' for '{s}': it is the language model's own word",
}  # fmt: skip


def _question(passage: Passage, candidate: Candidate) -> Question:
    """The question that a candidate is; the likelier candidates come first."""
    originals = tuple(written(candidate, capital=passage.surface(candidate.first)[0].isupper()))
    return Question(passage.span(candidate.first, candidate.last), originals, math.exp(candidate.options[0].log_odds), tuple(o.log_odds for o in candidate.options))


class Surprisal:
    """How surprising the words of a text are."""

    def __init__(self, tokens: Sequence[tuple[Span, float]]) -> None:
        self._spans = [span for span, _ in tokens]
        self._ends = [span.end for span in self._spans]
        self._nats = [nats for _, nats in tokens]

    def unexpected(self, passage: Passage, first: int, last: int) -> bool:
        """Whether the model does not expect the passage's tokens from one index to another."""
        return self.of(passage.span(first, last)) >= EXPECTED

    def of(self, span: Span) -> float:
        """Of all tokens that reach into a span, in nats; infinite for one that has not been read."""
        if not self._ends or span.end > self._ends[-1]:
            return math.inf
        total, at = 0.0, bisect_right(self._ends, span.start)
        while at < len(self._spans) and self._spans[at].start < span.end:
            total += self._nats[at]
            at += 1
        return total


class Likeness:
    """How alike two words are used, -1 to 1; -inf for a word that cannot be an original of the other."""

    def __init__(self, decoder: Decoder) -> None:
        self._language = decoder.language
        self._unit = lru_cache(50_000)(self._scaled)

    def __call__(self, spun: str, word: str) -> float:
        language = self._language
        n, m = language.numbers[spun], language.numbers[word]
        if n <= 0 or m <= 0 or m in language.closed or language.lemma(n) == language.lemma(m):
            return -math.inf
        (a, length_a), (b, length_b) = self._unit(n), self._unit(m)
        alike = dot(a, b) / (length_a * length_b) if a and b else -1.0
        return alike if alike >= ALIKE else -math.inf

    def _scaled(self, n: int) -> tuple[Sequence[int], float]:
        v = self._language.vector(n)
        return (v.tolist(), math.sqrt(dot(v, v))) if v is not None else ((), 0.0)
