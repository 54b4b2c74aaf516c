"""How far people agree in a round and with ground truth, what they made of one image, and settling it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import Role, get_for
from annotator.core.errors import ConflictError, DomainError, NotFoundError
from annotator.editing.api.assignment import MAX_IMAGES
from annotator.editing.models import ConsensusMember, ConsensusRound
from annotator.editing.selectors.agreement import truth_agreement
from annotator.editing.selectors.comparison import member_comparison, truth_comparison
from annotator.editing.selectors.round_report import round_report
from annotator.editing.services import consensus as consensus_services
from annotator.editing.services.settling import consensus_merge
from datasets_app.models import Project

IOU = 0.5
_IOU = OpenApiParameter("iou", OpenApiTypes.FLOAT, description="Objects with less overlap are not the same; 0.5.")


class TakenInput(serializers.Serializer[Any]):
    annotator = serializers.CharField()
    uuid = serializers.UUIDField()


class DecisionInput(serializers.Serializer[Any]):
    image = serializers.IntegerField()
    take = TakenInput(many=True, help_text="What the image shall hold; nothing: it was looked at and is empty.")


class MergeInput(serializers.Serializer[Any]):
    quorum = serializers.IntegerField(min_value=1, help_text="How many people must have an object.")
    iou = serializers.FloatField(required=False, default=IOU, min_value=0.05, max_value=1)
    decisions = DecisionInput(
        many=True, required=False, help_text="These images alone, with exactly these objects; settled ones too."
    )


class MergeOutput(serializers.Serializer[Any]):
    revision = serializers.IntegerField(allow_null=True)
    images = serializers.IntegerField(help_text="That were settled by this.")


class GroundTruthInput(serializers.Serializer[Any]):
    ids = serializers.ListField(child=serializers.IntegerField(), max_length=MAX_IMAGES)
    marked = serializers.BooleanField()


class GroundTruthOutput(serializers.Serializer[Any]):
    count = serializers.IntegerField()


_Row = type(
    "AgreementRow",
    (serializers.Serializer,),
    {
        "annotator": serializers.CharField(),
        "class": serializers.IntegerField(),
        "reference": serializers.IntegerField(help_text="Objects of the class that there should be."),
        "matched": serializers.IntegerField(),
        "iou": serializers.FloatField(allow_null=True, help_text="Mean over what was found."),
        "other_class": serializers.IntegerField(help_text="Found, but given another class."),
        "missing": serializers.IntegerField(),
        "extra": serializers.IntegerField(),
        "images": serializers.DictField(
            child=serializers.ListField(child=serializers.IntegerField()),
            help_text="matched, other_class, missing, extra → up to 200 images.",
        ),
    },
)


class AgreementOutput(serializers.Serializer[Any]):
    images = serializers.IntegerField(help_text="That were compared.")
    rows = _Row(many=True)


class AgreementPairOutput(serializers.Serializer[Any]):
    first = serializers.CharField()
    second = serializers.CharField()
    images = serializers.IntegerField(help_text="That both handed in.")
    agreement = serializers.FloatField(help_text="Share of their objects that both have with the same class, 0 to 1.")
    iou = serializers.FloatField(allow_null=True, help_text="Mean over what both found.")
    alike = serializers.IntegerField(help_text="Things that both have with the same class.")
    other_class = serializers.IntegerField(help_text="Things that both have with different classes.")
    alone = serializers.IntegerField(help_text="Objects that one of them alone has.")
    differing = serializers.ListField(child=serializers.IntegerField(), help_text="Up to 200 images.")


class OpinionObjectsOutput(serializers.Serializer[Any]):
    username = serializers.CharField()
    objects = serializers.IntegerField()


class RoundImageOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    people = OpinionObjectsOutput(many=True, help_text="Who handed it in.")
    begun = serializers.ListField(child=serializers.CharField(), help_text="Who is still at it.")
    agreement = serializers.FloatField(allow_null=True, help_text="Mean over the pairs of people.")
    support = serializers.ListField(
        child=serializers.IntegerField(), help_text="Things that one person has, that two have, …"
    )
    conflicts = serializers.IntegerField(help_text="Things that somebody lacks or calls otherwise.")
    complete = serializers.BooleanField()
    merged_in = serializers.IntegerField(allow_null=True, help_text="Revision that settled it.")


class RoundAgreementOutput(serializers.Serializer[Any]):
    peers = AgreementOutput(help_text="Each person against each other one.")
    truth = AgreementOutput(help_text="Each person against ground truth.")
    pairs = AgreementPairOutput(many=True)
    images = RoundImageOutput(many=True, help_text="That somebody has begun, least agreement first, up to 2,000.")


def _things(name: str, *, by_person: bool, **options: Any) -> Any:
    """A serializer for the schema; built from a dict because `class` cannot be an attribute name."""
    return inline_serializer(
        name,
        {
            **({"annotator": serializers.CharField(allow_blank=True)} if by_person else {}),
            "uuid": serializers.UUIDField(),
            "class": serializers.IntegerField(),
            "shape": serializers.DictField(child=serializers.JSONField()),
            "box": serializers.ListField(child=serializers.FloatField(), help_text="x, y, width, height."),
        },
        many=True,
        **options,
    )


class ComparedGroupOutput(serializers.Serializer[Any]):
    objects = _things("ComparedObject", by_person=True)
    chosen = serializers.IntegerField(help_text="Place in `objects` of the one that a merge takes.")
    iou = serializers.FloatField(allow_null=True, help_text="Mean over the pairs of its objects.")


class ComparisonOutput(serializers.Serializer[Any]):
    image = serializers.IntegerField()
    name = serializers.CharField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    people = serializers.ListField(
        child=serializers.CharField(allow_blank=True), help_text="Who handed it in; an empty name is ground truth."
    )
    groups = ComparedGroupOutput(many=True, help_text="Objects of different people that are the same thing.")
    complete = serializers.BooleanField()
    merged_in = serializers.IntegerField(allow_null=True)
    truth = _things("TruthObject", by_person=False, allow_null=True)


class ConsensusAgreementView(APIView):
    @extend_schema(parameters=[_IOU], responses=RoundAgreementOutput)
    def get(self, request: Request, pk: int) -> Response:
        """How far the people of a round agree: per person and class, pair by pair and image by image."""
        round_ = get_for(request.user, ConsensusRound, pk, Role.REVIEWER)
        return Response(round_report(round_, _iou(request)))


class ConsensusImageView(APIView):
    @extend_schema(parameters=[_IOU], responses=ComparisonOutput)
    def get(self, request: Request, pk: int, image: int) -> Response:
        """What was handed in of one image of a round, thing by thing."""
        round_ = get_for(request.user, ConsensusRound, pk, Role.REVIEWER)
        rows = ConsensusMember.objects.filter(round=round_, image=image).select_related("image", "round")
        member = rows.first()
        if member is None:
            raise NotFoundError("not_found", f"Image {image} is not in {round_.name}.")
        _own_labels_first(member, request.user)
        return Response(member_comparison(member, _iou(request)))


class ConsensusMergeView(APIView):
    @extend_schema(request=MergeInput, responses=MergeOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Takes what enough people agree on, or what you decided, into the data, as one revision."""
        round_ = get_for(request.user, ConsensusRound, pk, Role.REVIEWER, "project")
        data = MergeInput(data=request.data)
        data.is_valid(raise_exception=True)
        checked = data.validated_data
        decided = checked.get("decisions")
        decisions = decided and {
            item["image"]: [(taken["annotator"], str(taken["uuid"])) for taken in item["take"]] for item in decided
        }
        return Response(
            consensus_merge(
                round_, author=request.user, quorum=checked["quorum"], least=checked["iou"], decisions=decisions
            )
        )


class GroundTruthView(APIView):
    @extend_schema(request=GroundTruthInput, responses=GroundTruthOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Says that the labels which images have now are right, or that they are like all others again."""
        project = get_for(request.user, Project, pk, Role.REVIEWER)
        data = GroundTruthInput(data=request.data)
        data.is_valid(raise_exception=True)
        ids = data.validated_data["ids"]
        if data.validated_data["marked"]:
            count = consensus_services.ground_truth_mark(project, ids, author=request.user)
        else:
            count = consensus_services.ground_truth_unmark(project, ids)
        return Response({"count": count})

    @extend_schema(parameters=[_IOU], responses=AgreementOutput)
    def get(self, request: Request, pk: int) -> Response:
        """What people submitted first against the ground truth of the same images."""
        return Response(truth_agreement(get_for(request.user, Project, pk, Role.REVIEWER), _iou(request)))


class GroundTruthImageView(APIView):
    @extend_schema(
        parameters=[_IOU, OpenApiParameter("annotator", OpenApiTypes.STR, required=True)], responses=ComparisonOutput
    )
    def get(self, request: Request, pk: int, image: int) -> Response:
        """What a person submitted first of an image, beside its ground truth."""
        project = get_for(request.user, Project, pk, Role.REVIEWER)
        name = request.query_params.get("annotator", "")
        return Response(truth_comparison(project, image, name, _iou(request)))


def _own_labels_first(member: ConsensusMember, user: Any) -> None:
    """Who takes part in a round sees the others' labels of an image after their own are handed in."""
    opinions = member.opinions.filter(submitted_at__isnull=False)
    waits = member.round.closed_at is None and opinions.count() < member.round.copies
    takes_part = member.round.people.filter(pk=user.pk).exists()
    if waits and takes_part and not opinions.filter(author=user).exists():
        raise ConflictError("own_labels_first", "You take part: hand in your own labels of the image first.")


def _iou(request: Request) -> float:
    text = request.query_params.get("iou", str(IOU))
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.05 <= value <= 1:
        raise DomainError("bad_iou", "iou: must be a number from 0.05 to 1.", fields={"iou": "0.05 to 1"})
    return value
