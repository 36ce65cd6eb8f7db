"""The decoder: words and phrases in which a spinner's thesaurus probably speaks, though no list knows them.

For a word t of a text and each original o that it may stand for, the evidence is a sum of terms in nats,

    log P(o | context) - log P(t | context)     what English prefers
    log P(t | o)                                what spinners do
    fit, the document's own words, ...          see FEATURES

each times a weight learned on text spun for the purpose (tools/train_weights.py).  Words whose neighbours attest them are
passed over first; that is what makes it fast.  Start reading at `Decoder.candidates`.
"""
from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from heapq import nlargest
from itertools import islice
from operator import add, mul
from typing import Any, NamedTuple, TypeVar

from artifactscan.channel import Channel, Original
from artifactscan.language import DIMENSIONS, NEAR, PLACES, SHRINK, STOP, TOPIC, Language, dot, lm_tokens, total
from artifactscan.model import Evidence, Finding
from artifactscan.text import Passage, Text, words_of
from artifactscan.vocabulary import GRAMMAR, vowel_sound

RULE = "substitution"
FEATURES = (
    "bias", "context-left", "context-right", "both-sides", "fit", "own-fit", "channel", "published", "frequency", "oddness", "unattested", "attested",
    "elsewhere", "repeated", "likeness", "article", "phrase", "whole", "choice", "others", "rare",
)  # fmt: skip
CLOSED = frozenset(t for letter, tokens in GRAMMAR.items() if letter not in "L" for t in tokens.split())
SHORTEST = 3  # letters of a word that is looked at
ATTESTED = 2.5  # nats: a word whose neighbours make it this much likelier than it is alone is passed over
QUICK, SHORTLIST = 10, 4  # originals of which the fit is computed, and that are weighed in full, for each word
LEAST_GAIN, LEAST_JOINT_GAIN = -3.0, 3.0  # nats of context, channel and fit together from which a word, or a pair of them, is weighed at all
WORTH_MORE = 1.0  # nats of the same from which more than the best original is weighed in full
LONG_SHORTLIST = 8  # instead of SHORTLIST, of a thorough decoder, from whatever gain
LIKELIEST = 8  # of a word's originals that are looked at though nothing attests them
CHANNEL_WEIGHT = 0.4  # of a nat of the channel against one of context, when choosing the shortlist
JOINT = 8  # originals of each of two neighbours that are tried together
JOINED = 1.0  # nats by which one word alone must be likelier than the phrase it stands in
LONGEST_PHRASE = 4
WINDOW = 12  # words on either side that make up what is near
SAMPLE = 4_000  # tokens from which the document's topic and register are read
FITTED = 600  # of these, the ones to which the mixture of models is fitted
UNHEARD = Original(-14.0, False)  # of a pair that no source has
NONE: Mapping[int, Sequence[str]] = {}
Span = tuple[int, ...]  # numbers of neighbouring words


class Option(NamedTuple):
    """An original for a span, with its features in the order of FEATURES."""

    original: str
    features: tuple[float, ...]
    log_odds: float


class Candidate(NamedTuple):
    """A span (token indices, both included) with its originals, best first."""

    first: int
    last: int
    options: list[Option]


class Terms(NamedTuple):
    """What makes evidence of features: their names and weights, and what is said of each."""

    names: Sequence[str]
    weights: Sequence[float]
    notes: Mapping[str, Callable[[str, str, float], str]]

    def of(self, spun: str, option: Option) -> tuple[Evidence, ...]:
        """The evidence for an original term by term, each in nats with a note."""
        rows = zip(self.names, self.weights, option.features, strict=True)
        return tuple(Evidence(name, round(weight * value, 3), self.notes[name](spun, option.original, value)) for name, weight, value in rows if weight * value)


class Reading:
    """What the decoder knows of a whole document: its register, topic and words."""

    def __init__(self, whole: Text, language: Language) -> None:
        tokens = islice((t for p in whole.passages() for t in p.tokens), SAMPLE)
        numbers = [n for t in lm_tokens(tokens) if t and (n := language.number(t))]
        self.mixture = language.fitted(numbers[:FITTED])
        self.lemmas = Counter(map(language.lemma, numbers))
        self.topic = mean(language.context(n, TOPIC) for n in numbers if n not in language.closed)


class Line:
    """A passage as the language model reads it: numbers with the tokens they come from, marks left out."""

    def __init__(self, passage: Passage, language: Language) -> None:
        self.numbers: list[int] = [0, language.start]
        self.tokens: list[int] = [-1, -1]
        number = language.number
        for i, token in enumerate(lm_tokens(passage.tokens)):
            if token == STOP:
                self.numbers += (language.stop, language.start)
                self.tokens += (i, -1)
            elif token:
                self.numbers.append(number(token))
                self.tokens.append(i)
        self.numbers += (language.stop, 0, 0)
        self.tokens += (-1, -1, -1)
        self.near_sums: list[tuple[int, list[int]]] = [(0, [0] * DIMENSIONS)]  # (how many, sum) of the words that make up what is near, up to each place
        for n in self.numbers:
            count, summed = self.near_sums[-1]
            v = None if n in language.closed else language.context(n, NEAR)
            self.near_sums.append((count, summed) if v is None else (count + 1, list(map(add, summed, v))))

    def near(self, first: int, last: int) -> list[int]:
        """The mean of the words around places first..last, drawn towards zero where they are few."""
        (a, before), (b, up_to), (c, after), (d, to_end) = (
            self.near_sums[max(2, min(at, len(self.numbers)))] for at in (first - WINDOW, first, last + 1, last + 1 + WINDOW)
        )
        count = b - a + d - c + SHRINK
        return [(q - p + s - r) // count for p, q, r, s in zip(before, up_to, after, to_end, strict=True)]


class Decoder:
    """Finds substitutions with these tables and weights.  One that is `thorough` weighs more originals of every place: for deep mode."""

    def __init__(self, language: Language, channel: Channel, weights: Mapping[str, float], *, thorough: bool = False) -> None:
        self.language = language
        self.channel = channel
        self.weights = tuple(weights[name] for name in FEATURES)
        self.shortlist, self.worth_more = (LONG_SHORTLIST, -math.inf) if thorough else (SHORTLIST, WORTH_MORE)
        self.article = language.number("a")
        self._likeliest: dict[int, frozenset[int]] = {}

    def detect(self, passage: Passage) -> Iterator[Finding]:
        """Every likely substitution in the passage."""
        for candidate in joined(list(self.candidates(passage))):
            yield self.finding(passage, candidate)

    def compared(self, passage: Passage, spun: str, original: str) -> Iterator[Candidate]:
        """What the decoder makes of this original wherever the spun words stand, however little it would think of it by itself."""
        number = self.language.number
        words, span = list(lm_tokens(words_of(spun))), tuple(map(number, lm_tokens(words_of(original))))
        known = self.channel[number(" ".join(words))].get(number(" ".join(words_of(original))), UNHEARD)
        line = Line(passage, self.language)
        place = Place(self, passage, line, self.reading(passage.whole))
        numbers = list(map(number, words))
        for k in range(2, len(line.numbers) - len(words) - 2):
            if line.numbers[k : k + len(words)] == numbers:
                place.at(k)
                if candidate := place.weighed(k + len(words) - 1, [(0.0, span, known)], -math.inf):
                    yield candidate

    def finding(self, passage: Passage, candidate: Candidate, terms: Terms | None = None) -> Finding:
        """A candidate as a finding, explained by these terms, or by the decoder's own."""
        best = candidate.options[0]
        originals = tuple(dict.fromkeys(o.original for o in candidate.options))
        evidence = (Evidence("decoder", best.log_odds, ""),)
        details = partial((terms or Terms(FEATURES, self.weights, NOTES)).of, " ".join(passage.tokens[candidate.first : candidate.last + 1]), best)
        return Finding(RULE, *passage.span(candidate.first, candidate.last), originals, evidence, tell=0.0, details=details)

    def candidates(self, passage: Passage, likely: Mapping[int, Sequence[str]] = NONE) -> Iterator[Candidate]:
        """Every place worth a thought, with its originals weighed.

        `likely`: token indices, with words that somebody else would expect there; they are weighed in any case.
        """
        reading = self.reading(passage.whole)
        line = Line(passage, self.language)
        place = Place(self, passage, line, reading)
        eligible = self._eligible(passage, line)
        for k in range(2, len(line.numbers) - 3):
            if not eligible[k]:
                continue
            place.at(k)
            expected = frozenset(map(self.language.number, likely.get(line.tokens[k], ()))) - {0, line.numbers[k]}
            least = -math.inf if expected else LEAST_GAIN
            if (expected or place.odd < ATTESTED) and (found := place.weighed(k, place.of_word(expected), least, expected)):
                yield found
            if place.odd < ATTESTED and eligible[k + 1] and (found := place.weighed(k + 1, place.of_pair(), LEAST_JOINT_GAIN)):
                yield found
            for last, number in self._phrases(passage, line, k):
                if found := place.weighed(last, place.of_phrase(number), -math.inf):
                    yield found

    def places(self, passage: Passage) -> Iterator[int]:
        """The tokens that may have been swapped."""
        line = Line(passage, self.language)
        return (i for i, ok in zip(line.tokens, self._eligible(passage, line), strict=True) if ok)

    def reading(self, whole: Text) -> Reading:
        """What is known of the whole document; read once."""
        found: Reading | None = whole.known.get(RULE)
        if found is None:
            found = whole.known[RULE] = Reading(whole, self.language)
        return found

    def likeliest(self, n: int) -> frozenset[int]:
        """The originals of a word that are looked at though nothing attests them."""
        found = self._likeliest.get(n)
        if found is None:
            originals = self.channel[n]
            found = self._likeliest[n] = frozenset(islice(originals, LIKELIEST)).union(o for o, w in originals.items() if w.published)
        return found

    def _eligible(self, passage: Passage, line: Line) -> list[bool]:
        """Which places hold a word that may have been swapped: no name, no word of grammar, no number."""
        tokens, numbers = passage.tokens, line.numbers
        out = []
        for k, i in enumerate(line.tokens):
            token = tokens[i] if i >= 0 else ""
            ok = numbers[k] > 0 and len(token) >= SHORTEST and token not in CLOSED and token.isalpha()
            if ok and not (written := passage.surface(i)).islower():
                ok = numbers[k - 1] == self.language.start and written[1:].islower()
            out.append(ok)
        return out

    def _phrases(self, passage: Passage, line: Line, k: int) -> Iterator[tuple[int, int]]:
        """(last place, number) of each phrase from here that the channel holds whole."""
        phrase = passage.tokens[line.tokens[k]]
        for last in range(k + 1, min(k + LONGEST_PHRASE, len(line.tokens) - 3)):
            if line.tokens[last] != line.tokens[last - 1] + 1 or line.numbers[last] == self.language.stop:
                return
            phrase += " " + passage.tokens[line.tokens[last]]
            if (n := self.language.words.number(phrase)) and self.channel[n]:
                yield last, n


class Place:
    """One place of a passage after another: what stands around it, and its originals with their features."""

    def __init__(self, decoder: Decoder, passage: Passage, line: Line, reading: Reading) -> None:
        self.decoder, self.passage, self.line, self.reading = decoder, passage, line, reading
        self.language = decoder.language
        self.mixture = reading.mixture

    def at(self, k: int) -> None:
        """Go to a place; `odd` is by how many nats its neighbours make the word likelier than it is alone."""
        n, mixture = self.line.numbers, self.mixture
        self.k = k
        y, z, r = n[k - 1], n[k], n[k + 1]
        self.base_left, self.base_right = math.log(mixture.p2(y, z)), math.log(mixture.p2(z, r))
        self.alone = mixture.log_p1(z)
        self.odd = self.base_left - self.alone + self.base_right - mixture.log_p1(r)

    def of_word(self, expected: frozenset[int]) -> list[tuple[float, Span, Original]]:
        """Originals of the word here: the likeliest and the expected ones, and all that a neighbour attests, with what the pairs around gain."""
        n, k, of_pair = self.line.numbers, self.k, self.mixture.of_pair
        y, z, r = n[k - 1], n[k], n[k + 1]
        base = self.base_left + self.base_right
        originals = self.decoder.channel[z]
        looked_at = originals.keys() | expected
        after, before = self.language.after(y, looked_at), self.language.before(r, looked_at)
        return [
            (math.log(of_pair(after.get(o, 0), y, o) * of_pair(before.get(o, 0), o, r)) - base, (o,), originals.get(o, UNHEARD))
            for o in sorted(self.decoder.likeliest(z).union(after, before, expected))
        ]

    def of_pair(self) -> list[tuple[float, Span, Original]]:
        """Originals of this word and the next that belong together, where these two are not attested."""
        n, k, mixture, language = self.line.numbers, self.k, self.mixture, self.language
        y, t, u, r = n[k - 1 : k + 3]
        if language.pair(t, u):
            return []
        of_pair, channel = mixture.of_pair, self.decoder.channel
        after, before = language.after(y, channel[t].keys()), language.before(r, channel[u].keys())
        base = self.base_left + self.base_right + math.log(mixture.p2(u, r))
        firsts = self._plausible(t, after, lambda o: of_pair(after.get(o, 0), y, o))
        seconds = self._plausible(u, before, lambda p: of_pair(before.get(p, 0), p, r))
        found: list[tuple[float, Span, Original]] = []
        for o, first, of_first in firsts:
            for p, second, of_second in seconds:
                if value := language.pair(o, p):
                    gain = math.log(of_first * of_pair(value, o, p) * of_second) - base
                    found.append((gain, (o, p), Original(first.nats + second.nats, first.published and second.published)))
        return found

    def _plausible(self, n: int, attested: Iterable[int], p: Callable[[int], float]) -> list[tuple[int, Original, float]]:
        """The JOINT best originals of a word beside one neighbour, each with its probability there."""
        originals = self.decoder.channel[n]
        looked_at = self.decoder.likeliest(n).union(attested)
        found = ((math.log(q := p(o)) + CHANNEL_WEIGHT * originals[o].nats, o, originals[o], q) for o in looked_at)
        return [(o, w, q) for _, o, w, q in nlargest(JOINT, found)]

    def of_phrase(self, number: int) -> list[tuple[float, Span, Original]]:
        """Originals of a phrase that the channel holds whole."""
        word, of = self.language.words.word, self.language.number
        spans = ((tuple(of(w) for w in lm_tokens(word(o).split())), original) for o, original in self.decoder.channel[number].items())
        return [(0.0, span, original) for span, original in spans if all(span)]

    def weighed(self, last: int, originals: list[tuple[float, Span, Original]], least: float, expected: frozenset[int] = frozenset()) -> Candidate | None:
        """The span from here to `last` with its best originals, and those expected, and their features, or None if none gains `least` nats."""
        if not originals:
            return None
        language, mixture, k = self.language, self.mixture, self.k
        n = self.line.numbers
        spun = tuple(n[k : last + 1])
        lemma = language.lemma
        around = self._around(last)
        v_spun = self._vector(spun)
        fit_spun = dot(v_spun, around) if v_spun else 0
        scale = language.fit_scale
        quick = _shortlist(((gain + CHANNEL_WEIGHT * o.nats, span, o) for gain, span, o in originals), QUICK, expected)
        fitted = []
        for gain, span, original in quick:
            v = self._vector(span)
            fit = max(-10.0, min(10.0, scale * (dot(v, around) - fit_spun))) if v and v_spun else 0.0
            fitted.append((gain + fit, span, original, fit, v))
        best = max(row[0] for row in fitted)
        if best < least:
            return None
        x, y, r, s = n[k - 2], n[k - 1], n[last + 1], n[last + 2]
        left_spun, right_spun = self._log_p(x, y, spun, r, s)
        alone = math.fsum(map(mixture.log_p1, spun))
        pair = language.pair
        unattested = (not pair(y, spun[0])) + (not pair(spun[-1], r))
        own_fit = max(-8.0, min(8.0, scale * fit_spun))
        lemmas = {lemma(m) for m in spun}
        repeated = min(3, min(self.reading.lemmas[lemma(m)] for m in spun) - 1)
        weights = self.decoder.weights
        named: list[tuple[str, tuple[float, ...]]] = []
        for _, span, original, fit, v in _shortlist(fitted, self.decoder.shortlist if best >= self.decoder.worth_more else 1, expected):
            left, right = self._log_p(x, y, span, r, s)
            left, right = left - left_spun, right - right_spun
            likelier = math.fsum(map(mixture.log_p1, span)) - alone
            away = [m for m in span if lemma(m) not in lemmas and m not in language.closed and self.reading.lemmas[lemma(m)]]
            features = (
                1.0,
                max(-8.0, min(8.0, left)),
                max(-8.0, min(8.0, right)),
                max(-3.0, min(5.0, min(left - (mixture.log_p1(span[0]) - self.alone), right))),
                fit,
                own_fit,
                max(-14.0, original.nats),
                float(last == k and original.published),
                max(-6.0, min(6.0, likelier)) if len(span) == len(spun) else 0.0,
                max(-6.0, min(6.0, self.odd)) if last == k else 0.0,
                float(unattested),
                float((pair(y, span[0]) > 0) + (pair(span[-1], r) > 0)),
                max((max(0.0, -6.0 - mixture.log_p1(m)) for m in away), default=0.0),
                float(max(0, repeated)),
                dot(v, v_spun) / math.sqrt(dot(v, v) * dot(v_spun, v_spun) or 1) if v and v_spun else 0.0,
                float(self._article_fits_only(span[0])),
                float(last > k),
                float(last > k and original.published),
                math.log(len(originals)),
                0.0,
                max(0.0, -11.0 - alone / len(spun)),
            )
            named.append((" ".join(map(language.words.word, span)), features))
        return Candidate(self.line.tokens[k], self.line.tokens[last], ranked(named, weights))

    def _around(self, last: int) -> list[int]:
        """The context vector of the span from here to `last`."""
        n, k, language = self.line.numbers, self.k, self.language
        beside = (language.context(n[(k if place < 0 else last) + place], role) for role, place in enumerate(PLACES))
        return total((self.line.near(k, last), self.reading.topic, *beside))

    def _vector(self, span: Span) -> Sequence[int] | None:
        """The sum of the words' vectors, if any has one."""
        if len(span) == 1:
            return self.language.vector(span[0])
        vectors = [v for n in span if (v := self.language.vector(n))]
        return total(vectors) if vectors else None

    def _log_p(self, x: int, y: int, span: Span, r: int, s: int) -> tuple[float, float]:
        """(log P of the span's first word, log P of all that follows up to s), after x y; r or s of 0 is left out."""
        log_p = self.mixture.log_p
        first = log_p(x, y, span[0])
        rest, x, y = 0.0, y, span[0]
        for z in (*span[1:], r, s):
            if not z:
                break
            rest += log_p(x, y, z)
            x, y = y, z
        return first, rest

    def _article_fits_only(self, original: int) -> bool:
        """Whether the article that stands before the place fits the original, and not what stands there."""
        if self.line.numbers[self.k - 1] != self.decoder.article:
            return False
        stands = self.passage.tokens[self.line.tokens[self.k - 1]] == "an"
        of_original = vowel_sound(self.language.words.word(original))
        of_spun = vowel_sound(self.passage.tokens[self.line.tokens[self.k]])
        return of_original == stands and of_spun == (not stands)


OTHERS = FEATURES.index("others")
Row = TypeVar("Row", bound=tuple[Any, ...])


def _shortlist(rows: Iterable[Row], count: int, expected: frozenset[int]) -> list[Row]:
    """The `count` best of rows (value, span, ...), and those of expected words, best first."""
    ranked = sorted(rows, key=lambda row: (-row[0], row[1]))
    return ranked[:count] + [row for row in ranked[count:] if row[1][0] in expected] if expected else ranked[:count]


def ranked(named: Iterable[tuple[str, tuple[float, ...]]], weights: Sequence[float]) -> list[Option]:
    """Originals with their features as options, best first, each with what the others would fit as its feature `others`."""
    options = sorted((Option(original, f, math.fsum(map(mul, weights, f))) for original, f in named), key=lambda o: (-o.log_odds, o.original))
    top = options[0].log_odds
    others = math.log(math.fsum(math.exp(o.log_odds - top) for o in options))
    return [Option(o.original, (*o.features[:OTHERS], others, *o.features[OTHERS + 1 :]), o.log_odds + others * weights[OTHERS]) for o in options]


def joined(candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """One candidate for one slip: a phrase takes the place of the words in it, unless one of them alone is JOINED nats likelier."""
    phrases = sorted((c for c in candidates if c.last > c.first), key=lambda c: -c.options[0].log_odds)
    words = {c.first: c for c in candidates if c.last == c.first}
    for phrase in phrases:
        inside = [words[at] for at in range(phrase.first, phrase.last + 1) if at in words]
        if all(phrase.options[0].log_odds > c.options[0].log_odds - JOINED for c in inside):
            yield phrase
            for c in inside:
                del words[c.first]
    yield from words.values()


def mean(vectors: Iterable[Sequence[int] | None]) -> list[int]:
    """The mean of those that there are, drawn towards zero where they are few."""
    present = [v for v in vectors if v is not None]
    return [x // (len(present) + SHRINK) for x in total(present)]


def _times(nats: float) -> str:
    return f"{math.exp(min(nats, 13.8)):,.0f} times" if nats > 1 else f"{math.exp(nats):.1f} times"


def _better(spun: str, original: str, nats: float, where: str) -> str:
    a, b = (original, spun) if nats >= 0 else (spun, original)
    return f"'{a}' fits {_times(abs(nats))} better {where} than '{b}'"


NOTES: dict[str, Callable[[str, str, float], str]] = {
    "bias": lambda s, o, v: "most words that could stand for another do not",
    "context-left": lambda s, o, v: _better(s, o, v, "after the words before it"),
    "context-right": lambda s, o, v: _better(s, o, v, "with the words after it"),
    "both-sides": lambda s, o, v: _better(s, o, v, "on its worse side"),
    "fit": lambda s, o, v: _better(s, o, v, "among the words around and in this text"),
    "own-fit": lambda s, o, v: f"'{s}' is {_times(abs(v))} {'likelier' if v > 0 else 'less likely'} among these words than elsewhere",
    "channel": lambda s, o, v: f"a spinner writes '{s}' for '{o}' with probability {math.exp(v):.2g}",
    "published": lambda s, o, v: f"'{s}' stands for '{o}' in published pairs",
    "frequency": lambda s, o, v: f"'{o}' is {_times(abs(v))} {'more' if v > 0 else 'less'} frequent than '{s}'",
    "oddness": lambda s, o, v: f"its neighbours make '{s}' {_times(abs(v))} {'likelier' if v > 0 else 'less likely'}",
    "unattested": lambda s, o, v: f"{v:.0f} of its 2 neighbours do not go with '{s}' in the tables",
    "attested": lambda s, o, v: f"{v:.0f} of 2 neighbours go with '{o}' in the tables",
    "elsewhere": lambda s, o, v: f"'{o}' occurs elsewhere in this text",
    "repeated": lambda s, o, v: f"'{s}' occurs {v + 1:.0f} times in this text" if v < 3 else f"'{s}' occurs often in this text",
    "likeness": lambda s, o, v: f"'{s}' and '{o}' are {'used alike' if v > 0.4 else 'not used alike'} ({v:.2f})",
    "article": lambda s, o, v: f"the article fits '{o}', not '{s}'",
    "phrase": lambda s, o, v: "several words are rewritten as one phrase",
    "whole": lambda s, o, v: f"'{s}' stands for '{o}' as a whole in published pairs",
    "choice": lambda s, o, v: f"{math.exp(v):.0f} words were weighed against it: one fits better by chance",
    "others": lambda s, o, v: "other originals would fit as well",
    "rare": lambda s, o, v: f"'{s}' is rare",
}
