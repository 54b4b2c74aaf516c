"""Single shapes of CVAT's XML and ours, each from the other. Knows only CVAT.

A `box` and an `ellipse` may be turned about their centre, clockwise. A `mask` counts pixels along the rows of its crop.
A `skeleton` holds named points, `outside` where a point is absent. `points` without a skeleton are visible points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from annotator.core.geometry.base import ShapeError
from annotator.core.geometry.rle import Rle
from datasets_app.formats.checked import MAX_SIDE, box_between, number
from datasets_app.formats.cvat_labels import Label
from datasets_app.formats.row_runs import mask_shape, rle_from_row_counts, row_counts

SHAPE_TAGS = frozenset(("box", "polygon", "polyline", "points", "ellipse", "cuboid", "skeleton", "tag", "mask"))
_MAX_RUNS_TEXT = 32 << 20


def shape_of(element: Element, label: Label) -> dict[str, Any]:
    """The shape that the element describes. Raises `ShapeError`."""
    if element.tag == "tag":
        return {"type": "tag"}
    if element.tag == "skeleton":
        return _skeleton(element, label)
    reader = _READERS.get(element.tag)
    if reader is None:
        raise ShapeError(f"A <{element.tag}> has no counterpart here; draw it as a polygon or a box.")
    return reader(element)


def _numbers(element: Element, *names: str) -> list[float]:
    found = [number(element.get(name)) for name in names]
    known = [value for value in found if value is not None]
    if len(known) < len(names):
        raise ShapeError(f"The <{element.tag}> needs the numbers {', '.join(names)}.")
    return known


def _angle(element: Element) -> float:
    angle = number(element.get("rotation", "0"))
    if angle is None:
        raise ShapeError(f"The rotation {element.get('rotation')!r} is no number of degrees.")
    return angle


def _box(element: Element) -> dict[str, Any]:
    left, top, right, bottom = _numbers(element, "xtl", "ytl", "xbr", "ybr")
    x, y, width, height = box_between(left, top, right, bottom)
    angle = _angle(element)
    # A full turn, not none, is how `geometry_of` says that an upright box is one that can be turned.
    if not angle:
        return {"type": "box", "box": [x, y, width, height]}
    center = [(left + right) / 2, (top + bottom) / 2]
    return {"type": "rotated_box", "center": center, "size": [width, height], "angle": angle}


def _ellipse(element: Element) -> dict[str, Any]:
    x, y, rx, ry = _numbers(element, "cx", "cy", "rx", "ry")
    return {"type": "ellipse", "center": [x, y], "radii": [rx, ry], "angle": _angle(element)}


def _pairs(element: Element) -> list[list[float]]:
    pairs = []
    for text in (element.get("points") or "").strip(" ;").split(";"):
        pair = [number(value) for value in text.split(",")]
        if len(pair) != 2 or pair[0] is None or pair[1] is None:
            raise ShapeError(f'The points of the <{element.tag}> must be written "x,y;x,y;…"; {text[:40]!r} is not.')
        pairs.append([pair[0], pair[1]])
    return pairs


def _polygon(element: Element) -> dict[str, Any]:
    return {"type": "polygon", "parts": [{"outer": _pairs(element), "holes": []}]}


def _polyline(element: Element) -> dict[str, Any]:
    return {"type": "polyline", "points": _pairs(element)}


def _points(element: Element) -> dict[str, Any]:
    return {"type": "skeleton", "points": [[x, y, 2] for x, y in _pairs(element)]}


def _skeleton(element: Element, label: Label) -> dict[str, Any]:
    found: dict[str, list[float]] = {}
    for point in element.iterfind("points"):
        name = point.get("label") or ""
        if name in found:
            raise ShapeError(f"The skeleton has the point {name!r} twice.")
        x, y = _pairs(point)[0]
        found[name] = [0.0, 0.0, 0] if _is_set(point, "outside") else [x, y, 1 if _is_set(point, "occluded") else 2]
    names = label.skeleton.get("points") or list(found)
    unknown = found.keys() - set(names)
    if unknown:
        raise ShapeError(f"The skeleton of {label.name!r} has no point {min(unknown)!r}; it has {', '.join(names)}.")
    # Points at the end that the object does not have at all are no points of it.
    last = max((place for place, name in enumerate(names, 1) if name in found), default=0)
    return {"type": "skeleton", "points": [found.get(name, [0.0, 0.0, 0]) for name in names[:last]]}


def _mask(element: Element) -> dict[str, Any]:
    left, top, width, height = _numbers(element, "left", "top", "width", "height")
    if any(value % 1 for value in (left, top, width, height)) or min(width, height) < 1:
        raise ShapeError("The mask's left, top, width and height must be whole pixels, the latter at least 1.")
    if max(width, height) > MAX_SIDE:
        raise ShapeError(f"The mask is {width:g} x {height:g} pixels; no side may be above {MAX_SIDE}.")
    text = element.get("rle") or ""
    try:
        counts = [int(value) for value in text[:_MAX_RUNS_TEXT].split(",")]
    except ValueError:
        raise ShapeError('The mask\'s rle must be whole numbers divided by ",".') from None
    return mask_shape(rle_from_row_counts(counts, int(height), int(width)), int(left), int(top))


_READERS: Mapping[str, Callable[[Element], dict[str, Any]]] = {
    "box": _box,
    "ellipse": _ellipse,
    "polygon": _polygon,
    "polyline": _polyline,
    "points": _points,
    "mask": _mask,
}


def _is_set(element: Element, name: str) -> bool:
    return (element.get(name) or "").strip().lower() in ("1", "true")


def geometry_of(shape: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """(tag, fields) of every element that the shape needs: one, or one for each part of a polygon.

    Skeletons have no geometry of their own, only their points (`point_fields`); holes are for the caller to settle.
    """
    kind = shape["type"]
    if kind == "box":
        x, y, width, height = shape["box"]
        yield "box", _corners(x, y, x + width, y + height)
    elif kind == "rotated_box":
        (x, y), (width, height) = shape["center"], shape["size"]
        corners = _corners(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        yield "box", {**corners, "rotation": repr(shape["angle"] or 360.0)}
    elif kind == "ellipse":
        (x, y), (rx, ry) = shape["center"], shape["radii"]
        fields = {"cx": repr(x), "cy": repr(y), "rx": repr(rx), "ry": repr(ry)}
        yield "ellipse", {**fields, "rotation": repr(shape["angle"])} if shape["angle"] else fields
    elif kind == "polygon":
        for part in shape["parts"]:
            yield "polygon", {"points": points_text(part["outer"])}
    elif kind == "mask":
        left, top, width, height = shape["box"]
        counts = row_counts(Rle.from_string(shape["counts"], height, width))
        sides = {"left": str(left), "top": str(top), "width": str(width), "height": str(height)}
        yield "mask", {"rle": ", ".join(map(str, counts)), **sides}
    elif kind == "polyline":
        yield "polyline", {"points": points_text(shape["points"])}
    elif kind == "tag":
        yield "tag", {}


def point_fields(point: Sequence[float]) -> dict[str, str]:
    """The fields of one point of a skeleton."""
    x, y, v = point
    return {"outside": str(int(v == 0)), "occluded": str(int(v == 1)), "points": points_text([[x, y]])}


def points_text(points: Sequence[Sequence[float]]) -> str:
    return ";".join(f"{point[0]!r},{point[1]!r}" for point in points)


def _corners(left: float, top: float, right: float, bottom: float) -> dict[str, str]:
    return {"xtl": repr(left), "ytl": repr(top), "xbr": repr(right), "ybr": repr(bottom)}
