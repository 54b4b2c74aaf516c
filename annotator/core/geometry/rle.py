"""Run-length masks: column-major pixel runs of a grid and what can be done with them. Knows nothing of shapes.

Everything here costs what the outline costs, never what the picture costs: a mask in a 100-megapixel picture is moved,
cropped, joined and cut without one pixel array being made.

`pycocotools` encodes the COCO text. Decoding is done here, because its decoder trusts the text: a truncated string
makes it read past its end, and texts come from strangers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from pycocotools import mask as coco_mask
from typing_extensions import override

Integers = npt.NDArray[np.int64]
Pixels = npt.NDArray[np.bool_]

_MAX_DIGITS = 7
"""A count of more than seven base-32 digits is beyond any picture and would overflow the sums."""


class RleError(ValueError):
    """The runs do not describe a mask of the stated size; the message says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Rle:
    """The set pixels of a `height` x `width` grid as half-open runs `starts[i] … ends[i]` of column-major positions.

    Runs are ascending, not empty, and never touch, so equal masks have equal runs.
    """

    height: int
    width: int
    starts: Integers
    ends: Integers

    __hash__ = None  # type: ignore[assignment]

    @override
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Rle):
            return NotImplemented
        return (
            (self.height, self.width) == (other.height, other.width)
            and np.array_equal(self.starts, other.starts)
            and np.array_equal(self.ends, other.ends)
        )

    @classmethod
    def from_counts(cls, counts: Sequence[int] | Integers, height: int, width: int) -> Self:
        """From alternating run lengths, unset pixels first (COCO's uncompressed form). Raises `RleError`."""
        try:
            lengths = np.asarray(counts, dtype=np.int64)
        except (TypeError, ValueError, OverflowError):
            raise RleError("The counts must be whole numbers.") from None
        if lengths.ndim != 1 or (lengths.size and (lengths.min() < 0 or lengths.max() > height * width)):
            raise RleError(f"The counts must be whole numbers between 0 and {height * width}.")
        positions = np.cumsum(lengths)
        total = int(positions[-1]) if positions.size else 0
        if total != height * width:
            raise RleError(f"The counts add up to {total}; a mask of {width} x {height} needs {height * width}.")
        ends = positions[1::2]
        return cls(height, width, *_joined(positions[0::2][: ends.size], ends))

    @classmethod
    def from_string(cls, text: str, height: int, width: int) -> Self:
        """From COCO's compressed text. Raises `RleError`."""
        return cls.from_counts(_counts_from_string(text), height, width)

    @classmethod
    def from_mask(cls, mask: Pixels) -> Self:
        """From a (height, width) array, set where true."""
        height, width = mask.shape
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if not rows.size:
            return cls(height, width, np.empty(0, np.int64), np.empty(0, np.int64))
        # Only the part that holds pixels is walked in columns, against the order in which memory holds it.
        y, x = int(rows[0]), int(columns[0])
        part = np.asarray(mask[y : rows[-1] + 1, x : columns[-1] + 1], dtype=bool)
        flat = part.ravel(order="F")
        edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
        edges = np.concatenate(([0] if flat[0] else [], edges, [flat.size] if flat[-1] else [])).astype(np.int64)
        crop = cls(part.shape[0], part.shape[1], edges[0::2], edges[1::2])
        return crop.place(x, y, height, width)

    @property
    def counts(self) -> Integers:
        """Alternating run lengths, unset pixels first."""
        edges = np.empty(2 * self.starts.size + 2, dtype=np.int64)
        edges[0], edges[-1] = 0, self.height * self.width
        edges[1:-1:2], edges[2:-1:2] = self.starts, self.ends
        lengths = np.diff(edges)
        return lengths if lengths[-1] or lengths.size == 1 else lengths[:-1]

    @property
    def area(self) -> int:
        """The number of set pixels."""
        return int((self.ends - self.starts).sum())

    @property
    def box(self) -> tuple[int, int, int, int]:
        """The smallest box around the set pixels, (x, y, width, height); all zero where none is set."""
        if not self.starts.size:
            return 0, 0, 0, 0
        return _box_of(*self._pieces())

    def to_string(self) -> str:
        """COCO's compressed text."""
        packed: Any = coco_mask.frPyObjects(
            {"size": [self.height, self.width], "counts": self.counts.tolist()}, self.height, self.width
        )
        text: str = packed["counts"].decode("ascii")
        return text

    def to_mask(self) -> Pixels:
        """A (height, width) array, true where set."""
        steps = np.zeros(self.height * self.width + 1, dtype=np.int8)
        steps[self.starts] = 1
        steps[self.ends] -= 1
        return np.cumsum(steps[:-1], dtype=np.int8).view(bool).reshape((self.height, self.width), order="F")

    def crop(self, box: tuple[int, int, int, int]) -> Self:
        """What lies inside `box`, in the coordinates of the box."""
        x, y, width, height = box
        columns, tops, bottoms = self._pieces()
        tops, bottoms = np.maximum(tops - y, 0), np.minimum(bottoms - y, height)
        keep = (columns >= x) & (columns < x + width) & (bottoms > tops)
        first = (columns[keep] - x) * height
        return type(self)(height, width, *_joined(first + tops[keep], first + bottoms[keep]))

    def tight(self) -> tuple[tuple[int, int, int, int], Self]:
        """The smallest box around the set pixels, of which there must be one, and what lies inside it."""
        columns, tops, bottoms = self._pieces()
        x, y, width, height = box = _box_of(columns, tops, bottoms)
        first = (columns - x) * height - y
        return box, type(self)(height, width, *_joined(first + tops, first + bottoms))

    def place(self, x: int, y: int, height: int, width: int) -> Self:
        """The same pixels in a `height` x `width` grid, this grid's corner at (x, y); what falls outside is cut."""
        columns, tops, bottoms = self._pieces()
        columns, tops, bottoms = columns + x, np.maximum(tops + y, 0), np.minimum(bottoms + y, height)
        keep = (columns >= 0) & (columns < width) & (bottoms > tops)
        first = columns[keep] * height
        return type(self)(height, width, *_joined(first + tops[keep], first + bottoms[keep]))

    def union(self, *others: Rle) -> Self:
        """The pixels set in this or any other mask of the same grid."""
        return self._combined((self, *others), ())

    def subtract(self, *others: Rle) -> Self:
        """The pixels set here and in none of the others."""
        return self._combined((self,), others)

    def _combined(self, added: Sequence[Rle], removed: Sequence[Rle]) -> Self:
        masks = (*added, *removed)
        positions = np.concatenate([edge for mask in masks for edge in (mask.starts, mask.ends)])
        steps = np.concatenate([np.repeat((1, -1), mask.starts.size) for mask in masks])
        removes = np.repeat((0, 1), [sum(2 * mask.starts.size for mask in group) for group in (added, removed)])
        order = np.argsort(positions, kind="stable")
        positions, steps, removes = positions[order], steps[order], removes[order]
        inside = (np.cumsum(steps * (1 - removes)) > 0) & (np.cumsum(steps * removes) == 0)
        settled = np.append(positions[1:] != positions[:-1], True)[: positions.size]
        positions, inside = positions[settled], inside[settled]
        edges = positions[np.diff(inside.view(np.int8), prepend=0) != 0]
        return type(self)(self.height, self.width, edges[0::2], edges[1::2])

    def _pieces(self) -> tuple[Integers, Integers, Integers]:
        """The runs cut at column borders: (column, first row, row after the last) of each, in order."""
        first = self.starts // self.height
        lengths = (self.ends - 1) // self.height - first + 1
        run = np.repeat(np.arange(first.size), lengths)
        columns = first[run] + np.arange(run.size) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        tops = np.maximum(self.starts[run] - columns * self.height, 0)
        bottoms = np.minimum(self.ends[run] - columns * self.height, self.height)
        return columns, tops, bottoms


def _box_of(columns: Integers, tops: Integers, bottoms: Integers) -> tuple[int, int, int, int]:
    x, y = int(columns[0]), int(tops.min())
    return x, y, int(columns[-1]) - x + 1, int(bottoms.max()) - y


def _joined(starts: Integers, ends: Integers) -> tuple[Integers, Integers]:
    """The same runs without empty ones, those that touch made one."""
    keep = ends > starts
    if not keep.all():
        starts, ends = starts[keep], ends[keep]
    apart = starts[1:] != ends[:-1]
    if apart.all():
        return starts, ends
    return starts[np.append(True, apart)], ends[np.append(apart, True)]


def _counts_from_string(text: str) -> Integers:
    """COCO's text: base-32 digits, low first, bit 5 = more; from the fourth number on, steps from the last but one."""
    codes = np.frombuffer(text.encode("utf-8"), dtype=np.uint8).astype(np.int64) - 48
    if not codes.size:
        return codes
    if codes.min() < 0 or codes.max() > 63:
        raise RleError("The counts text holds a character that COCO run-length text cannot hold.")
    more = (codes & 0x20) != 0
    if more[-1]:
        raise RleError("The counts text stops in the middle of a number.")
    last = np.flatnonzero(~more)
    first = np.append(0, last[:-1] + 1)
    digits = last - first + 1
    if digits.max() > _MAX_DIGITS:
        raise RleError("The counts text holds a number beyond any picture.")
    shifts = 5 * (np.arange(codes.size) - np.repeat(first, digits))
    counts = np.add.reduceat((codes & 0x1F) << shifts, first)
    counts -= np.where(codes[last] & 0x10, np.left_shift(1, 5 * digits), 0)
    counts[1::2] = np.cumsum(counts[1::2])
    counts[2::2] = np.cumsum(counts[2::2])
    return counts
