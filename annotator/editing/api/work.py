"""What each person of a project did."""

from __future__ import annotations

from datetime import date
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import Role, get_for
from annotator.core.errors import DomainError
from annotator.editing.selectors.work import people_work
from datasets_app.models import Project


class WorkDayOutput(serializers.Serializer[Any]):
    day = serializers.DateField()
    seconds = serializers.IntegerField()


class PersonWorkOutput(serializers.Serializer[Any]):
    username = serializers.CharField()
    seconds = serializers.IntegerField(help_text="Between saves; pauses of more than five minutes are left out.")
    saves = serializers.IntegerField()
    images = serializers.IntegerField(help_text="With objects that they added or changed.")
    objects_added = serializers.IntegerField()
    objects_changed = serializers.IntegerField()
    objects_removed = serializers.IntegerField()
    submitted = serializers.IntegerField()
    accepted = serializers.IntegerField(help_text="Of what they submitted first.")
    returned = serializers.IntegerField(help_text="Of what they submitted first.")
    accepted_rate = serializers.FloatField(allow_null=True, help_text="Accepted of all judgements.")
    judged = serializers.IntegerField(help_text="Images that they accepted or returned.")
    comments = serializers.IntegerField()
    days = WorkDayOutput(many=True)


class PeopleWorkOutput(serializers.Serializer[Any]):
    results = PersonWorkOutput(many=True)


class PeopleWorkView(APIView):
    @extend_schema(
        parameters=[
            OpenApiParameter("since", OpenApiTypes.DATE, description="First day."),
            OpenApiParameter("until", OpenApiTypes.DATE, description="Last day."),
        ],
        responses=PeopleWorkOutput,
    )
    def get(self, request: Request, pk: int) -> Response:
        """Images, objects, time and reviews of each person; others' for reviewers, your own for everybody."""
        project = get_for(request.user, Project, pk)
        rows = people_work(project, since=_day(request, "since"), until=_day(request, "until"))
        if project.access_role < Role.REVIEWER:  # type: ignore[attr-defined]  # annotated by access.visible()
            rows = [row for row in rows if row["username"] == request.user.get_username()]
        return Response({"results": rows})


def _day(request: Request, key: str) -> date | None:
    text = request.query_params.get(key)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DomainError("bad_day", f"{key}: must be a day such as 2026-11-21.", fields={key: "a day"}) from None
