"""What happened to one object, one image or one class: history and blame."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import get_for
from annotator.core.api.pagination import encode_cursor, read_limit
from annotator.core.errors import NotFoundError
from datasets_app.api.diff import CLASS_SIDE, IMAGE_SIDE
from datasets_app.api.revisions import NounCountsOutput, read_before
from datasets_app.models import Image, LabelClass
from datasets_app.selectors import history


class EventOutput(serializers.Serializer[Any]):
    number = serializers.IntegerField(help_text="Of the revision.")
    revision = serializers.IntegerField(allow_null=True, help_text="Its id.")
    kind = serializers.CharField()
    message = serializers.CharField(allow_blank=True)
    author = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField(allow_null=True)
    kinds = serializers.ListField(
        child=serializers.CharField(), help_text="added, removed, restored, or what changed as in a diff."
    )


class ObjectEventOutput(EventOutput):
    object = serializers.DictField(
        child=serializers.JSONField(), allow_null=True, help_text="As it was from there on; null: removed."
    )


class ImageEventOutput(EventOutput):
    objects = NounCountsOutput()
    state = IMAGE_SIDE(allow_null=True, help_text="Where it changed: as it was from there on.")


class ClassEventOutput(EventOutput):
    state = CLASS_SIDE(allow_null=True, help_text="As it was from there on; null: retired.")


class ObjectHistoryOutput(serializers.Serializer[Any]):
    results = ObjectEventOutput(many=True)


class ImageHistoryOutput(serializers.Serializer[Any]):
    results = ImageEventOutput(many=True)
    next = serializers.CharField(allow_null=True)


class ClassHistoryOutput(serializers.Serializer[Any]):
    results = ClassEventOutput(many=True)


class ObjectHistoryView(APIView):
    @extend_schema(responses=ObjectHistoryOutput)
    def get(self, request: Request, pk: int, uuid: UUID) -> Response:
        """Every change of one object of an image, newest first: who, when, what."""
        events = history.object_history(get_for(request.user, Image, pk), uuid)
        if not events:
            raise NotFoundError("not_found", f"There never was an object {uuid} on this image.")
        return Response({"results": events})


class ImageHistoryView(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("limit", OpenApiTypes.INT), OpenApiParameter("cursor", OpenApiTypes.STR)],
        responses=ImageHistoryOutput,
    )
    def get(self, request: Request, pk: int) -> Response:
        """The revisions that touched one image or an object on it, newest first."""
        image = get_for(request.user, Image, pk)
        limit = read_limit(request.query_params)
        events = history.image_history(image, limit=limit + 1, before=read_before(request.query_params))
        following = encode_cursor([events[limit - 1]["number"]]) if len(events) > limit else None
        return Response({"results": events[:limit], "next": following})


class ClassHistoryView(APIView):
    @extend_schema(responses=ClassHistoryOutput)
    def get(self, request: Request, pk: int) -> Response:
        """Every change of one class, newest first."""
        return Response({"results": history.class_history(get_for(request.user, LabelClass, pk))})
