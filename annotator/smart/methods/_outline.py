"""A rough mask's outline: moved onto the edges of the picture, and judged by the colours beside it. No Django."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from annotator.smart.base import Picture

Mask = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

FLAT = 1e-4
"""Variance of the brightness (0 … 1) below which the picture has no edge to follow."""


def refine_outline(picture: Picture, rough: Mask, size: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """The small mask `rough` at `size` (width, height), its outline following the edges of `picture`."""
    smooth = (np.clip(_follow_edges(picture, rough), 0, 1) * 255).astype(np.uint8)
    return np.asarray(cv2.resize(smooth, size, interpolation=cv2.INTER_LINEAR) > 127, dtype=np.bool_)


def _follow_edges(picture: Picture, rough: Mask) -> Floats:
    """A guided filter (He, Sun, Tang 2010) by the brightness, in a band of one rough pixel about the outline."""
    height, width = picture.shape[:2]
    enlarged = _floats(cv2.resize(rough.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR))
    step = max(width / rough.shape[1], height / rough.shape[0])
    if step <= 1.0:
        return enlarged
    guide = _floats(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)) / np.float32(255)
    side = 2 * round(1.5 * step) + 1

    def mean(values: Floats) -> Floats:
        return _floats(cv2.boxFilter(values, -1, (side, side)))

    mean_guide, mean_mask = mean(guide), mean(enlarged)
    covariance = mean(guide * enlarged) - mean_guide * mean_mask
    slope = _floats(covariance / (mean(guide * guide) - mean_guide * mean_guide + FLAT))
    filtered = mean(slope) * guide + mean(_floats(mean_mask - slope * mean_guide))
    return np.where((enlarged > 0.001) & (enlarged < 0.999), filtered, enlarged)


def colour_separation(picture: Picture, inside: Mask) -> float:
    """How different the colours on both sides of the outline are, 0 … 1: one minus the overlap of their histograms."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9))
    inner = (inside > 0) & (cv2.erode(inside, kernel) == 0)
    outer = (inside == 0) & (cv2.dilate(inside, kernel) > 0)
    if not inner.any() or not outer.any():
        return 0.0
    codes = (picture >> 5).astype(np.int32) @ np.array([64, 8, 1], dtype=np.int32)
    first = np.bincount(codes[inner], minlength=512) / inner.sum()
    second = np.bincount(codes[outer], minlength=512) / outer.sum()
    return float(np.clip(1.0 - np.sqrt(first * second).sum(), 0.0, 1.0))


def _floats(values: object) -> Floats:
    return np.asarray(values, dtype=np.float32)
