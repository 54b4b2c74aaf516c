"""Learning rates, freezing and the order of batches: what makes a run the same run."""

import numpy as np
import pytest
from torch import nn

from tests.training_app.engine.tiny import TinyClassifier
from training_app.architectures.base import Preprocess
from training_app.engine.config import train_config
from training_app.engine.data import EpochBatches, balancing_weights
from training_app.engine.optim import Freezing, Schedule, build_optimizer, set_rate
from training_app.engine.samples import Sample
from training_app.engine.stopping import EarlyStopping
from training_app.engine.tasks.catalog import TASKS


def tiny() -> nn.Module:
    return TinyClassifier().build(2, Preprocess(size=32, fit="crop"), {})


def test_one_cycle_rises_to_its_peak_and_falls_to_nothing() -> None:
    # given
    schedule = Schedule(kind="one_cycle", peak=1.0, warmup=0.3, frozen_steps=0, total_steps=1000)

    # when
    rates = [schedule.rate(step) for step in range(1000)]

    # then
    assert rates[0] == pytest.approx(0.04, abs=1e-3)
    assert int(np.argmax(rates)) in (299, 300)
    assert max(rates) == pytest.approx(1.0, abs=1e-4)
    assert rates[-1] < 1e-5


def test_frozen_phase_has_a_cycle_of_its_own() -> None:
    # given
    schedule = Schedule(kind="one_cycle", peak=1.0, warmup=0.3, frozen_steps=100, total_steps=400)

    # when
    rates = [schedule.rate(step) for step in range(400)]

    # then
    assert rates[99] < 0.01
    assert rates[100] == pytest.approx(0.04, abs=1e-2)
    assert max(rates[:100]) == pytest.approx(1.0, abs=1e-2)
    assert max(rates[100:]) == pytest.approx(1.0, abs=1e-2)


@pytest.mark.parametrize("kind", ["cosine", "constant"])
def test_warm_up_can_be_left_out(kind: str) -> None:
    schedule = Schedule(kind=kind, peak=0.5, warmup=0.0, frozen_steps=0, total_steps=10)
    assert schedule.rate(0) == pytest.approx(0.5, rel=0.02)
    assert schedule.rate(9) == (0.5 if kind == "constant" else pytest.approx(0.0, abs=0.01))


def test_first_stages_learn_slower_and_norms_do_not_decay() -> None:
    # given
    model = tiny()
    config = train_config("classification", {"backbone_rate_factor": 0.01, "weight_decay": 0.1})
    optimizer = build_optimizer(model, TinyClassifier.stages, config)

    # when
    set_rate(optimizer, 1.0)

    # then
    rates = {
        id(parameter): (group["lr"], group["weight_decay"])
        for group in optimizer.param_groups
        for parameter in group["params"]
    }
    found = {name: rates[id(parameter)] for name, parameter in model.named_parameters()}
    assert found == {
        "features.0.weight": (pytest.approx(0.01), 0.1),
        "features.0.bias": (pytest.approx(0.01), 0.0),
        "features.1.weight": (pytest.approx(0.01), 0.0),
        "features.1.bias": (pytest.approx(0.01), 0.0),
        "features.3.weight": (pytest.approx(0.1), 0.1),
        "features.3.bias": (pytest.approx(0.1), 0.0),
        "features.4.weight": (pytest.approx(0.1), 0.0),
        "features.4.bias": (pytest.approx(0.1), 0.0),
        "head.weight": (1.0, 0.1),
        "head.bias": (1.0, 0.0),
    }


def test_frozen_epochs_end_and_frozen_stages_do_not() -> None:
    # given
    model = tiny()
    freezing = Freezing(TinyClassifier.stages, frozen_epochs=1, frozen_stages=1, frozen_batch_norm=False)

    def learning() -> set[str]:
        return {name.rpartition(".")[0] for name, value in model.named_parameters() if value.requires_grad}

    # when
    freezing.apply(model, 0)
    at_first, first_norm = learning(), model.get_submodule("features.4").training
    freezing.apply(model, 1)

    # then
    assert (at_first, first_norm) == ({"head"}, False)
    assert learning() == {"features.3", "features.4", "head"}
    assert model.get_submodule("features.4").training
    assert not model.get_submodule("features.1").training


def test_frozen_batch_norm_rests_while_its_convolution_learns() -> None:
    # given
    model = tiny()

    # when
    Freezing(TinyClassifier.stages, 0, 0, frozen_batch_norm=True).apply(model, 0)

    # then
    assert not model.get_submodule("features.4").training
    assert not model.get_parameter("features.4.weight").requires_grad
    assert model.get_parameter("features.3.weight").requires_grad


def test_batches_depend_on_seed_and_epoch_and_go_on_where_they_stopped() -> None:
    # given
    batches = EpochBatches(range(10), 4, seed=5, weights=None)
    first = list(batches)

    # when
    batches.first_batch = 1
    rest = list(batches)
    batches.epoch, batches.first_batch = 1, 0
    second = list(batches)

    # then
    assert [len(batch) for batch in first] == [4, 4, 2]
    assert rest == first[1:]
    assert sorted(index for batch in first for _, index in batch) == list(range(10))
    assert [index for batch in second for _, index in batch] != [index for batch in first for _, index in batch]
    assert {epoch for batch in second for epoch, _ in batch} == {1}


@pytest.mark.parametrize(("count", "sizes"), [(9, [4, 4]), (1, [1]), (10, [4, 4, 2])])
def test_last_batch_of_one_is_left_out_unless_it_is_the_only_one(count: int, sizes: list[int]) -> None:
    batches = EpochBatches(range(count), 4, seed=0, weights=None)
    assert [len(batch) for batch in batches] == sizes
    assert batches.per_epoch == len(sizes)


def test_rare_classes_are_drawn_as_often_as_common_ones() -> None:
    # given  ninety pictures of one class and ten of the other
    samples = [Sample(index, path=None, width=1, height=1, label=int(index >= 90)) for index in range(100)]  # type: ignore[arg-type]
    batches = EpochBatches(range(100), 10, seed=0, weights=balancing_weights(samples, 2))

    # when
    drawn = []
    for epoch in range(50):
        batches.epoch = epoch
        drawn += [index >= 90 for batch in batches for _, index in batch]

    # then
    assert np.mean(drawn) == pytest.approx(0.5, abs=0.03)


def stopping(patience: int = 2, min_delta: float = 0.1, *, higher: bool = True) -> EarlyStopping:
    return EarlyStopping("m", higher, patience, min_delta)


def test_small_gains_are_best_but_do_not_renew_patience() -> None:
    # given
    watch = stopping()

    # when
    best = [watch.update(value, epoch) for epoch, value in enumerate((0.5, 0.55, 0.58), 1)]

    # then
    assert best == [True, True, True]
    assert (watch.best, watch.best_epoch, watch.patience_left, watch.is_exhausted) == (0.58, 3, 0, True)


def test_lower_is_better_for_losses() -> None:
    watch = stopping(higher=False)
    assert [watch.update(value, epoch) for epoch, value in enumerate((1.0, 0.8, 0.9), 1)] == [True, True, False]
    assert watch.patience_left == 1


@pytest.mark.parametrize("value", [None, float("nan")])
def test_figures_that_are_not_there_are_never_best(value: float | None) -> None:
    watch = stopping()
    assert [watch.update(figure, epoch) for epoch, figure in enumerate((value, 0.1, value), 1)] == [False, True, False]
    assert watch.best_epoch == 2


def test_patience_of_zero_waits_for_ever() -> None:
    watch = stopping(patience=0)
    for epoch in range(100):
        watch.update(0.1, epoch)
    assert (watch.is_exhausted, watch.patience_left) == (False, None)


def test_every_task_names_what_may_be_watched() -> None:
    for entry in TASKS:
        assert [metric["key"] for metric in entry.facts["metrics"]][-1] == "val/loss"
