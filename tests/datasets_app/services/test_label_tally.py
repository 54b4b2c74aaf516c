"""Kept counts of labels: ready after an import, followed from there, and made anew where they are of no use."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from datasets_app.models import Image, LabelTally, Project, Version
from datasets_app.services import label_tally
from datasets_app.services.image_colours import colours_measure
from tests.client import Api
from tests.datasets_app.services.counting import assert_tally_is_fresh, assert_version_is_fresh


@pytest.fixture(autouse=True)
def _keeps_every_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.core.jobs.send", lambda _row: None)
    monkeypatch.setattr(label_tally, "KEEP_AFTER", 0)


@pytest.fixture
def ada(db: None) -> Api:
    return Api("ada")


@pytest.fixture
def project(ada: Api) -> dict[str, Any]:
    return ada.project("cell", "debris")


def test_an_import_leaves_the_counts_ready(ada: Api, project: dict[str, Any], tmp_path: Path) -> None:
    image = ada.images(project["id"], 1)[0]
    facts = ada.get(f"images/{image}/").ok()
    body = {
        "images": [{"id": 1, "file_name": facts["name"], "width": facts["width"], "height": facts["height"]}],
        "categories": [{"id": 1, "name": project["classes"][0]["name"]}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "area": 12, "iscrowd": 0}],
    }
    path = tmp_path / "labels.json"
    path.write_text(json.dumps(body))
    with path.open("rb") as stream:
        ada.succeed(ada.send(f"projects/{project['id']}/imports/", file=stream).ok(202))
    row = Project.objects.get(pk=project["id"])
    assert LabelTally.objects.get(project=row).revision == row.revision
    assert_tally_is_fresh(row)


def test_counts_of_another_release_or_of_later_are_not_used(ada: Api, project: dict[str, Any]) -> None:
    image = ada.images(project["id"], 1)[0]
    ada.label(image, project["classes"][0]["id"])
    row = Project.objects.get(pk=project["id"])
    assert_tally_is_fresh(row)
    LabelTally.objects.filter(project=row).update(packed=b'{"format":0}\n')
    assert_tally_is_fresh(row)
    LabelTally.objects.filter(project=row).update(revision=row.revision + 1, packed=b"")
    assert_tally_is_fresh(row)


def test_a_look_at_the_past_finds_what_was_there(ada: Api, project: dict[str, Any]) -> None:
    images = ada.images(project["id"], 2)
    key = ada.label(images[0], project["classes"][0]["id"])
    then = Project.objects.get(pk=project["id"])
    ada.change(images[0], delete=[key]).ok()
    ada.label(images[1], project["classes"][1]["id"])
    assert_tally_is_fresh(then)
    assert_tally_is_fresh(Project.objects.get(pk=project["id"]))


def test_colours_that_are_measured_later_are_in_the_next_version(ada: Api, project: dict[str, Any]) -> None:
    ada.images(project["id"], 6)
    row = Project.objects.get(pk=project["id"])
    images = Image.objects.filter(project=row)
    images.update(facts={})
    before = ada.post(f"projects/{row.pk}/versions/", {"name": "before"}).ok(201)["statistics"]["splits"]
    assert [body["colours"] for body in before.values()] == [None] * 3
    assert colours_measure(row) == 6
    assert_tally_is_fresh(row)
    after = ada.post(f"projects/{row.pk}/versions/", {"name": "after"}).ok(201)
    assert_version_is_fresh(Version.objects.get(pk=after["id"]))
    train = after["statistics"]["splits"]["train"]
    assert train["colours"]["images"] == train["images"] > 0
