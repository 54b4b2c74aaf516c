"""A project, its members, and the short facts that its card shows."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from typing_extensions import override

from annotator.core.access import Role


class Task(models.TextChoices):
    """What the project's labels are for; decides which tools and architectures are offered first."""

    DETECTION = "detection"
    CLASSIFICATION = "classification"
    SEGMENTATION = "segmentation"


class Project(models.Model):
    """One growing data set with its classes, members, versions and models."""

    project_path: ClassVar[str] = ""

    name = models.CharField(max_length=200)
    description = models.TextField(blank=True, default="")
    task = models.CharField(max_length=32, help_text="detection, classification or segmentation.")
    revision = models.PositiveIntegerField(default=0, help_text="Number of the newest revision.")
    digest = models.CharField(
        max_length=64, default="0" * 64, help_text="Hex sum of the digests of all rows that are true now."
    )
    counts = models.JSONField(
        default=dict, help_text="Rows true now: images by state, annotations by class id; kept by the revision door."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="Hidden since; nothing is purged.")

    class Meta:
        ordering = ("-created_at",)

    @override
    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """The role of one person in one project."""

    project_path: ClassVar[str] = "project"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.PositiveSmallIntegerField(choices=Role.choices)

    class Meta:
        verbose_name = "member"
        constraints = (models.UniqueConstraint(fields=("project", "user"), name="member_once"),)

    @override
    def __str__(self) -> str:
        return f"{self.user} in {self.project}"
