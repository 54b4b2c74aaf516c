"""Losses read one step late, so that a GPU never waits for the host; names the pictures of one that is not finite."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch


class NotFiniteError(Exception):
    """A loss was NaN or infinite; `numbers` are the pictures of its batch."""

    def __init__(self, numbers: tuple[int, ...]) -> None:
        super().__init__("The loss is not finite.")
        self.numbers = numbers


@dataclass(slots=True)
class Pending:
    value: torch.Tensor
    arrived: torch.cuda.Event | None
    numbers: tuple[int, ...]


class LossWatch:
    """Holds the latest loss until the next step asks for it; on a CPU it is read at once."""

    def __init__(self) -> None:
        self._pending: Pending | None = None

    def add(self, loss: torch.Tensor, numbers: tuple[int, ...]) -> list[tuple[float, int]]:
        """Take in a step's loss; answers the (loss, pictures) that have arrived. Raises `NotFiniteError`."""
        if loss.device.type != "cuda":
            self._pending = Pending(loss.detach(), None, numbers)
            return self.flush()
        arrived = self.flush()
        event = torch.cuda.Event()
        value = loss.detach().to("cpu", non_blocking=True)
        event.record()
        self._pending = Pending(value, event, numbers)
        return arrived

    def flush(self) -> list[tuple[float, int]]:
        """The losses that are still on their way. Raises `NotFiniteError`."""
        pending, self._pending = self._pending, None
        if pending is None:
            return []
        if pending.arrived is not None:
            pending.arrived.synchronize()
        value = float(pending.value)
        if not math.isfinite(value):
            raise NotFiniteError(pending.numbers)
        return [(value, len(pending.numbers))]

    def forget(self) -> None:
        self._pending = None
