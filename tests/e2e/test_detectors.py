"""A detector that exists already: brought as a file, tried, let loose, accepted. Real network, real photos."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.rest import Rest
from tests.e2e.screens import JOB_MS

pytestmark = pytest.mark.timeout(240)
CLASSES = ("dog", "person", "truck")


@pytest.fixture
def project(admin: Rest, shared_data: Path, request: pytest.FixtureRequest) -> dict[str, Any]:
    made = admin.project(*CLASSES, name=request.node.name)
    admin.upload(made["id"], sorted((shared_data / "photos").glob("*.jpg")))
    return made


def test_brought_detector_is_recognised_tried_and_its_finds_accepted(
    page: Page, admin: Rest, project: dict[str, Any], shared_data: Path
) -> None:
    # when: the file is dropped, everything else is filled in
    page.goto(f"/projects/{project['id']}/models")
    page.get_by_role("button", name="Add a detector").click()
    dialog = page.get_by_role("dialog", name="Add an ONNX detector")
    dialog.locator("input[type=file]").set_input_files(shared_data / "weights" / "yolox_nano_coco.onnx")
    expect(dialog.get_by_role("combobox", name="Head")).to_have_value("YOLOX", timeout=JOB_MS)
    expect(dialog.get_by_role("combobox", name="Its pictures")).to_have_value("RGB, ImageNet mean and std (YOLOX 0.1)")
    expect(dialog.get_by_text("3 of 80 stand for a class of this project")).to_be_visible()
    dialog.get_by_role("textbox", name="Licence").fill("Apache-2.0")
    dialog.get_by_role("button", name="Add the model").click()
    row = page.get_by_role("row", name="yolox nano coco")
    expect(row).to_contain_text("Brought · Apache-2.0", timeout=JOB_MS)

    # and: it is tried on the pictures before it is let loose
    row.get_by_role("link", name="Pre-label with yolox nano coco").click()
    page.get_by_role("button", name="Try on 20 images").click()
    trial = page.get_by_role("region", name="Trial")
    expect(trial).to_contain_text("4 images", timeout=JOB_MS)
    expect(trial).to_contain_text("class not mapped")
    assert admin.get(f"projects/{project['id']}/prediction-batches/")["results"] == []
    page.get_by_role("button", name="Pre-label 4 images").click()
    expect(page.get_by_text("is not known yet: 0 decisions")).to_be_visible(timeout=JOB_MS)
    page.get_by_role("button", name="Accept from 0.70").click()

    # then
    expect(page.get_by_text("accepted, as revision")).to_be_visible()
    found = {}
    for image in admin.images(project["id"]):
        found[image["name"]] = {row["class"] for row in admin.annotations(image["id"])}
    dog, person, truck = (row["id"] for row in project["classes"])
    assert {dog, person} <= found["dog.jpg"]
    assert dog in found["dogs.jpg"]
    assert truck in found["truck.jpg"]
