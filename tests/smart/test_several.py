"""Methods that answer with many objects at once, on drawn scenes and real pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from annotator.core.parameters import clean_parameters
from annotator.smart.base import Candidate, Picture, Prompt, PromptError, Stroke
from annotator.smart.catalog import METHODS, get_facts
from annotator.smart.methods.pixel_forest import SCALES, filter_bank

Mask = npt.NDArray[np.bool_]


def ask(key: str, picture: Picture, prompt: Prompt, **parameters: Any) -> list[Candidate]:
    method = METHODS.load(key)({})
    cleaned = clean_parameters(get_facts(key).parameters, parameters)
    return method.predict(picture, method.embed(picture), prompt, cleaned)


def dice(one: Mask, other: Mask) -> float:
    return float(2 * (one & other).sum() / max(1, one.sum() + other.sum()))


def stroke_through(mask: Mask, sign: int) -> Stroke:
    """Along the longest row of the mask."""
    row = int(mask.sum(axis=1).argmax())
    columns = np.flatnonzero(mask[row])
    return Stroke(((float(columns[0]) + 1, row + 0.5), (float(columns[-1]), row + 0.5)), 3.0, sign)


def test_two_strokes_of_each_kind_find_the_nuclei_of_real_pictures(shared_data: Path) -> None:
    reached = []
    for folder in sorted((shared_data / "dsb2018" / "stage1_train").iterdir())[:8]:
        (path,) = (folder / "images").iterdir()
        picture = np.asarray(Image.open(path).convert("RGB"))
        masks = [np.asarray(Image.open(file).convert("L")) > 127 for file in sorted((folder / "masks").iterdir())]
        nuclei = np.logical_or.reduce(masks)
        bright = sorted((one for one in masks if one.sum() > 40), key=lambda one: float(picture[one].mean()))
        on = [stroke_through(bright[len(bright) * share // 4], 1) for share in (1, 3)]
        upper, lower = ~nuclei, (~nuclei).copy()
        upper[len(upper) // 2 :], lower[: len(lower) // 2] = False, False
        found = ask(
            "pixel_forest", picture, Prompt(strokes=(*on, *(stroke_through(one, -1) for one in (upper, lower))))
        )
        reached.append(dice(np.logical_or.reduce([one.mask for one in found]), nuclei))

    assert float(np.median(reached)) > 0.8, reached


def colours() -> Picture:
    """Red and green discs on grey with grain."""
    rows, columns = np.mgrid[:150, :260]
    picture = np.random.default_rng(3).integers(90, 110, (150, 260, 3)).astype(np.uint8)
    for x, channel in ((40, 0), (100, 0), (160, 1), (220, 1)):
        picture[np.hypot(columns - x, rows - 75) < 20, channel] += np.uint8(120)
    return picture


def test_strokes_of_several_classes_part_them() -> None:
    strokes = (
        Stroke(((35.0, 75.0), (45.0, 75.0)), 4.0, 1, label=7),
        Stroke(((155.0, 75.0), (165.0, 75.0)), 4.0, 1, label=9),
        Stroke(((10.0, 10.0), (250.0, 10.0)), 4.0, -1),
    )

    found = ask("pixel_forest", colours(), Prompt(strokes=strokes))
    whole = ask("pixel_forest", colours(), Prompt(strokes=strokes), whole=True)

    assert sorted((one.label, round(float(np.nonzero(one.mask)[1].mean()) / 60)) for one in found) == [
        (7, 1), (7, 2), (9, 3), (9, 4)
    ]  # fmt: skip
    assert sorted(one.label for one in whole) == [7, 9]


def test_what_is_smaller_than_the_smallest_is_left_out() -> None:
    strokes = (Stroke(((35.0, 75.0), (45.0, 75.0)), 4.0, 1), Stroke(((10.0, 10.0), (250.0, 10.0)), 4.0, -1))

    with pytest.raises(PromptError, match=r"^Pixel classifier found no object: paint more strokes, .*\.$"):
        ask("pixel_forest", colours(), Prompt(strokes=strokes), smallest=9996)


def test_one_kind_of_stroke_is_not_enough() -> None:
    stroke = Stroke(((35.0, 75.0), (45.0, 75.0)), 4.0, 1)

    with pytest.raises(PromptError, match=r"^Pixel classifier needs two kinds of strokes: .*\.$"):
        ask("pixel_forest", colours(), Prompt(strokes=(stroke,)))


def test_the_bank_turns_with_the_picture_and_knows_no_brightness_but_its_own() -> None:
    picture = colours()[:120, :120]
    bank, turned = filter_bank(picture), filter_bank(np.ascontiguousarray(np.rot90(picture)))

    assert bank.shape == (120, 120, 4 + 7 * len(SCALES))
    inner = np.s_[30:-30, 30:-30]
    assert np.abs(np.rot90(bank)[inner] - turned[inner]).max() < 0.05


def crosses() -> tuple[Picture, list[tuple[int, int]]]:
    """L-shaped marks on grain: upright, turned by 90 degrees, and larger; and discs that are none."""
    picture = np.random.default_rng(5).integers(200, 220, (220, 320, 3)).astype(np.uint8)
    mark = np.zeros((24, 24), dtype=np.bool_)
    mark[:, :7] = mark[17:] = True
    places = [(40, 40), (40, 150), (140, 60)]
    for row, column in places:
        picture[row : row + 24, column : column + 24][mark] = 40
    picture[140:164, 200:224][np.rot90(mark)] = 40
    rows, columns = np.mgrid[:220, :320]
    picture[np.hypot(rows - 60, columns - 260) < 12] = 40
    return picture, [*places, (140, 200)]


def test_an_example_finds_its_like_also_turned() -> None:
    picture, places = crosses()
    box = Prompt(box=(36.0, 36.0, 32.0, 32.0))

    found = ask("template_matching", picture, box, score=0.7)
    upright = ask("template_matching", picture, box, score=0.7, turns=1)

    corners = np.array([np.argwhere(one.mask).min(axis=0) + 4 for one in found])
    assert len(corners) == len(places)
    assert all(np.abs(corners - place).max(axis=1).min() <= 2 for place in places)
    assert len(upright) == 3
    assert found[0].score == 1.0


def test_a_flat_example_is_refused() -> None:
    with pytest.raises(PromptError, match=r"^Template match sees nothing in the example: .*\.$"):
        ask("template_matching", np.full((50, 60, 3), 9, np.uint8), Prompt(box=(5.0, 5.0, 20.0, 20.0)))
