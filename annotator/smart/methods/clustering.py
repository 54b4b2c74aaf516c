"""Clusters of colour and place: k-means and mean shift. Needs no weights. No Django here.

Mean shift by Comaniciu, Meer 2002 (`cv2.pyrMeanShiftFiltering`)."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from typing_extensions import override

from annotator.smart.methods._scene import Mask, Scene
from annotator.smart.methods._surroundings import RegionMethod

RUNS = 2
STEPS = 20
AROUND = 0.1
"""A cluster on more than this share of the surroundings is background."""
NEARNESS = 4.0
"""Levels by which neighbours may differ inside one cluster of the mean shift."""

# OpenCV draws the first centres from one generator of the process: two threads must not take turns on it.
_generator = threading.Lock()


class KMeans(RegionMethod):
    title = "k-means"
    pixels = 220 * 220

    @override
    def cut(self, scene: Scene, parameters: Mapping[str, Any]) -> Mask:
        lab = scene.lab(1.0)
        rows, columns = lab.shape[:2]
        place = np.indices((rows, columns), dtype=np.float32).transpose(1, 2, 0) / max(rows, columns)
        weight = np.float32(100 * float(parameters["compactness"]))
        values = np.concatenate([lab, place * weight], axis=2).reshape(-1, 5)
        count = min(int(parameters["clusters"]), len(values))
        rule = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, STEPS, 0.5)
        with _generator:
            cv2.setRNGSeed(0)
            _, found, centers = cv2.kmeans(values, count, None, rule, RUNS, cv2.KMEANS_PP_CENTERS)  # type: ignore[call-overload]
        labels = np.asarray(found, dtype=np.int32).reshape(rows, columns)
        return scene.chosen(labels if scene.has_box else _two_sides(scene, labels, np.asarray(centers)[:, :3]))


def _two_sides(scene: Scene, labels: npt.NDArray[np.int32], colors: npt.NDArray[np.float32]) -> npt.NDArray[np.int32]:
    """Of several clusters two: those nearer in colour to the first clicked one than to any that lies all around."""
    column, row = scene.positive[0]
    clicked, around = int(labels[row, column]), scene.background()
    beside = np.bincount(labels[around], minlength=len(colors)) > AROUND * around.sum()
    beside[clicked] = False
    if not beside.any():
        return (labels == clicked).astype(np.int32)
    away = np.linalg.norm(colors[:, None] - colors[None, beside], axis=2).min(axis=1)
    return ((np.linalg.norm(colors - colors[clicked], axis=1) < away) & ~beside)[labels].astype(np.int32)


class MeanShift(RegionMethod):
    title = "Mean shift"
    pixels = 220 * 220

    @override
    def cut(self, scene: Scene, parameters: Mapping[str, Any]) -> Mask:
        reach, spread = float(parameters["reach"]), float(parameters["spread"])
        flat = np.asarray(cv2.pyrMeanShiftFiltering(scene.picture, reach, spread, maxLevel=1), dtype=np.uint8)
        return scene.chosen(_joined(flat))


def _joined(flat: npt.NDArray[np.uint8]) -> npt.NDArray[np.int32]:
    """Neighbours of about one colour, numbered from 0."""
    rows, columns = flat.shape[:2]
    marked = np.zeros((rows + 2, columns + 2), dtype=np.uint8)
    labels = np.full((rows, columns), -1, dtype=np.int32)
    step = (NEARNESS,) * 3
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | (1 << 8)
    number = 0
    while True:
        left = np.flatnonzero(labels < 0)
        if left.size == 0:
            return labels
        row, column = divmod(int(left[0]), columns)
        marked[:] = 0
        marked[1:-1, 1:-1] = labels >= 0
        before = marked[1:-1, 1:-1].copy()
        cv2.floodFill(flat, marked, (column, row), (0, 0, 0), step, step, flags)
        labels[(marked[1:-1, 1:-1] > 0) & (before == 0)] = number
        number += 1
