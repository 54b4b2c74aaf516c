"""Classes: an identity that annotations point to, and what it was called at each revision."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from typing_extensions import override

from datasets_app.models.project import Project
from datasets_app.models.temporal import LIVE, TemporalRow


class LabelClass(models.Model):
    """The identity of a class; everything that can change is in `LabelClassState`."""

    project_path: ClassVar[str] = "project"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="classes")
    uuid = models.UUIDField(default=uuid.uuid4)
    number = models.PositiveIntegerField(help_text="At least 1, unique in the project, never changes; formats use it.")

    class Meta:
        verbose_name = "class"
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("project", "number"), name="class_number"),
            models.UniqueConstraint(fields=("project", "uuid"), name="class_uuid"),
        )

    @override
    def __str__(self) -> str:
        return f"class {self.number}"


class LabelClassState(TemporalRow):
    """Name, colour, hotkey, attributes and skeleton of a class between two revisions."""

    label_class = models.ForeignKey(LabelClass, on_delete=models.CASCADE, related_name="states")
    name = models.CharField(max_length=200)
    color = models.CharField(max_length=7, help_text="#rrggbb")
    hotkey = models.CharField(max_length=20, blank=True, default="")
    position = models.PositiveIntegerField(help_text="Place in lists, from 0.")
    attributes = models.JSONField(
        default=list, help_text="Definitions of the attributes that objects of the class have."
    )
    skeleton = models.JSONField(
        default=dict, help_text='{"points": [name, ...], "edges": [[from, to], ...]} from 0; empty: no skeleton.'
    )
    revisit_before = models.PositiveIntegerField(
        null=True, help_text="Set when the class was split: labels older than this revision are to be looked at again."
    )

    class Meta:
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=("label_class",), condition=LIVE, name="class_state_live"),)

    @override
    def __str__(self) -> str:
        return self.name
