"""What reverting comes to for each thing that was touched, and what stands in the way."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from annotator.core.errors import ConflictError
from datasets_app.models import Annotation, ImageState, LabelClassState, Project, Revision
from datasets_app.models.temporal import TemporalRow
from datasets_app.selectors.annotation import annotation_bodies_by_pk, authors_of
from datasets_app.selectors.diff import class_side, state_side
from datasets_app.services.rewrite import (
    Pair,
    Pairs,
    by_image,
    is_many,
    is_same,
    join_weights,
    live_classes,
    live_images,
)
from datasets_app.services.summary import identity, noun_of

MAX_CONFLICTS = 200
ID_CHUNK = 500


class RevertConflictError(ConflictError):
    """Things that the revisions touched were changed later; reverting would undo that work too."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A thing that cannot be put back: `then` is what it would be, `now` what it is."""

    reason: str
    now: TemporalRow | None
    then: TemporalRow | None
    left: TemporalRow | None = None
    """How the undone revisions left it."""

    @property
    def row(self) -> TemporalRow:
        row = self.now or self.then or self.left
        if row is None:
            raise ValueError("A clash is about something.")
        return row

    @property
    def changed_in(self) -> int | None:
        """The revision that changed it later."""
        if self.now is not None:
            return self.now.created_in
        return self.left.deleted_in if self.left is not None else None


@dataclass(frozen=True, slots=True)
class RevertRequest:
    """The revisions to undo, as a query, and how to speak of them."""

    project: Project
    revisions: QuerySet[Revision]
    message: str

    @classmethod
    def of_one(cls, revision: Revision) -> RevertRequest:
        """One revision with all others of its operation."""
        rows = Revision.objects.filter(project_id=revision.project_id)
        if revision.operation_id is None:
            return cls(revision.project, rows.filter(pk=revision.pk), f"Reverted revision {revision.number}")
        what = f"Reverted {revision.kind} of revision {revision.number}"
        return cls(revision.project, rows.filter(operation_id=revision.operation_id), what)

    @classmethod
    def of_range(cls, project: Project, first: int, last: int, author: str) -> RevertRequest:
        """Everything from one revision to another, of one person or of everybody; operations are never cut."""
        chosen = Revision.objects.filter(project=project, number__gte=first, number__lte=last)
        whose = ""
        if author:
            chosen, whose = chosen.filter(author__username=author), f" of {author}"
        operations = chosen.filter(operation__isnull=False).order_by().values("operation")
        rows = Revision.objects.filter(project=project)
        whole = rows.filter(Q(pk__in=chosen.order_by().values("pk")) | Q(operation__in=operations))
        return cls(project, whole, f"Reverted revisions {first} to {last}{whose}")

    @property
    def numbers(self) -> Any:
        return self.revisions.order_by().values("number")

    @property
    def is_large(self) -> bool:
        """Whether a job shall do it, from what the revisions say of themselves: counting their rows takes a while."""
        rows = self.revisions.order_by().aggregate(opened=Sum("opened"), closed=Sum("closed"))
        return is_many((rows["opened"] or 0) + (rows["closed"] or 0))


class RevertSource:
    """Rows as they were before the revisions, where nobody has changed them since."""

    def __init__(self, request: RevertRequest, *, refuses: bool = False) -> None:
        self.request = request
        self.refuses = refuses
        self.clashes: list[Clash] = []
        self.clash_count = 0
        self._coming: set[int] | None = None
        self._numbers = set(request.numbers.values_list("number", flat=True))
        self._known: set[tuple[str, Hashable]] = set()

    def weights(self) -> Mapping[int, int]:
        scope = {"project": self.request.project}
        return join_weights(
            *(
                by_image(model._default_manager.filter(**scope, **{f"{column}__in": self.request.numbers}))
                for model in (Annotation, ImageState)
                for column in ("created_in", "deleted_in")
            )
        )

    def changed_later(self, *, limit: int) -> list[int]:
        """Up to `limit` images where others did something since: only there can something stand in the way."""
        found: set[int] = set()
        for model in (ImageState, Annotation):
            rows = model._default_manager.filter(project=self.request.project).order_by()
            for column in ("created_in", "deleted_in"):
                for condition in self._later(column):
                    if len(found) < limit:
                        found.update(rows.filter(condition).values_list("image_id", flat=True).distinct()[:limit])
        return sorted(found)[:limit]

    def _later(self, column: str) -> list[Q]:
        """Conditions of rows that other revisions wrote into `column`, each narrow enough for its index."""
        first, last = min(self._numbers), max(self._numbers)
        between = sorted(set(range(first, last)) - self._numbers)
        return [Q(**{f"{column}__gt": last}), *(Q(**{f"{column}__in": part}) for part in chunked(between))]

    def _touched(self, rows: Any) -> list[TemporalRow]:
        """Of `rows`, which some index narrows down, those that the revisions opened or closed."""
        numbers = self.request.numbers
        return list(rows.filter(Q(created_in__in=numbers) | Q(deleted_in__in=numbers)).order_by("pk"))

    def _clash(self, clash: Clash) -> None:
        key = (noun_of(clash.row), identity(clash.row))
        if key in self._known:  # large work asks for the classes at its beginning and at its end
            return
        self._known.add(key)
        self.clash_count += 1
        if len(self.clashes) < MAX_CONFLICTS:
            self.clashes.append(clash)

    def _stop_if_refused(self) -> None:
        if self.refuses and self.clash_count:
            raise RevertConflictError(
                "conflict",
                f"{self.clash_count} things were changed later; revert those changes first, or keep them.",
                extra={
                    "conflict_count": self.clash_count,
                    "conflicts": clash_bodies(self.request.project.pk, self.clashes),
                },
            )

    def classes(self) -> list[Pair]:
        now = live_classes(self.request.project.pk)
        rows = self._touched(LabelClassState.objects.filter(label_class__project=self.request.project))
        taken = {row.name: key for key, row in now.items()}
        found = []
        for pair in self._settled(rows, now):
            gone, back = pair.now, pair.then
            if isinstance(back, LabelClassState) and taken.get(back.name, back.label_class_id) != back.label_class_id:
                self._clash(Clash("name_taken", gone, back))
            elif isinstance(gone, LabelClassState) and back is None and self._has_other_labels(gone):
                self._clash(Clash("in_use", gone, None))
            else:
                found.append(pair)
        gone_for_good = {identity(pair.now) for pair in found if pair.then is None}
        self._coming = {identity(pair.then) for pair in found if pair.then is not None} | now.keys() - gone_for_good  # type: ignore[assignment]  # ids of classes
        self._stop_if_refused()
        return found

    def _has_other_labels(self, state: LabelClassState) -> bool:
        # The zero has planners look among what came later, not among a million labels of the class.
        live = Annotation.objects.now().filter(project=self.request.project).annotate(of=F("label_class_id") + 0)
        own = live.filter(of=state.label_class_id)
        return any(own.filter(condition).exists() for condition in self._later("created_in"))

    def pairs(self, images: Sequence[int]) -> Pairs:
        found = Pairs()
        for chunk in chunked(images):
            alive = live_images(chunk)
            states = self._settled(self._touched(ImageState.objects.filter(image_id__in=chunk)), alive)
            others = self._images_with_other_labels([image for image in chunk if image in alive])
            for pair in states:
                if pair.then is None and identity(pair.now) in others:
                    self._clash(Clash("in_use", pair.now, None))
                else:
                    found.states.append(pair)
                    key: Any = identity(pair.now or pair.then)
                    if pair.then is None:
                        alive.pop(key, None)
                    elif isinstance(pair.then, ImageState):
                        alive[key] = pair.then
            rows = self._touched(Annotation.objects.filter(image_id__in=chunk))
            keys = {identity(row) for row in rows}
            live = Annotation.objects.now().filter(image_id__in=chunk) if rows else ()
            now = {row.uuid: row for row in live if row.uuid in keys}
            found.annotations += [pair for pair in self._settled(rows, now) if self._has_place(pair, alive)]
        self._stop_if_refused()
        return found

    def _images_with_other_labels(self, images: Sequence[int]) -> set[int]:
        live = Annotation.objects.now().filter(image_id__in=images).exclude(created_in__in=self.request.numbers)
        return set(live.order_by().values_list("image_id", flat=True).distinct())

    def _has_place(self, pair: Pair, alive: Mapping[int, ImageState]) -> bool:
        row = pair.then
        if not isinstance(row, Annotation):
            return True
        if row.image_id not in alive:
            self._clash(Clash("image_deleted", pair.now, row))
            return False
        if self._coming is not None and row.label_class_id not in self._coming:
            self._clash(Clash("class_retired", pair.now, row))
            return False
        return True

    def _settled(self, rows: Sequence[TemporalRow], now: Mapping[Any, TemporalRow]) -> list[Pair]:
        """What each touched thing becomes; those that somebody changed since are noted as clashes and left out."""
        numbers = self._numbers
        befores: dict[Any, list[TemporalRow]] = {}
        afters: dict[Any, list[TemporalRow]] = {}
        for row in rows:
            was_made, was_ended = row.created_in in numbers, row.deleted_in in numbers
            befores.setdefault(identity(row), []).extend([row] if was_ended and not was_made else [])
            afters.setdefault(identity(row), []).extend([row] if was_made and not was_ended else [])
        found = []
        for key, earlier in befores.items():
            live = now.get(key)
            then = min(earlier, key=lambda row: row.created_in, default=None)
            left = max(afters[key], key=lambda row: row.created_in, default=None)
            if is_same(live, then) or is_same(then, left):
                continue
            if len(earlier) > 1 or len(afters[key]) > 1 or not is_same(live, left):
                self._clash(Clash("deleted" if live is None else "changed", live, then, left))
            else:
                found.append(Pair(live, then))
        return found


def clash_bodies(project_id: int, clashes: Sequence[Clash]) -> list[dict[str, Any]]:
    """Both sides of each, as the API shows them, with who changed it later."""
    rows = [row for clash in clashes for row in (clash.now, clash.then) if isinstance(row, Annotation)]
    bodies = annotation_bodies_by_pk(project_id, Annotation.objects.filter(pk__in=[row.pk for row in rows]))
    authors = authors_of(project_id, {clash.changed_in for clash in clashes if clash.changed_in is not None})
    return [_clash_body(clash, bodies, authors) for clash in clashes]


def _clash_body(clash: Clash, bodies: Mapping[int, Any], authors: Mapping[int, str]) -> dict[str, Any]:
    row = clash.row

    def side(part: TemporalRow | None) -> Any:
        if isinstance(part, LabelClassState):
            return class_side(part)
        return state_side(part) if isinstance(part, ImageState) else part and bodies.get(part.pk)

    return {
        "noun": {"objects": "object", "images": "image", "classes": "class"}[noun_of(row)],
        "reason": clash.reason,
        "uuid": str(row.uuid) if isinstance(row, Annotation) else None,
        "image": row.image_id if isinstance(row, Annotation | ImageState) else None,
        "class": row.label_class_id if isinstance(row, Annotation | LabelClassState) else None,
        "changed_in": clash.changed_in,
        "changed_by": authors.get(clash.changed_in or 0),
        "now": side(clash.now),
        "then": side(clash.then),
    }


def chunked(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + ID_CHUNK] for start in range(0, len(ids), ID_CHUNK)]
