"""Projects and their members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import Role, get_for, visible
from annotator.core.errors import DomainError
from datasets_app.api.images import thumbnail_url
from datasets_app.models import Image, ImageStatus, LabelClassState, Membership, Project
from datasets_app.selectors.image import covers
from datasets_app.selectors.label_class import class_states
from datasets_app.services import project as project_services

ROLE_NAMES = [role.label for role in Role]


def _attributes(**options: Any) -> Any:
    return serializers.ListField(
        child=serializers.DictField(child=serializers.JSONField()),
        help_text='Definitions, such as {"name": "colour", "type": "select", "values": ["red"], "default": "red"}; '
        "the type is text, number (with min and max), checkbox, select or radio.",
        **options,
    )


def _skeleton(**options: Any) -> Any:
    return serializers.DictField(
        child=serializers.JSONField(),
        help_text='{"points": [name, …], "edges": [[from, to], …]}, counted from 0; {}: none. Optional: "mirrored" '
        'pairs that change places in a mirror; "places" [[x, y], …] from 0 to 1, for drawing all points at once.',
        **options,
    )


class ClassInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200)
    color = serializers.CharField(
        required=False, allow_null=True, help_text="#rrggbb; chosen from the palette if left out."
    )
    hotkey = serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=20)
    attributes = _attributes(required=False)
    skeleton = _skeleton(required=False)


class ClassOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.IntegerField(help_text="Never changes; formats with numeric ids use it.")
    name = serializers.CharField()
    color = serializers.CharField()
    hotkey = serializers.CharField(allow_blank=True)
    position = serializers.IntegerField()
    attributes = _attributes()
    skeleton = _skeleton()
    revisit_before = serializers.IntegerField(
        allow_null=True, help_text="Labels older than this revision are to be looked at again."
    )


class ProjectInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200)
    task = serializers.CharField(help_text="detection, classification or segmentation.")
    description = serializers.CharField(required=False, allow_blank=True)
    classes = ClassInput(many=True, required=False)


class ProjectChange(serializers.Serializer[Any]):
    name = serializers.CharField(required=False, max_length=200)
    description = serializers.CharField(required=False, allow_blank=True)


class CountsOutput(serializers.Serializer[Any]):
    images = serializers.IntegerField()
    unlabelled = serializers.IntegerField()
    in_progress = serializers.IntegerField()
    annotated = serializers.IntegerField()
    verified_empty = serializers.IntegerField()
    skipped = serializers.IntegerField()
    annotations = serializers.IntegerField()


class ProjectOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    task = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    role = serializers.CharField()
    revision = serializers.IntegerField()
    classes = ClassOutput(many=True)
    counts = CountsOutput()
    covers = serializers.ListField(child=serializers.CharField(), help_text="Up to four thumbnail URLs.")


class ProjectListOutput(serializers.Serializer[Any]):
    results = ProjectOutput(many=True)


class MemberInput(serializers.Serializer[Any]):
    username = serializers.CharField()
    role = serializers.ChoiceField(choices=ROLE_NAMES)


class MemberChange(serializers.Serializer[Any]):
    role = serializers.ChoiceField(choices=ROLE_NAMES)


class MemberOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    username = serializers.CharField()
    role = serializers.CharField()


class MemberListOutput(serializers.Serializer[Any]):
    results = MemberOutput(many=True)


def class_body(state: LabelClassState) -> dict[str, Any]:
    return {
        "id": state.label_class_id,
        "number": state.label_class.number,
        "name": state.name,
        "color": state.color,
        "hotkey": state.hotkey,
        "position": state.position,
        "attributes": state.attributes,
        "skeleton": state.skeleton,
        "revisit_before": state.revisit_before,
    }


def project_body(project: Project, cover_images: Sequence[Image]) -> dict[str, Any]:
    statuses: Mapping[str, int] = project.counts.get("statuses", {})
    counts = {status: statuses.get(status, 0) for status in ImageStatus.values}
    annotations = sum(project.counts.get("classes", {}).values())
    role = getattr(project, "access_role", Role.OWNER)
    return {
        "id": project.pk,
        "name": project.name,
        "task": project.task,
        "description": project.description,
        "created_at": project.created_at,
        "role": Role(role).label,
        "revision": project.revision,
        "classes": [class_body(state) for state in class_states(project.pk)],
        "counts": {"images": sum(statuses.values()), **counts, "annotations": annotations},
        "covers": [thumbnail_url(image) for image in cover_images],
    }


def member_body(member: Membership) -> dict[str, Any]:
    return {"id": member.pk, "username": member.user.get_username(), "role": Role(member.role).label}


def read(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """The checked body of the request. Raises DRF's `ValidationError`."""
    data = serializer(data=request.data)
    data.is_valid(raise_exception=True)
    checked: dict[str, Any] = data.validated_data
    return checked


def _one(project: Project) -> dict[str, Any]:
    return project_body(project, covers([project.pk])[project.pk])


class ProjectListView(APIView):
    @extend_schema(operation_id="projects_list", responses=ProjectListOutput)
    def get(self, request: Request) -> Response:
        """The projects that the person is a member of, newest first."""
        projects = list(visible(request.user, Project).order_by("-created_at"))
        images = covers(project.pk for project in projects)
        return Response({"results": [project_body(project, images[project.pk]) for project in projects]})

    @extend_schema(request=ProjectInput, responses={201: ProjectOutput})
    def post(self, request: Request) -> Response:
        """A new project; its author becomes the owner."""
        project = project_services.project_create(author=request.user, **read(ProjectInput, request))
        return Response(_one(project), status=201)


class ProjectView(APIView):
    @extend_schema(responses=ProjectOutput)
    def get(self, request: Request, pk: int) -> Response:
        """One project with its classes and counts."""
        return Response(_one(get_for(request.user, Project, pk)))

    @extend_schema(request=ProjectChange, responses=ProjectOutput)
    def patch(self, request: Request, pk: int) -> Response:
        """Renames or describes the project."""
        project = get_for(request.user, Project, pk, Role.MANAGER)
        return Response(_one(project_services.project_update(project, changes=read(ProjectChange, request))))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Hides the project from everybody; an administrator can bring it back."""
        project_services.project_delete(get_for(request.user, Project, pk, Role.OWNER))
        return Response(status=204)


class MemberListView(APIView):
    @extend_schema(responses=MemberListOutput)
    def get(self, request: Request, pk: int) -> Response:
        """Who works on the project."""
        project = get_for(request.user, Project, pk)
        rows = project.memberships.select_related("user").order_by("-role", "user__username")
        return Response({"results": [member_body(member) for member in rows]})

    @extend_schema(request=MemberInput, responses={201: MemberOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Gives a person a role in the project."""
        project = get_for(request.user, Project, pk, Role.MANAGER)
        data = read(MemberInput, request)
        role = _role(project, data["role"])
        return Response(
            member_body(project_services.member_set(project, username=data["username"], role=role)), status=201
        )


class MemberView(APIView):
    @extend_schema(request=MemberChange, responses=MemberOutput)
    def patch(self, request: Request, pk: int) -> Response:
        """Changes the role of a member."""
        member = get_for(request.user, Membership, pk, Role.MANAGER, "user", "project")
        project = get_for(request.user, Project, member.project_id, Role.MANAGER)
        _may_touch(project, member)
        role = _role(project, read(MemberChange, request)["role"])
        return Response(
            member_body(project_services.member_set(project, username=member.user.get_username(), role=role))
        )

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Takes a member out of the project; what they did stays under their name."""
        member = get_for(request.user, Membership, pk, Role.MANAGER)
        _may_touch(get_for(request.user, Project, member.project_id, Role.MANAGER), member)
        project_services.member_remove(member)
        return Response(status=204)


def _role(project: Project, name: str) -> Role:
    role = next(role for role in Role if role.label == name)
    if role > project.access_role:  # type: ignore[attr-defined]  # annotated by access.visible()
        raise DomainError("role_too_high", "You can give roles up to your own.")
    return role


def _may_touch(project: Project, member: Membership) -> None:
    if member.role > project.access_role:  # type: ignore[attr-defined]  # annotated by access.visible()
        raise DomainError("role_too_low", "You can change members up to your own role.")
