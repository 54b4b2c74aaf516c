"""The interface in other languages: chosen in the browser, kept, from right to left where the language runs so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Open
from tests.e2e.editor import Editor
from tests.e2e.rest import Rest
from tests.e2e.words import say

SCREENS = ("images", "work", "versions", "health", "exchange", "train", "models", "prelabel", "activity", "settings")

OUT_OF_PLACE = """(bars) => bars.flatMap((bar) => {
  const frame = bar.getBoundingClientRect();
  const cut = [...bar.querySelectorAll("a, button, h1, span")].filter((item) => {
    const box = item.getBoundingClientRect();
    const style = getComputedStyle(item);
    if (box.width === 0 || style.textOverflow === "ellipsis" || style.position === "absolute") return false;
    const clipped = style.overflowX !== "visible" && item.scrollWidth > item.clientWidth + 1;
    return clipped || box.left < frame.left - 1 || box.right > frame.right + 1 || box.height > frame.height;
  });
  return cut.map((item) => item.textContent);
})"""
"""The texts of a bar that are cut off, stand outside of it, or broke into a second line that it has no room for."""


@pytest.fixture
def project(admin: Rest, shared_data: Path, request: pytest.FixtureRequest) -> dict[str, Any]:
    found = admin.project({"name": "RBC", "hotkey": "1"}, name=request.node.name)
    found["images"] = admin.upload(found["id"], sorted((shared_data / "bccd/BCCD/JPEGImages").glob("*.jpg"))[:3])
    return found


def choose_language(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile("admin")).click()
    page.locator("[role=menuitem]").filter(has=page.locator(".tabler-icon-language")).hover()
    page.get_by_role("menuitemradio", name=name).click()


def heading(page: Page, text: str) -> Locator:
    return page.get_by_role("heading", name=text, exact=True, level=1)


def test_the_language_is_chosen_stays_and_is_that_of_every_tab(page: Page) -> None:
    page.goto("/projects")
    other = page.context.new_page()
    other.goto("/projects")
    expect(heading(other, "Projects")).to_be_visible()
    # when: another language is chosen
    choose_language(page, "Deutsch")
    # then: it is there at once, here and in the tab beside
    expect(heading(page, "Projekte")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(heading(other, "Projekte")).to_be_visible()
    # then: it stays after a reload, and can be changed again
    page.reload()
    expect(heading(page, "Projekte")).to_be_visible()
    choose_language(page, "简体中文")
    expect(heading(page, "项目")).to_be_visible()
    choose_language(page, "English")
    expect(heading(page, "Projects")).to_be_visible()


def test_nobody_is_asked_where_the_browser_says_its_language(open_browser: Open) -> None:
    page = open_browser(None, locale="es-MX")
    page.goto("/login")
    expect(page.get_by_role("button", name=say("es", "account.signIn"))).to_be_visible()
    # when: the sign-in page is asked for another one
    page.get_by_role("button", name="Español").click()
    page.get_by_role("menuitemradio", name="العربية").click()
    # then
    expect(page.get_by_role("button", name=say("ar", "account.signIn"))).to_be_visible()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")


def test_a_box_drawn_from_right_to_left_has_the_coordinates_of_the_picture(
    page: Page, admin: Rest, project: dict[str, Any]
) -> None:
    first, second, _ = project["images"]
    page.goto("/projects")
    choose_language(page, "العربية")
    editor = Editor(page, "ar")
    editor.open(project["id"], first)
    # then: the tools stand at the right, the canvas before the panels
    toolbar = page.get_by_role("toolbar", name=say("ar", "editor.tools")).bounding_box()
    assert toolbar is not None
    assert toolbar["x"] > editor.area()["x"]
    # when: a box is drawn by mouse
    editor.draw_box((100, 120), (200, 180))
    editor.save_now()
    # then: the server has it where it is on the picture
    (drawn,) = admin.annotations(first["id"])
    assert drawn["shape"]["box"] == pytest.approx([100, 120, 100, 60], abs=1.5)
    # when: the arrow that points to the next frame of the strip is pressed, which is the left one
    strip = page.get_by_role("navigation", name=say("ar", "editor.filmStrip")).get_by_role("link")
    here, there = (strip.nth(number).bounding_box() for number in (0, 1))
    assert here is not None
    assert there is not None
    assert there["x"] < here["x"]
    page.keyboard.press("ArrowLeft")
    # then
    editor.arrive(second)


@pytest.mark.parametrize("language", ["Deutsch", "العربية"])
def test_long_words_stay_inside_the_bars(page: Page, project: dict[str, Any], language: str) -> None:
    page.goto("/projects")
    choose_language(page, language)
    cut = []
    for screen in ("", *SCREENS):
        page.goto(f"/projects/{project['id']}/{screen}" if screen else "/projects")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        found = page.locator("header, nav").evaluate_all(OUT_OF_PLACE)
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        cut += [(screen, text) for text in found] + ([(screen, "scrolls sideways")] if wide else [])
    assert cut == []
