"""Comments on an image: threads, replies, resolve and reopen."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import Role, get_for
from annotator.editing.models import Comment
from annotator.editing.models.comment import MAX_TEXT
from annotator.editing.selectors.comment import comment_bodies, comment_body
from annotator.editing.services import comment as comment_services
from datasets_app.models import Image


class ReplyOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    text = serializers.CharField()
    author = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()


class CommentOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    object = serializers.UUIDField(allow_null=True, help_text="The annotation that it speaks of.")
    object_gone = serializers.BooleanField(help_text="That annotation was deleted since.")
    point = serializers.ListField(
        child=serializers.FloatField(),
        min_length=2,
        max_length=2,
        allow_null=True,
        help_text="[x, y] in pixels, also of an object that is gone; null: the image as a whole.",
    )
    text = serializers.CharField()
    author = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    revision = serializers.IntegerField(help_text="The newest one when it was written.")
    resolved_at = serializers.DateTimeField(allow_null=True)
    resolved_by = serializers.CharField(allow_null=True)
    replies = ReplyOutput(many=True)


class CommentListOutput(serializers.Serializer[Any]):
    results = CommentOutput(many=True)


class CommentInput(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=MAX_TEXT)
    object = serializers.UUIDField(required=False, allow_null=True)
    point = serializers.ListField(
        child=serializers.FloatField(), min_length=2, max_length=2, required=False, allow_null=True
    )


class ReplyInput(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=MAX_TEXT)


class CommentChange(serializers.Serializer[Any]):
    resolved = serializers.BooleanField()


class CommentListView(APIView):
    @extend_schema(responses=CommentListOutput)
    def get(self, request: Request, pk: int) -> Response:
        """All comments on an image with their replies, oldest first."""
        return Response({"results": comment_bodies(get_for(request.user, Image, pk))})

    @extend_schema(request=CommentInput, responses={201: CommentOutput})
    def post(self, request: Request, pk: int) -> Response:
        """A comment on an object (`object`), at a point (`point`), or on the image as a whole (neither)."""
        image = get_for(request.user, Image, pk, Role.ANNOTATOR, "project")
        data = CommentInput(data=request.data)
        data.is_valid(raise_exception=True)
        checked = data.validated_data
        point = checked.get("point")
        comment = comment_services.comment_create(
            image,
            author=request.user,
            text=checked["text"],
            object_uuid=checked.get("object"),
            point=None if point is None else (point[0], point[1]),
        )
        return Response(comment_body(comment), status=201)


class CommentView(APIView):
    @extend_schema(request=CommentChange, responses=CommentOutput)
    def patch(self, request: Request, pk: int) -> Response:
        """Resolves a comment, or opens it again."""
        comment = get_for(request.user, Comment, pk, Role.ANNOTATOR)
        data = CommentChange(data=request.data)
        data.is_valid(raise_exception=True)
        if data.validated_data["resolved"]:
            comment_services.comment_resolve(comment, author=request.user)
        else:
            comment_services.comment_reopen(comment)
        return Response(comment_body(comment))


class ReplyListView(APIView):
    @extend_schema(request=ReplyInput, responses={201: CommentOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Answers in the thread of a comment; the whole thread comes back."""
        comment = get_for(request.user, Comment, pk, Role.ANNOTATOR)
        data = ReplyInput(data=request.data)
        data.is_valid(raise_exception=True)
        comment_services.comment_reply(comment, author=request.user, text=data.validated_data["text"])
        return Response(comment_body(comment), status=201)
