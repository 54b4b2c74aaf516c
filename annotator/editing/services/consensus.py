"""Rounds in which people label the same images unseen by each other, and taking what they agree on into the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from annotator.core.errors import ConflictError, DomainError, ForbiddenError
from annotator.editing.models import ConsensusMember, ConsensusRound, GroundTruth, Opinion
from annotator.editing.selectors.consensus import agreed_objects, opinion_objects
from annotator.editing.services.changes import Batch
from datasets_app.models import Annotation, Image, ImageState, ImageStatus, LabelClassState, Project
from datasets_app.services.annotation import EDITABLE, AnnotationError, annotation_row
from datasets_app.services.revision import revision_open
from datasets_app.services.rewrite import live_classes

CHUNK = 500


def ground_truth_mark(project: Project, ids: Sequence[int], *, author: Any) -> int:
    """The labels that those images have now are right. Marks again what is marked, as of now; answers how many."""
    with transaction.atomic():
        locked = Project.objects.select_for_update().get(pk=project.pk)
        live = ImageState.objects.now().filter(project=project)
        marked = 0
        for start in range(0, len(ids), CHUNK):
            part = live.filter(image_id__in=ids[start : start + CHUNK]).values_list("image_id", flat=True)
            for image in part:
                GroundTruth.objects.update_or_create(
                    image_id=image, defaults={"revision": locked.revision, "author": author}
                )
                marked += 1
    return marked


def ground_truth_unmark(project: Project, ids: Sequence[int]) -> int:
    with transaction.atomic():
        rows = GroundTruth.objects.filter(image__project=project)
        return sum(
            rows.filter(image_id__in=ids[start : start + CHUNK]).delete()[0] for start in range(0, len(ids), CHUNK)
        )


def consensus_create(
    project: Project, *, author: Any, name: str, copies: int, people: Sequence[Any], ids: Sequence[int]
) -> ConsensusRound:
    """A round over those images. Raises `DomainError` where there are fewer people than copies, or no image."""
    if not 2 <= copies <= len(people):
        raise DomainError(
            "bad_copies",
            f"copies: must be from 2 to the number of people, {len(people)}.",
            fields={"copies": f"2 to {len(people)}"},
        )
    with transaction.atomic():
        live: list[int] = []
        for start in range(0, len(ids), CHUNK):
            rows = ImageState.objects.now().filter(project=project, image_id__in=ids[start : start + CHUNK])
            live += rows.order_by("image_id").values_list("image_id", flat=True)
        if not live:
            raise DomainError("no_images", "ids: name at least one image of the project.", fields={"ids": "images"})
        made = ConsensusRound.objects.create(project=project, name=name, copies=copies, created_by=author)
        made.people.set(people)
        ConsensusMember.objects.bulk_create(
            [ConsensusMember(round=made, image_id=image) for image in live], batch_size=CHUNK
        )
    return made


def consensus_next(round_: ConsensusRound, *, user: Any) -> Opinion | None:
    """The opinion that the person shall give now: what they began, else an image that still needs one of theirs."""
    with transaction.atomic():
        locked = ConsensusRound.objects.select_for_update().get(pk=round_.pk)
        if not locked.people.filter(pk=user.pk).exists():
            raise ForbiddenError("not_in_round", f"{locked.name} is the work of others.")
        own = Opinion.objects.filter(member__round=locked, author=user)
        begun = own.filter(submitted_at__isnull=True, member__merged_in__isnull=True).order_by("pk").first()
        if begun is not None:
            return begun
        members = ConsensusMember.objects.filter(round=locked, merged_in__isnull=True)
        free = members.annotate(given=Count("opinions", filter=~Q(opinions__author=user)))
        free = free.filter(given__lt=locked.copies).exclude(pk__in=own.values("member_id"))
        live = ImageState.objects.now().filter(project=locked.project_id).values("image_id")
        member = free.filter(image__in=live).order_by("pk").first()
        return None if member is None else Opinion.objects.create(member=member, author=user)


def opinion_apply(opinion: Opinion, *, batch: Batch) -> dict[str, Any]:
    """One batch of the author's editor; the answer has the form of that of `changes_apply`.

    Only the author writes here, so nothing can conflict: of two windows the later one wins, object by object.
    """
    with transaction.atomic():
        opinion = Opinion.objects.select_for_update().select_related("member__image").get(pk=opinion.pk)
        if opinion.last_batch == batch.batch_id and opinion.last_answer is not None:
            return dict(opinion.last_answer)
        if opinion.submitted_at is not None or opinion.member.merged_in is not None:
            raise ConflictError("opinion_closed", "You handed this image in; open it again before you change it.")
        objects = {item["uuid"]: item for item in opinion_objects(opinion)}
        counts = _apply(objects, batch, opinion.member.image)
        opinion.saved += 1
        opinion.objects_text = orjson.dumps(list(objects.values())).decode()
        state = ImageStatus.ANNOTATED if objects else ImageStatus.UNLABELLED
        answer = {"revision": opinion.saved, "state": state, **counts}
        answer |= {"remote": {"annotations": [], "deleted": []}}
        opinion.last_batch, opinion.last_answer = batch.batch_id, answer
        opinion.save()
    return answer


def _apply(objects: dict[str, dict[str, Any]], batch: Batch, image: Image) -> dict[str, int]:
    states = LabelClassState.objects.now().filter(label_class__project=image.project_id)
    class_ids = set(states.values_list("label_class_id", flat=True))
    counts = {"created": 0, "updated": 0, "deleted": 0}
    for item in batch.create:
        counts["created"] += str(item.get("uuid")) not in objects
        _put(objects, image, item, class_ids)
    for item in batch.update:
        before = objects.get(str(item["uuid"]))
        if before is None:
            raise AnnotationError("no_such_annotation", f"Annotation {item['uuid']} is not on this image; create it.")
        _put(objects, image, _sendable(before) | dict(item), class_ids)
        counts["updated"] += 1
    for key in batch.delete:
        counts["deleted"] += objects.pop(str(key), None) is not None
    return counts


_SENT = ("uuid", *EDITABLE)


def _sendable(item: Mapping[str, Any]) -> dict[str, Any]:
    return {key: item[key] for key in _SENT}


def _put(objects: dict[str, dict[str, Any]], image: Image, item: Mapping[str, Any], class_ids: set[int]) -> None:
    row = annotation_row(image, item, class_ids=class_ids)
    objects[str(row.uuid)] = {
        "uuid": str(row.uuid),
        "class": row.label_class_id,
        "shape": orjson.loads(row.shape),
        "box": [row.x, row.y, row.width, row.height],
        "attributes": row.attributes,
        "occluded": row.occluded,
        "truncated": row.truncated,
        "crowd": row.crowd,
        "z_order": row.z_order,
        "group": row.group,
        "source": row.source,
        "score": row.score,
    }


def opinion_submit(opinion: Opinion) -> Opinion:
    """The author is done with the image; an image without objects says that there is nothing on it."""
    opinion.submitted_at = opinion.submitted_at or timezone.now()
    opinion.save(update_fields=("submitted_at",))
    return opinion


def consensus_merge(round_: ConsensusRound, *, author: Any, quorum: int, least: float) -> dict[str, Any]:
    """Takes what at least `quorum` people agree on into the data, as one revision that can be reverted.

    Only of images that have all their opinions and were not merged before. What those images held is replaced.
    """
    if not 1 <= quorum <= round_.copies:
        raise DomainError("bad_quorum", f"quorum: must be from 1 to {round_.copies}.", fields={"quorum": "how many"})
    message = f"Consensus of {round_.name}"
    with revision_open(round_.project_id, author=author, kind="consensus", message=message) as door:
        members = list(_complete(round_))
        classes = live_classes(round_.project_id).keys()
        for member in members:
            agreed = agreed_objects(member, quorum=quorum, least=least)
            # An opinion on a class that was retired since is about nothing any more.
            kept = [item for item in agreed if item["class"] in classes]
            rows = [annotation_row(member.image, item, class_ids=classes) for item in kept]
            door.remember(images=[member.image])
            door.close(list(Annotation.objects.now().filter(image=member.image)))
            door.open(rows)
            state = ImageState.objects.now().get(image=member.image)
            status = ImageStatus.ANNOTATED if rows else ImageStatus.VERIFIED_EMPTY
            if state.status != status:
                door.replace(state, status=status)
        number = door.number if door.changed else door.project.revision
        ConsensusMember.objects.filter(pk__in=[member.pk for member in members]).update(merged_in=number)
    return {"revision": door.revision.number if door.revision else None, "images": len(members)}


def _complete(round_: ConsensusRound) -> Any:
    live = ImageState.objects.now().filter(project=round_.project_id).values("image_id")
    given = Count("opinions", filter=Q(opinions__submitted_at__isnull=False))
    rows = ConsensusMember.objects.filter(round=round_, merged_in__isnull=True, image__in=live)
    return rows.annotate(given=given).filter(given__gte=round_.copies).select_related("image").order_by("pk")
