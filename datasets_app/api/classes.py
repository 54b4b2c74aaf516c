"""Classes: change, reorder, merge, split, retire, and the labels to look at again after a split."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core import jobs
from annotator.core.access import Role, get_for
from annotator.core.api.jobs import JobOutput
from annotator.core.api.pagination import decode_cursor, encode_cursor, read_limit
from annotator.core.errors import DomainError
from datasets_app.api.diff import read_number
from datasets_app.api.images import thumbnail_url
from datasets_app.api.projects import ClassInput, ClassOutput, class_body, read
from datasets_app.api.revisions import RewriteOutput
from datasets_app.models import LabelClass, Project
from datasets_app.selectors.revisit import revisit_counts, revisit_page
from datasets_app.services import class_rewrite
from datasets_app.services import label_class as class_services
from datasets_app.services.class_rewrite import ClassRewrite
from datasets_app.services.revisit import revisit_decide
from datasets_app.services.rewrite import is_large


class ClassChange(ClassInput):
    name = serializers.CharField(required=False, max_length=200)
    color = serializers.CharField(required=False)
    hotkey = serializers.CharField(required=False, allow_blank=True, max_length=20)
    position = serializers.IntegerField(required=False, min_value=0)
    revisit = serializers.BooleanField(
        required=False, help_text="Puts all labels of the class on the list of those to look at again, or takes it off."
    )


class ClassOrderInput(serializers.Serializer[Any]):
    classes = serializers.ListField(child=serializers.IntegerField(), help_text="Class ids in their new order.")


class ClassListOutput(serializers.Serializer[Any]):
    results = ClassOutput(many=True)


class UsedVersionOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    annotations = serializers.IntegerField()


class ClassUsageOutput(serializers.Serializer[Any]):
    annotations = serializers.IntegerField(help_text="Labels that have the class now.")
    images = serializers.IntegerField()
    versions = UsedVersionOutput(many=True, help_text="That hold labels of it; they stay as they are.")
    is_large = serializers.BooleanField(help_text="A job will do it.")


class ClassMergeInput(serializers.Serializer[Any]):
    into = serializers.IntegerField(help_text="Id of the class that takes the labels.")
    dry_run = serializers.BooleanField(default=False, help_text="Only say what would change.")


class ClassSplitInput(serializers.Serializer[Any]):
    names = serializers.ListField(child=serializers.CharField(max_length=200), help_text="Of the new classes.")


class ClassSplitOutput(serializers.Serializer[Any]):
    label_class = ClassOutput()
    created = ClassOutput(many=True)
    left = serializers.IntegerField(help_text="Labels to look at again.")


_REVISIT_CLASS = inline_serializer(
    "RevisitClass",
    {
        "class": serializers.IntegerField(),
        "name": serializers.CharField(),
        "revisit_before": serializers.IntegerField(),
        "left": serializers.IntegerField(),
    },
    many=True,
)


class RevisitImageOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    thumbnail_url = serializers.CharField()


class RevisitItemOutput(serializers.Serializer[Any]):
    image = RevisitImageOutput()
    annotation = serializers.DictField(child=serializers.JSONField())


class RevisitPageOutput(serializers.Serializer[Any]):
    classes = _REVISIT_CLASS
    results = RevisitItemOutput(many=True)
    next = serializers.CharField(allow_null=True)


_RELABEL = inline_serializer(
    "RevisitRelabel", {"uuid": serializers.UUIDField(), "class": serializers.IntegerField()}, many=True, required=False
)


class RevisitInput(serializers.Serializer[Any]):
    confirm = serializers.ListField(child=serializers.UUIDField(), required=False)
    relabel = _RELABEL


class RevisitOutput(serializers.Serializer[Any]):
    revision = serializers.IntegerField(allow_null=True)
    confirmed = serializers.IntegerField()
    relabelled = serializers.IntegerField()


_MERGE_ANSWER = PolymorphicProxySerializer(
    component_name="ClassMergeAnswer", serializers=[RewriteOutput, ClassUsageOutput], resource_type_field_name=None
)


class ClassListView(APIView):
    @extend_schema(request=ClassInput, responses={201: ClassOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Adds a class at the end of the list."""
        project = get_for(request.user, Project, pk, Role.MANAGER)
        state = class_services.class_create(project, author=request.user, definition=read(ClassInput, request))
        return Response(class_body(state), status=201)


class ClassOrderView(APIView):
    @extend_schema(request=ClassOrderInput, responses=ClassListOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Puts the classes in that order; those that are not named follow."""
        project = get_for(request.user, Project, pk, Role.MANAGER)
        ids = read(ClassOrderInput, request)["classes"]
        states = class_services.classes_reorder(project, author=request.user, ids=ids)
        return Response({"results": [class_body(state) for state in states]})


class ClassView(APIView):
    @extend_schema(request=ClassChange, responses=ClassOutput)
    def patch(self, request: Request, pk: int) -> Response:
        """Renames, recolours, rekeys, moves or redefines a class. Labels and older versions are not touched."""
        label_class = get_for(request.user, LabelClass, pk, Role.MANAGER)
        state = class_services.class_update(label_class, author=request.user, changes=read(ClassChange, request))
        return Response(class_body(state))

    @extend_schema(
        parameters=[
            OpenApiParameter("preview", OpenApiTypes.BOOL, description="Only say what hangs on the class."),
            OpenApiParameter(
                "labels", OpenApiTypes.STR, enum=["refuse", "delete"], description="What becomes of its labels."
            ),
        ],
        responses={200: ClassUsageOutput, 202: JobOutput, 204: None},
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Retires a class that no label uses, or, with `labels=delete`, its labels too. Older versions keep both."""
        label_class = get_for(request.user, LabelClass, pk, Role.MANAGER, "project")
        if request.query_params.get("preview", "").lower() in {"1", "true"}:
            return Response(class_rewrite.class_usage(label_class))
        labels = request.query_params.get("labels", "refuse")
        if labels not in {"refuse", "delete"}:
            raise DomainError("bad_labels", "labels: choose refuse or delete.")
        if labels == "refuse":
            class_rewrite.class_retire(label_class, author=request.user)
            return Response(status=204)
        answer = _end(request, ClassRewrite(label_class), "Retire a class")
        return answer if answer.status_code == 202 else Response(status=204)


class ClassMergeView(APIView):
    @extend_schema(request=ClassMergeInput, responses={200: _MERGE_ANSWER, 202: JobOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Gives all labels of this class to another one and retires it. Older versions keep both.

        With `dry_run` the answer is what hangs on the class. A large one is done by a job.
        """
        label_class = get_for(request.user, LabelClass, pk, Role.MANAGER, "project")
        body = read(ClassMergeInput, request)
        into = get_for(request.user, LabelClass, body["into"])
        class_rewrite.merge_check(label_class, into)
        if body["dry_run"]:
            return Response(class_rewrite.class_usage(label_class))
        return _end(request, ClassRewrite(label_class, into), "Merge a class")


def _end(request: Request, wanted: ClassRewrite, title: str) -> Response:
    project = wanted.label_class.project_id
    if not is_large(wanted):
        return Response(class_rewrite.class_end(wanted, author=request.user, key=str(uuid4())))
    payload = {"label_class": wanted.label_class.pk, "into": wanted.into and wanted.into.pk}
    job = jobs.enqueue("datasets.class_end", payload, project_id=project, user=request.user, title=title)
    return Response(JobOutput(job).data, status=202)


class ClassSplitView(APIView):
    @extend_schema(request=ClassSplitInput, responses=ClassSplitOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Makes new classes like this one; all its labels come on the list of those to look at again."""
        label_class = get_for(request.user, LabelClass, pk, Role.MANAGER, "project")
        names = read(ClassSplitInput, request)["names"]
        state, created = class_rewrite.class_split(label_class, author=request.user, names=names)
        left = next(row["left"] for row in revisit_counts(label_class.project) if row["class"] == pk)
        bodies = [class_body(one) for one in created]
        return Response({"label_class": class_body(state), "created": bodies, "left": left})


class RevisitView(APIView):
    @extend_schema(
        parameters=[
            OpenApiParameter("class", OpenApiTypes.INT),
            OpenApiParameter("limit", OpenApiTypes.INT),
            OpenApiParameter("cursor", OpenApiTypes.STR),
        ],
        responses=RevisitPageOutput,
    )
    def get(self, request: Request, pk: int) -> Response:
        """Labels to look at again because their class was split since: by image, with how many are left."""
        project = get_for(request.user, Project, pk)
        limit, cursor = read_limit(request.query_params), request.query_params.get("cursor")
        after = decode_cursor(cursor) if cursor else None
        if after is not None and (len(after) != 2 or not all(isinstance(part, int) for part in after)):
            raise DomainError("bad_cursor", "cursor: take it unchanged from the `next` of the page before.")
        label_class = read_number(request.query_params, "class")
        rows = revisit_page(project, label_class=label_class, limit=limit + 1, after=after)
        results = [
            {
                "image": {
                    **{name: getattr(row["image"], name) for name in ("id", "name", "width", "height")},
                    "thumbnail_url": thumbnail_url(row["image"]),
                },
                "annotation": row["annotation"],
            }
            for row in rows[:limit]
        ]
        following = encode_cursor(rows[limit - 1]["key"]) if len(rows) > limit else None
        return Response({"classes": revisit_counts(project), "results": results, "next": following})

    @extend_schema(request=RevisitInput, responses=RevisitOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Confirms labels or gives them another class, as one revision; both take them off the list."""
        project = get_for(request.user, Project, pk, Role.ANNOTATOR)
        body = read(RevisitInput, request)
        relabel = {row["uuid"]: row["class"] for row in body.get("relabel", ())}
        confirm = body.get("confirm", ())
        return Response(revisit_decide(project, author=request.user, confirm=confirm, relabel=relabel))
