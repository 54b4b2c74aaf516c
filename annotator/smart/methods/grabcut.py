"""GrabCut (OpenCV): an object by its box, by clicks and strokes, from colours alone. Needs no weights. No Django here.

Rother, Kolmogorov, Blake 2004. The answer is the same for the same prompt.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
from typing_extensions import override

from annotator.smart.methods._scene import Mask, Scene
from annotator.smart.methods._surroundings import RegionMethod

COLLAPSED = 0.1
"""Below this share of the box the object's colours were taken for background: cut again …"""
CORE = 0.35
"""… with the middle of the box, an ellipse of this share of its sides, certain."""
NO_RECTANGLE = (0, 0, 1, 1)
"""Not looked at when the labels are given; the type stubs want one."""

# OpenCV draws the first colour clusters from one generator of the process: two threads must not take turns on it.
_generator = threading.Lock()


class GrabCut(RegionMethod):
    title = "GrabCut"
    # The time of the graph cut grows faster than the pixel count.
    pixels = 200 * 200

    @override
    def cut(self, scene: Scene, parameters: Mapping[str, Any]) -> Mask:
        iterations = int(parameters["iterations"])
        inside = _cut(scene, scene.first_guess(), iterations)
        if scene.without_specks(inside).sum() < COLLAPSED * scene.box_ellipse(1.0).sum():
            inside = _cut(scene, scene.first_guess(core=CORE), iterations)
        return inside


def _cut(scene: Scene, labels: Mask, iterations: int) -> Mask:
    models = np.zeros((1, 65)), np.zeros((1, 65))
    with _generator:
        cv2.setRNGSeed(0)
        cv2.grabCut(scene.picture, labels, NO_RECTANGLE, *models, 1, cv2.GC_INIT_WITH_MASK)
    if iterations > 1:
        cv2.grabCut(scene.picture, labels, NO_RECTANGLE, *models, iterations - 1, cv2.GC_EVAL)
    return ((labels & 1) > 0).astype(np.uint8)
