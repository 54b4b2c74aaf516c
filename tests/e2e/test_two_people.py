"""Two people at one image see each other, and settle object by object what both of them changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import ADMIN, Open
from tests.e2e.editor import Editor
from tests.e2e.rest import Rest
from tests.e2e.scenes import BLOOD_CLASSES, Blood, class_id
from tests.e2e.screens import add_user, sign_in

PASSWORD = "another long passphrase"
BOB = "beside-bob"
CORNERS = ((60, 60), (250, 60), (440, 60))
SIDE = 80


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


def drag_box(editor: Editor, corner: tuple[int, int], dx: int, dy: int) -> None:
    x, y = corner[0] + SIDE / 2, corner[1] + SIDE / 2
    editor.select_at((x, y))
    editor.drag((x, y), (x + dx, y + dy))


def boxes(rest: Rest, image: dict[str, Any]) -> list[list[int]]:
    return sorted([round(side) for side in item["shape"]["box"]] for item in rest.annotations(image["id"]))


def paths(card: Locator, side: str) -> Locator:
    return card.get_by_role("img", name=side).locator("path")


def test_they_see_each_other_and_decide_object_by_object(
    page: Page, bob: Page, admin: Rest, project: dict[str, Any], shared_data: Path
) -> None:
    (image,) = admin.upload(project["id"], Blood(shared_data).pictures(["BloodImage_00000"]))
    cell = class_id(project, "RBC")
    made = [
        {"uuid": str(UUID(int=number)), "class": cell, "shape": {"type": "box", "box": [x, y, SIDE, SIDE]}}
        for number, (x, y) in enumerate(CORNERS, 1)
    ]
    admin.change(image["id"], create=made)

    # given: both have the image open, and see that
    first, second = Editor(page), Editor(bob)
    first.open(project["id"], image)
    second.open(project["id"], image)
    expect(bob.get_by_role("list", name="People at this image").get_by_role("button", name=ADMIN)).to_be_visible()
    expect(page.get_by_role("list", name="People at this image").get_by_role("button", name=BOB)).to_be_visible()

    # when: the second one is cut off from what the first one does, and changes the same three objects
    bob.route("**/presence/", lambda route: route.abort())
    for corner in CORNERS:
        drag_box(first, corner, 0, 40)
    first.save_now()
    moved = [[x, y + 40, SIDE, SIDE] for x, y in CORNERS]
    assert boxes(admin, image) == moved
    with bob.expect_response("**/changes/"):
        for corner in CORNERS:
            drag_box(second, corner, 30, 160)
        second.saved.click()

    # then: nothing is decided before they decide; each card shows both sides on the picture
    expect(second.saved).to_have_text("Changed by others")
    assert boxes(admin, image) == moved
    second.saved.click()
    dialog = bob.get_by_role("dialog", name="Objects that need a decision")
    cards = dialog.get_by_role("region", name=f"Object of {image['name']}")
    expect(cards).to_have_count(3)
    for side in ("Yours:", "Theirs:"):
        expect(paths(cards.first, side)).to_have_count(2)

    # when: one decision of each kind, in the order of the cards
    cards.first.get_by_role("button", name="Keep mine").click()
    expect(cards).to_have_count(2)
    cards.first.get_by_role("button", name="Take theirs").click()
    expect(cards).to_have_count(1)
    cards.first.get_by_role("button", name="Keep both").click()
    second.expect_saved()

    # then: the server holds what was promised, and the first one is shown it without a reload
    (one, two, three) = CORNERS
    promised = sorted(
        [
            [one[0] + 30, one[1] + 160, SIDE, SIDE],
            [two[0], two[1] + 40, SIDE, SIDE],
            [three[0], three[1] + 40, SIDE, SIDE],
            [three[0] + 30, three[1] + 160, SIDE, SIDE],
        ]
    )
    assert boxes(admin, image) == promised
    assert {item["uuid"] for item in made} <= {item["uuid"] for item in admin.annotations(image["id"])}
    first.expect_objects(4)
