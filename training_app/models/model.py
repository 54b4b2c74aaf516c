"""Models: checkpoints that were kept, and detectors that people brought."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from typing_extensions import override

from annotator.core.models import Job
from datasets_app.models import Project, Version
from training_app.models.run import Run


class TrainedModel(models.Model):
    """The best checkpoint of a run that ended, copied so that it stays, or an ONNX detector that somebody brought.

    Nothing but its name ever changes. A run that is extended and gets better makes a second model, so that what the
    first one found stays true of it. A detector that was brought has a declaration, and neither run nor version.
    """

    project_path: ClassVar[str] = "project"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="models")
    run = models.ForeignKey(Run, null=True, on_delete=models.RESTRICT, related_name="models")
    version = models.ForeignKey(Version, null=True, on_delete=models.RESTRICT, related_name="models")
    name = models.CharField(max_length=200)
    task = models.CharField(max_length=32)
    architecture = models.CharField(max_length=64, help_text="Or the detector head, of one that was brought.")
    epoch = models.PositiveIntegerField()
    classes = models.JSONField(
        help_text="[{id, number, name, color}] in the order of the network's outputs, as they were called then. A "
        "detector that was brought numbers its own outputs from 1; its id is null where the project has no such class."
    )
    declaration = models.JSONField(default=dict, help_text="How to use the ONNX file; empty for a checkpoint.")
    job = models.OneToOneField(
        Job, null=True, on_delete=models.SET_NULL, related_name="+", help_text="What made it of an upload."
    )
    licence = models.CharField(max_length=200, blank=True, default="", help_text="As told by whoever brought it.")
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

    @property
    def source(self) -> str:
        """What annotations that it made say of their origin."""
        return f"run:{self.run_id}" if self.run_id is not None else f"model:{self.pk}"
