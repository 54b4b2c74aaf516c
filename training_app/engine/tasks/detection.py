"""Object detection: boxes with classes, the network's own losses, COCO average precision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torchvision import tv_tensors
from typing_extensions import override

from datasets_app.ir import ImageRecord
from training_app.engine.augment import SeededTransform, box_transform, boxes_on, channels_first
from training_app.engine.data import Batch, Item, Key
from training_app.engine.device import Compute
from training_app.engine.pictures import Pixels
from training_app.engine.samples import Notes, Sample, box_sample
from training_app.engine.tasks.base import Prediction, Task, TaskSetup
from training_app.engine.tasks.plain import OnePicture
from training_app.evaluation.average_precision import average_precision
from training_app.evaluation.records import ImageDetections, ImageTruths
from training_app.evaluation.table import evaluate_detections
from training_app.model_formats.base import Arrays, PlainNetwork

SURE = 0.3
SAME_BOX = 0.95


class DetectionTask(Task):
    """Learns the bounding boxes of all annotations; class 0 of the network is the background."""

    def __init__(self, setup: TaskSetup) -> None:
        self.setup = setup
        self.cache_margin = 1.0 / setup.config.crop_scale
        self.random_changes = SeededTransform(box_transform(setup.config, setup.preprocess), setup.config.seed)

    @override
    def read_target(self, record: ImageRecord, classes: Mapping[int, int], notes: Notes) -> Sample | None:
        return box_sample(record, classes, notes)

    @override
    def prepare_train(self, sample: Sample, pixels: Pixels, key: Key) -> Item:
        image, target = self._scaled(sample, pixels)
        changed, boxes_and_labels = self.random_changes(
            *key, tv_tensors.Image(image), {"boxes": boxes_on(image, target["boxes"]), "labels": target["labels"]}
        )
        plain = {name: value.as_subclass(torch.Tensor) for name, value in boxes_and_labels.items()}
        return Item(sample.number, key[1], changed.as_subclass(torch.Tensor), plain, (1.0, 1.0))

    @override
    def prepare_eval(self, sample: Sample, pixels: Pixels, key: Key) -> Item:
        image, target = self._scaled(sample, pixels)
        height, width = pixels.shape[:2]
        return Item(sample.number, key[1], image, target, (width / sample.width, height / sample.height))

    def _scaled(self, sample: Sample, pixels: Pixels) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        height, width = pixels.shape[:2]
        factors = np.array([width / sample.width, height / sample.height] * 2)
        return channels_first(pixels), {
            "boxes": torch.from_numpy((sample.boxes * factors).astype(np.float32)),
            "labels": torch.from_numpy(sample.labels + 1),
        }

    @override
    def collate(self, items: list[Item]) -> Batch:
        return Batch(
            numbers=tuple(item.number for item in items),
            indices=tuple(item.index for item in items),
            images=[item.pixels for item in items],
            targets=[item.target for item in items],
            scales=tuple(item.scale for item in items),
        )

    @override
    def loss(self, model: nn.Module, batch: Batch, compute: Compute) -> torch.Tensor:
        images = [image.float() / 255.0 for image in compute.move(batch.images)]
        with compute.autocast():
            losses: dict[str, torch.Tensor] = model(images, compute.move(batch.targets))
        return torch.stack([value.float() for value in losses.values()]).sum()

    @override
    @torch.no_grad()
    def evaluate(
        self, model: nn.Module, batches: Iterable[Batch], samples: Sequence[Sample], compute: Compute
    ) -> dict[str, float | None]:
        detections, truths, losses = [], [], []
        # Proposals are sampled at random for the loss: that must not move the training's own random numbers.
        with torch.random.fork_rng(devices=[compute.device] if compute.on_gpu else []):
            for batch in batches:
                losses.append(self._validation_loss(model, batch, compute) * len(batch))
                for index, found in zip(batch.indices, self._detect(model, batch, compute), strict=True):
                    detections.append(image_detections(index, found))
                    truths.append(image_truths(index, samples[index]))
        if not truths:
            return {}
        summary = average_precision(truths, detections, class_count=self.setup.class_count)
        return {"val/ap": summary.ap, "val/ap50": summary.ap50, "val/loss": sum(losses) / len(truths)}

    def _validation_loss(self, model: nn.Module, batch: Batch, compute: Compute) -> float:
        """The network answers losses in training mode only; batch norm and dropout stay in evaluation mode."""
        model.train()
        for module in model.modules():
            if isinstance(module, nn.modules.batchnorm._BatchNorm | nn.Dropout):
                module.eval()
        loss = float(self.loss(model, batch, compute))
        model.eval()
        return loss

    def _detect(self, model: nn.Module, batch: Batch, compute: Compute) -> list[dict[str, npt.NDArray[Any]]]:
        images = [image.float() / 255.0 for image in compute.move(batch.images)]
        with compute.autocast():
            answers = model(images)
        found = []
        for answer, scale in zip(answers, batch.scales, strict=True):
            boxes = answer["boxes"].double().cpu().numpy() / np.array([*scale, *scale])
            found.append(
                {
                    "boxes": np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1),
                    "classes": answer["labels"].cpu().numpy() - 1,
                    "scores": answer["scores"].double().cpu().numpy(),
                }
            )
        return found

    @override
    @torch.inference_mode()
    def predict(self, model: nn.Module, batch: Batch, compute: Compute) -> list[Prediction]:
        rows = []
        for found in self._detect(model, batch, compute):
            order = np.argsort(-found["scores"], kind="stable")
            boxes = np.round(found["boxes"][order], 2).tolist()
            rows.append(
                {
                    "classes": found["classes"][order].tolist(),
                    "scores": found["scores"][order].tolist(),
                    "shapes": [{"type": "box", "box": box} for box in boxes],
                }
            )
        return rows

    @override
    def plain(self, model: nn.Module) -> PlainNetwork:
        preprocess = self.setup.preprocess
        width = preprocess.size if preprocess.fit == "squash" else preprocess.size * 4 // 3
        # What a detector does with boxes depends on the boxes: tracing must see some.
        example = torch.rand(1, 3, preprocess.size, width)
        found = {0: "objects"}
        free = {"image": {2: "height", 3: "width"}, "boxes": found, "classes": found, "scores": found}
        return PlainNetwork(OnePicture(model), ("boxes", "classes", "scores"), example, free)

    @override
    def agreement(self, one: Arrays, other: Arrays) -> float:
        """The share of the surer objects that the other answer has too, in both directions."""
        first, second = _sure(one), _sure(other)
        count = len(first.classes) + len(second.classes)
        if not count:
            return 1.0
        table = evaluate_detections(
            [ImageTruths(0, first.boxes, first.classes)], [second], class_count=self.setup.class_count
        )
        return 2.0 * int((table.matches.truth[table.level(SAME_BOX)] >= 0).sum()) / count


def _sure(answer: Arrays) -> ImageDetections:
    boxes, classes, scores = (np.asarray(part) for part in answer)
    kept = scores >= SURE
    corners = boxes[kept].astype(np.float64)
    sized = np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], axis=1)
    return ImageDetections(0, sized, classes[kept].astype(np.int64), scores[kept].astype(np.float64))


def image_detections(index: int, found: Mapping[str, npt.NDArray[Any]]) -> ImageDetections:
    return ImageDetections(image=index, boxes=found["boxes"], classes=found["classes"], scores=found["scores"])


def image_truths(index: int, sample: Sample) -> ImageTruths:
    """The labelled boxes of a sample, crowds last, as evaluation wants them: (x, y, width, height)."""
    corners = np.concatenate([sample.boxes, sample.crowd])
    return ImageTruths(
        image=index,
        boxes=np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], axis=1),
        classes=np.concatenate([sample.labels, sample.crowd_labels]),
        crowd=np.concatenate([np.zeros(len(sample.boxes), bool), np.ones(len(sample.crowd), bool)]),
    )
