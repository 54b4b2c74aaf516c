"""The annotation formats as their users see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from datasets_app.formats.catalog import FORMATS
from datasets_app.formats.features import FEATURES
from datasets_app.services.exports import profiles_of
from datasets_app.services.format_options import options_of, read_options_of


class FormatLossOutput(serializers.Serializer[Any]):
    feature = serializers.CharField()
    title = serializers.CharField()
    fate = serializers.CharField(help_text="What becomes of it in this format.")


class FormatOptionOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    help = serializers.CharField()
    type = serializers.CharField(help_text="integer, number, boolean, choice or text.")
    default = serializers.JSONField()
    choices = serializers.ListField(child=serializers.CharField(), allow_null=True)
    min = serializers.FloatField(allow_null=True)
    max = serializers.FloatField(allow_null=True)
    step = serializers.FloatField(allow_null=True)


class FormatProfileOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    note = serializers.CharField(help_text="How the reader is pointed at the files, and what it makes of them.")
    options = serializers.DictField()


class FormatOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    extension = serializers.CharField()
    read = serializers.BooleanField()
    write = serializers.BooleanField()
    tasks = serializers.ListField(child=serializers.CharField())
    lossy = serializers.ListField(child=serializers.CharField(), help_text="What this format cannot hold.")
    losses = FormatLossOutput(many=True)
    options = FormatOptionOutput(many=True, help_text="Of writing.")
    read_options = FormatOptionOutput(many=True)
    profiles = FormatProfileOutput(many=True)


class FormatListView(APIView):
    @extend_schema(responses=FormatOutput(many=True))
    def get(self, _request: Request) -> Response:
        """The formats that go in or out, what each cannot hold, and what can be chosen when it is written."""
        return Response([_body(entry) for entry in FORMATS])


def _body(entry: Any) -> dict[str, Any]:
    lossy: Mapping[str, str] = entry.facts["lossy"]
    return {
        "key": entry.key,
        "title": entry.title,
        **{fact: entry.facts[fact] for fact in ("description", "extension", "read", "write")},
        "tasks": list(entry.facts["tasks"]),
        "lossy": list(lossy),
        "losses": [{"feature": name, "title": FEATURES[name], "fate": fate} for name, fate in lossy.items()],
        "options": [_option(option) for option in options_of(entry.key)],
        "read_options": [_option(option) for option in read_options_of(entry.key)],
        "profiles": [{**profile, "options": dict(profile["options"])} for profile in profiles_of(entry.key)],
    }


def _option(option: Mapping[str, Any]) -> dict[str, Any]:
    bounds = {name: option.get(name) for name in ("min", "max", "step")}
    choices = list(option["choices"]) if "choices" in option else None
    return {name: option[name] for name in ("key", "title", "help", "type", "default")} | {"choices": choices, **bounds}
