"""Moves pixels and points by one matrix, so that both always agree. Knows nothing of shapes or operations.

Coordinates are those of shapes: pixel (0, 0) covers the unit square from (0, 0) to (1, 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
"""(3, 3), from points before to points after, homogeneous."""
Pixels = npt.NDArray[np.uint8]
"""(height, width, 3) uint8 RGB."""

_EXACT = 1e-9
_ASIDE = 1e-3
"""Part of a pixel by which masks are read beside the centres: a centre between two pixels then always goes to the same
one, whatever part of the picture is warped, and masks that met without a gap still do."""


@dataclass(frozen=True, slots=True, eq=False)
class Warp:
    """Where each point of a picture goes, and the size of the picture that it goes to."""

    matrix: Matrix
    width: int
    height: int

    @property
    def mirrors(self) -> bool:
        """Whether left and right change places."""
        return bool(np.linalg.det(self.matrix[:2, :2]) < 0)

    @property
    def is_affine(self) -> bool:
        return bool(np.allclose(self.matrix[2], (0, 0, 1), atol=1e-15))


def shift(x: float, y: float) -> Matrix:
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], dtype=np.float64)


def stretch(x: float, y: float) -> Matrix:
    return np.diag([x, y, 1.0])


def move_points(matrix: Matrix, points: Any) -> Matrix:
    """(n, 2) points after the matrix."""
    given = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    moved = np.c_[given, np.ones(len(given))] @ matrix.T
    found: Matrix = moved[:, :2] / moved[:, 2:]
    return found


def warp_pixels(pixels: Pixels, warp: Warp, *, fill: int) -> Pixels:
    """The picture after the warp; what no pixel reaches is grey of the value `fill`.

    Flips, quarter turns, crops and borders copy pixels; what shrinks is averaged first, so that nothing flickers.
    """
    matrix = warp.matrix
    if not _is_lattice(matrix) and warp.is_affine:
        height, width = pixels.shape[:2]
        smaller = (
            max(1, round(width * min(1.0, hypot(matrix[0, 0], matrix[1, 0])))),
            max(1, round(height * min(1.0, hypot(matrix[0, 1], matrix[1, 1])))),
        )
        if smaller != (width, height):
            pixels = np.asarray(cv2.resize(pixels, smaller, interpolation=cv2.INTER_AREA), dtype=np.uint8)
            matrix = matrix @ stretch(width / smaller[0], height / smaller[1])
    return _resampled(pixels, matrix, (warp.width, warp.height), fill, cv2.INTER_LINEAR)


def warp_mask(mask: npt.NDArray[np.bool_], warp: Warp) -> npt.NDArray[np.bool_]:
    """The mask after the warp: a pixel is set where its centre comes from a set pixel."""
    matrix = warp.matrix if _is_lattice(warp.matrix) else warp.matrix @ shift(_ASIDE, _ASIDE)
    return _resampled(mask.astype(np.uint8), matrix, (warp.width, warp.height), 0, cv2.INTER_NEAREST).astype(np.bool_)


def warp_crop(
    crop: npt.NDArray[np.bool_], corner: tuple[int, int], warp: Warp
) -> tuple[npt.NDArray[np.bool_], int, int]:
    """The same of a mask that is unset outside `crop`, whose first pixel lies at `corner`: costs what the crop costs.

    Answers the part of the picture after the warp that can hold set pixels, and where its first pixel lies.
    """
    x, y = corner
    height, width = crop.shape
    left, top, right, bottom = _reach((x, y, x + width, y + height), warp)
    if right <= left or bottom <= top:
        return np.zeros((0, 0), dtype=np.bool_), 0, 0
    there = Warp(shift(-left, -top) @ warp.matrix @ shift(x, y), right - left, bottom - top)
    return warp_mask(crop, there), left, top


def _reach(box: tuple[int, int, int, int], warp: Warp) -> tuple[int, int, int, int]:
    """The whole pixels that a box (left, top, right, bottom) can come to lie on, inside the picture after the warp."""
    corners = np.array([(x, y, 1.0) for x in box[::2] for y in box[1::2]]) @ warp.matrix.T
    if (corners[:, 2] <= 0).any():
        # It reaches behind the camera: anywhere.
        return 0, 0, warp.width, warp.height
    points = corners[:, :2] / corners[:, 2:]
    low, high = np.floor(points.min(axis=0)) - 1, np.ceil(points.max(axis=0)) + 1
    return (
        int(max(low[0], 0)),
        int(max(low[1], 0)),
        int(min(high[0], warp.width)),
        int(min(high[1], warp.height)),
    )


def _resampled(values: Pixels, matrix: Matrix, size: tuple[int, int], fill: int, how: int) -> Pixels:
    if _is_lattice(matrix):
        return _copied(values, np.rint(matrix).astype(np.int64), size, fill)
    # OpenCV counts from the centres of pixels, shapes from their corners.
    centred = shift(-0.5, -0.5) @ matrix @ shift(0.5, 0.5)
    border = (float(fill),) * 3
    warped = cv2.warpPerspective(values, centred, size, flags=how, borderMode=cv2.BORDER_CONSTANT, borderValue=border)
    return np.asarray(warped, dtype=np.uint8)


def _is_lattice(matrix: Matrix) -> bool:
    """Whether every pixel lands on a whole pixel: flips, quarter turns and whole steps."""
    whole = np.rint(matrix)
    return bool(
        np.abs(matrix - whole).max() < _EXACT
        and (np.abs(whole[:2, :2]).sum(axis=0) == 1).all()
        and (np.abs(whole[:2, :2]).sum(axis=1) == 1).all()
        and (whole[2] == (0, 0, 1)).all()
    )


def _copied(values: Pixels, matrix: npt.NDArray[np.int64], size: tuple[int, int], fill: int) -> Pixels:
    height, width = values.shape[:2]
    corners = matrix @ np.array([[0, width], [0, height], [1, 1]])
    left, top = int(corners[0].min()), int(corners[1].min())
    turned = values if matrix[0, 0] else np.swapaxes(values, 0, 1)
    turned = turned[:: int(matrix[1].sum() - matrix[1, 2]), :: int(matrix[0].sum() - matrix[0, 2])]
    canvas = np.full((size[1], size[0], *values.shape[2:]), fill, dtype=np.uint8)
    rows, columns = turned.shape[:2]
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + columns, size[0]), min(top + rows, size[1])
    if x1 > x0 and y1 > y0:
        canvas[y0:y1, x0:x1] = turned[y0 - top : y1 - top, x0 - left : x1 - left]
    return canvas
