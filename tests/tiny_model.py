"""A language model of two layers with random weights, written as a GGUF file by the `gguf` package; and what it must say, worked out plainly."""
from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np

LAYERS, WIDTH, HEADS, KEY_HEADS, HEAD, INNER = 2, 64, 4, 2, 16, 96
EPSILON, ROPE = 1e-5, 10_000.0
MERGES = ("Ġ t", "h e", "Ġt he", "Ġ a", "Ġ c", "a t", "Ġc at", "Ġ s", "Ġs at", "o n", "Ġ on", "Ġ m", "Ġm at", "i n", "e r", "Ġ d", "Ġd o", "Ġdo g", "Ġa n", "i t", "Ġ r", "a n", "r an", "Ġr an")
LETTERS = [chr(b) if 33 <= b < 127 or 161 <= b < 173 or b > 173 else "" for b in range(256)]
others = iter(range(256, 512))
LETTERS = [letter or chr(next(others)) for letter in LETTERS]
SPELLINGS = ["<|endoftext|>", "<|im_start|>", *LETTERS, *(m.replace(" ", "") for m in MERGES)]


def write(path: Path, kind: str = "Q4_1", **settings: str) -> Path:
    """Write the model with its matrices stored in one way; `settings`: architecture, pre."""
    writer = gguf.GGUFWriter(path, settings.get("architecture", "llama"))
    writer.add_block_count(LAYERS)
    writer.add_context_length(2048)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEY_HEADS)
    writer.add_layer_norm_rms_eps(EPSILON)
    writer.add_rope_freq_base(ROPE)
    writer.add_rope_dimension_count(HEAD)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(settings.get("pre", "smollm"))
    writer.add_token_list(SPELLINGS)
    writer.add_token_merges(list(MERGES))
    writer.add_bos_token_id(1)
    for name, numbers in _weights().items():
        stored = gguf.GGMLQuantizationType[kind if numbers.ndim == 2 else "F32"]
        if name == "token_embd.weight" and kind.startswith("Q4"):
            stored = gguf.GGMLQuantizationType.Q8_0
        writer.add_tensor(name, gguf.quants.quantize(numbers, stored), raw_dtype=stored)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _weights() -> dict[str, np.ndarray]:
    random = np.random.default_rng(1)

    def matrix(rows: int, columns: int) -> np.ndarray:
        return (random.standard_normal((rows, columns)) * 2 / columns**0.5).astype(np.float32)

    weights = {"token_embd.weight": matrix(len(SPELLINGS), WIDTH), "output_norm.weight": random.uniform(0.5, 1.5, WIDTH).astype(np.float32)}
    for layer in range(LAYERS):
        shapes = {"attn_q": (WIDTH, WIDTH), "attn_k": (KEY_HEADS * HEAD, WIDTH), "attn_v": (KEY_HEADS * HEAD, WIDTH), "attn_output": (WIDTH, WIDTH),
                  "ffn_gate": (INNER, WIDTH), "ffn_up": (INNER, WIDTH), "ffn_down": (WIDTH, INNER)}  # fmt: skip
        weights |= {f"blk.{layer}.{name}.weight": matrix(*shape) for name, shape in shapes.items()}
        weights |= {f"blk.{layer}.{name}_norm.weight": random.uniform(0.5, 1.5, WIDTH).astype(np.float32) for name in ("attn", "ffn")}
    return weights


def log_p(path: Path, tokens: list[int]) -> np.ndarray:
    """The log-probability of every token after the first, in double precision, one token and one head at a time."""
    w = {t.name: gguf.quants.dequantize(t.data, t.tensor_type).astype(np.float64) for t in gguf.GGUFReader(path).tensors}
    rows: list[np.ndarray] = [w["token_embd.weight"][t] for t in tokens]

    def normal(x: np.ndarray, weight: np.ndarray) -> np.ndarray:
        return x / np.sqrt(np.mean(x * x) + EPSILON) * weight

    def turned(x: np.ndarray, position: int) -> np.ndarray:
        pairs = x[0::2] + 1j * x[1::2]
        pairs = pairs * np.exp(1j * position * ROPE ** (-np.arange(0, HEAD, 2) / HEAD))
        return np.stack([pairs.real, pairs.imag], axis=1).reshape(-1)

    for layer in range(LAYERS):
        m = {n: w[f"blk.{layer}.{n}.weight"] for n in ("attn_q", "attn_k", "attn_v", "attn_output", "attn_norm", "ffn_norm", "ffn_gate", "ffn_up", "ffn_down")}
        keys: list[list[np.ndarray]] = []
        values: list[list[np.ndarray]] = []
        for position, x in enumerate(rows):
            h = normal(x, m["attn_norm"])
            keys.append([turned(k, position) for k in np.split(m["attn_k"] @ h, KEY_HEADS)])
            values.append(np.split(m["attn_v"] @ h, KEY_HEADS))
            seen = []
            for head, q in enumerate(np.split(m["attn_q"] @ h, HEADS)):
                q, shared = turned(q, position), head * KEY_HEADS // HEADS
                scores = np.exp([q @ k[shared] / HEAD**0.5 for k in keys])
                seen.append(sum(s * v[shared] for s, v in zip(scores / scores.sum(), values, strict=True)))
            x = x + m["attn_output"] @ np.concatenate(seen)
            h = normal(x, m["ffn_norm"])
            gate = m["ffn_gate"] @ h
            rows[position] = x + m["ffn_down"] @ (gate / (1 + np.exp(-gate)) * (m["ffn_up"] @ h))
    result = []
    for x, following in zip(rows, tokens[1:], strict=False):
        logits = w["token_embd.weight"] @ normal(x, w["output_norm.weight"])
        result.append(logits[following] - np.log(np.exp(logits).sum()))
    return np.array(result)
