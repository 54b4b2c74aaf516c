"""How far a run has come, in figures that survive a restart, and the clock that tells how long it will still take."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(slots=True)
class Progress:
    """Position and running sums. `epoch` counts finished epochs, `batch` the batches done in the one under way.

    `chunks` is into how many parts a batch is split to fit into memory, `rate_scale` what is left of the learning rate
    after retreats from figures that were not finite.
    """

    epoch: int = 0
    batch: int = 0
    step: int = 0
    chunks: int = 1
    rate_scale: float = 1.0
    retreats: int = 0
    loss_sum: float = 0.0
    loss_count: int = 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def restore(self, data: Mapping[str, Any]) -> None:
        for name in self.to_json():
            setattr(self, name, data[name])

    def begin_epoch(self) -> None:
        self.batch, self.loss_sum, self.loss_count = 0, 0.0, 0

    def mean_loss(self) -> float | None:
        return self.loss_sum / self.loss_count if self.loss_count else None


class Pace:
    """Smoothed speed of training steps and of validation in this process."""

    SMOOTHING = 0.1

    def __init__(self) -> None:
        self.step_seconds: float | None = None
        self.validation_seconds = 0.0
        self.images = 0
        self.training_seconds = 0.0
        self._mark = time.monotonic()

    def restart(self) -> None:
        """Leave out whatever happened since the last step."""
        self._mark = time.monotonic()

    def step(self, images: int) -> None:
        now = time.monotonic()
        seconds, self._mark = now - self._mark, now
        self.images += images
        self.training_seconds += seconds
        if self.step_seconds is None:
            self.step_seconds = seconds
        else:
            self.step_seconds += self.SMOOTHING * (seconds - self.step_seconds)

    def images_per_second(self) -> float:
        return self.images / self.training_seconds if self.training_seconds else 0.0

    def seconds_left(self, steps: int, validations: int) -> float:
        return steps * (self.step_seconds or 0.0) + validations * self.validation_seconds
