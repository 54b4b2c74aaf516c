"""Whole-image tags: `{"type": "tag"}`. Knows no other shape."""

from __future__ import annotations

from typing import Any

from typing_extensions import override

from annotator.core.geometry.base import Canonical, Shape, ShapeKind, no_pixels
from annotator.core.geometry.rle import Rle


class TagKind(ShapeKind):
    """A class said of the whole picture: its box is the picture's, its area 0, and it has no pixels."""

    @override
    def canonical(self, shape: Shape, width: int, height: int, *, area: float | None = None) -> Canonical:
        return Canonical("tag", '{"type":"tag"}', (0.0, 0.0, float(width), float(height)), 0.0)

    @override
    def to_rle(self, shape: Shape, width: int, height: int) -> Rle:
        return no_pixels(width, height)

    @override
    def from_rle(self, rle: Rle, tolerance: float) -> list[dict[str, Any]]:
        return []


KIND = TagKind()
