"""Evaluations: the figures follow from what was predicted and what the version holds, at any threshold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from annotator.core.models import Job
from tests.client import Api
from tests.training_app import scenes
from tests.training_app.scenes import PretendedEngine
from training_app.models import Evaluation
from training_app.selectors import evaluation as evaluation_selectors
from training_app.selectors.files import predicting_folder


def members(ada: Api, found: dict[str, Any], split: str) -> list[int]:
    params = {"split": split, "version": found["version"]["id"]}
    ids: list[int] = ada.get(f"projects/{found['project']['id']}/images/ids/", **params).ok()["ids"]
    return ids


def evaluate(ada: Api, found: dict[str, Any], model: int, split: str = "test") -> dict[str, Any]:
    body = {"version": found["version"]["id"], "split": split}
    started = ada.post(f"models/{model}/evaluations/", body).ok(202)
    if not (started["job"] is None or started["job"]["state"] == "succeeded"):
        ada.succeed(started["job"])
    answer: dict[str, Any] = ada.get(f"evaluations/{started['id']}/").ok()
    return answer


def label_of(ada: Api, image: int) -> int:
    return int(ada.annotations(image)[0]["class"])


def test_classification_figures_confusion_and_cells(ada: Api, engine: PretendedEngine) -> None:
    found = scenes.classified(ada, count=16)
    red, blue = (row["id"] for row in found["classes"])
    test = members(ada, found, "test")
    truth = {image: label_of(ada, image) for image in test}
    wrong = next(image for image in test if truth[image] == red)
    engine.predict = lambda image: (
        scenes.tags(0.2, 0.8) if truth[image] == blue or image == wrong else scenes.tags(0.9, 0.1)
    )
    model = scenes.trained(found)

    answer = evaluate(ada, found, model.pk)

    reds = sum(label == red for label in truth.values())
    blues = len(test) - reds
    assert (answer["images"], answer["threshold"], answer["iou"]) == (len(test), 0.0, 0.5)
    assert answer["summary"]["accuracy"] == pytest.approx(1 - 1 / len(test))
    assert answer["confusion"] == {
        "labels": ["red", "blue"],
        "classes": [red, blue],
        "matrix": [[reds - 1, 1], [0, blues]],
    }
    rows = {row["class"]: row for row in answer["per_class"]}
    assert (rows[red]["name"], rows[red]["support"], rows[red]["recall"]) == ("red", reds, (reds - 1) / reds)
    assert rows[blue]["precision"] == pytest.approx(blues / (blues + 1))
    cell = ada.get(f"evaluations/{answer['id']}/cells/", truth="red", predicted="blue").ok()
    assert cell == {
        "results": [
            {"image": wrong, "annotation": cell["results"][0]["annotation"], "score": 0.8, "iou": None, "box": None}
        ],
        "total": 1,
    }
    assert cell["results"][0]["annotation"] == ada.annotations(wrong)[0]["uuid"]
    assert ada.get(f"evaluations/{answer['id']}/cells/", truth=red, predicted=blue).ok() == cell
    undecided = ada.get(f"evaluations/{answer['id']}/", threshold=0.85).ok()
    assert undecided["confusion"]["labels"] == ["red", "blue", "undecided"]
    assert undecided["confusion"]["classes"] == [red, blue, None]
    assert not predicting_folder("x").parent.exists() or not list(predicting_folder("x").parent.iterdir())


def test_segmentation_figures_count_pixels(ada: Api, engine: PretendedEngine) -> None:
    # given  in one picture half of the square is missed, in all others nothing
    found = scenes.painted(ada)
    test = members(ada, found, "test")
    numbers = {row["id"]: place for place, row in enumerate(found["classes"], 1)}

    def predict(image: int) -> dict[str, Any]:
        labels = np.zeros((64, 64), dtype=np.uint8)
        labels[8:48, 8 : 28 if image == test[0] else 48] = numbers[label_of(ada, image)]
        return scenes.regions(labels, 0.6)

    engine.predict = predict

    # when
    answer = evaluate(ada, found, scenes.trained(found).pk)

    # then
    name = next(row["name"] for row in found["classes"] if row["id"] == label_of(ada, test[0]))
    same = sum(label_of(ada, image) == label_of(ada, test[0]) for image in test)
    row = next(row for row in answer["per_class"] if row["name"] == name)
    assert (row["support"], row["precision"]) == (1600 * same, 1.0)
    assert row["iou"] == row["recall"] == pytest.approx((1600 * same - 800) / (1600 * same))
    assert answer["confusion"]["labels"] == ["cell", "debris", "background"]
    assert engine.jobs[0]["config"]["label_maps"] is True
    cell = ada.get(f"evaluations/{answer['id']}/cells/", truth=name, predicted="background").ok()
    assert cell["results"] == [
        {
            "image": test[0],
            "annotation": None,
            "score": None,
            "iou": None,
            "box": [28.0, 8.0, 20.0, 40.0],
            "pixels": 800,
        }
    ]
    strict = ada.get(f"evaluations/{answer['id']}/", threshold=0.7).ok()
    assert strict["summary"]["dice"] == 0.0


def test_segmentation_through_a_recipe_is_judged_by_its_regions(ada: Api, engine: PretendedEngine) -> None:
    # given  lines without maps
    found = scenes.painted(ada)
    square = {"type": "polygon", "parts": [{"outer": [[8, 8], [48, 8], [48, 48], [8, 48]], "holes": []}]}
    numbers = {row["id"]: row["number"] for row in found["classes"]}
    engine.predict = lambda image: {
        "predictions": [{"class_number": numbers[label_of(ada, image)], "score": 0.9, "shape": square}]
    }

    # when
    answer = evaluate(ada, found, scenes.trained(found).pk)

    # then
    assert answer["summary"]["miou"] == 1.0


@pytest.fixture
def cells(ada: Api) -> dict[str, Any]:
    return scenes.boxed(ada, count=8)


def test_detection_figures_at_any_threshold_and_overlap(
    ada: Api, engine: PretendedEngine, cells: dict[str, Any]
) -> None:
    test = members(ada, cells, "test")
    numbers = {row["id"]: row["number"] for row in cells["classes"]}
    exact, shifted = (8.0, 8.0, 40.0, 40.0), (12.0, 8.0, 40.0, 40.0)

    def predict(image: int) -> dict[str, Any]:
        number = numbers[label_of(ada, image)]
        if image == test[0]:
            return scenes.boxes((number, 0.9, exact), (number, 0.3, (0.0, 0.0, 6.0, 6.0)))
        return scenes.boxes((number, 0.6, shifted))

    engine.predict = predict
    model = scenes.trained(cells)

    answer = evaluate(ada, cells, model.pk)

    assert engine.jobs[0]["config"] == {"min_score": 0.0, "max_predictions": 300}
    assert answer["summary"]["ap50"] == pytest.approx(1.0)
    assert (answer["summary"]["precision"], answer["summary"]["recall"], answer["iou"]) == (1.0, 1.0, 0.5)
    assert 0.3 < answer["threshold"] <= 0.6
    assert answer["confusion"]["labels"] == ["cell", "debris", "background"]
    assert answer["confusion"]["classes"][-1] is None
    url = f"evaluations/{answer['id']}/"
    low = ada.get(url, threshold=0.1).ok()
    assert (low["summary"]["precision"], low["summary"]["recall"]) == (pytest.approx(len(test) / (len(test) + 1)), 1.0)
    made_up = ada.get(f"{url}cells/", truth="background", predicted=_name(cells, ada, test[0]), threshold=0.1).ok()
    assert made_up["results"] == [
        {"image": test[0], "annotation": None, "score": 0.3, "iou": 0.0, "box": [0.0, 0.0, 6.0, 6.0]}
    ]
    strict = ada.get(url, iou=0.9).ok()
    assert strict["summary"]["recall"] == pytest.approx(1 / len(test))
    right = ada.get(f"{url}cells/", truth=_name(cells, ada, test[0]), predicted=_name(cells, ada, test[0])).ok()
    assert {row["image"] for row in right["results"]} == {
        image for image in test if label_of(ada, image) == label_of(ada, test[0])
    }
    first = next(row for row in right["results"] if row["image"] == test[0])
    assert (first["annotation"], first["iou"]) == (ada.annotations(test[0])[0]["uuid"], 1.0)


def _name(found: dict[str, Any], ada: Api, image: int) -> str:
    label = label_of(ada, image)
    return next(str(row["name"]) for row in found["classes"] if row["id"] == label)


def test_truth_is_that_of_the_version_whatever_was_edited_since(
    ada: Api, engine: PretendedEngine, cells: dict[str, Any]
) -> None:
    test = members(ada, cells, "test")
    numbers = {row["id"]: row["number"] for row in cells["classes"]}
    then = {image: numbers[label_of(ada, image)] for image in test}
    engine.predict = lambda image: scenes.boxes((then[image], 0.9, (8.0, 8.0, 40.0, 40.0)))
    for image in test:
        ada.change(image, delete=[ada.annotations(image)[0]["uuid"]]).ok()
    project = cells["project"]["id"]
    later = ada.post(f"projects/{project}/classes/", {"name": "late"}).ok(201)

    answer = evaluate(ada, cells, scenes.trained(cells).pk)

    assert answer["summary"]["ap"] == pytest.approx(1.0)
    assert later["id"] not in answer["confusion"]["classes"]


def test_class_that_the_model_does_not_know_counts_as_missed(
    ada: Api, engine: PretendedEngine, cells: dict[str, Any]
) -> None:
    engine.predict = lambda _: scenes.boxes((1, 0.9, (8.0, 8.0, 40.0, 40.0)))
    answer = evaluate(ada, cells, scenes.trained(cells, classes=cells["classes"][:1]).pk, "train")

    assert answer["confusion"]["labels"] == ["cell", "debris", "background"]
    debris = answer["per_class"][1]
    assert (debris["name"], debris["recall"]) == ("debris", 0.0)
    assert debris["support"] > 0


def test_unreadable_pictures_are_noted_and_not_counted(
    ada: Api, engine: PretendedEngine, cells: dict[str, Any]
) -> None:
    train = members(ada, cells, "train")
    engine.predict = lambda image: {"predictions": []} | ({"error": "It is cut short."} if image == train[0] else {})
    answer = evaluate(ada, cells, scenes.trained(cells).pk, "train")

    assert answer["images"] == len(train) - 1
    assert answer["notes"] == [{"code": "unreadable_picture", "detail": f"Image {train[0]}: It is cut short."}]


def test_evaluating_again_answers_what_is_there_and_a_failed_one_is_done_anew(
    ada: Api, engine: PretendedEngine, cells: dict[str, Any]
) -> None:
    model = scenes.trained(cells)
    body = {"version": cells["version"]["id"], "split": "val"}
    first = ada.post(f"models/{model.pk}/evaluations/", body).ok(202)
    assert (first["job"]["state"], first["per_class"], first["images"]) == ("queued", [], 0)
    assert ada.post(f"models/{model.pk}/evaluations/", body).ok(202)["job"]["id"] == first["job"]["id"]

    Job.objects.filter(pk=first["job"]["id"]).update(state="failed")
    second = ada.post(f"models/{model.pk}/evaluations/", body).ok(202)
    assert (second["id"], second["job"]["state"]) == (first["id"], "queued")
    assert second["job"]["id"] != first["job"]["id"]
    ada.succeed(second["job"])
    done = ada.post(f"models/{model.pk}/evaluations/", body).ok(202)
    assert (done["job"]["id"], done["job"]["state"]) == (second["job"]["id"], "succeeded")
    listed = ada.get(f"projects/{cells['project']['id']}/evaluations/").ok()["results"]
    assert [(row["id"], row["per_class"]) for row in listed] == [(first["id"], [])]
    assert listed[0]["summary"] == ada.get(f"evaluations/{first['id']}/").ok()["summary"]


def test_figures_are_read_from_disk_once(
    ada: Api, engine: PretendedEngine, cells: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = evaluate(ada, cells, scenes.trained(cells).pk)
    evaluation_selectors._load.cache_clear()
    evaluation_selectors._report.cache_clear()
    for threshold in (0.1, 0.2, 0.1, 0.2):
        ada.get(f"evaluations/{answer['id']}/", threshold=threshold).ok()
    assert evaluation_selectors._load.cache_info().misses == 1
    assert evaluation_selectors._report.cache_info().misses == 2


def test_bad_questions_are_answered_with_a_sentence(ada: Api, engine: PretendedEngine, cells: dict[str, Any]) -> None:
    model = scenes.trained(cells)
    url = f"models/{model.pk}/evaluations/"
    ada.post(url, {"version": cells["version"]["id"], "split": "all"}).refused(400, "invalid")
    ada.post(url, {"version": 999_999, "split": "test"}).refused(404, "not_found")
    started = ada.post(url, {"version": cells["version"]["id"], "split": "test"}).ok(202)
    cells_url = f"evaluations/{started['id']}/cells/"
    params = {"truth": "cell", "predicted": "cell"}
    assert ada.get(cells_url, **params).refused(409, "not_computed").endswith("wait for its job.")
    ada.succeed(started["job"])

    assert (
        ada.get(f"evaluations/{started['id']}/", threshold=2)
        .refused(400, "bad_number")
        .startswith("threshold: must be")
    )
    assert ada.get(cells_url, truth="cell").refused(400, "bad_cell").startswith("Name the cell by")
    sentence = ada.get(cells_url, truth="dog", predicted="cell").refused(400, "bad_cell")
    assert sentence == "truth: 'dog' is not in the matrix; choose one of cell, debris, background."


def test_who_may_evaluate_and_who_may_read(
    ada: Api, engine: PretendedEngine, cells: dict[str, Any], stranger: Api
) -> None:
    model = scenes.trained(cells)
    reviewer = scenes.member(ada, cells, "reviewer")
    body = {"version": cells["version"]["id"], "split": "test"}
    assert reviewer.post(f"models/{model.pk}/evaluations/", body).status == 403
    assert stranger.post(f"models/{model.pk}/evaluations/", body).status == 404
    assert (Evaluation.objects.count(), Job.objects.count()) == (0, 0)
    answer = evaluate(ada, cells, model.pk)
    url = f"evaluations/{answer['id']}/"
    assert (reviewer.get(url).status, stranger.get(url).status) == (200, 404)
    assert stranger.get(f"{url}cells/", truth="cell", predicted="cell").status == 404
    assert stranger.get(f"models/{model.pk}/").status == 404
    assert reviewer.patch(f"models/{model.pk}/", {"name": "Mine"}).status == 403
    assert ada.patch(f"models/{model.pk}/", {"name": " "}).refused(400, "invalid")
    assert ada.patch(f"models/{model.pk}/", {"name": "Good one"}).ok()["name"] == "Good one"
    assert ada.get(f"projects/{cells['project']['id']}/models/").ok()["results"][0]["name"] == "Good one"
