"""Run-length masks against pixel arrays and against pycocotools, which is the reference for the COCO text."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pycocotools import mask as coco_mask

from annotator.core.geometry.rle import Pixels, Rle, RleError

masks = st.tuples(st.integers(1, 12), st.integers(1, 12)).flatmap(lambda size: arrays(np.bool_, size))
pairs = st.tuples(st.integers(1, 9), st.integers(1, 9)).flatmap(
    lambda size: st.lists(arrays(np.bool_, size), min_size=2, max_size=4)
)


@given(masks)
def test_a_mask_comes_back_from_its_runs_and_its_text(mask: Pixels) -> None:
    rle = Rle.from_mask(mask)

    assert np.array_equal(rle.to_mask(), mask)
    assert Rle.from_counts(rle.counts, *mask.shape) == rle
    assert Rle.from_string(rle.to_string(), *mask.shape) == rle
    assert rle.area == mask.sum()


@given(masks)
def test_text_and_box_agree_with_pycocotools(mask: Pixels) -> None:
    rle = Rle.from_mask(mask)
    reference: Any = coco_mask.encode(np.asfortranarray(mask.astype(np.uint8)))

    assert rle.to_string() == reference["counts"].decode()
    assert list(rle.box) == coco_mask.toBbox(reference).tolist()


@given(masks, st.data())
def test_cropping_and_placing_agree_with_slicing(mask: Pixels, data: st.DataObject) -> None:
    height, width = mask.shape
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    w, h = data.draw(st.integers(1, width - x)), data.draw(st.integers(1, height - y))

    crop = Rle.from_mask(mask).crop((x, y, w, h))
    placed = crop.place(x, y, height, width)

    expected = np.zeros_like(mask)
    expected[y : y + h, x : x + w] = mask[y : y + h, x : x + w]
    assert np.array_equal(crop.to_mask(), mask[y : y + h, x : x + w])
    assert np.array_equal(placed.to_mask(), expected)
    assert placed == Rle.from_mask(expected)


@given(masks, st.integers(-6, 6), st.integers(-6, 6))
def test_what_is_placed_outside_the_grid_is_cut(mask: Pixels, x: int, y: int) -> None:
    canvas = np.zeros((40, 40), dtype=bool)
    canvas[15 + y : 15 + y + mask.shape[0], 15 + x : 15 + x + mask.shape[1]] = mask

    placed = Rle.from_mask(mask).place(x, y, 8, 8)

    assert placed == Rle.from_mask(canvas[15:23, 15:23])


@given(pairs)
def test_union_and_difference_agree_with_pixels(stack: list[Pixels]) -> None:
    first, *others = (Rle.from_mask(mask) for mask in stack)

    assert first.union(*others) == Rle.from_mask(np.any(stack, axis=0))
    assert first.subtract(*others) == Rle.from_mask(stack[0] & ~np.any(stack[1:], axis=0))


@given(st.text(min_size=0, max_size=20), st.integers(1, 50), st.integers(1, 50))
def test_any_text_is_read_or_refused(text: str, height: int, width: int) -> None:
    try:
        rle = Rle.from_string(text, height, width)
    except RleError:
        return
    assert 0 <= rle.area <= height * width


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("P", "The counts text stops in the middle of a number."),
        ("é", "The counts text holds a character that COCO run-length text cannot hold."),
        ("ooooooooo0", "The counts text holds a number beyond any picture."),
        ("1", "The counts add up to 1; a mask of 2 x 2 needs 4."),
        ("", "The counts add up to 0; a mask of 2 x 2 needs 4."),
        ("O", "The counts must be whole numbers between 0 and 4."),
    ],
)
def test_a_broken_text_is_refused_with_its_reason(text: str, sentence: str) -> None:
    with pytest.raises(RleError) as error:
        Rle.from_string(text, 2, 2)

    assert str(error.value) == sentence


def test_empty_runs_inside_counts_are_joined() -> None:
    rle = Rle.from_counts([0, 2, 0, 1, 1], 2, 2)

    assert rle.starts.tolist() == [0]
    assert rle.ends.tolist() == [3]
