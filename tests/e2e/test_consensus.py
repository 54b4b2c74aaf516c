"""Two people label the same image unseen by each other; the reviewer sees both side by side and settles it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import violations
from tests.e2e.conftest import ADMIN, Open
from tests.e2e.editor import Editor
from tests.e2e.rest import Rest
from tests.e2e.scenes import BLOOD_CLASSES, Blood, class_id
from tests.e2e.screens import add_user, sign_in

PASSWORD = "another long passphrase"
BOB = "consensus-bob"


@pytest.fixture
def project(admin: Rest, request: pytest.FixtureRequest) -> dict[str, Any]:
    return admin.project(*BLOOD_CLASSES, name=request.node.name)


@pytest.fixture
def bob(page: Page, open_browser: Open, admin: Rest, project: dict[str, Any]) -> Page:
    add_user(page, BOB, PASSWORD)
    admin.post(f"projects/{project['id']}/members/", {"username": BOB, "role": "annotator"})
    window = open_browser(None)
    sign_in(window, BOB, PASSWORD)
    return window


def begin(window: Page, project: int, image: dict[str, Any]) -> Editor:
    """From the card of the round to the first image of it."""
    window.goto(f"/projects/{project}/work")
    window.get_by_role("region", name="Overlap").get_by_role("button", name="Next image").click()
    editor = Editor(window)
    editor.arrive(image)
    return editor


def hand_in(window: Page) -> None:
    window.get_by_role("region", name="Consensus").get_by_role("button", name="Hand in").click()
    expect(window.get_by_text("Nothing is left for you here.")).to_be_visible()


def stored(rest: Rest, image: dict[str, Any]) -> list[tuple[int, list[int]]]:
    return sorted(
        (item["class"], [round(side) for side in item["shape"]["box"]]) for item in rest.annotations(image["id"])
    )


def test_from_a_round_to_settled_labels(
    page: Page, bob: Page, admin: Rest, project: dict[str, Any], shared_data: Path
) -> None:
    (image,) = admin.upload(project["id"], Blood(shared_data).pictures(["BloodImage_00000"]))
    red, white = class_id(project, "RBC"), class_id(project, "WBC")

    # given: the reviewer opens a round over everything for two people
    page.goto(f"/projects/{project['id']}/work?tab=consensus")
    page.get_by_role("button", name="New consensus round").click()
    dialog = page.get_by_role("dialog", name="New consensus round")
    dialog.get_by_role("textbox", name="Name").fill("Overlap")
    expect(dialog.get_by_text("Images: 1")).to_be_visible()
    people = dialog.get_by_role("combobox", name="People")
    people.click()
    for name in (ADMIN, BOB):
        page.get_by_role("option", name=name, exact=True).click()
    people.press("Escape")
    dialog.get_by_role("button", name="Open the round").click()
    expect(page.get_by_text("0 of 2 handed in")).to_be_visible()
    assert violations(page) == []

    # when: both label it on their own; neither finds the other's objects
    mine = begin(page, project["id"], image)
    mine.choose_class("RBC", "1")
    mine.draw_box((40, 40), (140, 120))
    mine.draw_box((300, 300), (380, 380))
    assert violations(page) == []
    hand_in(page)
    theirs = begin(bob, project["id"], image)
    theirs.expect_objects(0)
    theirs.choose_class("WBC", "2")
    theirs.draw_box((40, 40), (140, 130))
    hand_in(bob)
    assert stored(admin, image) == [], "nothing of a round is on the image before it is settled"

    # then: the report says how far they agree, and the pair opens the image that they differ on
    page.goto(f"/projects/{project['id']}/work?tab=consensus")
    page.get_by_role("link", name="Overlap").click()
    expect(page.get_by_role("heading", name="Overlap", level=1)).to_be_visible()
    row = page.get_by_role("table", name="Images of the round").get_by_role("row").nth(1)
    expect(row).to_contain_text("Ready to settle")
    assert violations(page) == []
    page.get_by_role("button", name=f"{ADMIN} and {BOB}: 0%").first.click()
    compared = page.get_by_role("dialog")
    expect(compared.get_by_text("Objects: 2, disputed: 2")).to_be_visible()
    for side, count in ((ADMIN, 2), (BOB, 1)):
        expect(compared.get_by_role("img", name=side, exact=True).locator("path")).to_have_count(count)
    assert violations(page) == []
    compared.get_by_text("Over", exact=True).click()
    expect(compared.get_by_role("img", name=f"{ADMIN} · {BOB}").locator("path")).to_have_count(3)
    compared.get_by_text("Beside", exact=True).click()

    # when: the reviewer takes the other's class for the one, and keeps the other
    compared.get_by_role("radio", name=f"{BOB}: WBC").check()
    compared.get_by_role("radiogroup", name="Whose object 2 is taken").get_by_role("radio", name=ADMIN).check()
    expect(compared.get_by_role("img", name="What will be saved").locator("path")).to_have_count(2)
    compared.get_by_role("button", name="Save this result (2)").click()
    expect(row).to_contain_text("Settled in revision")

    # then: the server holds exactly that, and one revert takes it back
    assert stored(admin, image) == [(red, [300, 300, 80, 80]), (white, [40, 40, 100, 90])]
    newest = admin.get(f"projects/{project['id']}/revisions/")["results"][0]
    assert newest["kind"] == "consensus"
    admin.post(f"revisions/{newest['id']}/revert/")
    assert stored(admin, image) == []
