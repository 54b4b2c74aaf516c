"""The timeline of a project, and undoing one entry of it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import Role, get_for
from annotator.core.api.pagination import decode_cursor, encode_cursor, read_limit
from datasets_app.models import Project, Revision
from datasets_app.services.revert import revision_revert


class RevisionCountsOutput(serializers.Serializer[Any]):
    opened = serializers.IntegerField(help_text="Rows that are true from here on.")
    closed = serializers.IntegerField(help_text="Rows that ended here.")


class RevisionOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.IntegerField()
    kind = serializers.CharField()
    message = serializers.CharField(allow_blank=True)
    author = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    counts = RevisionCountsOutput()
    operation = serializers.IntegerField(allow_null=True, help_text="Revisions that share it are reverted together.")
    is_reverted = serializers.BooleanField()


class RevisionPageOutput(serializers.Serializer[Any]):
    results = RevisionOutput(many=True)
    next = serializers.CharField(allow_null=True)


class RevertOutput(serializers.Serializer[Any]):
    revision = serializers.IntegerField()


def revision_body(row: Revision) -> dict[str, Any]:
    return {
        "id": row.pk,
        "number": row.number,
        "kind": row.kind,
        "message": row.message,
        "author": row.author.get_username() if row.author else None,
        "created_at": row.created_at,
        "counts": {"opened": row.opened, "closed": row.closed},
        "operation": row.operation_id,
        "is_reverted": row.reverted_by_id is not None,
    }


class RevisionListView(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("limit", OpenApiTypes.INT), OpenApiParameter("cursor", OpenApiTypes.STR)],
        responses=RevisionPageOutput,
    )
    def get(self, request: Request, pk: int) -> Response:
        """What was done, newest first."""
        project = get_for(request.user, Project, pk)
        limit = read_limit(request.query_params)
        rows = project.revisions.select_related("author").order_by("-number")
        if cursor := request.query_params.get("cursor"):
            rows = rows.filter(number__lt=decode_cursor(cursor)[0])
        found = list(rows[: limit + 1])
        following = encode_cursor([found[limit - 1].number]) if len(found) > limit else None
        return Response({"results": [revision_body(row) for row in found[:limit]], "next": following})


class RevisionRevertView(APIView):
    @extend_schema(request=None, responses=RevertOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Undoes the revision (with its whole operation) as a new one; 409 lists objects that were changed later."""
        revision = get_for(request.user, Revision, pk, Role.MANAGER)
        return Response(revision_revert(revision, author=request.user))
