"""Region growing: what is joined to the clicks and has about their colour. Needs no weights. No Django here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from skimage.filters import threshold_otsu
from typing_extensions import override

from annotator.smart.methods._scene import MOSTLY, Mask, Scene
from annotator.smart.methods._surroundings import RegionMethod

BLUR = 1.2
"""Pixels of the small copy: grain is no border."""


class RegionGrowing(RegionMethod):
    title = "Region growing"

    @override
    def cut(self, scene: Scene, parameters: Mapping[str, Any]) -> Mask:
        lab = scene.lab(BLUR)
        spread, background = float(parameters["spread"]), scene.background()
        first, *others = scene.positive or _middle(scene)
        grown = _flood(lab, first, spread)
        for seed in others:
            more = _flood(lab, seed, spread)
            # A later click on the rim of the object does not mean all that is around it.
            if more.sum() <= grown.sum() and more[background].sum() < MOSTLY * background.sum():
                grown |= more
        for seed in scene.negative:
            if not grown[seed[1], seed[0]]:
                grown &= 1 - _flood(lab, seed, spread)
        return grown


def _flood(lab: npt.NDArray[np.float32], seed: tuple[int, int], spread: float) -> Mask:
    """What lies within `spread` of the seed's colour (CIELAB) and is joined to it; 0: within Otsu's threshold."""
    distance = np.linalg.norm(lab - lab[seed[1], seed[0]], axis=2)
    near = (distance <= (spread or threshold_otsu(distance))).astype(np.uint8)
    _, parts = cv2.connectedComponents(near, connectivity=4)
    return (parts == parts[seed[1], seed[0]]).astype(np.uint8)


def _middle(scene: Scene) -> list[tuple[int, int]]:
    rows, columns = np.nonzero(scene.box_ellipse(1.0))
    return [(int(columns.mean()), int(rows.mean()))]
