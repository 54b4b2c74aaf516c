"""What every kind of shape takes, mends and refuses; and that pixels survive the way through each kind."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pycocotools import mask as coco_mask

from annotator.core.geometry.base import ShapeError
from annotator.core.geometry.catalog import SHAPES
from annotator.core.geometry.rle import Pixels, Rle
from annotator.core.geometry.shapes import canonical, mask_to_shapes, shape_to_mask

KNOWN = ", ".join(SHAPES.keys())
Ring = list[list[float]]

masks = st.tuples(st.integers(1, 14), st.integers(1, 14)).flatmap(lambda size: arrays(np.bool_, size))
numbers = st.floats(-50, 150, allow_nan=False, width=32)
rings = st.lists(st.tuples(numbers, numbers).map(list), min_size=3, max_size=12)


def polygon(*parts: Any, holes: Sequence[Any] = ()) -> dict[str, Any]:
    return {"type": "polygon", "parts": [{"outer": outer, "holes": list(holes)} for outer in parts]}


def square(x: float, y: float, side: float) -> Ring:
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side]]


def test_a_box_keeps_its_numbers() -> None:
    result = canonical({"type": "box", "box": [1, 2.125, 3, 4]}, 100, 80)

    assert result.json == '{"type":"box","box":[1.0,2.125,3.0,4.0]}'
    assert result.box == (1.0, 2.125, 3.0, 4.0)
    assert result.area == 12.0
    assert result.mended == ""


def test_a_box_is_cut_at_the_edge() -> None:
    result = canonical({"type": "box", "box": [-5, 70, 10, 20]}, 100, 80)

    assert result.box == (0.0, 70.0, 5.0, 10.0)
    assert result.mended == "The box was cut at the picture's edge."


def test_a_polygon_is_float_text_without_a_closing_point() -> None:
    result = canonical(polygon([[1, 1], [5, 1], [5, 5], [1, 5], [1, 1]]), 10, 10)

    assert result.json == (
        '{"type":"polygon","parts":[{"outer":[[1.0,1.0],[5.0,1.0],[5.0,5.0],[1.0,5.0]],"holes":[]}]}'
    )
    assert result.box == (1.0, 1.0, 4.0, 4.0)
    assert result.area == 16.0


def test_minus_zero_and_zero_are_one_text() -> None:
    assert (
        canonical(polygon([[-0.0, 0.5], [4.5, 0.5], [4.5, 4.5]]), 9, 9).json
        == canonical(polygon([[0, 0.5], [4.5, 0.5], [4.5, 4.5]]), 9, 9).json
    )


def test_holes_are_subtracted_and_parts_are_added() -> None:
    donut = canonical(polygon(square(0, 0, 10), holes=[square(2, 2, 4)]), 50, 50)
    two = canonical(polygon(square(0, 0, 10), square(5, 0, 10)), 50, 50)

    assert donut.area == 84.0
    assert two.area == 150.0
    assert two.box == (0.0, 0.0, 15.0, 10.0)


def test_the_area_of_a_polygon_is_cocos_raster_area() -> None:
    ring = [[50 + 20 * math.cos(a / 32 * math.pi), 50 + 20 * math.sin(a / 32 * math.pi)] for a in range(64)]

    assert canonical(polygon(ring), 100, 100).area == 1252


def test_a_polygon_slightly_outside_keeps_its_points_on_the_edge() -> None:
    result = canonical(polygon([[-0.5, 2], [9, 2], [10.75, 9]]), 10, 10)

    assert orjson.loads(result.json)["parts"][0]["outer"] == [[0.0, 2.0], [9.0, 2.0], [10.0, 9.0]]
    assert result.mended == "The polygon was cut at the picture's edge."


def test_a_polygon_far_outside_is_cut_exactly() -> None:
    result = canonical(polygon([[-10, 5], [5, -10], [20, 5], [5, 20]]), 10, 10)

    assert result.box == (0.0, 0.0, 10.0, 10.0)
    assert result.area == 100


def test_a_self_crossing_polygon_is_taken_as_drawn() -> None:
    result = canonical(polygon([[0, 0], [8, 8], [8, 0], [0, 8]]), 10, 10)

    assert result.mended == ""
    assert result.area > 0


def test_a_mask_is_cropped_to_its_pixels() -> None:
    mask = np.zeros((6, 8), dtype=bool)
    mask[2:4, 3:6] = True
    counts = Rle.from_mask(mask[1:6, 1:7]).to_string()
    loose = {"type": "mask", "box": [1, 1, 6, 5], "counts": counts}

    result = canonical(loose, 8, 6)

    assert result.box == (3.0, 2.0, 3.0, 2.0)
    assert result.area == 6
    assert np.array_equal(shape_to_mask(orjson.loads(result.json), 8, 6), mask)
    assert result.mended == ""


def test_a_mask_is_cut_at_the_edge() -> None:
    result = canonical({"type": "mask", "box": [-1, -1, 2, 2], "counts": "04"}, 5, 5)

    assert result.box == (0.0, 0.0, 1.0, 1.0)
    assert result.mended == "The mask was cut at the picture's edge."


def test_a_tag_covers_the_picture_and_has_no_area() -> None:
    result = canonical({"type": "tag"}, 5, 4)

    assert result == ("tag", '{"type":"tag"}', (0.0, 0.0, 5.0, 4.0), 0.0, "")


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        (None, f'The shape\'s "type" is None; it must be one of: {KNOWN}.'),
        ({"type": "cube"}, f"The shape's \"type\" is 'cube'; it must be one of: {KNOWN}."),
        ({"type": "box"}, "The box must be four numbers [x, y, width, height]."),
        ({"type": "box", "box": [1, 2, 3, "4"]}, "The box holds '4'; every coordinate must be a number."),
        ({"type": "box", "box": [1, 2, True, 4]}, "The box holds True; every coordinate must be a number."),
        ({"type": "box", "box": [1, math.nan, 3, 4]}, "The box holds nan; every coordinate must be a finite number."),
        ({"type": "box", "box": [1, 2, 0, 4]}, "The box is 0 wide and 4 high; both must be greater than 0."),
        ({"type": "box", "box": [20, 2, 3, 4]}, "The box lies wholly outside the picture of 10 x 10 pixels."),
        ({"type": "box", "box": [10**400, 2, 3, 4]}, "The shape holds a coordinate too large for any picture."),
        (
            {"type": "polygon"},
            'The polygon needs "parts": a list of at least one {"outer": [[x, y], ...], "holes": []}.',
        ),
        (
            {"type": "polygon", "parts": [[1, 2]]},
            'Part 1 of the polygon must be {"outer": [[x, y], ...], "holes": []}.',
        ),
        (polygon([1, 2, 3]), "Part 1 of the polygon, outer ring, must be a list of [x, y] points."),
        (polygon([]), "Part 1 of the polygon, outer ring, must be a list of [x, y] points."),
        (polygon([[1, 2], [3]]), "Part 1 of the polygon, outer ring, must be a list of [x, y] points."),
        (
            polygon(square(0, 0, 2), [[1, 1], [2, 2], [1, 1]]),
            "Part 2 of the polygon, outer ring, has 2 distinct points; a ring needs at least 3.",
        ),
        (
            polygon(square(0, 0, 2), holes=[[[1, 1], [2, 2], [3, 3]]]),
            "Part 1 of the polygon, hole 1, has all its points on one line; a ring must enclose an area.",
        ),
        (
            polygon([[0, 0], [1, math.inf], [2, 2]]),
            "Part 1 of the polygon, outer ring, holds inf; every coordinate must be a finite number.",
        ),
        (
            polygon([[0, 0], [1, None], [2, 2]]),
            "Part 1 of the polygon, outer ring, holds None; every coordinate must be a number.",
        ),
        (polygon(square(20, 20, 5)), "The polygon lies wholly outside the picture of 10 x 10 pixels."),
        ({"type": "mask", "box": [0, 0, 2.5, 2], "counts": "04"}, "The mask's box must be whole pixels."),
        (
            {"type": "mask", "box": [0, 0, 2, 2], "counts": [0, 4]},
            "The mask's counts must be COCO's compressed run-length text.",
        ),
        (
            {"type": "mask", "box": [0, 0, 2, 2], "counts": "03"},
            "The mask cannot be read. The counts add up to 3; a mask of 2 x 2 needs 4.",
        ),
        (
            {"type": "mask", "box": [0, 0, 2, 2], "counts": "4"},
            "The mask holds no set pixel; at least one must be set.",
        ),
        (
            {"type": "mask", "box": [20, 0, 2, 2], "counts": "04"},
            "The mask lies wholly outside the picture of 10 x 10 pixels.",
        ),
        (
            {"type": "mask", "box": [0, 0, 99999, 99999], "counts": "04"},
            "The mask's box of 99999 x 99999 pixels is larger than any picture.",
        ),
    ],
)
def test_a_shape_that_cannot_be_is_refused_with_a_sentence(shape: Any, sentence: str) -> None:
    with pytest.raises(ShapeError) as error:
        canonical(shape, 10, 10)

    assert str(error.value) == sentence


@given(masks)
def test_pixels_survive_as_polygon_and_as_mask(mask: Pixels) -> None:
    height, width = mask.shape
    for output in ("polygon", "mask"):
        shapes = mask_to_shapes(mask, output)

        assert len(shapes) == bool(mask.any())
        for shape in shapes:
            result = canonical(shape, width, height)
            assert np.array_equal(shape_to_mask(orjson.loads(result.json), width, height), mask)
            assert result.area == mask.sum()
            assert result.mended == ""


@given(masks)
def test_the_box_of_pixels_is_cocos(mask: Pixels) -> None:
    shapes = mask_to_shapes(mask, "box")
    reference = coco_mask.toBbox(coco_mask.encode(np.asfortranarray(mask.astype(np.uint8)))).tolist()

    assert [shape["box"] for shape in shapes] == ([reference] if mask.any() else [])


@given(rings)
def test_any_ring_is_taken_or_refused_and_taken_ones_are_stable(ring: Ring) -> None:
    try:
        first = canonical(polygon(ring), 100, 90)
    except ShapeError:
        return
    x, y, width, height = first.box

    again = canonical(orjson.loads(first.json), 100, 90)

    assert x >= 0
    assert y >= 0
    assert x + width <= 100 + 1e-9
    assert y + height <= 90 + 1e-9
    assert again._replace(mended="") == first._replace(mended="")
    assert shape_to_mask(orjson.loads(first.json), 100, 90).sum() == first.area


@given(st.tuples(numbers, numbers, st.floats(1 / 64, 200, width=32), st.floats(1 / 64, 200, width=32)))
def test_any_box_is_inside_the_picture_or_refused(box: tuple[float, float, float, float]) -> None:
    try:
        result = canonical({"type": "box", "box": list(box)}, 100, 90)
    except ShapeError:
        return
    assert canonical(orjson.loads(result.json), 100, 90).box == pytest.approx(result.box)
    assert shape_to_mask(orjson.loads(result.json), 100, 90).shape == (90, 100)


def test_simplifying_needs_far_fewer_points_and_keeps_the_area() -> None:
    y, x = np.ogrid[:200, :200]
    disc = (x - 100) ** 2 + (y - 100) ** 2 < 80**2
    ring = (x - 100) ** 2 + (y - 100) ** 2 < 40**2

    (exact,) = mask_to_shapes(disc & ~ring, "polygon")
    (simple,) = mask_to_shapes(disc & ~ring, "polygon", tolerance=1.0)

    pixels = shape_to_mask(simple, 200, 200)
    intersection, union = (pixels & disc & ~ring).sum(), (pixels | (disc & ~ring)).sum()
    assert len(simple["parts"][0]["holes"]) == 1
    assert len(simple["parts"][0]["outer"]) < len(exact["parts"][0]["outer"]) / 4
    assert intersection / union > 0.98


@pytest.mark.parametrize("key", SHAPES.keys())
def test_every_kind_answers_for_no_pixels_with_no_shape(key: str) -> None:
    assert mask_to_shapes(np.zeros((4, 4), dtype=bool), key) == []


def test_points_pushed_onto_one_another_at_the_edge_do_not_close_the_ring() -> None:
    result = canonical(polygon([[-0.5, 0], [50, 90.5], [100.5, -0.5], [90, 69.5], [0, -0.5]]), 100, 90)

    assert orjson.loads(result.json)["parts"][0]["outer"] == [[0.0, 0.0], [50.0, 90.0], [100.0, 0.0], [90.0, 69.5]]


@pytest.mark.parametrize(("believed", "area"), [(15, 15.0), (16.5, 16.0), (400, 16.0), (math.nan, 16.0), (None, 16.0)])
def test_a_believed_area_is_taken_only_where_it_can_be_right(believed: float | None, area: float) -> None:
    assert canonical(polygon(square(1, 1, 4)), 10, 10, area=believed).area == area
