"""The contract of a training task: what is learned from a sample, the loss, the metrics and the predictions.

The loop knows tasks by this contract alone; a task knows no loop and no architecture by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import nn

from datasets_app.ir import ImageRecord
from training_app.architectures.base import Preprocess
from training_app.engine.config import TrainConfig
from training_app.engine.data import Batch, Item, Key
from training_app.engine.device import Compute
from training_app.engine.pictures import Pixels
from training_app.engine.samples import Notes, Sample
from training_app.model_formats.base import Arrays, PlainNetwork

Prepare = Callable[[Sample, Pixels, Key], Item]
Prediction = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TaskSetup:
    """What a task is made from."""

    class_count: int
    preprocess: Preprocess
    config: TrainConfig


class Task(Protocol):
    """One kind of learning."""

    def __init__(self, setup: TaskSetup) -> None: ...

    def read_target(self, record: ImageRecord, classes: Mapping[int, int], notes: Notes) -> Sample | None:
        """The sample of a record; `classes` maps class numbers to 0, 1, 2 …; None where the task cannot use it."""

    cache_margin: float
    """How much larger than the network's input training pictures are kept, for random crops."""

    def prepare_train(self, sample: Sample, pixels: Pixels, key: Key) -> Item:
        """A training item with random changes that depend on `key` and the seed alone."""

    def prepare_eval(self, sample: Sample, pixels: Pixels, key: Key) -> Item:
        """The item as validation and prediction see it."""

    def collate(self, items: list[Item]) -> Batch: ...

    def loss(self, model: nn.Module, batch: Batch, compute: Compute) -> torch.Tensor:
        """The mean loss over the batch, differentiable; the model is in training mode."""

    def evaluate(
        self, model: nn.Module, batches: Iterable[Batch], samples: Sequence[Sample], compute: Compute
    ) -> dict[str, float | None]:
        """The metrics of the catalog line, `val/` in front; None for one that the data cannot give.

        Leaves the model in evaluation mode. `batches` may end early, when the run is told to stop.
        """

    def predict(self, model: nn.Module, batch: Batch, compute: Compute) -> list[Prediction]:
        """Per item `{"classes": [index], "scores": [float], "shapes": [shape]}`, best first, and free extra keys."""

    def plain(self, model: nn.Module) -> PlainNetwork:
        """`model` for other programs: pictures in 0 … 1 in, arrays out, normalisation and softmax included."""

    def agreement(self, one: Arrays, other: Arrays) -> float:
        """How far two answers of `plain` networks to a picture say the same, 0 … 1."""
