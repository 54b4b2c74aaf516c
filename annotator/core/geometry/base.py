"""What every shape kind promises: one canonical text, a bounding box and an area. Knows no Django, files or formats.

Coordinates are float64 pixels of the upright picture, origin top left, x right, y down; pixel (0, 0) covers the unit
square from (0, 0) to (1, 1), so a picture covers `0 … width` by `0 … height`. Boxes are half-open
(x, y, width, height).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any, NamedTuple, Protocol

import numpy as np

from annotator.core.geometry.rle import Rle

Box = tuple[float, float, float, float]
Shape = Mapping[str, Any]
Ring = list[list[float]]
"""[[x, y], ...]; as an outline the first point is not repeated at the end."""

CLAMP_PX = 1.0
"""An outline that leaves the picture by at most this much is pushed back point by point; beyond, it is cut exactly."""

NUMBER_TYPES = frozenset((int, float))
"""The exact types a JSON number parses to; `bool` is an `int` to Python but not a number to a person."""


class ShapeError(ValueError):
    """A shape cannot be taken; the sentence says what was wrong and what would be right."""


class Canonical(NamedTuple):
    """A checked shape.

    `json` is the same text for the same geometry, whoever sent it. `area` counts pixels as COCO does for polygons and
    masks, is exact for boxes and ellipses, and 0 for what encloses nothing: tags, captions, lines and points. `mended`
    says what had to be changed, "" where nothing was.
    """

    type: str
    json: str
    box: Box
    area: float
    mended: str = ""


class ShapeKind(Protocol):
    """One kind of shape: a module in this folder and a line in `catalog.py`."""

    def canonical(self, shape: Shape, width: int, height: int, *, area: float | None = None) -> Canonical:
        """Check `shape` against a picture of that size. Raises `ShapeError`.

        `area` is what the sender believes its area to be. Counting pixels is half the cost of a polygon, so a kind may
        take a believed area that can be the right one; every other is counted anew.
        """

    def to_rle(self, shape: Shape, width: int, height: int) -> Rle:
        """The pixels of a canonical shape, over the whole picture."""

    def outline(self, shape: Shape) -> Ring | None:  # noqa: ARG002  what kinds without one inherit
        """The one ring that says the same as a canonical shape; None where the kind has none or needs more of them.

        It may reach beyond the picture.
        """
        return None

    def from_rle(self, rle: Rle, tolerance: float) -> list[dict[str, Any]]:
        """The shapes of this kind that cover those pixels; empty where there are none or the kind has no pixels.

        `tolerance` is how far in pixels an outline may stray in order to need fewer points; 0 keeps every pixel.
        """


def check_numbers(values: Iterable[Any], what: str) -> None:
    """Raise `ShapeError` unless every value is a finite number."""
    for value in values:
        if type(value) not in NUMBER_TYPES:
            raise ShapeError(f"{what} holds {value!r}; every coordinate must be a number.")
        if not isfinite(value):
            raise ShapeError(f"{what} holds {value!r}; every coordinate must be a finite number.")


def no_pixels(width: int, height: int) -> Rle:
    """A picture's grid with nothing set."""
    return Rle(height, width, np.empty(0, np.int64), np.empty(0, np.int64))


def check_box(value: Any, what: str) -> Box:
    """The box as four floats with positive sides. Raises `ShapeError`."""
    if not isinstance(value, (list, tuple)) or len(value) != 4:
        raise ShapeError(f"{what} must be four numbers [x, y, width, height].")
    check_numbers(value, what)
    # Adding 0.0 makes floats of whole numbers and 0.0 of -0.0: one text for one geometry.
    x, y, width, height = (number + 0.0 for number in value)
    if width <= 0 or height <= 0:
        raise ShapeError(f"{what} is {width:g} wide and {height:g} high; both must be greater than 0.")
    return x, y, width, height


def clip_box(box: Box, width: int, height: int) -> Box | None:
    """The part of the box inside the picture, the very same tuple where all of it is; None where nothing is."""
    x, y, w, h = box
    if x >= 0 and y >= 0 and x + w <= width and y + h <= height:
        return box
    x0, y0 = max(x, 0.0), max(y, 0.0)
    x1, y1 = min(x + w, float(width)), min(y + h, float(height))
    return (x0, y0, x1 - x0, y1 - y0) if x1 > x0 and y1 > y0 else None
