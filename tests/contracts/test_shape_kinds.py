"""Every kind of shape of the catalog keeps the contract; a newcomer is tested without a new test."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.geometry.base import ShapeError
from annotator.core.geometry.catalog import SHAPES
from annotator.core.geometry.rle import Rle
from annotator.core.geometry.shapes import canonical, mask_to_shapes, shape_to_mask, shape_to_polygon, shape_to_rle

WIDTH, HEIGHT = 40, 30
LONGEST_TYPE = 16
"""What the column of an annotation's type holds."""

NONSENSE: tuple[Any, ...] = (
    None,
    "text",
    3,
    [],
    {},
    [1, 2, 3],
    [1, 2, "3", 4],
    [0, 0, -1, 5],
    [[1, 2], ["x", 4]],
    [1e400] * 4,
)

numbers = st.floats(-100, 100, width=32) | st.integers(-50, 50) | st.sampled_from([1e18, -1e300, float("nan"), -0.0])
leaves = numbers | st.none() | st.booleans() | st.text(max_size=8)
json = st.recursive(
    leaves | st.lists(st.lists(numbers, min_size=2, max_size=3), max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)

every = pytest.mark.parametrize("key", SHAPES.keys())


def objects() -> list[npt.NDArray[np.bool_]]:
    """A block, a disc, a single pixel and the whole picture."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    block = (rows >= 4) & (rows < 20) & (columns >= 6) & (columns < 30)
    disc = (rows - 15) ** 2 + (columns - 20) ** 2 < 100
    pixel = (rows == 7) & (columns == 9)
    return [block, disc, pixel, np.ones((HEIGHT, WIDTH), dtype=np.bool_)]


EXAMPLES: dict[str, list[dict[str, Any]]] = {
    "polyline": [{"type": "polyline", "points": [[1.5, 2], [30, 29.25], [4, 5]]}],
    "skeleton": [{"type": "skeleton", "points": [[12.5, 3, 2], [0, 0, 0], [15, 14, 1]]}],
    "caption": [{"type": "caption", "text": "Zwei Katzen 猫"}],
    "tag": [{"type": "tag"}],
}
"""Shapes of the kinds that have no pixels."""


def outlined(key: str) -> list[dict[str, Any]]:
    """The objects as this kind; none where the kind has no pixels."""
    return [shape for mask in objects() for shape in mask_to_shapes(mask, key)]


def shapes(key: str) -> list[dict[str, Any]]:
    return outlined(key) or EXAMPLES[key]


@every
def test_its_name_fits_where_it_is_stored(key: str) -> None:
    assert 0 < len(key) <= LONGEST_TYPE
    assert SHAPES.get_entry(key).title


@every
def test_it_says_its_own_type(key: str) -> None:
    found = shapes(key)
    assert [shape["type"] for shape in found] == [key] * len(found)
    assert [canonical(shape, WIDTH, HEIGHT).type for shape in found] == [key] * len(found)


@every
def test_the_canonical_text_is_its_own_canonical_text(key: str) -> None:
    for shape in shapes(key):
        first = canonical(shape, WIDTH, HEIGHT)
        again = canonical(orjson.loads(first.json), WIDTH, HEIGHT)
        assert again == first._replace(mended="")


@every
def test_what_it_accepts_lies_inside_the_picture(key: str) -> None:
    # given  shapes of a picture that is larger than the one they are put into
    for shape in shapes(key):
        try:
            found = canonical(shape, WIDTH // 2, HEIGHT // 2)
        except ShapeError:
            continue
        x, y, width, height = found.box
        assert min(x, y) >= 0
        assert x + width <= WIDTH // 2
        assert y + height <= HEIGHT // 2
        assert found.area >= 0


@every
def test_its_pixels_lie_in_its_box(key: str) -> None:
    for shape in outlined(key):
        rle = shape_to_rle(shape, WIDTH, HEIGHT)
        x, y, width, height = canonical(shape, WIDTH, HEIGHT).box
        left, top, across, down = rle.box
        assert (rle.width, rle.height) == (WIDTH, HEIGHT)
        assert rle.area > 0
        assert left >= x - 1
        assert top >= y - 1
        assert left + across <= x + width + 1
        assert top + down <= y + height + 1


@every
def test_no_pixels_make_no_shape(key: str) -> None:
    assert SHAPES.load(key).from_rle(Rle.from_mask(np.zeros((4, 4), dtype=np.bool_)), 0.0) == []


@every
def test_the_polygon_that_stands_in_for_it_has_its_pixels(key: str) -> None:
    for shape in shapes(key):
        found = shape_to_polygon(shape, WIDTH, HEIGHT)
        pixels = shape_to_mask(shape, WIDTH, HEIGHT)

        assert (found is None) == (not pixels.any())
        if found is not None:
            assert found.type == "polygon"
            assert np.array_equal(shape_to_mask(orjson.loads(found.json), WIDTH, HEIGHT), pixels)


@every
@pytest.mark.parametrize("value", NONSENSE, ids=repr)
def test_nonsense_is_refused_with_a_sentence(key: str, value: Any) -> None:
    sample = shapes(key)[0]
    for name in sample.keys() - {"type"}:
        if isinstance(value, str | int) and isinstance(value, type(sample[name])):
            continue
        if isinstance(value, int) and isinstance(sample[name], float):
            continue
        with pytest.raises(ShapeError, match=r"\.$"):
            canonical({**sample, name: value}, WIDTH, HEIGHT)


@every
@given(json)
@settings(max_examples=50, deadline=None)
def test_whatever_comes_is_refused_or_taken_for_good(key: str, value: Any) -> None:
    sample = shapes(key)[0]
    for name in sample.keys() - {"type"}:
        shape = {**sample, name: value}
        try:
            first = canonical(shape, WIDTH, HEIGHT)
        except ShapeError:
            continue
        assert canonical(orjson.loads(first.json), WIDTH, HEIGHT) == first._replace(mended="")
