"""Methods that find many objects, in the browser on real pictures: painted strokes, and an example."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from annotator.core.geometry.shapes import shape_to_mask
from tests.e2e.editor import Editor
from tests.e2e.rest import Rest
from tests.e2e.scenes import BLOOD_CLASSES, Blood

Mask = npt.NDArray[np.bool_]


def choose(editor: Editor, method: str) -> Locator:
    editor.tool("Smart", "s")
    panel = editor.page.get_by_role("group", name="Smart tool")
    panel.get_by_role("combobox", name="Method").click()
    editor.page.get_by_role("option", name=method).click()
    return panel


def looked_at(page: Page, name: str) -> None:
    """Keeps what the screen shows, in both themes, where somebody asked for pictures."""
    folder = os.environ.get("ANNOTATOR_LOOK_AT")
    if not folder:
        return
    for scheme in ("light", "dark"):
        page.evaluate("scheme => document.documentElement.setAttribute('data-mantine-color-scheme', scheme)", scheme)
        page.screenshot(path=str(Path(folder) / f"{name}_{scheme}.png"))


def along(mask: Mask) -> tuple[tuple[float, float], tuple[float, float]]:
    """The longest row of the mask without gaps, from end to end."""
    runs = []
    for row in range(2, mask.shape[0] - 2):
        edges = np.flatnonzero(np.diff(np.pad(mask[row].astype(np.int8), 1)))
        runs += [(int(right - left), row, int(left), int(right)) for left, right in edges.reshape(-1, 2)]
    _, row, left, right = max(runs)
    return (left + 2.0, row + 0.5), (right - 2.0, row + 0.5)


def test_strokes_find_the_nuclei_and_enter_keeps_them_as_one_step(page: Page, admin: Rest, shared_data: Path) -> None:
    # given: a picture of nuclei that touch little
    folder = sorted((shared_data / "dsb2018" / "stage1_train").iterdir())[1]
    masks = [np.asarray(Image.open(file).convert("L")) > 127 for file in sorted((folder / "masks").iterdir())]
    nuclei = np.logical_or.reduce(masks)
    (file,) = (folder / "images").iterdir()
    picture = np.asarray(Image.open(file).convert("L"))
    project = admin.project("nucleus", name="Nuclei", task="segmentation")
    (image,) = admin.upload(project["id"], [file])
    editor = Editor(page)
    editor.open(project["id"], image)
    panel = choose(editor, "Pixel classifier")
    width = panel.get_by_role("slider", name="Width of a stroke")
    width.press("Home")
    width.press("ArrowRight")
    width.press("ArrowRight")
    # when: two strokes on nuclei, a darker and a brighter one, and two beside them all
    sorted_masks = sorted((one for one in masks if one.sum() > 40), key=lambda one: float(picture[one].mean()))
    for share in (1, 3):
        editor.drag(*along(sorted_masks[len(sorted_masks) * share // 4]))
    expect(panel.get_by_role("alert")).to_contain_text("needs two kinds of strokes")
    editor.press("x")
    upper, lower = ~nuclei, ~nuclei
    upper[128:] = False
    lower[:128] = False
    editor.drag(*along(upper))
    editor.drag(*along(lower))
    expect(panel.get_by_text("Working")).to_have_count(0)
    expect(panel.get_by_text("objects found")).to_be_visible()
    looked_at(page, "pixel_classifier")
    editor.expect_objects(0)
    editor.press("Enter")
    # then
    editor.save_now()
    found = admin.annotations(image["id"])
    assert {one["source"] for one in found} == {"method:pixel_forest"}
    size = (image["width"], image["height"])
    mine = np.logical_or.reduce([shape_to_mask(one["shape"], *size) for one in found])
    assert 2 * (mine & nuclei).sum() / (mine.sum() + nuclei.sum()) > 0.8
    # when: it was one step
    editor.press("Control+z")
    editor.expect_objects(0)


def test_an_example_finds_its_like_and_a_click_leaves_one_out(page: Page, admin: Rest, shared_data: Path) -> None:
    project: dict[str, Any] = admin.project(*BLOOD_CLASSES, name="Blood")
    (image,) = admin.upload(project["id"], Blood(shared_data).pictures(["BloodImage_00000"]))
    x, y, width, height = next(
        box for name, box in Blood(shared_data).truth("BloodImage_00000").objects if name == "RBC"
    )
    editor = Editor(page)
    editor.open(project["id"], image)
    panel = choose(editor, "Find all like this")
    # when
    editor.drag((x, y), (x + width, y + height))
    found = panel.get_by_text("objects found")
    expect(found).to_be_visible()
    before = int((found.text_content() or "").split()[0])
    assert before > 2
    looked_at(page, "find_all")
    editor.click((x + width / 2, y + height / 2))
    expect(found).to_contain_text(str(before - 1))
    editor.press("Enter")
    # then
    editor.expect_objects(before - 1)
    editor.save_now()
    kept = admin.annotations(image["id"])
    assert len(kept) == before - 1
    assert {one["source"] for one in kept} == {"method:template_matching"}
