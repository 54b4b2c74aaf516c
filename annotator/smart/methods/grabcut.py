"""GrabCut (OpenCV): an object by its box and by clicks, from colours alone. Needs no weights. No Django here.

The graph cut runs on a small copy of the region around the prompt, because its time grows faster than the pixel count;
a guided filter then moves the outline onto the edges of the picture. The answer is the same for the same prompt.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from annotator.smart.base import Candidate, Embedding, Picture, Prompt, PromptError
from annotator.smart.methods._scene import Mask, Scene
from annotator.smart.methods._surroundings import nothing_found, surroundings

TITLE = "GrabCut"
COARSE_PIXELS = 200 * 200
COLLAPSED = 0.1
"""Below this share of the box the object's colours were taken for background: cut again …"""
CORE = 0.35
"""… with the middle of the box, an ellipse of this share of its sides, certain."""
NO_RECTANGLE = (0, 0, 1, 1)
"""Not looked at when the labels are given; the type stubs want one."""

# OpenCV draws the first colour clusters from one generator of the process: two threads must not take turns on it.
_generator = threading.Lock()


class GrabCut:
    def __init__(self, weights: Mapping[str, Path]) -> None:
        del weights

    def embed(self, picture: Picture) -> Embedding:
        del picture
        return {}

    def predict(
        self, picture: Picture, embedding: Embedding, prompt: Prompt, parameters: Mapping[str, Any]
    ) -> list[Candidate]:
        del embedding
        margin = float(parameters["margin"])
        for around in surroundings(picture, prompt, title=TITLE, margin=margin, pixels=COARSE_PIXELS):
            cut = _Cut(around.scene.picture, around.scene.first_guess())
            if not around.scene.reaches_frame(cut.inside):
                break
        return [around.candidate(_finish(around.scene, cut, int(parameters["iterations"])))]


class _Cut:
    """One graph cut in progress, after its first iteration."""

    def __init__(self, coarse: Picture, labels: Mask) -> None:
        self.coarse = coarse
        self._labels = labels
        self._models = np.zeros((1, 65)), np.zeros((1, 65))
        with _generator:
            cv2.setRNGSeed(0)
            cv2.grabCut(coarse, labels, NO_RECTANGLE, *self._models, 1, cv2.GC_INIT_WITH_MASK)

    @property
    def inside(self) -> Mask:
        return ((self._labels & 1) > 0).astype(np.uint8)

    def repeat(self, iterations: int) -> Mask:
        if iterations > 0:
            cv2.grabCut(self.coarse, self._labels, NO_RECTANGLE, *self._models, iterations, cv2.GC_EVAL)
        return self.inside


def _finish(scene: Scene, cut: _Cut, iterations: int) -> Mask:
    """The object without noise; cut again from a certain core when its colours were taken for background."""
    inside = scene.without_specks(cut.repeat(iterations - 1))
    if inside.sum() < COLLAPSED * scene.box_ellipse(1.0).sum():
        cut = _Cut(cut.coarse, scene.first_guess(core=CORE))
        inside = scene.without_specks(cut.repeat(iterations - 1))
    if not inside.any():
        raise PromptError(nothing_found(TITLE))
    return inside
