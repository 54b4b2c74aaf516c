"""Findings of health checks as the API and the report show them: their pictures, and the objects meant on these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from datasets_app.api.images import thumbnail_url
from datasets_app.health.base import SEVERITIES
from datasets_app.models import HealthFinding, HealthReport, Image
from datasets_app.selectors.annotation import outlines
from datasets_app.services import health_findings as finding_services

SHOWN_IMAGES = 12
"""Thumbnails of one finding; its other images are named by id alone."""
SHOWN_OBJECTS = 8
"""Objects of one finding with their outlines; the others are named by UUID alone."""


class FindingImageOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    thumbnail_url = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()


FindingObjectOutput = inline_serializer(
    "FindingObjectOutput",
    {
        "uuid": serializers.CharField(),
        "image": serializers.IntegerField(),
        "class": serializers.IntegerField(),
        "box": serializers.ListField(child=serializers.FloatField(), min_length=4, max_length=4),
        "shape": serializers.DictField(
            allow_null=True, help_text="null: its outline is too long for a list; draw the box."
        ),
    },
    many=True,
)


class IgnoredOutput(serializers.Serializer[Any]):
    by = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()
    note = serializers.CharField(allow_blank=True)


class FindingPageOutput(serializers.Serializer[Any]):
    results = inline_serializer(
        "Finding",
        {
            "id": serializers.IntegerField(help_text="Of this computation; stays until it is looked for again."),
            "code": serializers.CharField(),
            "severity": serializers.ChoiceField(choices=SEVERITIES),
            "detail": serializers.CharField(),
            "images": FindingImageOutput(many=True, help_text=f"The first {SHOWN_IMAGES}."),
            "image_ids": serializers.ListField(child=serializers.IntegerField()),
            "annotations": serializers.ListField(child=serializers.CharField(), help_text="UUIDs."),
            "objects": FindingObjectOutput,
            "class": serializers.IntegerField(allow_null=True),
            "value": serializers.FloatField(allow_null=True, help_text="What was measured."),
            "count": serializers.IntegerField(help_text="Images or objects that it speaks of."),
            "filter": serializers.DictField(allow_null=True, help_text="Query of `images/` that shows its images."),
            "ignored": IgnoredOutput(allow_null=True),
        },
        many=True,
    )
    next = serializers.CharField(allow_null=True)
    total = serializers.IntegerField()


def finding_bodies(report: HealthReport, findings: Sequence[HealthFinding]) -> list[dict[str, Any]]:
    """The findings with pictures and objects as of the report's revision, in a fixed number of queries."""
    pictures = {image for finding in findings for image in finding.images[:SHOWN_IMAGES]}
    images = Image.objects.filter(project=report.project_id).in_bulk(sorted(pictures))
    uuids = {uuid for finding in findings for uuid in finding.annotations[:SHOWN_OBJECTS]}
    objects = outlines(report.project_id, sorted(uuids), report.revision or 0)
    marks = finding_services.ignored_marks(report, findings)
    bodies = []
    for row in findings:
        mark = marks.get((row.check_key, row.key))
        own = [images[key] for key in row.images[:SHOWN_IMAGES] if key in images]
        bodies.append(
            {
                "id": row.pk,
                "code": row.code,
                "severity": row.severity,
                "detail": row.detail,
                "images": [
                    {
                        "id": image.pk,
                        "name": image.name,
                        "thumbnail_url": thumbnail_url(image),
                        "width": image.width,
                        "height": image.height,
                    }
                    for image in own
                ],
                "image_ids": row.images,
                "annotations": row.annotations,
                "objects": [objects[uuid] for uuid in row.annotations[:SHOWN_OBJECTS] if uuid in objects],
                "class": row.label_class_id,
                "value": row.value,
                "count": row.count,
                "filter": row.filter,
                "ignored": None
                if mark is None
                else {
                    "by": mark.author.get_username() if mark.author else None,
                    "at": mark.created_at,
                    "note": mark.note,
                },
            }
        )
    return bodies
