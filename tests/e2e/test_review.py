"""Two people: label, submit, return with a pinned comment, fix, accept; and work that grows with new images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Open
from tests.e2e.editor import Editor
from tests.e2e.rest import Rest
from tests.e2e.scenes import BLOOD_CLASSES, Blood, class_id
from tests.e2e.screens import add_user, sign_in

PASSWORD = "another long passphrase"


@pytest.fixture
def project(admin: Rest, request: pytest.FixtureRequest) -> dict[str, Any]:
    return admin.project(*BLOOD_CLASSES, name=request.node.name)


@pytest.fixture
def bob(page: Page, open_browser: Open, admin: Rest, project: dict[str, Any], request: pytest.FixtureRequest) -> Page:
    """The browser of an annotator of the project, who is called as the test."""
    username = request.node.name[:100]
    add_user(page, username, PASSWORD)
    admin.post(f"projects/{project['id']}/members/", {"username": username, "role": "annotator"})
    window = open_browser(None)
    sign_in(window, username, PASSWORD)
    return window


def panel(page: Page, name: str) -> Any:
    return page.get_by_role("region", name=name, exact=True)


def test_return_fix_and_accept(page: Page, bob: Page, admin: Rest, project: dict[str, Any], shared_data: Path) -> None:
    (image,) = admin.upload(project["id"], Blood(shared_data).pictures(["BloodImage_00000"]))
    box = {"uuid": "00000000-0000-4000-8000-000000000001", "class": class_id(project, "WBC")}
    admin.change(image["id"], create=[box | {"shape": {"type": "box", "box": [100, 100, 120, 90]}}])

    # when: the annotator draws and submits
    drawing = Editor(bob)
    drawing.open(project["id"], image)
    drawing.press("b")
    drawing.drag((300, 200), (380, 280))
    panel(bob, "Review").get_by_role("button", name="Submit").click()
    expect(panel(bob, "Review").get_by_text("waits for a reviewer")).to_be_visible()

    # and: the reviewer pins a comment and returns it
    looking = Editor(page)
    looking.open(project["id"], image)
    page.mouse.move(*looking.screen((340, 240)))
    looking.press("i")
    expect(page.get_by_text("At the pointer")).to_be_visible()
    page.get_by_role("textbox", name="What is to be said?").fill("Two cells, not one")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Comment 1: Two cells, not one")).to_be_visible()
    looking.press("x")
    page.get_by_role("textbox", name="What is to be changed?").fill("See the comment")
    page.keyboard.press("Control+Enter")
    expect(panel(page, "Review").get_by_text("Returned by admin")).to_be_visible()

    # then: it is the annotator's to fix
    bob.goto(f"/projects/{project['id']}/work")
    bob.get_by_role("link", name="Fix the first").click()
    drawing.arrive(image)
    expect(panel(bob, "Review").get_by_text("See the comment")).to_be_visible()
    pin = bob.get_by_role("button", name="Comment 1: Two cells, not one")
    pin.click()
    drawing.press("b")
    drawing.drag((420, 200), (480, 280))
    panel(bob, "Comments").get_by_role("button", name="Resolve").click()
    expect(pin).to_have_attribute("data-resolved", "true")
    panel(bob, "Review").get_by_role("button", name="Fixed: hand back").click()
    expect(panel(bob, "Review").get_by_text("Fixed, waits for admin")).to_be_visible()

    # and: the reviewer sees what it was, and accepts by key
    looking.open(project["id"], image)
    panel(page, "Review").get_by_role("combobox", name="Show as it was …").click()
    page.get_by_role("option", name="As returned by admin").click()
    expect(page.get_by_role("img", name="As it was then").locator("path")).to_have_count(2)
    page.get_by_text("Beside", exact=True).click()
    expect(page.get_by_role("img", name="As it was then").locator("image")).to_have_count(1)
    page.mouse.move(*looking.screen((10, 10)))
    page.keyboard.press("Escape")
    looking.press("a")
    expect(panel(page, "Review").get_by_text("Accepted by admin")).to_be_visible()
    assert admin.get(f"images/{image['id']}/review/")["status"] == "accepted"
    assert len(admin.get(f"images/{image['id']}/annotations/")["annotations"]) == 3


def test_work_that_grows_with_new_images(
    page: Page, bob: Page, admin: Rest, project: dict[str, Any], shared_data: Path, request: pytest.FixtureRequest
) -> None:
    blood = Blood(shared_data)
    (first,) = admin.upload(project["id"], blood.pictures(["BloodImage_00000"]))
    username = request.node.name[:100]

    # given: the owner gives out everything
    page.goto(f"/projects/{project['id']}/work?tab=assignments")
    page.get_by_role("button", name="New assignment").click()
    page.get_by_role("textbox", name="Name").fill("First pass")
    people = page.get_by_role("combobox", name="People")
    people.click()
    page.get_by_role("option", name=username).click()
    people.press("Escape")
    page.get_by_role("button", name="Give out", exact=True).click()
    expect(page.get_by_role("cell", name="First pass")).to_be_visible()

    # when: the annotator works through it, and another image comes meanwhile
    bob.goto(f"/projects/{project['id']}/work")
    bob.get_by_role("button", name="Next image").click()
    editor = Editor(bob)
    editor.arrive(first)
    (second,) = admin.upload(project["id"], blood.pictures(["BloodImage_00001"]))
    panel(bob, "Review").get_by_role("button", name="Submit").click()

    # then: it is the next one, and then nothing is left
    editor.arrive(second)
    panel(bob, "Review").get_by_role("button", name="Submit").click()
    expect(bob.get_by_text("2 done, 0 left")).to_be_visible()
    assert admin.get(f"images/{first['id']}/")["state"] == "verified_empty"
