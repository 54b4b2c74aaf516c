"""Looking after a project: checking it, mending what was found as a revision, and going from a bar to its images."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.rest import Rest
from tests.e2e.scenes import BLOOD_CLASSES, Blood, class_id

USUAL = [200.0, 150.0, 90.0, 80.0]
SPECK = [20.0, 30.0, 0.4, 0.4]


@pytest.fixture
def ailing(admin: Rest, shared_data: Path, request: pytest.FixtureRequest) -> dict[str, Any]:
    """Five pictures: a cell on each of three, on two of these a speck besides."""
    project = admin.project(*BLOOD_CLASSES, name=request.node.name)
    blood = Blood(shared_data)
    images = admin.upload(project["id"], blood.pictures(blood.stems(5)))
    drawn: list[list[list[float]]] = [[USUAL], [USUAL, SPECK], [USUAL, SPECK]]
    for number, boxes in enumerate(drawn):
        rows = [
            {
                "uuid": f"00000000-0000-4000-8000-{project['id']:06}{number:03}{place:03}",
                "class": class_id(project, "WBC"),
                "shape": {"type": "box", "box": box},
            }
            for place, box in enumerate(boxes)
        ]
        admin.change(images[number]["id"], create=rows)
    return project | {"images": [image["id"] for image in images]}


def checked(page: Page, project: int) -> None:
    """Opens the screen of a project that nobody checked yet, and checks it."""
    page.goto(f"/projects/{project}/images")
    page.get_by_role("navigation", name="Project").get_by_role("link", name="Health").click()
    expect(page.get_by_role("heading", name="Nothing was checked yet")).to_be_visible()
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_text("Up to date")).to_be_visible()


def test_finding_is_fixed_as_one_revision(page: Page, admin: Rest, ailing: dict[str, Any]) -> None:
    project, (_, spoiled, other, *_) = ailing["id"], ailing["images"]
    checked(page, project)
    # when: the objects of one of two findings are deleted
    page.get_by_role("list", name="Checks").get_by_role("button", name="Broken shapes").click()
    findings = page.get_by_role("list", name="Findings")
    expect(findings.get_by_role("listitem")).to_have_count(2)
    card = findings.get_by_role("listitem").filter(has_text="BloodImage_00001.jpg")
    expect(card.get_by_role("link", name="Open the object on BloodImage_00001.jpg")).to_have_attribute(
        "href", re.compile(rf"/images/{spoiled}\?object=")
    )
    card.get_by_role("checkbox").check()
    expect(page.get_by_text("1 selected")).to_be_visible()
    page.get_by_role("button", name="Fix", exact=True).click()
    page.get_by_role("menuitem", name="Delete the objects").click()
    dialog = page.get_by_role("dialog", name="Delete the objects: Broken shapes")
    expect(dialog).to_contain_text("1 object on 1 image will be deleted, as one revision.")
    assert len(admin.annotations(spoiled)) == 2
    dialog.get_by_role("button", name="Delete the objects").click()
    # then: that finding alone is gone, the message names the revision, and Activity has it
    message = page.get_by_text(re.compile(r"1 object on 1 image changed, as revision \d+"))
    number = re.search(r"revision (\d+)", message.text_content() or "")
    assert number is not None
    expect(findings.get_by_role("listitem")).to_have_count(1)
    assert [row["shape"]["box"] for row in admin.annotations(spoiled)] == [USUAL]
    assert len(admin.annotations(other)) == 2
    page.get_by_role("navigation", name="Project").get_by_role("link", name="Activity").click()
    newest = page.get_by_role("list", name="Activity").get_by_role("listitem").first
    expect(newest).to_contain_text("Health: deleted objects (Broken shapes)")
    expect(newest).to_contain_text(number.group(1))


def test_ignored_finding_is_kept_aside_and_can_come_back(page: Page, ailing: dict[str, Any]) -> None:
    checked(page, ailing["id"])
    page.get_by_role("list", name="Checks").get_by_role("button", name="Broken shapes").click()
    findings = page.get_by_role("list", name="Findings")
    findings.get_by_role("listitem").filter(has_text="BloodImage_00002.jpg").get_by_role("checkbox").check()
    page.get_by_role("button", name="Ignore", exact=True).click()
    page.get_by_label("Why is it all right? (optional)").fill("dust on the lens")
    page.get_by_role("dialog").get_by_role("button", name="Ignore").click()
    expect(findings.get_by_role("listitem")).to_have_count(1)
    page.get_by_role("button", name="Ignored 1").click()
    expect(findings.get_by_role("listitem")).to_contain_text("dust on the lens")
    findings.get_by_role("checkbox").check()
    page.get_by_role("button", name="Show again").click()
    expect(page.get_by_text("1 finding is shown again.")).to_be_visible()
    page.get_by_role("button", name="Ignored 0").click()
    expect(findings.get_by_role("listitem")).to_have_count(2)


def test_bar_of_the_statistics_leads_to_its_images(page: Page, ailing: dict[str, Any]) -> None:
    checked(page, ailing["id"])
    page.get_by_text("Statistics", exact=True).click()
    bars = page.get_by_role("group", name="Objects per image")
    bars.get_by_role("link", name="2: 2, show the images").click()
    # then: the grid shows these two, with the filter as a chip that can be taken away
    expect(page).to_have_url(re.compile(r"min_objects=2&max_objects=2"))
    expect(page.get_by_text("2 of 5 images")).to_be_visible()
    page.get_by_role("button", name="Remove the filter Objects 2").click()
    expect(page.get_by_text("5 images", exact=True)).to_be_visible()


def test_findings_of_a_check_are_a_filter_of_the_images(page: Page, ailing: dict[str, Any]) -> None:
    checked(page, ailing["id"])
    page.get_by_role("list", name="Checks").get_by_role("button", name="Broken shapes").click()
    page.get_by_role("link", name="Show all in Images").click()
    expect(page.get_by_text("2 of 5 images")).to_be_visible()
    expect(page.get_by_role("button", name="Remove the filter Health: Broken shapes")).to_be_visible()


def test_threshold_of_the_project_finds_more_and_goes_back(page: Page, admin: Rest, ailing: dict[str, Any]) -> None:
    checked(page, ailing["id"])
    check = page.get_by_role("list", name="Checks").get_by_role("button", name="Unusual files")
    check.click()
    expect(page.get_by_text("This check looked at the whole project")).to_be_visible()
    # when: pictures of 0.3 megapixels count as very large
    page.get_by_role("button", name="Thresholds").click()
    page.get_by_role("textbox", name="Megapixels").fill("0.2")
    page.get_by_role("button", name="Save and check").click()
    findings = page.get_by_role("list", name="Findings")
    expect(findings.get_by_role("listitem")).to_have_count(5)
    # when: the defaults are wanted back
    page.get_by_role("button", name="Thresholds").click()
    page.get_by_role("button", name="Back to the defaults").click()
    expect(page.get_by_text("This check looked at the whole project")).to_be_visible()
    rows = {row["key"]: row for row in admin.get(f"projects/{ailing['id']}/health/")["checks"]}
    (limit,) = rows["picture_files"]["thresholds"]
    assert (limit["value"], limit["default"]) == (50, 50)


def test_report_is_downloaded_as_page_and_as_data(page: Page, ailing: dict[str, Any], tmp_path: Path) -> None:
    checked(page, ailing["id"])
    found = {}
    for kind in ("Page (HTML)", "Data (JSON)"):
        page.get_by_role("button", name="Export report").click()
        with page.expect_download() as download:
            page.get_by_role("menuitem", name=kind).click()
        found[kind] = tmp_path / download.value.suggested_filename
        download.value.save_as(found[kind])
    body = json.loads(found["Data (JSON)"].read_text())
    rows = {row["key"]: row for row in body["health"]["checks"]}
    assert rows["object_geometry"]["count"] == 2
    html = found["Page (HTML)"].read_text()
    assert "Broken shapes" in html
    assert "BloodImage_00001.jpg" in html
