"""The shell does what the API does."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.client import Api
from tests.training_app import scenes
from tests.training_app.scenes import PretendedEngine
from training_app.models import Evaluation, Run
from training_app.selectors.run import log_tail, run_state


@pytest.fixture
def found(ada: Api) -> dict[str, Any]:
    return scenes.classified(ada, count=8)


def call(*words: str, **options: Any) -> Any:
    out = io.StringIO()
    call_command(*words, stdout=out, **options)
    return json.loads(out.getvalue())


def test_evaluate_prints_the_summary(ada: Api, found: dict[str, Any], engine: PretendedEngine) -> None:
    engine.predict = lambda _: scenes.tags(0.9, 0.1)
    model = scenes.trained(found)
    answer = call("evaluate", str(model.pk), "first", "val")
    row = Evaluation.objects.get()
    assert answer == {"evaluation": row.pk, "threshold": 0.0, "iou": 0.5, "images": 2, "summary": row.summary}
    assert call("evaluate", str(model.pk), "1", "val") == answer
    assert len(engine.jobs) == 1


def test_evaluate_names_what_there_is(found: dict[str, Any]) -> None:
    model = scenes.trained(found)
    with pytest.raises(CommandError, match=rf"There is no model 999; there are: {model.pk} Made up\."):
        call_command("evaluate", "999", "first", "val")
    with pytest.raises(CommandError, match="There is no version 'second'"):
        call_command("evaluate", str(model.pk), "second", "val")


def test_train_refuses_as_the_api_does(found: dict[str, Any]) -> None:
    words = ("train", str(found["project"]["id"]), "first", "squeezenet1_0")
    with pytest.raises(CommandError, match="Epochs must be from 1 to 5000, not 0"):
        call_command(*words, "--set", "pretrained=false", "--set", "epochs=0")
    with pytest.raises(CommandError, match="write it as KEY=VALUE"):
        call_command(*words, "--set", "epochs")
    assert not Run.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_train_fails_with_the_sentence_of_the_engine(ada: Api) -> None:
    """Boxes are labels, but not for a classifier: only the engine finds that out."""
    scenes.boxed(ada, count=4)
    settings = [f"--set={key}={json.dumps(value)}" for key, value in scenes.SMALL.items()]
    with pytest.raises(CommandError) as caught:
        call_command("train", "Cells", "1", "squeezenet1_0", "--user", "ada", *settings)
    assert str(caught.value).startswith(
        "Train SqueezeNet 1.0 1: The split 'train' of the version has no labelled image that this task can use"
    )
    run = Run.objects.select_related("job").get()
    assert (run.created_by, run_state(run)) == (ada.user, "failed")
    assert "Training failed: The split 'train'" in log_tail(run)
