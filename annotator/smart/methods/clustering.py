"""Clusters of colour and place: k-means and mean shift. Needs no weights. No Django here.

Mean shift by Comaniciu, Meer 2002 (`cv2.pyrMeanShiftFiltering`)."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from typing_extensions import override

from annotator.smart.methods._scene import Mask, Scene
from annotator.smart.methods._surroundings import RegionMethod

RUNS = 2
STEPS = 20
AROUND = 0.1
"""A cluster on more than this share of the surroundings is background."""
NEARNESS = 4
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
    levels, places = flat.astype(np.int16), np.arange(flat[..., 0].size).reshape(flat.shape[:2])
    ends = []
    for one, other in ((np.s_[1:], np.s_[:-1]), (np.s_[:, 1:], np.s_[:, :-1])):
        near = np.abs(levels[one] - levels[other]).max(axis=2) <= NEARNESS
        ends.append(np.stack([places[one][near], places[other][near]]))
    first, second = np.concatenate(ends, axis=1)
    graph = coo_array((np.ones(first.size, dtype=np.bool_), (first, second)), shape=(places.size,) * 2)
    return connected_components(graph, directed=False)[1].reshape(places.shape).astype(np.int32)
