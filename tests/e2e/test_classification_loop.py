"""The whole loop on real photographs of clothes: folders in, classes in bulk and by key, train, evaluate, accept."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import processes
from tests.e2e.editor import Editor
from tests.e2e.rest import Rest, wait_until
from tests.e2e.screens import (
    JOB_MS,
    choose,
    create_project,
    create_version,
    drop_files,
    evaluate,
    go,
    prelabel,
    slide,
    start_run,
)

CLASSES = ("dress", "hat", "shoes")
IN_BULK = 18
BY_KEY = 2
LEFT = 4
EPOCHS = 6

pytestmark = pytest.mark.timeout(600)


@dataclass
class Story:
    """One person at one project; `truth` is the class of each file name, as the data set's folders say."""

    page: Page
    rest: Rest
    folder: Path
    shared_data: Path
    project: int = 0
    truth: dict[str, str] = field(default_factory=dict)

    def pictures(self, name: str, rows: dict[str, slice], *, source: str) -> Path:
        """A folder of this name with some pictures of each class that `rows` names."""
        made = self.folder / name
        made.mkdir()
        for kind, part in rows.items():
            for path in sorted((self.shared_data / "clothing_small" / source / kind).iterdir())[part]:
                shutil.copyfile(path, made / path.name)
                self.truth[path.name] = kind
        return made

    def labels(self) -> dict[str, str]:
        """File name → class of every labelled image."""
        names = {row["id"]: row["name"] for row in self.rest.get(f"projects/{self.project}/")["classes"]}
        found = {image["name"]: self.rest.annotations(image["id"]) for image in self.rest.images(self.project)}
        return {name: names[row["class"]] for name, rows in found.items() for row in rows}

    def run(self) -> dict[str, Any]:
        (found,) = self.rest.get(f"projects/{self.project}/runs/")["results"]
        return dict(self.rest.get(f"runs/{found['id']}/"))


def test_classification_loop(
    page: Page, admin: Rest, shared_data: Path, data_dir: Path, tmp_path: Path, mobilenet_weights: None
) -> None:
    story = Story(page, admin, tmp_path, shared_data)
    story.project = create_project(page, "Clothes", task="Classification", classes=CLASSES)
    for kind in CLASSES:
        drop_folder(story, story.pictures(kind, {kind: slice(IN_BULK)}, source="train"))
        classify_all_unlabelled(story, kind, IN_BULK)
    keyed = slice(IN_BULK, IN_BULK + BY_KEY)
    drop_folder(story, story.pictures("mixed", dict.fromkeys(CLASSES, keyed), source="train"))
    classify_by_key(story, len(CLASSES) * BY_KEY)
    assert story.labels() == story.truth

    create_version(page, "first")
    train_through_a_crash(story, data_dir)
    measure(story)
    labelled = story.labels()
    drop_folder(story, story.pictures("more", dict.fromkeys(CLASSES, slice(LEFT)), source="test"))
    prelabel(page, images=len(CLASSES) * LEFT)
    accept(story, labelled)


def drop_folder(story: Story, folder: Path) -> None:
    page = story.page
    go(page, "Images")
    drop_files(page, page.get_by_role("heading", level=1), [folder])
    tray = page.get_by_role("region", name="Uploads")
    expect(tray).to_contain_text(f"{len(list(folder.iterdir()))} images uploaded", timeout=JOB_MS)
    tray.get_by_role("button", name="Close the uploads").click()


def classify_all_unlabelled(story: Story, kind: str, count: int) -> None:
    """Filters, selects all and gives them their class, as one revision."""
    page = story.page
    choose(page, page.get_by_role("combobox", name="State"), "Unlabelled")
    expect(page.get_by_text(f"{count} of ")).to_be_visible()
    page.get_by_role("checkbox", name="Select ").first.check()
    page.get_by_role("button", name=f"Select all {count}").click()
    page.get_by_role("button", name="Set class").click()
    head = story.rest.get(f"projects/{story.project}/")["revision"]
    page.get_by_role("menuitem", name=kind, exact=True).click()
    expect(page.get_by_text(f"{count} images changed, as revision {head + 1}.")).to_be_visible()
    page.get_by_role("button", name="Clear filters").first.click()


def classify_by_key(story: Story, count: int) -> None:
    """Walks through the unlabelled images: a class by its key, then the next image."""
    page = story.page
    choose(page, page.get_by_role("combobox", name="State"), "Unlabelled")
    expect(page.get_by_text(f"{count} of ")).to_be_visible()
    images = story.rest.images(story.project, state="unlabelled")
    page.get_by_role("link", name=images[0]["name"], exact=True).click()
    editor = Editor(page)
    tags = page.get_by_role("region", name="Class of the image")
    for number, image in enumerate(images):
        editor.arrive(image)
        kind = story.truth[image["name"]]
        # A wrong key first: the right one takes its place.
        for name in (CLASSES[CLASSES.index(kind) - 1], kind):
            editor.press(str(CLASSES.index(name) + 1))
            expect(tags.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
        editor.expect_objects(1)
        if number + 1 < count:
            editor.press("f")
    editor.save_now()
    page.get_by_role("link", name="Clothes").click()


def train_through_a_crash(story: Story, data_dir: Path) -> None:
    """The frozen network learns its head; its worker is killed on the way, and it goes on where it was."""
    page = story.page
    settings = {"Epochs": str(EPOCHS), "Frozen epochs": str(EPOCHS), "Patience": "0"}
    start_run(page, "MobileNetV2", "Head only", settings)
    wait_until(lambda: story.run()["epoch"] >= 1, "the first epoch", seconds=JOB_MS / 1000)
    processes.kill(processes.workers(data_dir, "gpu"))
    assert story.run()["epoch"] < EPOCHS, "The run was over before it could be disturbed."
    expect(page.get_by_text("Finished", exact=True)).to_be_visible(timeout=2 * JOB_MS)
    expect(page.get_by_role("region", name="Figures of the run")).to_contain_text(f"{EPOCHS} / {EPOCHS}")
    run = story.run()
    assert (run["state"], run["epoch"], run["job"]["attempts"]) == ("succeeded", EPOCHS, 2)
    points = story.rest.get(f"runs/{run['id']}/metrics/")["points"]
    assert [point["epoch"] for point in points if point["name"] == "val/accuracy"] == list(range(1, EPOCHS + 1))
    assert len(story.rest.get(f"projects/{story.project}/models/")) == 1


def measure(story: Story) -> None:
    evaluate(story.page, "Test")
    (evaluation,) = story.rest.get(f"projects/{story.project}/evaluations/")["results"]
    assert evaluation["summary"]["accuracy"] > 0.5
    summary = story.page.get_by_label("Summary")
    expect(summary).to_contain_text("Accuracy")
    expect(summary).to_contain_text(f"{evaluation['summary']['accuracy'] * 100:.1f}%")
    splits = story.rest.get(f"versions/{evaluation['version']}/")["statistics"]["splits"]
    matrix = story.rest.get(f"evaluations/{evaluation['id']}/")["confusion"]["matrix"]
    assert sum(sum(row) for row in matrix) == splits["test"]["images"]


def accept(story: Story, labelled: dict[str, str]) -> None:
    """What the model is sure of becomes the class of its image; most of it is right."""
    page = story.page
    slide(page.get_by_role("slider", name="Threshold of batch"), 0.4)
    page.get_by_role("button", name="Accept from 0.40").click()
    expect(page.get_by_text("predictions accepted, as revision")).to_be_visible()
    found = {name: kind for name, kind in story.labels().items() if name not in labelled}
    right = sum(story.truth[name] == kind for name, kind in found.items())
    assert len(found) >= LEFT
    assert right / len(found) > 0.6
    images = [image for image in story.rest.images(story.project) if image["name"] in found]
    assert {image["state"] for image in images} == {"annotated"}
    sources = {row["source"] for image in images for row in story.rest.annotations(image["id"])}
    assert sources == {f"run:{story.run()['id']}"}
