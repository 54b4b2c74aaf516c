"""The editor's screen in the hand of a person: a mouse that moves in steps, keys, and what the panels say.

Places are image pixels; `Editor` knows where they lie on the screen. It computes that by itself from the rules a
person sees (fitted into the middle, a wheel notch is a quarter), so that a wrong camera shows as wrong coordinates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e.words import say, say_sentence

STEPS = 8
FIT_MARGIN = 16
FIT_MARGIN_DOWN = 56
WHEEL_NOTCH = 100
WHEEL_FACTOR = 1.25

Point = tuple[float, float]


class Editor:
    """One opened editor; `page` may show another image later (`open`, `next`)."""

    def __init__(self, page: Page, language: str = "en") -> None:
        self.page = page
        self.language = language
        self.canvas = page.get_by_role("application", name=say(language, "editor.canvas"))
        self.saved = page.get_by_role("status", name=say(language, "sync.label"))
        self.objects = page.get_by_role("region", name="Objects", exact=True)
        self.size = (0, 0)
        self._zoom = 1.0
        self._origin = (0.0, 0.0)

    def open(self, project: int, image: dict[str, Any]) -> None:
        self.page.goto(f"/projects/{project}/images/{image['id']}")
        self.arrive(image)

    def arrive(self, image: dict[str, Any]) -> None:
        """Waits until the image can be drawn on, and shows it at actual size in the middle."""
        expect(self.page.get_by_test_id("image-name")).to_have_text(image["name"])
        expect(self.page.get_by_role("status", name=say(self.language, "state.loading"))).to_have_count(0)
        self.size = (image["width"], image["height"])
        self.actual_size()

    # Where things are.

    def area(self) -> dict[str, float]:
        found = self.canvas.bounding_box()
        assert found is not None
        return {side: found[side] for side in ("x", "y", "width", "height")}

    def fit(self) -> None:
        area, (width, height) = self.area(), self.size
        self.press("0")
        across, down = (area["width"] - 2 * FIT_MARGIN) / width, (area["height"] - 2 * FIT_MARGIN_DOWN) / height
        self._place(min(across, down))

    def actual_size(self) -> None:
        self.fit()
        self.press("Shift+Digit0")
        self._place(1.0)
        self.expect_zoom()

    def wheel(self, at: Point, notches: int) -> None:
        """Turns the wheel towards the screen at a place of the image, which stays under the pointer."""
        x, y = self.screen(at)
        self.page.mouse.move(x, y)
        for _ in range(abs(notches)):
            self.page.mouse.wheel(0, -WHEEL_NOTCH if notches > 0 else WHEEL_NOTCH)
        self._zoom *= WHEEL_FACTOR**notches
        self._origin = (x - at[0] * self._zoom, y - at[1] * self._zoom)
        self.expect_zoom()

    def pan(self, dx: float, dy: float) -> None:
        """Drags the picture with Space held."""
        area = self.area()
        start = (area["x"] + area["width"] / 2, area["y"] + area["height"] / 2)
        self.page.keyboard.down("Space")
        self._drag_screen(start, (start[0] + dx, start[1] + dy))
        self.page.keyboard.up("Space")
        self._origin = (self._origin[0] + dx, self._origin[1] + dy)

    def expect_zoom(self) -> None:
        button = self.page.get_by_role("button", name=say(self.language, "view.actualSize"))
        # Right-to-left languages put marks of direction around the sign.
        expect(button).to_have_text(re.compile(rf"^{round(self._zoom * 100):,}\u200e?%\u200e?$"))

    def screen(self, at: Point) -> Point:
        return (at[0] * self._zoom + self._origin[0], at[1] * self._zoom + self._origin[1])

    def _place(self, zoom: float) -> None:
        area, (width, height) = self.area(), self.size
        self._zoom = zoom
        self._origin = (
            area["x"] + (area["width"] - width * zoom) / 2,
            area["y"] + (area["height"] - height * zoom) / 2,
        )

    # Mouse and keys.

    def move(self, to: Point) -> None:
        x, y = self.screen(to)
        self.page.mouse.move(x, y, steps=STEPS)

    def click(self, at: Point) -> None:
        self.move(at)
        self.page.mouse.down()
        self.page.mouse.up()

    def drag(self, *path: Point) -> None:
        """Presses at the first place, moves along the others and lets go at the last."""
        self.move(path[0])
        self.page.mouse.down()
        for place in path[1:]:
            self.move(place)
        self.page.mouse.up()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    @contextmanager
    def held(self, key: str) -> Iterator[None]:
        self.page.keyboard.down(key)
        try:
            yield
        finally:
            self.page.keyboard.up(key)

    def _drag_screen(self, start: Point, end: Point) -> None:
        self.page.mouse.move(*start)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=STEPS)
        self.page.mouse.up()

    # Tools and panels.

    def tool(self, name: str, key: str) -> None:
        """Takes a tool in hand by its key."""
        self.press(key)
        expect(self.tool_button(say_sentence(self.language, name))).to_have_attribute("aria-pressed", "true")

    def tool_button(self, name: str) -> Locator:
        return self.page.get_by_role("toolbar", name=say(self.language, "editor.tools")).get_by_role(
            "button", name=name, exact=True
        )

    def draw_box(self, corner: Point, opposite: Point) -> None:
        self.tool("Box", "b")
        self.drag(corner, opposite)

    def draw_polygon(self, vertices: Sequence[Point]) -> None:
        self.tool("Polygon", "p")
        for vertex in vertices:
            self.click(vertex)
        self.press("Enter")

    def select_at(self, at: Point) -> None:
        self.tool("Select", "v")
        self.click(at)

    def choose_class(self, name: str, key: str) -> None:
        """Takes a class in hand by its hotkey."""
        self.press(key)
        classes = self.page.get_by_role("list", name="Classes")
        expect(classes.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")

    def expect_objects(self, count: int) -> None:
        expect(self.objects.get_by_role("button", name="Objects")).to_contain_text(str(count))

    def expect_saved(self) -> None:
        expect(self.saved).to_have_text(say(self.language, "sync.saved"))

    def save_now(self) -> None:
        """Presses the badge instead of waiting for the autosave."""
        self.saved.click()
        self.expect_saved()

    def expect_state(self, state: str) -> None:
        expect(self.page.get_by_role("button", name=f"State of the image: {state}")).to_be_visible()

    def next(self, image: dict[str, Any]) -> None:
        self.press("f")
        self.arrive(image)

    def previous(self, image: dict[str, Any]) -> None:
        self.press("d")
        self.arrive(image)
