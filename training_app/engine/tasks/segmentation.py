"""Semantic segmentation: the class of every pixel, cross-entropy with Dice, mean intersection over union.

The Dice loss is that of Milletari et al., V-Net, 2016, over the classes that a batch holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional
from torchvision import tv_tensors
from typing_extensions import override

from datasets_app.ir import ImageRecord
from training_app.engine.augment import SeededTransform, channels_first, region_transform
from training_app.engine.data import Batch, Item, Key
from training_app.engine.device import Compute
from training_app.engine.errors import EngineError
from training_app.engine.label_maps import MOST_CLASSES, region_sample, regions_of, scaled, unpacked
from training_app.engine.pictures import Pixels
from training_app.engine.samples import Notes, Sample
from training_app.engine.tasks.base import Prediction, Task, TaskSetup
from training_app.engine.tasks.plain import Normalised
from training_app.evaluation.pixels import IGNORED, LabelMap, pixel_confusion, pixel_scores
from training_app.model_formats.base import Arrays, PlainNetwork

STRIDE = 32
"""Sides of a batch are multiples of it: the deepest features of every architecture are this much smaller."""
MOST_VALUES = 64_000_000
"""Probabilities at the size of the picture: beyond, they are compared at the size of the network's input."""


class SegmentationTask(Task):
    """Learns the pixels of polygons and masks; class 0 of the network is the background."""

    def __init__(self, setup: TaskSetup) -> None:
        if setup.class_count > MOST_CLASSES:
            raise EngineError(
                "too_many_classes",
                f"Segmentation tells at most {MOST_CLASSES} classes apart, and the version has {setup.class_count}: "
                "let its recipe leave some out or merge some.",
            )
        self.setup = setup
        self.cache_margin = setup.config.crop_scale**-0.5
        self.random_changes = SeededTransform(region_transform(setup.config, setup.preprocess), setup.config.seed)

    @override
    def read_target(self, record: ImageRecord, classes: Mapping[int, int], notes: Notes) -> Sample | None:
        return region_sample(record, classes, notes)

    @override
    def prepare_train(self, sample: Sample, pixels: Pixels, key: Key) -> Item:
        image, labels = self.random_changes(
            *key, tv_tensors.Image(channels_first(pixels)), tv_tensors.Mask(torch.from_numpy(_labels(sample, pixels)))
        )
        return Item(
            sample.number, key[1], image.as_subclass(torch.Tensor), labels.as_subclass(torch.Tensor), (1.0, 1.0)
        )

    @override
    def prepare_eval(self, sample: Sample, pixels: Pixels, key: Key) -> Item:
        height, width = pixels.shape[:2]
        scale = (width / sample.width, height / sample.height)
        labels = torch.from_numpy(_labels(sample, pixels))
        return Item(sample.number, key[1], channels_first(pixels), labels, scale)

    @override
    def collate(self, items: list[Item]) -> Batch:
        return Batch(
            numbers=tuple(item.number for item in items),
            indices=tuple(item.index for item in items),
            images=[item.pixels for item in items],
            targets=[item.target for item in items],
            scales=tuple(item.scale for item in items),
        )

    def _logits(self, model: nn.Module, batch: Batch, compute: Compute) -> torch.Tensor:
        """(N, classes + 1, H, W), H and W those of the largest picture, rounded up."""
        preprocess = self.setup.preprocess
        mean = torch.tensor(preprocess.mean, device=compute.device)[:, None, None]
        std = torch.tensor(preprocess.std, device=compute.device)[:, None, None]
        images = [(image.float() / 255.0 - mean) / std for image in compute.move(batch.images)]
        with compute.autocast():
            logits: torch.Tensor = model(_stacked(images, 0.0).contiguous(memory_format=torch.channels_last))
        return logits.float()

    @override
    def loss(self, model: nn.Module, batch: Batch, compute: Compute) -> torch.Tensor:
        return self._loss(self._logits(model, batch, compute), compute.move(batch.targets))

    def _loss(self, logits: torch.Tensor, targets: Sequence[torch.Tensor]) -> torch.Tensor:
        labels = _stacked(list(targets), IGNORED).long()
        counted = labels != IGNORED
        if not counted.any():
            return logits.sum() * 0.0
        share = self.setup.config.dice_share
        entropy = functional.cross_entropy(logits, labels, ignore_index=IGNORED)
        return (1.0 - share) * entropy + share * dice_loss(logits.softmax(1), labels, counted)

    @override
    @torch.inference_mode()
    def evaluate(
        self, model: nn.Module, batches: Iterable[Batch], samples: Sequence[Sample], compute: Compute
    ) -> dict[str, float | None]:
        model.eval()
        size = self.setup.class_count + 1
        confusion = np.zeros((size, size), dtype=np.int64)
        losses, count = 0.0, 0
        for batch in batches:
            logits = self._logits(model, batch, compute)
            losses += float(self._loss(logits, compute.move(batch.targets))) * len(batch)
            count += len(batch)
            for found, labels in zip(logits.argmax(1).byte().cpu().numpy(), batch.targets, strict=True):
                height, width = labels.shape
                confusion += pixel_confusion(labels.numpy(), found[:height, :width], class_count=size - 1)
        if not count:
            return {}
        scores = pixel_scores(confusion)
        return {
            "val/miou": scores.mean_iou,
            "val/dice": scores.mean_dice,
            "val/pixel_accuracy": scores.accuracy,
            "val/loss": losses / count,
        }

    @override
    @torch.inference_mode()
    def predict(self, model: nn.Module, batch: Batch, compute: Compute) -> list[Prediction]:
        rows = []
        logits = self._logits(model, batch, compute)
        for found, labels, scale in zip(logits, batch.targets, batch.scales, strict=True):
            height, width = labels.shape
            size = (round(height / scale[1]), round(width / scale[0]))
            label_map, confidence = _most_likely(found[None, :, :height, :width], size)
            regions = regions_of(label_map, confidence)
            rows.append(
                {
                    "classes": [region.class_index for region in regions],
                    "scores": [region.score for region in regions],
                    "shapes": [region.shape for region in regions],
                    "label_map": label_map,
                    "confidence": confidence,
                }
            )
        return rows

    @override
    def plain(self, model: nn.Module) -> PlainNetwork:
        side = -(-self.setup.preprocess.size // STRIDE) * STRIDE
        free = {0: "pictures", 2: "height", 3: "width"}
        return PlainNetwork(
            Normalised(model, self.setup.preprocess),
            ("probabilities",),
            torch.rand(1, 3, side, side),
            {"image": free, "probabilities": free},
        )

    @override
    def agreement(self, one: Arrays, other: Arrays) -> float:
        return float((one[0].argmax(1) == other[0].argmax(1)).mean())


def dice_loss(probabilities: torch.Tensor, labels: torch.Tensor, counted: torch.Tensor) -> torch.Tensor:
    """1 less the mean Dice of the classes that `labels` (N, H, W) holds where `counted`.

    `probabilities` is (N, C, H, W).
    """
    truth = functional.one_hot(torch.where(counted, labels, 0), probabilities.shape[1]).permute(0, 3, 1, 2)
    weight = counted[:, None].float()
    both = (probabilities * truth * weight).sum((0, 2, 3))
    sizes = (truth * weight).sum((0, 2, 3))
    dice = (2.0 * both + 1.0) / ((probabilities * weight).sum((0, 2, 3)) + sizes + 1.0)
    return 1.0 - dice[sizes > 0].mean()


def _labels(sample: Sample, pixels: Pixels) -> LabelMap:
    """(height, width) of `pixels`; nothing counts where nobody has labelled."""
    height, width = pixels.shape[:2]
    if not sample.label_map:
        return np.full((height, width), IGNORED, dtype=np.uint8)
    return scaled(unpacked(sample.label_map), width, height)


def _stacked(planes: list[torch.Tensor], value: float) -> torch.Tensor:
    """Side by side, each padded to the right and below with `value`."""
    height, width = (-(-max(plane.shape[axis] for plane in planes) // STRIDE) * STRIDE for axis in (-2, -1))
    return torch.stack(
        [
            functional.pad(plane, (0, width - plane.shape[-1], 0, height - plane.shape[-2]), value=value)
            for plane in planes
        ]
    )


def _most_likely(logits: torch.Tensor, size: tuple[int, int]) -> tuple[LabelMap, npt.NDArray[np.uint8]]:
    """The likeliest class of each pixel of a picture of `size` (height, width), and how likely it is, 0 … 255."""
    if logits.shape[1] * size[0] * size[1] <= MOST_VALUES:
        logits = functional.interpolate(logits, size, mode="bilinear", align_corners=False)
    share, found = logits[0].softmax(0).max(0)
    confidence: Any = (share * 255.0).round().byte().cpu().numpy()
    confidence = cv2.resize(confidence, size[::-1], interpolation=cv2.INTER_LINEAR)
    return scaled(found.byte().cpu().numpy(), size[1], size[0]), confidence
