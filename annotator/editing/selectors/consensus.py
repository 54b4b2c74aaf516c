"""Rounds and opinions as their people see them, and which objects of different opinions are the same thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import orjson
from django.db.models import Count, Q

from annotator.core.geometry.matching import matches, overlap_of
from annotator.editing.models import ConsensusMember, ConsensusRound, Opinion
from annotator.editing.selectors.people import name_of
from datasets_app.models import Image, ImageState, LabelClassState

Voice = tuple[str, Sequence[dict[str, Any]]]
"""A person's name and their objects in drawing order."""


def opinion_objects(opinion: Opinion) -> list[dict[str, Any]]:
    """In drawing order; `box` is the bounding box of `shape`."""
    found: list[dict[str, Any]] = orjson.loads(opinion.objects_text)
    return found


def opinion_annotations(opinion: Opinion) -> dict[str, Any]:
    """What the author's editor opens, in the form of an image's annotations."""
    objects = [
        {key: value for key, value in item.items() if key != "box"} | {"created_by": None, "created_in": opinion.saved}
        for item in opinion_objects(opinion)
    ]
    return {"revision": opinion.saved, "state": "annotated" if objects else "unlabelled", "annotations": objects}


def own_opinions(round_: ConsensusRound, user: Any) -> list[dict[str, Any]]:
    """What the person was given in a round, in that order; images that were deleted are left out."""
    live = ImageState.objects.now().filter(project=round_.project_id).values("image_id")
    rows = Opinion.objects.filter(member__round=round_, author=user, member__image__in=live)
    columns = rows.order_by("pk").values_list("pk", "member__image_id", "submitted_at", "member__merged_in")
    return [
        {"opinion": key, "image": image, "submitted_at": submitted, "is_open": submitted is None and merged is None}
        for key, image, submitted, merged in columns
    ]


def waiting_members(round_: ConsensusRound, user: Any) -> Any:
    """The images that the person could still be given, by id; nothing of a round that was closed."""
    own = Opinion.objects.filter(member__round=round_, author=user).values("member_id")
    live = ImageState.objects.now().filter(project=round_.project_id).values("image_id")
    rows = ConsensusMember.objects.filter(round=round_, merged_in__isnull=True, image__in=live).exclude(pk__in=own)
    rows = rows.annotate(given=Count("opinions", filter=~Q(opinions__author=user))).filter(given__lt=round_.copies)
    return rows.none() if round_.closed_at is not None else rows.order_by("pk")


def round_bodies(rounds: Any, user: Any) -> list[dict[str, Any]]:
    return [round_body(row, user) for row in rounds.prefetch_related("people").select_related("created_by")]


def round_body(round_: ConsensusRound, user: Any) -> dict[str, Any]:
    members = ConsensusMember.objects.filter(round=round_)
    given = Count("opinions", filter=Q(opinions__submitted_at__isnull=False))
    complete = members.annotate(given=given).filter(given__gte=round_.copies).count()
    opinions = Opinion.objects.filter(member__round=round_).order_by().annotate(begun=Q(submitted_at__isnull=True))
    counts = opinions.values_list("author__username", "begun").annotate(Count("pk"))
    per_person: Counter[tuple[str, bool]] = Counter({(who, begun): count for who, begun, count in counts})
    people = sorted(str(name_of(person)) for person in round_.people.all())
    name = name_of(user)
    is_mine = name in people
    own_begun = Opinion.objects.filter(
        member__round=round_, author=user, submitted_at__isnull=True, member__merged_in__isnull=True
    )
    return {
        "id": round_.pk,
        "project": round_.project_id,
        "name": round_.name,
        "copies": round_.copies,
        "people": [{"username": who, "done": per_person[who, False], "begun": per_person[who, True]} for who in people],
        "images": members.count(),
        "given": sum(count for (_, begun), count in per_person.items() if not begun),
        "complete": complete,
        "merged": members.filter(merged_in__isnull=False).count(),
        "is_mine": is_mine,
        "open_to_me": waiting_members(round_, user).count() + own_begun.count() if is_mine else 0,
        "created_by": name_of(round_.created_by),
        "created_at": round_.created_at,
        "closed_at": round_.closed_at,
    }


@dataclass(slots=True)
class Group:
    """Objects of different people that are the same thing, each person's at most once."""

    members: list[tuple[str, dict[str, Any]]]
    chosen: int
    """Which member stands for all: of the class that most gave, the shape closest to all others."""

    @property
    def support(self) -> int:
        return len(self.members)

    @property
    def classes(self) -> set[int]:
        return {item["class"] for _, item in self.members}

    @property
    def middle(self) -> dict[str, Any]:
        return self.members[self.chosen][1]


def voices_of(member: ConsensusMember) -> list[Voice]:
    """What was handed in of one image, in the order of the opinions."""
    rows = member.opinions.filter(submitted_at__isnull=False).select_related("author").order_by("pk")
    return [(opinion.author.get_username(), opinion_objects(opinion)) for opinion in rows]


def groups_of(voices: Sequence[Voice], image: Image, least: float) -> list[Group]:
    """What the people speak of, thing by thing; objects with less overlap than `least` (IoU) are different things."""
    clusters: list[list[tuple[str, dict[str, Any]]]] = []
    for name, objects in voices:
        heads = [cluster[0][1] for cluster in clusters]
        found = {column: row for row, column, _ in matches(heads, objects, image.width, image.height, least)}
        fresh: list[list[tuple[str, dict[str, Any]]]] = []
        for index, item in enumerate(objects):
            if index in found:
                clusters[found[index]].append((name, item))
            else:
                fresh.append([(name, item)])
        clusters += fresh
    return [Group(cluster, _middle(cluster, image)) for cluster in clusters]


def _middle(cluster: Sequence[tuple[str, dict[str, Any]]], image: Image) -> int:
    """Of equal counts the class that was given first wins."""
    winner, _ = Counter(item["class"] for _, item in cluster).most_common(1)[0]
    candidates = [index for index, (_, item) in enumerate(cluster) if item["class"] == winner]

    def closeness(index: int) -> float:
        one = cluster[index][1]
        return sum(overlap_of(one, other, image.width, image.height) for _, other in cluster)

    return max(candidates, key=closeness)


def agreed_objects(member: ConsensusMember, *, quorum: int, least: float) -> list[dict[str, Any]]:
    """What at least `quorum` people have, as new annotations; the score is the share of the opinions that hold it."""
    voices = voices_of(member)
    live = LabelClassState.objects.now().filter(label_class__project=member.image.project_id)
    classes = set(live.values_list("label_class_id", flat=True))
    agreed = [group for group in groups_of(voices, member.image, least) if group.support >= quorum]
    return [
        as_new(group.middle, score=group.support / len(voices)) for group in agreed if group.middle["class"] in classes
    ]


def as_new(item: dict[str, Any], *, score: float) -> dict[str, Any]:
    """A drawing of a person stays one; the score says how many of them agree."""
    kept = {key: value for key, value in item.items() if key not in {"uuid", "box", "score"}}
    return kept | {"uuid": str(uuid4()), "score": score}
