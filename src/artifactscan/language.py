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
from collections.abc import Callable, Iterable, Iterator, KeysView, Sequence
from itertools import pairwise
from operator import mul

from artifactscan.packing import Slots, Words, key
from artifactscan.tables import Tables
from artifactscan.vocabulary import GRAMMAR

START, STOP, NUMBER = "<s>", "</s>", "#"
MODELS = ("general", "science")
ENDS = frozenset(".!?;:")
P = [0.0, *(10 ** (-q / 10) for q in range(127))]  # of a stored probability, which is q + 1; 0 is none
UNKNOWN = 1e-8  # probability of a word that a model does not have
ALONE = [UNKNOWN, *P[1:]]  # of a stored probability of a word
LEAST_SHARE = 0.03  # below it the scientific model is not asked
FITTING_ROUNDS = 4
MOST_KEPT = 40_000  # word numbers, pairs and probabilities kept, of each kind
MOST_UNPACKED = 80_000  # entries of unpacked rows kept, of either kind
VALUES = list(range(1 << 14))  # of pairs: one number each, however often it is kept
LONG_ROW = 500  # entries: a longer row is not unpacked
PASSED_OVER = -1  # number of a mark inside a clause

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
        self.lemma: Callable[[int], int] = tables.view("lemmas").cast("I").__getitem__  # of a word, both by number
        self._vector_rows = tables.view("vector-rows").cast("H")
        self._vectors = tables.view("vectors").cast("b")
        self.fit_scale = tables.header["fit-scale"]  # nats of one unit of a product of vectors
        self.numbers = Numbers(self)
        self._pairs: dict[int, int] = {}
        self.start, self.stop = self.words.number(START), self.words.number(STOP)
        grammar = (w for letter, tokens in GRAMMAR.items() if letter not in "LCJG" for w in tokens.split())
        self.closed = frozenset((0, self.start, self.stop, *map(self.words.number, grammar)))

    def number(self, word: str) -> int:
        """The word's number, or that of its commoner American spelling, or of its base for a possessive; 0 for a word that is not known."""
        n = self.words.number(word) or (self.words.number(word[:-2]) if word.endswith("'s") else 0)
        return max((n, *map(self.words.number, american(word))), key=self._commonness)

    def _commonness(self, n: int) -> int:
        """Orders words by how common they are in general English."""
        return -self.singles[4 * n] if self.singles[4 * n] else -255

    def after(self, y: int) -> Neighbours:
        """The words that follow y -> value of the pair."""
        return self._after.row(y)

    def before(self, z: int) -> Neighbours:
        """The words that come before z -> value of the pair."""
        return self._before.row(z)

    def pair(self, y: int, z: int) -> int:
        """Value of the pair y z; 0 if no model has it."""
        at = y << 17 | z
        value = self._pairs.get(at)
        if value is None:
            if len(self._pairs) > MOST_KEPT:
                self._pairs.clear()
            value = self._pairs[at] = self._after.value(y, z)
        return value

    def vector(self, n: int) -> memoryview | None:
        """The word as it fits into a context: DIMENSIONS numbers, if it has a vector."""
        return self.context(n, -1)

    def context(self, n: int, role: int) -> memoryview | None:
        """The word as context in a role: an index of PLACES, NEAR or TOPIC."""
        row = self._vector_rows[n]
        at = (row * (ROLES + 1) + role + 1) * DIMENSIONS
        return self._vectors[at : at + DIMENSIONS] if row else None

    def context_of(self, words: Iterable[int], role: int) -> list[int]:
        """The mean of words as context in a role, words of grammar left out, drawn towards zero where they are few."""
        rows, vectors, closed = self._vector_rows, self._vectors, self.closed
        starts = [(row * (ROLES + 1) + role + 1) * DIMENSIONS for n in words if n not in closed and (row := rows[n])]
        return [x // (len(starts) + SHRINK) for x in total(vectors[at : at + DIMENSIONS] for at in starts)]

    def fitted(self, numbers: list[int]) -> Mixture:
        """The mixture of models that fits this text best: expectation and maximisation over its bigrams."""
        pair, singles = self.pair, self.singles
        more = []  # by how much likelier than the general model the scientific one finds each pair, as a part of the general one's probability
        for y, z in pairwise(numbers):
            value = pair(y, z)
            general = P[value >> 7] or P[singles[4 * y + 2]] * ALONE[singles[4 * z]]
            more.append((P[value & 0x7F] or P[singles[4 * y + 3]] * ALONE[singles[4 * z + 1]]) / general - 1)
        share = 0.5
        for _ in range(FITTING_ROUNDS if more else 0):
            share = 1 - (1 - share) * sum([1 / (1 + share * m) for m in more]) / len(more)
        return Mixture(self, share if share >= LEAST_SHARE else 0.0)


class Numbers(dict[str, int]):
    """Token -> number of the word that the models know it as: STOP for what ends a clause, PASSED_OVER for other marks."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def __missing__(self, token: str) -> int:
        if len(self) > MOST_KEPT:
            self.clear()
        (word,) = lm_tokens((token,))
        n = self[token] = self._language.number(word) if word else PASSED_OVER
        return n


class LongRow:
    """The row of a word that goes with very many: it is searched where it lies."""

    def __init__(self, pairs: memoryview, start: int, end: int) -> None:
        self._pairs, self._start, self._end = pairs, start, end

    def get(self, other: int, default: int = 0) -> int:
        """The value of the pair with another word."""
        return _value(self._pairs, self._start, self._end, other) or default

    def among(self, words: Iterable[int]) -> dict[int, int]:
        """The values of the pairs with those of the words that it has."""
        pairs, start, end = self._pairs, self._start, self._end
        found = {}
        for word in words:
            at = bisect_left(pairs, word << 14, start, end)
            if at < end and (pair := pairs[at]) >> 14 == word:
                found[word] = pair & 0x3FFF
        return found


def _value(pairs: memoryview, start: int, end: int, other: int) -> int:
    """The value of the pair with another word in the row from `start` to `end`; 0 if it has none."""
    at = bisect_left(pairs, other << 14, start, end)
    return VALUES[pair & 0x3FFF] if at < end and (pair := pairs[at]) >> 14 == other else 0


Neighbours = dict[int, int] | LongRow


def attested(neighbours: Neighbours, words: KeysView[int]) -> dict[int, int]:
    """Those of the words that stand beside a word, by its row, with the values of the pairs."""
    return {w: neighbours[w] for w in words & neighbours.keys()} if isinstance(neighbours, dict) else neighbours.among(words)


class Rows:
    """Rows of a table of pairs.  Short ones are unpacked when asked for, {other word: value}; long ones are searched where they lie."""

    def __init__(self, pairs: memoryview, starts: memoryview) -> None:
        self._pairs, self._starts = pairs, starts
        self._unpacked: dict[int, dict[int, int]] = {}
        self._held = 0

    def value(self, n: int, other: int) -> int:
        """One value of a row; 0 if it has none."""
        return _value(self._pairs, self._starts[n], self._starts[n + 1], other)

    def row(self, n: int) -> Neighbours:
        """The whole row."""
        row = self._unpacked.get(n)
        if row is None:
            start, end = self._starts[n], self._starts[n + 1]
            if end - start > LONG_ROW:
                return LongRow(self._pairs, start, end)
            row = {pair >> 14: VALUES[pair & 0x3FFF] for pair in self._pairs[start:end]}
            self._held += len(row)
            while self._held > MOST_UNPACKED:
                self._held -= len(self._unpacked.pop(next(iter(self._unpacked))))
            self._unpacked[n] = row
        return row


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
        general = ALONE[singles[4 * z]]
        return (1 - share) * general + share * ALONE[singles[4 * z + 1]] if share else general

    def p2(self, y: int, z: int) -> float:
        """P(z | y)."""
        return self.of_pair(self._language.pair(y, z), y, z)

    def of_pair(self, value: int, y: int, z: int) -> float:
        """P(z | y), given the pair's value (0: no model has it)."""
        singles, share = self._singles, self.share
        p = P[value >> 7] or P[singles[4 * y + 2]] * ALONE[singles[4 * z]]
        if share:
            p = (1 - share) * p + share * (P[value & 0x7F] or P[singles[4 * y + 3]] * ALONE[singles[4 * z + 1]])
        return p

    def log_p2(self, y: int, z: int) -> float:
        """log P(z | y), in nats."""
        return math.log(self.p2(y, z))

    def together(self, y: int, z: int, r: int) -> tuple[float, float]:
        """(P(z | y) P(r | z), P(z) P(r))."""
        pair, singles, share = self._language.pair, self._singles, self.share
        left, right = pair(y, z), pair(z, r)
        alone, next_alone = ALONE[singles[4 * z]], ALONE[singles[4 * r]]
        p = P[left >> 7] or P[singles[4 * y + 2]] * alone
        q = P[right >> 7] or P[singles[4 * z + 2]] * next_alone
        if share:
            in_science, next_in_science = ALONE[singles[4 * z + 1]], ALONE[singles[4 * r + 1]]
            p += share * ((P[left & 0x7F] or P[singles[4 * y + 3]] * in_science) - p)
            q += share * ((P[right & 0x7F] or P[singles[4 * z + 3]] * next_in_science) - q)
            alone += share * (in_science - alone)
            next_alone += share * (next_in_science - next_alone)
        return p * q, alone * next_alone

    def between(self, y: int, words: Iterable[int], r: int, after: Neighbours, before: Neighbours) -> Iterator[tuple[int, float]]:
        """(word, P(word | y) P(r | word)) of each of these words, given the rows of y and of r."""
        singles, share = self._singles, self.share
        backed, backed_science = P[singles[4 * y + 2]], P[singles[4 * y + 3]]
        alone, alone_science = ALONE[singles[4 * r]], ALONE[singles[4 * r + 1]]
        for o in words:
            left, right, at = after.get(o, 0), before.get(o, 0), 4 * o
            p = P[left >> 7] or backed * ALONE[singles[at]]
            q = P[right >> 7] or P[singles[at + 2]] * alone
            if share:
                p += share * ((P[left & 0x7F] or backed_science * ALONE[singles[at + 1]]) - p)
                q += share * ((P[right & 0x7F] or P[singles[at + 3]] * alone_science) - q)
            yield o, p * q

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
        p = P[value >> 8] or P[backed >> 8] * (P[pair >> 7] or P[singles[4 * y + 2]] * ALONE[singles[4 * z]])
        if share:
            p = (1 - share) * p + share * (
                P[value & 0xFF] or P[backed & 0xFF] * (P[pair & 0x7F] or P[singles[4 * y + 3]] * ALONE[singles[4 * z + 1]])
            )
        return p

    def log_p1(self, z: int) -> float:
        """log P(z), in nats."""
        return math.log(self.p1(z))


AMERICAN = {
    "our": "or", "isation": "ization", "is": "iz", "ys": "yz", "ll": "l", "re": "er", "ogue": "og", "ence": "ense", "amme": "am", "ae": "e", "oe": "e", "que": "ck",
    "grey": "gray", "mould": "mold", "plough": "plow", "tyre": "tire",
}  # fmt: skip
BRITISH = re.compile(
    r"our(?<=[a-z][a-z]our)|isation|is(?=e|ing|able)|ys(?=e|ing)|ll(?=[eio])|re(?=s?$)|ogue|ence|amme|ae|oe|que(?=s?$)|grey|mould|plough|tyre"
)  # where one of them is spelt otherwise


def american(word: str) -> Iterator[str]:
    """Ways in which American English may spell a word of British English."""
    for match in BRITISH.finditer(word):
        yield word[: match.start()] + AMERICAN[match[0]] + word[match.end() :]


def total(vectors: Iterable[Sequence[int] | None]) -> list[int]:
    """The sum of those that there are."""
    return [sum(column) for column in zip([0] * DIMENSIONS, *(v for v in vectors if v is not None), strict=True)]


def dot(a: Sequence[int], b: Sequence[int]) -> int:
    return sum(map(mul, a, b))
