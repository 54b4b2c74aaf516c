"""Optimiser, learning rates and freezing. Rates follow from the step, so a resumed run needs no scheduler state."""

from __future__ import annotations

import math
from dataclasses import dataclass

from torch import nn, optim
from torch.nn.modules.batchnorm import _BatchNorm

from training_app.engine.config import TrainConfig

HEAD = -1


def stage_of(name: str, stages: tuple[tuple[str, ...], ...]) -> int:
    """The index of the stage whose prefixes match the parameter `name`, or `HEAD`."""
    for index, prefixes in enumerate(stages):
        if name.startswith(prefixes):
            return index
    return HEAD


def build_optimizer(model: nn.Module, stages: tuple[tuple[str, ...], ...], config: TrainConfig) -> optim.Optimizer:
    """One parameter group per stage and per use of weight decay; `rate_factor` holds the group's share of the rate."""
    groups: dict[tuple[int, bool], list[nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        groups.setdefault((stage_of(name, stages), parameter.ndim > 1), []).append(parameter)
    rows = [
        {
            "params": parameters,
            "weight_decay": config.weight_decay if decays else 0.0,
            "rate_factor": 1.0 if stage == HEAD else config.backbone_rate_factor ** (1 - stage / len(stages)),
        }
        for (stage, decays), parameters in groups.items()
    ]
    if config.optimizer == "sgd":
        return optim.SGD(rows, lr=config.learning_rate, momentum=0.9)
    return optim.AdamW(rows, lr=config.learning_rate)


def set_rate(optimizer: optim.Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate * group["rate_factor"]


@dataclass(frozen=True, slots=True)
class Schedule:
    """The head's learning rate at every step; a frozen phase at the start has a cycle of its own."""

    kind: str
    peak: float
    warmup: float
    frozen_steps: int
    total_steps: int

    def rate(self, step: int) -> float:
        """The rate of the step with this number, counted from 0."""
        if step < self.frozen_steps < self.total_steps:
            start, length = 0, self.frozen_steps
        else:
            start = self.frozen_steps if self.frozen_steps < self.total_steps else 0
            length = self.total_steps - start
        return self.peak * self._share((step - start + 0.5) / max(1, length))

    def _share(self, progress: float) -> float:
        """The share of the peak at `progress` 0 … 1 of a phase."""
        if progress < self.warmup:
            risen = progress / self.warmup
            return 0.04 + 0.96 * (1 - math.cos(math.pi * risen)) / 2 if self.kind == "one_cycle" else risen
        if self.kind == "constant":
            return 1.0
        fallen = min(1.0, (progress - self.warmup) / (1 - self.warmup))
        return (1 + math.cos(math.pi * fallen)) / 2


@dataclass(frozen=True, slots=True)
class Freezing:
    """Which parts of a network learn in which epoch."""

    stages: tuple[tuple[str, ...], ...]
    frozen_epochs: int
    frozen_stages: int
    frozen_batch_norm: bool

    def apply(self, model: nn.Module, epoch: int) -> None:
        """Put `model` into training mode for `epoch` (from 0), what rests frozen and its batch norm in evaluation."""
        model.train()
        for name, module in model.named_modules():
            stage = stage_of(f"{name}.", self.stages)
            rests = stage != HEAD and (epoch < self.frozen_epochs or stage < self.frozen_stages)
            is_norm = isinstance(module, _BatchNorm)
            if is_norm and stage != HEAD and (rests or self.frozen_batch_norm):
                module.eval()
                rests = True
            for parameter in module.parameters(recurse=False):
                parameter.requires_grad_(not rests)
