"""Where an image stands between the person who labels it and the one who looks over it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from typing_extensions import override

from datasets_app.models import Image


class ReviewStatus(models.TextChoices):
    """Submitted and fixed wait for a reviewer, returned for the annotator; nothing waits for anybody once accepted."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    FIXED = "fixed"
    ACCEPTED = "accepted"


WAITING = (ReviewStatus.SUBMITTED, ReviewStatus.FIXED)


class Review(models.Model):
    """Where one image stands now. An image that nobody submitted has no row."""

    project_path: ClassVar[str] = "image__project"

    image = models.OneToOneField(Image, on_delete=models.CASCADE, related_name="review")
    status = models.CharField(max_length=16, choices=ReviewStatus.choices)
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Who submitted it first; a returned image goes back to this person.",
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", help_text="Who judged last."
    )
    revision = models.PositiveIntegerField(help_text="The newest one of the project at the last step.")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = (models.Index(fields=("status", "annotator"), name="review_status"),)

    @override
    def __str__(self) -> str:
        return f"{self.image_id}: {self.status}"


class ReviewEvent(models.Model):
    """One step of a review: what became of the image, by whom, as of which revision."""

    project_path: ClassVar[str] = "image__project"

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="review_events")
    status = models.CharField(max_length=16, choices=ReviewStatus.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", help_text="Whose work it was."
    )
    revision = models.PositiveIntegerField()
    note = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("pk",)

    @override
    def __str__(self) -> str:
        return f"{self.image_id}: {self.status}"
