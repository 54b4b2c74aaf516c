"""Drawing with a real mouse and real keys: what the server holds afterwards is what the hand did."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pycocotools import mask as coco_mask

from tests.e2e.editor import Editor, Point
from tests.e2e.rest import Rest

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

TOLERANCE = 1.5
CLASSES = ({"name": "RBC", "hotkey": "1"}, {"name": "WBC", "hotkey": "2"}, {"name": "Platelets", "hotkey": "3"})


@dataclass
class Scene:
    """A project with three pictures of blood, the first of them open."""

    editor: Editor
    rest: Rest
    project: dict[str, Any]
    images: list[dict[str, Any]]

    @property
    def page(self) -> Page:
        return self.editor.page

    def class_id(self, name: str) -> int:
        return int(next(item["id"] for item in self.project["classes"] if item["name"] == name))

    def stored(self, number: int = 0) -> list[dict[str, Any]]:
        self.editor.save_now()
        return self.rest.annotations(self.images[number]["id"])

    def only(self) -> dict[str, Any]:
        (found,) = self.stored()
        return found

    def reload(self) -> None:
        self.page.reload()
        self.editor.arrive(self.images[0])


@pytest.fixture
def scene(page: Page, admin: Rest, shared_data: Path, request: pytest.FixtureRequest) -> Scene:
    project = admin.project(*CLASSES, name=request.node.name)
    pictures = sorted((shared_data / "bccd/BCCD/JPEGImages").glob("*.jpg"))[:3]
    images = admin.upload(project["id"], pictures)
    editor = Editor(page)
    editor.open(project["id"], images[0])
    return Scene(editor, admin, project, images)


def near(found: Any, wanted: Any) -> bool:
    return bool(found == pytest.approx(wanted, abs=TOLERANCE))


def ring(found: dict[str, Any]) -> list[Point]:
    (part,) = found["shape"]["parts"]
    assert part["holes"] == []
    return [tuple(vertex) for vertex in part["outer"]]


def same_ring(found: list[Point], wanted: list[Point]) -> bool:
    """Whether the same corners come in the same order, wherever the ring begins."""
    if len(found) != len(wanted):
        return False
    turns = [found[start:] + found[:start] for start in range(len(found))]
    return any(all(near(a, b) for a, b in zip(turn, wanted, strict=True)) for turn in turns)


def covers(found: dict[str, Any], at: Point) -> bool:
    """Whether a mask has the pixel at this place."""
    shape = found["shape"]
    x, y, width, height = shape["box"]
    column, row = int(at[0] - x), int(at[1] - y)
    if not (0 <= column < width and 0 <= row < height):
        return False
    return bool(coco_mask.decode({"size": [height, width], "counts": shape["counts"].encode()})[row, column])


def test_box_is_drawn_moved_resized_and_survives_a_reload(scene: Scene) -> None:
    editor = scene.editor
    # when: drawn from corner to corner, in the class of key 2
    editor.choose_class("WBC", "2")
    editor.draw_box((100, 120), (200, 180))
    # then: it is saved without being asked to
    expect(editor.saved).to_have_text("1 unsaved")
    editor.expect_saved()
    drawn = scene.only()
    assert drawn["class"] == scene.class_id("WBC")
    assert near(drawn["shape"]["box"], [100, 120, 100, 60])
    assert (drawn["source"], drawn["created_by"]) == ("human", "admin")
    # when: moved by dragging its inside
    editor.select_at((150, 150))
    editor.drag((150, 150), (190, 175))
    assert near(scene.only()["shape"]["box"], [140, 145, 100, 60])
    # when: resized by its lower right handle, then by the middle of its left side
    editor.drag((240, 205), (300, 260))
    assert near(scene.only()["shape"]["box"], [140, 145, 160, 115])
    editor.drag((140, 202.5), (120, 202.5))
    assert near(scene.only()["shape"]["box"], [120, 145, 180, 115])
    # then: a reload shows the same object, and it can still be taken hold of
    before = scene.only()
    scene.reload()
    editor.expect_objects(1)
    editor.select_at((200, 200))
    expect(scene.page.get_by_role("region", name="Selection")).to_contain_text("Box")
    assert scene.only() == before
    editor.expect_state("Annotated")


def test_polygon_is_clicked_and_its_vertices_are_edited(scene: Scene) -> None:
    editor = scene.editor
    corners = [(300.0, 100.0), (420.0, 110.0), (440.0, 220.0), (310.0, 240.0)]
    editor.draw_polygon(corners)
    assert same_ring(ring(scene.only()), corners)
    # when: a vertex is dragged
    editor.select_at((370, 170))
    editor.drag(corners[2], (470, 250))
    assert same_ring(ring(scene.only()), [corners[0], corners[1], (470, 250), corners[3]])
    # when: an edge is dragged, a vertex grows out of it
    editor.drag((360, 105), (365, 70))
    assert same_ring(ring(scene.only()), [corners[0], (365, 70), corners[1], (470, 250), corners[3]])
    # when: Alt and a click take a vertex away
    with editor.held("Alt"):
        editor.click(corners[1])
    assert same_ring(ring(scene.only()), [corners[0], (365, 70), (470, 250), corners[3]])


def test_mask_is_painted_and_erased(scene: Scene) -> None:
    editor = scene.editor
    editor.tool("Brush", "m")
    editor.drag((200, 300), (320, 300), (320, 360))
    painted = scene.only()
    assert painted["shape"]["type"] == "mask"
    assert all(covers(painted, at) for at in [(202, 300), (260, 300), (318, 302), (320, 358)])
    assert not covers(painted, (260, 345))
    # when: the eraser cuts through
    editor.tool("Eraser", "e")
    editor.drag((260, 270), (260, 330))
    erased = scene.only()
    assert erased["uuid"] == painted["uuid"]
    assert not covers(erased, (260, 300))
    assert covers(erased, (210, 300))
    assert covers(erased, (318, 340))


def test_undo_redo_copy_paste_and_delete_by_keys(scene: Scene) -> None:
    editor = scene.editor
    editor.draw_box((50, 50), (120, 110))
    editor.draw_box((300, 300), (360, 380))
    assert len(scene.stored()) == 2
    editor.press("Control+z")
    assert near(scene.only()["shape"]["box"], [50, 50, 70, 60])
    editor.press("Control+Shift+z")
    assert len(scene.stored()) == 2
    # when: one is deleted, and that is taken back
    editor.select_at((330, 340))
    editor.press("Delete")
    assert near(scene.only()["shape"]["box"], [50, 50, 70, 60])
    editor.press("Control+z")
    two = scene.stored()
    # when: copied and pasted, here and on the next image
    editor.select_at((85, 80))
    editor.press("Control+c", "Control+v")
    three = scene.stored()
    assert len(three) == 3
    assert {item["uuid"] for item in two} < {item["uuid"] for item in three}
    editor.next(scene.images[1])
    editor.press("Control+v")
    (pasted,) = scene.stored(1)
    assert near(pasted["shape"]["box"][2:], [70, 60])
    assert pasted["uuid"] not in {item["uuid"] for item in three}


def test_class_keys_relabel_what_is_selected(scene: Scene) -> None:
    editor = scene.editor
    editor.choose_class("RBC", "1")
    editor.draw_box((50, 50), (120, 110))
    assert scene.only()["class"] == scene.class_id("RBC")
    editor.select_at((85, 80))
    editor.press("3")
    assert scene.only()["class"] == scene.class_id("Platelets")
    # when: the panel's list does the same
    scene.page.get_by_role("region", name="Selection").get_by_role("combobox", name="Class of the selection").click()
    scene.page.get_by_role("option", name="WBC", exact=True).click()
    scene.page.get_by_role("checkbox", name="Occluded").check()
    changed = scene.only()
    assert (changed["class"], changed["occluded"]) == (scene.class_id("WBC"), True)


def test_drawing_is_exact_after_zooming_and_panning(scene: Scene) -> None:
    editor = scene.editor
    editor.wheel((200, 200), 4)
    editor.pan(60, -40)
    editor.draw_box((180, 190), (260, 240))
    assert near(scene.only()["shape"]["box"], [180, 190, 80, 50])
    editor.wheel((220, 215), -7)
    editor.select_at((220, 215))
    editor.press("Delete")
    editor.fit()
    editor.expect_zoom()
    editor.draw_box((10, 20), (630, 470))
    assert near(scene.only()["shape"]["box"], [10, 20, 620, 450])


def test_next_and_previous_save_first_and_keep_the_tool(scene: Scene) -> None:
    editor = scene.editor
    for number in range(3):
        editor.draw_box((50 + number, 60), (150, 160))
        if number < 2:
            editor.next(scene.images[number + 1])
            expect(editor.tool_button("Box")).to_have_attribute("aria-pressed", "true")
    expect(scene.page.get_by_role("button", name="Next image")).to_have_attribute("aria-disabled", "true")
    editor.previous(scene.images[1])
    editor.previous(scene.images[0])
    for number in range(3):
        (found,) = scene.stored(number)
        assert near(found["shape"]["box"], [50 + number, 60, 100 - number, 100])


def test_state_is_set_and_an_empty_image_is_told_from_an_unseen_one(scene: Scene) -> None:
    editor = scene.editor
    editor.expect_state("Unlabelled")
    scene.page.get_by_role("button", name="State of the image").click()
    scene.page.get_by_role("menuitem", name="Verified empty").click()
    editor.expect_saved()
    assert scene.rest.get(f"images/{scene.images[0]['id']}/")["state"] == "verified_empty"
    scene.reload()
    editor.expect_state("Verified empty")
