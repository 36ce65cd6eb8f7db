"""The decoder: words and phrases in which a spinner's thesaurus probably speaks, though no list knows them.

For a word t of a text and each original o that it may stand for, the evidence is a sum of terms in nats,

    log P(o | context) - log P(t | context)     what English prefers
    log P(t | o)                                what spinners do
    fit, the document's own words, ...          see FEATURES

each times a weight learned on text spun for the purpose (tools/train_weights.py).  Most words are never weighed: those that
their neighbours attest are passed over, and so are those of which no original fits clearly better between its two neighbours.
What is left is strong.  Only where a text may be spun do the weak places get a second look.  Start reading at `Decoder.candidates`.
"""
from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from copy import copy
from functools import cached_property, partial
from heapq import nlargest
from itertools import chain, islice, pairwise, starmap
from operator import mul, ne
from typing import NamedTuple

from artifactscan.abbreviations import initials
from artifactscan.channel import LOG_P, PUBLISHED, Channel, Row
from artifactscan.language import NEAR, PLACES, TOPIC, Language, Neighbours, attested, dot, total
from artifactscan.model import KNOWN, STRONG, SUBSTITUTION, WEAK, Evidence, Finding
from artifactscan.text import Passage, Text, words_of
from artifactscan.vocabulary import GRAMMAR, vowel_sound

TIMES = " x "  # between the names of two features in that of their product
SINGLE = (
    "bias", "context-left", "context-right", "both-sides", "fit", "own-fit", "channel", "published", "frequency", "oddness", "unattested", "attested",
    "elsewhere", "repeated", "likeness", "article", "phrase", "whole", "choice", "others", "rare", "name", "initials",
)  # fmt: skip
PRODUCTS = (("fit", "phrase"), ("choice", "phrase"), ("published", "phrase"))  # the first counts for more or less with the second
FEATURES = (*SINGLE, *map(TIMES.join, PRODUCTS))
CLOSED = frozenset(t for letter, tokens in GRAMMAR.items() if letter not in "L" for t in tokens.split())
SHORTEST = 3  # letters of a word that is looked at
ATTESTED = 2.5  # nats: a word whose neighbours make it this much likelier than it is alone is passed over
ODD = 1.5  # nats of the same: from here on a word is passed over at the first look
PLAIN = -13.0  # log P of its pairs with both neighbours, in nats, from which it is passed over at the first look: nothing could gain much
CLEAR = 4.0  # nats of context and channel together that the best original of a strong candidate gains
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
JOINED = 1.5  # nats by which one word alone must be likelier than the phrase it stands in
AGREEING = -1.0  # log-odds of a word alone from which it counts that it is read as in the phrase
SETTLED = 0.0  # log-odds from which a candidate's neighbours are looked at beside its original
WINDOW = 12  # words on either side that make up what is near
SAMPLE = 4_000  # tokens from which the document's topic and register are read
FITTED = 600  # of these, the ones to which the mixture of models is fitted
UNHEARD = -14.0  # log P(spun | original) of a pair that no source has
NOT, WORD, NAME = range(3)  # whether a word may have been swapped: a name only in a text that is spun
NONE: Mapping[int, Sequence[str]] = {}
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


class Option(NamedTuple):
    """An original for a span, with its features in the order of FEATURES."""

    original: str
    features: tuple[float, ...]
    log_odds: float


class Candidate(NamedTuple):
    """A span (token indices, both included) and its words, with their originals, best first."""

    first: int
    last: int
    spun: str
    options: list[Option]
    grade: int  # WEAK, STRONG or KNOWN
    alone: float = 0.0  # nats more, of a phrase, since one of its words might be a slip alone

    @property
    def log_odds(self) -> float:
        """That something is wrong with the span."""
        return self.options[0].log_odds + self.alone


class Terms(NamedTuple):
    """What makes evidence of features: their names and weights, and what is said of each."""

    names: Sequence[str]
    weights: Sequence[float]
    notes: Mapping[str, Callable[[str, str, float], str]]

    def of(self, candidate: Candidate) -> tuple[Evidence, ...]:
        """The evidence for the best original term by term, each in nats with a note; products are told with their first feature."""
        spun, option = candidate.spun, candidate.options[0]
        values = dict(zip(self.names, option.features, strict=True))
        nats: dict[str, float] = defaultdict(float)
        for (name, value), weight in zip(values.items(), self.weights, strict=True):
            nats[name.partition(TIMES)[0]] += weight * value
        terms = (Evidence(name, round(term, 3), self.notes[name](spun, option.original, values[name])) for name, term in nats.items() if term)
        return (*terms, Evidence("alone", round(candidate.alone, 3), "or a word of it was swapped alone")) if candidate.alone else tuple(terms)


class Reading:
    """What the decoder knows of a whole document: its register, topic and words."""

    def __init__(self, whole: Text, language: Language) -> None:
        tokens = islice((t for p in whole.passages() for t in p.tokens), SAMPLE)
        self._language = language
        self._numbers = [n for t in tokens if (n := language.numbers[t]) > 0]
        self.mixture = language.fitted(self._numbers[:FITTED])
        self.lemmas = Counter(map(language.lemma, self._numbers))

    @cached_property
    def topic(self) -> list[int]:
        """The mean of its words as context."""
        return self._language.context_of(self._numbers, TOPIC)


class Line:
    """A passage as the language model reads it: numbers with the tokens they come from, marks left out."""

    def __init__(self, passage: Passage, language: Language) -> None:
        self._language = language
        self.numbers: list[int] = [0, language.start]
        self.tokens: list[int] = [-1, -1]
        for i, n in enumerate(map(language.numbers.__getitem__, passage.tokens)):
            if n == language.stop:
                self.numbers += (n, language.start)
                self.tokens += (i, -1)
            elif n >= 0:
                self.numbers.append(n)
                self.tokens.append(i)
        self.numbers += (language.stop, 0, 0)
        self.tokens += (-1, -1, -1)

    def near(self, first: int, last: int) -> list[int]:
        """The mean of the words around places first..last, drawn towards zero where they are few."""
        n = self.numbers
        return self._language.context_of([*n[max(2, first - WINDOW) : first], *n[last + 1 : last + 1 + WINDOW]], NEAR)


class Decoder:
    """Finds substitutions with these tables and weights.  One that is `thorough` weighs more originals of every place: for deep mode."""

    def __init__(self, language: Language, channel: Channel, weights: Mapping[str, float], *, thorough: bool = False) -> None:
        self.language = language
        self.channel = channel
        self.weights = tuple(weights[name] for name in FEATURES)
        self.shortlist, self.worth_more = (LONG_SHORTLIST, -math.inf) if thorough else (SHORTLIST, WORTH_MORE)
        self.article = language.number("a")

    def detect(self, passage: Passage, *, weak: bool = False) -> Iterator[Finding]:
        """The likely substitutions in the passage: the strong ones, or the `weak` ones too, which may change what is one phrase."""
        for candidate in joined(list(self.candidates(passage, weak=weak))):
            yield self.finding(passage, candidate)

    def compared(self, passage: Passage, spun: str, original: str) -> Iterator[Candidate]:
        """What the decoder makes of this original wherever the spun words stand, however little it would think of it by itself."""
        language = self.language
        words, span = words_of(spun), tuple(language.numbers[t] for t in words_of(original))
        packed = self.channel[language.number(" ".join(words))].originals.get(language.number(" ".join(words_of(original))))
        known = Original(0.0, span, UNHEARD if packed is None else LOG_P[packed], bool(packed and packed & PUBLISHED), whole=len(words) > 1)
        line = Line(passage, language)
        place = Place(self, passage, line, self.reading(passage.whole))
        numbers = [language.numbers[t] for t in words]
        for k in range(2, len(line.numbers) - len(words) - 2):
            if line.numbers[k : k + len(words)] == numbers:
                place.at(k)
                if candidate := place.weighed(k + len(words) - 1, [known], -math.inf, STRONG):
                    yield candidate

    def finding(self, passage: Passage, candidate: Candidate, terms: Terms | None = None) -> Finding:
        """A candidate as a finding, explained by these terms, or by the decoder's own."""
        originals = tuple(dict.fromkeys(written(candidate)))
        best = candidate._replace(options=candidate.options[:1])  # the others' features would be kept for nothing
        details = partial((terms or Terms(FEATURES, self.weights, NOTES)).of, best)
        evidence = (Evidence("decoder", candidate.log_odds, ""),)
        return Finding(SUBSTITUTION, *passage.span(candidate.first, candidate.last), originals, evidence, tell=0.0, details=details, grade=candidate.grade)

    def candidates(
        self, passage: Passage, *, weak: bool = True, likely: Mapping[int, Sequence[str]] = NONE, worth: Callable[[int, int], bool] = lambda first, last: True,
    ) -> Iterator[Candidate]:  # fmt: skip
        """Every place worth a thought, or only the strong ones, with their originals weighed.

        `likely`: token indices, with words that somebody else would expect there; they are weighed in any case.
        `worth`: whether the tokens from one index to another are worth weighing.
        """
        line = Line(passage, self.language)
        found = self._candidates(passage, line, weak, likely, worth)
        yield from self._reconsidered(passage, line, list(found), likely) if weak else found

    def _candidates(self, passage: Passage, line: Line, weak: bool, likely: Mapping[int, Sequence[str]], worth: Callable[[int, int], bool]) -> Iterator[Candidate]:
        """Each place's, as everything else stands."""
        place = Place(self, passage, line, self.reading(passage.whole), hasty=not weak)
        eligible = self._eligible(passage, line, names=weak)
        longest = self.channel.longest
        for first, last in place.terms:
            if worth(line.tokens[first], line.tokens[last]):
                place.at(first)
                if found := place.weighed(last, place.of_term(last), -math.inf, STRONG):
                    yield found
        for k in range(2, len(line.numbers) - 3):
            at = line.tokens[k]
            if at >= 0 and (words := longest(line.numbers[k], line.numbers[k + 1])):
                yield from self._whole(place, k, words, weak, worth)
            if not eligible[k]:
                continue
            place.at(k)
            expected = self._expected(likely, at, line.numbers[k])
            striking = place.odd < ODD and place.base < PLAIN and eligible[k] != NAME
            if (striking or expected or (weak and place.odd < ATTESTED)) and worth(at, at):
                grade = STRONG if striking and place.glance() >= CLEAR else WEAK
                if (grade or weak) and (found := place.word(expected, grade)):
                    yield found
            if weak and place.odd < ATTESTED and line.numbers[k + 1] > 0:
                lasts = [k + more for more in (1, 2) if eligible[k + more] and line.tokens[k + more] == at + more and worth(at, at + more)]
                for last, originals in place.of_runs(lasts, fixed=not eligible[k + 1]):
                    if found := place.weighed(last, originals, LEAST_JOINT_GAIN, WEAK):
                        yield found

    def _reconsidered(self, passage: Passage, line: Line, found: list[Candidate], likely: Mapping[int, Sequence[str]]) -> Iterator[Candidate]:
        """The candidates, words beside likely ones weighed once more, as they would stand beside the originals of those: what was swapped makes its neighbours odd."""
        at = {i: k for k, i in enumerate(line.tokens)}
        mended = copy(line)
        mended.numbers = list(line.numbers)
        changed: set[int] = set()
        for c in joined(found):
            span = [self.language.numbers[t] for t in c.options[0].original.split()]
            if c.log_odds >= SETTLED and len(span) == c.last - c.first + 1 and min(span) > 0:
                k = at[c.first]
                mended.numbers[k : k + len(span)] = span
                changed.update(range(k, k + len(span)))
        place = Place(self, passage, mended, self.reading(passage.whole))
        for c in found:
            k = at[c.first]
            if c.last > c.first or changed.isdisjoint((k - 2, k - 1, k + 1, k + 2)):
                yield c
                continue
            other, mended.numbers[k] = mended.numbers[k], line.numbers[k]
            place.at(k)
            if again := place.word(self._expected(likely, c.first, line.numbers[k]), c.grade):
                yield again
            mended.numbers[k] = other

    def _expected(self, likely: Mapping[int, Sequence[str]], at: int, stands: int) -> frozenset[int]:
        """The words that somebody else would expect at a token, by number: those that are known, and other than what stands there."""
        return frozenset(map(self.language.number, likely[at])) - {0, stands} if at in likely else NOTHING

    def places(self, passage: Passage) -> Iterator[int]:
        """The tokens that may have been swapped."""
        line = Line(passage, self.language)
        return (i for i, ok in zip(line.tokens, self._eligible(passage, line, names=True), strict=True) if ok)

    def reading(self, whole: Text) -> Reading:
        """What is known of the whole document; read once."""
        found: Reading | None = whole.known.get(SUBSTITUTION)
        if found is None:
            found = whole.known[SUBSTITUTION] = Reading(whole, self.language)
        return found

    def _eligible(self, passage: Passage, line: Line, *, names: bool) -> list[int]:
        """Which places hold a word that may have been swapped: no word of grammar, no number, no abbreviation; WORD, or NAME if `names` are asked for."""
        tokens, numbers, start = passage.tokens, line.numbers, self.language.start
        out = [NOT] * len(numbers)
        for k, i in enumerate(line.tokens):
            if i >= 0 and numbers[k] > 0 and len(token := tokens[i]) >= SHORTEST and token not in CLOSED and token.isalpha():
                surface = passage.surface(i)
                if surface.islower() or (numbers[k - 1] == start and surface[1:].islower()):
                    out[k] = WORD
                elif names and surface[1:].islower():
                    out[k] = NAME
        return out

    def _whole(self, place: Place, k: int, longest: int, weak: bool, worth: Callable[[int, int], bool]) -> Iterator[Candidate]:
        """Each phrase from here, of up to `longest` words, that the channel holds whole; those that only thesauri have are weak."""
        line, tokens, number = place.line, place.passage.tokens, self.language.words.number
        phrase = tokens[line.tokens[k]]
        for last in range(k + 1, min(k + longest, len(line.tokens) - 3)):
            if line.tokens[last] != line.tokens[last - 1] + 1 or line.numbers[last] == self.language.stop:
                return
            phrase += " " + tokens[line.tokens[last]]
            if (n := number(phrase)) and (row := self.channel[n].originals):
                grade = KNOWN if max(row.values()) >= PUBLISHED else WEAK
                if (grade or weak) and worth(line.tokens[k], line.tokens[last]):
                    place.at(k)
                    if found := place.weighed(last, place.of_phrase(n), -math.inf, grade):
                        yield found


class Place:
    """One place of a passage after another: what stands around it, and its originals with their features; of a word few, in haste."""

    def __init__(self, decoder: Decoder, passage: Passage, line: Line, reading: Reading, *, hasty: bool = False) -> None:
        self.decoder, self.passage, self.line, self.reading = decoder, passage, line, reading
        self.language = decoder.language
        self.mixture = reading.mixture
        self.hasty = hasty
        self.quick, self.shortlist = HASTY if hasty else (QUICK, decoder.shortlist)
        self.letters: dict[int, str] = {}  # with which the words at these places should begin, by the abbreviation after them
        self.terms: list[tuple[int, int]] = []  # places of the first and last words of terms that do not begin so
        for term in initials(passage):
            letters = {line.tokens.index(i): letter for i, letter in term.items()}
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
        row = self.decoder.channel[z]
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
        packed, likeliest = row = self.decoder.channel[z]
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
        n, k, mixture, language, channel = self.line.numbers, self.k, self.mixture, self.language, self.decoder.channel
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
            originals = {o: p for o, p in self.decoder.channel[stands].originals.items() if word(o)[0] == letter}
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
        for o, packed in self.decoder.channel[number].originals.items():
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
        own_fit = max(-8.0, min(8.0, scale * fit_spun))
        lemmas = {lemma(m) for m in spun}
        repeated = min(3, min(self.reading.lemmas[lemma(m)] for m in spun) - 1)
        weights = self.decoder.weights
        named = []
        count = self.shortlist if most >= self.decoder.worth_more else 1
        for original, fit, v in short[:count] + [row for row in short[count:] if row[0].span[0] in expected]:
            span = original.span
            left, right = self._log_p(x, y, span, r, s)
            left, right = left - left_spun, right - right_spun
            likelier = math.fsum(map(mixture.log_p1, span)) - alone
            away = [m for m in span if lemma(m) not in lemmas and m not in language.closed and self.reading.lemmas[lemma(m)]]
            features = (
                1.0,
                max(-8.0, min(8.0, left)),
                max(-8.0, min(8.0 * len(spun), right)),
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
        if self.line.numbers[self.k - 1] != self.decoder.article:
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


OTHERS, AS_NAME = FEATURES.index("others"), FEATURES.index("name")
FACTORS = tuple((FEATURES.index(a), FEATURES.index(b)) for a, b in PRODUCTS)


def ranked(named: Iterable[tuple[str, tuple[float, ...]]], weights: Sequence[float]) -> list[Option]:
    """Originals with their features as options, best first, each with what the others would fit as its feature `others`, whatever it was."""
    scored = ((original, f, math.fsum(map(mul, weights, f)) - weights[OTHERS] * f[OTHERS]) for original, f in named)
    options = sorted(starmap(Option, scored), key=lambda o: (-o.log_odds, o.original))
    top = options[0].log_odds
    others = math.log(math.fsum(math.exp(o.log_odds - top) for o in options))
    return [Option(o.original, (*o.features[:OTHERS], others, *o.features[OTHERS + 1 :]), o.log_odds + others * weights[OTHERS]) for o in options]


def joined(candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """One candidate for one slip: the likelier phrases take the place of what is in them, unless a word of one alone, that is read otherwise, is JOINED nats likelier."""
    words = {c.first: c for c in candidates if c.last == c.first}
    taken: set[int] = set()
    for phrase in sorted((c for c in candidates if c.last > c.first), key=lambda c: -c.log_odds):
        places = range(phrase.first, phrase.last + 1)
        inside = [words[at] for at in places if at in words]
        more = max((c.log_odds for c in inside), default=-math.inf) - phrase.log_odds
        if (more < JOINED or _agrees(phrase, words)) and taken.isdisjoint(places):
            options = sorted((*phrase.options, *(o for c in inside for o in _within(phrase, c))), key=lambda o: (-o.log_odds, o.original))
            yield phrase._replace(options=options, grade=max((phrase.grade, *(c.grade for c in inside))), alone=math.log1p(math.exp(more)))
            taken.update(places)
    yield from (c for at, c in words.items() if at not in taken)


def _agrees(phrase: Candidate, words: Mapping[int, Candidate]) -> bool:
    """Whether every word of a phrase's best original stands there already, or is what a likely candidate would have for the word alone."""
    spun, original = phrase.spun.split(), phrase.options[0].original.split()
    alone = (words[at].options[0].original if at in words and words[at].log_odds >= AGREEING else word for at, word in enumerate(spun, phrase.first))
    return len(spun) == len(original) and all(o in pair for o, *pair in zip(original, spun, alone, strict=True))


def _within(phrase: Candidate, word: Candidate) -> Iterator[Option]:
    """The originals of a word alone as originals of the phrase in which it stands, JOINED nats less likely than they are or than the phrase's best."""
    words = phrase.spun.split()
    at = word.first - phrase.first
    less = JOINED + max(0.0, word.log_odds - phrase.options[0].log_odds)
    return (o._replace(log_odds=o.log_odds - less, original=" ".join((*words[:at], o.original, *words[at + 1 :]))) for o in word.options)


def _promising(runs: Iterable[Run]) -> list[Run]:
    """The BEAM best of them so far."""
    return nlargest(BEAM, runs, key=lambda run: run.nats + CHANNEL_WEIGHT * run.log_p)


def written(candidate: Candidate, *, capital: bool = False) -> list[str]:
    """The originals of a candidate, each word with a capital where it is written like a name, or the first one if a `capital` begins it."""
    originals = [o.original for o in candidate.options]
    if candidate.options[0].features[AS_NAME]:
        return [" ".join(map(_capitalised, o.split())) for o in originals]
    return list(map(_capitalised, originals)) if capital else originals


def _capitalised(word: str) -> str:
    return word[0].upper() + word[1:]


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
    "whole": lambda s, o, v: f"'{s}' is known to stand for '{o}' as a whole",
    "choice": lambda s, o, v: f"{math.exp(v):.0f} words were weighed against it: one fits better by chance",
    "others": lambda s, o, v: "other originals would fit as well",
    "rare": lambda s, o, v: f"'{s}' is rare",
    "name": lambda s, o, v: f"'{s}' is written like a name",
    "initials": lambda s, o, v: f"the abbreviation after it fits '{o if v > 0 else s}', not '{s if v > 0 else o}'",
}
