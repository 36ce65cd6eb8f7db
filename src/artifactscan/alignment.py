"""A text beside its copy: which sentence came from which.

Three steps, each small.  Sentences are paired by the words they share: of all likely pairs the chain in order that
keeps most words.  Then a sentence that was split or joined takes its other half; then what moved elsewhere is paired.
What became of the words within a pair says `changes.py`.  Start reading at `align`.
"""
from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from rapidfuzz.distance import LCSseq

from artifactscan.changes import Sentence, changes_between
from artifactscan.model import Comparison, Document, Row
from artifactscan.text import CLOSERS, Passage, Text
from artifactscan.vocabulary import Vocabulary

REUSED = 0.5  # similarity from which a sentence counts as reused; of 749 spun sentences two of two words fall below it
REUSED_IN_PLACE = 0.33  # the same between two reused sentences; one stranger in two hundred reaches it
LONGEST = 150  # words and marks after which a sentence is cut, so that a text without full stops stays fast
CANDIDATES = 8  # sentences of the original looked at for each of the copy
AROUND = 2  # sentences before and after its place that are looked at too
COMMON = 100  # sentences in which a word may stand and still point to one
BETTER = 0.05  # how much more alike a pair must become by a neighbour to take it in


class Likely(NamedTuple):
    """Sentence i of the original and sentence j of the copy, which may belong together."""

    i: int
    j: int
    similarity: float  # 0-1
    shared: int  # words


class Pair(NamedTuple):
    """Sentences of the original and of the copy that belong together."""

    source: range
    block: range
    moved: bool = False


def align(original: Document, copy: Document, vocabulary: Vocabulary) -> Comparison:
    """The rows of a text and its copy.  Spans are code points of either text."""
    old, new = _sentences(original.text, vocabulary), _sentences(copy.text, vocabulary)
    pairs = _Pairing(old, new).pairs()
    used = {i for pair in pairs for i in pair.source}
    pair_of = {j: pair for pair in pairs for j in pair.block}
    rows: list[Row] = []
    next_old = 0
    for j, sentence in enumerate(new):
        pair = pair_of.get(j)
        if pair is None:
            rows.append(Row("added", 0.0, None, sentence.span, 1, ()))
        elif j == pair.block.start:
            if not pair.moved:
                rows += [_cut(old[i]) for i in range(next_old, pair.source.start) if i not in used]
                next_old = pair.source.stop
            rows.append(_row(_joined(old, pair.source), _joined(new, pair.block), len(pair.block), pair.moved))
    rows += [_cut(old[i]) for i in range(next_old, len(old)) if i not in used]
    return Comparison(original, copy, tuple(rows))


def _cut(sentence: Sentence) -> Row:
    return Row("cut", 0.0, sentence.span, None, 0, ())


def _row(old: Sentence, new: Sentence, sentences: int, moved: bool) -> Row:
    changes = tuple(changes_between(old, new))
    kind = "reordered" if moved else "changed" if changes else "same"
    return Row(kind, round(_similarity(old, new)[0], 3), old.span, new.span, sentences, changes)


def _sentences(text: str, vocabulary: Vocabulary) -> list[Sentence]:
    """The sentences of a whole text.  A quotation mark or bracket glued to a full stop ends with it."""
    passage = Passage(Text(text, vocabulary.tokens), 0, len(text))
    tokens, spans = passage.tokens, passage.spans
    found, first, index = [], 0, 0
    while index < len(tokens):
        ends = passage.ends_sentence(index)
        while ends and index + 1 < len(tokens) and tokens[index + 1] in CLOSERS and spans[index + 1][0] == spans[index][1]:
            index += 1
        index += 1
        if ends or index == len(tokens) or index - first >= LONGEST:
            last = index - 1 if tokens[index - 1][0] == "\n" else index
            if any(t[0].isalnum() for t in tokens[first:last]):
                found.append(Sentence(passage, first, last, vocabulary))
            first = index
    return found


def _joined(sentences: Sequence[Sentence], block: range) -> Sentence:
    """Neighbouring sentences as one."""
    first, last = sentences[block.start], sentences[block.stop - 1]
    return first if first is last else Sentence(first.passage, first.first, last.last, first.vocabulary)


class _Pairing:
    """Two texts while their sentences are paired; `free` are those without a partner yet."""

    def __init__(self, old: Sequence[Sentence], new: Sequence[Sentence]) -> None:
        self.old, self.new = old, new
        self.free_old, self.free_new = set(range(len(old))), set(range(len(new)))

    def pairs(self) -> list[Pair]:
        """The chain in order, what stands between its pairs, the halves of split sentences, and what moved."""
        likely = list(_likely(self.old, self.new))
        chain = _heaviest_chain(likely)
        for i, j in chain:
            self._take(Pair(range(i, i + 1), range(j, j + 1)))
        chain += list(self._between(chain))
        found = [self._grown(Pair(range(i, i + 1), range(j, j + 1))) for i, j in chain]
        for i, j, _, _ in sorted(likely, key=lambda pair: -pair.similarity):
            if i in self.free_old and j in self.free_new:
                found.append(self._take(Pair(range(i, i + 1), range(j, j + 1), moved=True)))
        return found

    def _take(self, pair: Pair) -> Pair:
        self.free_old.difference_update(pair.source)
        self.free_new.difference_update(pair.block)
        return pair

    def _similarity(self, pair: Pair) -> float:
        return _similarity(_joined(self.old, pair.source), _joined(self.new, pair.block))[0]

    def _between(self, chain: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """Between two pairs of the chain, as many sentences in the one text as in the other: one by one, if they are a little alike."""
        for (i, j), (next_i, next_j) in pairwise(chain):
            if next_i - i == next_j - j:
                for a, b in zip(range(i + 1, next_i), range(j + 1, next_j), strict=True):
                    pair = Pair(range(a, a + 1), range(b, b + 1))
                    if self._similarity(pair) >= REUSED_IN_PLACE:
                        self._take(pair)
                        yield a, b

    def _grown(self, pair: Pair) -> Pair:
        """A pair with the free neighbours that make it more alike: halves of a sentence that was split or joined."""
        similarity = self._similarity(pair)
        while True:
            wider = [pair._replace(source=source) for source in _widened(pair.source, self.free_old)]
            wider += [pair._replace(block=block) for block in _widened(pair.block, self.free_new)]
            best = max(wider, key=self._similarity, default=pair)
            if self._similarity(best) < similarity + BETTER:
                return pair
            pair, similarity = self._take(best), self._similarity(best)


def _widened(block: range, free: set[int]) -> Iterator[range]:
    if block.start - 1 in free:
        yield range(block.start - 1, block.stop)
    if block.stop in free:
        yield range(block.start, block.stop + 1)


def _likely(old: Sequence[Sentence], new: Sequence[Sentence]) -> Iterator[Likely]:
    """The pairs that may belong together.

    Looked at are the few sentences of the original with most words in common, rare words counting most, and those at
    about the same place, which decides between equals.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for i, sentence in enumerate(old):
        for lemma in set(sentence.lemmas):
            places[lemma].append(i)
    for j, sentence in enumerate(new):
        place = j * len(old) // len(new)
        votes: dict[int, float] = defaultdict(float, dict.fromkeys(range(max(0, place - AROUND), min(len(old), place + AROUND + 1)), 0.0))
        for lemma in dict.fromkeys(sentence.lemmas):
            if len(found := places.get(lemma, ())) <= COMMON:
                for i in found:
                    votes[i] += 1 / len(found)
        likeliest = nlargest(CANDIDATES, ((round(vote, 6), -abs(i - place), i) for i, vote in votes.items()))
        for _, _, i in likeliest:
            similarity, shared = _similarity(old[i], sentence)
            if similarity >= REUSED:
                yield Likely(i, j, similarity, shared)


def _similarity(old: Sentence, new: Sentence) -> tuple[float, int]:
    """(share, number) of the words, folded to lemmas, that stand in both in the same order."""
    shared = int(LCSseq.similarity(old.lemmas, new.lemmas))
    return 2 * shared / (len(old.lemmas) + len(new.lemmas)), shared


def _heaviest_chain(pairs: Iterable[Likely]) -> list[tuple[int, int]]:
    """Of the pairs, those in order in both texts that share most words."""
    ends: list[int] = []  # last sentences of the copy, ascending; chains[k] is the heaviest chain that ends at or before ends[k]
    chains: list[tuple[int, tuple[int, int] | None, Any]] = []  # (words, last pair, the chain before it)
    for _, row in groupby(sorted(pairs), key=lambda pair: pair.i):
        longer = []
        for i, j, _, shared in row:
            before = bisect_left(ends, j)
            chain = chains[before - 1] if before else (0, None, None)
            longer.append((j, (chain[0] + shared, (i, j), chain)))
        for j, chain in longer:
            at = bisect_left(ends, j)
            if (at and chains[at - 1][0] >= chain[0]) or (at < len(ends) and ends[at] == j and chains[at][0] >= chain[0]):
                continue
            worse = at
            while worse < len(ends) and chains[worse][0] <= chain[0]:
                worse += 1
            ends[at:worse], chains[at:worse] = [j], [chain]
    found = []
    link: Any = chains[-1] if chains else None
    while link and link[1]:
        found.append(link[1])
        link = link[2]
    return found[::-1]
