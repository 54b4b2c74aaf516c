"""Precision at a threshold, from what people decided one by one."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.client import Api
from tests.training_app import scenes
from tests.training_app.scenes import PretendedEngine
from training_app.models import TrainedModel

ROW = [(2.0 + 8 * place, 4.0, 6.0, 6.0) for place in range(7)]


@pytest.fixture
def found(ada: Api, engine: PretendedEngine) -> dict[str, Any]:
    made = scenes.boxed(ada, count=1, unlabelled=2)
    engine.predict = lambda _: scenes.boxes(*((1, 0.9 - place / 10, box) for place, box in enumerate(ROW)))
    return made


def proposals(ada: Api, image: int) -> list[str]:
    return [row["uuid"] for row in ada.get(f"images/{image}/predictions/").ok()["results"]]


def pooled(ada: Api, model: TrainedModel) -> Any:
    rows = ada.get(f"models/{model.pk}/precision/").ok()["results"]
    return next((row for row in rows if row["class"] is None), None)


def test_decisions_of_people_count_and_bulk_decisions_do_not(ada: Api, found: dict[str, Any]) -> None:
    # given
    model = scenes.trained(found)
    job = ada.post(f"projects/{found['project']['id']}/auto-label/", {"model": model.pk}).ok(202)
    batch = ada.succeed(job)["batch"]
    one, _ = found["images"][-2:]
    keys = proposals(ada, one)
    assert pooled(ada, model) is None

    # when: five accepted, of which one is moved by a pixel, one far away and one deleted; two rejected
    body = {"accept": keys[:5], "reject": keys[5:], "batch_id": str(uuid4())}
    ada.post(f"images/{one}/predictions/decide/", body).ok()
    for place, (dx, dy) in ((1, (1.0, 0.0)), (2, (0.0, 30.0))):
        x, y, width, height = ROW[place]
        shape = {"type": "box", "box": [x + dx, y + dy, width, height]}
        ada.change(one, update=[{"uuid": keys[place], "shape": shape}]).ok()
    ada.change(one, delete=[keys[3]]).ok()
    before = pooled(ada, model)
    ada.post(f"prediction-batches/{batch}/accept/", {"threshold": 0.5}).ok()
    ada.post(f"prediction-batches/{batch}/reject/", {"below": 0.5}).ok()

    # then
    assert (before["decided"], before["right"], before["corrected"]) == (7, 3, 2)
    assert pooled(ada, model) == before
    points = {round(point["threshold"], 2): point for point in before["points"]}
    assert (points[0.0]["number"], points[0.0]["precision"]) == (7, pytest.approx(3 / 7))
    assert points[0.0]["low"] < 3 / 7 < points[0.0]["high"]
    assert (points[0.6]["number"], points[0.6]["right"], points[0.6]["precision"]) == (4, 2, None)
    (cell,) = (row for row in ada.get(f"models/{model.pk}/precision/").ok()["results"] if row["class"] is not None)
    assert (cell["class"], cell["decided"]) == (found["classes"][0]["id"], 7)


def test_precision_of_another_project_is_not_told(ada: Api, stranger: Api, found: dict[str, Any]) -> None:
    model = scenes.trained(found)
    stranger.get(f"models/{model.pk}/precision/").refused(404, "not_found")


def test_accepted_annotation_keeps_its_origin_and_score_for_ever(ada: Api, found: dict[str, Any]) -> None:
    model = scenes.trained(found)
    ada.succeed(ada.post(f"projects/{found['project']['id']}/auto-label/", {"model": model.pk}).ok(202))
    image = found["images"][-1]
    key = proposals(ada, image)[0]
    ada.post(f"images/{image}/predictions/decide/", {"accept": [key], "batch_id": str(uuid4())}).ok()
    ada.change(image, update=[{"uuid": key, "shape": {"type": "box", "box": [0, 0, 9, 9]}}]).ok()
    (row,) = ada.annotations(image)
    assert (row["uuid"], row["source"], row["score"]) == (key, model.source, 0.9)
