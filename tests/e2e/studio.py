"""A browser in one theme before a server full of data, in which screens are brought up to be looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

from tests.e2e.editor import Editor
from tests.e2e.rest import Rest
from tests.e2e.screens import go

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")


@dataclass
class Studio:
    """A browser in one theme before a server full of data."""

    page: Page
    rest: Rest
    shared_data: Path
    blood: int
    after: list[Callable[[], object]] = field(default_factory=list)
    """What takes away again what a screen needed."""

    def project(self, place: str) -> None:
        self.page.goto(f"/projects/{self.blood}/images")
        go(self.page, place)

    def open_image(self, name: str, project: int | None = None) -> Editor:
        chosen = self.blood if project is None else project
        image = next(row for row in self.rest.images(chosen) if row["name"] == name)
        editor = Editor(self.page)
        editor.open(chosen, image)
        editor.fit()
        return editor

    def demo(self) -> int:
        return int(next(row["id"] for row in self.rest.get("projects/")["results"] if row["name"].startswith("Demo")))
