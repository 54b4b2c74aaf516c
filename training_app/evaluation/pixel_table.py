"""The stored result of one segmentation evaluation: how many pixels of which class were taken for which. NumPy only.

Pixels are counted by how sure the prediction was, so that every figure can be had at another threshold: what is less
sure than it counts as background.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from training_app.evaluation.pixels import IGNORED, LabelMap, boundary_counts
from training_app.evaluation.records import Floats, Ints

LEVELS = 20
"""Thresholds are told apart in steps of one twentieth."""


@dataclass(frozen=True, slots=True)
class ImageMaps:
    """One picture: `truth` and `found` are label maps (height, width), `confidence` (height, width) is 0 … 255."""

    image: int
    truth: LabelMap
    found: LabelMap
    confidence: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class PixelTable:
    """`counts` (k, 5) are rows of image, level, truth, prediction, pixels; `places` (m, 7) image, truth, prediction and
    the box x, y, width, height around those pixels. Values are those of label maps. `boundaries` is (classes, 4).
    """

    images: Ints
    counts: Ints
    places: Ints
    boundaries: Ints

    @property
    def class_count(self) -> int:
        return len(self.boundaries)

    def matrix(self, threshold: float) -> Ints:
        """(classes + 1, classes + 1) pixels: row truth, column prediction, the background first."""
        size = self.class_count + 1
        _, level, truth, found, pixels = self.counts.T
        kept = np.where(level >= np.ceil(threshold * LEVELS - 1e-9), found, 0)
        sums = np.bincount(truth * size + kept, weights=pixels, minlength=size * size)
        return sums.astype(np.int64).reshape(size, size)

    def matrices(self) -> Ints:
        """(LEVELS + 1, classes + 1, classes + 1): the matrix at each threshold from 0 to 1."""
        return np.stack([self.matrix(step / LEVELS) for step in range(LEVELS + 1)])

    def images_of(self, truth: int, found: int, threshold: float) -> list[tuple[int, int]]:
        """(image, pixels) where pixels of `truth` were taken for `found`, most pixels first."""
        image, level, labelled, predicted, pixels = self.counts.T
        kept = np.where(level >= np.ceil(threshold * LEVELS - 1e-9), predicted, 0)
        chosen = (labelled == truth) & (kept == found)
        numbers, places = np.unique(image[chosen], return_inverse=True)
        sums = np.bincount(places, weights=pixels[chosen], minlength=len(numbers)).astype(np.int64)
        order = np.argsort(-sums, kind="stable")
        return [(int(numbers[place]), int(sums[place])) for place in order]

    def box_of(self, image: int, truth: int, found: int) -> list[float] | None:
        """Around the pixels of that cell at the threshold 0; None where they are only there at a higher one."""
        rows = self.places[(self.places[:, :3] == (image, truth, found)).all(axis=1)]
        return [float(value) for value in rows[0, 3:]] if len(rows) else None

    def save(self, path: Path) -> None:
        """One compressed file of plain arrays."""
        with path.open("wb") as file:
            np.savez_compressed(file, **{item.name: getattr(self, item.name) for item in fields(self)})

    @staticmethod
    def load(path: Path) -> PixelTable:
        with np.load(path, allow_pickle=False) as stored:
            return PixelTable(**{item.name: stored[item.name] for item in fields(PixelTable)})


def evaluate_maps(pictures: Iterable[ImageMaps], *, class_count: int) -> PixelTable:
    """Counts each picture once and for all; `pictures` may be a stream."""
    images: list[int] = []
    counts: list[Ints] = [np.zeros((0, 5), dtype=np.int64)]
    places: list[Ints] = [np.zeros((0, 7), dtype=np.int64)]
    boundaries = np.zeros((class_count, 4), dtype=np.int64)
    for picture in pictures:
        images.append(picture.image)
        counts.append(_counts(picture, class_count + 1))
        places.append(_places(picture, class_count + 1))
        boundaries += boundary_counts(picture.truth, picture.found, class_count=class_count)
    return PixelTable(np.array(images, dtype=np.int64), np.concatenate(counts), np.concatenate(places), boundaries)


def _counts(picture: ImageMaps, size: int) -> Ints:
    counted = picture.truth != IGNORED
    level = np.minimum(picture.confidence[counted].astype(np.int64) * LEVELS // 255, LEVELS - 1)
    # Background stays background however sure it is.
    level[picture.found[counted] == 0] = 0
    code = (level * size + picture.truth[counted]) * size + picture.found[counted]
    found, pixels = np.unique(code, return_counts=True)
    return np.stack(
        [np.full(len(found), picture.image), found // size**2, found // size % size, found % size, pixels], axis=1
    ).astype(np.int64)


def _places(picture: ImageMaps, size: int) -> Ints:
    codes = picture.truth.astype(np.int32) * size + picture.found + 1
    codes[picture.truth == IGNORED] = 0
    present, numbers = np.unique(codes, return_inverse=True)
    rows = []
    for code, window in zip(present, ndimage.find_objects(numbers.reshape(codes.shape) + 1), strict=True):
        if code == 0 or window is None:
            continue
        (top, bottom), (left, right) = ((part.start, part.stop) for part in window)
        truth, found = divmod(int(code) - 1, size)
        rows.append((picture.image, truth, found, left, top, right - left, bottom - top))
    return np.array(rows, dtype=np.int64).reshape(-1, 7)


def dice_curve(matrices: Ints) -> Floats:
    """(thresholds, 4) threshold, precision, recall, F1 (Dice) of all pixels that are not background, by `matrices`."""
    right = np.trace(matrices[:, 1:, 1:], axis1=1, axis2=2).astype(np.float64)
    predicted, labelled = matrices[:, :, 1:].sum(axis=(1, 2)), matrices[:, 1:, :].sum(axis=(1, 2))
    steps = np.linspace(0.0, 1.0, len(matrices))
    precision = np.divide(right, predicted, out=np.ones_like(right), where=predicted > 0)
    recall = np.divide(right, labelled, out=np.zeros_like(right), where=labelled > 0)
    both = predicted + labelled
    f1 = np.divide(2 * right, both, out=np.zeros_like(right), where=both > 0)
    return np.stack([steps, precision, recall, f1], axis=1)


def class_curve(matrices: Ints, index: int) -> Floats:
    """(thresholds, 3) recall, precision, threshold of the pixels of a class, by rising recall."""
    value = index + 1
    right = matrices[:, value, value].astype(np.float64)
    predicted, labelled = matrices[:, :, value].sum(axis=1), matrices[:, value, :].sum(axis=1)
    precision = np.divide(right, predicted, out=np.ones_like(right), where=predicted > 0)
    recall = np.divide(right, labelled, out=np.zeros_like(right), where=labelled > 0)
    return np.stack([recall, precision, np.linspace(0.0, 1.0, len(matrices))], axis=1)[::-1]
