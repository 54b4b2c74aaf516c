"""Applies one batch of changes from an editor: one transaction, one revision, conflicts per object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import orjson

from annotator.core.errors import ConflictError, DomainError
from datasets_app.models import Annotation, Image, ImageState, ImageStatus, LabelClassState, Revision
from datasets_app.selectors.annotation import annotation_bodies
from datasets_app.services.annotation import AnnotationError, annotation_row, annotation_values, attributes_check
from datasets_app.services.class_schema import values_problem
from datasets_app.services.revision import Door, revision_open

MAX_OBJECTS = 20_000


@dataclass(frozen=True, slots=True)
class Batch:
    """What one editor wants changed on one image since `base_revision`."""

    base_revision: int
    batch_id: UUID
    create: Sequence[Mapping[str, Any]] = ()
    update: Sequence[Mapping[str, Any]] = ()
    delete: Sequence[str] = ()
    state: str | None = None


@dataclass(slots=True)
class _Plan:
    """Rows to close and to open, and the objects that somebody else changed first."""

    closing: list[Annotation] = field(default_factory=list)
    opening: list[Annotation] = field(default_factory=list)
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    created: int = 0
    updated: int = 0
    deleted: int = 0


class ChangeConflictError(ConflictError):
    """Some objects were changed by somebody else since the base revision; the others are saved."""


def changes_apply(image: Image, *, author: Any, batch: Batch) -> dict[str, Any]:
    """Applies the batch and answers `{revision, state, created, updated, deleted, remote}`.

    A replayed `batch_id` gets the first answer and changes nothing. Objects that others changed since `base_revision`
    raise `ChangeConflictError` with both sides, after the rest of the batch was saved.
    `remote` holds what others changed on this image since `base_revision`, so that the editor can show it.
    """
    if len(batch.create) + len(batch.update) + len(batch.delete) > MAX_OBJECTS:
        raise DomainError("batch_too_large", f"A batch may name {MAX_OBJECTS} objects; send several.")
    with revision_open(
        image.project_id, author=author, kind="edit", message=image.name, batch_id=batch.batch_id
    ) as door:
        first = Revision.objects.filter(project_id=image.project_id, batch_id=batch.batch_id).first()
        if first is not None and first.answer is not None:
            return _answered(first.answer)
        state = ImageState.objects.now().filter(image=image).first()
        if state is None:
            raise DomainError("image_deleted", f"{image.name} was deleted meanwhile; restore it to save labels on it.")
        if batch.base_revision > door.project.revision:
            raise DomainError("bad_revision", f"base_revision: the newest revision is {door.project.revision}.")
        door.remember(images=[image])
        plan = _plan(door, image, batch)
        remote = _remote(image, batch)
        door.close(plan.closing)
        door.open(plan.opening)
        status = _apply_status(door, image, state, batch, plan)
        answer = {
            "revision": door.number if door.changed else door.project.revision,
            "state": status,
            "created": plan.created,
            "updated": plan.updated,
            "deleted": plan.deleted,
        }
        door.answer = answer | ({"conflicts": plan.conflicts} if plan.conflicts else {})
    return _answered(answer | {"remote": remote, "conflicts": plan.conflicts})


def _answered(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The answer as it goes out; raises when it names conflicts."""
    body = {"remote": {"annotations": [], "deleted": []}} | dict(answer)
    conflicts = body.pop("conflicts", [])
    if conflicts:
        raise ChangeConflictError(
            "conflict",
            f"{len(conflicts)} objects were changed by somebody else meanwhile; the rest is saved.",
            extra={**body, "conflicts": conflicts},
        )
    return body


def _plan(door: Door, image: Image, batch: Batch) -> _Plan:
    plan = _Plan()
    definitions = _definitions(door, batch)
    keys = {_key(item.get("uuid")) for item in (*batch.create, *batch.update)} | {_key(item) for item in batch.delete}
    live = {row.uuid: row for row in Annotation.objects.now().filter(project_id=image.project_id, uuid__in=keys)}
    _plan_creates(image, batch, plan, live, definitions)
    for item in batch.update:
        key = _key(item["uuid"])
        current = live.get(key)
        if current is None or _is_conflict(image, batch, plan, key, current, item):
            if current is None:
                _refuse_missing(image, plan, key, item)
            continue
        values = annotation_values(image, key, item, class_ids=definitions)
        if "attributes" in values:
            said = definitions.get(values.get("label_class_id", current.label_class_id), ())
            attributes_check(key, said, values["attributes"], current.attributes)
        values = {name: value for name, value in values.items() if getattr(current, name) != value}
        if values:
            plan.closing.append(current)
            plan.opening.append(current.successor(**values))
            plan.updated += 1
    for text in batch.delete:
        key = _key(text)
        current = live.get(key)
        if current is None:  # gone already: the wish is fulfilled
            continue
        if not _is_conflict(image, batch, plan, key, current, {"uuid": str(key), "deleted": True}):
            plan.closing.append(current)
            plan.deleted += 1
    return plan


def _definitions(door: Door, batch: Batch) -> Mapping[int, Sequence[Mapping[str, Any]]]:
    """The classes that labels may have, by id, with their attributes; not looked up where a batch needs neither."""
    if not batch.create and not any("class" in item or "attributes" in item for item in batch.update):
        return {}
    states = LabelClassState.objects.now().filter(label_class__project=door.project).select_related("label_class")
    classes = [state.label_class for state in states]
    door.remember(classes=classes)
    return {state.label_class_id: state.attributes for state in states}


def _plan_creates(
    image: Image,
    batch: Batch,
    plan: _Plan,
    live: Mapping[UUID, Annotation],
    definitions: Mapping[int, Sequence[Mapping[str, Any]]],
) -> None:
    seen: set[UUID] = set()
    for item in batch.create:
        row = annotation_row(image, item, class_ids=definitions)
        current = live.get(row.uuid)
        _check_created(image, row, definitions[row.label_class_id])
        if row.uuid in seen:
            raise AnnotationError("twice", f"Annotation {row.uuid} stands twice in `create`; each needs its own UUID.")
        seen.add(row.uuid)
        if current is None:
            plan.opening.append(row)
            plan.created += 1
        elif current.image_id != image.pk:
            raise AnnotationError(
                "uuid_taken", f"Annotation {row.uuid} is on another image; new objects need new UUIDs."
            )
        elif (current.shape, current.label_class_id) != (row.shape, row.label_class_id):
            plan.conflicts.append(_conflict(row.uuid, "exists", item, current))


def _check_created(image: Image, row: Annotation, definitions: Sequence[Mapping[str, Any]]) -> None:
    """An object that comes back after it was deleted may say what it said then. Raises `AnnotationError`."""
    if values_problem(definitions, row.attributes, {}):
        before = Annotation.objects.filter(image=image, uuid=row.uuid).order_by("-created_in").first()
        attributes_check(row.uuid, definitions, row.attributes, {} if before is None else before.attributes)


def _refuse_missing(image: Image, plan: _Plan, key: UUID, mine: Mapping[str, Any]) -> None:
    """A change of an object that is not live: somebody deleted it, or it never was on this image."""
    if not Annotation.objects.filter(image=image, uuid=key).exists():
        raise AnnotationError("no_such_annotation", f"Annotation {key} is not on this image; create it first.")
    plan.conflicts.append(_conflict(key, "deleted", mine, None))


def _is_conflict(
    image: Image, batch: Batch, plan: _Plan, key: UUID, current: Annotation, mine: Mapping[str, Any]
) -> bool:
    if current.image_id != image.pk:
        raise AnnotationError("wrong_image", f"Annotation {key} is on another image; change it there.")
    if current.created_in > batch.base_revision:
        plan.conflicts.append(_conflict(key, "changed", mine, current))
        return True
    return False


def _conflict(key: UUID, reason: str, mine: Mapping[str, Any], current: Annotation | None) -> dict[str, Any]:
    theirs = None
    if current is not None:
        body = annotation_bodies(current.project_id, Annotation.objects.filter(pk=current.pk))[0]
        # Stored with the revision's answer, so it must be plain JSON values.
        theirs = body | {"uuid": str(key), "shape": orjson.loads(current.shape)}
    return {"uuid": str(key), "reason": reason, "mine": dict(mine), "theirs": theirs}


def _remote(image: Image, batch: Batch) -> dict[str, Any]:
    """What others changed on the image since the base, except the objects that this batch names."""
    if batch.base_revision >= image.project.revision:
        return {"annotations": [], "deleted": []}
    mine = [_key(item["uuid"]) for item in (*batch.create, *batch.update)] + [_key(item) for item in batch.delete]
    rows = Annotation.objects.filter(image=image).exclude(uuid__in=mine)
    opened = rows.now().filter(created_in__gt=batch.base_revision)
    closed = rows.filter(created_in__lte=batch.base_revision, deleted_in__gt=batch.base_revision)
    bodies = annotation_bodies(image.project_id, opened)
    alive = set(rows.now().values_list("uuid", flat=True))
    gone = {str(key) for key in closed.values_list("uuid", flat=True) if key not in alive}
    return {"annotations": bodies, "deleted": sorted(gone)}


def _apply_status(door: Door, image: Image, state: ImageState, batch: Batch, plan: _Plan) -> str:
    """The status that the client asked for, or the one that follows from the objects on the image."""
    status = batch.state
    if status is not None and status not in ImageStatus.values:
        raise DomainError("bad_state", f"state: {status!r} is unknown; choose one of {', '.join(ImageStatus.values)}.")
    if status is None and (plan.opening or plan.closing):
        remaining = bool(plan.opening) or Annotation.objects.now().filter(image=image).exists()
        if remaining and state.status in {ImageStatus.UNLABELLED, ImageStatus.VERIFIED_EMPTY, ImageStatus.SKIPPED}:
            status = ImageStatus.ANNOTATED
        elif not remaining and state.status in {ImageStatus.ANNOTATED, ImageStatus.IN_PROGRESS}:
            status = ImageStatus.UNLABELLED
    if status is None or status == state.status:
        return state.status
    door.replace(state, status=status)
    return status


def _key(value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise AnnotationError("bad_uuid", f"{value!r} is not a UUID.", fields={"uuid": "a UUID"}) from None
