"""A run that was stopped or killed goes on where it was and ends as if nothing had happened."""

import signal
from pathlib import Path
from typing import Any

import pytest
from safetensors.numpy import load_file

from tests.training_app.engine.scenes import (
    classification_dataset,
    detection_dataset,
    start_engine,
    train_data,
    train_here,
)
from training_app.engine.checkpoint import read_facts

DETECTOR: dict[str, Any] = {"image_size": 64, "epochs": 2, "crop_scale": 0.7}


def same_weights(one: Path, other: Path) -> bool:
    first, second = load_file(one / "model.safetensors"), load_file(other / "model.safetensors")
    return first.keys() == second.keys() and all((first[key] == second[key]).all() for key in first)


def epochs(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = ("epoch", "metrics", "best", "patience_left")
    return [{name: row[name] for name in names} for row in rows if row["event"] == "epoch"]


@pytest.mark.parametrize("stop_after", [1, 3, 5], ids=lambda step: f"step{step}")
def test_stopped_classification_continues_to_the_same_weights(tmp_path: Path, stop_after: int) -> None:
    # given  three steps an epoch: the stops are within, at the end of, and beyond the first epoch
    dataset = classification_dataset(tmp_path / "data")
    whole = train_here(train_data(dataset, tmp_path / "whole", "tiny_classifier", patience=2))
    parted = train_data(dataset, tmp_path / "parted", "tiny_classifier", patience=2)

    # when
    first = train_here(parted, stop_after=stop_after)
    second = train_here(parted, resume=True)

    # then
    assert first.named("finished")[0]["reason"] == "stopped"
    assert second.named("started")[0]["resumed"] == {"epoch": (stop_after - 1) // 3, "step": stop_after}
    assert epochs(first.rows) + epochs(second.rows) == epochs(whole.rows)
    assert same_weights(tmp_path / "whole" / "last", tmp_path / "parted" / "last")
    assert same_weights(tmp_path / "whole" / "best", tmp_path / "parted" / "best")


def test_stopped_detection_continues_to_the_same_weights(tmp_path: Path) -> None:
    # given
    dataset = detection_dataset(tmp_path / "data")
    whole = train_here(train_data(dataset, tmp_path / "whole", "tiny_detector", **DETECTOR))
    parted = train_data(dataset, tmp_path / "parted", "tiny_detector", **DETECTOR)

    # when
    first = train_here(parted, stop_after=2)
    second = train_here(parted, resume=True)

    # then
    assert epochs(first.rows) + epochs(second.rows) == epochs(whole.rows)
    assert same_weights(tmp_path / "whole" / "last", tmp_path / "parted" / "last")


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_signalled_process_resumes_to_the_same_metrics(tmp_path: Path, number: signal.Signals) -> None:
    # given
    dataset = classification_dataset(tmp_path / "data")
    settings = {"epochs": 8, "patience": 8}
    whole = start_engine(train_data(dataset, tmp_path / "whole", "mobilenet_v2", **settings), tmp_path).finish()
    parted = train_data(dataset, tmp_path / "parted", "mobilenet_v2", **settings)

    # when  the signal comes in the middle of the third epoch
    process = start_engine(parted, tmp_path)
    before = process.rows_until("step", epoch=3)
    process.process.send_signal(number)
    before += process.finish()
    after = start_engine({**parted, "resume": True}, tmp_path).finish()

    # then  a killed process leaves its last epoch, a stopped one its last step
    resumed = next(row["resumed"] for row in after if row["event"] == "started")
    assert 2 <= resumed["epoch"] == len(epochs(before)) < 8
    assert process.process.returncode == (0 if number == signal.SIGTERM else -9)
    assert (before[-1]["event"] == "finished") == (number == signal.SIGTERM)
    assert epochs(before) + epochs(after) == epochs(whole)
    assert {**after[-1], "seconds": 0, "images_per_second": 0, "peak_memory_bytes": 0} == {
        **whole[-1],
        "seconds": 0,
        "images_per_second": 0,
        "peak_memory_bytes": 0,
    }
    assert same_weights(tmp_path / "whole" / "last", tmp_path / "parted" / "last")


def test_patience_survives_a_restart(tmp_path: Path) -> None:
    # given  a learning rate too small to gain anything above the smallest improvement
    dataset = classification_dataset(tmp_path / "data")
    data = train_data(
        dataset, tmp_path / "run", "tiny_classifier", epochs=9, patience=3, min_delta=0.9, learning_rate=1e-7
    )

    # when
    train_here(data, stop_after=7)
    events = train_here(data, resume=True)

    # then  the first epoch sets the mark, three more without gain end it
    assert [row["patience_left"] for row in events.named("epoch")] == [1, 0]
    assert events.named("finished")[0]["reason"] == "early_stopped"
    assert read_facts(tmp_path / "run" / "last")["stopping"]["epochs_without_gain"] == 3


def test_finished_run_resumes_to_its_end_at_once(tmp_path: Path) -> None:
    # given
    dataset = classification_dataset(tmp_path / "data")
    data = train_data(dataset, tmp_path / "run", "tiny_classifier", epochs=1)
    finished = train_here(data).named("finished")[0]

    # when
    events = train_here(data, resume=True)

    # then
    assert events.named("epoch") == []
    assert events.named("finished")[0]["best_metrics"] == finished["best_metrics"]
    assert events.named("finished")[0]["reason"] == "completed"


def test_finished_run_can_be_extended_after_early_stopping(tmp_path: Path) -> None:
    # given
    dataset = classification_dataset(tmp_path / "data")
    small = {"patience": 1, "min_delta": 0.9, "learning_rate": 1e-7}
    train_here(train_data(dataset, tmp_path / "run", "tiny_classifier", epochs=3, **small))

    # when
    events = train_here(train_data(dataset, tmp_path / "run", "tiny_classifier", epochs=4, **small), resume=True)

    # then
    assert [row["epoch"] for row in events.named("epoch")] == [3]


def test_resumed_run_keeps_its_settings_but_those_that_may_change(tmp_path: Path) -> None:
    # given
    dataset = classification_dataset(tmp_path / "data")
    train_here(train_data(dataset, tmp_path / "run", "tiny_classifier", epochs=1, learning_rate=1e-4))

    # when
    changed = train_data(dataset, tmp_path / "run", "tiny_classifier", epochs=2, learning_rate=0.5, batch_size=2)
    train_here(changed, resume=True)

    # then
    config = read_facts(tmp_path / "run" / "last")["config"]
    assert (config["epochs"], config["learning_rate"], config["batch_size"]) == (2, 1e-4, 4)


def test_fresh_start_clears_what_an_earlier_run_left(tmp_path: Path) -> None:
    # given
    dataset = classification_dataset(tmp_path / "data")
    train_here(train_data(dataset, tmp_path / "run", "tiny_classifier", epochs=2))

    # when
    events = train_here(train_data(dataset, tmp_path / "run", "tiny_classifier", epochs=1))

    # then
    assert events.named("started")[0]["resumed"] is None
    assert read_facts(tmp_path / "run" / "last")["epoch"] == 1
