"""Models: checkpoints that were kept."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from typing_extensions import override

from datasets_app.models import Project, Version
from training_app.models.run import Run


class TrainedModel(models.Model):
    """The best checkpoint of a run that ended, copied so that it stays. Nothing but its name ever changes.

    A run that is extended and gets better makes a second model, so that what the first one found stays true of it.
    """

    project_path: ClassVar[str] = "project"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="models")
    run = models.ForeignKey(Run, on_delete=models.RESTRICT, related_name="models")
    version = models.ForeignKey(Version, on_delete=models.RESTRICT, related_name="models")
    name = models.CharField(max_length=200)
    task = models.CharField(max_length=32)
    architecture = models.CharField(max_length=64)
    epoch = models.PositiveIntegerField()
    classes = models.JSONField(
        help_text="[{id, number, name, color}] in the order of the network's outputs, as they were called then."
    )
    metrics = models.JSONField(default=dict, help_text="On the validation images of its version.")
    size = models.BigIntegerField(help_text="Bytes on disk.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "model"
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint(fields=("run", "epoch"), name="model_of_epoch"),)

    @override
    def __str__(self) -> str:
        return self.name
