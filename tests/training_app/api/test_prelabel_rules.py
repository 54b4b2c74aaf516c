"""What a person says of a pre-labelling, tried on some images first."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.core.models import Job
from tests.client import Api
from tests.training_app import scenes
from tests.training_app.scenes import PretendedEngine
from training_app.models import Prediction, PredictionBatch, TrainedModel

LEFT, RIGHT, NEAR_LEFT = (4.0, 20.0, 20.0, 20.0), (40.0, 20.0, 20.0, 20.0), (6.0, 21.0, 20.0, 20.0)


@pytest.fixture
def found(ada: Api, engine: PretendedEngine) -> dict[str, Any]:
    made = scenes.boxed(ada, count=2, unlabelled=30)
    engine.predict = lambda _: scenes.boxes((1, 0.9, LEFT), (2, 0.6, NEAR_LEFT), (2, 0.5, RIGHT))
    return made


@pytest.fixture
def model(found: dict[str, Any]) -> TrainedModel:
    return scenes.trained(found)


def start(ada: Api, found: dict[str, Any], model: TrainedModel, **body: Any) -> Any:
    return ada.post(f"projects/{found['project']['id']}/auto-label/", {"model": model.pk, "min_score": 0.3} | body)


def made(
    ada: Api, found: dict[str, Any], model: TrainedModel, **body: Any
) -> tuple[dict[str, int], set[tuple[Any, ...]]]:
    result = ada.succeed(start(ada, found, model, **body).ok(202))
    rows = ada.get(f"images/{found['images'][-1]}/predictions/").ok()["results"]
    return result["left_out"], {(row["class"], row["score"]) for row in rows}


def test_each_rule_leaves_out_and_counts(ada: Api, found: dict[str, Any], model: TrainedModel) -> None:
    cell, debris = (row["id"] for row in found["classes"])
    everything = {(cell, 0.9), (debris, 0.6), (debris, 0.5)}
    for body, left_out, kept in (
        ({}, {}, everything),
        ({"mapping": {"2": None}}, {"unmapped": 60}, {(cell, 0.9)}),
        ({"mapping": {"2": cell}, "max_overlap": 0.5}, {"overlapping": 30}, {(cell, 0.9), (cell, 0.5)}),
        ({"thresholds": {str(debris): 0.55}}, {"below": 30}, {(cell, 0.9), (debris, 0.6)}),
        ({"thresholds": {str(debris): 0.2}, "min_score": 0.95}, {"below": 30}, {(debris, 0.6), (debris, 0.5)}),
        ({"region": [0.5, 0.0, 0.5, 1.0]}, {"outside": 60}, {(debris, 0.5)}),
        ({"inside_class": cell}, {"outside": 90}, set()),
    ):
        assert made(ada, found, model, **body) == (left_out, kept)
    assert PredictionBatch.objects.latest("pk").rules["inside_class"] == cell


def test_finds_must_lie_in_boxes_that_are_there(ada: Api, found: dict[str, Any], model: TrainedModel) -> None:
    cell = found["classes"][0]["id"]
    image = found["images"][-1]
    ada.label(image, cell, (0, 0, 32, 64))
    result = ada.succeed(start(ada, found, model, inside_class=cell, filter={}).ok(202))
    rows = ada.get(f"images/{image}/predictions/").ok()["results"]
    assert sorted(row["score"] for row in rows) == [0.6, 0.9]
    assert result["left_out"]["outside"] > 0


def test_dry_run_looks_at_twenty_and_stores_nothing(
    ada: Api, found: dict[str, Any], model: TrainedModel, engine: PretendedEngine
) -> None:
    cell, debris = (row["id"] for row in found["classes"])
    answer = ada.succeed(start(ada, found, model, dry_run=True, mapping={"1": None}).ok(202))
    assert (answer["images"], answer["total"], answer["predictions"]) == (20, 30, 40)
    assert answer["per_class"] == {str(debris): 40}
    assert answer["left_out"] == {"unmapped": 20}
    assert answer["estimate"]["predictions"] == 60
    assert answer["estimate"]["seconds"] >= 0
    looked_at = [row["image"] for row in answer["samples"]]
    assert {found["images"][2], found["images"][-1]} <= set(looked_at)
    assert answer["samples"][0]["predictions"][0]["box"] == list(NEAR_LEFT)
    assert (PredictionBatch.objects.count(), Prediction.objects.count(), len(engine.jobs)) == (0, 0, 1)
    assert cell not in {row["class"] for sample in answer["samples"] for row in sample["predictions"]}


def test_rules_that_mean_nothing_are_refused_and_start_no_job(
    ada: Api, found: dict[str, Any], model: TrainedModel
) -> None:
    jobs = Job.objects.count()
    for body in (
        {"mapping": {"9": None}},
        {"mapping": {"1": 99_999}},
        {"mapping": {"one": None}},
        {"thresholds": {"99999": 0.5}},
        {"inside_class": 99_999},
        {"region": [0.2, 0.2, 0.0, 0.5]},
        {"region": [0.2, -0.2, 0.5, 0.5]},
    ):
        start(ada, found, model, **body).refused(400, "bad_rules")
    start(ada, found, model, max_overlap=2).refused(400, "invalid")
    assert Job.objects.count() == jobs
