"""Takes what the people of a round agree on, or what a reviewer decided, into the data: one revision each time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import Count, Q

from annotator.core.errors import ConflictError, DomainError
from annotator.editing.models import ConsensusMember, ConsensusRound
from annotator.editing.selectors.consensus import agreed_objects, as_new, groups_of, voices_of
from datasets_app.models import Annotation, ImageState, ImageStatus
from datasets_app.services.annotation import annotation_row
from datasets_app.services.revision import Door, revision_open
from datasets_app.services.rewrite import live_classes

Taken = Sequence[tuple[str, str]]
"""(person, UUID of their object), in drawing order."""


def consensus_merge(
    round_: ConsensusRound,
    *,
    author: Any,
    quorum: int,
    least: float,
    decisions: Mapping[int, Taken] | None = None,
) -> dict[str, Any]:
    """Replaces what images hold by what at least `quorum` people have, as one revision that can be reverted.

    Of every image that has its opinions and was not settled before. With `decisions`, by image, of those images alone
    and with exactly the objects named, also where they were settled before. A closed round has all the opinions that it
    will get: there an image needs `quorum` of them.
    Raises `DomainError` for objects that nobody handed in, `ConflictError` for images that still wait for opinions.
    """
    if not 1 <= quorum <= round_.copies:
        raise DomainError("bad_quorum", f"quorum: must be from 1 to {round_.copies}.", fields={"quorum": "how many"})
    message = f"Consensus of {round_.name}"
    with revision_open(round_.project_id, author=author, kind="consensus", message=message) as door:
        needed = round_.copies if round_.closed_at is None else quorum
        ready = _with_opinions(round_, needed)
        classes = live_classes(round_.project_id).keys()
        if decisions is None:
            members = list(ready.filter(merged_in__isnull=True))
            for member in members:
                _settle(door, member, agreed_objects(member, quorum=quorum, least=least), classes)
        else:
            members = list(ready.filter(image__in=list(decisions)))
            if len(members) < len(decisions):
                raise ConflictError("not_complete", "Some of the images wait for opinions, or are not of the round.")
            for member in members:
                _settle(door, member, _taken_objects(member, decisions[member.image_id], least), classes)
        number = door.number if door.changed else door.project.revision
        ConsensusMember.objects.filter(pk__in=[member.pk for member in members]).update(merged_in=number)
    return {"revision": door.revision.number if door.revision else None, "images": len(members)}


def _with_opinions(round_: ConsensusRound, needed: int) -> Any:
    live = ImageState.objects.now().filter(project=round_.project_id).values("image_id")
    given = Count("opinions", filter=Q(opinions__submitted_at__isnull=False))
    rows = ConsensusMember.objects.filter(round=round_, image__in=live)
    return rows.annotate(given=given).filter(given__gte=needed).select_related("image").order_by("pk")


def _settle(
    door: Door, member: ConsensusMember, objects: Sequence[Mapping[str, Any]], classes: Collection[int]
) -> None:
    # An opinion on a class that was retired since is about nothing any more.
    kept = [item for item in objects if item["class"] in classes]
    rows = [annotation_row(member.image, item, class_ids=classes) for item in kept]
    door.remember(images=[member.image])
    door.close(list(Annotation.objects.now().filter(image=member.image)))
    door.open(rows)
    state = ImageState.objects.now().get(image=member.image)
    status = ImageStatus.ANNOTATED if rows else ImageStatus.VERIFIED_EMPTY
    if state.status != status:
        door.replace(state, status=status)


def _taken_objects(member: ConsensusMember, taken: Taken, least: float) -> list[dict[str, Any]]:
    voices = voices_of(member)
    offered: dict[tuple[str, str], tuple[dict[str, Any], float]] = {}
    for group in groups_of(voices, member.image, least):
        for name, item in group.members:
            offered[name, item["uuid"]] = item, group.support / len(voices)
    for name, uuid in taken:
        if (name, uuid) not in offered:
            raise DomainError(
                "bad_decision",
                f"decisions: {name} handed in no object {uuid} on {member.image.name}; read the image again.",
                fields={"decisions": "objects that were handed in"},
            )
    found = [offered[key] for key in dict.fromkeys(taken)]
    return [as_new(item, score=score) for item, score in found]
