"""Turns rows into other rows of the same identity: the engine behind restores, reverts, merged and retired classes.

A small piece of work is one revision. A large one goes on image by image in several revisions of one operation, so that
nobody's save waits for long; it is shown and reverted as one, and done again after a kill it does what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db.models import Count

from datasets_app.models import Annotation, ImageState, LabelClassState, Operation, Revision
from datasets_app.models.temporal import TemporalRow
from datasets_app.services.revision import Door, revision_open
from datasets_app.services.summary import identity, summaries_join

ROWS_A_REVISION = 2000
ROWS_AT_ONCE = 5000
"""Work of up to so many rows is one revision and is done while the request waits; more is a job."""

_IDENTITY_COLUMNS = frozenset({"id", "created_in", "deleted_in", "sequence"})


@dataclass(frozen=True, slots=True)
class Pair:
    """One thing: the row that is true now and the row that shall be; None where there is none."""

    now: TemporalRow | None
    then: TemporalRow | None


@dataclass(slots=True)
class Pairs:
    """What is to be done to some images and their objects."""

    states: list[Pair] = field(default_factory=list)
    annotations: list[Pair] = field(default_factory=list)


class Source(Protocol):
    """Knows what shall be. Asked under the lock, a few images at a time."""

    def weights(self) -> Mapping[int, int]:
        """Image id → about how many rows are at stake there."""

    def classes(self) -> list[Pair]:
        """Classes that come, go or change."""

    def pairs(self, images: Sequence[int]) -> Pairs:
        """Those of the images that differ."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the revisions will say of themselves. `key` names the operation of a large piece of work."""

    project_id: int
    author: Any
    kind: str
    message: str
    key: str


def is_large(source: Source) -> bool:
    return is_many(sum(source.weights().values()))


def is_many(rows: int) -> bool:
    """Whether so many rows are work for a job."""
    return rows > ROWS_AT_ONCE


def rewrite(
    source: Source, head: Head, *, progress: Callable[[int, int], None] = lambda _done, _total: None
) -> dict[str, Any]:
    """Does it and answers `{revision, revisions, objects, images, …}`; revision is None where nothing differed."""
    weights = source.weights()
    if sum(weights.values()) <= ROWS_AT_ONCE:
        with _door(head) as door:
            # Asked again under the lock: what somebody did since the first look counts.
            class_pairs = source.classes()
            pairs = source.pairs(sorted(source.weights()))
            _apply(door, _staying(class_pairs))
            _apply(door, pairs.states)
            _apply(door, _held(door, pairs.annotations))
            _apply(door, _unused(door, _going(class_pairs)))
        return _answer([door])
    operation, _ = Operation.objects.get_or_create(
        project_id=head.project_id, key=head.key, defaults={"kind": head.kind}
    )
    if operation.answer is not None:
        return dict(operation.answer)
    doors, done = [], 0
    for images in _chunks(weights):
        with _door(head, operation) as door:
            if not done:
                # Labels need their classes, so classes come first and go last.
                _apply(door, _staying(source.classes()))
            pairs = source.pairs(images)
            _apply(door, pairs.states)
            _apply(door, _held(door, pairs.annotations))
        doors.append(door)
        done += sum(weights[image] for image in images)
        progress(done, sum(weights.values()))
    with _door(head, operation) as door:
        _apply(door, _unused(door, _going(source.classes())))
    answer = _answer([*doors, door], operation)
    Operation.objects.filter(pk=operation.pk).update(answer=answer)
    return answer


def _door(head: Head, operation: Operation | None = None) -> Any:
    return revision_open(head.project_id, author=head.author, kind=head.kind, message=head.message, operation=operation)


def _staying(pairs: Sequence[Pair]) -> list[Pair]:
    return [pair for pair in pairs if pair.then is not None]


def _going(pairs: Sequence[Pair]) -> list[Pair]:
    return [pair for pair in pairs if pair.then is None]


def _unused(door: Door, pairs: Sequence[Pair]) -> list[Pair]:
    """Without the classes that somebody gave a label while this went on."""
    live = Annotation.objects.now().filter(project=door.project)
    return [
        pair
        for pair in pairs
        if isinstance(pair.now, LabelClassState) and not live.filter(label_class_id=pair.now.label_class_id).exists()
    ]


def _held(door: Door, pairs: Sequence[Pair]) -> list[Pair]:
    """Without the labels whose class or image somebody took away since the work began."""
    classes = live_classes(door.project.pk)
    images = live_images(sorted({pair.then.image_id for pair in pairs if isinstance(pair.then, Annotation)}))
    return [
        pair
        for pair in pairs
        if not isinstance(pair.then, Annotation)
        or (pair.then.label_class_id in classes and pair.then.image_id in images)
    ]


def _apply(door: Door, pairs: Sequence[Pair]) -> None:
    differing = [pair for pair in pairs if not is_same(pair.now, pair.then)]
    door.close([pair.now for pair in differing if pair.now is not None])
    door.open([pair.then.successor() for pair in differing if pair.then is not None])


def is_same(one: TemporalRow | None, two: TemporalRow | None) -> bool:
    """Whether both say the same of the same thing, whenever they said it."""
    if one is None or two is None:
        return one is two
    columns = (column.attname for column in one._meta.concrete_fields if column.attname not in _IDENTITY_COLUMNS)
    return all(getattr(one, column) == getattr(two, column) for column in columns)


def _chunks(weights: Mapping[int, int]) -> Iterator[list[int]]:
    """Images in order of id, as many at a time as make up a revision; an image is never cut."""
    chunk: list[int] = []
    weight = 0
    for image in sorted(weights):
        if chunk and weight + weights[image] > ROWS_A_REVISION:
            yield chunk
            chunk, weight = [], 0
        chunk.append(image)
        weight += weights[image]
    if chunk:
        yield chunk


def _answer(doors: Sequence[Door], operation: Operation | None = None) -> dict[str, Any]:
    """The newest revision, how many there are, and the summary of all of them."""
    if operation is not None:
        rows = Revision.objects.filter(operation=operation).order_by("number").values_list("number", "summary")
        found = list(rows)
    else:
        found = [(door.number, door.summary.as_dict()) for door in doors if door.changed]
    summary = summaries_join([part for _, part in found])
    return {"revision": found[-1][0] if found else None, "revisions": len(found), **summary}


def paired(now: Sequence[TemporalRow], then: Sequence[TemporalRow]) -> list[Pair]:
    """Joins rows of one model by what they describe."""
    before = {identity(row): row for row in then}
    pairs = [Pair(row, before.pop(identity(row), None)) for row in now]
    return pairs + [Pair(None, row) for row in before.values()]


def by_image(rows: Any) -> dict[int, int]:
    """Image id → number of rows."""
    return dict(rows.order_by().values_list("image_id").annotate(number=Count("pk")))


def join_weights(*parts: Mapping[int, int]) -> dict[int, int]:
    weights: dict[int, int] = {}
    for part in parts:
        for image, number in part.items():
            weights[image] = weights.get(image, 0) + number
    return weights


def live_classes(project_id: int) -> dict[int, LabelClassState]:
    rows = LabelClassState.objects.now().filter(label_class__project_id=project_id)
    return {row.label_class_id: row for row in rows}


def live_images(images: Sequence[int]) -> dict[int, ImageState]:
    found: dict[int, ImageState] = {}
    for start in range(0, len(images), 500):
        rows = ImageState.objects.now().filter(image_id__in=images[start : start + 500])
        found.update({row.image_id: row for row in rows})
    return found
