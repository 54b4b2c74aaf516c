"""What a run has on disk to continue from or to predict with."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from typing_extensions import override

from training_app.models.run import Run


class Checkpoint(models.Model):
    """The best or the last state of a run. A better or later one takes its place."""

    project_path: ClassVar[str] = "run__project"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="checkpoints")
    kind = models.CharField(max_length=8, help_text="best or last.")
    epoch = models.PositiveIntegerField(help_text="Epochs that were finished.")
    metrics = models.JSONField(default=dict)
    path = models.CharField(max_length=300, help_text="Folder, relative to the data folder.")

    class Meta:
        ordering = ("kind",)
        constraints = (models.UniqueConstraint(fields=("run", "kind"), name="checkpoint_once"),)

    @override
    def __str__(self) -> str:
        return f"{self.kind} of {self.run}"
