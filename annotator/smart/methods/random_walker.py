"""Random walker: every pixel goes to the marks that a random walk from it reaches first. No weights. No Django here.

Grady 2006 (`skimage.segmentation.random_walker`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from skimage.segmentation import random_walker
from typing_extensions import override

from annotator.smart.methods._scene import Mask, Scene
from annotator.smart.methods._surroundings import RegionMethod


class RandomWalker(RegionMethod):
    title = "Random walker"
    # It solves one equation for each pixel.
    pixels = 100 * 100

    @override
    def cut(self, scene: Scene, parameters: Mapping[str, Any]) -> Mask:
        # Solved directly: the iterative ways do not always arrive.
        found = random_walker(
            scene.lab(1.5).astype(np.float64),
            scene.markers(),
            beta=float(parameters["beta"]),
            mode="bf",
            channel_axis=2,
        )
        return (found == 2).astype(np.uint8)
