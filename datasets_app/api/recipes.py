"""Recipes: the operations that there are, and what one makes of real pictures."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import get_for
from annotator.core.errors import NotFoundError
from annotator.core.parameters import CLASS_TYPES, TYPES, Parameter
from annotator.core.registry import Entry
from datasets_app.api.projects import read
from datasets_app.models import Image, Project
from datasets_app.recipes.catalog import OPERATIONS, get_facts
from datasets_app.recipes.facts import STAGES
from datasets_app.recipes.recipe import MAX_COPIES
from datasets_app.services.recipe import recipe_preview


class RecipeParameterOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    help = serializers.CharField()
    type = serializers.ChoiceField(
        choices=(*TYPES, *CLASS_TYPES),
        help_text="classes: a list of names of classes; class_map: names and what each becomes.",
    )
    min = serializers.FloatField(allow_null=True)
    max = serializers.FloatField(allow_null=True)
    step = serializers.FloatField(allow_null=True)
    default = serializers.JSONField()
    choices = serializers.ListField(child=serializers.CharField())


class RecipeOperationOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    stage = serializers.ChoiceField(
        choices=STAGES, help_text="Preprocessing is done to every image, augmentation to copies of training images."
    )
    moves_pixels = serializers.BooleanField(help_text="Shapes follow.")
    cuts = serializers.BooleanField(help_text="One image becomes several.")
    mixes = serializers.BooleanField(help_text="Other images of training come in.")
    parameters = RecipeParameterOutput(many=True)


class RecipeOperationListOutput(serializers.Serializer[Any]):
    results = RecipeOperationOutput(many=True)


class RecipeStepInput(serializers.Serializer[Any]):
    op = serializers.CharField(max_length=100)
    parameters = serializers.JSONField(required=False, help_text="By key; those left out have their default.")


class RecipeInput(serializers.Serializer[Any]):
    operations = RecipeStepInput(many=True, required=False)
    copies = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=MAX_COPIES,
        help_text="Varied copies of each training image in an export, beside the image itself.",
    )
    seed = serializers.IntegerField(required=False, min_value=0)


class RecipePreviewInput(serializers.Serializer[Any]):
    recipe = RecipeInput()
    image = serializers.IntegerField(
        required=False, allow_null=True, help_text="Copies of this image; without it, one view of each of several."
    )


RecipeShapeOutput = inline_serializer(
    "RecipeShapeOutput",
    {
        "class": serializers.IntegerField(),
        "name": serializers.CharField(),
        "color": serializers.CharField(allow_blank=True),
        "shape": serializers.JSONField(),
    },
    many=True,
)


class RecipeSampleOutput(serializers.Serializer[Any]):
    image = serializers.IntegerField()
    name = serializers.CharField()
    copy = serializers.IntegerField(help_text="0: preprocessed only.")
    width = serializers.IntegerField(help_text="Of the sample itself: what its shapes are measured in.")
    height = serializers.IntegerField()
    picture = serializers.CharField(help_text="A small JPEG as a data URL.")
    annotations = RecipeShapeOutput


class RecipePreviewOutput(serializers.Serializer[Any]):
    samples = RecipeSampleOutput(many=True)


def parameter_body(parameter: Parameter) -> dict[str, Any]:
    return {
        "key": parameter.key,
        "title": parameter.title,
        "help": parameter.help,
        "type": parameter.type,
        "min": parameter.minimum,
        "max": parameter.maximum,
        "step": parameter.step,
        "default": parameter.default,
        "choices": list(parameter.choices),
    }


def operation_body(entry: Entry) -> dict[str, Any]:
    facts = get_facts(entry.key)
    return {
        "key": entry.key,
        "title": entry.title,
        "description": facts.description,
        "stage": facts.stage,
        "moves_pixels": facts.moves_pixels,
        "cuts": facts.cuts,
        "mixes": facts.mixes,
        "parameters": [parameter_body(parameter) for parameter in facts.parameters],
    }


class RecipeOperationListView(APIView):
    @extend_schema(responses=RecipeOperationListOutput)
    def get(self, request: Request) -> Response:
        """The operations that a recipe can be made of, and what each can be told."""
        del request
        return Response({"results": [operation_body(entry) for entry in OPERATIONS]})


class RecipePreviewView(APIView):
    @extend_schema(request=RecipePreviewInput, responses=RecipePreviewOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Up to six samples of what the recipe makes of real pictures, rendered by a worker. Writes nothing."""
        project = get_for(request.user, Project, pk)
        data = read(RecipePreviewInput, request)
        image = None
        if data.get("image") is not None:
            image = get_for(request.user, Image, data["image"])
            if image.project_id != project.pk:
                raise NotFoundError("not_found", "image: there is no such image in this project.")
        return Response(recipe_preview(project, user=request.user, recipe=data["recipe"], image=image))
