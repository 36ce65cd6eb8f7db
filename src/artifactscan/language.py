"""What English prefers: log P(word | context), and how well a word fits the words around it.

    log P(z | x, y):  the trigram if the model has it, else back-off(x, y) * P(z | y), and so on (Katz 1987)

Two such models, of general and of scientific English, are mixed by how well each fits the document.  "a" and "an" are one
word here, since the next word's sound alone decides between them.  Beside them stands a log-bilinear model (Mnih and
Hinton 2007): a vector for every word as it fits, and one for it as context at each place, learned so that the word that
stands in a text beats those that a spinner might have put there.  Start reading at `Mixture.log_p`.
"""
from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from operator import mul

from artifactscan.packing import Slots, Words, key
from artifactscan.tables import Tables
from artifactscan.vocabulary import GRAMMAR

START, STOP, NUMBER = "<s>", "</s>", "#"
MODELS = ("general", "science")
ENDS = frozenset(".!?;:")
P = [0.0, *(10 ** (-q / 10) for q in range(127))]  # of a stored probability, which is q + 1; 0 is none
UNKNOWN = 1e-8  # probability of a word that a model does not have
LEAST_SHARE = 0.03  # below it the scientific model is not asked
FITTING_ROUNDS = 4
MOST_KEPT = 200_000  # word numbers, and probabilities, kept
LONG_ROW = 1_500  # entries: a longer row is not unpacked
MOST_FOLLOWERS = 200_000  # entries of unpacked rows kept

DIMENSIONS = 32  # of a vector
PLACES = (-2, -1, 1, 2)  # where a context word stands, in words from the one that is looked at
NEAR, TOPIC = len(PLACES), len(PLACES) + 1  # further kinds of context: the words around, the document's
ROLES = len(PLACES) + 2
SHRINK = 2  # added to the number of words of which a mean is taken


def lm_tokens(tokens: Iterable[str]) -> Iterator[str]:
    """Tokens as the models know them: "</s>" for what ends a clause, "#" for a number, "" for a mark that is passed over."""
    for token in tokens:
        first = token[0]
        if first.isalpha():
            yield "a" if token == "an" else token
        elif first.isdigit():
            yield NUMBER
        else:
            yield STOP if first in ENDS or first == "\n" else ""


class Language:
    """Words by number, their n-grams and vectors.  A pair's value holds its probability in either model, 7 bits each."""

    def __init__(self, tables: Tables) -> None:
        self.words = Words(tables.view("words"), tables.view("word-starts"), tables.view("word-letters"))
        self.trigram = Slots(tables.view("trigrams")).get
        self.singles = tables.view("singles")  # for each word: its probability in either model, its back-off in either
        self._after, self._before = (Rows(tables.view(name).cast("I"), tables.view(f"{name}-starts").cast("I")) for name in ("after", "before"))
        self._lemmas = tables.view("lemmas").cast("I")
        self._vector_rows = tables.view("vector-rows").cast("H")
        self._vectors = tables.view("vectors").cast("b")
        self.fit_scale = tables.header["fit-scale"]  # nats of one unit of a product of vectors
        self._numbers: dict[str, int] = {}
        self.start, self.stop = self.words.number(START), self.words.number(STOP)
        grammar = (w for letter, tokens in GRAMMAR.items() if letter not in "LCJG" for w in tokens.split())
        self.closed = frozenset((0, self.start, self.stop, *map(self.words.number, grammar)))

    def number(self, word: str) -> int:
        """The word's number, or that of its commoner American spelling, or of its base for a possessive; 0 for a word that is not known."""
        n = self._numbers.get(word)
        if n is None:
            n = self.words.number(word) or (self.words.number(word[:-2]) if word.endswith("'s") else 0)
            n = max((n, *map(self.words.number, american(word))), key=self._commonness)
            if len(self._numbers) > MOST_KEPT:
                self._numbers.clear()
            self._numbers[word] = n
        return n

    def _commonness(self, n: int) -> int:
        """Orders words by how common they are in general English."""
        return -self.singles[4 * n] if self.singles[4 * n] else -255

    def lemma(self, n: int) -> int:
        return self._lemmas[n]

    def after(self, y: int, words: AbstractSet[int]) -> dict[int, int]:
        """Of these words the ones that follow y -> value of the pair."""
        return self._after.among(y, words)

    def before(self, z: int, words: AbstractSet[int]) -> dict[int, int]:
        """Of these words the ones that come before z -> value of the pair."""
        return self._before.among(z, words)

    def pair(self, y: int, z: int) -> int:
        """Value of the pair y z; 0 if no model has it."""
        return self._after.value(y, z)

    def vector(self, n: int) -> memoryview | None:
        """The word as it fits into a context: DIMENSIONS numbers, if it has a vector."""
        return self.context(n, -1)

    def context(self, n: int, role: int) -> memoryview | None:
        """The word as context in a role: an index of PLACES, NEAR or TOPIC."""
        row = self._vector_rows[n]
        at = (row * (ROLES + 1) + role + 1) * DIMENSIONS
        return self._vectors[at : at + DIMENSIONS] if row else None

    def fitted(self, numbers: list[int]) -> Mixture:
        """The mixture of models that fits this text best: expectation and maximisation over its bigrams."""
        both = [Mixture(self, share) for share in (0.0, 1.0)]
        pairs = [tuple(m.p2(y, z) for m in both) for y, z in zip(numbers, numbers[1:], strict=False) if z != self.start]
        share = 0.5
        for _ in range(FITTING_ROUNDS if pairs else 0):
            share = sum(share * s / (share * s + (1 - share) * g) for g, s in pairs) / len(pairs)
        return Mixture(self, share if share >= LEAST_SHARE else 0.0)


class Rows:
    """Rows of a table of pairs.  Short ones are unpacked when asked for, {other word: value}; long ones are searched where they lie."""

    def __init__(self, pairs: memoryview, starts: memoryview) -> None:
        self._pairs, self._starts = pairs, starts
        self._unpacked: dict[int, dict[int, int]] = {}
        self._held = 0

    def value(self, n: int, other: int) -> int:
        """One value of a row; 0 if it has none."""
        row = self._unpacked.get(n)
        return self._search(self._starts[n], self._starts[n + 1], other) if row is None else row.get(other, 0)

    def among(self, n: int, others: AbstractSet[int]) -> dict[int, int]:
        """The values that a row has of these words."""
        start, end = self._starts[n], self._starts[n + 1]
        if end - start > LONG_ROW:
            search = self._search
            return {o: value for o in others if (value := search(start, end, o))}
        row = self._unpacked.get(n)
        if row is None:
            if self._held > MOST_FOLLOWERS:
                self._unpacked.clear()
                self._held = 0
            row = self._unpacked[n] = {pair >> 14: pair & 0x3FFF for pair in self._pairs[start:end]}
            self._held += len(row)
        return {o: row[o] for o in others & row.keys()}

    def _search(self, start: int, end: int, other: int) -> int:
        at = bisect_left(self._pairs, other << 14, start, end)
        if at < end:
            pair: int = self._pairs[at]
            if pair >> 14 == other:
                return pair & 0x3FFF
        return 0


class Mixture:
    """The two models, the scientific one with weight `share` (0-1)."""

    def __init__(self, language: Language, share: float) -> None:
        self.share = share
        self._language = language
        self._singles = language.singles
        self._known: dict[int, float] = {}
        self._backed: dict[int, int] = {}

    def p1(self, z: int) -> float:
        """P(z)."""
        singles, share = self._singles, self.share
        general = P[singles[4 * z]] or UNKNOWN
        return (1 - share) * general + share * (P[singles[4 * z + 1]] or UNKNOWN) if share else general

    def p2(self, y: int, z: int) -> float:
        """P(z | y)."""
        return self.of_pair(self._language.pair(y, z), y, z)

    def of_pair(self, value: int, y: int, z: int) -> float:
        """P(z | y), given the pair's value (0: no model has it)."""
        singles, share = self._singles, self.share
        p = P[value >> 7] or P[singles[4 * y + 2]] * (P[singles[4 * z]] or UNKNOWN)
        if share:
            p = (1 - share) * p + share * (P[value & 0x7F] or P[singles[4 * y + 3]] * (P[singles[4 * z + 1]] or UNKNOWN))
        return p

    def log_p(self, x: int, y: int, z: int) -> float:
        """log P(z | x, y), in nats."""
        at = (x << 17 | y) << 17 | z
        nats = self._known.get(at)
        if nats is None:
            if len(self._known) > MOST_KEPT:
                self._known.clear()
                self._backed.clear()
            nats = self._known[at] = math.log(self._p3(x, y, z))
        return nats

    def _p3(self, x: int, y: int, z: int) -> float:
        get, singles, share = self._language.trigram, self._singles, self.share
        value = get(key(x, y, z))
        backed = self._backed.get(x << 17 | y)
        if backed is None:
            backed = self._backed[x << 17 | y] = get(key(0, x, y)) or 0x101
        pair = self._language.pair(y, z)
        p = P[value >> 8] or P[backed >> 8] * (P[pair >> 7] or P[singles[4 * y + 2]] * (P[singles[4 * z]] or UNKNOWN))
        if share:
            p = (1 - share) * p + share * (
                P[value & 0xFF] or P[backed & 0xFF] * (P[pair & 0x7F] or P[singles[4 * y + 3]] * (P[singles[4 * z + 1]] or UNKNOWN))
            )
        return p

    def log_p1(self, z: int) -> float:
        """log P(z), in nats."""
        return math.log(self.p1(z))


BRITISH = tuple((re.compile(british), american) for british, american in (
    ("(?<=[a-z][a-z])our", "or"), ("isation", "ization"), ("is(?=e|ing|able)", "iz"), ("ys(?=e|ing)", "yz"), ("ll(?=e|i|o)", "l"), ("re(?=s?$)", "er"), ("ogue", "og"),
    ("ence", "ense"), ("amme", "am"), ("ae", "e"), ("oe", "e"), ("que(?=s?$)", "ck"), ("grey", "gray"), ("mould", "mold"), ("plough", "plow"), ("tyre", "tire"),
))  # fmt: skip


def american(word: str) -> Iterator[str]:
    """Ways in which American English may spell a word of British English."""
    for british, replacement in BRITISH:
        spelled = british.sub(replacement, word, count=1)
        if spelled != word:
            yield spelled


def total(vectors: Iterable[Sequence[int] | None]) -> list[int]:
    """The sum of those that there are."""
    return [sum(column) for column in zip([0] * DIMENSIONS, *(v for v in vectors if v is not None), strict=True)]


def dot(a: Sequence[int], b: Sequence[int]) -> int:
    return sum(map(mul, a, b))
