"""Every architecture of the catalog: what it says, what it builds, that it learns, and that a checkpoint holds it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from annotator.core.registry import Entry
from training_app.architectures.base import Architecture, Preprocess
from training_app.architectures.catalog import ARCHITECTURES
from training_app.engine.config import config_to_json, train_config
from training_app.engine.tasks.catalog import TASKS
from training_app.weights import WEIGHTS_BY_KEY

torch = pytest.importorskip("torch")

from torch import nn  # noqa: E402  needs torch

from training_app.engine.checkpoint import load_model, save_checkpoint  # noqa: E402
from training_app.engine.data import Batch  # noqa: E402
from training_app.engine.device import Compute  # noqa: E402
from training_app.engine.errors import EngineError  # noqa: E402
from training_app.engine.optim import HEAD, Freezing, build_optimizer, stage_of  # noqa: E402
from training_app.engine.tasks.base import Task, TaskSetup  # noqa: E402

CLASS_COUNT = 3
# The smallest input at which every network still has features to look at.
SIDE = 64
CPU = Compute(torch.device("cpu"), "float32")
every_architecture = pytest.mark.parametrize(
    "entry",
    [
        pytest.param(entry, id=entry.key, marks=[pytest.mark.slow] if entry.facts.get("wants_gpu") else [])
        for entry in ARCHITECTURES
    ],
)
every_with_weights = pytest.mark.parametrize(
    "entry",
    [
        pytest.param(entry, id=entry.key, marks=[pytest.mark.slow] if entry.facts.get("wants_gpu") else [])
        for entry in ARCHITECTURES
        if entry.facts["weights"]
    ],
)


@pytest.fixture(autouse=True)
def one_thread() -> Any:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    yield
    torch.set_num_threads(before)


def scene(entry: Entry) -> tuple[Architecture, Preprocess, Task]:
    config = train_config(entry.facts["task"], {"image_size": SIDE}, entry.facts["defaults"])
    architecture = ARCHITECTURES.load(entry.key)()
    preprocess = architecture.preprocess(config_to_json(config))
    return architecture, preprocess, TASKS.load(entry.facts["task"])(TaskSetup(CLASS_COUNT, preprocess, config))


def build(entry: Entry, weights: Mapping[str, Path] | None = None) -> nn.Module:
    architecture, preprocess, _ = scene(entry)
    return architecture.build(CLASS_COUNT, preprocess, weights or {})


def batch_for(entry: Entry) -> Batch:
    images = torch.randint(0, 256, (2, 3, SIDE, SIDE), dtype=torch.uint8)
    if entry.facts["task"] == "classification":
        return Batch((1, 2), (0, 1), images, torch.tensor([0, 2]), ((1.0, 1.0),) * 2)
    if entry.facts["task"] == "segmentation":
        labels = torch.zeros((2, SIDE, SIDE), dtype=torch.uint8)
        labels[0, 8:44, 8:40] = 3
        labels[1, :8] = 255
        return Batch((1, 2), (0, 1), list(images), list(labels), ((1.0, 1.0),) * 2)
    targets = [
        {"boxes": torch.tensor([[8.0, 8.0, 40.0, 44.0]]), "labels": torch.tensor([3])},
        {"boxes": torch.zeros((0, 4)), "labels": torch.zeros(0, dtype=torch.int64)},
    ]
    return Batch((1, 2), (0, 1), list(images), targets, ((1.0, 1.0),) * 2)


def plain(predictions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Arrays as lists, so that they can be compared."""
    return [
        {key: getattr(value, "tolist", lambda kept=value: kept)() for key, value in row.items()} for row in predictions
    ]


@every_architecture
def test_catalog_line_is_whole(entry: Entry) -> None:
    facts = entry.facts
    assert facts["task"] in TASKS
    assert facts["description"].endswith(".")
    assert facts["licence"].endswith(".")
    assert set(facts["weights"]) <= WEIGHTS_BY_KEY.keys()
    assert all(entry.key in WEIGHTS_BY_KEY[key].used_by for key in facts["weights"])
    assert facts["presets"]
    for preset in facts["presets"]:
        assert set(preset) == {"key", "title", "description", "config"}
        train_config(facts["task"], preset["config"], facts["defaults"])


@every_architecture
def test_stages_name_parameters_and_leave_a_head(entry: Entry) -> None:
    # given
    architecture, model = scene(entry)[0], build(entry)

    # when
    stages = [stage_of(name, architecture.stages) for name, _ in model.named_parameters()]

    # then
    assert set(stages) == {HEAD, *range(len(architecture.stages))}


@every_architecture
def test_one_step_changes_what_learns_and_nothing_else(entry: Entry) -> None:
    # given  the first stage is frozen
    architecture, _, task = scene(entry)
    config = train_config(entry.facts["task"], {"learning_rate": 0.01}, entry.facts["defaults"])
    model = build(entry)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    optimizer = build_optimizer(model, architecture.stages, config)

    # when
    Freezing(architecture.stages, 0, 1, frozen_batch_norm=True).apply(model, 0)
    loss = task.loss(model, batch_for(entry), CPU)
    torch.autograd.backward(loss)
    optimizer.step()

    # then
    after = model.state_dict()
    assert torch.isfinite(loss)
    stages = {name: stage_of(name, architecture.stages) for name in before}
    assert all(torch.equal(before[name], after[name]) for name, stage in stages.items() if stage == 0)
    assert any(not torch.equal(before[name], after[name]) for name, stage in stages.items() if stage == HEAD)


@every_architecture
def test_predictions_name_classes_of_the_project(entry: Entry) -> None:
    # given
    task, model = scene(entry)[2], build(entry).eval()

    # when
    found = task.predict(model, batch_for(entry), CPU)

    # then
    assert len(found) == 2
    for row in found:
        assert len(row["classes"]) == len(row["scores"]) == len(row["shapes"])
        assert set(row["classes"]) <= set(range(CLASS_COUNT))
        assert row["scores"] == sorted(row["scores"], reverse=True)


@every_architecture
def test_checkpoint_gives_the_same_predictions(entry: Entry, tmp_path: Path) -> None:
    # given
    task, model, batch = scene(entry)[2], build(entry).eval(), batch_for(entry)
    save_checkpoint(tmp_path, "best", model=model, facts={})
    expected = plain(task.predict(model, batch, CPU))

    # when
    torch.manual_seed(1)
    other = build(entry).eval()
    load_model(tmp_path / "best", other)

    # then
    assert plain(task.predict(other, batch, CPU)) == expected


@every_architecture
def test_head_can_be_replaced_for_another_number_of_classes(entry: Entry) -> None:
    # given
    architecture, model = scene(entry)[0], build(entry)
    before = {name for name, _ in model.named_parameters()}

    # when
    architecture.replace_head(model, 5)

    # then
    fitting, _, _ = scene(entry)
    other = fitting.build(5, fitting.preprocess({"image_size": SIDE, "fit": "crop"}), {})
    shapes = {name: value.shape for name, value in model.named_parameters()}
    assert shapes == {name: value.shape for name, value in other.named_parameters()}
    assert shapes.keys() == before


@every_with_weights
def test_weights_that_do_not_fit_are_refused(entry: Entry, tmp_path: Path) -> None:
    # given
    path = tmp_path / "wrong.pth"
    torch.save({"layer.weight": torch.zeros(1)}, path)

    # when
    with pytest.raises(EngineError) as failure:
        build(entry, dict.fromkeys(entry.facts["weights"], path))

    # then
    assert failure.value.code == "bad_weights"
    assert failure.value.detail.startswith("The weights file wrong.pth does not fit ")


@pytest.mark.parametrize("key", ["mobilenet_v2_imagenet", "squeezenet1_0_imagenet"])
def test_shared_weights_load_strictly(key: str, shared_data: Path) -> None:
    # given
    path = shared_data / "weights" / f"{key}.pth"
    users = [entry for entry in ARCHITECTURES if key in entry.facts["weights"]]
    torch.manual_seed(0)

    # when
    loaded = {entry.key: build(entry, {key: path}) for entry in users}

    # then  the backbone holds the file's first filter
    first = next(iter(torch.load(path, weights_only=True).values()))
    assert loaded
    for entry in users:
        architecture = scene(entry)[0]
        name = next(
            name for name, _ in loaded[entry.key].named_parameters() if stage_of(name, architecture.stages) == 0
        )
        assert torch.equal(loaded[entry.key].state_dict()[name], first)
