"""The timeline of a project: revisions, those of one operation folded into one entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from datasets_app.models import Annotation, Image, ImageState, Project, Revision, Version


@dataclass(frozen=True, slots=True)
class TimelineFilter:
    """Which entries are wanted; what is empty does not filter."""

    author: str = ""
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    image: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: the newest of its revisions, all of them, and the versions that name one of them."""

    revision: Revision
    parts: Sequence[Revision]
    versions: Sequence[Version]
    is_reverted: bool


def timeline(project: Project, wanted: TimelineFilter, *, limit: int, before: int | None = None) -> list[Entry]:
    """Up to `limit` entries, newest first, below the number `before`."""
    # Of the revisions of one operation only the newest stands for all of them.
    later = Revision.objects.filter(operation=OuterRef("operation"), number__gt=OuterRef("number"))
    rows = project.revisions.filter(~Exists(later)).select_related("author", "operation", "reverted_by")
    if before is not None:
        rows = rows.filter(number__lt=before)
    if wanted.author:
        rows = rows.filter(author__username=wanted.author)
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.since is not None:
        rows = rows.filter(created_at__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(created_at__lt=wanted.until)
    if wanted.image is not None:
        numbers = numbers_of_image(wanted.image)
        operations = project.revisions.filter(number__in=numbers, operation__isnull=False).order_by()
        rows = rows.filter(Q(number__in=numbers) | Q(operation__in=operations.values("operation")))
    return _entries(project, list(rows.order_by("-number")[:limit]))


def _entries(project: Project, rows: Sequence[Revision]) -> list[Entry]:
    operations = [row.operation_id for row in rows if row.operation_id is not None]
    parts: dict[int, list[Revision]] = {}
    for part in Revision.objects.filter(operation__in=operations).order_by("number"):
        parts.setdefault(part.operation_id or 0, []).append(part)
    undone = reverted(rows)
    numbers = {part.number for row in rows for part in parts.get(row.operation_id or 0, [row])}
    versions: dict[int, list[Version]] = {}
    for version in project.versions.filter(revision__in=numbers).defer("assignment", "statistics"):
        versions.setdefault(version.revision, []).append(version)
    found = []
    for row in rows:
        own = parts.get(row.operation_id or 0, [row])
        named = [version for part in own for version in versions.get(part.number, ())]
        found.append(Entry(row, own, named, row.pk in undone))
    return found


def reverted(rows: Iterable[Revision]) -> set[int]:
    """The keys of those revisions that are undone: reverted by one that is not reverted itself."""
    by: dict[int, int | None] = {row.pk: row.reverted_by_id for row in rows}
    wanted = set(by)
    while missing := {key for key in by.values() if key is not None} - by.keys():
        by.update(Revision.objects.filter(pk__in=missing).values_list("pk", "reverted_by_id"))
    return {key for key in wanted if _is_undone(key, by)}


def _is_undone(key: int, by: Mapping[int, int | None]) -> bool:
    is_undone = False
    following = by[key]
    # A revert is newer than what it reverts, so the chain ends; each link turns the answer round.
    while following is not None:
        is_undone = not is_undone
        following = by[following]
    return is_undone


def numbers_of_image(image: int) -> set[int]:
    """The revisions that touched the image or an object on it."""
    found: set[int] = set()
    for rows in (Annotation.objects.filter(image=image), ImageState.objects.filter(image=image)):
        for opened, closed in rows.order_by().values_list("created_in", "deleted_in"):
            found |= {opened} if closed is None else {opened, closed}
    return found


def sample_images(ids: Iterable[int]) -> dict[int, Image]:
    return Image.objects.in_bulk(set(ids))
