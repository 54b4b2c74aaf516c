"""Masks of many pictures written at once say what each says when it is written alone."""

from __future__ import annotations

import numpy as np
import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.geometry.mask import canonical_mask
from annotator.core.geometry.mask_texts import texts_of_pictures
from annotator.core.geometry.rle import Rle


def together(masks: list[Rle]) -> list[str]:
    shapes = [orjson.loads(canonical_mask(mask).json) for mask in masks]
    sizes = [(mask.width, mask.height) for mask in masks]
    return texts_of_pictures([shape["counts"] for shape in shapes], [shape["box"] for shape in shapes], sizes)


@st.composite
def drawn(draw: st.DrawFn) -> Rle:
    width, height = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    seed, share = draw(st.integers(0, 2**32 - 1)), draw(st.sampled_from((0.02, 0.3, 0.7, 1.0)))
    pixels = np.random.default_rng(seed).random((height, width)) < share
    if draw(st.booleans()):
        # Only a part of the picture, so that its crop is smaller than it.
        pixels[: height // 3] = pixels[:, width // 2 :] = False
    if not pixels.any():
        pixels[height - 1, 0] = True
    return Rle.from_mask(pixels)


@settings(max_examples=200, deadline=None)
@given(st.lists(drawn(), min_size=1, max_size=6))
def test_masks_written_together_are_those_written_alone(masks: list[Rle]) -> None:
    assert together(masks) == [mask.to_string() for mask in masks]


def test_masks_of_large_pictures_need_many_digits() -> None:
    """Positions of up to 31 bits, in the first and the last column, and one run over all of a picture."""
    height, width = 46_000, 46_000
    last = Rle(height, width, np.array([height * width - 3]), np.array([height * width]))
    whole = Rle(height, width, np.array([0]), np.array([height * width]))
    apart = Rle(height, width, np.array([0, height * width - 1]), np.array([1, height * width]))
    assert together([last, whole, apart]) == [mask.to_string() for mask in (last, whole, apart)]


def test_no_masks_are_no_texts() -> None:
    assert texts_of_pictures([], [], []) == []
