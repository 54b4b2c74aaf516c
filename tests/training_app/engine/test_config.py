"""Settings: the form that is drawn from them and the sentences that refuse a wrong one."""

import subprocess
import sys

import pytest

from tests.training_app.engine.scenes import ROOT
from training_app.architectures.catalog import ARCHITECTURES
from training_app.engine.config import (
    ConfigError,
    TrainConfig,
    config_schema,
    config_to_json,
    predict_config,
    stored_config,
    train_config,
)


@pytest.mark.parametrize("task", ["classification", "detection"])
def test_every_row_of_the_form_has_words_and_a_default_within_its_range(task: str) -> None:
    for row in config_schema(task):
        assert set(row) == {"key", "title", "help", "type", "min", "max", "default", "choices"}
        assert row["title"]
        assert row["help"].endswith(".") or row["key"] == "monitor"
        if row["type"] in ("integer", "number"):
            assert row["min"] <= row["default"] <= row["max"]
        if row["type"] == "choice":
            assert row["default"] in row["choices"]


def test_form_shows_the_settings_of_its_task_only() -> None:
    # when
    keys = {task: {row["key"] for row in config_schema(task)} for task in ("classification", "detection")}

    # then
    assert keys["classification"] - keys["detection"] == {"fit", "label_smoothing"}
    assert keys["detection"] <= keys["classification"]


def test_defaults_of_the_architecture_win_over_the_general_ones() -> None:
    # given
    facts = ARCHITECTURES.get_entry("fasterrcnn_mobilenet_v2_fpn").facts

    # when
    schema = {row["key"]: row for row in config_schema("detection", facts["defaults"])}
    config = train_config("detection", {"epochs": 3}, facts["defaults"])

    # then
    assert schema["batch_size"]["default"] == 4
    assert schema["monitor"]["choices"] == ["val/ap", "val/ap50", "val/loss"]
    assert (config.epochs, config.batch_size, config.monitor) == (3, 4, "val/ap")


def test_whole_numbers_may_come_as_floats() -> None:
    assert train_config("detection", {"epochs": 3.0, "learning_rate": 1}) == train_config(
        "detection", {"epochs": 3, "learning_rate": 1.0}
    )


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"epochs": 0}, "epochs", "Epochs must be from 1 to 5000, not 0."),
        ({"epochs": 1.5}, "epochs", "Epochs must be a whole number, not 1.5."),
        ({"epochs": True}, "epochs", "Epochs must be a number, not True."),
        ({"learning_rate": "fast"}, "learning_rate", "Learning rate must be a number, not 'fast'."),
        ({"learning_rate": float("nan")}, "learning_rate", "Learning rate must be from 1e-07 to 10, not nan."),
        ({"optimizer": "lion"}, "optimizer", "Optimiser must be one of adamw, sgd, not 'lion'."),
        ({"pretrained": 1}, "pretrained", "Pretrained weights must be true or false, not 1."),
        (
            {"monitor": "val/ap"},
            "monitor",
            "Watched metric must be one of val/accuracy, val/f1, val/loss, not 'val/ap'.",
        ),
    ],
)
def test_wrong_settings_are_refused_with_the_field(given: dict[str, object], field: str, sentence: str) -> None:
    # when
    with pytest.raises(ConfigError) as failure:
        train_config("classification", given)

    # then
    assert failure.value.fields == {field: sentence}


def test_unknown_settings_are_refused_together_with_wrong_ones() -> None:
    # when
    with pytest.raises(ConfigError) as failure:
        predict_config({"batch": 4, "min_score": 2})

    # then
    assert failure.value.fields["min_score"] == "Lowest score must be from 0 to 1, not 2."
    assert failure.value.fields["batch"].startswith("There is no setting 'batch'; known are batch_size, ")


def test_config_survives_json() -> None:
    config = train_config("classification", {"crop_scale": 0.5})
    assert TrainConfig(**config_to_json(config)) == config


def test_settings_of_an_older_version_are_left_out() -> None:
    assert stored_config("detection", {"epochs": 3, "mosaic": True}) == train_config("detection", {"epochs": 3})


def test_what_the_web_process_lists_imports_no_torch() -> None:
    # given
    modules = ("architectures.catalog", "engine.config", "engine.job", "engine.tasks.catalog", "weights")
    evaluation = ("evaluation.report", "evaluation.table")
    code = "import sys\n" + "".join(f"import training_app.{name}\n" for name in (*modules, *evaluation))

    # when
    done = subprocess.run(
        [sys.executable, "-c", code + "print('torch' in sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    # then
    assert done.stdout.strip() == "False"
