"""What a browser that has nothing fetches to show the editor, and what it does not fetch again."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Response, Route, expect

from tests.e2e.editor import Editor
from tests.e2e.rest import Rest

MOST = 400_000
"""Bytes of scripts and styles, gzipped."""


@pytest.fixture
def project(admin: Rest, shared_data: Path, request: pytest.FixtureRequest) -> dict[str, Any]:
    found = admin.project({"name": "RBC", "hotkey": "1"}, name=request.node.name)
    found["images"] = admin.upload(found["id"], sorted((shared_data / "bccd/BCCD/JPEGImages").glob("*.jpg"))[:1])
    return found


def is_code(answer: Response) -> bool:
    return answer.url.partition("?")[0].endswith((".js", ".css"))


def hold(route: Route, held: list[Route]) -> None:
    held.append(route)


def test_the_editor_opens_with_little_and_the_rest_follows(page: Page, project: dict[str, Any]) -> None:
    answers: list[Response] = []
    pictures: list[Route] = []
    page.on("response", lambda answer: answers.append(answer) if is_code(answer) else None)
    page.route("**/file/**", lambda route: hold(route, pictures))
    # when: the editor is the first that is opened; nothing is put off while its picture is on the way
    page.goto(f"/projects/{project['id']}/images/{project['images'][0]['id']}")
    expect(page.get_by_test_id("image-name")).to_have_text(project["images"][0]["name"])
    expect(page.get_by_role("status", name="Loading")).to_be_visible()
    page.wait_for_load_state("load")
    first = list(answers)
    # then: everything came compressed, under the limit, and may be kept for ever
    assert sum(len(gzip.compress(answer.body())) for answer in first) < MOST
    fetched = {answer.url.rsplit("/", 1)[-1]: answer.headers for answer in first if "/assets/" in answer.url}
    assert {headers.get("content-encoding") for headers in fetched.values()} <= {"br", "gzip"}
    assert all("immutable" in headers["cache-control"] for headers in fetched.values())
    # then: what was put off arrives by itself, so that the dialogs are there when the server is not
    with page.expect_response(lambda answer: "KeysDialog" in answer.url):
        for route in pictures:
            route.continue_()
    page.unroute_all()
    page.wait_for_load_state("networkidle")
    editor = Editor(page)
    editor.arrive(project["images"][0])
    page.context.set_offline(True)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog").get_by_role("textbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    editor.canvas.focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def test_a_part_that_cannot_be_fetched_takes_nothing_with_it_and_comes_later(
    page: Page, project: dict[str, Any]
) -> None:
    page.route("**/SelectionPanel-*", lambda route: route.abort())
    editor = Editor(page)
    editor.open(project["id"], project["images"][0])
    # when: an object is drawn, whose panel cannot be had
    editor.draw_box((40, 40), (120, 110))
    # then: it says so, and the object is there and saved
    expect(page.get_by_text("A part of the screen is missing")).to_be_visible()
    editor.expect_objects(1)
    editor.expect_saved()
    expect(page.get_by_role("region", name="Selection")).to_have_count(0)
    # when: it can be had again
    page.unroute_all()
    # then
    expect(page.get_by_role("region", name="Selection")).to_be_visible(timeout=20_000)
