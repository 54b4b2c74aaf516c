"""A prompt in the pixels of a small copy of its surroundings: what it says of them before and after a cut. No Django.

The labels are those of OpenCV's GrabCut: certain or probable, object or background.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from annotator.smart.base import Picture, Prompt

CLICK_RADIUS = 2
"""Pixels of the small copy that a click decides for good."""
CLICK_REGION = 0.25
"""Without a box the region reaches at least this share of the picture's shorter side beyond the clicks …"""
CLICK_SPREAD = 0.35
"""… and at least this share of the distance between the clicks."""
REACHED = 0.1
"""An object goes on beyond the region when it lies on more than this share of the line beside the region's frame."""
MOSTLY = 0.3
"""A region that fills more of the surroundings than this share is background."""
SPECK = 0.05
"""Parts and holes below this share of the largest part are noise of the colour model."""
LEAST_MARGIN = 8.0
"""Pixels of the picture."""

Mask = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Region:
    """The crop that is worked on, in whole pixels of the picture."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


def find_region(prompt: Prompt, margin: float, growth: int, size: tuple[int, int]) -> Region:
    """The box, or the surroundings of the clicks, widened so that background is in sight, cut at the picture's edge."""
    xs = [x for x, _ in prompt.positive]
    ys = [y for _, y in prompt.positive]
    if prompt.box is not None:
        x, y, box_width, box_height = prompt.box
        xs += [x, x + box_width]
        ys += [y, y + box_height]
        around = margin * max(box_width, box_height)
    else:
        extent = max(max(xs) - min(xs), max(ys) - min(ys))
        around = max(CLICK_REGION * min(size), CLICK_SPREAD * extent) * (1 + margin) * 2**growth
    around = max(LEAST_MARGIN, around)
    return Region(
        max(0, int(np.floor(min(xs) - around))),
        max(0, int(np.floor(min(ys) - around))),
        min(size[0], int(np.ceil(max(xs) + around))),
        min(size[1], int(np.ceil(max(ys) + around))),
    )


class Scene:
    """The prompt in pixels of the small copy, and what it says of each pixel before and after the cut."""

    def __init__(self, prompt: Prompt, region: Region, picture_size: tuple[int, int], coarse: Picture) -> None:
        self.picture = coarse
        self._at_edge = (
            region.left == 0, region.top == 0, region.right == picture_size[0], region.bottom == picture_size[1]
        )  # fmt: skip
        self._height, self._width = coarse.shape[:2]
        self._scale = (self._width / region.width, self._height / region.height)
        self._origin = (region.left, region.top)
        self.positive = self._to_pixels(prompt.positive)
        """Clicks on the object as (column, row) of the small copy …"""
        self.negative = self._to_pixels(prompt.negative)
        """… and beside it."""
        self._box = None if prompt.box is None else self._to_slices(prompt.box)
        self._clicked = any(sign > 0 for _, _, sign in prompt.points)
        self.marked_object = self._marked(prompt, 1)
        """(rows, columns): what clicks and strokes decide for good to be the object …"""
        self.marked_background = self._marked(prompt, -1) & ~self.marked_object
        """… and not to be."""

    def middle(self) -> tuple[float, float]:
        """(column, row) of the first click, or where the strokes on the object have their middle."""
        if self._clicked:
            return float(self.positive[0][0]), float(self.positive[0][1])
        rows, columns = np.nonzero(self.marked_object)
        return float(columns.mean()), float(rows.mean())

    def _marked(self, prompt: Prompt, sign: int) -> npt.NDArray[np.bool_]:
        marked = np.zeros((self._height, self._width), dtype=np.uint8)
        for point in self.positive if sign > 0 else self.negative:
            cv2.circle(marked, point, CLICK_RADIUS, 1, -1)
        origin, scale = np.array(self._origin), np.array(self._scale)
        for stroke in prompt.strokes:
            if stroke.sign == sign:
                corners = np.floor((np.array(stroke.points) - origin) * scale).astype(np.int32)
                cv2.polylines(marked, [corners], False, 1, max(1, round(stroke.width * min(self._scale))))
        return marked > 0

    def _to_pixels(self, points: Sequence[tuple[float, float]]) -> list[tuple[int, int]]:
        """Points inside the copy, as (column, row)."""
        pixels = []
        for x, y in points:
            column = int((x - self._origin[0]) * self._scale[0])
            row = int((y - self._origin[1]) * self._scale[1])
            if 0 <= column <= self._width and 0 <= row <= self._height:
                pixels.append((min(column, self._width - 1), min(row, self._height - 1)))
        return pixels

    def _to_slices(self, box: tuple[float, float, float, float]) -> tuple[slice, slice]:
        x, y, width, height = box
        left = int(np.floor((x - self._origin[0]) * self._scale[0]))
        top = int(np.floor((y - self._origin[1]) * self._scale[1]))
        right = int(np.ceil((x + width - self._origin[0]) * self._scale[0]))
        bottom = int(np.ceil((y + height - self._origin[1]) * self._scale[1]))
        top, left = min(max(0, top), self._height - 1), min(max(0, left), self._width - 1)
        bottom, right = min(self._height, max(top + 1, bottom)), min(self._width, max(left + 1, right))
        return slice(top, bottom), slice(left, right)

    def box_ellipse(self, share: float) -> npt.NDArray[np.bool_]:
        """The ellipse in the middle of the box whose axes are `share` of its sides."""
        if self._box is None:
            return np.zeros((self._height, self._width), dtype=np.bool_)
        rows, columns = (np.arange(side.start, side.stop) for side in self._box)
        down = (2 * (rows - rows.mean()) / len(rows)) ** 2
        across = (2 * (columns - columns.mean()) / len(columns)) ** 2
        ellipse = np.zeros((self._height, self._width), dtype=np.bool_)
        ellipse[self._box] = down[:, None] + across[None, :] <= share * share
        return ellipse

    @property
    def has_box(self) -> bool:
        return self._box is not None

    def core(self, share: float = 0.5) -> npt.NDArray[np.bool_]:
        """What the prompt says is the object: around its clicks and, without any, in the middle of its box."""
        core = self.marked_object
        if not core.any():
            core = self.box_ellipse(share)
        return core & ~self.marked_background

    def background(self) -> npt.NDArray[np.bool_]:
        """What it says is not: beside the box, the frame of the region, around clicks with the sign -1."""
        outside = np.ones((self._height, self._width), dtype=np.bool_)
        outside[self._inner() if self._box is None else self._box] = False
        if self._box is None:
            outside &= ~self._alike_first  # the object may be larger than the region
        if not outside.any():
            outside[[0, -1]] = True
            outside[:, [0, -1]] = True
        return (outside | self.marked_background) & ~self.marked_object

    def markers(self, share: float = 0.5) -> npt.NDArray[np.int32]:
        """(rows, columns): 2 certainly object, 1 certainly background, 0 to be decided."""
        return np.where(self.core(share), 2, np.where(self.background(), 1, 0)).astype(np.int32)

    def chosen(self, labels: npt.NDArray[np.integer[Any]]) -> Mask:
        """Of a picture cut into regions numbered from 0, those that the prompt speaks of.

        The clicked ones; in a box also those that fill more of its middle than of what lies around it.
        """
        count, around = int(labels.max()) + 1, self.background()
        beside = np.bincount(labels[around], minlength=count) / max(1, around.sum())
        wanted = np.zeros(count, dtype=np.bool_)
        if self._box is not None:
            middle = self.box_ellipse(0.9)
            wanted = np.bincount(labels[middle], minlength=count) / max(1, middle.sum()) > beside
        clicked = [int(labels[row, column]) for column, row in self.positive]
        wanted[[labels[row, column] for column, row in self.negative]] = False
        # What lies all around is not meant by a later click on the rim of the object.
        wanted[[label for number, label in enumerate(clicked) if number == 0 or beside[label] < MOSTLY]] = True
        found = wanted[labels]
        if self._box is not None:
            found &= ~around
        return found.astype(np.uint8)

    def lab(self, blur: float = 0.0) -> npt.NDArray[np.float32]:
        """(rows, columns, 3) CIELAB: L 0 … 100, a and b about -128 … 127."""
        lab = cv2.cvtColor(self.picture.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2LAB)
        return np.asarray(cv2.GaussianBlur(lab, (0, 0), blur) if blur > 0 else lab, dtype=np.float32)

    def first_guess(self, core: float = 0.0) -> Mask:
        """GrabCut's four labels: certain by clicks, outside the box and in its `core`, probable elsewhere."""
        labels = np.full((self._height, self._width), cv2.GC_BGD, dtype=np.uint8)
        if self._box is not None:
            labels[self._box] = cv2.GC_PR_BGD
            labels[self.box_ellipse(1.1)] = cv2.GC_PR_FGD  # few objects reach into the corners of their box
            if core:
                labels[self.box_ellipse(core)] = cv2.GC_FGD
        else:
            labels[self._inner()] = cv2.GC_PR_BGD
            alike = self._alike_first if len(self.positive) == 1 else self._alike(self.positive)
            labels[alike & (labels == cv2.GC_PR_BGD)] = cv2.GC_PR_FGD
        labels[self.marked_background] = cv2.GC_BGD
        labels[self.marked_object] = cv2.GC_FGD
        self._make_both_sides(labels)
        return labels

    def _inner(self) -> tuple[slice, slice]:
        """The region without the frame that is taken for background; there is no frame at the picture's own edge."""
        frame = max(2, min(self._width, self._height) // 20)
        left, top, right, bottom = (0 if at_edge else frame for at_edge in self._at_edge)
        return slice(top, self._height - bottom), slice(left, self._width - right)

    def reaches_frame(self, inside: Mask) -> bool:
        """True when the object goes on beyond the region."""
        view = inside[self._inner()]
        sides = (view[:, 0], view[0, :], view[:, -1], view[-1, :])
        shares = [side.mean() for side, at_edge in zip(sides, self._at_edge, strict=True) if not at_edge]
        return any(share > REACHED for share in shares)

    @cached_property
    def _alike_first(self) -> npt.NDArray[np.bool_]:
        return self._alike(self.positive[:1])

    def _alike(self, clicks: Sequence[tuple[int, int]]) -> npt.NDArray[np.bool_]:
        """Pixels connected to a click whose colour is nearer to the clicks' than Otsu's threshold on that distance."""
        lab = cv2.cvtColor(cv2.GaussianBlur(self.picture, (0, 0), 1.5), cv2.COLOR_RGB2LAB).astype(np.float32)
        seeds = np.stack([lab[row, column] for column, row in clicks])
        distance = np.min(np.linalg.norm(lab[:, :, None, :] - seeds[None, None, :, :], axis=3), axis=2)
        near = np.clip(distance, 0, 255).astype(np.uint8)
        _, alike = cv2.threshold(near, 0, 1, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
        _, parts = cv2.connectedComponents(alike.astype(np.uint8), connectivity=4)
        clicked = {int(parts[row, column]) for column, row in clicks} - {0}
        return np.isin(parts, list(clicked))

    def _make_both_sides(self, labels: Mask) -> None:
        """The cut learns the colours of each side from its pixels; a box over the whole picture leaves none outside."""
        if (labels & 1).all():
            frame = np.ones_like(labels)
            frame[1:-1, 1:-1] = 0
            labels[(frame > 0) & (labels == cv2.GC_PR_FGD)] = cv2.GC_PR_BGD
        if (labels & 1).all():
            labels[0, 0] = cv2.GC_PR_BGD
        if not (labels & 1).any():
            labels[self._height // 2, self._width // 2] = cv2.GC_PR_FGD

    def without_specks(self, inside: Mask) -> Mask:
        """Without noise: parts that are neither clicked nor large, and small holes that were not clicked."""
        kept = self._keep_parts(inside, self.positive, keep_large=self._box is not None)
        holes = self._keep_parts(1 - kept, self.negative, keep_large=True)
        return (1 - holes).astype(np.uint8) if kept.any() else kept

    def _keep_parts(self, inside: Mask, clicks: list[tuple[int, int]], *, keep_large: bool) -> Mask:
        count, parts, stats, _ = cv2.connectedComponentsWithStats(inside, connectivity=4)
        if count == 1:
            return inside
        keep = np.zeros(count, dtype=np.uint8)
        for column, row in clicks:
            keep[parts[row, column]] = 1
        areas = stats[1:, cv2.CC_STAT_AREA]
        if keep_large:
            keep[1:][areas >= SPECK * areas.max()] = 1
        keep[0] = 0
        return np.asarray(keep[parts], dtype=np.uint8)


def shrink(picture: Picture, scale: float) -> Picture:
    if scale >= 1.0:
        return np.ascontiguousarray(picture)
    height, width = picture.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
