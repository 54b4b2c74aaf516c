"""Every screen and each dialog of the editor, in both themes, by the rules of WCAG 2.1 A and AA that axe-core knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from checks.product import Product
from tests.e2e.axe import violations
from tests.e2e.browsers import WINDOW
from tests.e2e.conftest import ADMIN, PASSWORD, PATIENCE_MS
from tests.e2e.editor import Editor
from tests.e2e.rest import Rest
from tests.e2e.scenes import BLOOD_CLASSES, Blood, class_id
from tests.e2e.screens import go

pytestmark = pytest.mark.timeout(1200)

Theme = Literal["light", "dark"]
LABELLED = 12
UNLABELLED = 3
TRAINING = {"epochs": 1, "image_size": 128, "batch_size": 4}
DETECTOR = {"architecture": "fasterrcnn_mobilenet_v2_fpn", "preset": "quick", "config": TRAINING}


@dataclass(frozen=True)
class Lab:
    """A project that has been through the whole loop."""

    project: int
    image: dict[str, Any]
    """With objects of several kinds."""
    predicted: dict[str, Any]
    run: int
    evaluation: int


@dataclass
class Inspection:
    """One browser in one theme; what it found, screen by screen."""

    page: Page
    lab: Lab
    found: dict[str, list[str]] = field(default_factory=dict)

    def look(self, name: str) -> None:
        # Pictures and tooltips settle.
        self.page.mouse.move(2, 2)
        self.page.wait_for_load_state("networkidle")
        if lines := violations(self.page):
            self.found[name] = lines

    def place(self, name: str) -> None:
        self.page.goto(f"/projects/{self.lab.project}/images")
        go(self.page, name)

    def editor(self, image: dict[str, Any]) -> Editor:
        opened = Editor(self.page)
        opened.open(self.lab.project, image)
        return opened

    @contextmanager
    def dialog(self, name: str, *, button: str | None = None) -> Iterator[None]:
        if button is not None:
            self.page.get_by_role("button", name=button).first.click()
        expect(self.page.get_by_role("dialog", name=name)).to_be_visible()
        yield
        self.page.keyboard.press("Escape")
        expect(self.page.get_by_role("dialog")).to_have_count(0)


@pytest.fixture(scope="module")
def lab(product: Product, mobilenet_weights: None, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Lab:
    rest = Rest(product.url, ADMIN, PASSWORD)
    blood = Blood(shared_data)
    stems = blood.stems(LABELLED + UNLABELLED)
    project = rest.project(*BLOOD_CLASSES, name="Everybody can use it")
    number = int(project["id"])
    archive = blood.voc_archive(tmp_path_factory.mktemp("lab") / "blood.zip", stems[:LABELLED])
    rest.finish(rest.send(f"projects/{number}/imports/", archive)["id"], seconds=300)
    predicted = rest.upload(number, blood.pictures(stems[LABELLED:]))[0]
    image = rest.images(number)[0]
    rest.change(image["id"], create=several_kinds(class_id(project, "WBC")))
    rest.post(f"images/{image['id']}/comments/", {"text": "Is this one cell or two?", "point": [60, 60]})
    split = {"train": 0.6, "val": 0.2, "test": 0.2}
    version = rest.post(f"projects/{number}/versions/", {"name": "first", "split": split, "seed": 0})["id"]
    run = rest.post(f"projects/{number}/runs/", {"version": version, **DETECTOR})
    rest.finish(run["job"]["id"], seconds=900)
    model = rest.get(f"runs/{run['id']}/")["model"]
    evaluation = rest.post(f"models/{model}/evaluations/", {"version": version, "split": "test"})
    rest.finish(evaluation["job"]["id"], seconds=300)
    found = rest.get(f"projects/{number}/evaluations/")["results"][0]["id"]
    wanted = {"model": model, "filter": {"state": "unlabelled"}, "min_score": 0.0}
    rest.finish(rest.post(f"projects/{number}/auto-label/", wanted)["id"], seconds=300)
    rest.close()
    return Lab(number, image, predicted, int(run["id"]), int(found))


def several_kinds(label: int) -> list[dict[str, Any]]:
    shapes: list[dict[str, Any]] = [
        {"type": "box", "box": [20, 20, 60, 40]},
        {"type": "ellipse", "center": [160, 60], "radii": [30, 20], "angle": 0},
        {"type": "polyline", "points": [[220, 30], [260, 70], [300, 40]]},
    ]
    return [
        {"uuid": f"00000000-0000-4000-8000-00000000010{number}", "class": label, "shape": shape}
        for number, shape in enumerate(shapes)
    ]


def look_at_places(see: Inspection) -> None:
    see.page.goto("/projects")
    expect(see.page.get_by_role("link", name="Everybody can use it").first).to_be_visible()
    see.look("projects")
    with see.dialog("New project", button="New project"):
        see.look("new project")
    see.page.keyboard.press("Control+k")
    expect(see.page.get_by_role("combobox").or_(see.page.get_by_placeholder("Go to, or do …")).first).to_be_visible()
    see.look("palette")
    see.page.keyboard.press("Escape")
    for name in ("Images", "Work", "Versions", "Health", "Import / Export", "Train", "Models & Evaluate"):
        see.place(name)
        see.look(name)
    for name in ("Pre-label", "Activity", "Settings"):
        see.place(name)
        see.look(name)
    see.page.goto("/weights")
    expect(see.page.get_by_role("heading", level=1)).to_be_visible()
    see.look("weights")


def look_at_dialogs(see: Inspection) -> None:
    see.place("Versions")
    with see.dialog("New version", button="New version"):
        see.look("new version")
    see.place("Train")
    with see.dialog("New run", button="New run"):
        see.look("new run")
    see.page.goto(f"/projects/{see.lab.project}/train/{see.lab.run}")
    expect(see.page.get_by_role("heading", level=1)).to_be_visible()
    see.look("run")
    see.page.goto(f"/projects/{see.lab.project}/evaluations/{see.lab.evaluation}")
    expect(see.page.get_by_role("table", name="Confusion matrix")).to_be_visible()
    see.look("evaluation")
    see.place("Images")
    see.page.get_by_role("group", name="Image grid").get_by_role("checkbox").first.check()
    see.look("images, some selected")


def look_at_the_editor(see: Inspection) -> None:
    opened = see.editor(see.lab.predicted)
    see.look("editor with predictions")
    opened = see.editor(see.lab.image)
    see.look("editor")
    opened.press("v", "Tab")
    see.look("editor, one object selected")
    for tool, key in (("Brush", "m"), ("Smart", "s"), ("Simplify outlines", "Shift+S")):
        opened.tool(tool, key)
        see.look(f"editor, {tool}")
    opened.press("Shift+T")
    see.look("editor, tag mode")
    opened.press("Shift+T", "v", "Control+a")
    see.look("editor, all selected")
    opened.press("Control+b")
    with see.dialog("Copy to the next images"):
        see.look("propagate")
    opened.press("?")
    with see.dialog("Keys"):
        see.look("keys")
        see.page.get_by_role("button", name="Change keys").click()
        see.page.get_by_role("button", name="B for Box: press other keys").click()
        opened.press("p")
        expect(see.page.get_by_text("P belongs to Polygon.")).to_be_visible()
        see.look("change keys")
    see.page.get_by_role("button", name="View settings").click()
    expect(see.page.get_by_role("slider", name="Brightness")).to_be_visible()
    see.look("view settings")


def look_at_the_door(see: Inspection) -> None:
    see.page.context.clear_cookies()
    see.page.goto("/login")
    expect(see.page.get_by_role("button", name="Sign in")).to_be_visible()
    see.look("login")


LOOKS: tuple[Callable[[Inspection], None], ...] = (
    look_at_places,
    look_at_dialogs,
    look_at_the_editor,
    look_at_the_door,
)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("look", LOOKS, ids=lambda look: str(look.__name__))
def test_nobody_is_shut_out(
    browser: Browser,
    product: Product,
    signed_in: StorageState,
    lab: Lab,
    look: Callable[[Inspection], None],
    theme: Theme,
) -> None:
    # Contrast is measured when things have come to rest.
    context = browser.new_context(
        base_url=product.url, viewport=WINDOW, storage_state=signed_in, color_scheme=theme, reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    see = Inspection(context.new_page(), lab)
    look(see)
    context.close()
    assert see.found == {}
