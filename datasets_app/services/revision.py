"""The one door through which every change to versioned rows goes.

`revision_open` locks the project, takes the next number, and writes closes, inserts, counters, digest and the
revision's own row in one transaction. A block that changes nothing makes no revision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypedDict, Unpack
from uuid import UUID

from django.db import transaction

from datasets_app.models import (
    Annotation,
    Image,
    ImageState,
    LabelClass,
    LabelClassState,
    Operation,
    Project,
    Revision,
)
from datasets_app.models.temporal import T, TemporalRow
from datasets_app.services.bulk_rows import NewAnnotation, StateRow, annotations_insert, states_insert
from datasets_app.services.digest import (
    annotation_digest,
    annotation_digests,
    class_digest,
    from_hex,
    image_digest,
    to_hex,
)
from datasets_app.services.summary import Summary

CHUNK = 500
SEQUENCE_BITS = 24
"""A revision may open 16.7 million rows before two of them share a place in the drawing order."""


class RevisionLinks(TypedDict, total=False):
    """What a revision may point to: the client's batch, the operation that it is part of."""

    batch_id: UUID | None
    operation: Operation | None


class Door:
    """Collects the closes and inserts of one revision. Valid only inside `revision_open`."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.number = project.revision + 1
        self.opened = 0
        self.closed = 0
        self.answer: dict[str, Any] | None = None
        self.revision: Revision | None = None
        self.summary = Summary()
        self._digest = from_hex(project.digest)
        self._statuses: Counter[str] = Counter()
        self._classes: Counter[int] = Counter()
        self._images: dict[int, Image] = {}
        self._label_classes: dict[int, LabelClass] = {}

    @property
    def changed(self) -> bool:
        """Whether there is anything to commit so far."""
        return bool(self.opened or self.closed)

    def open(self, rows: Sequence[TemporalRow]) -> None:
        """Inserts new rows, true from this revision on. All rows are of one model."""
        for index, row in enumerate(rows, start=self.opened):
            row.created_in = self.number
            row.deleted_in = None
            if isinstance(row, Annotation) and not row.sequence:
                row.sequence = (self.number << SEQUENCE_BITS) + index
        if rows:
            type(rows[0])._default_manager.bulk_create(rows, batch_size=CHUNK)
        self._account(rows, +1)
        self.summary.add_opened(rows)
        self.opened += len(rows)

    def open_many(self, rows: Sequence[NewAnnotation], *, image_uuids: Mapping[int, str]) -> None:
        """`open` for imports: plain rows at the speed of the database. `image_uuids` names each row's image."""
        first = (self.number << SEQUENCE_BITS) + self.opened
        annotations_insert(rows, project_id=self.project.pk, created_in=self.number, first_sequence=first)
        self._load_classes({row.label_class_id for row in rows})
        class_uuids = {key: str(label_class.uuid) for key, label_class in self._label_classes.items()}
        self._digest += annotation_digests(rows, image_uuids, class_uuids)
        self._classes.update([row.label_class_id for row in rows])
        self.summary.add_many(rows)
        self.opened += len(rows)

    def replace_states(self, changes: Sequence[tuple[StateRow, StateRow]]) -> None:
        """`replace` for imports: of each pair, the live state of an image and the one that follows it."""
        self._end(ImageState, [before.id for before, _ in changes])
        states_insert([after for _, after in changes], project_id=self.project.pk, created_in=self.number)
        for before, after in changes:
            self._digest += image_digest(after, after) - image_digest(before, before)
            self._statuses[before.status] -= 1
            self._statuses[after.status] += 1
        self.summary.add_replaced([after.image_id for _, after in changes])
        self.closed += len(changes)
        self.opened += len(changes)

    def close(self, rows: Sequence[TemporalRow]) -> None:
        """Ends rows that are true now. All rows are of one model and fully loaded."""
        if rows:
            self._end(type(rows[0]), [row.pk for row in rows])
        for row in rows:
            row.deleted_in = self.number
        self._account(rows, -1)
        self.summary.add_closed(rows)
        self.closed += len(rows)

    def replace(self, row: T, **changes: Any) -> T:
        """Closes `row` and opens a copy with `changes` under the same identity; returns the copy."""
        successor = row.successor(**changes)
        self.close([row])
        self.open([successor])
        return successor

    def remember(self, *, images: Sequence[Image] = (), classes: Sequence[LabelClass] = ()) -> None:
        """Spares the look-up of identities that the caller has at hand."""
        self._images.update({image.pk: image for image in images})
        self._label_classes.update({label_class.pk: label_class for label_class in classes})

    def _end(self, model: type[TemporalRow], keys: Sequence[int]) -> None:
        for start in range(0, len(keys), CHUNK):
            part = keys[start : start + CHUNK]
            ended = model._default_manager.filter(pk__in=part, deleted_in__isnull=True).update(deleted_in=self.number)
            if ended != len(part):
                raise RuntimeError(f"{len(part) - ended} of {len(part)} rows to close were not live.")

    def _account(self, rows: Sequence[TemporalRow], sign: int) -> None:
        self._load_identities(rows)
        for row in rows:
            self._digest += sign * self._row_digest(row)
            if isinstance(row, Annotation):
                self._classes[row.label_class_id] += sign
            elif isinstance(row, ImageState):
                self._statuses[row.status] += sign

    def _load_identities(self, rows: Sequence[TemporalRow]) -> None:
        images = {row.image_id for row in rows if isinstance(row, Annotation | ImageState)} - self._images.keys()
        for start in range(0, len(images), CHUNK):
            self._images.update(Image.objects.in_bulk(sorted(images)[start : start + CHUNK]))
        self._load_classes({row.label_class_id for row in rows if isinstance(row, Annotation | LabelClassState)})

    def _load_classes(self, keys: set[int]) -> None:
        if missing := keys - self._label_classes.keys():
            self._label_classes.update(LabelClass.objects.in_bulk(sorted(missing)))

    def _row_digest(self, row: TemporalRow) -> int:
        if isinstance(row, Annotation):
            image, label_class = self._images[row.image_id], self._label_classes[row.label_class_id]
            return annotation_digest(row, str(image.uuid), str(label_class.uuid))
        if isinstance(row, ImageState):
            return image_digest(row, self._images[row.image_id])
        if isinstance(row, LabelClassState):
            return class_digest(row, self._label_classes[row.label_class_id])
        raise TypeError(f"{type(row).__name__} is not a versioned row.")

    def counts(self) -> dict[str, Any]:
        """The project's counters after this revision."""
        before = self.project.counts
        statuses = Counter(before.get("statuses", {}))
        statuses.update(self._statuses)
        classes = Counter(before.get("classes", {}))
        classes.update({str(key): value for key, value in self._classes.items()})
        return {
            "statuses": {key: value for key, value in statuses.items() if value},
            "classes": {key: value for key, value in classes.items() if value},
        }

    @property
    def digest(self) -> str:
        return to_hex(self._digest)


@contextmanager
def revision_open(
    project_id: int, *, author: Any, kind: str, message: str = "", **links: Unpack[RevisionLinks]
) -> Iterator[Door]:
    """Locks the project and yields the door; commits one revision when the block ends, nothing when it raises.

    Afterwards `door.revision` is the revision, or None when nothing changed.
    """
    with transaction.atomic():
        project = Project.objects.select_for_update().get(pk=project_id)
        door = Door(project)
        yield door
        if not door.changed:
            return
        project.revision, project.digest, project.counts = door.number, door.digest, door.counts()
        project.save(update_fields=("revision", "digest", "counts"))
        door.revision = Revision.objects.create(
            project=project,
            number=door.number,
            kind=kind,
            message=message[:300],
            author=author if author is not None and author.is_authenticated else None,
            **links,
            answer=door.answer,
            opened=door.opened,
            closed=door.closed,
            summary=door.summary.as_dict(),
            digest=door.digest,
        )
