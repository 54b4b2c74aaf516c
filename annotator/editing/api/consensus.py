"""Consensus rounds and the opinions in them."""

from __future__ import annotations

from random import SystemRandom
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import Role, get_for
from annotator.core.api.person import PERSON_HEADER, person_check
from annotator.core.errors import DomainError, NotFoundError
from annotator.editing.api.annotation import ANNOTATIONS, CHANGED, CHANGES, read_batch
from annotator.editing.api.assignment import MAX_IMAGES, PersonDoneOutput
from annotator.editing.models import ConsensusRound, Opinion
from annotator.editing.selectors.consensus import opinion_annotations, own_opinions, round_bodies, round_body
from annotator.editing.selectors.people import members_named
from annotator.editing.services import consensus as consensus_services
from datasets_app.models import Project
from datasets_app.selectors.image import ImageFilter, image_ids


class RoundPersonOutput(PersonDoneOutput):
    begun = serializers.IntegerField(help_text="Images that they have begun and not handed in.")


class ConsensusOutput(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    project = serializers.IntegerField()
    name = serializers.CharField()
    copies = serializers.IntegerField(help_text="How many people label each image.")
    people = RoundPersonOutput(many=True)
    images = serializers.IntegerField()
    given = serializers.IntegerField(help_text="Opinions that were handed in; `images` times `copies` are wanted.")
    complete = serializers.IntegerField(help_text="Images that have all their opinions.")
    merged = serializers.IntegerField()
    is_mine = serializers.BooleanField(help_text="You are one of the people.")
    open_to_me = serializers.IntegerField(help_text="Images that you have begun or could be given now.")
    created_by = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class ConsensusListOutput(serializers.Serializer[Any]):
    results = ConsensusOutput(many=True)


class ConsensusInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200)
    copies = serializers.IntegerField(min_value=2, max_value=50)
    people = serializers.ListField(child=serializers.CharField(), help_text="User names.")
    ids = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=MAX_IMAGES)
    filter = serializers.DictField(required=False, help_text="The same keys as the grid's query parameters.")
    sample = serializers.IntegerField(required=False, min_value=1, help_text="As many of them, drawn by lot.")


class ConsensusChange(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=200, required=False)
    closed = serializers.BooleanField(required=False, help_text="Nobody is given images of it any more.")


class OpinionOutput(serializers.Serializer[Any]):
    opinion = serializers.IntegerField(allow_null=True, help_text="null: nothing is left for you.")
    image = serializers.IntegerField(allow_null=True)


class OwnOpinionOutput(serializers.Serializer[Any]):
    opinion = serializers.IntegerField()
    image = serializers.IntegerField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    is_open = serializers.BooleanField(help_text="It can still be changed as it is.")


class OwnOpinionListOutput(serializers.Serializer[Any]):
    results = OwnOpinionOutput(many=True, help_text="In the order in which they were given to you.")


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
        count = checked.get("sample")
        made = consensus_services.consensus_create(
            project,
            author=request.user,
            name=checked["name"],
            copies=checked["copies"],
            people=members_named(project, checked["people"], Role.ANNOTATOR),
            ids=ids if count is None or count >= len(ids) else sorted(SystemRandom().sample(ids, count)),
        )
        return Response(round_body(made, request.user), status=201)


class ConsensusView(APIView):
    @extend_schema(responses=ConsensusOutput)
    def get(self, request: Request, pk: int) -> Response:
        """One round with its progress."""
        return Response(round_body(get_for(request.user, ConsensusRound, pk), request.user))

    @extend_schema(request=ConsensusChange, responses=ConsensusOutput)
    def patch(self, request: Request, pk: int) -> Response:
        """Renames a round, closes it or opens it again; what was handed in stays."""
        round_ = get_for(request.user, ConsensusRound, pk, Role.REVIEWER)
        data = ConsensusChange(data=request.data)
        data.is_valid(raise_exception=True)
        changed = consensus_services.consensus_update(round_, **data.validated_data)
        return Response(round_body(changed, request.user))


class OwnOpinionListView(APIView):
    @extend_schema(responses=OwnOpinionListOutput)
    def get(self, request: Request, pk: int) -> Response:
        """What you were given in a round so far, and what you handed in."""
        return Response({"results": own_opinions(get_for(request.user, ConsensusRound, pk), request.user)})


class ConsensusNextView(APIView):
    @extend_schema(request=None, responses=OpinionOutput)
    def post(self, request: Request, pk: int) -> Response:
        """The image that you shall give your opinion on now."""
        round_ = get_for(request.user, ConsensusRound, pk, Role.ANNOTATOR)
        opinion = consensus_services.consensus_next(round_, user=request.user)
        if opinion is None:
            return Response({"opinion": None, "image": None})
        return Response({"opinion": opinion.pk, "image": opinion.member.image_id})


class OpinionAnnotationsView(APIView):
    @extend_schema(responses=ANNOTATIONS)
    def get(self, request: Request, pk: int) -> Response:
        """What you labelled so far; its revision counts your saves."""
        return Response(opinion_annotations(_own(request, pk)))


class OpinionChangesView(APIView):
    @extend_schema(parameters=[PERSON_HEADER], request=CHANGES, responses=CHANGED)
    def post(self, request: Request, pk: int) -> Response:
        """Applies one batch to your opinion, and to nothing else."""
        person_check(request)
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


class OpinionReopenView(APIView):
    @extend_schema(request=None, responses=OpinionOutput)
    def post(self, request: Request, pk: int) -> Response:
        """You go on with an image that you handed in, as long as it is not settled."""
        opinion = consensus_services.opinion_reopen(_own(request, pk))
        return Response({"opinion": opinion.pk, "image": opinion.member.image_id})


def _own(request: Request, pk: int) -> Opinion:
    """An opinion is seen by its author alone, so that nobody copies from anybody."""
    opinion = get_for(request.user, Opinion, pk, Role.ANNOTATOR, "member__image", "member__round")
    if opinion.author_id != request.user.pk:
        raise NotFoundError("not_found", f"There is no opinion {pk}, or you may not see it.")
    return opinion
