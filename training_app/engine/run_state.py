"""All that changes while a run goes on, and its way to disk and back. Knows no task and no loop."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import nn

from training_app.engine.checkpoint import find_checkpoint, load_model, load_training, read_facts, save_checkpoint
from training_app.engine.device import Compute
from training_app.engine.errors import EngineError
from training_app.engine.progress import Progress
from training_app.engine.stopping import EarlyStopping


@dataclass(slots=True)
class RunState:
    """`facts` is what every checkpoint says about the run; `metrics` are those of the last finished epoch."""

    output: Path
    facts: dict[str, Any]
    model: nn.Module
    optimizer: torch.optim.Optimizer
    scaler: torch.amp.GradScaler
    stopping: EarlyStopping
    compute: Compute
    progress: Progress = field(default_factory=Progress)
    metrics: dict[str, float | None] = field(default_factory=dict)

    def save_best(self) -> Path:
        """What predicting needs."""
        return self._save("best", None)

    def save_last(self) -> Path:
        """What continuing exactly here needs, also."""
        training = {
            "optimizer": self.optimizer.state_dict(),
            "scaler": self.scaler.state_dict(),
            "cpu_random": torch.get_rng_state(),
            "gpu_random": torch.cuda.get_rng_state(self.compute.device) if self.compute.on_gpu else None,
        }
        return self._save("last", training)

    def _save(self, kind: str, training: dict[str, Any] | None) -> Path:
        facts = {
            **self.facts,
            "epoch": self.progress.epoch,
            "metrics": self.metrics,
            "progress": self.progress.to_json(),
            "stopping": self.stopping.to_json(),
        }
        return save_checkpoint(self.output, kind, model=self.model, facts=facts, training=training)

    def restore_last(self) -> None:
        """Continue from `last`. Raises `EngineError`."""
        folder = find_checkpoint(self.output, "last")
        if folder is None:
            raise EngineError("no_checkpoint", f"There is nothing to resume in {self.output}: 'last' is missing.")
        facts, training = read_facts(folder), load_training(folder)
        load_model(folder, self.model)
        self.optimizer.load_state_dict(training["optimizer"])
        self.scaler.load_state_dict(training["scaler"])
        torch.set_rng_state(training["cpu_random"])
        if self.compute.on_gpu and training["gpu_random"] is not None:
            torch.cuda.set_rng_state(training["gpu_random"], self.compute.device)
        self.progress.restore(facts["progress"])
        self.stopping.restore(facts["stopping"])
        self.metrics = facts["metrics"]
