"""Who may do what, in the browsers of different people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from checks.product import Product
from tests.e2e.conftest import Open
from tests.e2e.editor import Editor
from tests.e2e.rest import Rest
from tests.e2e.scenes import BLOOD_CLASSES, Blood, class_id
from tests.e2e.screens import add_user, choose, go, sign_in

GUEST_PASSWORD = "another long passphrase"


@pytest.fixture
def project(admin: Rest, request: pytest.FixtureRequest) -> dict[str, Any]:
    return admin.project(*BLOOD_CLASSES, name=request.node.name)


@pytest.fixture
def image(admin: Rest, project: dict[str, Any], shared_data: Path) -> dict[str, Any]:
    """A picture with one box on it."""
    (found,) = admin.upload(project["id"], Blood(shared_data).pictures(["BloodImage_00000"]))
    box = {"uuid": "00000000-0000-4000-8000-000000000001", "class": class_id(project, "WBC")}
    admin.change(found["id"], create=[box | {"shape": {"type": "box", "box": [100, 100, 120, 90]}}])
    return found


@pytest.fixture
def guest_page(page: Page, open_browser: Open, request: pytest.FixtureRequest) -> Page:
    """The browser of a person who has an account and nothing else, called as the test."""
    username = request.node.name[:100]
    add_user(page, username, GUEST_PASSWORD)
    window = open_browser(None)
    sign_in(window, username, GUEST_PASSWORD)
    return window


def test_stranger_does_not_learn_that_a_project_exists(
    guest_page: Page, product: Product, project: dict[str, Any], image: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    expect(guest_page.get_by_text("No projects yet")).to_be_visible()
    for path in (f"/projects/{project['id']}/images", f"/projects/{project['id']}/images/{image['id']}"):
        guest_page.goto(path)
        expect(guest_page.get_by_role("heading", name="Not found")).to_be_visible()
        assert guest_page.get_by_text(project["name"]).count() == 0
    guest = Rest(product.url, request.node.name[:100], GUEST_PASSWORD)
    for path in (f"projects/{project['id']}/", f"images/{image['id']}/", f"images/{image['id']}/annotations/"):
        assert guest.status(path) == 404
    # then: nor does a picture's own address give it away
    for address in (image["url"], image["thumbnail_url"]):
        assert guest_page.request.get(address).status == 404
    guest.close()


def test_viewer_looks_and_cannot_draw(
    page: Page, guest_page: Page, admin: Rest, project: dict[str, Any], image: dict[str, Any], request: Any
) -> None:
    # given: the owner makes the guest a viewer
    page.goto(f"/projects/{project['id']}/settings")
    page.get_by_role("textbox", name="User name").fill(request.node.name[:100])
    choose(page, page.get_by_role("combobox", name="Role", exact=True), "Viewer")
    page.get_by_role("button", name="Add member").click()
    expect(page.get_by_role("combobox", name=f"Role of {request.node.name[:100]}")).to_have_value("Viewer")
    # then: the viewer sees the project and its labels
    guest_page.goto("/projects")
    guest_page.get_by_role("link", name=project["name"], exact=True).click()
    editor = Editor(guest_page)
    editor.open(project["id"], image)
    editor.expect_objects(1)
    # when: they try to draw and to move
    expect(editor.tool_button("Box")).to_have_attribute("aria-disabled", "true")
    editor.press("b")
    editor.drag((300, 300), (380, 360))
    editor.press("v")
    editor.drag((150, 140), (250, 240))
    editor.press("Delete")
    # then: nothing changed, here or on the server
    editor.expect_objects(1)
    editor.expect_saved()
    (found,) = admin.annotations(image["id"])
    assert found["shape"]["box"] == [100, 100, 120, 90]


def test_annotator_draws_and_cannot_import(
    page: Page, guest_page: Page, admin: Rest, project: dict[str, Any], image: dict[str, Any], request: Any
) -> None:
    name = request.node.name[:100]
    admin.post(f"projects/{project['id']}/members/", {"username": name, "role": "annotator"})
    editor = Editor(guest_page)
    editor.open(project["id"], image)
    editor.draw_box((300, 300), (380, 360))
    editor.save_now()
    assert {item["created_by"] for item in admin.annotations(image["id"])} == {"admin", name}
    guest_page.goto(f"/projects/{project['id']}/images")
    go(guest_page, "Import / Export")
    expect(guest_page.get_by_text("Imports need the role manager")).to_be_visible()
