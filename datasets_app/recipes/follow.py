"""Shapes follow a warp: canonical shapes in, canonical shapes out. Knows kinds of shape and no operation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid5

import numpy as np
import orjson
import shapely

from annotator.core.geometry.base import Canonical, ShapeError
from annotator.core.geometry.catalog import SHAPES
from annotator.core.geometry.rle import Rle
from annotator.core.geometry.shapes import canonical, shape_to_rle
from datasets_app.ir import AnnotationRecord, ClassRecord
from datasets_app.recipes.conics import moved_ellipse, moved_rotated_box
from datasets_app.recipes.warp import Warp, move_points, warp_crop

Shape = dict[str, Any]
Size = tuple[int, int]
"""(width, height) of the picture before the warp."""
Pairs = tuple[tuple[int, int], ...]
Moved = tuple[list[Shape], float]
"""What became of a shape, and the share of it that is still to be seen."""

WHOLE = 1.0 - 1e-6


@dataclass(frozen=True, slots=True)
class _Move:
    """What the mover of a kind may need: `pairs` are points of a skeleton that change places."""

    warp: Warp
    size: Size
    pairs: Pairs


def follow(
    annotations: Iterable[AnnotationRecord],
    warp: Warp,
    size: Size,
    classes: Mapping[int, ClassRecord],
    *,
    min_visible: float = 0.0,
) -> tuple[AnnotationRecord, ...]:
    """The annotations after the warp; those of which less than the share `min_visible` is left are gone."""
    found: list[AnnotationRecord] = []
    for annotation in annotations:
        pairs = mirrored_points(classes.get(annotation.class_number)) if warp.mirrors else ()
        moved, visible = _MOVERS[annotation.shape_type](annotation.shape, _Move(warp, size, pairs))
        if visible <= 0 or visible < min_visible:
            continue
        found += _records(annotation, moved, warp, is_cut=visible < WHOLE)
    return tuple(found)


def follow_shape(shape: Shape, warp: Warp, size: Size) -> list[Shape]:
    """One canonical shape after the warp, of no class; empty where nothing of it is left to be seen."""
    moved, _ = _MOVERS[shape["type"]](shape, _Move(warp, size, ()))
    found: list[Shape] = []
    for one in moved:
        try:
            found.append(orjson.loads(canonical(one, warp.width, warp.height).json))
        except ShapeError:
            continue
    return found


def mirrored_points(label_class: ClassRecord | None) -> Pairs:
    """The points of a skeleton that change places in a mirror: those its class says, else left_x and right_x."""
    skeleton = label_class.skeleton if label_class is not None else {}
    names = list(skeleton.get("points", ()))
    if skeleton.get("mirrored"):
        return tuple((one, other) for one, other in skeleton["mirrored"])
    place = {name: index for index, name in enumerate(names)}
    return tuple(
        (index, place[other])
        for name, index in place.items()
        if name.startswith("left_") and (other := f"right_{name.removeprefix('left_')}") in place
    )


def reshaped(annotation: AnnotationRecord, checked: Canonical) -> AnnotationRecord:
    """The annotation with another shape."""
    return replace(annotation, shape_type=checked.type, shape_json=checked.json, box=checked.box, area=checked.area)


def _records(
    annotation: AnnotationRecord, moved: Sequence[Shape], warp: Warp, *, is_cut: bool
) -> list[AnnotationRecord]:
    found: list[AnnotationRecord] = []
    for shape in moved:
        try:
            checked = canonical(shape, warp.width, warp.height)
        except ShapeError:
            continue
        record = replace(reshaped(annotation, checked), truncated=annotation.truncated or is_cut)
        if found:
            # A line that leaves the picture and comes back is two lines.
            record = replace(record, uuid=str(uuid5(UUID(annotation.uuid), str(len(found)))) if annotation.uuid else "")
        found.append(record)
    return found


def _seen(points: Any, warp: Warp) -> tuple[Any, float]:
    """The part of an outline that lies in the picture, and its share of the whole."""
    outline: Any = shapely.make_valid(shapely.Polygon(points))
    inside = outline.intersection(shapely.box(0, 0, warp.width, warp.height))
    return inside, float(inside.area / outline.area) if outline.area else 0.0


def _box(shape: Shape, move: _Move) -> Moved:
    """The upright box around what is left of it to be seen."""
    corners = move_points(move.warp.matrix, SHAPES.load("box").outline(shape))
    inside, visible = _seen(corners, move.warp)
    if not visible:
        return [], 0.0
    low, high = corners.min(axis=0), corners.max(axis=0)
    if visible < WHOLE:
        low, high = np.array(inside.bounds[:2]), np.array(inside.bounds[2:])
    return [{"type": "box", "box": [*low.tolist(), *(high - low).tolist()]}], visible


def _polygon(shape: Shape, move: _Move) -> Moved:
    def moved(ring: Any) -> list[list[float]]:
        points: list[list[float]] = move_points(move.warp.matrix, ring).tolist()
        return points

    parts: list[dict[str, Any]] = [
        {"outer": moved(part["outer"]), "holes": [moved(hole) for hole in part["holes"]]} for part in shape["parts"]
    ]
    whole: Any = shapely.union_all(
        [shapely.make_valid(shapely.Polygon(part["outer"], part["holes"])) for part in parts]
    )
    inside = whole.intersection(shapely.box(0, 0, move.warp.width, move.warp.height)).area
    return [{"type": "polygon", "parts": parts}], float(inside / whole.area) if whole.area else 0.0


def _mask(shape: Shape, move: _Move) -> Moved:
    full = shape_to_rle(shape, *move.size)
    left, top, width, height = full.box
    if not width:
        return [], 0.0
    crop = full.crop((left, top, width, height)).to_mask()
    moved, x, y = warp_crop(crop, (left, top), move.warp)
    visible = 1.0
    if not _all_inside(move_points(move.warp.matrix, _corners(left, top, width, height)), move.warp):
        rows, columns = np.nonzero(crop)
        after = move_points(move.warp.matrix, np.c_[columns + left + 0.5, rows + top + 0.5])
        inside = ((after >= 0) & (after < (move.warp.width, move.warp.height))).all(axis=1)
        visible = float(inside.mean())
    if not moved.size:
        return [], 0.0
    found = Rle.from_mask(moved).place(x, y, move.warp.height, move.warp.width)
    return SHAPES.load("mask").from_rle(found, 0.0), visible


def _corners(x: float, y: float, width: float, height: float) -> list[tuple[float, float]]:
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def _all_inside(points: Any, warp: Warp) -> bool:
    return bool(((points >= 0) & (points <= (warp.width, warp.height))).all())


def _oriented(mover: Callable[[Shape, Warp], Shape]) -> Callable[[Shape, _Move], Moved]:
    def moved_one(shape: Shape, move: _Move) -> Moved:
        kind = SHAPES.load(shape["type"])
        _, visible = _seen(move_points(move.warp.matrix, kind.outline(shape)), move.warp)
        moved = mover(shape, move.warp)
        x, y = moved["center"]
        if 0 <= x <= move.warp.width and 0 <= y <= move.warp.height:
            return [moved], visible
        # Its centre was cut off: what is left is measured anew.
        return kind.from_rle(kind.to_rle(moved, move.warp.width, move.warp.height), 0.0), visible

    return moved_one


def _polyline(shape: Shape, move: _Move) -> Moved:
    line: Any = shapely.LineString(move_points(move.warp.matrix, shape["points"]))
    inside = line.intersection(shapely.box(0, 0, move.warp.width, move.warp.height))
    if not line.length or inside.length / line.length >= WHOLE:
        return [{"type": "polyline", "points": shapely.get_coordinates(line).tolist()}], float(bool(line.length))
    pieces = shapely.get_parts(shapely.line_merge(inside) if inside.geom_type == "MultiLineString" else inside)
    lines = [shapely.get_coordinates(piece).tolist() for piece in pieces if piece.geom_type == "LineString"]
    shapes = [{"type": "polyline", "points": points} for points in lines if len(points) > 1]
    return shapes, float(inside.length / line.length)


def _skeleton(shape: Shape, move: _Move) -> Moved:
    points = [list(point) for point in shape["points"]]
    there = [index for index, (_, _, v) in enumerate(points) if v]
    for index, (x, y) in zip(there, move_points(move.warp.matrix, [points[index][:2] for index in there]), strict=True):
        is_inside = 0 <= x <= move.warp.width and 0 <= y <= move.warp.height
        points[index] = [float(x), float(y), points[index][2]] if is_inside else [0.0, 0.0, 0]
    for left, right in move.pairs:
        if max(left, right) < len(points):
            points[left], points[right] = points[right], points[left]
    left_over = sum(1 for _, _, v in points if v)
    return [{"type": "skeleton", "points": points}], left_over / len(there) if there else 0.0


def _unmoved(shape: Shape, move: _Move) -> Moved:  # noqa: ARG001  a tag stays, wherever pixels go
    return [shape], 1.0


_MOVERS: Mapping[str, Callable[[Shape, _Move], Moved]] = {
    "box": _box,
    "polygon": _polygon,
    "mask": _mask,
    "rotated_box": _oriented(moved_rotated_box),
    "ellipse": _oriented(moved_ellipse),
    "polyline": _polyline,
    "skeleton": _skeleton,
    "tag": _unmoved,
    "caption": _unmoved,
}
