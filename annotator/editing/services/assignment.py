"""Giving out work: making assignments, and handing each person another image."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from annotator.core.errors import DomainError, ForbiddenError
from annotator.editing.models import Assignment, Claim
from annotator.editing.selectors.assignment import images_open_to
from datasets_app.models import Image, Project
from datasets_app.selectors.image import ImageFilter

LEASE = timedelta(hours=1)
"""How long an image stays with the person who was given it and did nothing more about it."""
CHUNK = 500


class AssignmentFields(TypedDict, total=False):
    """What may be said of an assignment, and changed later."""

    name: str
    people: Sequence[Any]
    due: Any
    note: str
    closed: bool


def assignment_create(
    project: Project,
    *,
    author: Any,
    kind: str,
    wanted: Mapping[str, Any] | None = None,
    ids: Sequence[int] | None = None,
    **fields: Unpack[AssignmentFields],
) -> Assignment:
    """Work through what passes the filter `wanted`, now and later, or through the images `ids` alone."""
    ImageFilter.from_params(wanted or {})
    with transaction.atomic():
        assignment = Assignment.objects.create(
            project=project,
            kind=kind,
            filter=dict(wanted or {}),
            is_fixed=ids is not None,
            created_by=author,
            name=fields["name"],
            due=fields.get("due"),
            note=fields.get("note", ""),
        )
        assignment.people.set(fields["people"])
        for start in range(0, len(ids or ()), CHUNK):
            part = (ids or ())[start : start + CHUNK]
            assignment.images.add(*Image.objects.filter(project=project, pk__in=part))
    return assignment


def assignment_update(assignment: Assignment, **fields: Unpack[AssignmentFields]) -> Assignment:
    with transaction.atomic():
        if "people" in fields:
            assignment.people.set(fields["people"])
        for name in ("name", "due", "note"):
            if name in fields:
                setattr(assignment, name, fields[name])
        if "closed" in fields:
            assignment.closed_at = (assignment.closed_at or timezone.now()) if fields["closed"] else None
        assignment.save()
    return assignment


def assignment_next(assignment: Assignment, *, user: Any, skip: int | None = None) -> int | None:
    """The image that the person shall work on now, leased to them; None when nothing is left for them.

    What they began comes first. `skip` gives that image back and goes on behind it. No two get the same.
    """
    with transaction.atomic():
        assignment = Assignment.objects.select_for_update().select_related("project").get(pk=assignment.pk)
        if assignment.closed_at is not None:
            raise DomainError("assignment_closed", f"{assignment.name} was closed; nothing is given out any more.")
        if not assignment.people.filter(pk=user.pk).exists():
            raise ForbiddenError("not_assigned", f"{assignment.name} is the work of others.")
        own = Claim.objects.filter(assignment=assignment, user=user, done_at__isnull=True)
        if skip is not None:
            own.filter(image_id=skip).update(lease_until=timezone.now())
        image = _begun(assignment, user, skip) or _fresh(assignment, user, skip)
        if image is not None:
            until = timezone.now() + LEASE
            Claim.objects.update_or_create(
                assignment=assignment, image_id=image, defaults={"user": user, "lease_until": until, "done_at": None}
            )
    return image


def _begun(assignment: Assignment, user: Any, skip: int | None) -> int | None:
    own = Claim.objects.filter(assignment=assignment, user=user, done_at__isnull=True)
    mine = own if skip is None else own.filter(lease_until__gt=timezone.now())
    rows = images_open_to(assignment, user).filter(image__in=mine.values("image_id"))
    found: int | None = rows.values_list("image_id", flat=True).first()
    return found


def _fresh(assignment: Assignment, user: Any, skip: int | None) -> int | None:
    rows = images_open_to(assignment, user)
    if skip is not None:
        behind = rows.filter(**_behind(assignment, skip))
        rows = behind if behind.exists() else rows.exclude(image_id=skip)
    found: int | None = rows.values_list("image_id", flat=True).first()
    return found


def _behind(assignment: Assignment, skip: int) -> dict[str, Any]:
    if assignment.filter.get("order") != "name":
        return {"image_id__gt": skip}
    return {"image__name__gt": Image.objects.filter(pk=skip).values_list("name", flat=True).first() or ""}
