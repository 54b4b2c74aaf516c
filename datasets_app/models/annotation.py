"""Labelled objects between two revisions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Coalesce
from typing_extensions import override

from datasets_app.models.image import Image
from datasets_app.models.label_class import LabelClass
from datasets_app.models.project import Project
from datasets_app.models.temporal import LIVE, TemporalRow


class Annotation(TemporalRow):
    """One labelled object: class, shape, attributes, source, score. Edits keep its `uuid`.

    `shape` is the canonical JSON text of the shape as the API speaks it; box and area are derived from it once, when
    the row is written, so that lists, statistics and exports need not parse it.
    """

    project_path: ClassVar[str] = "project"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="annotations", db_index=False)
    label_class = models.ForeignKey(LabelClass, on_delete=models.PROTECT, related_name="+", db_index=False)
    uuid = models.UUIDField()
    type = models.CharField(max_length=16)
    shape = models.TextField()
    x = models.FloatField(help_text="Bounding box, half-open, pixels.")
    y = models.FloatField()
    width = models.FloatField()
    height = models.FloatField()
    area = models.FloatField(help_text="Square pixels; raster area for polygons and masks.")
    attributes = models.JSONField(default=dict)
    occluded = models.BooleanField(default=False)
    truncated = models.BooleanField(default=False)
    crowd = models.BooleanField(default=False)
    z_order = models.IntegerField(default=0)
    sequence = models.BigIntegerField(
        default=0, help_text="Drawing order among equal z_order: by first appearance, kept through every edit."
    )
    group = models.IntegerField(null=True)
    source = models.CharField(max_length=64, default="human", help_text="human, import, method:<key> or run:<id>.")
    score = models.FloatField(null=True)

    class Meta:
        constraints = (
            # Live rows count as ended in 0. An index over live rows only and one over all would cost an insert twice.
            models.UniqueConstraint("project", "uuid", Coalesce("deleted_in", 0), name="annotation_once"),
        )
        indexes = (
            models.Index(fields=("image", "deleted_in"), name="annotation_image"),
            models.Index(fields=("project", "label_class", "image"), condition=LIVE, name="annotation_class"),
            models.Index(fields=("project", "created_in"), name="annotation_opened"),
            models.Index(
                fields=("project", "deleted_in"), condition=models.Q(deleted_in__isnull=False), name="annotation_closed"
            ),
        )

    @override
    def __str__(self) -> str:
        return str(self.uuid)
