"""Predictions: what a model proposes for images that people have not labelled yet."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from typing_extensions import override

from annotator.core.models import Job
from datasets_app.models import Image, LabelClass, Project
from training_app.models.model import TrainedModel


class PredictionState(models.TextChoices):
    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class PredictionBatch(models.Model):
    """One pre-labelling by one model. It appears whole, when its job has ended."""

    project_path: ClassVar[str] = "project"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="prediction_batches")
    model = models.ForeignKey(TrainedModel, on_delete=models.CASCADE, related_name="prediction_batches")
    job = models.OneToOneField(Job, null=True, on_delete=models.SET_NULL, related_name="+")
    filter = models.JSONField(default=dict, help_text="Which images were asked for, as the grid's URL says it.")
    min_score = models.FloatField()
    rules = models.JSONField(default=dict, help_text="What became of the model's finds; see `proposals.py`.")
    images = models.PositiveIntegerField(help_text="Images that were looked at.")
    predictions_made = models.PositiveIntegerField()
    dropped = models.PositiveIntegerField(default=0, help_text="Finds of classes that stand for none of the project.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "prediction batch"
        verbose_name_plural = "prediction batches"
        ordering = ("-pk",)

    @override
    def __str__(self) -> str:
        return f"{self.model} on {self.images} images"


class Prediction(models.Model):
    """One proposed object. Accepting it makes an annotation under the same `uuid`.

    Not versioned: only what was accepted is data. An accepted one whose annotation was taken back by a revert is
    pending again; `selectors/prediction.py` says which those are.
    """

    project_path: ClassVar[str] = "batch__project"

    batch = models.ForeignKey(PredictionBatch, on_delete=models.CASCADE, related_name="predictions", db_index=False)
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="predictions", db_index=False)
    label_class = models.ForeignKey(LabelClass, on_delete=models.RESTRICT, related_name="+", db_index=False)
    uuid = models.UUIDField(unique=True)
    type = models.CharField(max_length=16)
    shape = models.TextField(help_text="Canonical JSON text, as annotations have it.")
    x = models.FloatField(help_text="Bounding box, half-open, pixels.")
    y = models.FloatField()
    width = models.FloatField()
    height = models.FloatField()
    area = models.FloatField()
    score = models.FloatField()
    state = models.CharField(max_length=16, default=PredictionState.PENDING, choices=PredictionState.choices)
    is_reviewed = models.BooleanField(default=False, help_text="Somebody decided on it itself, not on a whole batch.")

    class Meta:
        indexes = (
            models.Index(fields=("image", "state"), name="prediction_image"),
            models.Index(fields=("batch", "state", "score"), name="prediction_batch"),
            models.Index(fields=("batch", "image"), name="prediction_batch_image"),
        )

    @override
    def __str__(self) -> str:
        return str(self.uuid)
