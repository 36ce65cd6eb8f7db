"""A GGUF file: a table of settings and the tensors of a language model, as llama.cpp's tools write them.

The file is opened by mmap; tensors stay in it, in blocks of 32 small integers with a scale (and a minimum) each,
until they are asked for.  Start reading at `Gguf`.
"""
from __future__ import annotations

import math
import mmap
import struct
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from artifactscan.model import ArtifactscanError

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]

SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
STRING, ARRAY = 8, 9
MOST_ENTRIES = 1 << 22  # of an array, a table: more is a broken file
BLOCK = 32  # weights that share a scale


class Kind(NamedTuple):
    """How a tensor's numbers are stored: so many to a block of so many bytes."""

    name: str
    numbers: int
    size: int


KINDS = {
    0: Kind("F32", 1, 4),
    1: Kind("F16", 1, 2),
    2: Kind("Q4_0", BLOCK, 18),
    3: Kind("Q4_1", BLOCK, 20),
    8: Kind("Q8_0", BLOCK, 34),
    30: Kind("BF16", 1, 2),
}


class Tensor(NamedTuple):
    """A matrix of `rows` x `columns` (a vector is one row), as it is stored."""

    kind: str
    rows: int
    columns: int
    data: Bytes  # rows x bytes of a row


class Quants(NamedTuple):
    """A matrix as small integers: number = scale * integer + minimum, with one scale and minimum for each block."""

    integers: npt.NDArray[np.int8]  # rows x blocks x BLOCK
    scales: Floats  # rows x blocks
    minima: Floats | None  # rows x blocks; None for all zero


class Gguf:
    """An open file.  Raises ArtifactscanError for one that is missing, cut short or of another kind."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise self._broken(getattr(error, "strerror", None) or "it is empty") from error
        self._at = 0
        if self._map[:4] != b"GGUF":
            raise self._broken("it is not a GGUF file")
        try:
            self._read()
        except (struct.error, IndexError, ValueError, KeyError, OverflowError) as error:
            raise self._broken("it is cut short or damaged") from error

    def tensor(self, name: str) -> Tensor:
        """A tensor of the file.  Raises ArtifactscanError if it has none of that name."""
        if name not in self.tensors:
            raise self._broken(f"it has no {name}")
        return self.tensors[name]

    def forget(self) -> None:
        """Let go of the memory that holds what was read of the file; it is read again where it is needed."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)

    def _broken(self, what: str) -> ArtifactscanError:
        return ArtifactscanError(f"{self.path}: the language model cannot be read: {what}; `artifactscan model install` gets the usual one")

    def _read(self) -> None:
        self._at = 4
        version, tensors, settings = self._number("<I"), self._number("<Q"), self._number("<Q")
        if version not in (2, 3) or max(tensors, settings) > MOST_ENTRIES:
            raise self._broken(f"its version, {version}, is not 2 or 3")
        self.settings: dict[str, Any] = {}
        for _ in range(settings):
            name = self._string()
            self.settings[name] = self._value(self._number("<I"))
        places = [self._place() for _ in range(tensors)]
        align = int(self.settings.get("general.alignment", 32))
        base = -(-self._at // align) * align
        self.tensors = {name: self._tensor(name, kind, shape, base + offset) for name, kind, shape, offset in places}

    def _number(self, form: str) -> Any:
        (value,) = struct.unpack_from(form, self._map, self._at)
        self._at += struct.calcsize(form)
        return value

    def _string(self) -> str:
        length = self._number("<Q")
        raw = self._map[self._at : self._at + length]
        if len(raw) != length:
            raise IndexError
        self._at += length
        return raw.decode("utf-8", "replace")

    def _value(self, kind: int) -> Any:
        if kind == STRING:
            return self._string()
        if kind != ARRAY:
            return self._number(SCALARS[kind])
        inner, count = self._number("<I"), self._number("<Q")
        if count > MOST_ENTRIES:
            raise ValueError
        return [self._value(inner) for _ in range(count)]

    def _place(self) -> tuple[str, int, list[int], int]:
        name, dimensions = self._string(), self._number("<I")
        shape = [self._number("<Q") for _ in range(dimensions)]
        return name, self._number("<I"), shape, self._number("<Q")

    def _tensor(self, name: str, number: int, shape: list[int], start: int) -> Tensor:
        kind = KINDS.get(number)
        if kind is None:
            raise self._broken(f"{name} is stored in a way (number {number}) other than {', '.join(k.name for k in KINDS.values())}")
        columns, rows = shape[0], math.prod(shape[1:])
        if columns % kind.numbers:
            raise ValueError
        width = columns // kind.numbers * kind.size
        return Tensor(kind.name, rows, columns, np.frombuffer(self._map, np.uint8, rows * width, start).reshape(rows, width))


def quants(tensor: Tensor) -> Quants | None:
    """The tensor's integers, scales and minima; None for one that is stored as floating numbers."""
    if not tensor.kind.startswith("Q"):
        return None
    half = {"Q4_0": 1, "Q4_1": 2, "Q8_0": 1}[tensor.kind]  # numbers of two bytes at the head of a block
    blocks = tensor.data.reshape(tensor.rows, tensor.columns // BLOCK, -1)
    heads = np.ascontiguousarray(blocks[..., : 2 * half]).view(np.float16).astype(np.float32)
    body = blocks[..., 2 * half :]
    if tensor.kind == "Q8_0":
        return Quants(body.view(np.int8), heads[..., 0], None)
    integers = np.concatenate([body & 15, body >> 4], axis=-1).view(np.int8)
    if tensor.kind == "Q4_0":
        return Quants(integers - np.int8(8), heads[..., 0], None)
    return Quants(integers, heads[..., 0], heads[..., 1])


def numbers(tensor: Tensor) -> Floats:
    """The tensor's numbers, rows x columns."""
    q = quants(tensor)
    if q is not None:
        floats = q.integers * q.scales[..., None]
        if q.minima is not None:
            floats += q.minima[..., None]
        return floats.reshape(tensor.rows, tensor.columns)
    raw = np.ascontiguousarray(tensor.data)
    if tensor.kind == "F32":
        return raw.view(np.float32)
    if tensor.kind == "F16":
        return raw.view(np.float16).astype(np.float32)
    return (raw.view(np.uint16).astype(np.uint32) << 16).view(np.float32)
