"""The closed line of steepest change around a click, as seen from it on every side. Needs no weights. No Django here.

A circular shortest path through the polar picture (Sun, Pallottino 2003), found twice: the first line tells which way
colours change across it, the second looks for that change alone. Further clicks bound it in their direction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from typing_extensions import override

from annotator.smart.methods._scene import Mask, Scene
from annotator.smart.methods._surroundings import RegionMethod

ANGLES = 72
RADII = 80
BEND = 3
"""By how many radii the line may move from one angle to the next."""
SLACK = 1.5
"""Radii between a click and the line that has to pass it."""
BOX_SHARE = 0.95
"""Where in a box the line is expected, as a share of the ellipse in it …"""
BOX_PULL = 2.5
"""… and how much it costs to be elsewhere."""

Floats = npt.NDArray[np.float32]


class Star(RegionMethod):
    title = "Star outline"

    @override
    def cut(self, scene: Scene, parameters: Mapping[str, Any]) -> Mask:
        lab = scene.lab(float(parameters["blur"]))
        rays = _Rays(scene)
        change = rays.change(lab)
        strength = np.linalg.norm(change, axis=2)
        strength /= max(1e-6, float(np.percentile(strength, 98)))
        smoothness = float(parameters["smoothness"])
        line = _closed_path(rays.bounded(strength), smoothness)
        for _ in range(2):
            across = change[np.arange(ANGLES), line].mean(axis=0)
            along = change @ (across / max(1e-6, float(np.linalg.norm(across))))
            along /= max(1e-6, float(np.percentile(np.abs(along), 98)))
            if not scene.has_box:
                # What lies behind the object's own border is not its border, however steep.
                along -= float(parameters["nearness"]) * np.cumsum(np.maximum(along, 0), axis=1) / RADII
            line = _closed_path(rays.bounded(along), smoothness)
        return rays.filled(line)


class _Rays:
    """Rays from the first click or the middle of the strokes, or from the middle of the box and scaled by its sides."""

    def __init__(self, scene: Scene) -> None:
        height, width = self.shape = scene.picture.shape[:2]
        self.scene = scene
        if scene.has_box:
            rows, columns = np.nonzero(scene.box_ellipse(1.0))
            self.middle = (float(columns.mean()), float(rows.mean()))
            self.reach = (0.65 * (float(np.ptp(columns)) + 1), 0.65 * (float(np.ptp(rows)) + 1))
        else:
            self.middle = scene.middle()
            self.reach = (max(height, width) / 2,) * 2
        angles = np.arange(ANGLES) * (2 * np.pi / ANGLES)
        radii = (np.arange(RADII) + 1) / RADII
        self.x = (self.middle[0] + self.reach[0] * np.outer(np.cos(angles), radii)).astype(np.float32)
        self.y = (self.middle[1] + self.reach[1] * np.outer(np.sin(angles), radii)).astype(np.float32)

    def change(self, lab: Floats) -> Floats:
        """(angles, radii, 3): how the colour changes outwards across each place."""
        values = np.asarray(cv2.remap(lab, self.x, self.y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
        change = np.zeros_like(values)
        change[:, 1:-1] = values[:, 2:] - values[:, :-2]
        return np.asarray(change, dtype=np.float32)

    def bounded(self, gain: Floats) -> Floats:
        """`gain` of (angles, radii), very low where the line would pass a click on its wrong side or leave the box."""
        gain = np.array(gain, dtype=np.float32)
        steps = np.arange(RADII, dtype=np.float32)
        if self.scene.has_box:
            expected = BOX_SHARE / 1.3 * RADII
            gain -= BOX_PULL * ((steps - expected) / expected)[None, :] ** 2
        gain[:, :2] -= 1
        for points, sign in ((self.scene.positive, 1), (self.scene.negative, -1)):
            for x, y in points:
                across, down = (x - self.middle[0]) / self.reach[0], (y - self.middle[1]) / self.reach[1]
                radius = float(np.hypot(across, down)) * RADII - 1
                if radius < 2:
                    continue
                angle = round(float(np.arctan2(down, across)) * ANGLES / (2 * np.pi)) % ANGLES
                wrong = steps < radius + SLACK if sign > 0 else steps > radius - SLACK
                if not wrong.all():
                    gain[angle, wrong] -= 1000
        return gain

    def filled(self, line: npt.NDArray[np.intp]) -> Mask:
        inside = np.zeros(self.shape, dtype=np.uint8)
        at = np.arange(ANGLES), line
        corners = np.stack([self.x[at], self.y[at]], axis=1)
        cv2.fillPoly(inside, [np.rint(corners * 16).astype(np.int32)], 1, shift=4)
        return inside


def _closed_path(gain: Floats, smoothness: float) -> npt.NDArray[np.intp]:
    """(angles,) the radius at each angle, of the greatest sum of `gain` less the price of bends; closed."""
    angles, radii = gain.shape
    twice = np.concatenate([gain, gain, gain])
    shifts = np.arange(-BEND, BEND + 1)
    price = smoothness * np.abs(shifts).astype(np.float32)
    best = twice[0].copy()
    came = np.zeros((3 * angles, radii), dtype=np.intp)
    padded = np.full(radii + 2 * BEND, -np.inf, dtype=np.float32)
    places = np.arange(radii)
    for step in range(1, 3 * angles):
        padded[BEND:-BEND] = best
        moved = np.stack([padded[BEND + shift : BEND + shift + radii] for shift in shifts]) - price[:, None]
        chosen = moved.argmax(axis=0)
        came[step] = places + shifts[chosen]
        best = moved[chosen, places] + twice[step]
    path = np.empty(3 * angles, dtype=np.intp)
    path[-1] = best.argmax()
    for step in range(3 * angles - 1, 0, -1):
        path[step - 1] = came[step, path[step]]
    return path[angles : 2 * angles]
