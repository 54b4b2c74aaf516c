"""Images: an identity with facts that never change, and the state, tags and group it had at each revision."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from typing_extensions import override

from datasets_app.models.project import Project
from datasets_app.models.temporal import LIVE, TemporalRow


class ImageStatus(models.TextChoices):
    """How far the labelling of an image is; "verified empty" says that somebody looked and found nothing."""

    UNLABELLED = "unlabelled"
    IN_PROGRESS = "in_progress"
    ANNOTATED = "annotated"
    VERIFIED_EMPTY = "verified_empty"
    SKIPPED = "skipped"


class Image(models.Model):
    """One picture of a project. It exists at a revision when it has an `ImageState` there."""

    project_path: ClassVar[str] = "project"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="images")
    uuid = models.UUIDField(default=uuid.uuid4)
    name = models.CharField(max_length=500, help_text="Relative, with /, unique in the project.")
    width = models.PositiveIntegerField(help_text="Pixels of the upright picture.")
    height = models.PositiveIntegerField(help_text="Pixels of the upright picture.")
    sha256 = models.CharField(
        max_length=64, help_text="Blob of the upright picture that browsers show and exports hold."
    )
    suffix = models.CharField(max_length=8, help_text="Of that blob: .jpg, .png or .webp.")
    size = models.BigIntegerField(help_text="Bytes of that blob.")
    thumbnail_suffix = models.CharField(max_length=8, default=".jpg")
    source_sha256 = models.CharField(max_length=64, help_text="Blob of the file as it was uploaded.")
    source_suffix = models.CharField(max_length=8)
    perceptual_hash = models.BigIntegerField(help_text="64-bit difference hash, as a signed integer.")
    facts = models.JSONField(default=dict, help_text="Format, mode, bit depth, frames and orientation of the upload.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("project", "uuid"), name="image_uuid"),
            models.UniqueConstraint(fields=("project", "name"), name="image_name"),
        )
        indexes = (models.Index(fields=("project", "source_sha256"), name="image_source"),)

    @override
    def __str__(self) -> str:
        return self.name


class ImageState(TemporalRow):
    """Status, split, tags and group of an image between two revisions."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="states")
    status = models.CharField(max_length=16, default=ImageStatus.UNLABELLED, choices=ImageStatus.choices)
    split = models.CharField(
        max_length=8, blank=True, default="", help_text="train, val or test where an import or a person fixed it."
    )
    tags = models.JSONField(default=list)
    group = models.CharField(max_length=200, blank=True, default="", help_text="Images of one group stay in one split.")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("image",), condition=LIVE, name="image_state_live"),)
        indexes = (
            models.Index(fields=("project", "image"), condition=LIVE, name="image_state_page"),
            models.Index(fields=("project", "status", "image"), condition=LIVE, name="image_state_status"),
            models.Index(fields=("project", "group"), condition=LIVE, name="image_state_group"),
            models.Index(fields=("project", "split"), condition=LIVE, name="image_state_split"),
            models.Index(fields=("project", "deleted_in"), name="image_state_closed"),
            models.Index(fields=("project", "created_in"), name="image_state_opened"),
        )

    @override
    def __str__(self) -> str:
        return f"{self.image_id}: {self.status}"
