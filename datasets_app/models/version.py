"""Named revisions with a split: what training and export read; and the counts that making one needs."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from typing_extensions import override

from datasets_app.models.project import Project


class Version(models.Model):
    """The name of a revision. Creating one copies nothing; nothing of it ever changes."""

    project_path: ClassVar[str] = "project"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    notes = models.TextField(blank=True, default="")
    revision = models.PositiveIntegerField(help_text="Number of the revision that it names.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    split = models.JSONField(help_text="The rule: ratios, seed, stratify, group_by.")
    assignment = models.BinaryField(help_text="The outcome, see splits.py: image ids and their split, compressed.")
    recipe = models.JSONField(default=dict, help_text="Preprocessing and augmentation, applied on the fly.")
    statistics = models.JSONField(default=dict)
    digest = models.CharField(
        max_length=64, help_text="SHA-256 over content, split and recipe: same content, same digest."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("project", "number"), name="version_number"),)

    @override
    def __str__(self) -> str:
        return f"{self.name} ({self.project})"


class LabelTally(models.Model):
    """Labels per image and class as of one revision; a cache, see label_tally.py."""

    project_path: ClassVar[str] = "project"

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="+")
    revision = models.PositiveIntegerField()
    packed = models.BinaryField()

    @override
    def __str__(self) -> str:
        return f"labels of {self.project} at revision {self.revision}"
