"""Which epoch was best and when waiting for a better one ends. Knows nothing but a stream of figures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(slots=True)
class EarlyStopping:
    """Any gain makes an epoch the best; only one above `min_delta` renews the patience. `patience` 0 waits for ever."""

    metric: str
    higher_is_better: bool
    patience: int
    min_delta: float
    best: float | None = None
    best_epoch: int = 0
    reference: float | None = None
    epochs_without_gain: int = 0

    def update(self, value: float | None, epoch: int) -> bool:
        """Take in the figure of `epoch`; answers whether it is the best so far. None and NaN are never better."""
        usable = value is not None and math.isfinite(value)
        if usable and self._gains(value, self.reference, self.min_delta):
            self.reference = value
            self.epochs_without_gain = 0
        else:
            self.epochs_without_gain += 1
        if usable and self._gains(value, self.best, 0.0):
            self.best, self.best_epoch = value, epoch
            return True
        return False

    def _gains(self, value: float | None, over: float | None, delta: float) -> bool:
        if value is None or over is None:
            return value is not None
        return value > over + delta if self.higher_is_better else value < over - delta

    @property
    def is_exhausted(self) -> bool:
        return self.patience > 0 and self.epochs_without_gain >= self.patience

    @property
    def patience_left(self) -> int | None:
        """Epochs that may still pass without gain; None where there is no limit."""
        return max(0, self.patience - self.epochs_without_gain) if self.patience > 0 else None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def restore(self, data: Mapping[str, Any]) -> None:
        """Continue from `to_json` of an earlier process; patience and min_delta stay those of this one."""
        if data["metric"] != self.metric:
            return
        self.best, self.best_epoch = data["best"], data["best_epoch"]
        self.reference, self.epochs_without_gain = data["reference"], data["epochs_without_gain"]
