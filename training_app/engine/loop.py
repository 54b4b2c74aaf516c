"""The training loop: steps, validation, early stopping, checkpoints. Knows no task and no architecture by name."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from torch import nn

from training_app.engine.checkpoint import find_checkpoint
from training_app.engine.config import TrainConfig
from training_app.engine.data import Batch, EpochBatches
from training_app.engine.errors import EngineError
from training_app.engine.events import Events
from training_app.engine.lifeline import StopFlag
from training_app.engine.loss_watch import LossWatch, NotFiniteError
from training_app.engine.optim import Freezing, Schedule
from training_app.engine.progress import Pace
from training_app.engine.run_state import RunState
from training_app.engine.samples import listed
from training_app.engine.steps import Loss, Stepper

# A killed run loses at most this much work within an epoch.
SAVE_INTERVAL_SECONDS = 120.0
MOST_RETREATS = 3


@dataclass(frozen=True, slots=True)
class Parts:
    """What a run is put together from, besides what changes while it goes on."""

    config: TrainConfig
    schedule: Schedule
    freezing: Freezing
    batches: EpochBatches
    train_batches: Iterable[Batch]
    loss: Loss
    validate: Callable[[nn.Module, StopFlag], dict[str, float | None]]


@dataclass(slots=True)
class Trainer:
    """One run in this process."""

    parts: Parts
    state: RunState
    events: Events
    stop: StopFlag
    pace: Pace = field(default_factory=Pace)
    watch: LossWatch = field(default_factory=LossWatch)
    _saved_at: float = field(default_factory=time.monotonic)
    _recent: list[float] = field(default_factory=list)

    def run(self) -> str:
        """Train to the end; answers `completed`, `early_stopped` or `stopped`."""
        stopping, progress = self.state.stopping, self.state.progress
        if find_checkpoint(self.state.output, "last") is None:
            self._save_last()
        while progress.epoch < self.parts.config.epochs and not stopping.is_exhausted:
            try:
                metrics = self._steps_finish() and self._validated()
            except NotFiniteError as error:
                self._retreat(error)
                continue
            if not metrics:
                self._save_last(announce=True)
                return "stopped"
            self._finish_epoch(metrics)
        return "early_stopped" if stopping.is_exhausted else "completed"

    def _steps_finish(self) -> bool:
        """Do what is left of the epoch; False where the run was told to stop before its end."""
        parts, progress = self.parts, self.state.progress
        stepper = Stepper(self.state, parts.loss, parts.config.gradient_clip, self._tell_split)
        parts.freezing.apply(self.state.model, progress.epoch)
        parts.batches.epoch, parts.batches.first_batch = progress.epoch, progress.batch
        self.pace.restart()
        for batch in self._until_stopped(parts.train_batches):
            loss = stepper.step(batch, self._rate(progress.step))
            self._count(self.watch.add(loss, batch.numbers))
            self.pace.step(len(batch))
            self._tell_step()
            if time.monotonic() - self._saved_at > SAVE_INTERVAL_SECONDS:
                self._save_last()
        self._count(self.watch.flush())
        return progress.batch >= parts.batches.per_epoch

    def _until_stopped(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        for batch in batches:
            if self.stop.is_raised:
                return
            yield batch

    def _rate(self, step: int) -> float:
        return self.parts.schedule.rate(step) * self.state.progress.rate_scale

    def _count(self, losses: list[tuple[float, int]]) -> None:
        for value, images in losses:
            self.state.progress.loss_sum += value * images
            self.state.progress.loss_count += images
            self._recent.append(value)

    def _validated(self) -> dict[str, float | None]:
        """The metrics of the epoch; empty where the run was told to stop meanwhile."""
        started = time.monotonic()
        found = self.parts.validate(self.state.model, self.stop)
        self.pace.validation_seconds = time.monotonic() - started
        return {} if self.stop.is_raised else {"train/loss": self.state.progress.mean_loss(), **found}

    def _finish_epoch(self, metrics: dict[str, float | None]) -> None:
        state, progress, stopping = self.state, self.state.progress, self.state.stopping
        progress.epoch += 1
        progress.begin_epoch()
        state.metrics = metrics
        is_best = stopping.update(metrics.get(stopping.metric), progress.epoch)
        # Where no figure is to be had, as without labels to compare with, the latest epoch has to do.
        if is_best or stopping.best is None:
            path = state.save_best()
            self.events.send("checkpoint", kind="best", path=str(path), epoch=progress.epoch, metrics=metrics)
        self._save_last(announce=True)
        self.events.send(
            "epoch",
            epoch=progress.epoch,
            step=progress.step,
            metrics=metrics,
            best=is_best,
            patience_left=stopping.patience_left,
        )

    def _save_last(self, *, announce: bool = False) -> None:
        # A loss on its way must not be one that is not finite: this state is what a retreat goes back to.
        self._count(self.watch.flush())
        path, state = self.state.save_last(), self.state
        self._saved_at = time.monotonic()
        if announce:
            self.events.send(
                "checkpoint", kind="last", path=str(path), epoch=state.progress.epoch, metrics=state.metrics
            )

    def _retreat(self, error: NotFiniteError) -> None:
        """Go back to the last good state with half the learning rate. Raises `EngineError` after too many times."""
        progress = self.state.progress
        where = f"epoch {progress.epoch + 1}, images {listed(error.numbers)}"
        retreats, chunks, rate_scale = progress.retreats + 1, progress.chunks, progress.rate_scale / 2
        if retreats > MOST_RETREATS:
            raise EngineError(
                "not_finite",
                f"The loss stays not finite ({where}): lower the learning rate and look at these images.",
            )
        self.watch.forget()
        self._recent.clear()
        self.state.restore_last()
        progress.retreats, progress.chunks, progress.rate_scale = retreats, chunks, rate_scale
        self.events.send(
            "note",
            code="not_finite",
            detail=f"The loss was not finite ({where}): went back to the last good state and halved the learning rate.",
        )

    def _tell_split(self, chunks: int) -> None:
        detail = f"Memory ran out: each batch is now computed in {chunks} parts, with the same result."
        self.events.send("note", code="out_of_memory", detail=detail)

    def _tell_step(self) -> None:
        progress, parts = self.state.progress, self.parts
        is_last = progress.batch == parts.batches.per_epoch
        if not self._recent or not (is_last or self.events.step_is_due()):
            return
        steps_left = parts.config.epochs * parts.batches.per_epoch - progress.step
        self.events.send(
            "step",
            epoch=progress.epoch + 1,
            step=progress.step,
            metrics={"train/loss": sum(self._recent) / len(self._recent), "lr": self._rate(progress.step - 1)},
            eta_seconds=self.pace.seconds_left(steps_left, parts.config.epochs - progress.epoch),
            images_per_second=self.pace.images_per_second(),
            memory_bytes=self.state.compute.memory_bytes(),
        )
        self._recent.clear()
