"""What the rest of the product asks of shapes, whatever their kind. Knows the catalog and no single kind."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from annotator.core.geometry.base import Canonical, Shape, ShapeError
from annotator.core.geometry.catalog import SHAPES
from annotator.core.geometry.rle import Rle


def canonical(shape: Shape, width: int, height: int, *, area: float | None = None) -> Canonical:
    """The checked shape with its box and area, for a picture of that size. Raises `ShapeError`.

    An `area` that came with the shape spares counting its pixels where it can be the right one.
    """
    kind = shape.get("type") if isinstance(shape, dict) else None
    if not isinstance(kind, str) or kind not in SHAPES:
        known = ", ".join(SHAPES.keys())
        raise ShapeError(f'The shape\'s "type" is {kind!r}; it must be one of: {known}.')
    try:
        return SHAPES.load(kind).canonical(shape, width, height, area=area)
    except OverflowError:
        raise ShapeError("The shape holds a coordinate too large for any picture.") from None


def shape_to_rle(shape: Shape, width: int, height: int) -> Rle:
    """The pixels of a canonical shape over the whole picture."""
    return SHAPES.load(shape["type"]).to_rle(shape, width, height)


def shape_to_mask(shape: Shape, width: int, height: int) -> npt.NDArray[np.bool_]:
    """The same as a (height, width) array."""
    return shape_to_rle(shape, width, height).to_mask()


def shape_to_polygon(shape: Shape, width: int, height: int) -> Canonical | None:
    """The polygon that says the same as a canonical shape; None where the kind encloses nothing in the picture.

    Outlines stay as they are; only a kind without one is traced along its pixels.
    """
    if shape["type"] == "polygon":
        return canonical(shape, width, height)
    ring = SHAPES.load(shape["type"]).outline(shape)
    polygons = SHAPES.load("polygon").from_rle(shape_to_rle(shape, width, height), 0.0) if ring is None else ()
    parts = [{"outer": ring, "holes": []}] if ring is not None else [p for found in polygons for p in found["parts"]]
    try:
        return canonical({"type": "polygon", "parts": parts}, width, height) if parts else None
    except ShapeError:
        return None


def mask_to_shapes(mask: npt.NDArray[np.bool_], output: str, tolerance: float = 0.0) -> list[dict[str, Any]]:
    """One object's pixels as shapes of the kind `output`; empty where no pixel is set.

    `tolerance` (pixels) simplifies outlines; 0 keeps every pixel. Raises `UnknownKeyError` for an unknown kind.
    """
    return SHAPES.load(output).from_rle(Rle.from_mask(mask), tolerance)
