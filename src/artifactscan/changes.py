"""What became of the words of a sentence: aligned by edit distance, and every difference given a kind.

    synonym    words replaced by others           strange ministers <- foreign ministers
    residue    the same letters, other form       has n't <- hasn't, a early <- an early, the western <- the West
    reordered  the same words elsewhere           long and quiet <- quiet and long
    cut        words without a counterpart in the copy
    added      words without a counterpart in the original

Start reading at `changes_between`.
"""
from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate

from rapidfuzz.distance import Postfix, Prefix

from artifactscan.model import Change, Span
from artifactscan.text import ENDS, Passage
from artifactscan.vocabulary import GRAMMAR, Vocabulary

STEM, ENDING, ENDINGS = 4, 3, 4  # letters that two forms of a word share at least; letters at most of either ending, and of both
PHRASE = 4  # words on either side that one change may hold

# What it costs to turn one word into another; a word put in or left out costs 1, a mark less.
GLUED, INFLECTED, LIKE, UNLIKE, NEVER = 0.3, 0.4, 1.0, 1.7, 9.0
MARK_GAP = 0.6

FOLDED = str.maketrans("“”„«»‘’‚–—−", "\"\"\"\"\"'''---")
NOT_OF_GRAMMAR = "GLCJ'.,;-(\""  # classes of GRAMMAR that are names, adjectives or marks
WORDS_OF_GRAMMAR = frozenset(word for letter, words in GRAMMAR.items() if letter not in NOT_OF_GRAMMAR for word in words.split()) | frozenset(
    "me us him them mine ours yours hers theirs myself himself herself itself themselves i'm it's don't doesn't didn't isn't n't s".split()
)
ARTICLES = frozenset(("a", "an", "the"))

Step = tuple[int, int, int, int]  # tokens a..b of the original became tokens c..d of the copy (half-open)


class Sentence:
    """The tokens first..last (half-open) of a passage, and what they are compared by."""

    def __init__(self, passage: Passage, first: int, last: int, vocabulary: Vocabulary) -> None:
        self.passage, self.first, self.last, self.vocabulary = passage, first, last, vocabulary
        self.spans = passage.spans[first:last]
        self.span = Span(self.spans[0][0], self.spans[-1][1])

    @cached_property
    def tokens(self) -> list[str]:
        """Folded, with straight quotation marks and one kind of dash."""
        return [t.translate(FOLDED) for t in self.passage.tokens[self.first : self.last]]

    @cached_property
    def lemmas(self) -> list[str]:
        """Of the words; marks are left out."""
        return [self.vocabulary.lemma(t) for t in self.tokens if t[0].isalnum()]

    def gap(self, index: int) -> str:
        """What parts a token from the one before it: nothing, a space, or hyphens."""
        return _unwrapped(self.passage.text[self.spans[index - 1][1] : self.spans[index][0]])

    def surface(self, index: int) -> str:
        start, end = self.spans[index]
        return self.passage.text[start:end]

    def unwrapped(self, span: Span) -> str:
        """A stretch of the text as it would stand in one line."""
        return _unwrapped(self.passage.text[slice(*span)]).strip()

    def begins(self, index: int) -> bool:
        """Whether a token may have a capital for its place alone."""
        return not any(t[0].isalnum() for t in self.tokens[:index]) or self.tokens[index - 1] in ENDS

    def words(self, first: int, last: int) -> Span:
        """The span of tokens first..last (half-open); an empty one after the token before if there are none."""
        if first < last:
            return Span(self.spans[first][0], self.spans[last - 1][1])
        place = self.spans[first - 1][1] if first else self.span.start
        return Span(place, place)


def changes_between(old: Sentence, new: Sentence) -> list[Change]:
    """What became of the words, in order of place in the copy."""
    equal, other = _steps(old, new)
    runs = _runs(other, old, new)
    gone = Counter(w for a, b, _, _ in runs for w in _content(old, a, b))
    came = Counter(w for _, _, c, d in runs for w in _content(new, c, d))
    found = [(step, _kind(step, old, new, gone, came)) for step in runs]
    found += [(step, "residue") for step in _damaged(equal, old, new)]
    found.sort(key=lambda pair: (pair[0][2], pair[0][0]))
    changes = [Change(kind, old.words(a, b), new.words(c, d)) for (a, b, c, d), kind in found]
    return [c for c in changes if old.unwrapped(c.original) != new.unwrapped(c.copy)]  # line ends and paragraphs are no change


def _unwrapped(text: str) -> str:
    """A text as it would stand in one line."""
    return re.sub(r"\s+", " ", re.sub(r"([-\u2010\u2011])\s*\n\s*", r"\1", text))


def _kind(step: Step, old: Sentence, new: Sentence, gone: Counter[str], came: Counter[str]) -> str:
    """The kind of a change, by what it holds and by the content words that went and came in the whole sentence."""
    a, b, c, d = step
    before, after = old.tokens[a:b], new.tokens[c:d]
    if _letters(before) == _letters(after):
        return "residue"
    if len(before) == len(after) and all(_inflected(one, other, old.vocabulary) for one, other in zip(before, after, strict=True)):
        return "residue"
    left, arrived = _content(old, a, b), _content(new, c, d)
    if left and sorted(left) == sorted(arrived):
        return "residue" if left == arrived else "reordered"
    if (left or arrived) and all(came[w] for w in left) and all(gone[w] for w in arrived):
        return "reordered"
    return "synonym" if before and after else "cut" if before else "added"


def _content(sentence: Sentence, first: int, last: int) -> list[str]:
    """Lemmas of the content words among some tokens."""
    return [sentence.vocabulary.lemma(t) for t in sentence.tokens[first:last] if t[0].isalnum() and t not in WORDS_OF_GRAMMAR]


def _letters(tokens: Sequence[str]) -> str:
    return "".join(c for t in tokens for c in t if c.isalnum())


def _inflected(before: str, after: str, vocabulary: Vocabulary) -> bool:
    """Whether two words are forms or spellings of one: the same lemma, two articles, or one stem with short endings."""
    if before == after or (before in ARTICLES and after in ARTICLES) or vocabulary.lemma(before) == vocabulary.lemma(after):
        return True
    stem = Prefix.similarity(before, after)
    endings = len(before) - stem, len(after) - stem
    return stem >= STEM and max(endings) <= ENDING and sum(endings) <= ENDINGS


def _steps(old: Sentence, new: Sentence) -> tuple[list[tuple[int, int]], list[Step]]:
    """(pairs of equal tokens, single steps of everything else): the cheapest way from the one sentence to the other."""
    before, after = old.tokens, new.tokens
    head = Prefix.similarity(before, after)
    tail = Postfix.similarity(before[head:], after[head:])
    equal = [(k, k) for k in range(head)]
    steps: list[Step] = []
    for a, b, c, d in _cheapest(before[head : len(before) - tail], after[head : len(after) - tail], old.vocabulary):
        if before[head + a : head + b] == after[head + c : head + d]:
            equal.append((head + a, head + c))
        else:
            steps.append((head + a, head + b, head + c, head + d))
    return equal + [(len(before) - k, len(after) - k) for k in range(tail, 0, -1)], steps


def _cheapest(before: Sequence[str], after: Sequence[str], vocabulary: Vocabulary) -> list[Step]:
    """The steps of least cost that turn the one list of tokens into the other."""
    costs: dict[tuple[str, str], float] = {}
    glued = _glued(before, after)
    into = [1.0 if t[0].isalnum() else MARK_GAP for t in after]
    table = [[0.0, *accumulate(into)]]
    came: dict[tuple[int, int], tuple[int, int]] = {}  # place -> (tokens of the original, of the copy) that led there
    for i, one in enumerate(before):
        gap = 1.0 if one[0].isalnum() else MARK_GAP
        above, here = table[-1], [table[-1][0] + gap]
        left = here[0]
        for j, other in enumerate(after):
            if one == other:
                cost = 0.0
            elif (one, other) in costs:
                cost = costs[one, other]
            else:
                cost = costs[one, other] = _cost(one, other, vocabulary)
            best, step = above[j] + cost, (1, 1)
            if above[j + 1] + gap < best:
                best, step = above[j + 1] + gap, (1, 0)
            if left + into[j] < best:
                best, step = left + into[j], (0, 1)
            if (i, j) in glued:
                m, n = glued[i, j]
                if (joined := GLUED + table[i + 1 - m][j + 1 - n]) < best:
                    best, step = joined, (m, n)
            if step != (1, 1):
                came[i, j] = step
            here.append(best)
            left = best
        table.append(here)
    steps: list[Step] = []
    i, j = len(before), len(after)
    while i or j:
        m, n = (0, 1) if not i else (1, 0) if not j else came.get((i - 1, j - 1), (1, 1))
        steps.append((i - m, i, j - n, j))
        i, j = i - m, j - n
    return steps[::-1]


def _glued(before: Sequence[str], after: Sequence[str]) -> dict[tuple[int, int], tuple[int, int]]:
    """Where one word is written as two or three tokens in the other text: (last tokens of both) -> (how many of either)."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for whole, parts, swapped in ((before, after, False), (after, before, True)):
        places: dict[str, list[int]] = defaultdict(list)
        for k, token in enumerate(whole):
            places[_letters((token,))].append(k)
        for length in (2, 3):
            for start in range(len(parts) - length + 1):
                some = parts[start : start + length]
                if some[0][0].isalnum() and some[-1][0].isalnum():
                    for k in places.get(_letters(some), ()):
                        last = start + length - 1
                        found[(last, k) if swapped else (k, last)] = (length, 1) if swapped else (1, length)
    return found


def _cost(one: str, other: str, vocabulary: Vocabulary) -> float:
    if one[0].isalnum() != other[0].isalnum():
        return NEVER
    if not one[0].isalnum():
        return LIKE
    if _inflected(one, other, vocabulary):
        return INFLECTED
    return LIKE if (one in WORDS_OF_GRAMMAR) == (other in WORDS_OF_GRAMMAR) else UNLIKE


def _runs(steps: Iterable[Step], old: Sentence, new: Sentence) -> list[Step]:
    """Steps that touch, as one change: words with words and marks with marks, up to the length of a phrase."""
    runs: list[Step] = []
    last = ""
    for a, b, c, d in steps:
        before, after = old.tokens[a:b], new.tokens[c:d]
        sort = "glued" if len(before) != len(after) and before and after else "word" if (before or after)[0][0].isalnum() else "mark"
        if runs and sort == last != "glued" and runs[-1][1] == a and runs[-1][3] == c and max(b - runs[-1][0], d - runs[-1][2]) <= PHRASE:
            runs[-1] = (runs[-1][0], b, runs[-1][2], d)
        else:
            runs.append((a, b, c, d))
        last = sort
    return runs


def _damaged(equal: Sequence[tuple[int, int]], old: Sentence, new: Sentence) -> list[Step]:
    """Words and marks that are the same in both, but stand apart where they stood together, or the like, or in another case."""
    found: list[Step] = []
    for k, (i, j) in enumerate(equal):
        touching = k > 0 and equal[k - 1] == (i - 1, j - 1)
        if touching and old.gap(i) != new.gap(j):
            a, c = (found.pop()[::2]) if found and found[-1][1] == i else (i - 1, j - 1)
            found.append((a, i + 1, c, j + 1))
        elif not (old.begins(i) or new.begins(j)) and _capitals(old.surface(i)) != _capitals(new.surface(j)):
            found.append((i, i + 1, j, j + 1))
    return found


def _capitals(word: str) -> list[str]:
    return [c for c in word if c.isupper()]
