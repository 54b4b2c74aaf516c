"""Curves of a training."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from training_app.models.run import Run


class MetricPoint(models.Model):
    """One figure of a run at one step. Ids grow with time, so a reader asks for what came after the last it has."""

    project_path: ClassVar[str] = "run__project"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="points", db_index=False)
    epoch = models.PositiveIntegerField(help_text="Counted from 1.")
    step = models.PositiveIntegerField(help_text="Steps that were done.")
    name = models.CharField(max_length=64, help_text="train/loss, lr, val/accuracy …")
    value = models.FloatField()

    class Meta:
        indexes = (
            models.Index(fields=("run", "id"), name="point_page"),
            models.Index(fields=("run", "step"), name="point_step"),
        )
