"""Statistics of a project: charts from counters that are kept, never from a scan while a page waits."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import get_for
from annotator.core.api.jobs import JobOutput
from annotator.core.errors import DomainError
from annotator.core.numbers import whole_number
from datasets_app.health.charts import charts
from datasets_app.models import HealthReport, Project
from datasets_app.services import health as health_services


def _shape(name: str, fields: dict[str, Any]) -> Any:
    """A serializer's class; `class`, `from` and `label` cannot be written as attributes of one."""
    return type(name, (serializers.Serializer,), fields)


def _sides(help_text: str = "") -> Any:
    return serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2, help_text=help_text)


_BAR = {
    "label": serializers.CharField(allow_null=True),
    "count": serializers.IntegerField(),
    "filter": serializers.DictField(allow_null=True, help_text="Query of `images/` that shows what is behind the bar."),
}
BarOutput = _shape("StatisticsBar", dict(_BAR))
AspectOutput = _shape(
    "StatisticsAspect",
    {
        **_BAR,
        "from": serializers.FloatField(help_text="Width : height."),
        "to": serializers.FloatField(help_text="Not included."),
    },
)
ClassOutput = _shape(
    "StatisticsClass",
    {
        "class": serializers.IntegerField(),
        "name": serializers.CharField(),
        "color": serializers.CharField(),
        "objects": serializers.IntegerField(),
        "images": serializers.IntegerField(),
        "types": serializers.DictField(child=serializers.IntegerField(), help_text="Kind of shape → objects."),
        "areas": BarOutput(many=True, help_text="COCO's small, medium and large."),
        "splits": BarOutput(many=True, help_text="Objects in the splits of the newest version."),
        "filter": serializers.DictField(),
    },
)
SizeOutput = _shape(
    "StatisticsSize",
    {
        "width": _sides("First and last."),
        "height": _sides(),
        "count": serializers.IntegerField(),
        "filter": serializers.DictField(),
    },
)
PairOutput = _shape(
    "StatisticsPair",
    {"classes": _sides(), "count": serializers.IntegerField(), "filter": serializers.DictField()},
)
PersonClassOutput = _shape(
    "StatisticsPersonClass", {"class": serializers.IntegerField(), "count": serializers.IntegerField()}
)
PersonOutput = _shape("StatisticsPerson", {**_BAR, "classes": PersonClassOutput(many=True)})
HeatMapOutput = _shape(
    "StatisticsHeatMap",
    {
        "class": serializers.IntegerField(allow_null=True),
        "size": serializers.IntegerField(help_text="Cells across and down."),
        "cells": serializers.ListField(child=serializers.IntegerField(), help_text="Centres of objects, row by row."),
        "most": serializers.IntegerField(),
        "filter": serializers.DictField(help_text="With `cell`: column,row it shows the images of a cell."),
    },
)


class GrowthOutput(serializers.Serializer[Any]):
    day = serializers.CharField(help_text="Year-month-day, UTC.")
    opened = serializers.IntegerField(help_text="Annotations that were made or changed.")
    closed = serializers.IntegerField(help_text="Annotations that were deleted or changed.")
    total = serializers.IntegerField(help_text="Annotations at the end of the day.")


WorkOutput = _shape(
    "StatisticsWork",
    {
        "label": serializers.CharField(allow_null=True, help_text="User name."),
        "images": serializers.IntegerField(),
        "objects": serializers.IntegerField(help_text="Made or changed."),
        "seconds": serializers.IntegerField(help_text="Between saves; pauses of more than five minutes count nothing."),
        "images_per_hour": serializers.FloatField(allow_null=True, help_text="null: under a minute of work."),
        "objects_per_hour": serializers.FloatField(allow_null=True),
    },
)


class StatisticsAgreementOutput(serializers.Serializer[Any]):
    maker = serializers.ChoiceField(choices=("person", "import", "model"))
    made_by = serializers.CharField(allow_null=True, help_text="User name, where a person made them.")
    person = serializers.CharField(allow_null=True, help_text="Who looked at them later.")
    objects = serializers.IntegerField(help_text="That they looked at.")
    kept = serializers.IntegerField()
    moved = serializers.IntegerField(help_text="Or reshaped.")
    relabelled = serializers.IntegerField()
    deleted = serializers.IntegerField()
    added = serializers.IntegerField(help_text="Objects that had been missing beside those.")
    agreed = serializers.FloatField(allow_null=True, help_text="Share of objects that were kept.")
    iou = serializers.FloatField(
        allow_null=True, help_text="Mean overlap of kept and moved objects with what they were."
    )


class StatisticsColoursOutput(serializers.Serializer[Any]):
    images = serializers.IntegerField(help_text="Images that were measured, on their thumbnails; each counts the same.")
    mean = serializers.ListField(child=serializers.FloatField(), help_text="Red, green, blue from 0 to 1.")
    std = serializers.ListField(child=serializers.FloatField())


class TotalsOutput(serializers.Serializer[Any]):
    images = serializers.IntegerField()
    annotations = serializers.IntegerField()
    classes = serializers.IntegerField()
    images_with_objects = serializers.IntegerField()
    objects_per_image = serializers.FloatField()


class ProjectStatisticsOutput(serializers.Serializer[Any]):
    state = serializers.CharField(help_text="missing, behind or current; POST health/ makes it current.")
    revision = serializers.IntegerField(allow_null=True, help_text="As of which revision everything here is.")
    newest_revision = serializers.IntegerField()
    version = serializers.IntegerField(allow_null=True, help_text="Id of the version whose splits are shown.")
    computed_at = serializers.DateTimeField(allow_null=True)
    job = JobOutput(allow_null=True)
    totals = TotalsOutput()
    states = BarOutput(many=True)
    classes = ClassOutput(many=True)
    objects_per_image = BarOutput(many=True)
    image_sizes = SizeOutput(many=True, help_text="Half octaves of width and height.")
    image_aspects = AspectOutput(many=True)
    object_aspects = AspectOutput(many=True)
    object_areas = BarOutput(many=True, help_text="COCO's small, medium and large.")
    together = PairOutput(many=True, help_text="Images that hold objects of both classes.")
    coverage = BarOutput(many=True, help_text="Share of the picture under objects; what two cover counts twice.")
    people = PersonOutput(many=True, help_text="By who made or last changed an object.")
    work = WorkOutput(many=True, help_text="What people saved by hand in the editor, and how fast.")
    agreement = StatisticsAgreementOutput(
        many=True, help_text="What people did with objects that others had made, on images that they saved by hand."
    )
    colours = StatisticsColoursOutput(allow_null=True)
    sources = BarOutput(many=True)
    formats = BarOutput(many=True)
    growth = GrowthOutput(many=True)
    heat_map = HeatMapOutput()


def statistics_body(
    project: Project, report: HealthReport, *, is_current: bool, heat_class: int | None = None
) -> dict[str, Any]:
    job = health_services.running_job(project)
    return {
        "state": health_services.state_of(report, is_current=is_current),
        "revision": report.revision,
        "newest_revision": project.revision,
        "version": report.version_id,
        "computed_at": report.computed_at,
        "job": None if job is None else JobOutput(job).data,
        **charts(health_services.overview_of(project, report), report.version_id, heat_class),
    }


class StatisticsView(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("class", OpenApiTypes.INT, description="Whose heat map; without it: of all.")],
        responses=ProjectStatisticsOutput,
    )
    def get(self, request: Request, pk: int) -> Response:
        """Counts and charts as of `revision`, brought up to date on the way where little changed."""
        project = get_for(request.user, Project, pk)
        wanted = request.query_params.get("class") or ""
        heat_class = whole_number(wanted, 2**31 - 1)
        if wanted and heat_class is None:
            raise DomainError("bad_class", "class: must be the id of a class of this project.")
        report, is_current = health_services.health_refresh(project)
        return Response(statistics_body(project, report, is_current=is_current, heat_class=heat_class))
