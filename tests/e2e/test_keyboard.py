"""Labelling without a mouse, with keys of one's own, and on the keyboard of another alphabet."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.editor import Editor
from tests.e2e.rest import Rest
from tests.e2e.scenes import BLOOD_CLASSES, Blood, class_id

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@dataclass
class Scene:
    """A project with two pictures of blood, the first of them open."""

    editor: Editor
    rest: Rest
    project: dict[str, Any]
    images: list[dict[str, Any]]

    @property
    def page(self) -> Page:
        return self.editor.page

    def stored(self, number: int = 0) -> list[dict[str, Any]]:
        self.editor.expect_saved()
        return self.rest.annotations(self.images[number]["id"])

    def expect_told(self, words: str) -> None:
        expect(self.page.get_by_test_id("announcer")).to_contain_text(words)


@pytest.fixture
def scene(page: Page, admin: Rest, shared_data: Path, request: pytest.FixtureRequest) -> Scene:
    project = admin.project(*BLOOD_CLASSES, name=request.node.name)
    blood = Blood(shared_data)
    images = admin.upload(project["id"], blood.pictures(blood.stems(2)))
    editor = Editor(page)
    editor.open(project["id"], images[0])
    return Scene(editor, admin, project, images)


def carry(scene: Scene, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Moves the cursor by tens and ones."""
    ways = (("ArrowRight", "ArrowLeft", end[0] - start[0]), ("ArrowDown", "ArrowUp", end[1] - start[1]))
    for forth, back, way in ways:
        arrow = forth if way > 0 else back
        tens, ones = divmod(abs(way), 10)
        scene.editor.press(*[f"Shift+{arrow}"] * tens, *[f"Control+{arrow}"] * ones)
    scene.expect_told(f"Cursor at {end[0]}, {end[1]}")


def test_labelling_by_keys_alone(scene: Scene) -> None:
    editor, (width, height) = scene.editor, scene.editor.size
    middle = (width // 2, height // 2)
    # when: a box by two corners, in the class of key 2
    editor.press("2")
    editor.tool("Box", "b")
    editor.press("c")
    scene.expect_told(f"Cursor at {middle[0]}, {middle[1]}")
    editor.press("Enter")
    corner = (middle[0] + 63, middle[1] + 41)
    carry(scene, middle, corner)
    editor.press("Enter")
    scene.expect_told("WBC made")
    # when: a polygon, which a second Enter at its last vertex finishes
    editor.press("1")
    editor.tool("Polygon", "p")
    ring = [(middle[0] - 60, middle[1] - 40), (middle[0] - 20, middle[1] - 40), (middle[0] - 20, middle[1] - 12)]
    for start, end in pairwise([corner, *ring]):
        carry(scene, start, end)
        editor.press("Enter")
    editor.press("Enter")
    scene.expect_told("RBC made")
    # when: a point
    editor.press("3")
    editor.tool("Points and skeleton", "k")
    point = (middle[0] - 40, middle[1] - 80)
    carry(scene, ring[-1], point)
    editor.press("Enter", "Enter")
    scene.expect_told("Platelets made")
    # when: one object too many, which is deleted again
    editor.tool("Box", "b")
    editor.press("Enter")
    carry(scene, point, (point[0] + 30, point[1] - 30))
    editor.press("Enter")
    editor.expect_objects(4)
    editor.press("c")
    editor.tool("Select", "v")
    editor.press("Delete")
    editor.expect_objects(3)
    # when: the box is selected and adjusted with the arrows
    editor.press("Tab")
    scene.expect_told("WBC selected, 1 of 3")
    editor.press("Shift+ArrowRight", "ArrowUp")
    # then: with the next image everything is saved
    editor.next(scene.images[1])
    box, polygon, skeleton = sorted(scene.stored(), key=lambda row: str(row["shape"]["type"]))
    assert [row["class"] for row in (box, polygon, skeleton)] == [
        class_id(scene.project, name) for name in ("WBC", "RBC", "Platelets")
    ]
    assert box["shape"]["box"] == pytest.approx([middle[0] + 10, middle[1] - 1, 63, 41])
    assert polygon["shape"]["parts"][0]["outer"] == [pytest.approx(list(vertex)) for vertex in ring]
    assert skeleton["shape"]["points"] == [pytest.approx([*point, 2])]


def test_focus_walks_through_the_screen_and_comes_back(scene: Scene) -> None:
    page, editor = scene.page, scene.editor
    expect(editor.canvas).to_be_focused()
    seen = []
    for _ in range(5):
        editor.press("F6")
        seen.append(page.evaluate("document.activeElement.closest('[data-region]').getAttribute('aria-label')"))
    assert len(set(seen)) == 5
    expect(editor.canvas).to_be_focused()
    # when: a dialog was opened and closed by keys
    editor.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    editor.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(editor.canvas).to_be_focused()


def test_keys_are_bound_anew(scene: Scene) -> None:
    page, editor = scene.page, scene.editor
    editor.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    dialog.get_by_role("button", name="Change keys").click()
    dialog = page.get_by_role("dialog", name="Change keys")
    box = dialog.get_by_role("listitem", name="Box", exact=True)
    # when: the pressed key is another tool's
    box.get_by_role("button", name="B for Box: press other keys").click()
    editor.press("p")
    expect(box.get_by_role("alert")).to_contain_text("P belongs to Polygon.")
    box.get_by_role("button", name="Leave it there").click()
    expect(box.get_by_role("button", name="B for Box: press other keys")).to_be_visible()
    # when: it is taken all the same
    box.get_by_role("button", name="B for Box: press other keys").click()
    editor.press("p")
    box.get_by_role("button", name="Take it from Polygon").click()
    expect(box.get_by_role("button", name="P for Box: press other keys")).to_be_visible()
    polygon = dialog.get_by_role("listitem", name="Polygon", exact=True)
    polygon.get_by_role("button", name="Add a key for Polygon").click()
    editor.press("Control+Alt+g")
    expect(dialog.get_by_text("2 actions have keys of your own")).to_be_visible()
    editor.press("Escape")
    # then: they hold at once, the help says so, and they are there after a reload
    editor.press("p")
    expect(editor.tool_button("Box")).to_have_attribute("aria-pressed", "true")
    page.reload()
    editor.arrive(scene.images[0])
    editor.press("Control+Alt+g")
    expect(editor.tool_button("Polygon")).to_have_attribute("aria-pressed", "true")
    editor.press("?")
    tools = page.get_by_role("dialog", name="Keys").get_by_role("region", name="Tools")
    expect(tools).to_contain_text("BoxP")
    # when: all are given back
    page.get_by_role("button", name="Change keys").click()
    page.get_by_role("button", name="Reset all").click()
    page.get_by_role("dialog", name="Reset all").get_by_role("button", name="Reset all").click()
    expect(page.get_by_text("0 actions have keys of your own")).to_be_visible()
    editor.press("Escape", "b")
    expect(editor.tool_button("Box")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize(("key", "code"), [("и", "KeyB"), ("β", "KeyB"), ("لا", "KeyB")])
def test_keys_work_on_keyboards_of_other_alphabets(scene: Scene, key: str, code: str) -> None:
    session = scene.page.context.new_cdp_session(scene.page)
    for kind in ("rawKeyDown", "keyUp"):
        session.send("Input.dispatchKeyEvent", {"type": kind, "key": key, "code": code, "windowsVirtualKeyCode": 66})
    expect(scene.editor.tool_button("Box")).to_have_attribute("aria-pressed", "true")
