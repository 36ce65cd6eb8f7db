#!/usr/bin/env python3
"""Measure the language model of deep mode: start, reading, answers, memory; and the products of matrices that it could be made of.

    python tools/benchmark_model.py MODEL.gguf TEXT      one text, its words questioned
    python tools/benchmark_model.py --products           numbers a second, one core

Seconds of the processor stand beside those of the clock, since a busy machine stretches only the latter.
"""
from __future__ import annotations

import argparse
import re
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

QUESTIONS, REPLACEMENTS = 60, 6
ROWS, COLUMNS, INNER, BLOCK = 256, 576, 1536, 32


@contextmanager
def measured(what: str) -> Iterator[None]:
    clock, processor = time.perf_counter(), time.process_time()
    yield
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    print(f"{what:44} {clock:6.1f} s, {processor:6.1f} s of the processor, peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB so far", flush=True)


def text(model: Path, path: Path, threads: int) -> None:
    """Read a text, then ask about its words: half of the replacements are words that the model itself likes there, half are other words of the text."""
    with measured("start"):
        from artifactscan.deep.questions import Question
        from artifactscan.deep.reader import Reader
        from artifactscan.model import Span

        reader = Reader(model, threads)
    content = path.read_text(encoding="utf-8")
    with measured("reading"):
        tokens = len(reader.surprisal(content))
    print(f"    {tokens} tokens, {len(content.split())} words")
    words = list(re.finditer(r"\b[a-z]{4,}\b", content))[:QUESTIONS]
    others = sorted({w[0] for w in words})
    half = REPLACEMENTS // 2
    own = reader.likely(content, [Span(*w.span()) for w in words], lambda spun, word: 0.0)
    asked = [Question(Span(*w.span()), (*likely[:half], *(others[(i * 7 + n) % len(others)] for n in range(half)))) for i, (w, likely) in enumerate(zip(words, own, strict=True))]
    for name, every in (("answers", False), ("answers about every replacement", True)):
        with measured(name):
            count = len(list(reader.answers(content, asked, every=every)))
        print(f"    {count} questions, {sum(len(q.replacements) for q in asked)} replacements")


def products() -> None:
    """Products of 256 x 576 and 576 x 1536 matrices."""
    import numpy as np
    import onnxruntime as ort
    from onnx import TensorProto, helper, numpy_helper

    random = np.random.default_rng(0)
    weights = random.standard_normal((COLUMNS, INNER)).astype(np.float32)
    packed = random.integers(0, 256, (INNER, COLUMNS // BLOCK, BLOCK // 2), dtype=np.uint8)
    scales = random.random(INNER * COLUMNS // BLOCK, dtype=np.float32)
    small = random.integers(-127, 127, (COLUMNS, INNER), dtype=np.int8)

    def session(kind: str, number: int, result: int, constants: list[Any], **attributes: Any) -> Callable[[Any], Any]:
        node = helper.make_node(kind, ["x", *(f"w{i}" for i in range(len(constants)))], ["y"], domain="com.microsoft" if attributes else "", **attributes)
        graph = helper.make_graph(
            [node], "g", [helper.make_tensor_value_info("x", number, ["m", COLUMNS])], [helper.make_tensor_value_info("y", result, ["m", INNER])],
            [numpy_helper.from_array(c, f"w{i}") for i, c in enumerate(constants)],
        )  # fmt: skip
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)], ir_version=9)
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        run = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        return lambda x: run.run(None, {"x": x})

    real = random.standard_normal((ROWS, COLUMNS)).astype(np.float32)
    whole = random.integers(0, 255, (ROWS, COLUMNS), dtype=np.uint8)
    four = {"K": COLUMNS, "N": INNER, "bits": 4, "block_size": BLOCK}
    ways: dict[str, tuple[Callable[[Any], Any], Any]] = {
        "numpy, float32": (lambda x: x @ weights, real),
        "onnxruntime, float32": (session("MatMul", TensorProto.FLOAT, TensorProto.FLOAT, [weights]), real),
        "onnxruntime, 4 bits, computed in float32": (session("MatMulNBits", TensorProto.FLOAT, TensorProto.FLOAT, [packed, scales], accuracy_level=1, **four), real),
        "onnxruntime, 4 bits, computed in 8 bits": (session("MatMulNBits", TensorProto.FLOAT, TensorProto.FLOAT, [packed, scales], accuracy_level=4, **four), real),
        "onnxruntime, 8 bits": (session("MatMulInteger", TensorProto.UINT8, TensorProto.INT32, [small]), whole),
    }
    for name, (product, x) in ways.items():
        best = float("inf")
        for _ in range(10):
            start = time.process_time()
            for _ in range(10):
                product(x)
            best = min(best, time.process_time() - start)
        print(f"{name:44} {20 * ROWS * COLUMNS * INNER / best / 1e9:6.0f} thousand million multiplications and additions a second")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--threads", type=int, default=0, help="0: all cores")
    parser.add_argument("--products", action="store_true")
    options = parser.parse_args()
    if options.products:
        products()
    elif len(options.paths) == 2:
        text(*options.paths, options.threads)
    else:
        parser.error("name a model and a text, or --products")


if __name__ == "__main__":
    main()
