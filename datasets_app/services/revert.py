"""Undoes one revision, or all revisions of its operation, as a new revision; later work is never overwritten."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

from annotator.core.errors import ConflictError, DomainError
from datasets_app.models import Annotation, ImageState, LabelClassState, Revision
from datasets_app.models.temporal import TemporalRow
from datasets_app.services.revision import CHUNK, Door, revision_open

MODELS: tuple[type[TemporalRow], ...] = (Annotation, ImageState, LabelClassState)


class RevertConflictError(ConflictError):
    """Objects of the revision were changed later; reverting would undo that work too."""


def revision_revert(revision: Revision, *, author: Any) -> dict[str, Any]:
    """Closes what the revision (or its whole operation) opened and opens what it closed.

    Raises `RevertConflictError`, and changes nothing, when later revisions touched the same objects.
    """
    message = f"Reverted revision {revision.number}"
    with revision_open(revision.project_id, author=author, kind="revert", message=message) as door:
        numbers = [revision.number]
        if revision.operation_id is not None:
            numbers = list(Revision.objects.filter(operation_id=revision.operation_id).values_list("number", flat=True))
        undone = Revision.objects.filter(project_id=revision.project_id, number__in=numbers)
        if undone.filter(reverted_by__isnull=False).exists():
            raise DomainError("already_reverted", f"Revision {revision.number} was reverted before.")
        later: list[str] = []
        plans = [_plan(door, model, numbers, later) for model in MODELS]
        if later:
            raise RevertConflictError(
                "conflict",
                f"{len(later)} objects of revision {revision.number} were changed later; revert those changes first.",
                extra={"conflicts": later[:200]},
            )
        for closing, _ in plans:
            for start in range(0, len(closing), CHUNK * 4):
                door.close(closing[start : start + CHUNK * 4])
        for _, opening in reversed(plans):
            door.open([row.successor() for row in opening])
    undone.update(reverted_by=door.revision)
    return {"revision": door.revision.number if door.revision else door.project.revision}


def _plan(
    door: Door, model: type[TemporalRow], numbers: Sequence[int], later: list[str]
) -> tuple[list[TemporalRow], list[TemporalRow]]:
    """The rows to close and those to bring back; rows that were opened and closed within the numbers cancel out."""
    scope = {"label_class__project": door.project} if model is LabelClassState else {"project": door.project}
    rows = model._default_manager.filter(**scope).order_by("pk")
    opened = list(rows.filter(created_in__in=numbers))
    closed = list(rows.filter(deleted_in__in=numbers).exclude(created_in__in=numbers))
    closing = [row for row in opened if row.deleted_in is None]
    last_known = {_identity(row) for row in opened}
    touched = [row for row in opened if row.deleted_in is not None and row.deleted_in not in numbers]
    later += [str(_identity(row)) for row in touched]
    gone = {_identity(row): row for row in closed if _identity(row) not in last_known}
    live = {_identity(row) for row in _live(model, gone.values())}
    later += [str(key) for key in gone if key in live]
    return closing, closed


def _live(model: type[TemporalRow], rows: Any) -> list[TemporalRow]:
    keys = [_identity(row) for row in rows]
    field = {Annotation: "uuid", ImageState: "image_id", LabelClassState: "label_class_id"}[model]
    found: list[TemporalRow] = []
    for start in range(0, len(keys), CHUNK):
        found += model._default_manager.filter(**{f"{field}__in": keys[start : start + CHUNK]}, deleted_in__isnull=True)
    return found


def _identity(row: TemporalRow) -> Hashable:
    if isinstance(row, Annotation):
        return row.uuid
    if isinstance(row, ImageState):
        return row.image_id
    if isinstance(row, LabelClassState):
        return row.label_class_id
    raise TypeError(f"{type(row).__name__} is not a versioned row.")
