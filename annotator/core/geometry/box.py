"""Boxes: `{"type": "box", "box": [x, y, width, height]}`. Knows no other shape."""

from __future__ import annotations

from math import floor
from typing import Any

import numpy as np
import orjson
from typing_extensions import override

from annotator.core.geometry.base import Canonical, Ring, Shape, ShapeError, ShapeKind, check_box, clip_box, no_pixels
from annotator.core.geometry.rle import Rle


class BoxKind(ShapeKind):
    """An upright rectangle; its sides are greater than 0 and inside the picture."""

    @override
    def canonical(self, shape: Shape, width: int, height: int, *, area: float | None = None) -> Canonical:
        sent = check_box(shape.get("box"), "The box")
        box = clip_box(sent, width, height)
        if box is None:
            raise ShapeError(f"The box lies wholly outside the picture of {width} x {height} pixels.")
        text = orjson.dumps({"type": "box", "box": box}).decode()
        return Canonical(
            "box", text, box, box[2] * box[3], "" if box == sent else "The box was cut at the picture's edge."
        )

    @override
    def outline(self, shape: Shape) -> Ring:
        x, y, w, h = shape["box"]
        return [[x, y], [x + w, y], [x + w, y + h], [x, y + h]]

    @override
    def to_rle(self, shape: Shape, width: int, height: int) -> Rle:
        """The pixels whose centre lies inside the box."""
        x, y, w, h = shape["box"]
        left, right = (min(max(floor(edge + 0.5), 0), width) for edge in (x, x + w))
        top, bottom = (min(max(floor(edge + 0.5), 0), height) for edge in (y, y + h))
        whole = Rle(bottom - top, right - left, np.array([0]), np.array([(bottom - top) * (right - left)]))
        if not whole.ends[0]:
            return no_pixels(width, height)
        return whole.place(left, top, height, width)

    @override
    def from_rle(self, rle: Rle, tolerance: float) -> list[dict[str, Any]]:
        return [{"type": "box", "box": [float(value) for value in rle.box]}] if rle.starts.size else []


KIND = BoxKind()
