"""From what a network found to what is proposed: classes, thresholds, overlaps, a region. Pure; knows no Django."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotator.core.geometry.base import ShapeError
from annotator.core.geometry.overlap import box_iou
from annotator.core.geometry.shapes import canonical

Box = tuple[float, float, float, float]
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Rules:
    """What becomes of a find.

    `classes` leads numbers of the model's outputs to class ids; `thresholds` (class id → lowest score) win over
    `min_score`; of boxes of a class that overlap by more than `max_overlap` (IoU) only the surest stays; `region` is a
    rectangle x, y, width, height in shares of the picture, in which the middle of a find must lie.
    """

    classes: Mapping[int, int]
    min_score: float
    thresholds: Mapping[int, float] = field(default_factory=dict)
    max_overlap: float | None = None
    region: Box = WHOLE

    @property
    def least_score(self) -> float:
        """No find below it is wanted, whatever its class."""
        return min([self.min_score, *self.thresholds.values()])


@dataclass(frozen=True, slots=True)
class Proposal:
    """One find that came through; `shape` is canonical, its `box` in pixels."""

    label_class: int
    score: float
    shape: Any


def sift(
    found: Iterable[Mapping[str, Any]],
    rules: Rules,
    size: tuple[int, int],
    left_out: Counter[str],
    *,
    within: Sequence[Box] | None = None,
) -> list[Proposal]:
    """The proposals for a picture of (width, height) `size`, best first; counts in `left_out` why others are none.

    `found` are the predictions of a line of the engine. `within` are boxes in pixels: the middle of a find must lie in
    one of them.
    """
    kept: list[Proposal] = []
    for row in sorted(_proposed(found), key=lambda row: -float(row["score"])):
        reason, proposal = _judge(row, rules, size, within)
        if reason is None and proposal is not None and _overlaps(proposal, kept, rules.max_overlap):
            reason = "overlapping"
        if reason is not None:
            left_out[reason] += 1
        elif proposal is not None:
            kept.append(proposal)
    return kept


def _proposed(found: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Every object, but of the tags only the best: an image has one class."""
    has_tag = False
    for row in found:
        is_tag = row["shape"]["type"] == "tag"
        if not (is_tag and has_tag):
            yield row
        has_tag = has_tag or is_tag


def _judge(
    row: Mapping[str, Any], rules: Rules, size: tuple[int, int], within: Sequence[Box] | None
) -> tuple[str | None, Proposal | None]:
    """Why the find is left out, or what it proposes; neither for a shape that nothing is left of."""
    label_class = rules.classes.get(row["class_number"])
    if label_class is None:
        return "unmapped", None
    score = min(1.0, max(0.0, float(row["score"])))
    if score < rules.thresholds.get(label_class, rules.min_score):
        return "below", None
    try:
        shape = canonical(row["shape"], *size)
    except ShapeError:
        return None, None
    if shape.type != "tag" and not _is_inside(shape.box, rules.region, size, within):
        return "outside", None
    return None, Proposal(label_class, score, shape)


def _is_inside(box: Box, region: Box, size: tuple[int, int], within: Sequence[Box] | None) -> bool:
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    inside = (region[0] * size[0], region[1] * size[1], region[2] * size[0], region[3] * size[1])
    return _holds(inside, x, y) and (within is None or any(_holds(other, x, y) for other in within))


def _holds(box: Box, x: float, y: float) -> bool:
    return box[0] <= x <= box[0] + box[2] and box[1] <= y <= box[1] + box[3]


def _overlaps(proposal: Proposal, kept: Sequence[Proposal], most: float | None) -> bool:
    if most is None or proposal.shape.type == "tag":
        return False
    others = (row for row in kept if row.label_class == proposal.label_class and row.shape.type != "tag")
    return any(box_iou(proposal.shape.box, other.shape.box) > most for other in others)
