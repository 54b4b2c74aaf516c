"""Many outlines at once: each answer is what the polygon alone would get."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools import mask as coco_mask

from annotator.core.geometry.base import ShapeError
from annotator.core.geometry.rings import canonical_rings, raster_areas
from annotator.core.geometry.shapes import canonical

NUMBERS = st.integers(-2, 12) | st.floats(-2, 12, width=32) | st.sampled_from([math.nan, math.inf, -0.0, 1e300, 10])
INSIDE = st.integers(0, 20) | st.integers(0, 200).map(lambda tenth: tenth / 10) | st.floats(0, 20)
RINGS = st.lists(st.tuples(INSIDE, INSIDE), min_size=3, max_size=12).map(
    lambda ring: [v for point in ring for v in point]
)


def alone(flat: list[Any], area: float | None) -> Any:
    ring = [list(pair) for pair in zip(flat[0::2], flat[1::2], strict=True)]
    return canonical({"type": "polygon", "parts": [{"outer": ring, "holes": []}]}, 10, 10, area=area)


@given(st.lists(st.tuples(st.lists(NUMBERS, max_size=12), st.none() | st.integers(0, 100).map(float)), max_size=6))
def test_each_answer_is_that_of_the_polygon_alone(rings: list[tuple[list[Any], float | None]]) -> None:
    found = canonical_rings([flat for flat, _ in rings], [(10, 10)] * len(rings), [area for _, area in rings])

    for (flat, area), answer in zip(rings, found, strict=True):
        if answer is not None:
            assert answer == alone(flat, area)


@settings(max_examples=300)
@given(st.lists(RINGS, min_size=1, max_size=8))
def test_pixels_are_counted_as_pycocotools_does(rings: list[list[float]]) -> None:
    points = np.array([value for ring in rings for value in ring], dtype=np.float64).reshape(-1, 2)
    counts = np.array([len(ring) // 2 for ring in rings])

    found = raster_areas(points, counts, np.full(len(rings), 20))

    flat: Any = [[float(value) for value in ring] for ring in rings]
    packed: Any = coco_mask.frPyObjects(flat, 20, 20)
    assert found.tolist() == coco_mask.area(packed).tolist()


def test_what_is_usual_is_answered() -> None:
    rings: list[list[Any]] = [[1, 1, 5.5, 1, 5.5, 5, 1, 5], [0, 0, 10, 0, 10, 10]]

    found = canonical_rings(rings, [(10, 10)] * 2, [18.0, None])

    assert found == [alone(rings[0], 18.0), alone(rings[1], None)]


@pytest.mark.parametrize(
    "ring",
    [
        *(None, {}, [1, 1], [1, 1, 5, 5, 1], [1, 1, 5, 1, "5", 5], [1, 1, 5, 1, True, 5], [1, 1, 11, 1, 5, 5]),
        *([1, 1, 2, 2, 3, 3], [1, 1, 5, 1, 5, 5, 1, 1], [2, 2, 2, 2, 5, 1, 5, 5], [1, 1, 5, 1, 5, 10**400]),
    ],
)
def test_what_is_out_of_the_ordinary_is_left_to_the_careful_way(ring: Any) -> None:
    usual = [1, 1, 5, 1, 5, 5]

    found = canonical_rings([usual, ring, usual], [(10, 10)] * 3, [None] * 3)

    assert found[1] is None
    if not (isinstance(ring, list) and 10**400 in ring):
        assert found[0] == found[2] == alone(usual, None)


def test_an_outline_that_encloses_nothing_is_refused_by_the_careful_way() -> None:
    with pytest.raises(ShapeError):
        alone([1, 1, 2, 2, 3, 3], None)
