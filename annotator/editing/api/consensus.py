"""Consensus rounds, the opinions in them, ground truth, and how far people agree."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import Role, get_for
from annotator.core.errors import DomainError, NotFoundError
from annotator.editing.api.annotation import ANNOTATIONS, CHANGED, CHANGES, read_batch
from annotator.editing.api.assignment import MAX_IMAGES, PersonDoneOutput
from annotator.editing.models import ConsensusRound, Opinion
from annotator.editing.selectors.agreement import round_agreement, truth_agreement
from annotator.editing.selectors.consensus import opinion_annotations, round_bodies, round_body
from annotator.editing.selectors.people import members_named
from annotator.editing.services import consensus as consensus_services
from datasets_app.models import Project
from datasets_app.selectors.image import ImageFilter, image_ids

IOU = 0.5
_IOU = OpenApiParameter("iou", OpenApiTypes.FLOAT, description="Objects with less overlap are not the same; 0.5.")


class ConsensusOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    project = serializers.IntegerField()
    name = serializers.CharField()
    copies = serializers.IntegerField(help_text="How many people label each image.")
    people = PersonDoneOutput(many=True)
    images = serializers.IntegerField()
    complete = serializers.IntegerField(help_text="Images that have all their opinions.")
    merged = serializers.IntegerField()
    is_mine = serializers.BooleanField(help_text="You are one of the people.")
    created_by = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()


class ConsensusListOutput(serializers.Serializer[Any]):
    results = ConsensusOutput(many=True)


class ConsensusInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200)
    copies = serializers.IntegerField(min_value=2, max_value=50)
    people = serializers.ListField(child=serializers.CharField(), help_text="User names.")
    ids = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=MAX_IMAGES)
    filter = serializers.DictField(required=False, help_text="The same keys as the grid's query parameters.")


class OpinionOutput(serializers.Serializer[Any]):
    opinion = serializers.IntegerField(allow_null=True, help_text="null: nothing is left for you.")
    image = serializers.IntegerField(allow_null=True)


class MergeInput(serializers.Serializer[Any]):
    quorum = serializers.IntegerField(min_value=1, help_text="How many people must have an object.")
    iou = serializers.FloatField(required=False, default=IOU, min_value=0.05, max_value=1)


class MergeOutput(serializers.Serializer[Any]):
    revision = serializers.IntegerField(allow_null=True)
    images = serializers.IntegerField(help_text="That had all their opinions and were not merged before.")


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


class RoundAgreementOutput(serializers.Serializer[Any]):
    peers = AgreementOutput(help_text="Each person against each other one.")
    truth = AgreementOutput(help_text="Each person against ground truth.")


class ConsensusListView(APIView):
    @extend_schema(responses=ConsensusListOutput)
    def get(self, request: Request, pk: int) -> Response:
        """The rounds of a project, newest first."""
        project = get_for(request.user, Project, pk)
        return Response({"results": round_bodies(ConsensusRound.objects.filter(project=project), request.user)})

    @extend_schema(request=ConsensusInput, responses={201: ConsensusOutput})
    def post(self, request: Request, pk: int) -> Response:
        """A set of images that several people label unseen by each other."""
        project = get_for(request.user, Project, pk, Role.REVIEWER)
        data = ConsensusInput(data=request.data)
        data.is_valid(raise_exception=True)
        checked = data.validated_data
        if ("ids" in checked) == ("filter" in checked):
            raise DomainError("bad_round", "Send either `ids` or `filter`.")
        ids = checked["ids"] if "ids" in checked else image_ids(project, ImageFilter.from_params(checked["filter"]))
        made = consensus_services.consensus_create(
            project,
            author=request.user,
            name=checked["name"],
            copies=checked["copies"],
            people=members_named(project, checked["people"], Role.ANNOTATOR),
            ids=ids,
        )
        return Response(round_body(made, request.user), status=201)


class ConsensusNextView(APIView):
    @extend_schema(request=None, responses=OpinionOutput)
    def post(self, request: Request, pk: int) -> Response:
        """The image that you shall give your opinion on now."""
        round_ = get_for(request.user, ConsensusRound, pk, Role.ANNOTATOR)
        opinion = consensus_services.consensus_next(round_, user=request.user)
        if opinion is None:
            return Response({"opinion": None, "image": None})
        return Response({"opinion": opinion.pk, "image": opinion.member.image_id})


class ConsensusAgreementView(APIView):
    @extend_schema(parameters=[_IOU], responses=RoundAgreementOutput)
    def get(self, request: Request, pk: int) -> Response:
        """How far the people of a round agree, per person and class, with the images behind each number."""
        round_ = get_for(request.user, ConsensusRound, pk, Role.REVIEWER)
        return Response(round_agreement(round_, _iou(request)))


class ConsensusMergeView(APIView):
    @extend_schema(request=MergeInput, responses=MergeOutput)
    def post(self, request: Request, pk: int) -> Response:
        """Takes what enough people agree on into the data, as one revision that can be reverted."""
        round_ = get_for(request.user, ConsensusRound, pk, Role.REVIEWER, "project")
        data = MergeInput(data=request.data)
        data.is_valid(raise_exception=True)
        checked = data.validated_data
        return Response(
            consensus_services.consensus_merge(
                round_, author=request.user, quorum=checked["quorum"], least=checked["iou"]
            )
        )


class OpinionAnnotationsView(APIView):
    @extend_schema(responses=ANNOTATIONS)
    def get(self, request: Request, pk: int) -> Response:
        """What you labelled so far; its revision counts your saves."""
        return Response(opinion_annotations(_own(request, pk)))


class OpinionChangesView(APIView):
    @extend_schema(request=CHANGES, responses=CHANGED)
    def post(self, request: Request, pk: int) -> Response:
        """Applies one batch to your opinion, and to nothing else."""
        return Response(consensus_services.opinion_apply(_own(request, pk), batch=read_batch(request.data)))


class OpinionSubmitView(APIView):
    @extend_schema(request=None, responses=OpinionOutput)
    def post(self, request: Request, pk: int) -> Response:
        """You are done with the image; answers the next one."""
        opinion = consensus_services.opinion_submit(_own(request, pk))
        following = consensus_services.consensus_next(opinion.member.round, user=request.user)
        if following is None:
            return Response({"opinion": None, "image": None})
        return Response({"opinion": following.pk, "image": following.member.image_id})


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


def _own(request: Request, pk: int) -> Opinion:
    """An opinion is seen by its author alone, so that nobody copies from anybody."""
    opinion = get_for(request.user, Opinion, pk, Role.ANNOTATOR, "member__image", "member__round")
    if opinion.author_id != request.user.pk:
        raise NotFoundError("not_found", f"There is no opinion {pk}, or you may not see it.")
    return opinion


def _iou(request: Request) -> float:
    text = request.query_params.get("iou", str(IOU))
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.05 <= value <= 1:
        raise DomainError("bad_iou", "iou: must be a number from 0.05 to 1.", fields={"iou": "0.05 to 1"})
    return value
