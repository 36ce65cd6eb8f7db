#!/usr/bin/env python3
"""Build lexicons/ngrams/: a trigram model of general and one of scientific English, pruned to what carries information.

    python tools/build_ngrams.py DATA [--without K/N]

General: the trigram model that the package pocketsphinx carries (US English).  Scientific: counted in the titles and
abstracts of DATA/arxiv, with absolute discounting; the terms that the published list expects (without the fold K of N, as in
build_channel.py) and WordNet's compounds count TERM times each.  "an" is counted as "a".  Needs the [tools] extra.

Each line of an output: the context (none, one or two words), a tab, and the words that may follow, each with one
character for its probability: chr(33 + q), q = round(-10 * log10 P(word | context)).  An n-gram is kept where it says
clearly more than the shorter one does; how much probability is left to the shorter one is worked out when the tables are
compiled.  <s> and </s> are the sentence's ends, # any number; other marks are passed over.
"""
from __future__ import annotations

import lzma
import re
import struct
import sys
from collections.abc import Container, Iterable, Iterator
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from artifactscan.compiled import builtin_tables
from artifactscan.language import START, STOP, lm_tokens
from artifactscan.text import Text
from artifactscan.vocabulary import Vocabulary
from clean_text import abstracts
from thesauri import Fold, arguments, published, wordnet

OUT = Path(__file__).parents[1] / "lexicons" / "ngrams"
GAIN = {"general": (0.6, 1.0), "science": (0.9, 1.0)}  # log10: least gain of a kept bigram and trigram over the shorter n-gram
LEAST = {1: 20, 2: 5, 3: 7}  # counts in the abstracts below which an n-gram is left out
TERM = 6  # times that a term counts
DISCOUNT = 0.75  # taken from every count (Ney, Essen and Kneser 1994)
WORD = re.compile(r"[a-z']+|#|</?s>")


def general() -> tuple[list[str], dict[int, Any]]:
    """(words, {n: (ids, log10 P, log10 gain over the shorter n-gram)}) of pocketsphinx's model, a bit-packed trie.

    Layout: magic, order, counts, quantisation tables, unigrams, and for each longer order word, back-off, probability
    (and start of the next order) in as many bits as they need.
    """
    data = resources.files("pocketsphinx").joinpath("model/en-us/en-us.lm.bin").read_bytes()
    at = len(b"Trie Language Model") + 1
    n1, n2, n3 = struct.unpack_from("<3I", data, at)
    at += 12 + 4
    quant = np.frombuffer(data, "<f4", 3 * 65536, at).reshape(3, 65536)
    at += quant.nbytes
    unigrams = np.frombuffer(data, np.dtype([("p", "<f4"), ("bo", "<f4"), ("next", "<u4")]), n1 + 1, at)
    at += unigrams.nbytes
    word_bits, next_bits = int(n1).bit_length(), int(n3).bit_length()
    wide2, wide3 = word_bits + 32 + next_bits, word_bits + 16
    size2, size3 = ((1 + n2) * wide2 + 7) // 8 + 8, ((1 + n3) * wide3 + 7) // 8 + 8
    packed2 = np.frombuffer(data + b"\0" * 16, np.uint8, size2 + 16, at)
    packed3 = np.frombuffer(data + b"\0" * 16, np.uint8, size3 + 16, at + size2)
    at += size2 + size3
    (length,) = struct.unpack_from("<I", data, at)
    words = [w.decode() for w in data[at + 4 : at + 4 + length].split(b"\0")[:n1]]
    unit = np.log10(1.0001)  # the model's logarithms have base 1.0001

    i = np.arange(n2 + 1, dtype=np.int64) * wide2
    first = _bits(packed2, i, word_bits)[:-1]
    back_off = quant[1][_bits(packed2, i + word_bits, 16)[:-1]] * unit
    p2 = quant[0][_bits(packed2, i + word_bits + 16, 16)[:-1]] * unit
    beyond = _bits(packed2, i + word_bits + 32, next_bits)
    last = np.repeat(np.arange(n1), np.diff(unigrams["next"].astype(np.int64)))
    held = len(last)
    first, back_off, p2, beyond = first[:held], back_off[:held], p2[:held], beyond[: held + 1]
    parent = np.repeat(np.arange(held), np.maximum(np.diff(beyond), 0))[:n3]
    j = np.arange(len(parent), dtype=np.int64) * wide3
    before = _bits(packed3, j, word_bits)
    p3 = quant[2][_bits(packed3, j + word_bits, 16)] * unit

    p1, bo1 = unigrams["p"][:-1] * unit, unigrams["bo"][:-1] * unit
    order = np.argsort(first * n1 + last)
    keys = (first * n1 + last)[order]
    middle, end = first[parent], last[parent]
    context = order[np.searchsorted(keys, before * n1 + middle)]
    grams = {
        1: (np.arange(n1)[:, None], p1, np.full(n1, 9.0)),
        2: (np.stack([first, last], 1), p2, p2 - bo1[first] - p1[last]),
        3: (np.stack([before, middle, end], 1), p3, p3 - back_off[context] - p2[parent]),
    }
    return words, {n: _one_article(words, p1, *held) for n, held in grams.items()}


def _one_article(words: list[str], p1: Any, ids: Any, log_p: Any, gain: Any) -> Any:
    """The n-grams with "an" read as "a": what follows either is weighed by how frequent the article is."""
    a, an = words.index("a"), words.index("an")
    of_an = 1 / (1 + 10 ** (p1[a] - p1[an]))
    p = 10**log_p
    if ids.shape[1] > 1:
        p = p * np.where(ids[:, -2] == an, of_an, np.where(ids[:, -2] == a, 1 - of_an, 1.0))
    merged, where = np.unique(np.where(ids == an, a, ids), axis=0, return_inverse=True)
    where = where.ravel()
    total = np.bincount(where, p)
    if ids.shape[1] > 2:  # article, x, y: x has decided the article already
        total /= np.where(merged[:, 0] == a, np.bincount(where), 1)
    best = np.full(len(merged), -9.0)
    np.maximum.at(best, where, gain)
    return merged, np.log10(total), best


def _bits(packed: Any, offsets: Any, width: int) -> Any:
    """The unsigned numbers of `width` bits that stand at these bit offsets."""
    byte, shift = offsets >> 3, (offsets & 7).astype(np.uint64)
    value = np.zeros(len(offsets), np.uint64)
    for k in range(8):
        value |= packed[byte + k].astype(np.uint64) << np.uint64(8 * k)
    return ((value >> shift) & np.uint64((1 << width) - 1)).astype(np.int64)


def science(sentences: Iterable[list[str]]) -> tuple[list[str], dict[int, Any]]:
    """The same, counted in sentences."""
    ids: dict[str, int] = {START: 0, STOP: 1}
    stream: list[np.ndarray[Any, Any]] = []
    for sentence in sentences:
        stream.append(np.array([0, 0, *(ids.setdefault(w, len(ids)) for w in sentence), 1], np.int64))
    flow = np.concatenate(stream)
    words = list(ids)
    size = len(words)
    inside = flow[2:] != 0  # an n-gram predicts a word or the end, never the start
    counts1 = np.bincount(flow[2:][inside], minlength=size).astype(float)
    keys2, counts2 = np.unique((flow[1:-1] * size + flow[2:])[inside], return_counts=True)
    keys3, counts3 = np.unique(((flow[:-2] * size + flow[1:-1]) * size + flow[2:])[inside & (flow[1:-1] != 0)], return_counts=True)
    p1 = counts1 / counts1.sum()
    x2, w2 = keys2 // size, keys2 % size
    total2, kinds2 = np.bincount(x2, counts2, size), np.bincount(x2, minlength=size)
    lower2 = DISCOUNT * kinds2[x2] / total2[x2] * p1[w2]
    p2 = (counts2 - DISCOUNT) / total2[x2] + lower2
    pair3, w3 = keys3 // size, keys3 % size
    _, where = np.unique(pair3, return_inverse=True)
    total3, kinds3 = np.bincount(where, counts3), np.bincount(where)
    lower3 = DISCOUNT * kinds3[where] / total3[where] * p2[np.searchsorted(keys2, keys3 % (size * size))]
    p3 = (counts3 - DISCOUNT) / total3[where] + lower3
    frequent = counts1 >= LEAST[1]
    frequent[0] = True
    k1 = np.flatnonzero(frequent)
    k2 = np.flatnonzero((counts2 >= LEAST[2]) & frequent[x2] & frequent[w2])
    y3, z3 = pair3 // size, pair3 % size
    k3 = np.flatnonzero((counts3 >= LEAST[3]) & frequent[y3] & frequent[z3] & frequent[w3])
    log = np.log10
    return words, {
        1: (k1[:, None], log(np.maximum(p1[k1], 1e-9)), np.full(len(k1), 9.0)),
        2: (np.stack([x2, w2], 1)[k2], log(p2[k2]), log(p2[k2] / lower2[k2])),
        3: (np.stack([y3, z3, w3], 1)[k3], log(p3[k3]), log(p3[k3] / lower3[k3])),
    }


def terms(data: Path, without: Fold | None) -> Iterator[list[str]]:
    """The published list's expected terms and WordNet's compounds, as often as they count."""
    expected = {b for _, b in published(data, without)}
    compounds = {tuple(w.split()) for _, near in wordnet(data) for w in near if " " in w and WORD.fullmatch(w.replace(" ", ""))}
    for term in sorted(expected | compounds):
        if 1 < len(term) <= 4:
            yield from [list(lm_tokens(term))] * TERM


def _sentences(data: Path) -> Iterator[list[str]]:
    for text in abstracts(data):
        for passage in Text(text).passages():
            sentence: list[str] = []
            for token in lm_tokens(passage.tokens):
                if token == STOP:
                    if sentence:
                        yield sentence
                    sentence = []
                elif token:
                    sentence.append(token)
            if sentence:
                yield sentence


def write(name: str, words: list[str], grams: dict[int, Any], known: Container[str]) -> None:
    """Write the n-grams of known words that carry information, by context."""
    fine = np.array([bool(WORD.fullmatch(w)) and (w in known or not w[0].isalpha()) for w in words])
    lines = []
    for n, (ids, log_p, gain) in grams.items():
        keep = fine[ids].all(1)
        if n > 1:
            keep &= gain >= GAIN[name][n - 2]
        followers: dict[str, list[str]] = {}
        q = np.clip(np.round(-10 * log_p), 0, 90).astype(int)
        for i in np.flatnonzero(keep):
            *context, word = (words[k] for k in ids[i])
            followers.setdefault(" ".join(context), []).append(f"{word}{chr(33 + q[i])}")
        lines += [f"{context}\t{' '.join(sorted(after))}\n" for context, after in sorted(followers.items())]
        print(f"{name}: {int(keep.sum()):,} {n}-grams", file=sys.stderr)
    OUT.mkdir(exist_ok=True)
    (OUT / f"{name}.txt.xz").write_bytes(lzma.compress("".join(lines).encode(), preset=9))


def main() -> None:
    args = arguments(__doc__, folds=True)
    known = Vocabulary(builtin_tables()).classes
    write("general", *general(), known)
    write("science", *science(chain(_sentences(args.data), terms(args.data, args.without))), known)


if __name__ == "__main__":
    main()
