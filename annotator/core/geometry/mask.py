"""Masks: `{"type": "mask", "box": [x, y, width, height], "counts": "..."}`. Knows no other shape.

`counts` is COCO's compressed run-length text, column-major, of the height x width crop that `box` (whole pixels) cuts
out of the picture. The canonical crop is the smallest one: each of its four edges holds a set pixel.
"""

from __future__ import annotations

from typing import Any

import orjson
from typing_extensions import override

from annotator.core.geometry.base import Canonical, Shape, ShapeError, ShapeKind, check_box
from annotator.core.geometry.rle import Rle, RleError

_MAX_CROP_PIXELS = 2**31


class MaskKind(ShapeKind):
    """The set pixels of one object; at least one, all inside the picture."""

    @override
    def canonical(self, shape: Shape, width: int, height: int, *, area: float | None = None) -> Canonical:
        x, y, crop = _read(shape)
        if not crop.starts.size:
            raise ShapeError("The mask holds no set pixel; at least one must be set.")
        if x < 0 or y < 0 or x + crop.width > width or y + crop.height > height:
            full = crop.place(x, y, height, width)
            if not full.starts.size:
                raise ShapeError(f"The mask lies wholly outside the picture of {width} x {height} pixels.")
            mended = "" if full.area == crop.area else "The mask was cut at the picture's edge."
            return canonical_mask(full)._replace(mended=mended)
        return _canonical(x, y, crop)

    @override
    def to_rle(self, shape: Shape, width: int, height: int) -> Rle:
        x, y, crop = _read(shape)
        return crop.place(x, y, height, width)

    @override
    def from_rle(self, rle: Rle, tolerance: float) -> list[dict[str, Any]]:
        return [_shape(rle)] if rle.starts.size else []


def _read(shape: Shape) -> tuple[int, int, Rle]:
    box = check_box(shape.get("box"), "The mask's box")
    if any(number % 1 for number in box):
        raise ShapeError("The mask's box must be whole pixels.")
    x, y, width, height = map(int, box)
    if width * height > _MAX_CROP_PIXELS:
        raise ShapeError(f"The mask's box of {width} x {height} pixels is larger than any picture.")
    counts = shape.get("counts")
    if not isinstance(counts, str):
        raise ShapeError("The mask's counts must be COCO's compressed run-length text.")
    try:
        return x, y, Rle.from_string(counts, height, width)
    except RleError as error:
        raise ShapeError(f"The mask cannot be read. {error}") from None


def canonical_mask(rle: Rle) -> Canonical:
    """The mask of all set pixels of a picture; at least one must be set. Raises `ShapeError`."""
    if not rle.starts.size:
        raise ShapeError("The mask holds no set pixel; at least one must be set.")
    return _canonical(0, 0, rle)


def _canonical(x: int, y: int, crop: Rle) -> Canonical:
    (left, top, width, height), crop = crop.tight()
    x, y = x + left, y + top
    text = orjson.dumps({"type": "mask", "box": (x, y, width, height), "counts": crop.to_string()}).decode()
    return Canonical("mask", text, (float(x), float(y), float(width), float(height)), float(crop.area))


def _shape(full: Rle) -> dict[str, Any]:
    box, crop = full.tight()
    return {"type": "mask", "box": list(box), "counts": crop.to_string()}


KIND = MaskKind()
