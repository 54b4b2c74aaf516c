"""Assignments: who works through which images, and the next one for each."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import Role, get_for
from annotator.core.errors import DomainError
from annotator.editing.models import Assignment, AssignmentKind
from annotator.editing.selectors.assignment import assignment_bodies, assignment_body, returned_to
from annotator.editing.selectors.people import members_named
from annotator.editing.services import assignment as assignment_services
from datasets_app.models import Project

ROLES = {AssignmentKind.ANNOTATE.value: Role.ANNOTATOR, AssignmentKind.REVIEW.value: Role.REVIEWER}
MAX_IMAGES = 100_000


class PersonDoneOutput(serializers.Serializer[Any]):
    username = serializers.CharField()
    done = serializers.IntegerField()


class AssignmentOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    project = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=AssignmentKind.values)
    filter = serializers.DictField(help_text="Query of `images/`; new images that pass it join by themselves.")
    is_fixed = serializers.BooleanField(help_text="Made of chosen images instead of the filter.")
    people = PersonDoneOutput(many=True)
    due = serializers.DateField(allow_null=True)
    note = serializers.CharField(allow_blank=True)
    created_by = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    done = serializers.IntegerField(help_text="Images.")
    left = serializers.IntegerField(help_text="Images.")
    mine = serializers.IntegerField(help_text="Images that you have done.")
    open_to_me = serializers.IntegerField(help_text="Images that you could be given now.")


class AssignmentListOutput(serializers.Serializer[Any]):
    results = AssignmentOutput(many=True)
    returned = serializers.ListField(
        child=serializers.IntegerField(), help_text="Images that reviewers sent back to you, longest ago first."
    )


class _AssignmentFields(serializers.Serializer[Any]):
    people = serializers.ListField(child=serializers.CharField(), required=False, help_text="User names.")
    due = serializers.DateField(required=False, allow_null=True)
    note = serializers.CharField(required=False, allow_blank=True, max_length=4000)


class AssignmentInput(_AssignmentFields):
    name = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(choices=AssignmentKind.values)
    filter = serializers.DictField(required=False, help_text="The same keys as the grid's query parameters.")
    ids = serializers.ListField(
        child=serializers.IntegerField(), required=False, max_length=MAX_IMAGES, help_text="These images alone."
    )


class AssignmentChange(_AssignmentFields):
    name = serializers.CharField(max_length=200, required=False)
    closed = serializers.BooleanField(required=False)


class NextInput(serializers.Serializer[Any]):
    skip = serializers.IntegerField(required=False, help_text="Give this image back and go on behind it.")


class NextOutput(serializers.Serializer[Any]):
    image = serializers.IntegerField(allow_null=True, help_text="null: nothing is left for you.")
    done = serializers.IntegerField()
    left = serializers.IntegerField()


class AssignmentListView(APIView):
    @extend_schema(responses=AssignmentListOutput)
    def get(self, request: Request, pk: int) -> Response:
        """The assignments of a project, newest first, and what was returned to you."""
        project = get_for(request.user, Project, pk)
        rows = Assignment.objects.filter(project=project).select_related("project")
        return Response(
            {"results": assignment_bodies(rows, request.user), "returned": returned_to(project, request.user)}
        )

    @extend_schema(request=AssignmentInput, responses={201: AssignmentOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Gives people a saved filter, or chosen images, to annotate or to review."""
        project = get_for(request.user, Project, pk, Role.REVIEWER)
        data = AssignmentInput(data=request.data)
        data.is_valid(raise_exception=True)
        checked = data.validated_data
        if "filter" in checked and "ids" in checked:
            raise DomainError("bad_assignment", "Send either `ids` or `filter`.")
        people = members_named(project, checked.pop("people", []), ROLES[checked["kind"]])
        assignment = assignment_services.assignment_create(
            project, author=request.user, wanted=checked.pop("filter", None), people=people, **checked
        )
        return Response(assignment_body(assignment, request.user), status=201)


class AssignmentView(APIView):
    @extend_schema(request=AssignmentChange, responses=AssignmentOutput)
    def patch(self, request: Request, pk: int) -> Response:
        """Changes name, people, due date or note, closes an assignment or opens it again."""
        assignment = get_for(request.user, Assignment, pk, Role.REVIEWER, "project")
        data = AssignmentChange(data=request.data)
        data.is_valid(raise_exception=True)
        checked = data.validated_data
        if "people" in checked:
            checked["people"] = members_named(assignment.project, checked["people"], ROLES[assignment.kind])
        assignment_services.assignment_update(assignment, **checked)
        return Response(assignment_body(assignment, request.user))


class AssignmentNextView(APIView):
    @extend_schema(request=NextInput, responses=NextOutput)
    def post(self, request: Request, pk: int) -> Response:
        """The image that you shall work on now; it is yours for an hour, longer while you go on asking."""
        assignment = get_for(request.user, Assignment, pk, Role.ANNOTATOR, "project")
        data = NextInput(data=request.data)
        data.is_valid(raise_exception=True)
        image = assignment_services.assignment_next(assignment, user=request.user, skip=data.validated_data.get("skip"))
        body = assignment_body(assignment, request.user)
        return Response({"image": image, "done": body["done"], "left": body["left"]})
