"""What further clicks change about a mask that a method found: a click counts where it is, never everywhere. No Django.

Methods that sort pixels by colour alone cannot tell two touching objects apart, nor a dark rim from the dark around it.
"""

from __future__ import annotations

import cv2
import numpy as np
from skimage.segmentation import watershed

from annotator.smart.methods._scene import CLICK_RADIUS, Mask, Scene


def corrected(scene: Scene, inside: Mask) -> Mask:
    """`inside` (rows, columns) without what clicks with the sign -1 lie on, and with what the others lie on."""
    added = inside.copy()
    for column, row in scene.positive:
        if not added[row, column]:
            added |= _disc(added, (column, row))
    added[scene.marked_object] = 1
    if not (added[scene.marked_background] > 0).any():
        return added
    marks = np.where(scene.marked_object, 2, np.where(scene.marked_background, 1, 0)).astype(np.int32)
    if not (marks == 2).any():
        marks[scene.core() & (added > 0) & (marks == 0)] = 2
    # Touching objects part at their waist; of a rim goes what is nearest to the click.
    depth = cv2.distanceTransform(np.pad(added, 1), cv2.DIST_L2, 3)[1:-1, 1:-1]
    parted = watershed(-depth, marks, mask=added > 0)
    untouched = (added > 0) & (parted == 0)
    return ((parted == 2) | untouched).astype(np.uint8)


def _disc(inside: Mask, point: tuple[int, int]) -> Mask:
    """As far around the point as the mask is away."""
    away = cv2.distanceTransform(np.pad(1 - inside, 1, constant_values=1), cv2.DIST_L2, 3)[1:-1, 1:-1]
    reach = away[point[1], point[0]] if inside.any() else CLICK_RADIUS
    disc = np.zeros_like(inside)
    cv2.circle(disc, point, max(CLICK_RADIUS, round(float(reach))), 1, -1)
    return disc
