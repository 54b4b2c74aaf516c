"""Evaluations: how a model does on one split of a version."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from typing_extensions import override

from annotator.core.models import Job
from datasets_app.models import Project, Version
from training_app.models.model import TrainedModel


class Evaluation(models.Model):
    """Neither the model nor the version ever changes, so there is one evaluation of the three.

    What was predicted and labelled lies in the data folder; every figure is computed again from there, at any
    threshold. `summary` holds those at the threshold that the evaluation was first shown with.
    """

    project_path: ClassVar[str] = "project"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="evaluations")
    model = models.ForeignKey(TrainedModel, on_delete=models.CASCADE, related_name="evaluations")
    version = models.ForeignKey(Version, on_delete=models.RESTRICT, related_name="evaluations")
    split = models.CharField(max_length=8, help_text="train, val or test.")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    classes = models.JSONField(default=list, help_text="[{id, number, name}] in the order of the stored indices.")
    threshold = models.FloatField(null=True, help_text="Where the figures are best; null until it is computed.")
    iou = models.FloatField(null=True, help_text="Null where boxes play no part.")
    images = models.PositiveIntegerField(default=0)
    summary = models.JSONField(default=dict)
    notes = models.JSONField(default=list, help_text="[{code, detail}]: what was left out, and why.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (models.UniqueConstraint(fields=("model", "version", "split"), name="evaluation_once"),)

    @override
    def __str__(self) -> str:
        return f"{self.model} on {self.split} of {self.version}"
