"""Who else has the image open: asked and told by the editor every few seconds."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import Role, get_for
from annotator.editing.selectors.presence import image_changed_since, people_at
from annotator.editing.services.presence import presence_end, presence_note
from datasets_app.models import Image

MAX_EDITING = 100
LARGEST_REVISION = 2**31 - 1


class PresenceInput(serializers.Serializer[Any]):
    seat = serializers.UUIDField(help_text="Made by the client, another one for each tab.")
    revision = serializers.IntegerField(
        min_value=0, max_value=LARGEST_REVISION, help_text="Up to which the editor shows what others changed."
    )
    editing = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MAX_EDITING, help_text="Selected annotations."
    )
    leaving = serializers.BooleanField(required=False, help_text="The image is being left.")


class PresenceOutput(serializers.Serializer[Any]):
    people = inline_serializer(
        "PresentPerson",
        {
            "user": serializers.IntegerField(),
            "username": serializers.CharField(),
            "editing": serializers.ListField(child=serializers.UUIDField(), help_text="Annotations selected there."),
        },
        many=True,
        help_text="Seen in the last 25 seconds; oneself only when at another tab as well.",
    )
    changed = serializers.BooleanField(help_text="The image changed since `revision`: read it again.")


class PresenceView(APIView):
    @extend_schema(request=PresenceInput, responses=PresenceOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Says that one has the image open; answers who else has, and whether it changed."""
        image = get_for(request.user, Image, pk, Role.VIEWER, "project")
        data = PresenceInput(data=request.data)
        data.is_valid(raise_exception=True)
        values = data.validated_data
        if values.get("leaving"):
            presence_end(user=request.user, seat=values["seat"])
        else:
            presence_note(image, user=request.user, seat=values["seat"], editing=values.get("editing", []))
        people = people_at(image, seat=values["seat"])
        return Response({"people": people, "changed": image_changed_since(image, values["revision"])})
