"""Review of an image: submit, accept, return."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import Role, get_for
from annotator.editing.models import ReviewStatus
from annotator.editing.selectors.review import review_body
from annotator.editing.services import review as review_services
from datasets_app.models import Image


class ReviewEventOutput(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=ReviewStatus.values)
    author = serializers.CharField(allow_null=True)
    revision = serializers.IntegerField()
    note = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()


class ReviewOutput(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=ReviewStatus.values, allow_null=True, help_text="null: not submitted.")
    annotator = serializers.CharField(allow_null=True, help_text="Who submitted it first.")
    reviewer = serializers.CharField(allow_null=True, help_text="Who judged last.")
    revision = serializers.IntegerField(allow_null=True, help_text="The newest one at the last step.")
    changed_since = serializers.BooleanField(help_text="Its objects were changed after that.")
    history = ReviewEventOutput(many=True)


class JudgementInput(serializers.Serializer[Any]):
    revision = serializers.IntegerField(
        required=False, min_value=0, help_text="The one that you looked at; 409 if the image was changed since."
    )
    note = serializers.CharField(required=False, allow_blank=True, max_length=4000)


class ReviewView(APIView):
    @extend_schema(responses=ReviewOutput)
    def get(self, request: Request, pk: int) -> Response:
        """Where the image stands, and who did what on the way."""
        return Response(review_body(get_for(request.user, Image, pk)))


class ReviewSubmitView(APIView):
    @extend_schema(request=None, responses=ReviewOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Hands the image to the reviewers; after a return this says that it is fixed."""
        image = get_for(request.user, Image, pk, Role.ANNOTATOR, "project")
        review_services.image_submit(image, author=request.user)
        return Response(review_body(image))


class ReviewAcceptView(APIView):
    @extend_schema(request=JudgementInput, responses=ReviewOutput)
    def post(self, request: Request, pk: int) -> Response:
        """The labels are right."""
        image = get_for(request.user, Image, pk, Role.REVIEWER, "project")
        review_services.image_accept(image, author=request.user, **_judgement(request))
        return Response(review_body(image))


class ReviewReturnView(APIView):
    @extend_schema(request=JudgementInput, responses=ReviewOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Back to the first annotator, with a note or with comments that are open on the image."""
        image = get_for(request.user, Image, pk, Role.REVIEWER, "project")
        review_services.image_return(image, author=request.user, **_judgement(request))
        return Response(review_body(image))


def _judgement(request: Request) -> dict[str, Any]:
    data = JudgementInput(data=request.data)
    data.is_valid(raise_exception=True)
    return {"seen": data.validated_data.get("revision"), "note": data.validated_data.get("note", "")}
