"""What a format loses is counted by the short way that it is by the long one."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import Any

import pytest

from annotator.core.geometry.shapes import canonical
from datasets_app.formats.catalog import FORMATS
from datasets_app.formats.features import FEATURES, count_lost, features_of, is_one_ring
from datasets_app.ir import AnnotationRecord, ImageRecord

OUTER = [[10, 10], [40, 10], [40, 40], [10, 40]]
HOLE = [[15, 15], [20, 15], [20, 20]]
AWAY = [[60, 60], [80, 60], [80, 80]]


def polygon(*parts: tuple[list[list[int]], list[Any]]) -> dict[str, Any]:
    return {"type": "polygon", "parts": [{"outer": outer, "holes": holes} for outer, holes in parts]}


SHAPES = {
    "ring": polygon((OUTER, [])),
    "parts": polygon((OUTER, []), (AWAY, [])),
    "hole": polygon((OUTER, [HOLE])),
    "hole in the first part": polygon((OUTER, [HOLE]), (AWAY, [])),
    "hole in the last part": polygon((AWAY, []), (OUTER, [HOLE])),
    "box": {"type": "box", "box": [1, 2, 3, 4]},
    "fine box": {"type": "box", "box": [1.5, 2, 3, 4]},
    "tag": {"type": "tag"},
    "caption": {"type": "caption", "text": '"holes":[[ "outer":'},
    "ellipse": {"type": "ellipse", "center": [50, 50], "radii": [9, 5], "angle": 20},
    "points": {"type": "skeleton", "points": [[5, 5, 2], [9, 9, 1]]},
}
MARKS: tuple[dict[str, Any], ...] = (
    {},
    {"occluded": True, "crowd": True},
    {"attributes": {"track_id": 3}},
    {"attributes": {"colour": "red", "track_id": 3}, "group": 0},
    {"z_order": -1, "score": 0.0, "source": "run:1"},
)


def picture() -> ImageRecord:
    """An image with every shape under every mark."""
    labels = []
    for shape, marks in product(SHAPES.values(), MARKS):
        checked = canonical(shape, 100, 100)
        labels.append(AnnotationRecord("", 1, checked.type, checked.box, checked.area, checked.json, **marks))
    return ImageRecord(1, "a.png", 100, 100, tuple(labels), state="skipped", tags=("night",), group="g", split="val")


def test_only_a_polygon_in_one_part_without_holes_is_one_ring() -> None:
    polygons = {name: canonical(shape, 100, 100).json for name, shape in SHAPES.items() if shape["type"] == "polygon"}
    assert [name for name, text in polygons.items() if is_one_ring(text)] == ["ring"]


@pytest.mark.parametrize(
    "lossy",
    [
        *(frozenset({feature}) for feature in FEATURES),
        *(FORMATS.load(entry.key).lossy for entry in FORMATS if entry.facts["write"]),
        frozenset(FEATURES),
        frozenset(),
    ],
    ids=lambda lossy: "+".join(sorted(lossy)[:3]) or "none",
)
def test_what_is_lost_is_what_the_image_uses_and_the_format_cannot_hold(lossy: frozenset[str]) -> None:
    lost: Counter[str] = Counter()
    count_lost(picture(), lossy, lost)
    assert lost == Counter(feature for feature in features_of(picture()) if feature in lossy)
