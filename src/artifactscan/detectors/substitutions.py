"""The decoder: words and phrases in which a spinner's thesaurus probably speaks, though no list knows them.

For a word t of a text and each original o that it may stand for, the evidence is a sum of terms in nats,

    log P(o | context) - log P(t | context)     what English prefers
    log P(t | o)                                what spinners do
    fit, the document's own words, ...          see candidates.FEATURES

each times a weight learned on text spun for the purpose (tools/train_weights.py).  Most words are never weighed: those that
their neighbours attest are passed over, and so are those of which no original fits clearly better between its two neighbours.
What is left is strong.  Only where a text may be spun do the weak places get a second look.  This module chooses the places, and
place.py weighs them.  Start reading at `Decoder.candidates`.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from functools import partial

from artifactscan.candidates import FEATURES, NOTES, Candidate, Terms, joined, written
from artifactscan.channel import LOG_P, PUBLISHED, Channel
from artifactscan.language import Language
from artifactscan.model import KNOWN, STRONG, SUBSTITUTION, WEAK, Evidence, Finding
from artifactscan.place import ATTESTED, LEAST_JOINT_GAIN, NOTHING, UNHEARD, Original, Place
from artifactscan.reading import Line, read
from artifactscan.text import Passage, words_of
from artifactscan.vocabulary import GRAMMAR

CLOSED = frozenset(t for letter, tokens in GRAMMAR.items() if letter not in "L" for t in tokens.split())
ALSO_NAMES = frozenset(("us", "it", "who"))  # in capitals
SHORTEST = 3  # letters of a word that is looked at
ODD = 1.5  # nats by which its neighbours make a word likelier than it is alone: from here on it is passed over at the first look
PLAIN = -13.0  # log P of its pairs with both neighbours, in nats, from which it is passed over at the first look: nothing could gain much
CLEAR = 4.0  # nats of context and channel together that the best original of a strong candidate gains
SETTLED = 0.0  # log-odds from which a candidate's neighbours are looked at beside its original
NOT, WORD, NAME = range(3)  # whether a word may have been swapped: a name only in a text that is spun
NONE: Mapping[int, Sequence[str]] = {}


class Decoder:
    """Finds substitutions with these tables and weights.  One that is `thorough` weighs more originals of every place: for deep mode."""

    def __init__(self, language: Language, channel: Channel, weights: Mapping[str, float], *, thorough: bool = False) -> None:
        self.language = language
        self.channel = channel
        self.weights = tuple(weights[name] for name in FEATURES)
        self.thorough = thorough

    def detect(self, passage: Passage, *, weak: bool = False) -> Iterator[Finding]:
        """The likely substitutions in the passage: the strong ones, or the `weak` ones too, which may change what is one phrase."""
        for candidate in joined(list(self.candidates(passage, weak=weak))):
            yield self.finding(passage, candidate)

    def compared(self, passage: Passage, spun: str, original: str) -> Iterator[Candidate]:
        """What the decoder makes of this original wherever the spun words stand, however little it would think of it by itself."""
        language = self.language
        words, span = words_of(spun), tuple(language.numbers[t] for t in words_of(original))
        numbers = [language.numbers[t] for t in words]
        if min(numbers, default=0) <= 0 or min(span, default=0) <= 0:
            return
        packed = self.channel[language.number(" ".join(words))].originals.get(language.number(" ".join(words_of(original))))
        known = Original(0.0, span, UNHEARD if packed is None else LOG_P[packed], bool(packed and packed & PUBLISHED), whole=len(words) > 1)
        line = Line(passage, language)
        place = self._place(passage, line)
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
        place = self._place(passage, line, hasty=not weak)
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
        mended = copy(line)
        mended.numbers = list(line.numbers)
        changed: set[int] = set()
        for c in joined(found):
            span = [self.language.numbers[t] for t in c.options[0].original.split()]
            if c.log_odds >= SETTLED and len(span) == c.last - c.first + 1 and min(span) > 0:
                k = line.at[c.first]
                mended.numbers[k : k + len(span)] = span
                changed.update(range(k, k + len(span)))
        place = self._place(passage, mended)
        for c in found:
            k = line.at[c.first]
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

    def _place(self, passage: Passage, line: Line, *, hasty: bool = False) -> Place:
        """The places of a passage, to be gone through."""
        return Place(self.language, self.channel, self.weights, passage, line, read(passage.whole, self.language), hasty=hasty, thorough=self.thorough)

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
                first, end = line.tokens[k], line.tokens[last]
                if (grade or weak) and worth(first, end) and not _holds_name(place.passage, range(first, end + 1)):
                    place.at(k)
                    if found := place.weighed(last, place.of_phrase(n), -math.inf, grade):
                        yield found


def _holds_name(passage: Passage, places: range) -> bool:
    """Whether one of these words is a name and no pronoun, and the others are not in capitals: "a maximum of US$500"."""
    capitals = [passage.surface(i).isupper() for i in places]
    return not all(capitals) and any(is_upper and passage.tokens[i] in ALSO_NAMES for i, is_upper in zip(places, capitals, strict=True))
