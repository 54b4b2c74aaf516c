"""Committed changes, and the operations that several of them may share."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from typing_extensions import override

from datasets_app.models.project import Project


class Operation(models.Model):
    """One import or batch: shown, counted and reverted as one, however many revisions it took."""

    project_path: ClassVar[str] = "project"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="operations")
    key = models.CharField(
        max_length=100, help_text="Chosen by its maker, such as the job's id: repeating it repeats no effect."
    )
    kind = models.CharField(max_length=32)
    answer = models.JSONField(null=True, help_text="What the finished operation answered; null while it runs.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "key"), name="operation_once"),)

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Revision(models.Model):
    """One committed change to a project: who, when, why. Numbered 1, 2, 3 … in each project."""

    project_path: ClassVar[str] = "project"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=32, help_text="edit, upload, import, classes, accept, revert …")
    message = models.CharField(max_length=300, blank=True, default="")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    operation = models.ForeignKey(
        Operation, null=True, on_delete=models.SET_NULL, related_name="revisions", db_index=False
    )
    batch_id = models.UUIDField(null=True, help_text="Made by the client; a replay gets the stored answer.")
    answer = models.JSONField(null=True, help_text="What the batch was answered.")
    reverted_by = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="reverts", help_text="The newest that undid this."
    )
    opened = models.PositiveIntegerField(default=0, help_text="Rows that are true from here on.")
    closed = models.PositiveIntegerField(default=0, help_text="Rows that ended here.")
    summary = models.JSONField(default=dict, help_text="What was added, removed and changed; see services/summary.py.")
    digest = models.CharField(max_length=64, help_text="Hex sum of the digests of all rows true at this revision.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("project", "number"), name="revision_number"),
            models.UniqueConstraint(
                fields=("project", "batch_id"), condition=models.Q(batch_id__isnull=False), name="revision_batch"
            ),
        )
        indexes = (models.Index(fields=("operation", "number"), name="revision_operation"),)

    @override
    def __str__(self) -> str:
        return f"revision {self.number} of {self.project}"
