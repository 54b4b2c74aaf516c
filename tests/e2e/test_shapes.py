"""Ten real pictures labelled with every tool, by mouse: the server holds what was drawn, after a reload too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from checks.product import Product
from tests.e2e.conftest import ADMIN, PASSWORD
from tests.e2e.editor import Editor, Point
from tests.e2e.rest import Rest, wait_until
from tests.e2e.test_editor import covers, near, ring, same_ring

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

NUCLEI, BLOOD, PHOTOS = 4, 4, 2
# Image pixels, for what is drawn at a slant.
TOLERANT = 3.0


@dataclass(frozen=True)
class Gallery:
    """Ten pictures of nuclei, blood and photographs in one project; each test has its own."""

    rest: Rest
    project: dict[str, Any]
    images: list[dict[str, Any]]


@dataclass
class Sheet:
    """One opened picture."""

    editor: Editor
    rest: Rest
    image: dict[str, Any]

    def stored(self) -> list[dict[str, Any]]:
        self.editor.save_now()
        return self.rest.annotations(self.image["id"])

    def only(self) -> dict[str, Any]:
        (found,) = self.stored()
        return found

    def run(self, command: str) -> None:
        """By the palette."""
        page = self.editor.page
        page.keyboard.press("Control+k")
        page.get_by_role("textbox", name="Go to, or do").fill(command)
        page.get_by_role("button", name=command).first.click()
        expect(page.get_by_role("textbox", name="Go to, or do")).to_have_count(0)

    def expect_kept(self, count: int) -> None:
        """A reload shows what was there, and the server still holds it."""
        before = self.stored()
        assert len(before) == count
        self.editor.page.reload()
        self.editor.arrive(self.image)
        self.editor.expect_objects(count)
        assert self.rest.annotations(self.image["id"]) == before


@pytest.fixture(scope="module")
def gallery(product: Product, shared_data: Path) -> Iterator[Gallery]:
    nuclei = sorted((shared_data / "dsb2018/stage1_train").glob("*/images/*.png"))[:NUCLEI]
    blood = sorted((shared_data / "bccd/BCCD/JPEGImages").glob("*.jpg"))[:BLOOD]
    photos = [shared_data / "photos" / name for name in ("dog.jpg", "groceries.jpg")]
    rest = Rest(product.url, ADMIN, PASSWORD)
    project = rest.project({"name": "one", "hotkey": "1"}, {"name": "two", "hotkey": "2"}, name="Every shape")
    images = rest.upload(project["id"], [*nuclei, *blood, *photos])
    assert len(images) == NUCLEI + BLOOD + PHOTOS
    yield Gallery(rest, project, images)
    rest.close()


@pytest.fixture
def sheet(page: Page, gallery: Gallery, request: pytest.FixtureRequest) -> Sheet:
    image = gallery.images[request.param]
    editor = Editor(page)
    editor.open(gallery.project["id"], image)
    return Sheet(editor, gallery.rest, image)


def on(number: int) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("sheet", [number], indirect=True)


def flat(points: list[list[float]]) -> list[float]:
    return [value for point in points for value in point]


def parts(found: dict[str, Any]) -> list[dict[str, Any]]:
    assert found["shape"]["type"] == "polygon"
    result: list[dict[str, Any]] = found["shape"]["parts"]
    return result


@on(0)
def test_boxes_upright_and_rotated(sheet: Sheet) -> None:
    editor = sheet.editor
    editor.draw_box((30, 40), (90, 100))
    assert near(sheet.only()["shape"]["box"], [30, 40, 60, 60])
    # when: a side by a drag, and a click for how far the other one lies
    editor.tool("Rotated box", "r")
    editor.drag((120, 150), (180, 210))
    editor.click((160, 230))
    rotated = next(item["shape"] for item in sheet.stored() if item["shape"]["type"] == "rotated_box")
    assert rotated["angle"] % 90 == pytest.approx(45, abs=2)
    assert max(rotated["size"]) == pytest.approx(84.9, abs=TOLERANT)
    sheet.expect_kept(2)


@on(1)
def test_an_ellipse(sheet: Sheet) -> None:
    sheet.editor.tool("Ellipse", "o")
    sheet.editor.drag((60, 80), (160, 140))
    found = sheet.only()["shape"]
    assert found["type"] == "ellipse"
    assert near(found["center"], [110, 110])
    sheet.expect_kept(1)


@on(2)
def test_a_line_and_points(sheet: Sheet) -> None:
    editor = sheet.editor
    editor.tool("Line", "l")
    for place in ((40, 60), (100, 90), (160, 50)):
        editor.click(place)
    editor.press("Enter")
    assert near(flat(sheet.only()["shape"]["points"]), [40, 60, 100, 90, 160, 50])
    editor.tool("Points and skeleton", "k")
    for place in ((50, 150), (100, 180), (150, 150)):
        editor.click(place)
    editor.press("Enter")
    points = next(item["shape"] for item in sheet.stored() if item["shape"]["type"] == "skeleton")
    assert near(flat(points["points"]), [50, 150, 2, 100, 180, 2, 150, 150, 2])
    sheet.expect_kept(2)


@on(4)
def test_a_polygon_gets_a_hole_that_stays_through_mask_and_back(sheet: Sheet) -> None:
    editor = sheet.editor
    editor.draw_polygon([(100, 100), (300, 100), (300, 300), (100, 300)])
    editor.draw_polygon([(160, 160), (240, 160), (240, 240), (160, 240)])
    editor.select_at((120, 200))
    with editor.held("Shift"):
        editor.click((200, 200))
    sheet.run("Subtract the others from the first")
    outer = next(item for item in sheet.stored() if len(parts(item)[0]["holes"]) == 1)
    # when: the inner one goes, and the other becomes a mask and a polygon again
    editor.select_at((200, 200))
    editor.press("Delete")
    assert sheet.only()["uuid"] == outer["uuid"]
    editor.select_at((120, 200))
    sheet.run("Make a mask of it")
    mask = sheet.only()
    assert covers(mask, (120, 200))
    assert not covers(mask, (200, 200))
    sheet.run("Make a polygon of it")
    (part,) = parts(sheet.only())
    assert [len(part["outer"]), [len(hole) for hole in part["holes"]]] == [4, [4]]
    sheet.expect_kept(1)


@on(5)
def test_a_mask_is_painted_filled_and_erased(sheet: Sheet) -> None:
    editor = sheet.editor
    editor.tool("Brush", "m")
    editor.drag((200, 150), (400, 150), (400, 300), (200, 300), (200, 150))
    assert not covers(sheet.only(), (300, 225))
    editor.tool("Fill what a mask encloses", "Shift+O")
    editor.click((300, 225))
    assert covers(sheet.only(), (300, 225))
    editor.tool("Eraser", "e")
    editor.drag((300, 120), (300, 200))
    erased = sheet.only()
    assert not covers(erased, (300, 150))
    assert covers(erased, (220, 225))
    # when: it becomes a polygon by the tolerance that was shown
    editor.tool("Simplify outlines", "Shift+S")
    editor.click((220, 225))
    sheet.editor.page.get_by_role("button", name="Make a polygon").click()
    (part,) = parts(sheet.only())
    assert 4 <= len(part["outer"]) < 80
    sheet.expect_kept(1)


@on(6)
def test_a_polygon_is_sliced_and_joined(sheet: Sheet) -> None:
    editor = sheet.editor
    editor.draw_polygon([(100, 100), (300, 100), (300, 300), (100, 300)])
    editor.tool("Slice", "Shift+J")
    editor.drag((200, 60), (200, 340))
    halves = sheet.stored()
    assert len(halves) == 2
    assert all(len(ring(half)) == 4 for half in halves)
    editor.select_at((150, 200))
    with editor.held("Shift"):
        editor.click((250, 200))
    editor.press("j")
    (part,) = parts(sheet.only())
    xs, ys = zip(*part["outer"], strict=True)
    assert near([min(xs), min(ys), max(xs), max(ys)], [100, 100, 300, 300])
    sheet.expect_kept(1)


@on(8)
def test_an_outline_is_drawn_freehand_simplified_and_redrawn(sheet: Sheet) -> None:
    editor = sheet.editor
    editor.tool("Polygon", "p")
    editor.drag((200, 200), (300, 180), (400, 200), (420, 300), (300, 330), (190, 300), (201, 202))
    drawn = len(ring(sheet.only()))
    editor.tool("Simplify outlines", "Shift+S")
    editor.click((300, 250))
    page = editor.page
    page.get_by_role("slider", name="Tolerance").press("End")
    page.get_by_role("group", name="Simplify outlines").get_by_role("button", name="Simplify").click()
    assert len(ring(sheet.only())) < drawn
    editor.press("Control+z")
    assert len(ring(sheet.only())) == drawn
    # when: Shift and a drag from the outline to the outline take a part of it elsewhere
    editor.select_at((300, 250))
    editor.tool("Polygon", "p")
    with editor.held("Shift"):
        editor.drag((300, 330), (320, 400), (400, 400), (420, 300))
    assert max(y for _, y in ring(sheet.only())) == pytest.approx(400, abs=TOLERANT)
    sheet.expect_kept(1)


@on(7)
def test_a_border_is_shared_and_moved_in_both(sheet: Sheet) -> None:
    editor = sheet.editor
    left: list[Point] = [(100, 100), (250, 100), (280, 200), (250, 300), (100, 300)]
    editor.draw_polygon(left)
    editor.press("y")
    expect(editor.tool_button("Snap to vertices and borders (Ctrl suspends it)")).to_have_attribute(
        "aria-pressed", "true"
    )
    # when: the second one is begun a little beside the border of the first, which then is followed
    editor.draw_polygon([(253, 103), (253, 303), (450, 300), (450, 100)])
    first, second = sheet.stored()
    assert same_ring(ring(first), left)
    assert ring(second)[:3] == ring(first)[1:4]
    # when: a vertex that both have is dragged with Alt
    editor.press("y")
    editor.select_at((200, 200))
    with editor.held("Alt"):
        editor.drag((280, 200), (320, 220))
    both = [ring(item) for item in sheet.stored()]
    assert all(any(near(vertex, (320, 220)) for vertex in outline) for outline in both)
    editor.press("Control+z")
    assert [ring(item) for item in sheet.stored()] == [ring(first), ring(second)]
    sheet.expect_kept(2)


@on(9)
def test_several_vertices_are_moved_and_deleted_together(sheet: Sheet) -> None:
    editor = sheet.editor
    editor.draw_polygon([(200, 150), (400, 150), (500, 250), (400, 350), (200, 350)])
    editor.select_at((300, 250))
    with editor.held("Shift"):
        editor.drag((350, 142), (540, 370))
    editor.drag((500, 250), (550, 260))
    assert same_ring(ring(sheet.only()), [(200, 150), (450, 160), (550, 260), (450, 360), (200, 350)])
    editor.press("ArrowRight", "Shift+ArrowDown")
    assert same_ring(ring(sheet.only()), [(200, 150), (451, 170), (551, 270), (451, 370), (200, 350)])
    editor.press("Control+z", "Control+z", "Control+z")
    with editor.held("Shift"):
        editor.click((500, 250))
        editor.click((400, 350))
        editor.click((400, 150))
    with editor.held("Shift"):
        editor.click((500, 250))
    editor.press("Delete")
    assert same_ring(ring(sheet.only()), [(200, 150), (400, 150), (400, 350), (200, 350)])
    sheet.expect_kept(1)


@on(3)
def test_copies_on_the_next_images_are_taken_back_at_once(sheet: Sheet, gallery: Gallery) -> None:
    editor = sheet.editor
    ids = [image["id"] for image in gallery.images]
    following = ids[ids.index(sheet.image["id"]) + 1 :][:2]
    before = {image: len(gallery.rest.annotations(image)) for image in following}
    editor.draw_box((31, 41), (97, 89))
    sheet.only()

    def counts() -> dict[int, int]:
        return {image: len(gallery.rest.annotations(image)) for image in following}

    editor.select_at((60, 60))
    editor.press("Control+b")
    dialog = editor.page.get_by_role("dialog", name="Copy to the next images")
    dialog.get_by_role("textbox").fill("2")
    dialog.get_by_role("button", name="Copy 1 object").click()
    expect(dialog).to_have_count(0)
    assert counts() == {image: count + 1 for image, count in before.items()}
    # when: the page is loaded anew, and the copying undone
    editor.page.reload()
    editor.arrive(sheet.image)
    editor.press("Control+z")
    wait_until(lambda: counts() == before, "the copies to be taken back")
    sheet.expect_kept(1)
