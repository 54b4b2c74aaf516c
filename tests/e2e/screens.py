"""The ways through the screens that several journeys share, by roles and names as a person finds them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

JOB_MS = 120_000


def sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/")
    page.get_by_role("textbox", name="User name").fill(username)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Projects", exact=True)).to_be_visible()


def create_project(page: Page, name: str, *, task: str, classes: Sequence[str]) -> int:
    """Makes a project in the dialog; `classes` are its lines. Answers the project's id."""
    page.goto("/projects")
    page.get_by_role("button", name="New project").first.click()
    dialog = page.get_by_role("dialog", name="New project")
    dialog.get_by_role("textbox", name="Name").fill(name)
    dialog.get_by_text(task, exact=True).click()
    dialog.get_by_role("textbox", name="Classes").fill("\n".join(classes))
    expect(dialog.get_by_role("list", name="Read from the lines").get_by_role("listitem")).to_have_count(len(classes))
    dialog.get_by_role("button", name="Create project").click()
    page.wait_for_url("**/projects/*/images")
    return int(page.url.split("/projects/")[1].split("/")[0])


def go(page: Page, place: str) -> None:
    """To a screen of the project, by the navigation at the left."""
    page.get_by_role("navigation", name="Project").get_by_role("link", name=place, exact=True).click()
    expect(page.get_by_role("heading", name=place, level=1)).to_be_visible()


def choose(page: Page, field: Locator, option: str) -> None:
    """Picks an option of a drop-down list."""
    field.click()
    page.get_by_role("option", name=option, exact=True).click()


def drop_files(page: Page, target: Locator, paths: Sequence[Path]) -> None:
    """Drops real files and folders from outside the browser, as a file manager does."""
    area = target.bounding_box()
    assert area is not None
    x, y = area["x"] + area["width"] / 2, area["y"] + area["height"] / 2
    session = page.context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": x, "y": y, "data": data})
    session.detach()


def add_user(page: Page, username: str, password: str) -> None:
    """Makes an account in the administration."""
    page.goto("/admin/auth/user/add/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password:", exact=True).fill(password)
    page.get_by_label("Password confirmation:").fill(password)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was added successfully")).to_be_visible()


def import_archive(page: Page, archive: Path) -> None:
    """Chooses the file on the import screen, has it looked through, and imports it."""
    go(page, "Import / Export")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Drop a file to import").click()
    chooser.value.set_files(archive)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("region", name="What the import would do")).to_be_visible(timeout=JOB_MS)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("region", name="What was imported")).to_be_visible(timeout=JOB_MS)


def create_version(page: Page, name: str, *, seed: int = 0) -> None:
    go(page, "Versions")
    page.get_by_role("button", name="New version").first.click()
    dialog = page.get_by_role("dialog", name="New version")
    dialog.get_by_role("textbox", name="Name").fill(name)
    dialog.get_by_role("textbox", name="Seed").fill(str(seed))
    dialog.get_by_role("button", name="Create version").click()
    expect(page.get_by_role("region", name=name, exact=True)).to_contain_text(f"seed {seed}")


def start_run(page: Page, architecture: str, preset: str, settings: Mapping[str, str]) -> int:
    """Starts a training with some settings changed, and stays on the page that shows it. Answers the run's id."""
    go(page, "Train")
    page.get_by_role("button", name="New run").first.click()
    dialog = page.get_by_role("dialog", name="New run")
    choose(page, dialog.get_by_role("combobox", name="Architecture"), architecture)
    dialog.get_by_role("radio", name=preset, exact=True).click()
    dialog.get_by_role("button", name="Settings").click()
    for title, value in settings.items():
        dialog.get_by_role("textbox", name=title, exact=True).fill(value)
    dialog.get_by_role("button", name="Start training").click()
    page.wait_for_url("**/train/*")
    return int(page.url.rsplit("/", 1)[1])


def evaluate(page: Page, split: str) -> None:
    """Measures the newest model on a split of its version, and stays on the page that shows the figures."""
    go(page, "Models & Evaluate")
    page.get_by_role("button", name="Evaluate ").first.click()
    dialog = page.get_by_role("dialog", name="Evaluate")
    dialog.get_by_text(split, exact=True).click()
    dialog.get_by_role("button", name="Evaluate", exact=True).click()
    page.wait_for_url("**/evaluations/*")
    expect(page.get_by_role("table", name="Confusion matrix")).to_be_visible(timeout=JOB_MS)


def prelabel(page: Page, *, images: int) -> None:
    """Lets the newest model label the images without labels, keeping every prediction that it is allowed to keep."""
    go(page, "Pre-label")
    page.get_by_role("slider", name="Lowest score kept").press("Home")
    page.get_by_role("button", name=f"Pre-label {images} images").click()
    expect(page.get_by_text(f"on {images} images.")).to_be_visible(timeout=JOB_MS)
    expect(page.get_by_role("region", name=re.compile(r"^Batch \d"))).to_be_visible()


def slide(slider: Locator, value: float) -> None:
    """Moves a slider from 0 to 1 with the keys, as exactly as it goes."""
    slider.press("Home")
    while float(slider.get_attribute("aria-valuenow") or 0) < value - 1e-6:
        slider.press("ArrowRight")
