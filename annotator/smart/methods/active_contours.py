"""Outlines that move until they lie well: snake, Chan and Vese's, geodesic. Needs no weights. No Django here.

Kass, Witkin, Terzopoulos 1988; Chan, Vese 2001 and Caselles, Kimmel, Sapiro 1997 in the morphological form of
Marquez-Neila, Baumela, Alvarez 2014 (`skimage.segmentation`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
from skimage.segmentation import (
    active_contour,
    inverse_gaussian_gradient,
    morphological_chan_vese,
    morphological_geodesic_active_contour,
)
from typing_extensions import override

from annotator.smart.methods._scene import Mask, Scene
from annotator.smart.methods._surroundings import RegionMethod

VERTICES = 160
SNAKE_STEPS = 250


class Snake(RegionMethod):
    title = "Snake"
    pixels = 200 * 200

    @override
    def cut(self, scene: Scene, parameters: Mapping[str, Any]) -> Mask:
        begin = _ellipse(scene)
        lightness = scene.lab(float(parameters["blur"]))[..., 0] / 100
        found = active_contour(
            lightness,
            begin,
            alpha=float(parameters["tension"]),
            beta=float(parameters["stiffness"]),
            w_line=0,
            w_edge=20,
            gamma=0.01,
            max_num_iter=SNAKE_STEPS,
        )
        inside = np.zeros(lightness.shape, dtype=np.uint8)
        cv2.fillPoly(inside, [np.rint(found[:, ::-1]).astype(np.int32)], 1)
        return inside


def _ellipse(scene: Scene) -> Any:
    """(160, 2) rows and columns of the ellipse in the box."""
    rows, columns = np.nonzero(scene.box_ellipse(1.0))
    angles = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    middle, half = np.array([rows.mean(), columns.mean()]), np.array([np.ptp(rows), np.ptp(columns)]) / 2
    return middle + half * np.stack([np.sin(angles), np.cos(angles)], axis=1)


class ChanVese(RegionMethod):
    title = "Chan-Vese"
    pixels = 140 * 140

    @override
    def cut(self, scene: Scene, parameters: Mapping[str, Any]) -> Mask:
        lightness = scene.lab(1.0)[..., 0]
        found = morphological_chan_vese(
            lightness,
            num_iter=int(parameters["steps"]),
            init_level_set=scene.first_guess() & 1,
            smoothing=int(parameters["smoothing"]),
        )
        return scene.chosen(found.astype(np.int32))


class Geodesic(RegionMethod):
    title = "Geodesic contour"
    pixels = 140 * 140

    @override
    def cut(self, scene: Scene, parameters: Mapping[str, Any]) -> Mask:
        still = inverse_gaussian_gradient(scene.lab()[..., 0] / 100, alpha=100, sigma=float(parameters["blur"]))
        # From outside a box it shrinks onto the object, from a click it grows into it.
        begin, balloon = (scene.box_ellipse(1.1), -1) if scene.has_box else (scene.first_guess() & 1, 1)
        found = morphological_geodesic_active_contour(
            still,
            num_iter=int(parameters["steps"]),
            init_level_set=begin.astype(np.uint8),
            smoothing=int(parameters["smoothing"]),
            threshold="auto",
            balloon=balloon,
        )
        return scene.chosen(found.astype(np.int32))
