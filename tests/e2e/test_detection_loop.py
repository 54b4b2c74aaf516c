"""The whole loop on real pictures of blood: import, correct, version, train, evaluate, pre-label, accept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.editor import Editor
from tests.e2e.rest import Rest
from tests.e2e.scenes import Blood
from tests.e2e.screens import (
    JOB_MS,
    create_project,
    create_version,
    drop_files,
    evaluate,
    go,
    import_archive,
    prelabel,
    slide,
    start_run,
)

LABELLED = 40
UNLABELLED = 3

pytestmark = pytest.mark.timeout(600)


@dataclass
class Story:
    """One person at one project, from the first picture to the accepted predictions."""

    page: Page
    rest: Rest
    project: int
    unlabelled: list[str]

    @property
    def run(self) -> dict[str, Any]:
        (found,) = self.rest.get(f"projects/{self.project}/runs/")["results"]
        return dict(self.rest.get(f"runs/{found['id']}/"))

    def revision(self) -> int:
        return int(self.rest.get(f"projects/{self.project}/")["revision"])

    def pending(self, image: dict[str, Any]) -> list[dict[str, Any]]:
        """What is offered on an image and not decided yet, best first."""
        rows: list[dict[str, Any]] = self.rest.get(f"images/{image['id']}/predictions/")["results"]
        return sorted((row for row in rows if row["state"] == "pending"), key=lambda row: -row["score"])

    def to_review(self) -> list[dict[str, Any]]:
        return self.rest.images(self.project, has_predictions="true")

    def accepted(self) -> list[dict[str, Any]]:
        """The annotations on the images that came without any."""
        images = [item for item in self.rest.images(self.project) if item["name"] in self.unlabelled]
        return [row for image in images for row in self.rest.annotations(image["id"])]


def test_detection_loop(page: Page, admin: Rest, shared_data: Path, tmp_path: Path, mobilenet_weights: None) -> None:
    blood = Blood(shared_data)
    stems = blood.stems(LABELLED + UNLABELLED)
    project = create_project(page, "Blood cells", task="Detection", classes=["RBC", "WBC", "Platelets"])
    story = Story(page, admin, project, [f"{stem}.jpg" for stem in stems[LABELLED:]])

    import_archive(page, blood.voc_archive(tmp_path / "bccd.zip", stems[:LABELLED]))
    go(page, "Images")
    drop_files(page, page.get_by_role("heading", level=1), blood.pictures(stems[LABELLED:]))
    expect(page.get_by_role("region", name="Uploads")).to_contain_text("3 images uploaded")
    expect(page.get_by_text("43 images", exact=True)).to_be_visible()

    correct_a_label(story)
    create_version(page, "first", seed=3)
    train(story)
    measure(story)
    prelabel(page, images=UNLABELLED)
    rejected = review_by_hand(story)
    accept_the_rest(story, rejected)


def correct_a_label(story: Story) -> None:
    image = story.rest.images(story.project)[0]
    before = len(story.rest.annotations(image["id"]))
    editor = Editor(story.page)
    editor.open(story.project, image)
    editor.draw_box((20, 20), (90, 85))
    editor.save_now()
    assert len(story.rest.annotations(image["id"])) == before + 1
    story.page.get_by_role("link", name="Blood cells").click()


def train(story: Story) -> None:
    """A detector learns from the version, watched live."""
    page = story.page
    start_run(
        page,
        "Faster R-CNN, MobileNetV2",
        "Quick look",
        {"Epochs": "2", "Image size": "192", "Batch size": "4", "Learning rate": "0.001"},
    )
    expect(page.get_by_role("img", name="Loss")).to_be_visible(timeout=JOB_MS)
    expect(page.get_by_text("Running", exact=True)).to_be_visible()
    expect(page.get_by_text("Finished", exact=True)).to_be_visible(timeout=JOB_MS)
    expect(page.get_by_role("region", name="Figures of the run")).to_contain_text("2 / 2")
    expect(page.get_by_role("img", name="Quality")).to_be_visible()
    run = story.run
    assert (run["state"], run["epoch"], run["job"]["attempts"]) == ("succeeded", 2, 1)
    points = story.rest.get(f"runs/{run['id']}/metrics/")["points"]
    losses = [point["value"] for point in points if point["name"] == "train/loss"]
    assert losses[-1] < losses[0]


def measure(story: Story) -> None:
    """The model is measured on pictures that it has not seen."""
    page = story.page
    evaluate(page, "Test")
    (evaluation,) = story.rest.get(f"projects/{story.project}/evaluations/")["results"]
    assert evaluation["split"] == "test"
    assert evaluation["summary"]["ap50"] > 0
    per_class = page.get_by_role("table", name="Per class")
    for name in ("RBC", "WBC", "Platelets"):
        expect(per_class.get_by_role("row").filter(has_text=name)).to_be_visible()
    # then: the matrix holds every object of the split, and a cell opens the objects behind it
    splits = story.rest.get(f"versions/{evaluation['version']}/")["statistics"]["splits"]
    matrix = story.rest.get(f"evaluations/{evaluation['id']}/")["confusion"]["matrix"]
    assert sum(sum(row) for row in matrix[:-1]) == splits["test"]["annotations"]
    page.get_by_role("button", name=re.compile(r"^[1-9]\d*: RBC predicted as")).first.click()
    expect(page.get_by_role("list", name="Objects of the cell").get_by_role("link").first).to_be_visible()


def review_by_hand(story: Story) -> dict[str, Any]:
    """The predictions wait as ghosts: A takes the best one, X leaves the next one, which is answered."""
    page, rest = story.page, story.rest
    page.get_by_role("link", name="Review on images").click()
    expect(page.get_by_text(f"{UNLABELLED} of {LABELLED + UNLABELLED} images")).to_be_visible()
    image = story.to_review()[0]
    offered = story.pending(image)
    page.get_by_role("link", name=image["name"], exact=True).click()
    editor = Editor(page)
    editor.arrive(image)
    editor.expect_objects(0)
    panel = page.get_by_role("region", name="Predictions")
    panel.get_by_role("slider", name="Lowest score shown").press("Home")
    expect(panel.get_by_role("button", name=f"Accept all {len(offered)}")).to_be_visible()
    for key in ("a", "x"):
        panel.get_by_role("listitem").first.get_by_role("button").first.click()
        editor.press(key)
    editor.expect_objects(1)
    editor.save_now()
    (taken,) = rest.annotations(image["id"])
    best, second, *others = offered
    assert (taken["uuid"], taken["class"], taken["score"]) == (best["uuid"], best["class"], best["score"])
    assert taken["source"] == f"run:{story.run['id']}"
    assert taken["shape"]["box"] == pytest.approx(best["shape"]["box"], abs=0.01)
    assert {row["uuid"] for row in story.pending(image)} == {row["uuid"] for row in others}
    return second


def accept_the_rest(story: Story, rejected: dict[str, Any]) -> None:
    """What is sure enough becomes annotations, as one revision; the rest is turned down."""
    page, head = story.page, story.revision()
    sure = [row for image in story.to_review() for row in story.pending(image) if row["score"] >= 0.5]
    page.get_by_role("link", name="Blood cells").click()
    go(page, "Pre-label")
    slide(page.get_by_role("slider", name="Threshold of batch"), 0.5)
    page.get_by_role("button", name="Accept from 0.50").click()
    expect(page.get_by_text(f"{len(sure)} predictions accepted, as revision {head + 1}.")).to_be_visible()
    page.get_by_role("button", name="Reject below 0.50").click()
    expect(page.get_by_text("0 pending")).to_be_visible()
    accepted = story.accepted()
    assert {row["uuid"] for row in sure} < {row["uuid"] for row in accepted}
    assert len(accepted) == len(sure) + 1
    assert {row["source"] for row in accepted} == {f"run:{story.run['id']}"}
    assert rejected["uuid"] not in {row["uuid"] for row in accepted}
    assert {row["created_in"] for row in accepted if row["uuid"] in {item["uuid"] for item in sure}} == {head + 1}
    go(page, "Activity")
    revert = page.get_by_role("button", name=f"Revert revision {head + 1}")
    expect(page.get_by_role("listitem").filter(has=revert)).to_contain_text("Accepted predictions")
