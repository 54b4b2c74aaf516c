"""Looking at what changed, taking it back, bringing a version back, and classes that merge and split."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.rest import Rest
from tests.e2e.scenes import BLOOD_CLASSES, Blood, class_id
from tests.e2e.screens import choose, create_version, go

IMAGES = 3
KEPT, GONE, MOVED = (20, 20, 60, 50), (120, 40, 50, 50), (220, 60, 70, 60)


@dataclass
class Scene:
    """A project with three boxes on each picture, of which the first is edited after the version `before`."""

    page: Page
    rest: Rest
    project: int
    images: list[dict[str, Any]]
    drawn: dict[str, list[str]]

    @property
    def head(self) -> int:
        return int(self.rest.get(f"projects/{self.project}/")["revision"])

    def shapes(self, image: dict[str, Any]) -> dict[str, Any]:
        return {row["uuid"]: (row["class"], row["shape"]["box"]) for row in self.rest.annotations(image["id"])}


@pytest.fixture
def scene(page: Page, admin: Rest, shared_data: Path, request: pytest.FixtureRequest) -> Scene:
    project = admin.project(*BLOOD_CLASSES, name=request.node.name)
    blood = Blood(shared_data)
    admin.upload(project["id"], blood.pictures(blood.stems(IMAGES)))
    images = admin.images(project["id"])
    red = class_id(project, "RBC")
    drawn = {}
    for image in images:
        drawn[image["name"]] = [str(uuid4()) for _ in range(3)]
        rows = [
            {"uuid": key, "class": red, "shape": {"type": "box", "box": list(box)}}
            for key, box in zip(drawn[image["name"]], (KEPT, GONE, MOVED), strict=True)
        ]
        admin.change(image["id"], create=rows)
    page.goto(f"/projects/{project['id']}/images")
    create_version(page, "before")
    return Scene(page, admin, project["id"], images, drawn)


def edit(scene: Scene) -> None:
    """One removed, one moved, one added on the first image."""
    image = scene.images[0]
    _, gone, moved = scene.drawn[image["name"]]
    red, white = (class_id(scene.rest.get(f"projects/{scene.project}/"), name) for name in ("RBC", "WBC"))
    x, y, width, height = MOVED
    scene.rest.change(
        image["id"],
        delete=[gone],
        update=[{"uuid": moved, "class": red, "shape": {"type": "box", "box": [x + 10, y, width, height]}}],
        create=[{"uuid": str(uuid4()), "class": white, "shape": {"type": "box", "box": [300, 200, 40, 40]}}],
    )


def test_changes_are_seen_and_taken_back(scene: Scene) -> None:
    page, image = scene.page, scene.images[0]
    before = scene.shapes(image)
    edit(scene)
    go(page, "Activity")
    entry = page.get_by_role("list", name="Activity").get_by_role("listitem").first
    expect(entry).to_contain_text("Objects +1 −1 ±1")
    # when: looked at
    entry.get_by_role("link", name=f"Show the changes of revision {scene.head}").click()
    for kind in ("Added", "Removed", "Moved"):
        expect(page.get_by_role("button", name=f"Show only images with: {kind}")).to_contain_text("1")
    page.get_by_role("button", name=f"Compare {image['name']}").click()
    objects = page.get_by_role("dialog").get_by_role("list", name="Objects that differ").get_by_role("listitem")
    expect(objects).to_have_count(3)
    page.keyboard.press("Escape")
    # when: taken back
    go(page, "Activity")
    head = scene.head
    page.get_by_role("button", name=f"Revert revision {head}").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 added, 1 removed, 1 changed")
    dialog.get_by_role("button", name="Revert", exact=True).click()
    expect(page.get_by_text(f"Reverted, as revision {head + 1}.")).to_be_visible()
    assert scene.shapes(image) == before


def test_later_work_stands_in_the_way_of_a_revert_and_can_be_kept(scene: Scene) -> None:
    page, image = scene.page, scene.images[0]
    edit(scene)
    first = scene.head
    moved = scene.drawn[image["name"]][2]
    later = [230.0, 70.0, 50.0, 40.0]
    red = class_id(scene.rest.get(f"projects/{scene.project}/"), "RBC")
    update = {"uuid": moved, "class": red, "shape": {"type": "box", "box": later}}
    scene.rest.change(image["id"], update=[update])
    go(page, "Activity")
    page.get_by_role("button", name=f"Revert revision {first}").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("1 thing was changed later")
    expect(dialog.get_by_role("button", name="Revert", exact=True)).to_be_disabled()
    dialog.get_by_role("checkbox", name="Keep the later work").check()
    dialog.get_by_role("button", name="Revert", exact=True).click()
    expect(page.get_by_text("Reverted, as revision")).to_be_visible()
    now = scene.shapes(image)
    assert now.keys() == set(scene.drawn[image["name"]])
    assert now[moved][1] == later


def test_a_version_is_restored_and_the_present_stays_in_the_history(scene: Scene) -> None:
    page = scene.page
    before = [scene.shapes(image) for image in scene.images]
    edit(scene)
    present = scene.head
    go(page, "Versions")
    page.get_by_role("region", name="before").get_by_role("button", name="Restore").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 added, 1 removed, 1 changed")
    dialog.get_by_role("button", name="Restore").click()
    expect(page.get_by_text(f"Restored, as revision {present + 1}.")).to_be_visible()
    assert [scene.shapes(image) for image in scene.images] == before
    then = scene.rest.annotations(scene.images[0]["id"], revision=present)
    assert {row["uuid"] for row in then} != before[0].keys()


def test_classes_merge_and_split_with_a_list_to_revisit(scene: Scene) -> None:
    page = scene.page
    go(page, "Settings")
    # when: split
    page.get_by_role("button", name="More about the class RBC").click()
    page.get_by_role("menuitem", name="Split").click()
    page.get_by_label("New classes").fill("Young\nOld")
    page.get_by_role("dialog").get_by_role("button", name="Split", exact=True).click()
    expect(page.get_by_text(f"Split: {3 * IMAGES} labels to revisit.")).to_be_visible()
    # when: revisited
    page.get_by_role("link", name="Labels to revisit").click()
    labels = page.get_by_role("list", name="Labels to revisit").get_by_role("listitem")
    expect(labels).to_have_count(3 * IMAGES)
    choose(page, labels.first.get_by_role("combobox"), "Young")
    expect(labels).to_have_count(3 * IMAGES - 1)
    page.get_by_role("button", name="Keep the class of all").click()
    expect(page.get_by_text("Nothing to revisit")).to_be_visible()
    # when: merged again
    go(page, "Settings")
    page.get_by_role("button", name="More about the class Young").click()
    page.get_by_role("menuitem", name="Merge").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 label on 1 images")
    choose(page, dialog.get_by_role("combobox", name="Takes the labels"), "RBC")
    dialog.get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_text("Merged.")).to_be_visible()
    project = scene.rest.get(f"projects/{scene.project}/")
    assert [item["name"] for item in project["classes"]] == ["RBC", "WBC", "Platelets", "Old"]
    red = class_id(project, "RBC")
    assert {value[0] for image in scene.images for value in scene.shapes(image).values()} == {red}
    # then: the version made before still has one class for all of them
    (version,) = scene.rest.get(f"projects/{scene.project}/versions/")["results"]
    assert [item["name"] for item in version["statistics"]["classes"]] == ["RBC", "WBC", "Platelets"]
