"""Many masks at once: from the text of each crop to that of the whole picture, as array operations over all of them.

What `Rle.from_string`, `place` and `to_string` do for one mask costs more in calls than in work.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]

_DIGIT_LIMITS = np.array([1 << (5 * digits - 1) for digits in range(1, 7)])
"""From each of these on, a number takes one more digit of five bits, the first of which is its sign."""


def texts_of_pictures(
    texts: Sequence[str], boxes: Sequence[Sequence[int]], sizes: Sequence[tuple[int, int]]
) -> list[str]:
    """COCO's compressed text of each mask over its whole picture.

    `texts` and `boxes` are the counts and boxes of canonical masks, which lie inside their pictures and hold a pixel;
    `sizes` are (width, height) of the pictures. The text of strangers is for `Rle.from_string`.
    """
    if not texts:
        return []
    left, top, _, crop_heights = np.array(boxes, dtype=np.int64).T
    widths, heights = np.array(sizes, dtype=np.int64).T
    starts, ends, mask = _pieces(*_runs(texts), crop_heights)
    corner = ((left[mask] + starts // crop_heights[mask]) * heights[mask]) + top[mask]
    row, length = starts % crop_heights[mask], ends - starts
    starts = corner + row
    ends = starts + length
    # Pieces that touch are one run: a crop as high as the picture goes on from column to column.
    apart = (starts[1:] != ends[:-1]) | (mask[1:] != mask[:-1])
    is_first, is_last = np.append(True, apart), np.append(apart, True)
    return _written(starts[is_first], ends[is_last], mask[is_first], widths * heights)


def _runs(texts: Sequence[str]) -> tuple[Integers, Integers, Integers]:
    """Of all set runs in their order: start and end as column-major positions in the crop, and the mask of each."""
    codes = np.frombuffer("".join(texts).encode("ascii"), dtype=np.uint8).astype(np.int64) - 48
    last = np.flatnonzero((codes & 0x20) == 0)
    first = np.append(0, last[:-1] + 1)
    digits = last - first + 1
    shifts = 5 * (np.arange(codes.size) - np.repeat(first, digits))
    counts = np.add.reduceat((codes & 0x1F) << shifts, first)
    counts -= np.where(codes[last] & 0x10, np.left_shift(1, 5 * digits), 0)
    text_ends = np.cumsum(np.fromiter(map(len, texts), np.int64))
    sizes = np.bincount(np.searchsorted(text_ends, last, side="right"), minlength=len(texts))
    place = _places(sizes)
    # From the fourth number on, each is the step from the last but one: two sums that run beside each other.
    for chain, lengths in ((place % 2 == 1, sizes // 2), ((place % 2 == 0) & (place > 0), (sizes - 1) // 2)):
        counts[chain] = _sums(counts[chain], lengths)
    positions = _sums(counts, sizes)
    at = np.flatnonzero(place % 2 == 1)
    return positions[at - 1], positions[at], np.repeat(np.arange(len(texts)), sizes // 2)


def _pieces(starts: Integers, ends: Integers, mask: Integers, heights: Integers) -> tuple[Integers, Integers, Integers]:
    """The runs cut at the borders of columns."""
    height = heights[mask]
    column = starts // height
    times = (ends - 1) // height - column + 1
    ahead = _places(times)
    column, height = np.repeat(column, times) + ahead, np.repeat(height, times)
    top = np.maximum(np.repeat(starts, times), column * height)
    bottom = np.minimum(np.repeat(ends, times), (column + 1) * height)
    return top, bottom, np.repeat(mask, times)


def _written(starts: Integers, ends: Integers, mask: Integers, totals: Integers) -> list[str]:
    """The text of each mask from its runs in the picture, which has `totals` pixels."""
    runs = np.bincount(mask, minlength=totals.size)
    is_first = np.append(True, mask[1:] != mask[:-1])
    tails = totals - ends[np.cumsum(runs) - 1]
    sizes = 2 * runs + (tails > 0)
    place = _places(sizes)
    number = np.repeat(2 * runs, sizes)
    counts = np.empty(place.size, dtype=np.int64)
    is_inside = place < number
    counts[is_inside & (place % 2 == 0)] = starts - np.where(is_first, 0, np.append(0, ends[:-1]))
    counts[is_inside & (place % 2 == 1)] = ends - starts
    counts[~is_inside] = tails[tails > 0]
    steps = counts.copy()
    later = np.flatnonzero(place > 2)
    steps[later] -= counts[later - 2]
    digits = 1 + np.searchsorted(_DIGIT_LIMITS, np.where(steps < 0, ~steps, steps), side="right")
    at = _places(digits)
    codes = (np.repeat(steps, digits) >> (5 * at)) & 0x1F
    codes |= (at < np.repeat(digits, digits) - 1).astype(np.int64) << 5
    text = (codes + 48).astype(np.uint8).tobytes().decode("ascii")
    cuts = np.append(0, np.cumsum(digits)[np.cumsum(sizes) - 1])
    return [text[start:end] for start, end in pairwise(cuts.tolist())]


def _places(sizes: Integers) -> Integers:
    """0, 1, 2 … for each group of one of these sizes."""
    places: Integers = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return places


def _sums(values: Integers, sizes: Integers) -> Integers:
    """Running sums that begin anew with each group."""
    sums = np.append(0, np.cumsum(values))
    found: Integers = sums[1:] - np.repeat(sums[np.cumsum(sizes) - sizes], sizes)
    return found
