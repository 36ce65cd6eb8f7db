"""Compiles what the decoder reads: n-grams, the channel and the word vectors.

Sections: "words", "word-starts", "word-letters" (packing.Words; phrases have numbers too), "singles" (four bytes a word:
probability and back-off in either model), "after" and "before" (32 bits a pair, by its first and by its second word: the other
word << 14 | general << 7 | science) with "after-starts" and "before-starts", "trigrams" (packing.Slots; value: general << 8 |
science; the back-off of a pair stands under (0, x, y)), "channel" and "channel-starts" (32 bits a pair: original << 8 |
published << 7 | q), "phrase-starts" (a byte a slot), "lemmas" (32 bits a word), "vector-rows" (16 bits a word, 0 for
none) and "vectors" (a row: the word as it fits, then in each role of language.py, DIMENSIONS bytes each).  Probabilities are stored as q + 1, q = -10 * log10 P.
"""
from __future__ import annotations

import array
import lzma
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import product
from operator import mul
from pathlib import Path

from artifactscan.language import DIMENSIONS, MODELS, NUMBER, ROLES, START, STOP, american
from artifactscan.model import ArtifactscanError
from artifactscan.packing import STARTS, Slots, Words, key, start_slot
from artifactscan.vocabulary import Vocabulary, same_word

MOST = 100  # originals of one spun form
MOST_NUMBERS = 1 << 17  # of words and phrases
LEAST_BACK_OFF = 1e-3
OTHER_NUMBER = {"NN": "NNS", "NNS": "NN"}
RARELY = 7  # steps of a probability by which a published pair is rarer where a singular stands for a plural, or a plural for a singular
BASE_TAGS = frozenset({"NN", "VB", "JJ", "RB"})
MATRIX = "<matrix>"  # name of the lines of vectors.txt.xz that hold the projections
ZERO, VECTOR_STEP, MATRIX_STEP = 80, 100, 256  # a vector's character is chr(ZERO + value * VECTOR_STEP), a matrix's number value * MATRIX_STEP
Pair = tuple[str, int, bool]  # original, q, published
Grams = dict[int, dict[tuple[str, ...], int]]  # n -> words -> q


def language_sources(folder: Path) -> list[Path]:
    """The files that the decoder's tables are made from."""
    return [*(folder / "ngrams" / f"{m}.txt.xz" for m in MODELS), folder / "channel.txt.xz", folder / "vectors.txt.xz"]


def language_sections(folder: Path, forms: list[tuple[str, list[str], frozenset[str]]], vocabulary: Vocabulary) -> tuple[dict[str, bytes], dict[str, float]]:
    """(the sections, further facts for the header); `forms` are of words.tsv.xz: form, lemmas, tags."""
    models = [read_grams(folder / "ngrams" / f"{m}.txt.xz") for m in MODELS]
    channel = _channel(folder / "channel.txt.xz", forms, vocabulary)
    vectors, fit_scale = _vectors(folder / "vectors.txt.xz")
    names = {START, STOP, NUMBER, *vectors, *channel, *(o for pairs in channel.values() for o, *_ in pairs)}
    for grams in models:
        names.update(word for (word,) in grams[1])
    names.update(vocabulary.lemma(w) for w in list(names) if " " not in w)
    words = sorted(names)
    if len(words) >= MOST_NUMBERS:
        raise ArtifactscanError(f"{folder}: {len(words):,} words and phrases, but a number has 17 bits; raise the least frequency in the tools")
    number = {word: n for n, word in enumerate(words, 1)}
    sections = dict(zip(("words", "word-starts", "word-letters"), Words.pack(words), strict=True))
    sections |= _ngrams(models, number)
    rows = [[number[o] << 8 | marked << 7 | q for o, q, marked in channel.get(word, ())] for word in ("", *words)]
    sections["channel"], sections["channel-starts"] = _packed(rows)
    sections["phrase-starts"] = _phrase_starts(channel, number)
    sections["lemmas"] = array.array("I", [0, *(number[vocabulary.lemma(w)] if " " not in w else n for n, w in enumerate(words, 1))]).tobytes()
    row_of = {word: row for row, word in enumerate(sorted(vectors), 1)}
    sections["vector-rows"] = array.array("H", [0, *(row_of.get(w, 0) for w in words)]).tobytes()
    sections["vectors"] = bytes(DIMENSIONS * (ROLES + 1)) + b"".join(vectors[w] for w in row_of)
    return sections, {"fit-scale": fit_scale}


def _phrase_starts(phrases: Iterable[str], number: dict[str, int]) -> bytes:
    """A byte for each slot of packing.STARTS: the length of the longest phrase that two words, as Language.numbers has them, may begin; 0 if none."""
    slots = bytearray(STARTS)
    for words in map(str.split, phrases):
        if len(words) > 1:
            first, second = ([number.get(w, 0) for w in ("a" if word == "an" else word, word.removesuffix("'s"), *american(word))] for word in words[:2])
            for y, z in product(first, second):
                slots[start_slot(y, z)] = max(slots[start_slot(y, z)], len(words))
    return bytes(slots)


def _lines(path: Path) -> Iterator[str]:
    with lzma.open(path, "rt", encoding="utf-8") as f:
        for line in f:
            yield line.rstrip("\n")


def _packed(rows: list[list[int]]) -> tuple[bytes, bytes]:
    """Rows of numbers one after another, and where each starts."""
    numbers, starts = array.array("I"), array.array("I", [0])
    for row in rows:
        numbers.extend(row)
        starts.append(len(numbers))
    return numbers.tobytes(), starts.tobytes()


def read_grams(path: Path) -> Grams:
    """A file of lexicons/ngrams."""
    grams: Grams = {1: {}, 2: {}, 3: {}}
    for line in _lines(path):
        before, _, after = line.partition("\t")
        context = tuple(before.split())
        held = grams[len(context) + 1]
        for entry in after.split(" "):
            held[(*context, entry[:-1])] = ord(entry[-1]) - 33
    return grams


def _ngrams(models: list[Grams], number: dict[str, int]) -> dict[str, bytes]:
    """The sections of both models.  Back-off weights make the probabilities of each context sum to one."""
    back_offs = [_back_off(grams) for grams in models]
    singles = bytearray(4 * (len(number) + 1))
    pairs: dict[tuple[int, int], int] = defaultdict(int)
    longer: dict[int, int] = defaultdict(int)
    for m, (grams, back_off) in enumerate(zip(models, back_offs, strict=True)):
        for (word,), q in grams[1].items():
            singles[4 * number[word] + m] = q + 1
        for n in range(len(number) + 1):
            singles[4 * n + 2 + m] = 1
        for (y, z), q in grams[2].items():
            pairs[number[y], number[z]] |= q + 1 << (0 if m else 7)
        for (x, y, z), q in grams[3].items():
            longer[key(number[x], number[y], number[z])] |= q + 1 << (0 if m else 8)
        for context, weight in back_off.items():
            if len(context) == 1:
                singles[4 * number[context[0]] + 2 + m] = weight + 1
            else:
                longer[key(0, number[context[0]], number[context[1]])] |= weight + 1 << (0 if m else 8)
    for context in {c for back_off in back_offs for c in back_off if len(c) == 2}:
        at = key(0, number[context[0]], number[context[1]])
        longer[at] |= (0 if longer[at] >> 8 else 0x100) | (0 if longer[at] & 0xFF else 1)
    after: list[list[int]] = [[] for _ in range(len(number) + 1)]
    before: list[list[int]] = [[] for _ in range(len(number) + 1)]
    for (first, second), value in sorted(pairs.items()):
        after[first].append(second << 14 | value)
        before[second].append(first << 14 | value)
    sections = {"singles": bytes(singles), "trigrams": Slots.pack(longer.items(), len(longer))}
    sections["after"], sections["after-starts"] = _packed(after)
    sections["before"], sections["before-starts"] = _packed(before)
    return sections


def _back_off(grams: Grams) -> dict[tuple[str, ...], int]:
    """Context -> q of its back-off weight, for every context with longer n-grams."""
    p = [10 ** (-q / 10) for q in range(128)]
    seen: dict[tuple[str, ...], float] = defaultdict(float)
    lower: dict[tuple[str, ...], float] = defaultdict(float)

    def weight(context: tuple[str, ...]) -> float:
        if context not in seen:
            return 1.0
        return min(1.0, max(LEAST_BACK_OFF, 1 - seen[context]) / max(LEAST_BACK_OFF, 1 - lower[context]))

    for words, q in grams[2].items():
        seen[words[:1]] += p[q]
        lower[words[:1]] += p[grams[1].get(words[1:], 90)]
    singly = {context: weight(context) for context in seen}
    for words, q in grams[3].items():
        seen[words[:2]] += p[q]
        shorter = grams[2].get(words[1:])
        lower[words[:2]] += p[shorter] if shorter is not None else p[grams[1].get(words[2:], 90)] * singly.get(words[1:2], 1.0)
    return {context: min(90, round(-10 * math.log10(weight(context)))) for context in list(seen)}


def _vectors(path: Path) -> tuple[dict[str, bytes], float]:
    """({word: its row}, nats of one unit of a product).  All sums are of whole numbers, so that every machine makes the same bytes."""
    matrices: list[list[list[int]]] = []
    held: dict[str, list[int]] = {}
    for line in _lines(path):
        name, _, rest = line.partition("\t")
        if name == MATRIX:
            matrices.append([[int(x) for x in column.split(",")] for column in rest.split(" ")])
        else:
            held[name] = [ord(c) - ZERO for c in rest]
    if not held:
        return {}, 0.0
    widths = []
    for matrix in matrices:
        sample = [abs(sum(map(mul, vector, column))) for vector in list(held.values())[::50] for column in matrix]
        widths.append(max(1, sorted(sample)[int(0.999 * len(sample))] // 127))
    share = max(widths[1:])  # one width for all contexts, so that their sums are comparable
    widths = [widths[0], *(share for _ in widths[1:])]
    rows = {}
    for word, vector in held.items():
        row = array.array("b")
        for matrix, width in zip(matrices, widths, strict=True):
            row.extend(max(-127, min(127, (2 * sum(map(mul, vector, column)) + width) // (2 * width))) for column in matrix)
        rows[word] = row.tobytes()
    return rows, widths[0] * share / (MATRIX_STEP * VECTOR_STEP) ** 2


def _channel(path: Path, forms: list[tuple[str, list[str], frozenset[str]]], vocabulary: Vocabulary) -> dict[str, list[Pair]]:
    """The channel by form: inflection is carried over from the spun lemma to the originals."""
    inflected: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))  # lemma -> tag -> forms
    for form, lemmas, tags in forms:
        for lemma in lemmas:
            for tag in tags:
                if (tag in BASE_TAGS) == (form == lemma) or (tag == "VBN" and form == lemma):
                    inflected[lemma][tag].append(form)
    channel: dict[str, dict[str, tuple[int, bool]]] = defaultdict(dict)

    def differ(spun: str, original: str) -> bool:
        """Whether they are more than forms of one lemma or spellings of one word."""
        return not same_word(spun, original) and (" " in spun or " " in original or vocabulary.lemma(spun) != vocabulary.lemma(original))

    def put(spun: str, original: str, q: int, marked: bool) -> None:
        known = channel[spun].get(original)
        if differ(spun, original) and (known is None or q < known[0]):
            channel[spun][original] = (q, marked or bool(known and known[1]))

    for line in _lines(path):
        spun, _, rest = line.partition("\t")
        originals = [(e[:-1].rstrip("=").replace("_", " "), ord(e[-1]) - 33, e[-2] == "=") for e in rest.split(" ")]
        head, _, tail = spun.partition(" ")
        for original, q, marked in originals:
            if not tail and " " not in original:
                for tag, spun_forms in inflected[spun].items() if spun in inflected else ():
                    for s in spun_forms:
                        for o in inflected[original].get(tag, ()) if original in inflected else ():
                            put(s, o, q, marked)
                        for o in inflected[original].get(OTHER_NUMBER.get(tag, ""), ()) if marked and original in inflected else ():
                            put(s, o, q + RARELY, False)
                if not (inflected.get(spun) and inflected.get(original)):
                    put(spun, original, q, marked)
            elif tail and " " not in original and tail in PARTICLES and head in inflected:
                for tag in ("VB", "VBZ", "VBG", "VBN"):
                    for s in inflected[head].get(tag, ()):
                        for o in inflected[original].get(tag, ()) if original in inflected else ():
                            put(f"{s} {tail}", o, q, marked)
            else:
                put(spun, original, q, marked)
                last, end = spun.rpartition(" ")[2], original.rpartition(" ")[2]
                for s in inflected[last].get("NNS", ()) if last in inflected else ():
                    for o in inflected[end].get("NNS", ()) if end in inflected else ():
                        put(spun[: -len(last)] + s, original[: -len(end)] + o, q, marked)
    out: dict[str, list[Pair]] = {}
    for spun, found in channel.items():
        best = sorted(found.items(), key=lambda item: (not item[1][1], item[1][0] - 5 * vocabulary.zipf(item[0].rpartition(" ")[2]), item[0]))
        out[spun] = [(o, q, marked) for o, (q, marked) in best[:MOST]]
    return out


PARTICLES = frozenset("at away back by down for from in into of off on out over through to together up upon with".split())
