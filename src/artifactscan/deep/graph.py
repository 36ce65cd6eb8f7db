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

    @property
    def group(self) -> int:
        """G"""
        return self.heads // self.key_heads


def shape_of(file: Gguf) -> Shape:
    """The measures of a Llama network.  Raises ArtifactscanError for another kind, and where the tensors have other measures."""
    settings, kind = file.settings, file.settings.get("general.architecture")
    if kind != "llama":
        raise ArtifactscanError(f"{file.path}: the language model's architecture is {kind or 'not named'}; deep mode reads llama models, such as the one that `artifactscan model install` gets")
    try:
        width, heads, inner = (settings[f"llama.{name}"] for name in ("embedding_length", "attention.head_count", "feed_forward_length"))
        shape = Shape(
            settings["llama.block_count"], width, heads, settings.get("llama.attention.head_count_kv", heads), settings.get("llama.rope.dimension_count", width // heads),
            file.tensor("token_embd.weight").rows, settings["llama.attention.layer_norm_rms_epsilon"], settings.get("llama.rope.freq_base", 10_000.0),
        )  # fmt: skip
        queries, keys = heads * shape.head, shape.key_heads * shape.head
    except (KeyError, TypeError) as error:
        raise ArtifactscanError(f"{file.path}: the language model's settings are not those of a usual llama model ({error}); `artifactscan model install` gets one") from error
    sides = {
        "attn_q": (queries, width), "attn_k": (keys, width), "attn_v": (keys, width), "attn_output": (width, queries),
        "ffn_gate": (inner, width), "ffn_up": (inner, width), "ffn_down": (width, inner), "attn_norm": (1, width), "ffn_norm": (1, width),
    }  # fmt: skip
    for name, expected in (*((f"blk.{i}.{name}.weight", s) for i in range(shape.layers) for name, s in sides.items()), ("output_norm.weight", (1, width))):
        if file.tensor(name)[1:3] != expected:
            raise ArtifactscanError(f"{file.path}: the language model's {name} has other measures than its settings say; `artifactscan model install` gets a whole one")
    return shape


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

    def products(self, x: str, *tensors: Tensor) -> list[str]:
        """x (rows x columns of the tensors) times each tensor, turned over."""
        sums = ""  # of x over blocks
        results = []
        for tensor in tensors:
            q = quants(tensor)
            if q is None or tensor.kind == "Q8_0":
                results.append(self("MatMul", x, self.weight(turned_over(tensor))))
                continue
            nibbles = (q.integers + np.int8(8 if q.minima is None else 0)).view(np.uint8)
            packed = nibbles[..., 0::2] | nibbles[..., 1::2] << 4
            form: dict[str, Any] = {"K": tensor.columns, "N": tensor.rows, "bits": 4, "block_size": BLOCK, "accuracy_level": 1}  # 1: in float32
            y = self("MatMulNBits", x, self.weight(packed), self.weight(q.scales.reshape(-1)), domain=CONTRIB, **form)
            if q.minima is not None:
                sums = sums or self("ReduceSum", self("Reshape", x, self.numbers(-1, tensor.columns // BLOCK, BLOCK)), self.numbers(2), keepdims=0)
                y = self("Gemm", sums, self.weight((q.minima + 8 * q.scales).T), y)
            results.append(y)
        return results

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
    g = Body(file, shape, longest)
    x = g("Reshape", "vectors", g.flat)
    for layer in range(shape.layers):
        x = g("Add", x, g.attention(x, layer))
        x = g("Add", x, g.feed_forward(x, layer))
    g.normal(x, "output_norm", outputs=["hidden"])
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
    tensor = file.tensor("output.weight" if "output.weight" in file.tensors else "token_embd.weight")
    g("MatMul", "hidden", g.weight(turned_over(tensor)), outputs=["logits"])
    g("ReduceLogSumExp", "logits", g.numbers(1), keepdims=0, outputs=["total"])
    return g.finished({"hidden": ("float32", ("rows", shape.width))}, {"logits": ("rows", shape.vocabulary), "total": ("rows",)})


class Body(Graph):
    """The body in the making.  Its lists of dimensions are worked out once, in the graph, from those of the inputs."""

    def __init__(self, file: Gguf, shape: Shape, longest: int) -> None:
        super().__init__()
        self.tensor = file.tensor
        self.shape = shape
        keys, group, head = shape.key_heads, shape.group, shape.head
        angles = np.arange(longest)[:, None] * shape.rope_base ** (-np.arange(0, head, 2) / head)
        self.turns = self.weight(np.cos(angles).astype(np.float32)), self.weight(np.sin(angles).astype(np.float32))
        self.scale = self.weight(np.array(head**-0.5, np.float32))
        b, t = self("Shape", "positions", start=0, end=1), self("Shape", "positions", start=1)
        self.s = self("Shape", "shown", start=1)
        self.s_t = self("Concat", self.s, t, axis=0)
        self.flat = self.numbers(-1, shape.width)
        self.b_t = self.sizes(b, t, -1)
        self.b_t_k_h = self.sizes(b, t, keys, head)
        self.b_t_k_g_h = self.sizes(b, t, keys, group, head)
        self.k_bgt_h = self.numbers(keys, -1, head)
        self.k_bgt_s = self.sizes(keys, -1, self.s)
        self.k_b_gt = self.sizes(keys, b, self("Mul", t, self.numbers(group)), -1)
        self.k_b_g_t_h = self.sizes(keys, b, group, t, head)
        self.shown = self("Unsqueeze", "shown", self.numbers(0, 2))  # 1 x B x 1 x S
        later = self("ConstantOfShape", self("Concat", t, t, axis=0), value=helper.make_tensor("", TensorProto.FLOAT, [1], [-np.inf]))
        self.past = self("Tile", self("Trilu", later, self.weight(np.array(1, np.int64)), upper=1), self.numbers(group, 1))  # G*T x T

    def sizes(self, *sizes: str | int) -> str:
        """A list of dimensions, some of them known only when the graph runs."""
        return self("Concat", *(size if isinstance(size, str) else self.numbers(size) for size in sizes), axis=0)

    def normal(self, x: str, name: str, outputs: Sequence[str] = ()) -> str:
        """Each row brought to the same length, and weighted."""
        return self("SimplifiedLayerNormalization", x, self.weight(numbers(self.tensor(f"{name}.weight"))[0]), axis=-1, epsilon=self.shape.epsilon, outputs=outputs)

    def turned(self, x: str) -> str:
        """Queries or keys, turned by their positions."""
        return self("RotaryEmbedding", self("Reshape", x, self.b_t), "positions", *self.turns, domain=CONTRIB, interleaved=1)

    def attention(self, x: str, layer: int) -> str:
        """What each token takes from the tokens that it sees."""
        q, k, v = self.products(self.normal(x, f"blk.{layer}.attn_norm"), *(self.tensor(f"blk.{layer}.attn_{name}.weight") for name in "qkv"))
        q = self("Reshape", self.turned(self("Mul", q, self.scale)), self.b_t_k_g_h)
        q = self("Transpose", q, perm=[2, 0, 3, 1, 4])  # K x B x G x T x H
        k = self("Transpose", self("Reshape", self.turned(k), self.b_t_k_h), perm=[2, 0, 3, 1], outputs=[f"own_k{layer}"])  # K x B x H x T
        v = self("Transpose", self("Reshape", v, self.b_t_k_h), perm=[2, 0, 1, 3], outputs=[f"own_v{layer}"])  # K x B x T x H
        shared = self("Add", self("Reshape", self("MatMul", self("Reshape", q, self.k_bgt_h), f"k{layer}"), self.k_b_gt), self.shown)
        own = self("Add", self("MatMul", self("Reshape", q, self.k_b_gt), k), self.past)
        weights = self("Softmax", self("Concat", shared, own, axis=3), axis=3)  # K x B x G*T x S+T
        shared, own = f"shared{layer}", f"own{layer}"
        self("Split", weights, self.s_t, axis=3, outputs=[shared, own])
        a = self("Reshape", self("MatMul", self("Reshape", shared, self.k_bgt_s), f"v{layer}"), self.k_b_gt)
        a = self("Reshape", self("Add", a, self("MatMul", own, v)), self.k_b_g_t_h)
        a = self("Reshape", self("Transpose", a, perm=[1, 3, 0, 2, 4]), self.numbers(-1, self.shape.heads * self.shape.head))
        (result,) = self.products(a, self.tensor(f"blk.{layer}.attn_output.weight"))
        return result

    def feed_forward(self, x: str, layer: int) -> str:
        """What each token makes of itself."""
        gate, up, down = (self.tensor(f"blk.{layer}.ffn_{name}.weight") for name in ("gate", "up", "down"))
        gated, raised = self.products(self.normal(x, f"blk.{layer}.ffn_norm"), gate, up)
        (result,) = self.products(self("Mul", self("QuickGelu", gated, domain=CONTRIB, alpha=1.0), raised), down)  # QuickGelu: x * sigmoid(x)
        return result


def turned_over(tensor: Tensor) -> Floats:
    """The tensor's numbers, columns x rows, made a few rows at a time to save memory."""
    result = np.empty((tensor.columns, tensor.rows), np.float32)
    for first in range(0, tensor.rows, ROWS):
        rows = slice(first, first + ROWS)
        result[:, rows] = numbers(tensor._replace(data=tensor.data[rows], rows=len(tensor.data[rows]))).T
    return result
