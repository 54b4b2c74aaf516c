"""The contract of an architecture: build a network, load public weights into it, swap its head. Knows no training loop.

An architecture is one class in one file of this folder and one line in `catalog.py`. What the network must answer is
fixed by its task:

- classification: `model(images)` with float images (N, 3, H, W), normalised by the `Preprocess`, answers logits
  (N, classes).
- detection: images are a list of float (3, H, W) in 0 … 1, normalised by the network itself. In training mode
  `model(images, targets)` answers a dict of losses, where a target holds `boxes` (n, 4) xyxy float32 and `labels` (n,)
  int64 from 1 on (0 is the background); in evaluation mode `model(images)` answers a list of dicts `boxes`, `labels`,
  `scores` in the coordinates of the images given.
- segmentation: `model(images)` with float images (N, 3, H, W), normalised by the `Preprocess`, H and W multiples of 32,
  answers logits (N, classes + 1, H, W); the first is the background.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from torch import nn

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)


@dataclass(frozen=True, slots=True)
class Preprocess:
    """How a picture becomes the network's input; stored in every checkpoint.

    `fit` is `crop` (scale the shorter side to `size / 0.875`, keep the middle square), `squash` (scale to a square) or
    `shortest` (scale the shorter side to `size`, but the longer one to at most `longest`). Values are divided by 255,
    then by `mean` and `std`.
    """

    size: int
    fit: str
    longest: int = 0
    mean: tuple[float, float, float] = IMAGENET_MEAN
    std: tuple[float, float, float] = IMAGENET_STD

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Preprocess:
        return Preprocess(**{**data, "mean": tuple(data["mean"]), "std": tuple(data["std"])})


class Architecture(Protocol):
    """One network family member.

    `stages` names the pretrained part from input to output, each stage by the prefixes of its parameters' names; what
    no prefix matches is the head, which learns at the full rate and is never frozen.
    """

    stages: tuple[tuple[str, ...], ...]

    def preprocess(self, config: Mapping[str, Any]) -> Preprocess:
        """The input that a run with `config` (fields of `TrainConfig`) trains on."""

    def build(self, class_count: int, preprocess: Preprocess, weights: Mapping[str, Path]) -> nn.Module:
        """The network for `class_count` classes (background not counted).

        `weights` maps keys of the catalog line's `weights` to local files; those present are loaded strictly, those
        absent leave random values.
        """

    def replace_head(self, model: nn.Module, class_count: int) -> None:
        """Give `model` a fresh head for `class_count` classes, in place."""
