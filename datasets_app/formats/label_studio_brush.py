"""Label Studio's run-length code for brush strokes, which is not COCO's. Knows nothing of the rest of the format.

A stream of bits, the highest of a byte first: the count of values (32 bits), the bits of a value less one (5), four
sizes of run lengths less one (4 each); then for each run whether one value repeats (1 bit), which size its length has
(2), the length less one, and the value, or as many values as the length says. The values are the bytes of an RGBA
picture, row by row; what its alpha channel covers is the mask. The algorithm is that of thi.ng/rle-pack (Apache-2.0),
which Label Studio documents; this is an implementation of our own that never unpacks the picture.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from annotator.core.geometry.base import ShapeError
from annotator.core.geometry.rle import Rle
from datasets_app.formats.row_runs import rle_from_row_counts, row_counts

CHANNELS = 4
_SIZES = (3, 4, 8, 16)
_VALUE_BITS = 8
_HEAD_BITS = 32 + 5 + 4 * 4
_SET = 255


def decode_brush(data: Sequence[int], width: int, height: int) -> Rle:
    """The mask over the whole picture. Raises `ShapeError`."""
    try:
        packed = bytes(data)
    except (TypeError, ValueError):
        raise ShapeError("The brush's rle must be a list of bytes, whole numbers from 0 to 255.") from None
    bits = _Bits(packed)
    count = bits.take(32)
    if count != CHANNELS * width * height:
        raise ShapeError(
            f"The brush's rle holds {count} values; a picture of {width} x {height} needs {CHANNELS * width * height}."
        )
    value_bits = bits.take(5) + 1
    sizes = [bits.take(4) + 1 for _ in range(4)]
    edges: list[int] = []
    at = 0
    while at < count:
        repeats, size = bits.take(1), sizes[bits.take(2)]
        end = min(at + bits.take(size) + 1, count)
        if repeats:
            if bits.take(value_bits):
                _cover(edges, at // CHANNELS, end // CHANNELS)
        else:
            for place in range(at, end):
                if bits.take(value_bits) and place % CHANNELS == CHANNELS - 1:
                    _cover(edges, place // CHANNELS, place // CHANNELS + 1)
        at = end
    ends = np.array([*edges, width * height], dtype=np.int64)
    return rle_from_row_counts(ends - np.array([0, *edges], dtype=np.int64), height, width)


def encode_brush(mask: Rle) -> list[int]:
    """The code of a mask over the whole picture: one value in all channels, as Label Studio's own tools write it."""
    head = f"{CHANNELS * mask.width * mask.height:032b}{_VALUE_BITS - 1:05b}" + "".join(f"{n - 1:04b}" for n in _SIZES)
    runs = [head]
    for place, pixels in enumerate(row_counts(mask)):
        value = f"{_SET if place % 2 else 0:08b}"
        length = CHANNELS * pixels
        while length > 0:
            part = min(length, 1 << _SIZES[-1])
            size = next(n for n, bits in enumerate(_SIZES) if part <= 1 << bits)
            runs.append(f"1{size:02b}{part - 1:0{_SIZES[size]}b}{value}")
            length -= part
    text = "".join(runs)
    text += "0" * (-len(text) % 8)
    return list(int(text, 2).to_bytes(len(text) // 8, "big"))


def _cover(edges: list[int], start: int, end: int) -> None:
    """Add the pixels from `start` to `end` to the runs, joining them to the last one where they follow it."""
    if start >= end:
        return
    if edges and edges[-1] == start:
        edges[-1] = end
    else:
        edges += (start, end)


class _Bits:
    """Bits from bytes, the highest first, a word at a time: one number of all bits would be slow to cut."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> int:
        start, self._at = self._at, self._at + count
        if self._at > 8 * len(self._data):
            raise ShapeError("The brush's rle stops in the middle of a run.")
        first, last = start // 8, (self._at + 7) // 8
        word = int.from_bytes(self._data[first:last], "big")
        return (word >> (8 * last - self._at)) & ((1 << count) - 1)
