"""Shapes follow warps, kind by kind; pixels are the judge."""

from __future__ import annotations

from dataclasses import replace
from math import cos, radians, sin
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from annotator.core.geometry.shapes import shape_to_mask
from datasets_app.ir import AnnotationRecord
from datasets_app.recipes.follow import follow, follow_shape, mirrored_points
from datasets_app.recipes.warp import Matrix, Warp, shift, stretch, warp_crop, warp_mask, warp_pixels
from tests.datasets_app.recipes.scenes import CLASSES, HEIGHT, WIDTH, iou, painted, picture, record

SIZE = (WIDTH, HEIGHT)
FINE = 3
Mask = npt.NDArray[np.bool_]
BY_NUMBER = {row.number: row for row in CLASSES}


def turn(degrees: float) -> Matrix:
    angle = radians(degrees)
    matrix = np.array([[cos(angle), -sin(angle), 0], [sin(angle), cos(angle), 0], [0, 0, 1]])
    whole: Matrix = shift(WIDTH / 2, HEIGHT / 2) @ matrix @ shift(-WIDTH / 2, -HEIGHT / 2)
    return whole


MIRROR = shift(WIDTH, 0) @ stretch(-1, 1)
QUARTER: Matrix = np.array([[0.0, -1, HEIGHT], [1, 0, 0], [0, 0, 1]])
TILT: Matrix = np.array([[1, 0.05, 4], [0.02, 0.95, 3], [3e-4, 2e-4, 1]])
WARPS = {
    "mirror": Warp(MIRROR, *SIZE),
    "quarter": Warp(QUARTER, HEIGHT, WIDTH),
    "crop": Warp(shift(-30, -20), 250, 200),
    "small": Warp(stretch(0.5, 0.5), WIDTH // 2, HEIGHT // 2),
    "large": Warp(stretch(2.3, 2.3), 736, 552),
    "turn": Warp(turn(17), *SIZE),
    "stretch": Warp(stretch(1.5, 0.75), 480, 180),
    "tilt": Warp(TILT, *SIZE),
}
ALWAYS = {"polygon", "mask", "ellipse"}
SIMILAR = {"mirror", "quarter", "small", "large", "turn"}
UPRIGHT = {"mirror", "quarter", "crop", "small", "large", "stretch"}


def exact(kind: str, warp: str) -> bool:
    """Whether a kind can say exactly what becomes of it."""
    return (
        kind in ALWAYS or (kind == "rotated_box" and warp in SIMILAR | {"crop"}) or (kind == "box" and warp in UPRIGHT)
    )


CASES = [
    (kind, name) for name in WARPS for kind in ("box", "rotated_box", "ellipse", "polygon", "mask") if exact(kind, name)
]


def fine(before: AnnotationRecord, after: AnnotationRecord, warp: Warp) -> tuple[Mask, Mask]:
    """What was painted and moved, and what followed painted, on a grid so fine that rounding to pixels decides little.

    A mask is pixels itself and stays on its own grid.
    """
    if before.shape_type == "mask":
        return warp_mask(painted(before, SIZE), warp), painted(after, (warp.width, warp.height))
    finer = Warp(stretch(FINE, FINE) @ warp.matrix @ stretch(1 / FINE, 1 / FINE), FINE * warp.width, FINE * warp.height)
    mask = shape_to_mask(grown(before.shape), FINE * WIDTH, FINE * HEIGHT)
    return warp_mask(mask, finer), shape_to_mask(grown(after.shape), finer.width, finer.height)


def grown(value: Any, key: str = "") -> Any:
    """The shape in a picture `FINE` times as wide and high."""
    if isinstance(value, dict):
        return {name: grown(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [grown(inner, key) for inner in value]
    return value if key in {"angle", "type"} else value * FINE


@pytest.mark.parametrize(("kind", "name"), CASES)
def test_painted_before_and_after_is_the_same(kind: str, name: str) -> None:
    (before,) = record(only=kind).annotations
    warp = WARPS[name]

    (after,) = follow([before], warp, SIZE, BY_NUMBER)

    assert after.shape_type == kind
    moved, followed = fine(before, after, warp)
    assert iou(moved, followed) >= 0.98


@pytest.mark.parametrize("name", ["turn", "tilt", "stretch"])
@pytest.mark.parametrize("kind", ["box", "rotated_box"])
def test_a_box_that_is_none_any_more_becomes_the_one_around_it(kind: str, name: str) -> None:
    (before,) = record(only=kind).annotations
    warp = WARPS[name]

    (after,) = follow([before], warp, SIZE, BY_NUMBER)

    moved, followed = fine(before, after, warp)
    assert (moved & followed).sum() >= 0.98 * moved.sum()


@pytest.mark.parametrize("corner", [(0, 0), (31, 17), (160, 121)])
@pytest.mark.parametrize("name", WARPS)
def test_a_crop_of_a_mask_goes_where_the_whole_mask_goes(name: str, corner: tuple[int, int]) -> None:
    warp = WARPS[name]
    crop = np.random.default_rng(5).random((90, 120)) < 0.6
    whole = np.zeros(SIZE[::-1], dtype=np.bool_)
    whole[corner[1] : corner[1] + 90, corner[0] : corner[0] + 120] = crop
    # when
    part, left, top = warp_crop(crop, corner, warp)
    # then: at most a pixel whose origin is too near a border to be told in OpenCV's precision
    found = np.zeros((warp.height, warp.width), dtype=np.bool_)
    found[top : top + part.shape[0], left : left + part.shape[1]] = part
    assert (found != warp_mask(whole, warp)).sum() <= (1 if name == "tilt" else 0)


def test_points_of_a_skeleton_change_sides_in_a_mirror() -> None:
    (before,) = record(only="skeleton").annotations

    (after,) = follow([before], WARPS["mirror"], SIZE, BY_NUMBER)
    (again,) = follow([after], WARPS["mirror"], SIZE, BY_NUMBER)

    assert mirrored_points(CLASSES[1]) == ((1, 2),)
    assert after.shape["points"] == [[160, 100, 2], [140, 80, 1], [180, 80, 2], [0, 0, 0]]
    assert again.shape == before.shape


def test_a_point_outside_is_absent_and_the_rest_stays() -> None:
    (before,) = record(only="skeleton").annotations

    (after,) = follow([before], Warp(shift(-150, 0), 100, HEIGHT), SIZE, BY_NUMBER)

    assert after.shape["points"] == [[10, 100, 2], [0, 0, 0], [30, 80, 1], [0, 0, 0]]
    assert after.truncated


def test_a_line_that_leaves_and_comes_back_is_two_lines() -> None:
    (line,) = record(only="polyline").annotations
    shape = (
        '{"type":"polyline","points":[[10.0,50.0],[100.0,50.0],[100.0,10.0],[150.0,10.0],[150.0,50.0],[200.0,50.0]]}'
    )

    found = follow([replace(line, shape_json=shape)], Warp(shift(0, -30), WIDTH, 100), SIZE, BY_NUMBER)

    assert [row.shape["points"][0] for row in found] == [[10.0, 20.0], [150.0, 0.0]]
    assert len({row.uuid for row in found}) == 2


def test_what_is_hardly_left_is_taken_out_and_the_rest_is_marked() -> None:
    (before,) = record(only="box").annotations  # 40 … 130
    crop = Warp(shift(-112, 0), 208, HEIGHT)

    (after,) = follow([before], crop, SIZE, BY_NUMBER, min_visible=0.2)

    assert after.shape["box"] == [0, 30, 18, 60]
    assert after.truncated
    assert not follow([before], crop, SIZE, BY_NUMBER, min_visible=0.21)
    assert not follow([before], Warp(shift(-130, 0), 190, HEIGHT), SIZE, BY_NUMBER)


def test_tags_and_captions_stay_and_captions_span_the_picture() -> None:
    rows = [row for row in record().annotations if row.shape_type in {"tag", "caption"}]

    tag, caption = sorted(follow(rows, WARPS["crop"], SIZE, BY_NUMBER), key=lambda row: row.shape_type, reverse=True)

    assert tag.shape == {"type": "tag"}
    assert (caption.shape["text"], caption.box) == ("a scene", (0, 0, 250, 200))


def test_an_ellipse_whose_centre_was_cut_off_is_what_is_left_of_it() -> None:
    (before,) = record(only="ellipse").annotations
    warp = Warp(shift(-130, 0), 190, HEIGHT)

    (after,) = follow([before], warp, SIZE, BY_NUMBER)

    left = warp_mask(painted(before, SIZE), warp)
    assert iou(left, painted(after, (190, HEIGHT))) > 0.8


@pytest.mark.parametrize("name", sorted(WARPS))
def test_the_way_back_leads_to_the_start(name: str) -> None:
    warp = WARPS[name]
    shape: dict[str, Any] = {"type": "polygon", "parts": [{"outer": [[60.0, 60], [200, 70], [150, 180]], "holes": []}]}

    (there,) = follow_shape(shape, warp, SIZE)
    inverse: Matrix = np.linalg.inv(warp.matrix).astype(np.float64)
    (back,) = follow_shape(there, Warp(inverse, *SIZE), (warp.width, warp.height))

    assert np.allclose(back["parts"][0]["outer"], shape["parts"][0]["outer"])


@pytest.mark.parametrize("name", ["mirror", "quarter", "crop"])
def test_pixels_that_only_move_keep_their_values(name: str) -> None:
    warp = WARPS[name]
    before = picture(1)

    after = warp_pixels(before, warp, fill=0)

    expected = {
        "mirror": before[:, ::-1],
        "quarter": np.rot90(before, -1),
        "crop": before[20:220, 30:280],
    }[name]
    assert np.array_equal(after, expected)
