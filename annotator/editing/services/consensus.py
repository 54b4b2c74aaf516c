"""Rounds in which people label the same images unseen by each other; marking labels as ground truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone

from annotator.core.errors import ConflictError, DomainError, ForbiddenError
from annotator.editing.models import ConsensusMember, ConsensusRound, GroundTruth, Opinion
from annotator.editing.selectors.consensus import opinion_objects, waiting_members
from annotator.editing.services.changes import Batch
from datasets_app.models import Image, ImageState, ImageStatus, LabelClassState, Project
from datasets_app.services.annotation import EDITABLE, AnnotationError, annotation_row

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
    project: Project,
    *,
    author: Any,
    name: str,
    copies: int,
    people: Sequence[Any],
    ids: Sequence[int],
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
        member = waiting_members(locked, user).first()
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


def opinion_reopen(opinion: Opinion) -> Opinion:
    """The author goes on with what was handed in. Raises `ConflictError` once the image was settled."""
    with transaction.atomic():
        opinion = Opinion.objects.select_for_update().select_related("member__round").get(pk=opinion.pk)
        if opinion.member.merged_in is not None:
            raise ConflictError("opinion_closed", "The image is settled; its opinions are no longer changed.")
        opinion.submitted_at = None
        opinion.save(update_fields=("submitted_at",))
    return opinion


def consensus_update(round_: ConsensusRound, *, name: str | None = None, closed: bool | None = None) -> ConsensusRound:
    """Renames a round, closes it or opens it again. Of a closed one nobody is given images; opinions stay."""
    if name is not None:
        round_.name = name
    if closed is not None:
        round_.closed_at = (round_.closed_at or timezone.now()) if closed else None
    round_.save(update_fields=("name", "closed_at"))
    return round_
