"""What people said of the images of a round, and what they agree on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import orjson
from django.db.models import Count, Q

from annotator.core.geometry.matching import matches, overlap_of
from annotator.editing.models import ConsensusMember, ConsensusRound, Opinion
from annotator.editing.selectors.people import name_of
from datasets_app.models import LabelClassState


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


def round_bodies(rounds: Any, user: Any) -> list[dict[str, Any]]:
    return [round_body(row, user) for row in rounds.prefetch_related("people").select_related("created_by")]


def round_body(round_: ConsensusRound, user: Any) -> dict[str, Any]:
    members = ConsensusMember.objects.filter(round=round_)
    given = Count("opinions", filter=Q(opinions__submitted_at__isnull=False))
    complete = members.annotate(given=given).filter(given__gte=round_.copies).count()
    opinions = Opinion.objects.filter(member__round=round_, submitted_at__isnull=False)
    per_person = Counter(opinions.values_list("author__username", flat=True))
    people = sorted(str(name_of(person)) for person in round_.people.all())
    return {
        "id": round_.pk,
        "project": round_.project_id,
        "name": round_.name,
        "copies": round_.copies,
        "people": [{"username": name, "done": per_person[name]} for name in people],
        "images": members.count(),
        "complete": complete,
        "merged": members.filter(merged_in__isnull=False).count(),
        "is_mine": name_of(user) in people,
        "created_by": name_of(round_.created_by),
        "created_at": round_.created_at,
    }


def agreed_objects(member: ConsensusMember, *, quorum: int, least: float) -> list[dict[str, Any]]:
    """What at least `quorum` opinions hold, as new annotations: the class of most, the shape closest to all others.

    The score is the share of the opinions that hold it. Of equal counts the earlier opinion's class is taken.
    """
    opinions = member.opinions.filter(submitted_at__isnull=False).order_by("pk")
    voices = [opinion_objects(opinion) for opinion in opinions]
    live = set(
        LabelClassState.objects.now()
        .filter(label_class__project=member.image.project_id)
        .values_list("label_class_id", flat=True)
    )
    agreed: list[dict[str, Any]] = []
    for cluster in _clusters(voices, member.image.width, member.image.height, least):
        if len(cluster) < quorum:
            continue
        winner, _ = Counter(item["class"] for item in cluster).most_common(1)[0]
        if winner in live:
            chosen = _middle([item for item in cluster if item["class"] == winner], cluster, member.image)
            agreed.append(_as_new(chosen, score=len(cluster) / len(voices)))
    return agreed


def _clusters(voices: Sequence[Sequence[Any]], width: int, height: int, least: float) -> list[list[Any]]:
    """Objects of different opinions that are the same thing; each opinion has one object in a cluster at most."""
    clusters: list[list[Any]] = []
    for objects in voices:
        heads = [cluster[0] for cluster in clusters]
        found = {column: row for row, column, _ in matches(heads, objects, width, height, least)}
        fresh: list[list[Any]] = []
        for index, item in enumerate(objects):
            if index in found:
                clusters[found[index]].append(item)
            else:
                fresh.append([item])
        clusters += fresh
    return clusters


def _middle(candidates: Sequence[Any], cluster: Sequence[Any], image: Any) -> Any:
    return max(candidates, key=lambda one: sum(overlap_of(one, other, image.width, image.height) for other in cluster))


def _as_new(item: dict[str, Any], *, score: float) -> dict[str, Any]:
    """A drawing of a person stays one; the score says how many of them agree."""
    kept = {key: value for key, value in item.items() if key not in {"uuid", "box", "score"}}
    return kept | {"uuid": str(uuid4()), "score": score}
