"""Rotated boxes, ellipses, lines, skeletons and captions: one text for one geometry, edges of the picture, refusals."""

from __future__ import annotations

import math
from typing import Any

import cv2
import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.geometry.base import ShapeError
from annotator.core.geometry.shapes import canonical, mask_to_shapes, shape_to_mask, shape_to_polygon

positions = st.floats(0, 90, width=32)
sizes = st.floats(0.5, 400, width=32)
angles = st.floats(-1000, 1000, width=32)
numbers = st.floats(-150, 250, width=32)


def rotated_box(x: float, y: float, w: float, h: float, angle: float = 0) -> dict[str, Any]:
    return {"type": "rotated_box", "center": [x, y], "size": [w, h], "angle": angle}


def ellipse(x: float, y: float, rx: float, ry: float, angle: float = 0) -> dict[str, Any]:
    return {"type": "ellipse", "center": [x, y], "radii": [rx, ry], "angle": angle}


def polyline(*points: list[float]) -> dict[str, Any]:
    return {"type": "polyline", "points": list(points)}


def skeleton(*points: list[float]) -> dict[str, Any]:
    return {"type": "skeleton", "points": list(points)}


def caption(text: Any) -> dict[str, Any]:
    return {"type": "caption", "text": text}


def test_a_rotated_box_keeps_its_numbers() -> None:
    result = canonical(rotated_box(50, 40, 20, 10, 30), 100, 80)

    assert result.json == '{"type":"rotated_box","center":[50.0,40.0],"size":[20.0,10.0],"angle":30.0}'
    half_width = 10 * math.cos(math.pi / 6) + 5 * math.sin(math.pi / 6)
    half_height = 10 * math.sin(math.pi / 6) + 5 * math.cos(math.pi / 6)
    assert result.box == pytest.approx((50 - half_width, 40 - half_height, 2 * half_width, 2 * half_height))
    assert result.area == 200


@pytest.mark.parametrize("make", [rotated_box, ellipse])
@pytest.mark.parametrize(
    ("angle", "text"),
    [(0, "0.0"), (-0.0, "0.0"), (360, "0.0"), (-90, "270.0"), (725.5, "5.5"), (-1e-18, "0.0"), (359.5, "359.5")],
)
def test_one_direction_has_one_angle(make: Any, angle: float, text: str) -> None:
    assert canonical(make(50, 40, 20, 10, angle), 100, 80).json.endswith(f'"angle":{text}}}')


def test_an_angle_that_is_not_told_is_0() -> None:
    shape = rotated_box(5, 5, 2, 2)
    del shape["angle"]

    assert canonical(shape, 10, 10).json == canonical(rotated_box(5, 5, 2, 2), 10, 10).json


def test_positive_angles_turn_clockwise_with_y_down() -> None:
    pixels = shape_to_mask(rotated_box(50, 50, 60, 4, 45), 100, 100)

    assert pixels[65, 65]
    assert pixels[35, 35]
    assert not pixels[35, 65]
    assert canonical(rotated_box(50, 50, 20, 10, 90), 100, 100).box == (45.0, 40.0, 10.0, 20.0)


def test_a_rotated_box_is_opencvs_rectangle_of_the_same_numbers() -> None:
    corners = cv2.boxPoints(((50.0, 40.0), (30.0, 12.0), 25.0))

    outline = shape_to_polygon(rotated_box(50, 40, 30, 12, 25), 100, 80)

    assert outline is not None
    ours = np.array(orjson.loads(outline.json)["parts"][0]["outer"])
    assert np.allclose(sorted(ours.tolist()), sorted(corners.tolist()), atol=1e-4)


@pytest.mark.parametrize("make", [rotated_box, ellipse])
def test_what_reaches_beyond_the_picture_is_kept_with_the_box_that_is_inside(make: Any) -> None:
    result = canonical(make(5, 5, 1000, 40, 0), 100, 80)

    assert result.mended == ""
    assert orjson.loads(result.json)["center"] == [5.0, 5.0]
    assert result.box[:2] == (0.0, 0.0)
    assert result.box[2] == 100.0
    assert shape_to_mask(orjson.loads(result.json), 100, 80).any()


def test_pixels_of_a_shape_far_larger_than_the_picture_cost_nothing() -> None:
    assert shape_to_mask(rotated_box(5, 5, 1e12, 1e12, 30), 10, 10).all()
    assert shape_to_mask(ellipse(5, 5, 1e12, 1e12, 30), 10, 10).all()


def test_an_ellipse_has_its_exact_area_and_nearly_as_many_pixels() -> None:
    result = canonical(ellipse(50, 40, 30, 10, 20), 100, 80)

    assert result.area == pytest.approx(math.pi * 300)
    assert abs(shape_to_mask(ellipse(50, 40, 30, 10, 20), 100, 80).sum() - result.area) < 0.01 * result.area


def test_an_upright_ellipse_fills_its_box() -> None:
    assert canonical(ellipse(50, 40, 30, 10), 100, 80).box == (20.0, 30.0, 60.0, 20.0)
    assert canonical(ellipse(50, 40, 30, 10, 90), 100, 80).box == (40.0, 10.0, 20.0, 60.0)


@pytest.mark.parametrize("shape", [rotated_box(40, 45, 50, 20, 30), ellipse(40, 45, 30, 12, 150)])
def test_pixels_are_found_again_as_the_shape_they_came_from(shape: dict[str, Any]) -> None:
    pixels = shape_to_mask(shape, 100, 90)

    (found,) = mask_to_shapes(pixels, shape["type"])

    again = shape_to_mask(found, 100, 90)
    assert (pixels & again).sum() >= 0.93 * (pixels | again).sum()
    assert found["angle"] == pytest.approx(shape["angle"], abs=3)


@given(st.sampled_from(["rotated_box", "ellipse"]), positions, positions, sizes, sizes, angles)
def test_any_oriented_shape_lies_in_its_box(kind: str, x: float, y: float, a: float, b: float, angle: float) -> None:
    make = rotated_box if kind == "rotated_box" else ellipse
    result = canonical(make(x, y, a, b, angle), 100, 90)
    left, top, width, height = result.box

    assert 0 <= orjson.loads(result.json)["angle"] < 360
    assert 0 <= left <= left + width <= 100 + 1e-9
    assert 0 <= top <= top + height <= 90 + 1e-9
    rows, columns = np.nonzero(shape_to_mask(orjson.loads(result.json), 100, 90))
    if rows.size:
        assert columns.min() >= left - 1
        assert columns.max() <= left + width + 1
        assert rows.min() >= top - 1
        assert rows.max() <= top + height + 1
    assert canonical(orjson.loads(result.json), 100, 90) == result


def test_a_line_keeps_its_points_but_no_repeats() -> None:
    result = canonical(polyline([1, 2], [1, 2], [5, 8], [1, 2]), 10, 10)

    assert result.json == '{"type":"polyline","points":[[1.0,2.0],[5.0,8.0],[1.0,2.0]]}'
    assert (result.box, result.area, result.mended) == ((1.0, 2.0, 4.0, 6.0), 0.0, "")


def test_a_line_is_cut_exactly_where_it_leaves_the_picture() -> None:
    result = canonical(polyline([5, 5], [15, 10], [5, 15], [5, 8]), 10, 20)

    assert orjson.loads(result.json)["points"] == [[5.0, 5.0], [10.0, 7.5], [10.0, 10.0], [10.0, 12.5], [5, 15], [5, 8]]
    assert result.mended == "The line was cut at the picture's edge."


def test_a_line_whose_ends_are_outside_keeps_its_middle() -> None:
    result = canonical(polyline([-10, 5], [20, 5]), 10, 10)

    assert orjson.loads(result.json)["points"] == [[0.0, 5.0], [10.0, 5.0]]


@given(st.lists(st.tuples(numbers, numbers).map(list), min_size=2, max_size=8))
def test_any_line_is_inside_the_picture_or_refused(points: list[list[float]]) -> None:
    try:
        result = canonical(polyline(*points), 100, 90)
    except ShapeError:
        return
    found = np.array(orjson.loads(result.json)["points"])
    assert (found >= 0).all()
    assert (found <= (100, 90)).all()
    assert canonical(orjson.loads(result.json), 100, 90) == result._replace(mended="")


def test_a_skeleton_says_nothing_of_absent_points_and_boxes_the_others() -> None:
    result = canonical(skeleton([5, 6, 2], [99, 99, 0], [8, 9.5, 1.0]), 20, 20)

    assert result.json == '{"type":"skeleton","points":[[5.0,6.0,2],[0.0,0.0,0],[8.0,9.5,1]]}'
    assert (result.box, result.area) == ((5.0, 6.0, 3.0, 3.5), 0.0)


def test_a_single_point_has_a_box_without_size() -> None:
    assert canonical(skeleton([5, 6, 2]), 20, 20).box == (5.0, 6.0, 0.0, 0.0)


def test_points_outside_are_pushed_onto_the_edge_and_absent_ones_are_not() -> None:
    result = canonical(skeleton([5, 6, 2], [30, -4, 1], [0, 0, 0]), 20, 20)

    assert orjson.loads(result.json)["points"] == [[5.0, 6.0, 2], [20.0, 0.0, 1], [0.0, 0.0, 0]]
    assert result.mended == "Points of the skeleton were pushed onto the picture's edge."


def test_a_caption_is_stripped_and_keeps_its_lines() -> None:
    result = canonical(caption("  Zwei\nKatzen “猫” \n"), 20, 10)

    assert result == ("caption", '{"type":"caption","text":"Zwei\\nKatzen “猫”"}', (0.0, 0.0, 20.0, 10.0), 0.0, "")


def test_a_character_that_databases_cannot_hold_is_taken_out_of_a_caption() -> None:
    result = canonical(caption("a\x00b"), 20, 10)

    assert orjson.loads(result.json)["text"] == "ab"
    assert result.mended == "A character that cannot be stored was taken out of the caption."


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        (rotated_box(5, 5, 0, 4), "The rotated box's size is 0 and 4; both must be greater than 0."),
        (ellipse(5, 5, 3, -4), "The ellipse's radii is 3 and -4; both must be greater than 0."),
        (
            rotated_box(11, 5, 4, 4),
            "The rotated box's center (11, 5) lies outside the picture of 10 x 10 pixels; it must lie inside.",
        ),
        (
            {**rotated_box(5, 5, 2, 2), "angle": "x"},
            "The rotated box's angle holds 'x'; every coordinate must be a number.",
        ),
        (
            rotated_box(5, 5, 2, 2, math.inf),
            "The rotated box's angle holds inf; every coordinate must be a finite number.",
        ),
        ({"type": "ellipse", "center": [5, 5]}, "The ellipse's radii must be two numbers."),
        (polyline([1, 2], [1, 2]), "The line has 1 distinct points; it needs at least 2."),
        (polyline([1, 2, 3]), 'The line needs "points": a list of at least two [x, y].'),
        (polyline([20, 20], [30, 30]), "The line lies wholly outside the picture of 10 x 10 pixels."),
        (polyline([-5, 4], [4, -5]), "The line lies wholly outside the picture of 10 x 10 pixels."),
        (skeleton(), "The skeleton has no point with v 1 or 2; at least one must be there."),
        (skeleton([1, 2, 0]), "The skeleton has no point with v 1 or 2; at least one must be there."),
        (skeleton([1, 2, 3]), "The skeleton holds a point with v 3; v must be 0, 1 or 2."),
        (skeleton([1, 2, True]), "The skeleton holds True; every coordinate must be a number."),
        (skeleton([1, 2]), 'The skeleton needs "points": a list of [x, y, v].'),
        (skeleton([20, 2, 1]), "All points of the skeleton lie outside the picture of 10 x 10 pixels."),
        ({"type": "skeleton", "points": [[1, 2, 1]] * 1001}, "The skeleton has 1001 points; it may have at most 1000."),
        (caption(None), 'The caption needs "text": a text about the picture.'),
        (caption(" \n"), "The caption has 0 characters; it must have 1 to 10000."),
        (caption("a" * 10_001), "The caption has 10001 characters; it must have 1 to 10000."),
        (caption("\ud800"), "The caption holds half of a character (a lone surrogate); it must be Unicode."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_a_sentence(shape: Any, sentence: str) -> None:
    with pytest.raises(ShapeError) as error:
        canonical(shape, 10, 10)

    assert str(error.value) == sentence
