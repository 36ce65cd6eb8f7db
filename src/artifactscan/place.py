"""One place of a passage after another, and the originals that may have stood there.

What an original gains over what stands there, channel included, chooses a few of very many; those are weighed in full, by the
features of candidates.py.  Start reading at `Place.weighed`.
"""
from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from heapq import nlargest
from itertools import chain, pairwise, starmap
from operator import ne
from typing import NamedTuple

from artifactscan.abbreviations import initials
from artifactscan.candidates import CUT_OFF, FACTORS, Candidate, ranked
from artifactscan.channel import LOG_P, PUBLISHED, Channel, Row
from artifactscan.language import PLACES, Language, Neighbours, attested, dot, total
from artifactscan.reading import Line, Reading
from artifactscan.text import Passage
from artifactscan.vocabulary import vowel_sound

ATTESTED = 2.5  # nats: a word whose neighbours make it this much likelier than it is alone is passed over
QUICK, SHORTLIST = 15, 4  # originals of which the fit is computed, and that are weighed in full, for each word
HASTY = (8, 2)  # instead of these, at the first look
LEAST_GAIN, LEAST_JOINT_GAIN = -3.0, 3.0  # nats of context, channel and fit together from which a word, or a run of them, is weighed at all
WORTH_MORE = 1.0  # nats of the same from which more than the best original is weighed in full
LONG_SHORTLIST = 8  # instead of SHORTLIST, of a thorough decoder, from whatever gain
CHANNEL_WEIGHT = 0.4  # of a nat of the channel against one of context, in what an original gains
SHORT_FIT, SHORT_CHANNEL = 0.6, 0.8  # of a nat of fit, and of one of the channel beyond that, when choosing the shortlist
CHANNEL_NATS = tuple(CHANNEL_WEIGHT * nats for nats in LOG_P)
CHANNEL_FACTORS = tuple(map(math.exp, CHANNEL_NATS))
BEAM = 25  # of the originals of neighbouring words, how many are followed further
UNHEARD = -14.0  # log P(spun | original) of a pair that no source has
NOTHING: frozenset[int] = frozenset()
Span = tuple[int, ...]  # numbers of neighbouring words


class Original(NamedTuple):
    """An original that is tried in a place, with what the pairs around it gain over what stands there, channel included, in nats."""

    gain: float
    span: Span
    log_p: float  # log P(spun | original)
    published: bool
    whole: bool = False  # of a phrase that the channel holds


class Run(NamedTuple):
    """The beginning of an original of neighbouring words: log P of its words so far, log P(spun | original), what their packed originals have in common."""

    nats: float
    log_p: float
    packed: int
    span: Span


class Place:
    """One place of a passage after another: what stands around it, and its originals with their features; of a word few, in haste."""

    def __init__(
        self, language: Language, channel: Channel, weights: Sequence[float], passage: Passage, line: Line, reading: Reading, *, hasty: bool = False, thorough: bool = False
    ) -> None:
        self.language, self.channel, self.weights, self.passage, self.line, self.reading = language, channel, weights, passage, line, reading
        self.mixture = reading.mixture
        self.article = language.number("a")
        self.hasty = hasty
        self.quick, self.shortlist = HASTY if hasty else (QUICK, LONG_SHORTLIST if thorough else SHORTLIST)
        self.worth_more = -math.inf if thorough else WORTH_MORE
        self.letters: dict[int, str] = {}  # with which the words at these places should begin, by the abbreviation after them
        self.terms: list[tuple[int, int]] = []  # places of the first and last words of terms that do not begin so
        for term in initials(passage):
            letters = {line.at[i]: letter for i, letter in term.items()}
            self.letters |= letters
            if any(passage.tokens[i][0] != letter for i, letter in term.items()):
                self.terms.append((min(letters), max(letters)))

    def at(self, k: int) -> None:
        """Go to a place: `base` is log P of the word's pairs with both neighbours, `odd` by how many nats they make it likelier than it is alone."""
        n = self.line.numbers
        self.k = k
        self.choice = 1  # how many originals are tried
        together, apart = self.mixture.together(n[k - 1], n[k], n[k + 1])
        self.base = math.log(together)
        self.odd = math.log(together / apart)

    def glance(self) -> float:
        """What the best original of the word here gains, in nats, of a few."""
        n, k, language = self.line.numbers, self.k, self.language
        y, z, r = n[k - 1], n[k], n[k + 1]
        row = self.channel[z]
        after, before = language.after(y), language.before(r)
        looked_at = glanced_at(row, after, before)
        best = max((p * CHANNEL_FACTORS[row.originals[o]] for o, p in self.mixture.between(y, looked_at, r, after, before)), default=0.0)
        return math.log(best) - self.base if best else -math.inf

    def word(self, expected: frozenset[int], grade: int) -> Candidate | None:
        """The word here with its best originals, and those expected, if one gains enough or is expected."""
        return self.weighed(self.k, self.of_word(expected), -math.inf if expected else LEAST_GAIN, grade, expected)

    def of_word(self, expected: frozenset[int]) -> list[Original]:
        """The best originals of the word here, of the likeliest ones and of all that a neighbour attests, and the expected ones; in haste, of those glanced at."""
        n, k, language = self.line.numbers, self.k, self.language
        y, z, r = n[k - 1], n[k], n[k + 1]
        after, before = language.after(y), language.before(r)
        packed, likeliest = row = self.channel[z]
        if self.hasty:
            looked_at = glanced_at(row, after, before)
        else:
            looked_at = likeliest.union(attested(after, packed.keys()), attested(before, packed.keys()), expected)
        self.choice = len(looked_at)
        found = []
        for o, p in self.mixture.between(y, looked_at, r, after, before):
            log_p = LOG_P[packed[o]] if o in packed else UNHEARD
            found.append((math.log(p) - self.base + CHANNEL_WEIGHT * log_p, o, log_p))
        best = nlargest(self.quick, found)
        best += [row for row in found if row[1] in expected and row not in best]
        return [Original(gain, (o,), log_p, packed.get(o, 0) >= PUBLISHED) for gain, o, log_p in best]

    def of_runs(self, lasts: Iterable[int], *, fixed: bool) -> Iterator[tuple[int, list[Original]]]:
        """For each of these places, one or two on, the originals of the words from here to there that belong together, where these are not all attested.

        The middle one of three may stay, and must if it is `fixed`.
        """
        n, k, mixture, language, channel = self.line.numbers, self.k, self.mixture, self.language, self.channel
        lasts = [last for last in lasts if not all(starmap(language.pair, pairwise(n[k : last + 1])))]
        lasts = [last for last in lasts if self._base(last) - math.fsum(map(mixture.log_p1, n[k : last + 2])) < ATTESTED]
        if not lasts:
            return
        after = language.after(n[k - 1])
        firsts = _promising(
            Run(math.log(mixture.of_pair(after.get(o, 0), n[k - 1], o)), LOG_P[packed], packed, (o,)) for o, packed in channel[n[k]].originals.items()
        )
        pairs = [] if fixed else list(self._longer(firsts, channel[n[k + 1]].originals))
        for last in lasts:
            runs = pairs
            if last > k + 1:
                staying = self._longer(firsts, {n[k + 1]: PUBLISHED})
                runs = list(self._longer(_promising(chain(pairs, staying)), channel[n[last]].originals))
            yield last, self._ended(runs, last)

    def _longer(self, runs: Iterable[Run], originals: Mapping[int, int]) -> Iterator[Run]:
        """Each run with each of the originals that is attested after it."""
        of_pair, language = self.mixture.of_pair, self.language
        for nats, log_p, packed, span in runs:
            for o, value in attested(language.after(span[-1]), originals.keys()).items():
                own = originals[o]
                yield Run(nats + math.log(of_pair(value, span[-1], o)), log_p + LOG_P[own], packed & own, (*span, o))

    def of_term(self, last: int) -> list[Original]:
        """Originals of the words from here to `last`, beginning as the abbreviation after them says; words that begin so may stay."""
        n, k, mixture, word = self.line.numbers, self.k, self.mixture, self.language.words.word
        if min(n[k : last + 1]) <= 0:
            return []
        runs = [Run(0.0, 0.0, PUBLISHED, ())]
        for place in range(k, last + 1):
            stands, letter = n[place], self.letters.get(place)
            originals = {o: p for o, p in self.channel[stands].originals.items() if word(o)[0] == letter}
            if letter in (None, word(stands)[0]):
                originals[stands] = PUBLISHED
            runs = _promising(
                Run(nats + mixture.log_p2(span[-1] if span else n[k - 1], o), log_p + LOG_P[own], packed & own, (*span, o))
                for nats, log_p, packed, span in runs
                for o, own in originals.items()
            )
        return self._ended(runs, last)

    def _base(self, last: int) -> float:
        """log P of the pairs from the neighbour before here to the one after `last`."""
        return self.base + math.fsum(starmap(self.mixture.log_p2, pairwise(self.line.numbers[self.k + 1 : last + 2])))

    def _ended(self, runs: Sequence[Run], last: int) -> list[Original]:
        """The best of these runs as originals of the words from here to `last`."""
        r, base, of_pair = self.line.numbers[last + 1], self._base(last), self.mixture.of_pair
        before = self.language.before(r)
        self.choice = len(runs)
        return nlargest(self.quick, (
            Original(nats + math.log(of_pair(before.get(span[-1], 0), span[-1], r)) - base + CHANNEL_WEIGHT * log_p, span, log_p, bool(packed & PUBLISHED))
            for nats, log_p, packed, span in runs
        ))  # fmt: skip

    def of_phrase(self, number: int) -> list[Original]:
        """Originals of a phrase that the channel holds whole."""
        word, numbers = self.language.words.word, self.language.numbers
        found = []
        for o, packed in self.channel[number].originals.items():
            span = tuple(numbers[t] for t in word(o).split())
            if min(span) > 0:
                found.append(Original(CHANNEL_NATS[packed], span, LOG_P[packed], packed >= PUBLISHED, whole=True))
        self.choice = len(found)
        return nlargest(self.quick, found)

    def weighed(self, last: int, originals: list[Original], least: float, grade: int, expected: frozenset[int] = NOTHING) -> Candidate | None:
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
        short = []
        for original in originals:
            v = self._vector(original.span)
            fit = max(-10.0, min(10.0, scale * (dot(v, around) - fit_spun))) if v and v_spun else 0.0
            short.append((original, fit, v))
        most = max(original.gain + fit for original, fit, _ in short)
        if most < least:
            return None
        short.sort(key=lambda row: (-(row[0].gain + SHORT_FIT * row[1] + SHORT_CHANNEL * row[0].log_p), row[0].span))
        x, y, r, s = n[k - 2], n[k - 1], n[last + 1], n[last + 2]
        left_spun, right_spun = self._log_p(x, y, spun, r, s)
        by_word = [mixture.log_p1(m) for m in spun]
        alone = math.fsum(by_word)
        pair = language.pair
        unattested = (not pair(y, spun[0])) + (not pair(spun[-1], r))
        own_fit = max(-CUT_OFF, min(CUT_OFF, scale * fit_spun))
        lemmas = {lemma(m) for m in spun}
        repeated = min(3, min(self.reading.lemmas[lemma(m)] for m in spun) - 1)
        weights = self.weights
        named = []
        count = self.shortlist if most >= self.worth_more else 1
        for original, fit, v in short[:count] + [row for row in short[count:] if row[0].span[0] in expected]:
            span = original.span
            left, right = self._log_p(x, y, span, r, s)
            left, right = left - left_spun, right - right_spun
            likelier = math.fsum(map(mixture.log_p1, span)) - alone
            away = [m for m in span if lemma(m) not in lemmas and m not in language.closed and self.reading.lemmas[lemma(m)]]
            features = (
                1.0,
                max(-CUT_OFF, min(CUT_OFF, left)),
                max(-CUT_OFF, min(CUT_OFF * len(spun), right)),
                max(-3.0, min(5.0, min(left - (mixture.log_p1(span[0]) - by_word[0]), right))),
                fit,
                own_fit,
                max(UNHEARD * len(spun), original.log_p),
                float(original.published and not original.whole),
                max(-6.0, min(6.0, likelier)) if len(span) == len(spun) else 0.0,
                max(-6.0, min(6.0, self.odd)) if last == k else 0.0,
                float(unattested),
                float((pair(y, span[0]) > 0) + (pair(span[-1], r) > 0)),
                max((max(0.0, -6.0 - mixture.log_p1(m)) for m in away), default=0.0),
                float(max(0, repeated)),
                dot(v, v_spun) / math.sqrt(dot(v, v) * dot(v_spun, v_spun) or 1) if v and v_spun else 0.0,
                float(self._article_fits_only(span[0])),
                float(sum(map(ne, span, spun)) - 1 if len(span) == len(spun) else last - k),
                float(last - k if original.published and original.whole else 0),
                math.log(self.choice),
                0.0,
                max(0.0, -11.0 - alone / len(spun)),
                float(y != language.start and not self.passage.surface(self.line.tokens[k]).islower()),
                float(self._initials(last, span)) if self.letters else 0.0,
            )
            named.append((" ".join(map(language.words.word, span)), (*features, *(features[i] * features[j] for i, j in FACTORS))))
        first, end = self.line.tokens[k], self.line.tokens[last]
        return Candidate(first, end, " ".join(self.passage.tokens[first : end + 1]), ranked(named, weights), grade)

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

    def _initials(self, last: int, original: Span) -> int:
        """In how many more words from here to `last` the original begins as the abbreviation after them says than what stands there."""
        if len(original) != last - self.k + 1:
            return 0
        word, tokens = self.language.words.word, self.passage.tokens
        places = ((self.letters.get(place), o, tokens[self.line.tokens[place]]) for place, o in enumerate(original, self.k))
        return sum((word(o)[0] == letter) - (stands[0] == letter) for letter, o, stands in places if letter)

    def _article_fits_only(self, original: int) -> bool:
        """Whether the article that stands before the place fits the original, and not what stands there."""
        if self.line.numbers[self.k - 1] != self.article:
            return False
        stands = self.passage.tokens[self.line.tokens[self.k - 1]] == "an"
        of_original = vowel_sound(self.language.words.word(original))
        of_spun = vowel_sound(self.passage.tokens[self.line.tokens[self.k]])
        return of_original == stands and of_spun == (not stands)


def glanced_at(row: Row, after: Neighbours, before: Neighbours) -> Set[int]:
    """The originals of a word that a neighbour attests; beside one that goes with very many words, the likeliest."""
    originals = row.originals.keys()
    left = originals & after.keys() if isinstance(after, dict) else row.likeliest
    return left | (originals & before.keys() if isinstance(before, dict) else row.likeliest)


def _promising(runs: Iterable[Run]) -> list[Run]:
    """The BEAM best of them so far."""
    return nlargest(BEAM, runs, key=lambda run: run.nats + CHANNEL_WEIGHT * run.log_p)
