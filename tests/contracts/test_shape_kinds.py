"""Every kind of shape of the catalog keeps the contract; a newcomer is tested without a new test."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
import pytest

from annotator.core.geometry.base import ShapeError
from annotator.core.geometry.catalog import SHAPES
from annotator.core.geometry.rle import Rle
from annotator.core.geometry.shapes import canonical, mask_to_shapes, shape_to_rle

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
    [[1, 2], [3, 4]],
    [1e400] * 4,
)

every = pytest.mark.parametrize("key", SHAPES.keys())


def objects() -> list[npt.NDArray[np.bool_]]:
    """A block, a disc, a single pixel and the whole picture."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    block = (rows >= 4) & (rows < 20) & (columns >= 6) & (columns < 30)
    disc = (rows - 15) ** 2 + (columns - 20) ** 2 < 100
    pixel = (rows == 7) & (columns == 9)
    return [block, disc, pixel, np.ones((HEIGHT, WIDTH), dtype=np.bool_)]


def shapes(key: str) -> list[dict[str, Any]]:
    """The objects as this kind; none where the kind has no pixels."""
    return [shape for mask in objects() for shape in mask_to_shapes(mask, key)]


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
    for shape in shapes(key):
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
@pytest.mark.parametrize("value", NONSENSE, ids=repr)
def test_nonsense_is_refused_with_a_sentence_or_left_aside(key: str, value: Any) -> None:
    fields = {name for shape in shapes(key) for name in shape} - {"type"}
    for name in fields:
        with pytest.raises(ShapeError, match=r"\.$"):
            canonical({**shapes(key)[0], name: value}, WIDTH, HEIGHT)
