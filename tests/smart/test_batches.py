"""Many images at once: boxes become masks as one operation, images are read ahead; both go on after a kill."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from annotator.core import jobs
from annotator.core.geometry.shapes import shape_to_mask
from annotator.core.models import Job
from annotator.core.weights.entry import WeightsEntry
from annotator.smart import box_conversion
from annotator.smart.worker import Question, SmartWorker
from datasets_app.models import Membership, Operation
from tests.client import Api
from tests.smart.conftest import SAM, bring, overlap

CUT = "grabcut"
BOX = (80.0, 40.0, 140.0, 140.0)


@pytest.fixture
def project(ada: Api, image: int) -> dict[str, Any]:
    """The project of the disc."""
    (row,) = ada.get("projects/").ok()["results"]
    found: dict[str, Any] = ada.get(f"projects/{row['id']}/").ok()
    return found


def classes(project: dict[str, Any]) -> list[int]:
    return [row["id"] for row in project["classes"]]


def convert(api: Api, project: dict[str, Any], **body: Any) -> Any:
    return api.post(f"projects/{project['id']}/smart/{CUT}/boxes-to-masks/", body)


def types(api: Api, image: int) -> dict[str, str]:
    return {row["uuid"]: row["shape"]["type"] for row in api.annotations(image)}


def test_boxes_of_a_class_become_masks_under_the_same_identity(
    ada: Api, project: dict[str, Any], image: int, disc: Any
) -> None:
    # given
    cell, debris = classes(project)
    boxed, other = ada.label(image, cell, BOX), ada.label(image, debris, BOX)
    nothing = ada.label(image, cell, (1, 1, 1.5, 1))
    before = ada.get(f"projects/{project['id']}/").ok()["revision"]

    # when
    counted = convert(ada, project, **{"class": cell}, dry_run=True).ok()
    answer = convert(ada, project, **{"class": cell}).ok(202)
    result = ada.succeed(answer["job"])

    # then
    assert counted == {"images": 1, "objects": 2, "job": None}
    assert {key: answer[key] for key in ("images", "objects")} == {"images": 1, "objects": 2}
    assert result == {"objects": 1, "skipped": 1, "revision": before + 1, "revisions": 1}
    assert types(ada, image) == {boxed: "mask", other: "box", nothing: "box"}
    (mask,) = [row for row in ada.annotations(image) if row["uuid"] == boxed]
    assert (mask["class"], mask["source"]) == (cell, f"method:{CUT}")
    assert overlap(shape_to_mask(mask["shape"], 320, 240), disc[1]) > 0.95


def test_the_operation_is_reverted_as_one(ada: Api, project: dict[str, Any], image: int) -> None:
    cell, _ = classes(project)
    ada.label(image, cell, BOX)
    before = ada.annotations(image)
    job = convert(ada, project, **{"class": cell}, output="polygon").ok(202)["job"]
    ada.succeed(job)
    assert [row["shape"]["type"] for row in ada.annotations(image)] == ["polygon"]

    (newest, *_) = ada.get(f"projects/{project['id']}/revisions/").ok()["results"]
    ada.post(f"revisions/{newest['id']}/revert/").ok()

    after = ada.annotations(image)
    assert [(row["uuid"], row["shape"], row["source"]) for row in after] == [
        (row["uuid"], row["shape"], row["source"]) for row in before
    ]


def test_after_a_kill_it_goes_on_with_the_boxes_that_are_left(
    ada: Api, project: dict[str, Any], image: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given an image for each of three boxes, a revision after each, and a worker that dies over the third
    cell, _ = classes(project)
    images = [image, *ada.images(project["id"], 2)]
    for one in images:
        ada.label(one, cell, (5, 5, 30, 30))
    monkeypatch.setattr(box_conversion, "OBJECTS_A_REVISION", 1)
    asked: list[str] = []

    def answer(_: SmartWorker, question: Question) -> Any:
        asked.append(question.picture.sha256)
        if len(asked) == 3:
            raise SystemExit("killed")
        outer = [[6, 6], [20, 6], [20, 20]]
        return {"shapes": [{"shape": {"type": "polygon", "parts": [{"outer": outer, "holes": []}]}, "score": 0.5}]}

    monkeypatch.setattr(SmartWorker, "predict", answer)
    job = convert(ada, project, **{"class": cell}, output="polygon").ok(202)["job"]

    # when
    with pytest.raises(SystemExit):
        jobs.run_job(job["id"])
    half = [row["source"] for one in images for row in ada.annotations(one)]
    Job.objects.filter(pk=job["id"]).update(state="queued")
    result = ada.succeed(job)

    # then
    assert half == [f"method:{CUT}", f"method:{CUT}", "human"]
    assert len(asked) == 4
    assert (result["objects"], result["skipped"], result["revisions"]) == (3, 0, 3)
    assert [row["shape"]["type"] for one in images for row in ada.annotations(one)] == ["polygon"] * 3
    assert Operation.objects.filter(kind="convert").count() == 1


@pytest.mark.parametrize(
    ("method", "body", "status", "code"),
    [
        ("magic", {}, 404, "unknown_method"),
        (SAM, {}, 503, "method_unavailable"),
        (CUT, {"output": "box"}, 400, "invalid"),
        (CUT, {"class": 999}, 400, "bad_class"),
        (CUT, {"parameters": {"speed": 1}}, 400, "bad_parameter"),
        (CUT, {"filter": {"state": "lost"}}, 400, None),
        (CUT, {}, 400, "no_boxes"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    ada: Api, project: dict[str, Any], method: str, body: dict[str, Any], status: int, code: str | None
) -> None:
    wanted = {"class": classes(project)[0], **body}

    answer = ada.post(f"projects/{project['id']}/smart/{method}/boxes-to-masks/", wanted)

    assert answer.status == status
    assert code is None or answer.body["code"] == code
    assert not Job.objects.exists()


def test_annotators_and_strangers_may_not(ada: Api, project: dict[str, Any], image: int) -> None:
    cell, _ = classes(project)
    ada.label(image, cell, BOX)
    annotator = Api("ann")
    Membership.objects.create(project_id=project["id"], user=annotator.user, role=20)

    assert convert(annotator, project, **{"class": cell}).refused(403, "role_too_low")
    assert convert(Api("mallory"), project, **{"class": cell}).refused(404, "not_found")
    assert not Job.objects.exists()


def test_the_next_images_are_read_ahead(
    ada: Api, project: dict[str, Any], image: int, sam: WeightsEntry, tiny_checkpoint: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(jobs, "send", lambda _: None)
    bring(sam, tiny_checkpoint)
    url = f"projects/{project['id']}/smart/{SAM}/prepare/"

    assert ada.post(url, {"images": [image, 999]}).ok(202)["waiting"] == 1
    for row in Job.objects.all():
        jobs.run_job(str(row.pk))

    assert ada.post(url, {"images": [image]}).ok() == {"waiting": 0, "job": None}
    assert ada.post(url, {"images": list(range(21))}).refused(400, "too_many_images")
    assert ada.post(url, {}).refused(400, "images_or_filter")


def test_all_images_of_a_filter_are_read_ahead_by_a_job(
    ada: Api, project: dict[str, Any], image: int, sam: WeightsEntry, tiny_checkpoint: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(jobs, "send", lambda _: None)
    bring(sam, tiny_checkpoint)
    ada.images(project["id"], 2)
    url = f"projects/{project['id']}/smart/{SAM}/prepare/"

    first = ada.succeed(ada.post(url, {"filter": {}}).ok(202)["job"])
    second = ada.succeed(ada.post(url, {"filter": {}}).ok(202)["job"])

    assert first == {"prepared": 3, "ready": 0, "missing": 0}
    assert second == {"prepared": 0, "ready": 3, "missing": 0}
    assert ada.post(url, {"filter": {"q": "no such name"}}).refused(400, "no_images")
