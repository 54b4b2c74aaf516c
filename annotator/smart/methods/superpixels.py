"""Small regions of one colour, of which the prompt picks: SLIC and Felzenszwalb's. Needs no weights. No Django here.

Achanta and others 2012, Felzenszwalb and Huttenlocher 2004 (`skimage.segmentation`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from skimage.segmentation import felzenszwalb, slic
from typing_extensions import override

from annotator.smart.methods._scene import MOSTLY, Mask, Scene
from annotator.smart.methods._surroundings import RegionMethod

Labels = npt.NDArray[np.int32]
Sizes = npt.NDArray[np.int64]
Means = npt.NDArray[np.float64]


class Superpixels(RegionMethod):
    title = "Superpixels"

    @override
    def cut(self, scene: Scene, parameters: Mapping[str, Any]) -> Mask:
        labels = slic(
            scene.picture,
            n_segments=int(parameters["count"]),
            compactness=float(parameters["compactness"]),
            sigma=1,
            start_label=0,
        ).astype(np.int32)
        return _picked(scene, labels, float(parameters["similarity"]))


class Felzenszwalb(RegionMethod):
    title = "Felzenszwalb"
    pixels = 220 * 220

    @override
    def cut(self, scene: Scene, parameters: Mapping[str, Any]) -> Mask:
        labels = felzenszwalb(
            scene.picture, scale=float(parameters["scale"]), sigma=0.8, min_size=int(parameters["smallest"])
        ).astype(np.int32)
        return _picked(scene, labels, float(parameters["similarity"]))


def _picked(scene: Scene, labels: Labels, similarity: float) -> Mask:
    """What the prompt chooses: by a click alone also the neighbours of about its colour, as far as they are joined."""
    lab, count = scene.lab(), int(labels.max()) + 1
    sizes = np.bincount(labels.ravel(), minlength=count)
    sums = [np.bincount(labels.ravel(), part.ravel(), minlength=count) for part in cv2.split(lab)]
    means = np.stack(sums, axis=1) / np.maximum(sizes, 1)[:, None]
    clicked = [int(labels[row, column]) for column, row in scene.positive]
    background = _background(scene, labels, sizes)
    if scene.has_box:
        found = _nearer(means, scene, labels, sizes)[labels] & ~scene.background()
    else:
        alike = _distance(means, np.arange(count) == clicked[0]) <= similarity
        alike &= _distance(means, np.arange(count) == clicked[0]) <= _distance(means, background)
        alike[clicked[0]] = True
        _, parts = cv2.connectedComponents(alike[labels].astype(np.uint8), connectivity=4)
        column, row = scene.positive[0]
        found = parts == parts[row, column]
    # A further click adds its own region, unless that is what lies around the object.
    found |= np.isin(labels, [label for label in clicked if not background[label]])
    return found.astype(np.uint8)


def _nearer(means: Means, scene: Scene, labels: Labels, sizes: Sizes) -> npt.NDArray[np.bool_]:
    """The regions in a box whose mean colour is nearer to one in its middle than to one beside it."""
    within = np.bincount(labels[scene.box_ellipse(0.5)], minlength=len(sizes)) > sizes / 2
    beside = _background(scene, labels, sizes)
    if not within.any() or not beside.any():
        return ~beside
    return within | ((_distance(means, within) < _distance(means, beside)) & ~beside)


def _background(scene: Scene, labels: Labels, sizes: Sizes) -> npt.NDArray[np.bool_]:
    """The regions that lie around the object for the most part, or are most of what lies around it."""
    around = scene.background()
    beside = np.bincount(labels[around], minlength=len(sizes))
    return (beside > sizes / 2) | (beside > MOSTLY * around.sum())


def _distance(means: Means, known: npt.NDArray[np.bool_]) -> Means:
    """(regions,) from each mean colour to the nearest known one; endless where none is known."""
    if not known.any():
        return np.full(len(means), np.inf)
    return np.linalg.norm(means[:, None] - means[None, known], axis=2).min(axis=1)
