"""Signing in, making a project, bringing pictures in, and finding them again in the grid."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import ADMIN, PASSWORD, Open
from tests.e2e.rest import Rest
from tests.e2e.scenes import BLOOD_CLASSES, Blood, class_id
from tests.e2e.screens import choose, create_project, drop_files, sign_in


def tile(page: Page, name: str) -> Any:
    return page.get_by_role("group", name="Image grid").get_by_role("link", name=name, exact=True)


def test_signing_in_and_out(open_browser: Open) -> None:
    page = open_browser(None)
    page.goto("/projects")
    page.get_by_role("textbox", name="User name").fill(ADMIN)
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("password")
    sign_in(page, ADMIN, PASSWORD)
    page.get_by_role("button", name=f"Account of {ADMIN}").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_project_made_in_the_dialog_has_its_classes(page: Page, admin: Rest) -> None:
    project = create_project(
        page, "Dialog", task="Detection", classes=["red cell #d55e00 r", "white cell", "platelet #0072b2"]
    )
    expect(page.get_by_text("No images yet")).to_be_visible()
    made = admin.get(f"projects/{project}/")
    assert [item["name"] for item in made["classes"]] == ["red cell", "white cell", "platelet"]
    assert [item["color"] for item in made["classes"]][::2] == ["#d55e00", "#0072b2"]
    assert made["classes"][0]["hotkey"] == "r"
    page.get_by_role("link", name="Projects").first.click()
    page.get_by_role("link", name="Dialog", exact=True).click()
    page.wait_for_url(f"**/projects/{project}/images")


def test_upload_shows_progress_per_file_and_a_reason_for_each_refusal(
    page: Page, admin: Rest, shared_data: Path, tmp_path: Path
) -> None:
    project = admin.project("cell", name="Upload")["id"]
    notes = tmp_path / "notes.txt"
    notes.write_text("This is no picture.")
    page.goto(f"/projects/{project}/images")
    # when: pictures and a text file by the file chooser
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files to upload").click()
    blood = Blood(shared_data)
    chooser.value.set_files([*blood.pictures(blood.stems(6)), notes])
    # then: six in, one refused with a sentence
    tray = page.get_by_role("region", name="Uploads")
    expect(tray).to_contain_text("6 images uploaded")
    expect(tray).to_contain_text("1 refused")
    refused = tray.get_by_role("listitem").filter(has_text="notes.txt")
    expect(refused).to_contain_text("Refused")
    expect(refused).to_contain_text("picture")
    expect(tile(page, "BloodImage_00005.jpg")).to_be_visible()
    assert {item["name"] for item in admin.images(project)} == {path.name for path in blood.pictures(blood.stems(6))}
    # when: the same files again, with a new one, dropped anywhere
    drop_files(page, page.get_by_role("heading", name="Images"), blood.pictures(blood.stems(7)))
    # then: only the new one is added
    expect(tray).to_contain_text("6 were here already")
    expect(tile(page, "BloodImage_00006.jpg")).to_be_visible()
    assert len(admin.images(project)) == 7


@pytest.fixture
def labelled(admin: Rest, shared_data: Path, request: pytest.FixtureRequest) -> dict[str, Any]:
    """Eight pictures; a white cell on two of them, a red one on a third."""
    project = admin.project(*BLOOD_CLASSES, name=request.node.name)
    blood = Blood(shared_data)
    images = admin.upload(project["id"], blood.pictures(blood.stems(8)))
    for number, name in enumerate(("WBC", "WBC", "RBC")):
        shape = {"type": "box", "box": [50, 60, 100, 80]}
        key = f"00000000-0000-4000-8000-{project['id']:06}{number:06}"
        admin.change(images[number]["id"], create=[{"uuid": key, "class": class_id(project, name), "shape": shape}])
    return project


def test_filters_live_in_the_address(page: Page, labelled: dict[str, Any]) -> None:
    page.goto(f"/projects/{labelled['id']}/images")
    expect(page.get_by_role("group", name="Image grid").get_by_role("link")).to_have_count(8)
    # when
    choose(page, page.get_by_role("combobox", name="Class"), "WBC")
    # then
    expect(page).to_have_url(re.compile(rf"class={class_id(labelled, 'WBC')}"))
    expect(page.get_by_text("2 of 8 images")).to_be_visible()
    # when: an image of the filter is opened, and the browser goes back
    tile(page, "BloodImage_00001.jpg").click()
    expect(page.get_by_test_id("image-name")).to_have_text("BloodImage_00001.jpg")
    expect(page.get_by_role("navigation", name="Film strip").get_by_role("link")).to_have_count(2)
    page.go_back()
    # then: the filter still holds, also in a window that is given the address
    expect(page.get_by_text("2 of 8 images")).to_be_visible()
    page.reload()
    expect(page.get_by_role("combobox", name="Class")).to_have_value("WBC")
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_text("8 images", exact=True)).to_be_visible()
    page.get_by_label("Name contains").fill("00004")
    expect(page).to_have_url(re.compile("q=00004"))
    expect(page.get_by_text("1 of 8 images")).to_be_visible()


def test_film_strip_leads_to_other_images(page: Page, labelled: dict[str, Any]) -> None:
    page.goto(f"/projects/{labelled['id']}/images")
    tile(page, "BloodImage_00000.jpg").click()
    page.get_by_role("navigation", name="Film strip").get_by_role("link", name="BloodImage_00003.jpg").click()
    expect(page.get_by_test_id("image-name")).to_have_text("BloodImage_00003.jpg")


def test_many_images_are_changed_as_one_revision(page: Page, admin: Rest, labelled: dict[str, Any]) -> None:
    page.goto(f"/projects/{labelled['id']}/images")
    grid = page.get_by_role("group", name="Image grid")
    # when: a range by Shift, then a state for all of them
    grid.get_by_role("checkbox", name="Select BloodImage_00003.jpg").check()
    tile(page, "BloodImage_00006.jpg").click(modifiers=["Shift"])
    expect(page.get_by_text("4 selected")).to_be_visible()
    page.get_by_role("button", name="Set state").click()
    page.get_by_role("menuitem", name="Verified empty").click()
    expect(page.get_by_text("4 images changed, as revision")).to_be_visible()
    states = {item["name"]: item["state"] for item in admin.images(labelled["id"])}
    assert [name for name, state in states.items() if state == "verified_empty"] == [
        f"BloodImage_0000{number}.jpg" for number in (3, 4, 5, 6)
    ]
    # when: the revision is taken back in the activity
    page.get_by_role("navigation", name="Project").get_by_role("link", name="Activity").click()
    page.get_by_role("button", name="Revert revision").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Revert").click()
    expect(page.get_by_text("Reverted, as revision")).to_be_visible()
    assert {item["state"] for item in admin.images(labelled["id"], state="verified_empty")} == set()
