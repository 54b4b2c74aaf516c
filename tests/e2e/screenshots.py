"""`python -m tests.e2e.screenshots`: every screen in both themes, with real data, into `docs/screenshots/`.

With `--data FOLDER` the data folder is kept there and used again: making it means training a detector.
"""

from __future__ import annotations

import argparse
import io
import re
import tempfile
from collections.abc import Callable
from itertools import product as product_of
from pathlib import Path

from PIL import Image as PilImage
from playwright.sync_api import Page, expect, sync_playwright

from checks.product import product_running
from tests.conftest import ROOT
from tests.e2e.browsers import FLAGS, WINDOW, chromium_find
from tests.e2e.editor_screens import EDITOR_SCREENS
from tests.e2e.people_screens import PEOPLE_SCREENS, PEOPLE_STATES, people_make
from tests.e2e.rest import Rest
from tests.e2e.scenes import BLOOD_CLASSES, Blood, class_id, place_weights
from tests.e2e.screens import drop_files, sign_in, slide
from tests.e2e.studio import THEMES, Studio

ADMIN = "ada"
PASSWORD = "a long enough passphrase"
LARGEST_BYTES = 250_000
QUALITIES = (80, 70, 60, 50)
LABELLED = 120
UNLABELLED = 12
TRAINING = {"epochs": 6, "image_size": 224, "batch_size": 4, "learning_rate": 0.001}

# The data.


def blood_make(rest: Rest, shared_data: Path, folder: Path) -> int:
    """Real pictures with their real labels, a version, a trained detector, its evaluation and its predictions."""
    for project in rest.get("projects/")["results"]:
        if project["name"] == "Blood cells":
            return int(project["id"])
    blood = Blood(shared_data)
    stems = blood.stems(LABELLED + UNLABELLED)
    project = int(rest.project(*BLOOD_CLASSES, name="Blood cells")["id"])
    archive = blood.voc_archive(folder / "bccd.zip", stems[:LABELLED])
    rest.finish(rest.send(f"projects/{project}/imports/", archive)["id"], seconds=300)
    rest.upload(project, blood.pictures(stems[LABELLED:]))
    split = {"train": 0.7, "val": 0.15, "test": 0.15}
    body = {"name": "First import", "split": split, "seed": 0, "stratify": True, "group_by": "duplicate"}
    body["notes"] = "The BCCD labels as they came, before any correction."
    version = rest.post(f"projects/{project}/versions/", body)["id"]
    detector = {"version": version, "architecture": "fasterrcnn_mobilenet_v2_fpn", "preset": "quick"}
    run = rest.post(f"projects/{project}/runs/", detector | {"config": TRAINING})
    rest.finish(run["job"]["id"], seconds=3600)
    model = rest.get(f"runs/{run['id']}/")["model"]
    job = rest.post(f"models/{model}/evaluations/", {"version": version, "split": "test"})["job"]
    rest.finish(job["id"], seconds=600)
    wanted = {"model": model, "filter": {"state": "unlabelled"}, "min_score": 0.1}
    rest.finish(rest.post(f"projects/{project}/auto-label/", wanted)["id"], seconds=600)
    rest.finish(
        rest.post(f"projects/{project}/exports/", {"version": version, "format": "coco", "images": False})["id"]
    )
    return project


def clothes_make(rest: Rest, shared_data: Path) -> None:
    if any(row["name"] == "Clothes" for row in rest.get("projects/")["results"]):
        return
    kinds = ("dress", "hat", "pants", "shoes", "t-shirt")
    classes = [{"name": kind, "hotkey": str(number)} for number, kind in enumerate(kinds, 1)]
    project = rest.project(*classes, task="classification", name="Clothes")
    for kind in kinds:
        pictures = sorted((shared_data / "clothing_small" / "train" / kind).iterdir())[:16]
        made = rest.upload(project["id"], pictures)
        ids = [row["id"] for row in made[: 12 if kind != "hat" else 6]]
        action = {"ids": ids, "action": "classify", "value": class_id(project, kind)}
        rest.post(f"projects/{project['id']}/images/bulk/", action)


# The screens.


def login(studio: Studio) -> None:
    studio.page.context.clear_cookies()
    studio.page.goto("/login")
    expect(studio.page.get_by_role("button", name="Sign in")).to_be_visible()


def projects(studio: Studio) -> None:
    studio.page.goto("/projects")
    expect(studio.page.get_by_role("link", name="Clothes")).to_be_visible()


def new_project(studio: Studio) -> None:
    projects(studio)
    studio.page.get_by_role("button", name="New project").first.click()
    dialog = studio.page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill("Leaves")
    dialog.get_by_role("textbox", name="Classes").fill("healthy leaf #009e73 h\nrust\nmildew #cc79a7\nrust")
    expect(dialog.get_by_role("alert")).to_be_visible()


def images(studio: Studio) -> None:
    studio.project("Images")
    expect(studio.page.get_by_role("group", name="Image grid").get_by_role("link").first).to_be_visible()


def images_selected(studio: Studio) -> None:
    images(studio)
    grid = studio.page.get_by_role("group", name="Image grid")
    grid.get_by_role("checkbox").nth(1).check()
    grid.get_by_role("link").nth(9).click(modifiers=["Shift"])


def upload(studio: Studio) -> None:
    project = studio.rest.project("car", "person", "dog", name="Street photos")["id"]
    studio.after.append(lambda: studio.rest.delete(f"projects/{project}/"))
    studio.page.goto(f"/projects/{project}/images")
    photos = [path for path in (studio.shared_data / "photos").iterdir() if path.suffix.lower() in {".jpg", ".jpeg"}]
    broken = [*sorted((studio.shared_data / "odd_images").glob("*.psd"))[:2], ROOT / "pyproject.toml"]
    drop_files(studio.page, studio.page.get_by_role("heading", level=1), [*photos, *broken])
    expect(studio.page.get_by_role("region", name="Uploads").get_by_text("Refused").first).to_be_visible()


def editor(studio: Studio) -> None:
    opened = studio.open_image("coffee.png", studio.demo())
    opened.press("v")
    opened.click((250, 150))
    opened.move((40, 40))


def editor_polygons(studio: Studio) -> None:
    opened = studio.open_image("coins.png", studio.demo())
    opened.press("v")
    opened.move((5, 5))


def editor_predictions(studio: Studio) -> None:
    name = Blood(studio.shared_data).stems(LABELLED + UNLABELLED)[LABELLED]
    studio.open_image(f"{name}.jpg")
    panel = studio.page.get_by_role("region", name="Predictions")
    panel.get_by_role("listitem").first.get_by_role("button").first.click()


def editor_smart(studio: Studio) -> None:
    opened = studio.open_image("BloodImage_00000.jpg")
    opened.press("2")
    opened.tool("Smart", "s")
    opened.drag((250, 170), (498, 382))
    expect(studio.page.get_by_role("button", name="Accept the result")).to_be_visible(timeout=60_000)


def editor_classes(studio: Studio) -> None:
    project = next(row for row in studio.rest.get("projects/")["results"] if row["name"] == "Clothes")
    studio.open_image(studio.rest.images(project["id"])[0]["name"], project["id"])


def keys(studio: Studio) -> None:
    studio.open_image("BloodImage_00000.jpg").press("?")
    expect(studio.page.get_by_role("dialog", name="Keys")).to_be_visible()


def versions(studio: Studio) -> None:
    studio.project("Versions")
    expect(studio.page.get_by_role("region", name="First import")).to_be_visible()


def new_version(studio: Studio) -> None:
    versions(studio)
    studio.page.get_by_role("button", name="New version").first.click()
    held = studio.page.get_by_role("region", name="What the version would hold")
    expect(held).not_to_have_attribute("data-stale", "true")
    expect(held.get_by_role("table").first).to_be_visible()


def exchange(studio: Studio) -> None:
    studio.project("Import / Export")
    blood = Blood(studio.shared_data)
    with tempfile.TemporaryDirectory() as folder:
        archive = blood.voc_archive(Path(folder) / "more-cells.zip", [*blood.stems(8), "BloodImage_00338"])
        with studio.page.expect_file_chooser() as chooser:
            studio.page.get_by_role("button", name="Drop a file to import").click()
        chooser.value.set_files(archive)
        studio.page.get_by_role("button", name="Check the file").click()
        expect(studio.page.get_by_role("region", name="What the import would do")).to_be_visible(timeout=60_000)


def runs(studio: Studio) -> None:
    studio.project("Train")
    expect(studio.page.get_by_role("table", name="Train")).to_be_visible()


def new_run(studio: Studio) -> None:
    runs(studio)
    studio.page.get_by_role("button", name="New run").first.click()
    expect(studio.page.get_by_role("dialog").get_by_role("radio").first).to_be_visible()


def run(studio: Studio) -> None:
    runs(studio)
    studio.page.get_by_role("table").get_by_role("link").first.click()
    expect(studio.page.get_by_role("img", name="Quality")).to_be_visible()


def models(studio: Studio) -> None:
    studio.project("Models & Evaluate")
    expect(studio.page.get_by_role("table", name="Evaluations")).to_be_visible()


def evaluation(studio: Studio) -> None:
    models(studio)
    studio.page.get_by_role("table", name="Evaluations").get_by_role("link").first.click()
    expect(studio.page.get_by_role("table", name="Confusion matrix")).to_be_visible()
    studio.page.get_by_role("button", name=re.compile(r"^[1-9]\d*: background predicted as RBC")).click()
    expect(studio.page.get_by_role("list", name="Objects of the cell").get_by_role("link").first).to_be_visible()


def prelabelling(studio: Studio) -> None:
    studio.project("Pre-label")
    slide(studio.page.get_by_role("slider", name="Threshold of batch"), 0.5)


def activity(studio: Studio) -> None:
    studio.project("Activity")
    expect(studio.page.get_by_role("list", name="Activity")).to_be_visible()


def compare(studio: Studio) -> None:
    versions(studio)
    studio.page.get_by_role("region", name="First import").get_by_role("link", name="Compare").click()
    expect(studio.page.get_by_role("region", name="Changed images")).to_be_visible()


def compare_image(studio: Studio) -> None:
    compare(studio)
    studio.page.get_by_role("list", name="Changed images").get_by_role("button").first.click()
    expect(studio.page.get_by_role("dialog").get_by_role("group", name="Show")).to_be_visible()


def settings(studio: Studio) -> None:
    studio.project("Settings")
    expect(studio.page.get_by_text("Members").first).to_be_visible()


def weights(studio: Studio) -> None:
    studio.page.goto("/weights")
    expect(studio.page.get_by_role("listitem").nth(3)).to_be_visible()


def jobs(studio: Studio) -> None:
    images(studio)
    studio.page.get_by_role("button", name="Jobs").click()
    expect(studio.page.get_by_role("dialog", name="Jobs").get_by_role("group").first).to_be_visible()


def palette(studio: Studio) -> None:
    images(studio)
    studio.page.keyboard.press("Control+k")
    expect(studio.page.get_by_role("textbox", name="Go to, or do")).to_be_visible()


def not_found(studio: Studio) -> None:
    studio.page.goto("/projects/999999/images")
    expect(studio.page.get_by_role("heading", name="Not found")).to_be_visible()


SCREENS: dict[str, Callable[[Studio], None]] = {
    "projects": projects,
    "new-project": new_project,
    "images": images,
    "images-selected": images_selected,
    "upload": upload,
    "editor": editor,
    "editor-polygons": editor_polygons,
    "editor-predictions": editor_predictions,
    "editor-smart": editor_smart,
    "editor-classes": editor_classes,
    "keys": keys,
    "versions": versions,
    "new-version": new_version,
    "exchange": exchange,
    "runs": runs,
    "new-run": new_run,
    "run": run,
    "models": models,
    "evaluation": evaluation,
    "prelabel": prelabelling,
    "activity": activity,
    "compare": compare,
    "compare-image": compare_image,
    "settings": settings,
    "weights": weights,
    "jobs": jobs,
    "palette": palette,
    "not-found": not_found,
    **PEOPLE_SCREENS,
    "login": login,
}

STATES = EDITOR_SCREENS | PEOPLE_STATES
"""Taken by name alone."""

LANGUAGE = "annotator-language"


# Taking them.


def shoot(page: Page, target: Path) -> None:
    """The window as WebP, in the best quality that stays small."""
    page.evaluate("document.fonts.ready")
    page.wait_for_load_state("networkidle")
    picture = PilImage.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    for quality in QUALITIES:
        picture.save(target, "WEBP", quality=quality, method=6)
        if target.stat().st_size <= LARGEST_BYTES:
            return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"screens to take, all without a name: {', '.join(SCREENS)}")
    parser.epilog = f"Further ones, taken by name alone: {', '.join(STATES)}"
    parser.add_argument("--language", help="code of a language in which screens are loaded anew before they are taken")
    parser.add_argument("--data", type=Path, help="keeps the product's data there")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared" / "data")
    words = parser.parse_args()
    words.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        data_dir = words.data or Path(temporary) / "data"
        extra = {"ANNOTATOR_ADMIN_USER": ADMIN, "ANNOTATOR_ADMIN_PASSWORD": PASSWORD}
        with product_running(data_dir.resolve(), extra=extra) as product, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium_find(), args=list(FLAGS))
            rest = Rest(product.url, ADMIN, PASSWORD)
            place_weights(rest, data_dir, "mobilenet_v2_imagenet", words.shared / "weights/mobilenet_v2_imagenet.pth")
            clothes_make(rest, words.shared)
            blood = blood_make(rest, words.shared, Path(temporary))
            with browser.new_context(base_url=product.url) as context:
                window = context.new_page()
                sign_in(window, ADMIN, PASSWORD)
                people_make(window, rest, words.shared, blood)
                state = context.storage_state()
            for theme, name in product_of(THEMES, words.names or SCREENS):
                with browser.new_context(
                    base_url=product.url,
                    viewport=WINDOW,
                    storage_state=state,
                    color_scheme=theme,
                    reduced_motion="reduce",
                ) as context:
                    studio = Studio(context.new_page(), rest, words.shared, blood)
                    (SCREENS | STATES)[name](studio)
                    if words.language is not None:
                        studio.page.evaluate(f"localStorage.setItem('{LANGUAGE}', '{words.language}')")
                        studio.page.reload()
                    shoot(studio.page, words.out / f"{name}-{theme}.webp")
                    for undo in studio.after:
                        undo()
            browser.close()


if __name__ == "__main__":
    main()
