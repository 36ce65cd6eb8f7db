"""The network as two graphs for onnxruntime: the body (tokens' vectors -> hidden states) and the head (-> log-probabilities).

The body reads a batch of B continuations, T tokens each, of one shared text of S tokens that it has read before.  A token sees
the first tokens of the shared text (as many as its continuation's mask shows) and the tokens of its own continuation up to itself.
The first reading of a text is one continuation of nothing.  Names of dimensions below: D width of the stream, V vocabulary,
K key heads, G query heads that share one, H numbers of a head.

Four-bit weights stay in four bits.  With q the integers, s scales, m minima of blocks of 32, a product is

    x W = sum over blocks of s (q - 8) x + (m + 8 s) sum(x)

where the first part is onnxruntime's MatMulNBits and the second a small product with the sums of x over its blocks.
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from onnx import TensorProto, helper, numpy_helper

from artifactscan.deep.gguf import BLOCK, Floats, Gguf, Tensor, numbers, quants
from artifactscan.model import ArtifactscanError

Array = npt.NDArray[Any]

CONTRIB = "com.microsoft"
SMALL = 1 << 10  # bytes of a constant that is part of the graph itself
ROWS = 1 << 12  # of a tensor, turned over at once
KINDS = {"float32": TensorProto.FLOAT, "int64": TensorProto.INT64, "uint8": TensorProto.UINT8}


class Shape(NamedTuple):
    """The network's measures, from the file's settings."""

    layers: int
    width: int  # D
    heads: int  # K * G
    key_heads: int  # K
    head: int  # H
    vocabulary: int  # V
    epsilon: float
    rope_base: float
    context: int  # tokens

    @property
    def group(self) -> int:
        """G"""
        return self.heads // self.key_heads


def shape_of(file: Gguf) -> Shape:
    """The measures of a Llama network.  Raises ArtifactscanError for another kind."""
    settings, kind = file.settings, file.settings.get("general.architecture")
    if kind != "llama":
        raise ArtifactscanError(f"{file.path}: the language model's architecture is {kind or 'not named'}; deep mode reads llama models, such as the one that `artifactscan model install` gets")
    try:
        width, heads = settings["llama.embedding_length"], settings["llama.attention.head_count"]
        return Shape(
            settings["llama.block_count"], width, heads, settings.get("llama.attention.head_count_kv", heads), settings.get("llama.rope.dimension_count", width // heads),
            file.tensors["token_embd.weight"].rows, settings["llama.attention.layer_norm_rms_epsilon"], settings.get("llama.rope.freq_base", 10_000.0),
            settings["llama.context_length"],
        )  # fmt: skip
    except KeyError as error:
        raise ArtifactscanError(f"{file.path}: the language model has no {error}; `artifactscan model install` gets a whole one") from error


class Finished(NamedTuple):
    """A graph in ONNX, and the weights that are not part of it."""

    model: bytes
    weights: dict[str, Array]


class Graph:
    """A graph in the making; names stand for values.  Large weights are kept beside it, not in it."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.weights: dict[str, Array] = {}
        self._small: list[TensorProto] = []
        self._made = 0

    def __call__(self, kind: str, *inputs: str, domain: str = "", outputs: Sequence[str] = (), **attributes: Any) -> str:
        """Add a node; the name of its (first) output."""
        self._made += 1
        names = list(outputs) or [f"{kind}_{self._made}"]
        self.nodes.append(helper.make_node(kind, list(inputs), names, domain=domain, **attributes))
        return names[0]

    def weight(self, array: Array) -> str:
        """Add a constant."""
        name = f"w{len(self.weights)}_{len(self._small)}"
        if array.nbytes > SMALL:
            self.weights[name] = np.ascontiguousarray(array)
        else:
            self._small.append(numpy_helper.from_array(array, name))
        return name

    def numbers(self, *values: int) -> str:
        """Add a constant list of integers."""
        return self.weight(np.array(values, np.int64))

    def product(self, x: str, tensor: Tensor, sums: str) -> str:
        """x (rows x columns of the tensor) times the tensor, transposed; `sums` are x's sums over blocks."""
        q = quants(tensor)
        if q is None or tensor.kind == "Q8_0":
            return self("MatMul", x, self.weight(turned_over(tensor)))
        nibbles = (q.integers + np.int8(8 if q.minima is None else 0)).view(np.uint8)
        packed = nibbles[..., 0::2] | nibbles[..., 1::2] << 4
        form = {"K": tensor.columns, "N": tensor.rows, "bits": 4, "block_size": BLOCK, "accuracy_level": 1}
        y = self("MatMulNBits", x, self.weight(packed), self.weight(q.scales.reshape(-1)), domain=CONTRIB, **form)
        if q.minima is None:
            return y
        return self("Gemm", sums, self.weight((q.minima + 8 * q.scales).T), y)

    def sums(self, x: str, columns: int) -> str:
        """The sums of x over blocks of 32 columns."""
        return self("ReduceSum", self("Reshape", x, self.numbers(-1, columns // BLOCK, BLOCK)), self.numbers(2), keepdims=0)

    def finished(self, inputs: dict[str, tuple[str, Sequence[int | str]]], outputs: dict[str, Sequence[int | str]]) -> Finished:
        """The finished graph; inputs: name -> (type, dimensions); outputs: name -> dimensions."""
        graph = helper.make_graph(
            self.nodes,
            "artifactscan",
            [helper.make_tensor_value_info(name, KINDS[kind], list(dims)) for name, (kind, dims) in inputs.items()],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, list(dims)) for name, dims in outputs.items()],
            [*self._small, *(_outside(name, array) for name, array in self.weights.items())],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid(CONTRIB, 1)], ir_version=9)
        return Finished(model.SerializeToString(), self.weights)


def _outside(name: str, array: Array) -> TensorProto:
    """A constant whose numbers are given to the session apart from the graph."""
    proto = TensorProto(name=name, data_type=KINDS[array.dtype.name], dims=array.shape, data_location=TensorProto.EXTERNAL)
    proto.external_data.add(key="location", value="weights")
    return proto


def body(file: Gguf, shape: Shape, longest: int) -> Finished:
    """vectors (B x T x D), positions (B x T), shown (B x S), and the shared text's keys and values by layer -> hidden, and own keys and values.

    `longest`: positions go up to it.  The result is named "hidden" (B*T x D); keys "k0"... are K x H x S, values "v0"... K x S x H.
    """
    g = Graph()
    w = file.tensors
    kv, group, head = shape.key_heads, shape.group, shape.head
    angles = np.arange(longest)[:, None] * shape.rope_base ** (-np.arange(0, head, 2) / head)
    cosines, sines = g.weight(np.cos(angles).astype(np.float32)), g.weight(np.sin(angles).astype(np.float32))
    scale = g.weight(np.array(head**-0.5, np.float32))
    flat = g.numbers(-1, shape.width)
    batch, length = _dimensions(g)
    own_mask = _causal(g, length, group)
    shown = g("Unsqueeze", "shown", g.numbers(0, 2))  # 1 x B x 1 x S
    heads_apart = g("Concat", batch, length, g.numbers(kv, -1, head), axis=0)
    in_sequence = g("Concat", batch, length, g.numbers(-1), axis=0)
    apart = g("Concat", g.numbers(kv), batch, g.numbers(-1, head), axis=0)  # K x B x G*T x H
    together = g.numbers(kv, -1, head)  # K x B*G*T x H
    scores_apart = g("Concat", g.numbers(kv), batch, g("Mul", length, g.numbers(group)), g.numbers(-1), axis=0)
    group_apart = g("Concat", g.numbers(kv), batch, g.numbers(group), length, g.numbers(head), axis=0)
    shared_length = g("Shape", "shown", start=1)
    x = g("Reshape", "vectors", flat)
    for layer in range(shape.layers):
        block = f"blk.{layer}."

        def normal(x: str, name: str, block: str = block) -> str:
            return g("SimplifiedLayerNormalization", x, g.weight(numbers(w[f"{block}{name}.weight"])[0]), axis=-1, epsilon=shape.epsilon)

        def product(x: str, sums: str, name: str, block: str = block) -> str:
            return g.product(x, w[f"{block}{name}.weight"], sums)

        def turned(x: str) -> str:
            return g("RotaryEmbedding", g("Reshape", x, in_sequence), "positions", cosines, sines, domain=CONTRIB, interleaved=1)

        h = normal(x, "attn_norm")
        sums = g.sums(h, shape.width)
        q = g("Reshape", turned(g("Mul", product(h, sums, "attn_q"), scale)), heads_apart)  # B x T x K x G x H below
        q = g("Reshape", q, g("Concat", batch, length, g.numbers(kv, group, head), axis=0))
        q = g("Reshape", g("Transpose", q, perm=[2, 0, 3, 1, 4]), together)
        k = g("Transpose", g("Reshape", turned(product(h, sums, "attn_k")), heads_apart), perm=[2, 0, 4, 3, 1])
        k = g("Reshape", k, g("Concat", g.numbers(kv), batch, g.numbers(head), length, axis=0))  # K x B x H x T
        v = g("Reshape", product(h, sums, "attn_v"), g("Concat", batch, length, g.numbers(kv, head), axis=0))
        v = g("Transpose", v, perm=[2, 0, 1, 3])  # K x B x T x H
        g("Identity", k, outputs=[f"own_k{layer}"])
        g("Identity", v, outputs=[f"own_v{layer}"])
        shared = g("Add", g("Reshape", g("MatMul", q, f"k{layer}"), scores_apart), shown)
        own = g("Add", g("MatMul", g("Reshape", q, apart), k), own_mask)
        weights = g("Softmax", g("Concat", shared, own, axis=3), axis=3)  # K x B x G*T x S+T
        parts = [f"shared{layer}", f"own{layer}"]
        g("Split", weights, g("Concat", shared_length, length, axis=0), axis=3, outputs=parts)
        a = g("MatMul", g("Reshape", parts[0], g("Concat", g.numbers(kv, -1), shared_length, axis=0)), f"v{layer}")
        a = g("Add", g("Reshape", a, apart), g("MatMul", parts[1], v))
        a = g("Transpose", g("Reshape", a, group_apart), perm=[1, 3, 0, 2, 4])  # B x T x K x G x H
        a = g("Reshape", a, flat)
        x = g("Add", x, product(a, g.sums(a, shape.width), "attn_output"))
        h = normal(x, "ffn_norm")
        sums = g.sums(h, shape.width)
        gate = g("QuickGelu", product(h, sums, "ffn_gate"), domain=CONTRIB, alpha=1.0)  # x * sigmoid(x)
        h = g("Mul", gate, product(h, sums, "ffn_up"))
        x = g("Add", x, product(h, g.sums(h, w[f"{block}ffn_down.weight"].columns), "ffn_down"))
    g("SimplifiedLayerNormalization", x, g.weight(numbers(w["output_norm.weight"])[0]), axis=-1, epsilon=shape.epsilon, outputs=["hidden"])
    inputs: dict[str, tuple[str, Sequence[int | str]]] = {
        "vectors": ("float32", ("B", "T", shape.width)),
        "positions": ("int64", ("B", "T")),
        "shown": ("float32", ("B", "S")),
    }
    outputs: dict[str, Sequence[int | str]] = {"hidden": ("BT", shape.width)}
    for layer in range(shape.layers):
        inputs[f"k{layer}"] = ("float32", (shape.key_heads, shape.head, "S"))
        inputs[f"v{layer}"] = ("float32", (shape.key_heads, "S", shape.head))
        outputs[f"own_k{layer}"] = (shape.key_heads, "B", shape.head, "T")
        outputs[f"own_v{layer}"] = (shape.key_heads, "B", "T", shape.head)
    return g.finished(inputs, outputs)


def head(file: Gguf, shape: Shape) -> Finished:
    """hidden (rows x D) -> logits (rows x V) and their log-sum-exp (rows)."""
    g = Graph()
    tensor = file.tensors.get("output.weight", file.tensors["token_embd.weight"])
    g("MatMul", "hidden", g.weight(turned_over(tensor)), outputs=["logits"])
    g("ReduceLogSumExp", "logits", g.numbers(1), keepdims=0, outputs=["total"])
    return g.finished({"hidden": ("float32", ("rows", shape.width))}, {"logits": ("rows", shape.vocabulary), "total": ("rows",)})


def turned_over(tensor: Tensor) -> Floats:
    """The tensor's numbers, columns x rows, made a few rows at a time to save memory."""
    result = np.empty((tensor.columns, tensor.rows), np.float32)
    for first in range(0, tensor.rows, ROWS):
        rows = slice(first, first + ROWS)
        result[:, rows] = numbers(tensor._replace(data=tensor.data[rows], rows=len(tensor.data[rows]))).T
    return result


def _dimensions(g: Graph) -> tuple[str, str]:
    """B and T, as lists of one."""
    return g("Shape", "positions", start=0, end=1), g("Shape", "positions", start=1)


def _causal(g: Graph, length: str, group: int) -> str:
    """What a token may see of its own continuation, G*T x T: 0, or minus infinity for what comes after it."""
    square = g("Concat", length, length, axis=0)
    hidden = g("Trilu", g("ConstantOfShape", square, value=helper.make_tensor("v", TensorProto.FLOAT, [1], [-np.inf])), g.weight(np.array(1, np.int64)), upper=1)
    return g("Tile", hidden, g.numbers(group, 1))
