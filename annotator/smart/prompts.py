"""Checks a prompt against the picture and against what the method takes. No Django here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from annotator.smart.base import MethodFacts, Prompt, PromptError, Stroke

MAX_POINTS = 200
MAX_STROKES = 200
MAX_STROKE_POINTS = 2000
"""Of all strokes together."""
WIDEST_STROKE = 1000.0
"""Pixels."""
SMALLEST_BOX = 2.0
"""Pixels: a shorter side is a click that slipped."""


def make_prompt(
    points: Sequence[Sequence[float]],
    box: Sequence[float] | None,
    strokes: Sequence[Mapping[str, Any]] = (),
) -> Prompt:
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
        make_strokes(strokes),
    )


def make_strokes(strokes: Sequence[Mapping[str, Any]]) -> tuple[Stroke, ...]:
    """Strokes of `{points: [[x, y]…], width, sign}`. Raises `PromptError`."""
    if len(strokes) > MAX_STROKES or sum(len(stroke["points"]) for stroke in strokes) > MAX_STROKE_POINTS:
        raise PromptError(f"A prompt may hold {MAX_STROKES} strokes with {MAX_STROKE_POINTS} points in all.")
    for number, stroke in enumerate(strokes, start=1):
        if not stroke["points"] or any(len(point) != 2 for point in stroke["points"]):
            raise PromptError(f"Stroke {number} must hold points [x, y], at least one.")
        if not 0 < stroke["width"] <= WIDEST_STROKE:
            raise PromptError(f"Stroke {number} must be wider than 0 and at most {WIDEST_STROKE:g} pixels wide.")
        if stroke["sign"] not in {1, -1}:
            raise PromptError(f"Stroke {number} must have the sign 1 (belongs to the object) or -1 (does not).")
    return tuple(
        Stroke(
            tuple((float(x), float(y)) for x, y in stroke["points"]),
            float(stroke["width"]),
            int(stroke["sign"]),
            int(stroke.get("label") or 0),
        )
        for stroke in strokes
    )


def check_prompt(prompt: Prompt, facts: MethodFacts, *, title: str, width: int, height: int) -> Prompt:
    """The prompt, its box cut at the picture's edge. Raises `PromptError` for what the method cannot use."""
    if prompt.box is not None and not facts.box:
        raise PromptError(f"{title} takes no box: click on the object.")
    if prompt.points and not facts.points:
        raise PromptError(f"{title} takes no points: draw a box around the object.")
    if prompt.strokes and not facts.strokes:
        raise PromptError(f"{title} takes no strokes: click on the object.")
    if any(sign < 0 for _, _, sign in prompt.points) and not facts.negative_points:
        raise PromptError(f"{title} takes no points that do not belong to the object.")
    for number, (x, y, _) in enumerate(prompt.points, start=1):
        if not (0 <= x <= width and 0 <= y <= height):
            raise PromptError(
                f"Point {number} at ({x:g}, {y:g}) lies outside the picture of {width} x {height} pixels."
            )
    check_strokes(prompt.strokes, width=width, height=height)
    box = None if prompt.box is None else _cut(prompt.box, width, height)
    if box is None and not prompt.positive:
        raise PromptError(f"{title} needs {_needs(facts)}.")
    return Prompt(prompt.points, box, prompt.strokes)


def check_strokes(strokes: Sequence[Stroke], *, width: int, height: int) -> None:
    """Raises `PromptError` for a stroke that leaves the picture."""
    for number, stroke in enumerate(strokes, start=1):
        for x, y in stroke.points:
            if not (0 <= x <= width and 0 <= y <= height):
                raise PromptError(
                    f"Stroke {number} goes through ({x:g}, {y:g}), outside the picture of {width} x {height} pixels."
                )


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
    if not facts.box and not facts.points:
        return "strokes on the objects and beside them"
    if facts.box and facts.points:
        return "a box around the object or a click on it"
    return "a box around the object" if facts.box else "a click on the object"
