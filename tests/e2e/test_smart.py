"""The smart tool in the browser: GrabCut on a real cell, and SAM that says what it lacks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.editor import Editor
from tests.e2e.rest import Rest
from tests.e2e.scenes import BLOOD_CLASSES, Blood, bounds, class_id, overlap

STEM = "BloodImage_00000"


@pytest.fixture
def project(admin: Rest, request: pytest.FixtureRequest) -> dict[str, Any]:
    return admin.project(*BLOOD_CLASSES, name=request.node.name)


@pytest.fixture
def image(admin: Rest, project: dict[str, Any], shared_data: Path) -> dict[str, Any]:
    (found,) = admin.upload(project["id"], Blood(shared_data).pictures([STEM]))
    return found


@pytest.fixture
def editor(page: Page, project: dict[str, Any], image: dict[str, Any]) -> Editor:
    editor = Editor(page)
    editor.open(project["id"], image)
    return editor


def test_grabcut_finds_a_cell_from_a_box_and_a_click(
    editor: Editor, admin: Rest, project: dict[str, Any], image: dict[str, Any], shared_data: Path
) -> None:
    truth = next(box for name, box in Blood(shared_data).truth(f"{STEM}").objects if name == "WBC")
    x, y, width, height = truth
    editor.choose_class("WBC", "2")
    editor.tool("Smart", "s")
    panel = editor.page.get_by_role("group", name="Smart tool")
    expect(panel.get_by_role("combobox", name="Method")).to_have_value("GrabCut")
    # when: a box around the cell, then a click on it
    editor.drag((x - 6, y - 6), (x + width + 6, y + height + 6))
    expect(panel.get_by_role("button", name="Accept the result")).to_be_visible()
    editor.click((x + width / 2, y + height / 2))
    expect(panel.get_by_text("Working")).to_have_count(0)
    editor.expect_objects(0)
    editor.press("Enter")
    # then
    editor.expect_objects(1)
    editor.save_now()
    (found,) = admin.annotations(image["id"])
    assert (found["class"], found["source"]) == (class_id(project, "WBC"), "method:grabcut")
    assert found["shape"]["type"] in {"polygon", "mask"}
    assert overlap(bounds(found["shape"]), truth) > 0.6


def test_sam_without_weights_gives_its_reason_and_the_button_that_fetches_them(editor: Editor) -> None:
    editor.tool("Smart", "s")
    panel = editor.page.get_by_role("group", name="Smart tool")
    panel.get_by_role("combobox", name="Method").click()
    editor.page.get_by_role("option", name="SAM ViT-B (not ready)").click()
    expect(panel).to_contain_text("sam_vit_b_01ec64.pth")
    expect(panel.get_by_role("button", name="Fetch Segment Anything ViT-B")).to_be_visible()
