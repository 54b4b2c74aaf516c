"""Image classification: one class per picture, cross-entropy, accuracy and F1."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from typing_extensions import override

from datasets_app.ir import ImageRecord
from training_app.engine.augment import SeededTransform, channels_first, square_transform
from training_app.engine.data import Batch, Item, Key
from training_app.engine.device import Compute
from training_app.engine.pictures import Pixels, centre_square
from training_app.engine.samples import Notes, Sample, tag_sample
from training_app.engine.tasks.base import Prediction, Task, TaskSetup
from training_app.engine.tasks.plain import Normalised
from training_app.evaluation.classification import classification_scores
from training_app.model_formats.base import Arrays, PlainNetwork


class ClassificationTask(Task):
    """Learns the first tag of a picture."""

    def __init__(self, setup: TaskSetup) -> None:
        self.setup = setup
        # A crop of this share of the area, scaled up to the input's size, then has as many pixels as it shows.
        self.cache_margin = setup.config.crop_scale**-0.5
        self.random_changes = SeededTransform(square_transform(setup.config, setup.preprocess), setup.config.seed)

    @override
    def read_target(self, record: ImageRecord, classes: Mapping[int, int], notes: Notes) -> Sample | None:
        return tag_sample(record, classes, notes)

    @override
    def prepare_train(self, sample: Sample, pixels: Pixels, key: Key) -> Item:
        item = self._item(sample, self.random_changes(*key, channels_first(pixels)), key)
        return replace(item, target=sample.shares) if sample.shares else item

    @override
    def prepare_eval(self, sample: Sample, pixels: Pixels, key: Key) -> Item:
        if self.setup.preprocess.fit == "crop":
            pixels = centre_square(pixels, self.setup.preprocess.size)
        return self._item(sample, channels_first(pixels), key)

    def _item(self, sample: Sample, pixels: torch.Tensor, key: Key) -> Item:
        return Item(number=sample.number, index=key[1], pixels=pixels, target=sample.label, scale=(1.0, 1.0))

    @override
    def collate(self, items: list[Item]) -> Batch:
        return Batch(
            numbers=tuple(item.number for item in items),
            indices=tuple(item.index for item in items),
            images=torch.stack([item.pixels for item in items]),
            targets=self._targets([item.target for item in items]),
            scales=tuple(item.scale for item in items),
        )

    def _targets(self, targets: Sequence[Any]) -> torch.Tensor:
        """(N,) numbers of classes or, where pictures were blended, (N, classes) shares of each."""
        if all(isinstance(target, int) for target in targets):
            return torch.tensor(targets)
        shares = torch.zeros(len(targets), self.setup.class_count)
        for row, target in zip(shares, targets, strict=True):
            for label, share in [(target, 1.0)] if isinstance(target, int) else target:
                row[label] += share
        return shares

    def _logits(self, model: nn.Module, batch: Batch, compute: Compute) -> torch.Tensor:
        preprocess = self.setup.preprocess
        images = compute.move(batch.images).contiguous(memory_format=torch.channels_last).float().div_(255.0)
        mean = torch.tensor(preprocess.mean, device=compute.device)[:, None, None]
        std = torch.tensor(preprocess.std, device=compute.device)[:, None, None]
        with compute.autocast():
            logits: torch.Tensor = model((images - mean) / std)
        return logits.float()

    @override
    def loss(self, model: nn.Module, batch: Batch, compute: Compute) -> torch.Tensor:
        logits = self._logits(model, batch, compute)
        return functional.cross_entropy(
            logits, compute.move(batch.targets), label_smoothing=self.setup.config.label_smoothing
        )

    @override
    @torch.inference_mode()
    def evaluate(
        self, model: nn.Module, batches: Iterable[Batch], samples: Sequence[Sample], compute: Compute
    ) -> dict[str, float | None]:
        model.eval()
        logits, targets = [], []
        for batch in batches:
            logits.append(self._logits(model, batch, compute).cpu())
            targets.append(batch.targets)
        if not logits:
            return {}
        all_logits, truth = torch.cat(logits), torch.cat(targets)
        probabilities = all_logits.softmax(1).numpy().astype(np.float64)
        scores = classification_scores(truth.numpy(), probabilities)
        return {
            "val/accuracy": scores.accuracy,
            "val/f1": scores.macro_f1,
            "val/loss": float(functional.cross_entropy(all_logits, truth)),
        }

    @override
    @torch.inference_mode()
    def predict(self, model: nn.Module, batch: Batch, compute: Compute) -> list[Prediction]:
        probabilities = self._logits(model, batch, compute).softmax(1).cpu().double()
        rows = []
        for row in probabilities:
            order = torch.argsort(row, descending=True, stable=True).tolist()
            rows.append(
                {
                    "classes": order,
                    "scores": [float(row[index]) for index in order],
                    "shapes": [{"type": "tag"}] * len(order),
                    "probabilities": row.tolist(),
                }
            )
        return rows

    @override
    def plain(self, model: nn.Module) -> PlainNetwork:
        side = self.setup.preprocess.size
        return PlainNetwork(
            Normalised(model, self.setup.preprocess),
            ("probabilities",),
            torch.rand(1, 3, side, side),
            {"image": {0: "pictures"}, "probabilities": {0: "pictures"}},
        )

    @override
    def agreement(self, one: Arrays, other: Arrays) -> float:
        return float(one[0].argmax(1)[0] == other[0].argmax(1)[0])
