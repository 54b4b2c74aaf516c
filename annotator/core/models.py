"""The kernel's only table: background work and its progress."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from typing_extensions import override


class JobState(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


FINISHED_STATES = (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED)


class Job(models.Model):
    """One piece of background work. This row is the truth; the broker's message only says that it is there."""

    project_path: ClassVar[str] = "project"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=64, help_text="Key of the handler, such as datasets.export.")
    queue = models.CharField(max_length=16, help_text="Worker queue: interactive, cpu or gpu.")
    title = models.CharField(max_length=200)
    project = models.ForeignKey("datasets_app.Project", null=True, on_delete=models.CASCADE, related_name="jobs")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    payload = models.JSONField(default=dict, help_text="Keyword arguments of the handler.")
    is_ephemeral = models.BooleanField(default=False, help_text="Not listed, and deleted after its answer was read.")

    state = models.CharField(max_length=16, default=JobState.QUEUED, choices=JobState.choices)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=-1, help_text="-1 while unknown.")
    unit = models.CharField(max_length=32, default="")
    result = models.JSONField(null=True)
    error_code = models.CharField(max_length=64, default="")
    error_detail = models.TextField(default="")
    traceback = models.TextField(default="")
    log = models.TextField(default="")
    cancel_requested = models.BooleanField(default=False)

    attempts = models.PositiveIntegerField(default=0)
    releases = models.PositiveIntegerField(
        default=0, help_text="Attempts that ended because their worker was shut down."
    )
    lease_owner = models.CharField(max_length=200, default="", help_text="host:pid of the process that runs it.")
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True, help_text="When its message was last sent.")
    sent_count = models.PositiveIntegerField(default=0)

    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at",)
        indexes = (
            models.Index(fields=("state", "queue", "sent_at"), name="job_dispatch"),
            models.Index(fields=("project", "-created_at"), name="job_project"),
        )

    @override
    def __str__(self) -> str:
        return f"{self.title} ({self.state})"

    @property
    def is_finished(self) -> bool:
        return self.state in FINISHED_STATES
