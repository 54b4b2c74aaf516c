"""Fingers and a pen on the canvas: real touch and pen events, and what the server holds afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, StorageState, expect

from checks.product import Product
from tests.e2e.browsers import WINDOW
from tests.e2e.conftest import PATIENCE_MS
from tests.e2e.editor import Editor, Point
from tests.e2e.rest import Rest
from tests.e2e.scenes import BLOOD_CLASSES, Blood

TOLERANCE = 1.5
LONG_PRESS_MS = 700


class Hand:
    """Fingers and a pen; places are image pixels."""

    def __init__(self, editor: Editor, session: CDPSession) -> None:
        self.editor = editor
        self._session = session

    def touch(self, kind: str, *fingers: Point) -> None:
        """`kind`: touchStart, touchMove or touchEnd; all fingers that are on the screen."""
        points = [self._at(finger) | {"id": number} for number, finger in enumerate(fingers)]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def tap(self, at: Point) -> None:
        self.touch("touchStart", at)
        self.touch("touchEnd")

    def stroke(self, *path: Point) -> None:
        self.touch("touchStart", path[0])
        for place in steps(path):
            self.touch("touchMove", place)
        self.touch("touchEnd")

    def pinch(self, middle: Point, start: float, end: float) -> None:
        for kind, half in (("touchStart", start), *(("touchMove", start + (end - start) * n / 6) for n in range(1, 7))):
            self.touch(kind, (middle[0] - half, middle[1]), (middle[0] + half, middle[1]))
        self.touch("touchEnd")

    def pen(self, *path: Point, force: float = 0.5) -> None:
        self._pen("mouseMoved", path[0], 0, force)
        self._pen("mousePressed", path[0], 1, force)
        for place in steps(path):
            self._pen("mouseMoved", place, 1, force)
        self._pen("mouseReleased", path[-1], 0, force)

    def _pen(self, kind: str, at: Point, buttons: int, force: float) -> None:
        button = "none" if kind == "mouseMoved" and buttons == 0 else "left"
        how = {"type": kind, "button": button, "buttons": buttons, "clickCount": 1, "force": force}
        self._session.send("Input.dispatchMouseEvent", self._at(at) | how | {"pointerType": "pen"})

    def _at(self, place: Point) -> dict[str, Any]:
        x, y = self.editor.screen(place)
        return {"x": x, "y": y}


def steps(path: Sequence[Point], each: int = 6) -> Iterator[Point]:
    for (x, y), (to_x, to_y) in pairwise(path):
        for step in range(1, each + 1):
            yield (x + (to_x - x) * step / each, y + (to_y - y) * step / each)


@pytest.fixture
def image(admin: Rest, shared_data: Path, request: pytest.FixtureRequest) -> dict[str, Any]:
    project = admin.project(*BLOOD_CLASSES, name=request.node.name)
    (found,) = admin.upload(project["id"], Blood(shared_data).pictures(["BloodImage_00000"]))
    return found | {"project": project["id"]}


@pytest.fixture
def hand(browser: Browser, product: Product, signed_in: StorageState, image: dict[str, Any]) -> Iterator[Hand]:
    context = browser.new_context(base_url=product.url, viewport=WINDOW, storage_state=signed_in, has_touch=True)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    editor = Editor(page)
    editor.open(image["project"], image)
    yield Hand(editor, context.new_cdp_session(page))
    context.close()


def near(found: Any, wanted: Any) -> bool:
    return bool(found == pytest.approx(wanted, abs=TOLERANCE))


def stored(hand: Hand, rest: Rest, image: dict[str, Any]) -> list[dict[str, Any]]:
    hand.editor.expect_saved()
    return rest.annotations(image["id"])


def test_fingers_draw_boxes_polygons_and_masks(hand: Hand, admin: Rest, image: dict[str, Any]) -> None:
    editor = hand.editor
    editor.tool("Box", "b")
    hand.stroke((100, 120), (200, 180))
    editor.expect_objects(1)
    # when: a polygon is tapped, and two fingers zoom in between
    editor.tool("Polygon", "p")
    corners = [(300.0, 100.0), (420.0, 110.0), (440.0, 220.0)]
    for corner in corners[:2]:
        hand.tap(corner)
    hand.pinch((320, 240), 60, 120)
    hand.pinch((320, 240), 120, 60)
    hand.tap(corners[2])
    editor.press("Enter")
    editor.expect_objects(2)
    # when: a mask is painted
    editor.tool("Brush", "m")
    hand.stroke((200, 300), (320, 300))
    editor.expect_objects(3)
    box, mask, polygon = sorted(stored(hand, admin, image), key=lambda row: str(row["shape"]["type"]))
    assert near(box["shape"]["box"], [100, 120, 100, 60])
    (part,) = polygon["shape"]["parts"]
    assert len(part["outer"]) == 3
    assert all(any(abs(x - a) < 6 and abs(y - b) < 6 for x, y in part["outer"]) for a, b in corners)
    x, _, width, _ = mask["shape"]["box"]
    assert x < 200
    assert x + width > 320


def test_two_fingers_zoom_and_draw_nothing(hand: Hand, admin: Rest, image: dict[str, Any]) -> None:
    editor = hand.editor
    editor.tool("Box", "b")
    hand.pinch((320, 240), 50, 150)
    expect(hand.editor.page.get_by_role("button", name="Show at actual size")).not_to_have_text("100 %")
    editor.expect_saved()
    assert admin.annotations(image["id"]) == []


def test_a_finger_that_stays_is_the_right_button(hand: Hand, admin: Rest, image: dict[str, Any]) -> None:
    editor = hand.editor
    editor.tool("Brush", "m")
    hand.stroke((200, 300), (320, 300))
    (painted,) = stored(hand, admin, image)
    # when: the finger rests on the mask, the brush rubs out
    hand.touch("touchStart", (320, 300))
    hand.editor.page.wait_for_timeout(LONG_PRESS_MS)
    hand.touch("touchEnd")
    editor.expect_saved()
    editor.save_now()
    (rubbed,) = admin.annotations(image["id"])
    assert rubbed["uuid"] == painted["uuid"]
    assert rubbed["shape"] != painted["shape"]


def test_a_pen_draws_as_it_presses_and_the_palm_does_not(hand: Hand, admin: Rest, image: dict[str, Any]) -> None:
    editor = hand.editor
    editor.tool("Brush", "m")
    hand.pen((100, 100), (200, 100), force=1.0)
    editor.expect_objects(1)
    editor.press("Escape")
    hand.pen((100, 200), (200, 200), force=0.3)
    editor.expect_objects(2)
    # when: a palm slides over the picture, with a tool in hand that would draw a box
    editor.press("Escape")
    editor.tool("Box", "b")
    hand.stroke((300, 300), (400, 380))
    editor.expect_objects(2)
    strong, light = sorted(stored(hand, admin, image), key=lambda row: float(row["shape"]["box"][1]))
    assert light["shape"]["box"][3] < 0.5 * strong["shape"]["box"][3]
