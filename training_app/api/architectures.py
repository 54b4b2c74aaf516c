"""What can be trained: the catalog with settings, presets and whether its public weights are here."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from training_app.selectors.architecture import architecture_list


class PresetOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    config = serializers.DictField(child=serializers.JSONField(), help_text="Settings that it changes.")


class SettingOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    help = serializers.CharField()
    type = serializers.CharField(help_text="integer, number, boolean or choice.")
    min = serializers.FloatField(allow_null=True)
    max = serializers.FloatField(allow_null=True)
    default = serializers.JSONField()
    choices = serializers.ListField(child=serializers.CharField())


class ArchitectureOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    task = serializers.CharField()
    description = serializers.CharField()
    licence = serializers.CharField()
    weights = serializers.ListField(child=serializers.CharField(), help_text="Any one of them is enough.")
    weights_available = serializers.BooleanField()
    weights_reason = serializers.CharField(allow_blank=True, help_text="Why none can be used; empty when one can.")
    presets = PresetOutput(many=True)
    config = SettingOutput(many=True)


class ArchitectureListView(APIView):
    @extend_schema(operation_id="architectures_list", responses=ArchitectureOutput(many=True))
    def get(self, _: Request) -> Response:
        """The architectures, with the settings that a run may change."""
        return Response(architecture_list())
