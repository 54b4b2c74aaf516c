"""Masks as runs along rows, as many tools count them, to and from our runs along columns. Knows no format."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from annotator.core.geometry.base import ShapeError
from annotator.core.geometry.rle import Rle, RleError

MAX_BOX_PIXELS = 1 << 28
"""The box around a mask's set pixels is walked pixel by pixel; larger ones are refused."""

Integers = npt.NDArray[np.int64]


def rle_from_row_counts(counts: Sequence[int] | Integers, height: int, width: int) -> Rle:
    """From alternating lengths along the rows, unset pixels first. Raises `ShapeError`."""
    try:
        # Along the rows of a picture is along the columns of the same picture mirrored at its diagonal.
        return mirrored(Rle.from_counts(counts, width, height))
    except RleError as error:
        raise ShapeError(f"The mask cannot be read. {error}") from None


def row_counts(rle: Rle) -> list[int]:
    """Alternating lengths along the rows, unset pixels first."""
    counts: list[int] = mirrored(rle).counts.tolist()
    return counts


def mirrored(rle: Rle) -> Rle:
    """The mask with rows and columns exchanged. Raises `ShapeError` where its set pixels span too large a box."""
    x, y, width, height = box = rle.box
    if width * height > MAX_BOX_PIXELS:
        raise ShapeError(f"The mask spans {width} x {height} pixels; masks of this format may span {MAX_BOX_PIXELS}.")
    if not width:
        return Rle(rle.width, rle.height, rle.starts, rle.ends)
    return Rle.from_mask(rle.crop(box).to_mask().T).place(y, x, rle.width, rle.height)


def mask_shape(crop: Rle, left: int, top: int) -> dict[str, object]:
    """The shape of a mask whose grid lies at (left, top) of the picture. Raises `ShapeError` where no pixel is set."""
    if not crop.starts.size:
        raise ShapeError("The mask holds no set pixel; at least one must be set.")
    x, y, width, height = crop.box
    counts = crop.crop(crop.box).to_string()
    return {"type": "mask", "box": [left + x, top + y, width, height], "counts": counts}
