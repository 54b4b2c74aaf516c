"""Smart selection: the methods, one answer to a prompt, and preparing a picture ahead of the first click."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import Role, get_for
from annotator.core.api.jobs import JobOutput
from annotator.core.parameters import TYPES, Parameter
from annotator.smart.base import OUTPUTS
from annotator.smart.services import MethodStatus, Wish, everything_start, methods_list, smart_predict, smart_prepare
from datasets_app.models import Image


class SmartPromptsOutput(serializers.Serializer[Any]):
    points = serializers.BooleanField()
    negative_points = serializers.BooleanField()
    box = serializers.BooleanField()
    strokes = serializers.BooleanField()


class SmartParameterOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    help = serializers.CharField()
    type = serializers.ChoiceField(choices=TYPES)
    min = serializers.FloatField(allow_null=True)
    max = serializers.FloatField(allow_null=True)
    step = serializers.FloatField(allow_null=True)
    default = serializers.JSONField()
    choices = serializers.ListField(child=serializers.CharField())


class SmartMethodOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    prompts = SmartPromptsOutput(help_text="What it can be shown.")
    outputs = serializers.ListField(child=serializers.ChoiceField(choices=OUTPUTS))
    parameters = SmartParameterOutput(many=True)
    weights = serializers.ListField(child=serializers.CharField(), help_text="Keys of the weights that it needs.")
    embeds = serializers.BooleanField(help_text="Reads a new picture slowly once; prepare it ahead.")
    decoder = serializers.BooleanField(help_text="The browser can answer clicks itself, from decoder and embedding.")
    several = serializers.BooleanField(help_text="Its shapes are objects of their own, not alternatives for one.")
    everything = SmartParameterOutput(many=True, help_text="Of finding every object; empty where it cannot.")
    available = serializers.BooleanField()
    unavailable_reason = serializers.CharField(allow_blank=True)


class SmartStrokeInput(serializers.Serializer[Any]):
    points = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2), min_length=1
    )
    width = serializers.FloatField(help_text="Pixels of the picture.")
    sign = serializers.ChoiceField(choices=(1, -1), help_text="1 belongs to the object, -1 does not.")
    # Of the same name as an attribute of the base class, which is no hindrance.
    label = serializers.IntegerField(  # type: ignore[assignment]
        required=False, default=0, min_value=0, max_value=2**31 - 2, help_text="Class, for methods with `several`."
    )


class SmartPromptInput(serializers.Serializer[Any]):
    points = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(), min_length=3, max_length=3),
        required=False,
        default=list,
        help_text="[x, y, sign]: sign 1 belongs to the object, -1 does not.",
    )
    box = serializers.ListField(
        child=serializers.FloatField(), min_length=4, max_length=4, required=False, allow_null=True, default=None
    )
    strokes = SmartStrokeInput(many=True, required=False, default=list)


class SmartPredictInput(serializers.Serializer[Any]):
    prompt = SmartPromptInput()
    parameters = serializers.DictField(required=False, default=dict, child=serializers.JSONField())
    output = serializers.CharField(required=False, default="polygon", help_text="polygon, mask or box.")


class SmartEverythingInput(serializers.Serializer[Any]):
    parameters = serializers.DictField(required=False, default=dict, child=serializers.JSONField())
    output = serializers.CharField(required=False, default="polygon", help_text="polygon, mask or box.")


class SmartShapeOutput(serializers.Serializer[Any]):
    shape = serializers.DictField(child=serializers.JSONField())
    score = serializers.FloatField(help_text="0 to 1.")
    label = serializers.IntegerField(  # type: ignore[assignment]
        help_text="That of the strokes; 0 where they have none."
    )


class SmartPredictOutput(serializers.Serializer[Any]):
    shapes = SmartShapeOutput(many=True, help_text="Alternatives, the likeliest first.")
    seconds = serializers.FloatField(help_text="Time in the worker.")
    embedding_cached = serializers.BooleanField()
    note = serializers.CharField(allow_blank=True, help_text="What a person should know of how it was computed.")


class SmartPrepareOutput(serializers.Serializer[Any]):
    ready = serializers.BooleanField(help_text="False while a worker reads the picture.")


class SmartMethodListView(APIView):
    @extend_schema(responses=SmartMethodOutput(many=True))
    def get(self, _: Request) -> Response:
        """The interactive segmentation methods: what they take and answer, and whether they can be used now."""
        return Response([_method_body(status) for status in methods_list()])


class SmartPredictView(APIView):
    @extend_schema(request=SmartPredictInput, responses=SmartPredictOutput)
    def post(self, request: Request, pk: int, method: str) -> Response:
        """Shapes for a prompt on an image; nothing is saved. A worker computes them while the request waits."""
        image = get_for(request.user, Image, pk, Role.ANNOTATOR)
        data = SmartPredictInput(data=request.data)
        data.is_valid(raise_exception=True)
        wanted = data.validated_data
        wish = Wish(method=method, **wanted["prompt"], parameters=wanted["parameters"], output=wanted["output"])
        return Response(smart_predict(image, user=request.user, wish=wish))


class SmartPrepareView(APIView):
    @extend_schema(request=None, responses={200: SmartPrepareOutput, 202: SmartPrepareOutput})
    def post(self, request: Request, pk: int, method: str) -> Response:
        """Lets a worker read the image ahead of the first click, for methods with `embeds`."""
        image = get_for(request.user, Image, pk, Role.ANNOTATOR)
        row = smart_prepare(image, user=request.user, method=method)
        return Response({"ready": row is None}, status=200 if row is None else 202)


class SmartEverythingView(APIView):
    @extend_schema(request=SmartEverythingInput, responses={202: JobOutput})
    def post(self, request: Request, pk: int, method: str) -> Response:
        """Every object that the method finds in the image: a job whose result is `{shapes}`; nothing is saved."""
        image = get_for(request.user, Image, pk, Role.ANNOTATOR)
        data = SmartEverythingInput(data=request.data)
        data.is_valid(raise_exception=True)
        wish = Wish(method, parameters=data.validated_data["parameters"], output=data.validated_data["output"])
        return Response(JobOutput(everything_start(image, user=request.user, wish=wish)).data, status=202)


def _method_body(status: MethodStatus) -> dict[str, Any]:
    facts = status.facts
    return {
        "key": status.entry.key,
        "title": status.entry.title,
        "description": facts.description,
        "prompts": {
            "points": facts.points,
            "negative_points": facts.negative_points,
            "box": facts.box,
            "strokes": facts.strokes,
        },
        "outputs": list(facts.outputs),
        "parameters": [_parameter_body(parameter) for parameter in facts.parameters],
        "weights": list(facts.weights),
        "embeds": facts.embeds,
        "several": facts.several,
        "decoder": facts.decoder,
        "everything": [_parameter_body(parameter) for parameter in facts.everything],
        "available": not status.unavailable_reason,
        "unavailable_reason": status.unavailable_reason,
    }


def _parameter_body(parameter: Parameter) -> dict[str, Any]:
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
