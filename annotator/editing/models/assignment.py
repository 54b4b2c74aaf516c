"""Assignments: a saved filter, the people who work through what passes it, and who has which image now."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from typing_extensions import override

from datasets_app.models import Image, Project


class AssignmentKind(models.TextChoices):
    ANNOTATE = "annotate"
    REVIEW = "review"


class Assignment(models.Model):
    """Work for some people: every image that passes the filter, those that come later included."""

    project_path: ClassVar[str] = "project"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="assignments")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=16, choices=AssignmentKind.choices)
    filter = models.JSONField(default=dict, help_text="The same keys as the grid's query parameters.")
    is_fixed = models.BooleanField(default=False, help_text="Works through `images` instead of what passes the filter.")
    images = models.ManyToManyField(Image, related_name="+")
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    due = models.DateField(null=True)
    note = models.TextField(blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, help_text="Nobody is given images of it any more since.")

    class Meta:
        ordering = ("-pk",)

    @override
    def __str__(self) -> str:
        return self.name


class Claim(models.Model):
    """One image in the hands of one person of an assignment: leased while open, remembered when done."""

    project_path: ClassVar[str] = "assignment__project"

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="claims", db_index=False)
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="claims")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    taken_at = models.DateTimeField(auto_now_add=True)
    lease_until = models.DateTimeField(help_text="Then somebody else may be given the image.")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("assignment", "image"), name="claim_once"),)

    @override
    def __str__(self) -> str:
        return f"{self.image_id} for {self.user}"
