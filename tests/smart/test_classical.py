"""Methods without weights on drawn scenes and real nuclei: what clicks and parameters change, how good they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from annotator.core.parameters import clean_parameters
from annotator.smart.base import Picture, Prompt, Stroke
from annotator.smart.catalog import METHODS, get_facts
from bench.smart_clicks import cuts_one, measure, nuclei

Mask = npt.NDArray[np.bool_]

BY_BRIGHTNESS = ("thresholding", "region_growing", "k_means", "mean_shift", "chan_vese", "superpixels", "felzenszwalb")
FLOORS = {
    "grabcut": (0.8, 0.7),
    "thresholding": (0.8, 0.7),
    "chan_vese": (0.75, 0.75),
    "region_growing": (0.75, 0.65),
    "watershed": (0.75, 0.7),
    "random_walker": (0.7, 0.65),
    "k_means": (0.7, 0.45),
    "mean_shift": (0.7, 0.6),
    "felzenszwalb": (0.6, 0.55),
    "geodesic": (0.6, 0.65),
    "superpixels": (0.55, 0.6),
    "snake": (0.55, None),
    "contours": (0.45, 0.6),
    "star": (0.7, 0.7),
}
"""Mean IoU on nuclei by a box and after five clicks, somewhat under what `python -m bench.smart_clicks` measures."""


def cut(key: str, picture: Picture, prompt: Prompt, **parameters: Any) -> Mask:
    method = METHODS.load(key)({})
    cleaned = clean_parameters(get_facts(key).parameters, parameters)
    return method.predict(picture, method.embed(picture), prompt, cleaned)[0].mask


def iou(one: Mask, other: Mask) -> float:
    return float((one & other).sum() / (one | other).sum())


def discs(*places: tuple[int, int, int]) -> tuple[Picture, list[Mask]]:
    """Bright discs (x, y, radius) on a dark ground with grain."""
    rows, columns = np.mgrid[:160, :240]
    picture = np.random.default_rng(2).integers(30, 50, (160, 240, 3)).astype(np.uint8)
    masks = [np.hypot(columns - x, rows - y) < radius for x, y, radius in places]
    for mask in masks:
        picture[mask] += np.uint8(150)
    picture[np.logical_and.reduce(masks)] -= np.uint8(150 * (len(masks) - 1) % 256)
    return picture, masks


@pytest.mark.parametrize("key", BY_BRIGHTNESS)
def test_a_click_beside_parts_two_objects_that_touch(key: str) -> None:
    picture, (left, right) = discs((90, 80, 30), (146, 80, 30))
    both = cut(key, picture, Prompt(((90.0, 80.0, 1),)))
    assert iou(both, left | right) > 0.85
    # when
    parted = cut(key, picture, Prompt(((90.0, 80.0, 1), (150.0, 80.0, -1))))
    # then
    assert iou(parted, left) > 0.85


@pytest.mark.parametrize("key", BY_BRIGHTNESS)
def test_a_click_on_what_is_missing_adds_it_and_nothing_far_away(key: str) -> None:
    picture, (disc,) = discs((90, 80, 30))
    picture[:, 190:] = picture[10, 10]
    # when: the second click is on the dark just beside the disc
    found = cut(key, picture, Prompt(((90.0, 80.0, 1), (90.0, 114.0, 1))))
    # then
    assert found[114, 90]
    assert iou(found, disc) > 0.85
    assert not found[:, 190:].any()


def test_a_star_finds_a_ring_whose_inside_looks_like_the_ground() -> None:
    picture, (outer, inner, other) = discs((90, 80, 40), (90, 80, 18), (172, 80, 40))
    picture[inner] = picture[-60:][: int(inner.sum()) // 240 + 1].reshape(-1, 3)[: int(inner.sum())]

    found = cut("star", picture, Prompt(((90.0, 80.0, 1),)))

    assert iou(found, outer) > 0.85
    assert not (found & other & ~outer).sum() > 0.1 * other.sum()


@pytest.mark.parametrize("key", ["grabcut", "watershed", "random_walker", "star", "thresholding"])
def test_a_stroke_beside_takes_off_all_that_it_crosses(key: str) -> None:
    picture, (left, right) = discs((90, 80, 30), (146, 80, 30))
    across = Stroke(((146.0, 55.0), (146.0, 105.0)), 8.0, -1)

    found = cut(key, picture, Prompt(((90.0, 80.0, 1),), None, (across,)))

    assert found[80, 90]
    assert not found[55:106, 144:149].any()
    assert iou(found, left) > iou(found, right)


def test_rules_of_the_threshold() -> None:
    picture, (disc,) = discs((90, 80, 30))
    picture[disc] -= np.uint8(60)
    prompt = Prompt((), (50.0, 40.0, 80.0, 80.0))

    assert iou(cut("thresholding", picture, prompt, rule="otsu"), disc) > 0.95
    assert iou(cut("thresholding", picture, prompt, rule="multi_otsu"), disc) > 0.93
    assert iou(cut("thresholding", picture, prompt, rule="local", window=1.0), disc) > 0.9
    assert iou(cut("thresholding", picture, prompt, rule="level", level=90), disc) > 0.95


def test_superpixels_take_only_what_was_clicked_where_nothing_is_alike() -> None:
    picture, (disc,) = discs((90, 80, 30))
    prompt = Prompt(((90.0, 80.0, 1),))

    whole, one = (cut("superpixels", picture, prompt, similarity=value) for value in (14, 0))

    assert iou(whole, disc) > 0.85
    assert one.sum() < 0.5 * disc.sum()
    assert one[80, 90]


@pytest.mark.parametrize("key", FLOORS)
def test_a_picture_of_one_pixel_and_of_one_colour_is_refused_with_a_sentence(key: str) -> None:
    for picture in (np.zeros((1, 1, 3), np.uint8), np.full((50, 60, 3), 7, np.uint8)):
        height, width = picture.shape[:2]
        with pytest.raises(ValueError, match=r"found no object there: .*\.$"):
            cut(key, picture, Prompt((), (0.0, 0.0, float(width), float(height))))


@pytest.mark.parametrize("key", FLOORS)
def test_real_nuclei(key: str, shared_data: Any) -> None:
    row = measure(key, nuclei(shared_data, 6, 2)).row(key, "dsb2018")

    by_box, by_clicks = FLOORS[key]
    assert row["objects"] == 12
    assert row["box"] > by_box
    assert by_clicks is None or row["clicks_5"] > by_clicks


def test_every_method_without_weights_is_held_to_a_floor() -> None:
    assert set(FLOORS) == {entry.key for entry in METHODS if cuts_one(get_facts(entry.key))}
