"""What the health checks found and counted, as of one revision: kept, and brought forward by what changed since.

Nothing here is data of the project: all of it but the thresholds and who ignored what can be computed again.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from typing_extensions import override

from datasets_app.models.label_class import LabelClass
from datasets_app.models.project import Project
from datasets_app.models.version import Version


class HealthReport(models.Model):
    """The state of all checks and counters of one project."""

    project_path: ClassVar[str] = "project"

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="health")
    revision = models.PositiveIntegerField(null=True, help_text="As of which revision; null: never computed.")
    version = models.ForeignKey(
        Version, null=True, on_delete=models.SET_NULL, related_name="+", help_text="Whose split was looked at."
    )
    generation = models.PositiveIntegerField(default=0, help_text="Of the findings that count; others are leftovers.")
    thresholds = models.JSONField(default=dict, help_text="check -> threshold -> value, where it is not the default.")
    is_outdated = models.BooleanField(default=False, help_text="Thresholds changed since it was computed.")
    totals = models.JSONField(default=dict, help_text="check -> code, severity, count, ignored.")
    counters = models.BinaryField(default=b"", help_text="See health/counters.py.")
    computed_at = models.DateTimeField(null=True)

    @override
    def __str__(self) -> str:
        return f"health of {self.project} at revision {self.revision}"


class HealthFinding(models.Model):
    """One thing that a check found."""

    project_path: ClassVar[str] = "project"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    generation = models.PositiveIntegerField()
    check_key = models.CharField(max_length=40)
    code = models.CharField(max_length=40, help_text="Which of the check's rules.")
    severity = models.CharField(max_length=8, help_text="error, warning or info.")
    key = models.CharField(max_length=120, help_text="Names the same finding in every computation.")
    detail = models.CharField(max_length=500)
    image = models.PositiveBigIntegerField(null=True, help_text="Id, where it stands or falls with one image.")
    images = models.JSONField(default=list, help_text="Ids; the first are shown.")
    annotations = models.JSONField(default=list, help_text="UUIDs.")
    label_class = models.ForeignKey(LabelClass, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    value = models.FloatField(null=True, help_text="What was measured.")
    count = models.PositiveIntegerField(default=1, help_text="Images or objects that it speaks of.")
    filter = models.JSONField(null=True, help_text="The image list's query that shows its images.")

    class Meta:
        indexes = (
            models.Index(
                fields=("project", "generation", "check_key", "code", "severity", "key"), name="health_finding_check"
            ),
            models.Index(fields=("project", "generation", "image"), name="health_finding_image"),
        )

    @override
    def __str__(self) -> str:
        return f"{self.check_key}: {self.detail}"


class HealthIgnored(models.Model):
    """A finding that somebody looked at and wants to see no more."""

    project_path: ClassVar[str] = "project"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", db_index=False)
    check_key = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    code = models.CharField(max_length=40)
    note = models.CharField(max_length=300, blank=True, default="")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("project", "check_key", "key"), name="health_ignored_once"),)

    @override
    def __str__(self) -> str:
        return f"{self.check_key}: {self.key}"
