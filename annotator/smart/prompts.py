"""Checks a prompt against the picture and against what the method takes. No Django here."""

from __future__ import annotations

import math
from collections.abc import Sequence

from annotator.smart.base import MethodFacts, Prompt, PromptError

MAX_POINTS = 200
SMALLEST_BOX = 2.0
"""Pixels: a shorter side is a click that slipped."""


def make_prompt(points: Sequence[Sequence[float]], box: Sequence[float] | None) -> Prompt:
    """The prompt of numbers that came over the wire. Raises `PromptError`."""
    if len(points) > MAX_POINTS:
        raise PromptError(f"A prompt may hold {MAX_POINTS} points, not {len(points)}: draw a box instead.")
    for number, point in enumerate(points, start=1):
        if len(point) != 3 or point[2] not in {1, -1}:
            raise PromptError(
                f"Point {number} must be [x, y, sign] with the sign 1 (belongs to the object) or -1 (does not)."
            )
    if box is not None and len(box) != 4:
        raise PromptError("The box must be [x, y, width, height].")
    return Prompt(
        tuple((float(x), float(y), int(sign)) for x, y, sign in points),
        None if box is None else (float(box[0]), float(box[1]), float(box[2]), float(box[3])),
    )


def check_prompt(prompt: Prompt, facts: MethodFacts, *, title: str, width: int, height: int) -> Prompt:
    """The prompt, its box cut at the picture's edge. Raises `PromptError` for what the method cannot use."""
    if prompt.box is not None and not facts.box:
        raise PromptError(f"{title} takes no box: click on the object.")
    if prompt.points and not facts.points:
        raise PromptError(f"{title} takes no points: draw a box around the object.")
    if prompt.negative and not facts.negative_points:
        raise PromptError(f"{title} takes no points that do not belong to the object.")
    for number, (x, y, _) in enumerate(prompt.points, start=1):
        if not (0 <= x <= width and 0 <= y <= height):
            raise PromptError(
                f"Point {number} at ({x:g}, {y:g}) lies outside the picture of {width} x {height} pixels."
            )
    box = None if prompt.box is None else _cut(prompt.box, width, height)
    if box is None and not prompt.positive:
        raise PromptError(f"{title} needs {_needs(facts)}.")
    return Prompt(prompt.points, box)


def _cut(box: tuple[float, float, float, float], width: int, height: int) -> tuple[float, float, float, float]:
    if not all(math.isfinite(value) for value in box):
        raise PromptError("The box must hold four numbers.")
    x, y, box_width, box_height = box
    left, top = max(0.0, x), max(0.0, y)
    right, bottom = min(float(width), x + box_width), min(float(height), y + box_height)
    if right - left < SMALLEST_BOX or bottom - top < SMALLEST_BOX:
        raise PromptError(
            f"The box [{x:g}, {y:g}, {box_width:g}, {box_height:g}] covers less than {SMALLEST_BOX:g} x "
            f"{SMALLEST_BOX:g} pixels of the picture of {width} x {height}: draw it around the object."
        )
    return left, top, right - left, bottom - top


def _needs(facts: MethodFacts) -> str:
    if facts.box and facts.points:
        return "a box around the object or a click on it"
    return "a box around the object" if facts.box else "a click on the object"
