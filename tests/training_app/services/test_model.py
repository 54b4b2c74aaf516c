"""The best checkpoint becomes a model once."""

from __future__ import annotations

from typing import Any

import orjson

from tests.training_app import scenes
from training_app.models import TrainedModel
from training_app.selectors.files import checkpoints_folder, model_folder
from training_app.services.model import model_keep


def test_same_epoch_makes_one_model_and_a_better_one_another(found: dict[str, Any]) -> None:
    first = scenes.trained(found)
    assert first.run is not None
    assert model_keep(first.run) == first
    facts_file = checkpoints_folder(first.run.pk) / "best" / "checkpoint.json"
    facts_file.write_bytes(orjson.dumps(orjson.loads(facts_file.read_bytes()) | {"epoch": 7}))

    second = model_keep(first.run)

    assert second is not None
    assert (second.name, second.epoch) == ("Made up, epoch 7", 7)
    assert TrainedModel.objects.filter(run=first.run).count() == 2
    for model, epoch in ((first, 2), (second, 7)):
        assert orjson.loads((model_folder(model.pk) / "checkpoint.json").read_bytes())["epoch"] == epoch
    assert [row["id"] for row in first.classes] == [row["id"] for row in found["classes"]]
    assert not list(model_folder(1).parent.glob(".*"))


def test_run_without_a_finished_epoch_makes_no_model(found: dict[str, Any]) -> None:
    model = scenes.trained(found)
    run = model.run
    assert run is not None
    (checkpoints_folder(run.pk) / "best" / "checkpoint.json").unlink()
    assert model_keep(run) is None
