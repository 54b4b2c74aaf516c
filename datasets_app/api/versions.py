"""Versions: name the present state with a split, see what is in it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import Role, get_for
from annotator.core.errors import DomainError
from datasets_app.api.images import thumbnail_url
from datasets_app.api.projects import read
from datasets_app.api.recipes import RecipeInput
from datasets_app.api.statistics import StatisticsColoursOutput
from datasets_app.models import Image, Project, Version
from datasets_app.services.leaks import version_leaks
from datasets_app.services.version import version_create, version_preview
from datasets_app.splits import SplitRule


class RatiosInput(serializers.Serializer[Any]):
    train = serializers.FloatField(min_value=0)
    val = serializers.FloatField(min_value=0)
    test = serializers.FloatField(min_value=0)


class SplitInput(serializers.Serializer[Any]):
    split = RatiosInput(required=False, help_text="Weights of the three splits; default 0.7, 0.2, 0.1.")
    seed = serializers.IntegerField(required=False, default=0)
    stratify = serializers.BooleanField(required=False, default=True)
    group_by = serializers.CharField(
        required=False,
        default="duplicate",
        help_text=(
            "What is never cut: group, duplicate (groups and near-duplicate pictures), tag:<prefix> (groups and images "
            "that share a tag of that beginning) or none."
        ),
    )
    pattern = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        help_text="Regular expression over file names; images in which its first group finds the same stay together.",
    )
    sticky = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Id of a version: its images stay in the split that they have there.",
    )
    use_fixed = serializers.BooleanField(
        required=False, default=False, help_text="Keep images in the split that an import or a person fixed."
    )


class VersionInput(SplitInput):
    name = serializers.CharField(max_length=200)
    notes = serializers.CharField(required=False, allow_blank=True)
    recipe = RecipeInput(required=False, help_text="Preprocessing and augmentation, see recipes/operations/.")


class SplitRuleOutput(serializers.Serializer[Any]):
    train = serializers.FloatField()
    val = serializers.FloatField()
    test = serializers.FloatField()
    seed = serializers.IntegerField()
    stratify = serializers.BooleanField()
    group_by = serializers.CharField()
    use_fixed = serializers.BooleanField()
    pattern = serializers.CharField(allow_blank=True)
    sticky = serializers.IntegerField(allow_null=True)


class ClassCountOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    color = serializers.CharField()
    annotations = serializers.IntegerField()
    images = serializers.IntegerField()


class SplitCountOutput(serializers.Serializer[Any]):
    images = serializers.IntegerField()
    annotations = serializers.IntegerField()
    classes = serializers.DictField(child=serializers.IntegerField(), help_text="Class id → labels.")
    colours = StatisticsColoursOutput(
        allow_null=True, required=False, help_text="Null where none was measured; missing in versions of old releases."
    )


class SplitsOutput(serializers.Serializer[Any]):
    train = SplitCountOutput()
    val = SplitCountOutput()
    test = SplitCountOutput()


class LeaksOutput(serializers.Serializer[Any]):
    group = serializers.IntegerField(help_text="Groups cut between splits.")
    tag = serializers.IntegerField(help_text="The same of shared tags, where the rule names a prefix.")
    pattern = serializers.IntegerField(help_text="The same of file names, where the rule has a pattern.")
    duplicate = serializers.IntegerField(allow_null=True, help_text="The same of look-alikes; null: not looked yet.")


class StatisticsOutput(serializers.Serializer[Any]):
    images = serializers.IntegerField()
    annotations = serializers.IntegerField()
    classes = ClassCountOutput(many=True)
    splits = SplitsOutput()
    leaks = LeaksOutput()


class LeakImageOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    split = serializers.CharField()
    thumbnail_url = serializers.CharField()


class LeakOutput(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="group, tag, pattern or duplicate")
    name = serializers.CharField(allow_blank=True)
    count = serializers.IntegerField(help_text="Images.")
    splits = serializers.DictField(child=serializers.IntegerField(), help_text="Images in each split.")
    sample = LeakImageOutput(many=True, help_text="Up to eight of them, of every split.")


class LeakListOutput(serializers.Serializer[Any]):
    counts = LeaksOutput()
    results = LeakOutput(many=True, help_text="Up to 200, the largest first.")


class VersionOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    number = serializers.IntegerField()
    name = serializers.CharField()
    notes = serializers.CharField(allow_blank=True)
    revision = serializers.IntegerField()
    author = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    digest = serializers.CharField(help_text="Same content, same split: same digest.")
    split = SplitRuleOutput()
    recipe = serializers.JSONField(help_text="As it was sent, with every parameter; {} without one.")
    statistics = StatisticsOutput()


class VersionListOutput(serializers.Serializer[Any]):
    results = VersionOutput(many=True)


class PreviewOutput(serializers.Serializer[Any]):
    statistics = StatisticsOutput()


def version_body(version: Version) -> dict[str, Any]:
    return {
        "id": version.pk,
        "number": version.number,
        "name": version.name,
        "notes": version.notes,
        "revision": version.revision,
        "author": version.author.get_username() if version.author else None,
        "created_at": version.created_at,
        "digest": version.digest,
        "split": version.split,
        "recipe": version.recipe,
        "statistics": version.statistics,
    }


def split_rule(data: dict[str, Any]) -> SplitRule:
    """The rule in a checked body. Raises `DomainError` where it is no rule."""
    ratios = data.get("split") or {}
    try:
        return SplitRule(
            **ratios,
            seed=data["seed"],
            stratify=data["stratify"],
            group_by=data["group_by"],
            use_fixed=data["use_fixed"],
            pattern=data["pattern"],
            sticky=data["sticky"],
        )
    except ValueError as error:
        raise DomainError("bad_split", str(error)) from error


class VersionListView(APIView):
    @extend_schema(responses=VersionListOutput)
    def get(self, request: Request, pk: int) -> Response:
        """The versions of the project, newest first."""
        project = get_for(request.user, Project, pk)
        rows = project.versions.select_related("author").defer("assignment")
        return Response({"results": [version_body(version) for version in rows]})

    @extend_schema(request=VersionInput, responses={201: VersionOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Names the present state. Copies nothing, whatever the size of the data set."""
        project = get_for(request.user, Project, pk, Role.MANAGER)
        data = read(VersionInput, request)
        version = version_create(
            project,
            author=request.user,
            name=data["name"],
            notes=data.get("notes", ""),
            rule=split_rule(data),
            recipe=data.get("recipe"),
        )
        return Response(version_body(version), status=201)


class VersionPreviewView(APIView):
    @extend_schema(request=SplitInput, responses=PreviewOutput)
    def post(self, request: Request, pk: int) -> Response:
        """The statistics that a version with this split would have; writes nothing."""
        project = get_for(request.user, Project, pk)
        return Response({"statistics": version_preview(project, rule=split_rule(read(SplitInput, request)))})


class VersionView(APIView):
    @extend_schema(responses=VersionOutput)
    def get(self, request: Request, pk: int) -> Response:
        """One version."""
        return Response(version_body(get_for(request.user, Version, pk, Role.VIEWER, "author")))


class VersionLeaksView(APIView):
    @extend_schema(responses=LeakListOutput)
    def get(self, request: Request, pk: int) -> Response:
        """What belongs together and was cut between splits: groups, tags, names of one pattern, look-alikes."""
        version = get_for(request.user, Version, pk, Role.VIEWER, "project")
        counts, leaks = version_leaks(version)
        images = Image.objects.in_bulk([image for leak in leaks for image, _ in leak.sample])
        results = [
            {
                "kind": leak.group.kind,
                "name": leak.group.name,
                "count": len(leak.group.images),
                "splits": leak.splits,
                "sample": [
                    {
                        "id": image,
                        "name": images[image].name,
                        "split": split,
                        "thumbnail_url": thumbnail_url(images[image]),
                    }
                    for image, split in leak.sample
                ],
            }
            for leak in leaks
        ]
        return Response({"counts": counts, "results": results})
