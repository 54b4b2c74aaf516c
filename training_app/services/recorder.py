"""Writes down what the engine tells of a training: figures of the run, points of curves, checkpoints. Starts nothing.

Written about once a second, and only while this attempt of the job is the run's newest: what a worker sends that lost
its job meanwhile is void. A training that continues takes back the points after the step that it continues from.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from annotator.core.jobs import JobContext, JobLost
from training_app.models import Checkpoint, MetricPoint, Run
from training_app.selectors.files import LOG_FILE, checkpoint_facts, find_checkpoint, relative_path, run_folder

FLUSH_SECONDS = 1.0
SPARSENESS = 2000
"""Of a training that has lasted t seconds, steps are kept that lie t / 2000 apart: some 11,000 points in ten hours."""
TRAIN_LOSS = "train/loss"
EPOCH_LOSS = "train/loss_epoch"
"""The mean over an epoch, beside those of single steps."""


class RunRecorder:
    """The listener of one attempt at one run."""

    def __init__(self, run: Run, ctx: JobContext) -> None:
        self.run = run
        self.wants_stop = False
        self._ctx = ctx
        self._fields: dict[str, Any] = {}
        self._facts: dict[str, Any] = dict(run.facts)
        self._points: list[MetricPoint] = []
        self._checkpoints: dict[str, Checkpoint] = {}
        self._resumed: Mapping[str, int] | None = None
        self._begins = False
        self._monitor = ""
        self._started = self._flushed = time.monotonic()
        self._next_step = 0.0
        self._log = run_folder(run.pk) / LOG_FILE
        self._take = {
            "started": self._take_started,
            "step": self._take_step,
            "epoch": self._take_epoch,
            "checkpoint": self._take_checkpoint,
            "note": self._take_note,
            "finished": self._take_finished,
            "failed": self._take_failed,
        }

    def take(self, event: Mapping[str, Any]) -> None:
        handler = self._take.get(str(event.get("event")))
        if handler is not None:
            handler(event)

    def beat(self) -> None:
        if time.monotonic() - self._flushed >= FLUSH_SECONDS:
            self.flush()
            self.wants_stop = Run.objects.filter(pk=self.run.pk, stop_requested=True).exists()

    def progress(self) -> tuple[int, int, str]:
        run = self.run
        return run.step, run.epochs * run.steps_per_epoch or -1, "steps"

    def flush(self) -> None:
        """Writes what came since the last time. Raises `JobLost`."""
        self._flushed = time.monotonic()
        if not (self._fields or self._points or self._checkpoints or self._begins):
            return
        with transaction.atomic():
            # First of all, and conditional: it locks the row against another attempt, or finds that there is one.
            mine = Run.objects.filter(pk=self.run.pk, job_id=self._ctx.job_id, attempt=self._ctx.attempt)
            if not mine.update(attempt=self._ctx.attempt, **self._fields):
                raise JobLost(self._ctx.job_id)
            if self._begins:
                self._take_back()
            MetricPoint.objects.bulk_create(self._points, batch_size=500)
            for row in self._checkpoints.values():
                values = {"epoch": row.epoch, "metrics": row.metrics, "path": row.path}
                Checkpoint.objects.update_or_create(run=self.run, kind=row.kind, defaults=values)
        self._fields, self._points, self._checkpoints, self._begins = {}, [], {}, False

    def log(self, text: str) -> None:
        with self._log.open("a") as file:
            file.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {text}\n")

    def _set(self, **fields: Any) -> None:
        for name, value in fields.items():
            setattr(self.run, name, value)
        self._fields |= fields

    def _add_points(self, epoch: int, step: int, metrics: Mapping[str, float | None]) -> None:
        self._points += [
            MetricPoint(run=self.run, epoch=epoch, step=step, name=name, value=value)
            for name, value in metrics.items()
            if value is not None
        ]

    def _take_started(self, event: Mapping[str, Any]) -> None:
        self._resumed = event.get("resumed")
        self._begins = True
        self._monitor = str(event.get("monitor", ""))
        self._facts |= {name: event.get(name) for name in ("train_images", "val_images", "parameters")}
        self._set(
            **{name: event[name] for name in ("device", "precision", "epochs", "steps_per_epoch")},
            epoch=self._resumed["epoch"] if self._resumed else 0,
            step=self._resumed["step"] if self._resumed else 0,
            facts=self._facts,
        )
        if self._resumed:
            self._take_last()
        else:
            self._set(best=None, patience_left=None)
        where = f" again from step {self.run.step} of epoch {self.run.epoch + 1}" if self._resumed else ""
        images = f"{event.get('train_images')} training and {event.get('val_images')} validation images"
        self.log(f"Training begins{where} on {event['device']} in {event['precision']}: {images}.")

    def _take_back(self) -> None:
        """What an earlier attempt told of steps that are now done again."""
        points = MetricPoint.objects.filter(run=self.run)
        step = self._resumed["step"] if self._resumed else -1
        points.filter(step__gt=step).delete()
        if not self._resumed:
            Checkpoint.objects.filter(run=self.run).delete()
        # The end of an epoch that was saved but not told of, because the worker died in between, came from `last`.
        epoch = self._resumed["epoch"] if self._resumed else 0
        told = set(points.filter(epoch=epoch).values_list("step", "name"))
        self._points = [point for point in self._points if (point.step, point.name) not in told]

    def _take_last(self) -> None:
        """What the checkpoint knows that the worker which died may not have told."""
        folder = find_checkpoint(self.run.pk, "last")
        facts = checkpoint_facts(folder) if folder is not None else {}
        stopping, epoch = facts.get("stopping", {}), int(facts.get("epoch", 0))
        if stopping.get("best") is not None:
            best = {"epoch": stopping["best_epoch"], "metric": stopping["metric"], "value": stopping["best"]}
            self._set(best=best)
        if epoch:
            self._add_points(epoch, epoch * self.run.steps_per_epoch, _of_epoch(facts.get("metrics", {})))

    def _take_step(self, event: Mapping[str, Any]) -> None:
        self._set(
            step=event["step"],
            eta_seconds=event.get("eta_seconds"),
            images_per_second=event.get("images_per_second"),
            peak_memory_bytes=max(event.get("memory_bytes") or 0, self.run.peak_memory_bytes or 0) or None,
        )
        now = time.monotonic()
        if now >= self._next_step:
            self._next_step = now + (now - self._started) / SPARSENESS
            self._add_points(event["epoch"], event["step"], event["metrics"])

    def _take_epoch(self, event: Mapping[str, Any]) -> None:
        epoch, metrics = event["epoch"], event["metrics"]
        self._add_points(epoch, event.get("step", epoch * self.run.steps_per_epoch), _of_epoch(metrics))
        self._set(epoch=epoch, patience_left=event.get("patience_left"))
        if event.get("best"):
            self._set(best={"epoch": epoch, "metric": self._monitor, "value": metrics.get(self._monitor)})
        figures = ", ".join(f"{name} {value:.4g}" for name, value in metrics.items() if value is not None)
        self.log(f"Epoch {epoch} of {self.run.epochs}: {figures}{' (best)' if event.get('best') else ''}.")

    def _take_checkpoint(self, event: Mapping[str, Any]) -> None:
        kind, path = event["kind"], relative_path(Path(event["path"]))
        row = Checkpoint(kind=kind, epoch=event["epoch"], metrics=event.get("metrics", {}), path=path)
        self._checkpoints[kind] = row

    def _take_note(self, event: Mapping[str, Any]) -> None:
        note = {"code": event["code"], "detail": event["detail"]}
        notes = self._facts.get("notes", [])
        if note not in notes:
            self._facts = self._facts | {"notes": [*notes, note]}
            self._set(facts=self._facts)
        self.log(note["detail"])

    def _take_finished(self, event: Mapping[str, Any]) -> None:
        peak = max(event.get("peak_memory_bytes") or 0, self.run.peak_memory_bytes or 0)
        self._set(eta_seconds=None, peak_memory_bytes=peak or None)
        if event.get("images_per_second"):
            self._set(images_per_second=event["images_per_second"])
        self.log(f"Training ends: {str(event['reason']).replace('_', ' ')} after {event.get('seconds', 0):.0f} s.")

    def _take_failed(self, event: Mapping[str, Any]) -> None:
        self._set(eta_seconds=None)
        self.log(f"Training failed: {event['detail']}")


def _of_epoch(metrics: Mapping[str, float | None]) -> dict[str, float | None]:
    return {EPOCH_LOSS if name == TRAIN_LOSS else name: value for name, value in metrics.items()}
