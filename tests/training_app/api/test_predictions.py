"""Pre-labelling: proposals come once, decisions count once, what is accepted is one revision."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from annotator.core import jobs
from annotator.core.models import Job, JobState
from datasets_app.models import Annotation, Revision
from tests.client import Api
from tests.training_app import scenes
from tests.training_app.scenes import PretendedEngine
from training_app.models import Prediction, PredictionBatch, TrainedModel

BIG, SMALL, OUTSIDE = (8.0, 8.0, 40.0, 40.0), (1.0, 2.0, 10.0, 12.0), (90.0, 90.0, 5.0, 5.0)


@pytest.fixture
def found(ada: Api, engine: PretendedEngine) -> dict[str, Any]:
    """Two labelled and three unlabelled images; the engine finds two objects on each."""
    made = scenes.boxed(ada, count=4, unlabelled=3)
    engine.predict = lambda _: scenes.boxes((1, 0.9, BIG), (2, 0.4, SMALL))
    return made


@pytest.fixture
def model(found: dict[str, Any]) -> TrainedModel:
    return scenes.trained(found)


def pre_label(ada: Api, found: dict[str, Any], model: TrainedModel, **body: Any) -> dict[str, Any]:
    url = f"projects/{found['project']['id']}/auto-label/"
    result = ada.succeed(ada.post(url, {"model": model.pk, **body}).ok(202))
    answer: dict[str, Any] = ada.get(f"prediction-batches/{result['batch']}/").ok()
    return answer


def predictions(ada: Api, image: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = ada.get(f"images/{image}/predictions/").ok()["results"]
    return rows


def states(ada: Api, image: int) -> list[str]:
    return [row["state"] for row in predictions(ada, image)]


def decide(ada: Api, image: int, **body: Any) -> Any:
    return ada.post(f"images/{image}/predictions/decide/", {"batch_id": str(uuid4())} | body)


def test_only_images_without_labels_get_proposals(ada: Api, found: dict[str, Any], model: TrainedModel) -> None:
    batch = pre_label(ada, found, model)

    assert (batch["images"], batch["counts"]) == (3, {"pending": 6, "accepted": 0, "rejected": 0})
    assert (batch["run"], batch["model"], batch["min_score"]) == (model.run_id, model.pk, 0.2)
    assert [index for index, number in enumerate(batch["histogram"]) if number] == [8, 18]
    assert predictions(ada, found["images"][0]) == []
    rows = predictions(ada, found["images"][-1])
    cell, debris = (row["id"] for row in found["classes"])
    assert [(row["class"], row["score"], row["state"]) for row in rows] == [
        (cell, 0.9, "pending"),
        (debris, 0.4, "pending"),
    ]
    assert rows[0]["shape"] == {"type": "box", "box": list(BIG)}
    assert (rows[0]["batch"], rows[0]["source"]) == (batch["id"], f"run:{model.run_id}")
    assert ada.get(f"projects/{found['project']['id']}/prediction-batches/").ok() == {"results": [batch]}
    assert ada.annotations(found["images"][-1]) == []


def test_any_filter_of_the_grid_chooses_the_images(ada: Api, found: dict[str, Any], model: TrainedModel) -> None:
    assert pre_label(ada, found, model, filter={"state": "annotated"})["images"] == 4
    url = f"projects/{found['project']['id']}/auto-label/"
    ada.post(url, {"model": model.pk, "filter": {"state": "lost"}}).refused(400, "bad_filter")
    sentence = ada.post(url, {"model": model.pk, "filter": {"q": "nowhere"}}).refused(400, "no_images")
    assert sentence == "filter: no image passes; by default only images without labels do."


def test_job_of_a_dead_worker_proposes_nothing_twice(
    ada: Api, found: dict[str, Any], model: TrainedModel, engine: PretendedEngine
) -> None:
    job = ada.post(f"projects/{found['project']['id']}/auto-label/", {"model": model.pk}).ok(202)
    first = ada.succeed(job)
    # The worker dies after its last write, before the job's end is written: the job is run again.
    Job.objects.filter(pk=job["id"]).update(state=JobState.QUEUED)
    assert ada.succeed(job) == first
    assert (PredictionBatch.objects.count(), Prediction.objects.count(), len(engine.jobs)) == (1, 6, 1)


def test_job_that_dies_half_way_leaves_nothing_and_succeeds_the_next_time(
    ada: Api, found: dict[str, Any], model: TrainedModel, engine: PretendedEngine
) -> None:
    good = engine.predict
    images = iter(found["images"][-3:])

    def dies(image: int) -> dict[str, Any]:
        if image != next(images):
            raise AssertionError
        if image == found["images"][-1]:
            raise MemoryError
        return good(image)

    engine.predict = dies
    job = ada.post(f"projects/{found['project']['id']}/auto-label/", {"model": model.pk}).ok(202)
    assert ada.finish(job)["state"] == "failed"
    assert (PredictionBatch.objects.count(), Prediction.objects.count()) == (0, 0)
    engine.predict = good
    Job.objects.filter(pk=job["id"]).update(state=JobState.QUEUED)
    assert ada.succeed(job)["predictions"] == 6


def test_a_new_batch_replaces_what_is_still_pending_on_its_images(
    ada: Api, found: dict[str, Any], model: TrainedModel
) -> None:
    image = found["images"][-1]
    first = pre_label(ada, found, model)
    decide(ada, image, reject=[predictions(ada, image)[1]["uuid"]]).ok()
    second = pre_label(ada, found, model)
    assert sorted(states(ada, image)) == ["pending", "pending", "rejected"]
    assert ada.get(f"prediction-batches/{first['id']}/").ok()["counts"] == {"pending": 0, "accepted": 0, "rejected": 1}
    assert second["counts"]["pending"] == 6


def test_accepting_above_a_threshold_is_one_revision_whose_source_names_the_run(
    ada: Api, found: dict[str, Any], model: TrainedModel
) -> None:
    batch = pre_label(ada, found, model)
    before = Revision.objects.count()

    answer = ada.post(f"prediction-batches/{batch['id']}/accept/", {"threshold": 0.5}).ok()

    assert (answer["accepted"], answer["rejected"], answer["skipped"]) == (3, 0, 0)
    assert Revision.objects.count() == before + 1
    revision = Revision.objects.get(number=answer["revision"])
    assert (revision.kind, revision.author, revision.opened) == ("accept", ada.user, 6)
    assert revision.message == "Accepted predictions of Made up from 0.5 on"
    for image in found["images"][-3:]:
        (row,) = ada.annotations(image)
        assert (row["source"], row["score"], row["class"]) == (f"run:{model.run_id}", 0.9, found["classes"][0]["id"])
        assert row["uuid"] == predictions(ada, image)[0]["uuid"]
        assert ada.get(f"images/{image}/").ok()["state"] == "annotated"
        assert states(ada, image) == ["accepted", "pending"]
    again = ada.post(f"prediction-batches/{batch['id']}/accept/", {"threshold": 0.5}).ok()
    assert again == {"revision": answer["revision"], "accepted": 0, "rejected": 0, "skipped": 0}
    assert Revision.objects.count() == before + 1


def test_rejecting_below_a_score_makes_no_revision(ada: Api, found: dict[str, Any], model: TrainedModel) -> None:
    batch = pre_label(ada, found, model)
    newest = ada.get(f"projects/{found['project']['id']}/").ok()["revision"]
    url = f"prediction-batches/{batch['id']}/"
    assert ada.post(f"{url}reject/", {"below": 0.5}).ok() == {
        "revision": newest,
        "accepted": 0,
        "rejected": 3,
        "skipped": 0,
    }
    assert ada.get(url).ok()["counts"] == {"pending": 3, "accepted": 0, "rejected": 3}
    assert ada.post(f"{url}accept/", {"threshold": 0}).ok()["accepted"] == 3
    assert Annotation.objects.now().filter(source__startswith="run:").count() == 3


def test_deciding_one_by_one_counts_once(ada: Api, found: dict[str, Any], model: TrainedModel) -> None:
    pre_label(ada, found, model)
    image = found["images"][-1]
    best, other = (row["uuid"] for row in predictions(ada, image))
    body = {"batch_id": str(uuid4()), "accept": [best], "reject": [other]}

    first = decide(ada, image, **body).ok()

    assert (first["accepted"], first["rejected"]) == (1, 1)
    assert states(ada, image) == ["accepted", "rejected"]
    before = Revision.objects.count()
    assert decide(ada, image, **body).ok() == first
    assert decide(ada, image, **(body | {"batch_id": str(uuid4())})).ok() == first
    assert Revision.objects.count() == before
    assert len(ada.annotations(image)) == 1
    # A rejection can be taken back by accepting; an accepted object is deleted in the editor.
    assert decide(ada, image, accept=[other], reject=[best]).ok()["rejected"] == 0
    assert states(ada, image) == ["accepted", "accepted"]


def test_replay_after_a_revert_does_not_accept_again(ada: Api, found: dict[str, Any], model: TrainedModel) -> None:
    pre_label(ada, found, model)
    image = found["images"][-1]
    body = {"batch_id": str(uuid4()), "accept": [predictions(ada, image)[0]["uuid"]]}
    first = decide(ada, image, **body).ok()
    ada.post(f"revisions/{Revision.objects.get(number=first['revision']).pk}/revert/").ok()
    assert decide(ada, image, **body).ok() == first
    assert ada.annotations(image) == []


def test_reverted_acceptance_is_pending_again_and_can_be_accepted_again(
    ada: Api, found: dict[str, Any], model: TrainedModel
) -> None:
    batch = pre_label(ada, found, model)
    url = f"prediction-batches/{batch['id']}/"
    first = ada.post(f"{url}accept/", {"threshold": 0.5}).ok()
    ada.post(f"revisions/{Revision.objects.get(number=first['revision']).pk}/revert/").ok()

    image = found["images"][-1]
    assert ada.get(url).ok()["counts"] == {"pending": 6, "accepted": 0, "rejected": 0}
    assert (states(ada, image), ada.annotations(image)) == (["pending", "pending"], [])
    assert ada.get(f"images/{image}/").ok()["state"] == "unlabelled"
    second = ada.post(f"{url}accept/", {"threshold": 0.5}).ok()
    assert second["accepted"] == 3
    assert ada.get(url).ok()["counts"] == {"pending": 3, "accepted": 3, "rejected": 0}
    # A person who deletes what was accepted has decided: it does not come back as a proposal.
    ada.change(image, delete=[ada.annotations(image)[0]["uuid"]]).ok()
    assert states(ada, image) == ["accepted", "pending"]


def test_unknown_predictions_and_contradictions_change_nothing(
    ada: Api, found: dict[str, Any], model: TrainedModel
) -> None:
    pre_label(ada, found, model)
    one, two = found["images"][-1], found["images"][-2]
    mine, foreign = predictions(ada, one)[0]["uuid"], predictions(ada, two)[0]["uuid"]
    assert (
        decide(ada, one, accept=[mine, foreign])
        .refused(400, "no_such_prediction")
        .endswith("load its predictions anew.")
    )
    assert decide(ada, one, accept=[mine], reject=[mine]).refused(400, "decided_twice")
    ada.post(f"images/{one}/predictions/decide/", {"accept": [mine]}).refused(400, "invalid")
    assert states(ada, one) == ["pending", "pending"]
    assert ada.annotations(one) == []


def test_shapes_outside_the_picture_and_retired_classes_are_left_out(
    ada: Api, found: dict[str, Any], model: TrainedModel, engine: PretendedEngine
) -> None:
    debris = found["classes"][1]["id"]
    for image in found["images"][:4]:
        ada.change(image, delete=[row["uuid"] for row in ada.annotations(image) if row["class"] == debris]).ok()
    ada.delete(f"classes/{debris}/").ok(204)
    engine.predict = lambda _: scenes.boxes((1, 0.9, BIG), (2, 0.8, BIG), (1, 0.7, OUTSIDE))
    job = ada.post(
        f"projects/{found['project']['id']}/auto-label/", {"model": model.pk, "filter": {"q": "006.png"}}
    ).ok(202)
    assert ada.succeed(job) == {
        "batch": PredictionBatch.objects.get().pk,
        "images": 1,
        "predictions": 1,
        "left_out": {"unmapped": 1},
    }


def test_only_the_best_class_of_an_image_is_proposed_and_no_tag_is_replaced(ada: Api, engine: PretendedEngine) -> None:
    found = scenes.classified(ada, count=8, unlabelled=2)
    red, blue = (row["id"] for row in found["classes"])
    one, two = found["images"][-2:]
    engine.predict = lambda _: scenes.tags(0.3, 0.7)
    batch = pre_label(ada, found, scenes.trained(found), min_score=0.0)
    assert [(row["class"], row["score"]) for row in predictions(ada, one)] == [(blue, 0.7)]
    ada.post(f"projects/{found['project']['id']}/images/bulk/", {"ids": [one], "action": "classify", "value": red}).ok()

    answer = ada.post(f"prediction-batches/{batch['id']}/accept/", {"threshold": 0}).ok()

    assert (answer["accepted"], answer["skipped"]) == (1, 1)
    assert [row["class"] for row in ada.annotations(one)] == [red]
    assert [row["class"] for row in ada.annotations(two)] == [blue]
    assert ada.get(f"prediction-batches/{batch['id']}/").ok()["counts"] == {"pending": 1, "accepted": 1, "rejected": 0}


def test_predictions_on_deleted_images_are_skipped(ada: Api, found: dict[str, Any], model: TrainedModel) -> None:
    batch = pre_label(ada, found, model)
    ada.delete(f"images/{found['images'][-1]}/").ok(204)
    answer = ada.post(f"prediction-batches/{batch['id']}/accept/", {"threshold": 0.5}).ok()
    assert (answer["accepted"], answer["skipped"]) == (2, 1)


def test_image_that_somebody_is_at_stays_in_progress(ada: Api, found: dict[str, Any], model: TrainedModel) -> None:
    image = found["images"][-1]
    pre_label(ada, found, model)
    ada.change(image, state="in_progress").ok()
    decide(ada, image, accept=[predictions(ada, image)[0]["uuid"]]).ok()
    assert ada.get(f"images/{image}/").ok()["state"] == "in_progress"


def test_annotators_decide_managers_pre_label_viewers_look(
    ada: Api, found: dict[str, Any], model: TrainedModel, stranger: Api
) -> None:
    batch = pre_label(ada, found, model)
    viewer, annotator = scenes.member(ada, found, "viewer"), scenes.member(ada, found, "annotator")
    image = found["images"][-1]
    key = predictions(ada, image)[0]["uuid"]
    url, project = f"prediction-batches/{batch['id']}/", f"projects/{found['project']['id']}/"
    before = Revision.objects.count(), Job.objects.count()

    for path, body in (
        (f"{url}accept/", {"threshold": 0}),
        (f"{url}reject/", {"below": 1}),
        (f"images/{image}/predictions/decide/", {"batch_id": str(uuid4()), "accept": [key]}),
        (f"{project}auto-label/", {"model": model.pk}),
    ):
        assert (viewer.post(path, body).status, stranger.post(path, body).status) == (403, 404)
    assert annotator.post(f"{project}auto-label/", {"model": model.pk}).status == 403
    for path in (url, f"{project}prediction-batches/", f"images/{image}/predictions/"):
        assert (viewer.get(path).status, stranger.get(path).status) == (200, 404)
    assert (Revision.objects.count(), Job.objects.count()) == before
    assert states(ada, image) == ["pending", "pending"]
    assert decide(annotator, image, accept=[key]).ok()["accepted"] == 1
    assert ada.annotations(image)[0]["created_by"] == "annotator"


def test_model_of_another_project_is_unknown(ada: Api, found: dict[str, Any], model: TrainedModel) -> None:
    other = ada.project()
    url = f"projects/{other['id']}/auto-label/"
    assert ada.post(url, {"model": model.pk}).refused(404, "not_found").startswith("model: there is no model")


def test_cancelled_pre_labelling_leaves_nothing(
    ada: Api, found: dict[str, Any], model: TrainedModel, engine: PretendedEngine
) -> None:
    job = ada.post(f"projects/{found['project']['id']}/auto-label/", {"model": model.pk}).ok(202)
    good = engine.predict

    def cancels(image: int) -> dict[str, Any]:
        jobs.cancel(Job.objects.get(pk=job["id"]))
        return good(image)

    engine.predict = cancels
    assert ada.finish(job)["state"] == "cancelled"
    assert not PredictionBatch.objects.exists()


def test_the_grid_finds_images_whose_predictions_wait(ada: Api, found: dict[str, Any], model: TrainedModel) -> None:
    pre_label(ada, found, model)
    path = f"projects/{found['project']['id']}/images/ids/"
    waiting = found["images"][-3:]
    assert ada.get(path, has_predictions="1").ok()["ids"] == waiting
    assert ada.get(path, has_predictions="false").ok()["ids"] == found["images"][:-3]
    decide(ada, waiting[0], reject=[row["uuid"] for row in predictions(ada, waiting[0])]).ok()
    assert ada.get(path, has_predictions="true").ok()["ids"] == waiting[1:]
    ada.get(path, has_predictions="maybe").refused(400, "bad_filter")
