"""Tracks of CVAT's video layout: the shapes between two keyframes. Knows only CVAT.

A track's shape holds until its next one. Where frames are left out between two shapes, CVAT moves boxes, ellipses and
points in a straight line from one to the other; outlines too where both have as many points. A shape that is `outside`
ends what is seen of the object until the next one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from datasets_app.ir import AnnotationRecord

_NUMBERS = ("box", "center", "size", "radii")


@dataclass(frozen=True, slots=True)
class Seen:
    """A shape of a track in one frame."""

    frame: int
    is_outside: bool
    shape: dict[str, Any]
    record: AnnotationRecord


def in_every_frame(
    track: Sequence[Seen], step: int, last: int
) -> Iterator[tuple[int, dict[str, Any], AnnotationRecord]]:
    """(frame, shape, the record that the rest is taken from) wherever the object is seen, up to the frame `last`."""
    for seen, after, end in _segments(track, last):
        yield seen.frame, seen.shape, seen.record
        for frame in range(seen.frame + step, end, step):
            moves = after is not None and not after.is_outside
            share = (frame - seen.frame) / (end - seen.frame)
            shape = between(seen.shape, after.shape, share) if moves and after is not None else seen.shape
            yield frame, shape, seen.record


def count_of_frames(track: Sequence[Seen], step: int, last: int) -> int:
    """How many shapes `in_every_frame` gives."""
    return sum(max(len(range(seen.frame, end, step)), 1) for seen, _, end in _segments(track, last))


def _segments(track: Sequence[Seen], last: int) -> Iterator[tuple[Seen, Seen | None, int]]:
    """(a shape that is seen, the next one, the frame up to which it holds)."""
    for place, seen in enumerate(track):
        if not seen.is_outside:
            after = track[place + 1] if place + 1 < len(track) else None
            yield seen, after, after.frame if after is not None else last + 1


def between(first: dict[str, Any], second: dict[str, Any], share: float) -> dict[str, Any]:
    """The shape on the way from the first to the second; the first where there is no such way."""
    if first["type"] != second["type"]:
        return first
    if first["type"] == "skeleton":
        return _skeleton(first, second, share)
    if first["type"] == "polyline" and len(first["points"]) == len(second["points"]):
        return {**first, "points": _mixed(first["points"], second["points"], share)}
    if first["type"] == "polygon":
        ours, theirs = first["parts"][0]["outer"], second["parts"][0]["outer"]
        if len(ours) != len(theirs):
            return first
        return {**first, "parts": [{"outer": _mixed(ours, theirs, share), "holes": []}]}
    mixed = {name: _mixed(first[name], second[name], share) for name in _NUMBERS if name in first}
    if "angle" in first:
        # The short way round.
        turn = (second["angle"] - first["angle"] + 180) % 360 - 180
        mixed["angle"] = (first["angle"] + turn * share) % 360
    return {**first, **mixed} if first["type"] != "mask" else first


def _skeleton(first: dict[str, Any], second: dict[str, Any], share: float) -> dict[str, Any]:
    if len(first["points"]) != len(second["points"]):
        return first
    points = []
    for ours, theirs in zip(first["points"], second["points"], strict=True):
        is_there = ours[2] and theirs[2]
        points.append([*_mixed(ours[:2], theirs[:2], share), ours[2]] if is_there else ours)
    return {**first, "points": points}


def _mixed(first: Sequence[Any], second: Sequence[Any], share: float) -> list[Any]:
    return [
        _mixed(one, other, share) if isinstance(one, list) else one + (other - one) * share
        for one, other in zip(first, second, strict=True)
    ]


def without_double_frames(track: list[Seen]) -> list[Seen]:
    """In order of frames; of two shapes for one frame that which is seen, else the later."""
    by_frame: dict[int, Seen] = {}
    for seen in track:
        before = by_frame.get(seen.frame)
        if before is None or before.is_outside or not seen.is_outside:
            by_frame[seen.frame] = seen
    return [by_frame[frame] for frame in sorted(by_frame)]


def with_shape(record: AnnotationRecord, found: AnnotationRecord) -> AnnotationRecord:
    """The record with the shape of another."""
    return replace(record, shape_type=found.shape_type, box=found.box, area=found.area, shape_json=found.shape_json)
