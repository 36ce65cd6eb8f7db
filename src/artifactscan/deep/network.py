"""The network at work: reads a text once, then any number of continuations of it.

What it says does not depend on what else is in a batch: products of matrices are computed row by row in the same order, and
continuations of one batch have the same number of tokens.
"""
from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from artifactscan.deep.gguf import Floats, Gguf, numbers
from artifactscan.deep.graph import Finished, body, head, shape_of

Ints = npt.NDArray[np.int64]

LONGEST = 1024  # positions
ROWS = 256  # tokens read at once in continuations: enough for fast products
FEWEST_ROWS = 8  # products of fewer rows are computed in another way, which differs in the last bits
LOGIT_ROWS = 128  # hidden states for which all logits are computed at once: 25 MB


class Memory(NamedTuple):
    """A text that has been read: its last hidden states, and the keys and values of every layer."""

    hidden: Floats  # tokens x D
    cache: dict[str, Floats]

    @property
    def length(self) -> int:
        return len(self.hidden)


class Network:
    """A Llama network on the processor.  `threads`: 0 for all cores."""

    def __init__(self, file: Gguf, threads: int = 0) -> None:
        self.shape = shape_of(file)
        self._vectors = file.tensor("token_embd.weight")
        self._head = _session(head(file, self.shape), threads)
        self._body = _session(body(file, self.shape, LONGEST), threads)
        file.forget()
        s = self.shape
        self._nothing = Memory(np.zeros((1, s.width), np.float32), {  # one token that is never shown
            f"{part}{layer}": np.zeros((s.key_heads, s.head, 1) if part == "k" else (s.key_heads, 1, s.head), np.float32) for part in "kv" for layer in range(s.layers)
        })  # fmt: skip

    def read(self, tokens: list[int]) -> Memory:
        """Read a text of up to LONGEST tokens."""
        names = [f"own_{name}" for name in self._nothing.cache]
        hidden, *cache = self._body.run(["hidden", *names], self._inputs(np.array([tokens]), np.arange(len(tokens))[None], np.full((1, 1), -np.inf, np.float32), self._nothing))
        return Memory(hidden, {name: values[:, 0] for name, values in zip(self._nothing.cache, cache, strict=True)})

    def go_on(self, memory: Memory, branches: list[int], continuations: Ints) -> Floats:
        """The hidden states (continuations x T x D) of continuations of T tokens each; each follows the text's first `branch` tokens."""
        length = continuations.shape[1]
        at_once = max(1, ROWS // length)
        results = []
        for first in range(0, len(branches), at_once):
            some = len(branches[first : first + at_once])
            branch = _padded(np.array(branches[first : first + at_once]))
            tokens = _padded(continuations[first : first + at_once])
            shown = np.where(np.arange(memory.length) < branch[:, None], np.float32(0), np.float32(-np.inf))
            (hidden,) = self._body.run(["hidden"], self._inputs(tokens, branch[:, None] + np.arange(length), shown, memory))
            results.append(hidden.reshape(*tokens.shape, -1)[:some])
        return np.concatenate(results)

    def log_p(self, hidden: Floats, tokens: Ints, rows: Ints | None = None) -> Floats:
        """The log-probability, in nats, of tokens, each after one of the hidden states (rows x D): the one of its own place, or that of `rows`."""
        rows = np.arange(len(tokens)) if rows is None else rows
        result = np.empty(len(tokens), np.float32)
        for first in range(0, len(hidden), LOGIT_ROWS):
            logits, total = self._head.run(None, {"hidden": _padded(hidden[first : first + LOGIT_ROWS])})
            here = (first <= rows) & (rows < first + LOGIT_ROWS)
            at = rows[here] - first
            result[here] = logits[at, tokens[here]] - total[at]
        return result

    def all_log_p(self, hidden: Floats) -> Floats:
        """The log-probability, in nats, of every token after each of a few hidden states."""
        logits, total = self._head.run(None, {"hidden": _padded(hidden)})
        result: Floats = (logits - total[:, None])[: len(hidden)]
        return result

    def _inputs(self, tokens: Ints, positions: Ints, shown: Floats, memory: Memory) -> dict[str, Any]:
        stored = self._vectors._replace(rows=tokens.size, data=self._vectors.data[tokens.reshape(-1)])
        return {"vectors": numbers(stored).reshape(*tokens.shape, -1), "positions": positions, "shown": shown, **memory.cache}


def _padded(rows: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Rows, and the last of them again where they are too few; no rows stay none."""
    missing = FEWEST_ROWS - len(rows)
    return np.concatenate([rows, np.repeat(rows[-1:], missing, axis=0)]) if 0 < missing < FEWEST_ROWS else rows


def _session(graph: Finished, threads: int) -> Any:
    """A session of onnxruntime that takes the graph's weights from memory."""
    import onnxruntime as ort

    ort.set_default_logger_severity(3)
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.enable_mem_pattern = False  # the measures of batches differ
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # waiting threads leave the processor to others
    options.add_external_initializers(list(graph.weights), [ort.OrtValue.ortvalue_from_numpy(a) for a in graph.weights.values()])
    return ort.InferenceSession(graph.model, options, providers=["CPUExecutionProvider"])
