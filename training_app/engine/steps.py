"""One training step: gradients over a batch, in as many parts as memory demands, clipped and applied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

from training_app.engine.data import Batch
from training_app.engine.device import Compute
from training_app.engine.errors import EngineError, is_out_of_memory
from training_app.engine.optim import set_rate
from training_app.engine.run_state import RunState

Loss = Callable[[nn.Module, Batch, Compute], torch.Tensor]


@dataclass(frozen=True, slots=True)
class Stepper:
    """Applies steps to the network of `state`; `on_split` is told when batches have to be taken in parts."""

    state: RunState
    loss: Loss
    gradient_clip: float
    on_split: Callable[[int], None]

    def step(self, batch: Batch, rate: float) -> torch.Tensor:
        """Learn from `batch` at the head's learning `rate`; answers the mean loss, which may still be computing."""
        state = self.state
        set_rate(state.optimizer, rate)
        loss = self._gradients(batch)
        if self.gradient_clip > 0:
            state.scaler.unscale_(state.optimizer)
            nn.utils.clip_grad_norm_(state.model.parameters(), self.gradient_clip)
        state.scaler.step(state.optimizer)
        state.scaler.update()
        state.progress.batch += 1
        state.progress.step += 1
        return loss

    def _gradients(self, batch: Batch) -> torch.Tensor:
        while True:
            try:
                return self._gradients_in_parts(batch)
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
            # Outside of the handler, whose traceback would keep the memory that is to be freed.
            self._split_further(len(batch))

    def _gradients_in_parts(self, batch: Batch) -> torch.Tensor:
        state = self.state
        state.optimizer.zero_grad(set_to_none=True)
        size = -(-len(batch) // state.progress.chunks)
        total = torch.zeros((), device=state.compute.device)
        for start in range(0, len(batch), size):
            part = batch.part(start, start + size)
            loss = self.loss(state.model, part, state.compute) * (len(part) / len(batch))
            state.scaler.scale(loss).backward()
            total += loss.detach()
        return total

    def _split_further(self, size: int) -> None:
        progress = self.state.progress
        if progress.chunks >= size:
            raise EngineError(
                "out_of_memory",
                "Memory runs out even with one picture at a time: choose a smaller image size or architecture.",
            )
        self.state.optimizer.zero_grad(set_to_none=True)
        self.state.compute.free_memory()
        progress.chunks = min(size, progress.chunks * 2)
        self.on_split(progress.chunks)
