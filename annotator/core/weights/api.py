"""Pretrained weights: what they are, whether they are here; staff fetch and verify them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.api.jobs import JobOutput
from annotator.core.errors import ForbiddenError
from annotator.core.weights.services import FETCH, WeightsStatus, weights_fetch, weights_list, weights_verify

FETCHING = "fetching"


class WeightsOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    licence = serializers.CharField()
    terms = serializers.CharField(help_text="What the licence and the data behind the weights ask for.")
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField(help_text="As many of its first digits as the publisher tells.")
    url = serializers.CharField()
    filename = serializers.CharField(help_text="A file put by hand into the folder `weights` must have this name.")
    state = serializers.ChoiceField(choices=["present", "absent", "unverified", "wrong", FETCHING])
    reason = serializers.CharField(help_text="Why it cannot be used yet; empty when it can.", allow_blank=True)
    used_by = serializers.ListField(child=serializers.CharField())
    job = JobOutput(allow_null=True, help_text="What fetches or verifies it just now.")


class WeightsListView(APIView):
    @extend_schema(responses=WeightsOutput(many=True))
    def get(self, _: Request) -> Response:
        """All weights that some method or architecture can use."""
        return Response([_body(status) for status in weights_list()])


class WeightsFetchView(APIView):
    @extend_schema(request=None, responses={202: JobOutput})
    def post(self, request: Request, key: str) -> Response:
        """Downloads the file by a job that resumes where an earlier one broke off. Staff only."""
        _require_staff(request)
        return Response(JobOutput(weights_fetch(key, user=request.user)).data, status=202)


class WeightsVerifyView(APIView):
    @extend_schema(request=None, responses={202: JobOutput})
    def post(self, request: Request, key: str) -> Response:
        """Compares the hash of a file that was put in place by hand, by a job; then it is used. Staff only."""
        _require_staff(request)
        return Response(JobOutput(weights_verify(key, user=request.user)).data, status=202)


def _require_staff(request: Request) -> None:
    if not request.user.is_staff:
        raise ForbiddenError("staff_only", "Only staff may fetch or verify weights; ask an administrator.")


def _body(status: WeightsStatus) -> dict[str, Any]:
    entry = status.entry
    is_fetching = status.job is not None and status.job.kind == FETCH
    return {
        "key": entry.key,
        "title": entry.title,
        "licence": entry.licence,
        "terms": entry.terms,
        "size": entry.size,
        "sha256": entry.known_hash,
        "url": entry.url,
        "filename": entry.filename,
        "state": FETCHING if is_fetching else str(status.presence.state),
        "reason": status.presence.reason,
        "used_by": list(entry.used_by),
        "job": None if status.job is None else JobOutput(status.job).data,
    }
