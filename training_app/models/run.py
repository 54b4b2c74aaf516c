"""Trainings: what was asked for, and how far it has come."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from typing_extensions import override

from annotator.core.models import Job
from datasets_app.models import Project, Version


class Run(models.Model):
    """One training of one architecture on one version. Stopped, resumed or extended, it stays the same run.

    Its state is that of its newest job; `reason` says how a training that succeeded came to its end.
    """

    project_path: ClassVar[str] = "project"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="runs")
    version = models.ForeignKey(Version, on_delete=models.RESTRICT, related_name="runs")
    name = models.CharField(max_length=200)
    task = models.CharField(max_length=32, help_text="A task of the engine's catalog, such as detection.")
    architecture = models.CharField(max_length=64, help_text="Key of the architecture catalog.")
    preset = models.CharField(max_length=64, blank=True, default="", help_text="The preset that the settings began as.")
    config = models.JSONField(default=dict, help_text="Every setting of the training, defaults included.")
    job = models.ForeignKey(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    attempt = models.PositiveIntegerField(
        default=0, help_text="Which attempt of the job writes here; what an earlier one still sends is void."
    )
    stop_requested = models.BooleanField(default=False, help_text="Somebody asked to stop and keep the best.")
    reason = models.CharField(
        max_length=32, blank=True, default="", help_text="completed, early_stopped or stopped; empty until it ends."
    )

    epoch = models.PositiveIntegerField(default=0, help_text="Epochs that are finished.")
    epochs = models.PositiveIntegerField()
    step = models.PositiveIntegerField(default=0)
    steps_per_epoch = models.PositiveIntegerField(default=0)
    eta_seconds = models.FloatField(null=True)
    best = models.JSONField(null=True, help_text="{epoch, metric, value} of the best epoch so far.")
    patience_left = models.PositiveIntegerField(null=True, help_text="Epochs that may still pass without gain.")
    device = models.CharField(max_length=100, blank=True, default="")
    precision = models.CharField(max_length=32, blank=True, default="")
    images_per_second = models.FloatField(null=True)
    peak_memory_bytes = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict, help_text="Images, parameters and notes that the engine told of.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-pk",)
        indexes = (models.Index(fields=("project", "-id"), name="run_list"),)

    @override
    def __str__(self) -> str:
        return self.name
