"""Writes one piece of an import inside an open revision, or says what it would write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from datasets_app.ingest.decode import Decoded
from datasets_app.ingest.refusal import Refused
from datasets_app.ir import SPLITS, ImageRecord
from datasets_app.models import Annotation, Image, ImageStatus, LabelClassState, Project
from datasets_app.services.bulk_rows import StateRow, states_live
from datasets_app.services.image import Taken, Upload, images_insert, pictures_store
from datasets_app.services.imports.chunks import Item
from datasets_app.services.imports.labels import NumberedRow, label_rows
from datasets_app.services.imports.matching import PIECE, Opens, Place, uuid_text
from datasets_app.services.imports.problems import ProblemLog
from datasets_app.services.imports.tally import Tally
from datasets_app.services.revision import Door

Picture = tuple[Upload, Decoded]


@dataclass(frozen=True, slots=True)
class Rules:
    """How labels are written: the mode, the class of each class number, and what makes UUIDs of mode `add` new."""

    mode: str
    class_ids: Mapping[int, int | None]
    salt: str


@dataclass(slots=True)
class Labelled:
    """A record with its image and the rows of its labels."""

    record: ImageRecord
    place: Place
    rows: list[NumberedRow]
    is_new: bool
    replaces: bool


def pictures_decode(
    project: Project, items: Sequence[Item], log: ProblemLog, tell: Callable[[int], None]
) -> dict[str, Picture]:
    """Decodes and stores the pictures of records without an image, with no lock held. Refused ones go to the log.

    `tell` is called with how many have been dealt with; it may raise to cancel.
    """
    waiting = [(item.record, item.opens) for item in items if item.match is None and item.opens is not None]
    wanted = [uuid for record, _ in waiting if (uuid := uuid_text(record.uuid))]
    taken = Image.objects.filter(project=project, uuid__in=wanted).values_list("uuid", flat=True)
    uuids = {str(uuid) for uuid in taken}
    found: dict[str, Picture] = {}
    for done, (upload, outcome) in enumerate(pictures_store(_uploads(waiting, uuids, log)), 1):
        tell(done)
        if isinstance(outcome, Refused):
            log.refuse(upload.name, outcome.detail)
        else:
            found[upload.name] = (upload, outcome)
    return found


def _uploads(waiting: Sequence[tuple[ImageRecord, Opens]], uuids: set[str], log: ProblemLog) -> Iterator[Upload]:
    for record, opens in waiting:
        try:
            stream = opens()
        except OSError as error:
            log.refuse(record.name, f"The picture cannot be read: {error.strerror}.")
            continue
        uuid = uuid_text(record.uuid)
        with stream:
            yield Upload(
                record.name,
                stream,
                group=str(record.group)[:200],
                tags=tuple(map(str, record.tags)),
                split=_split(record),
                status=_status(record, labelled=bool(record.annotations)),
                uuid="" if uuid in uuids else uuid,
            )
        uuids.add(uuid)


@dataclass(slots=True)
class Piece:
    """Records with their images, the decoded pictures, and the rows that could be made before the lock was taken."""

    items: Sequence[Item]
    pictures: Mapping[str, Picture]
    rows: dict[int, list[NumberedRow]] = field(default_factory=dict)
    """By the place of their record among the items."""


def piece_prepare(piece: Piece, rules: Rules, log: ProblemLog) -> None:
    """Makes the rows of labels whose image is known: most of the work, with no lock held."""
    for index, item in enumerate(piece.items):
        if item.match is not None:
            rows = label_rows(item.record, item.match.place, rules.class_ids, log, salt=rules.salt)
            piece.rows[index] = rows


def piece_write(door: Door, piece: Piece, rules: Rules, seen: set[int], log: ProblemLog) -> Tally:
    """Images, labels and states of the piece; what was done."""
    tally = Tally(records=0)
    taken = Taken()
    images_insert(door, list(piece.pictures.values()), taken)
    created = {image.pk for image in taken.created}
    places = [_place_of(item, taken) for item in piece.items]
    there = _Live(door, [place.id for place in places if place is not None], log)
    found: list[Labelled] = []
    for index, (item, place) in enumerate(zip(piece.items, places, strict=True)):
        is_new = place is not None and place.id in created
        if place is None or not (is_new or there.has_image(place)):
            continue
        rows = piece.rows.get(index)
        if rows is None:
            rows = label_rows(item.record, place, rules.class_ids, log, salt=rules.salt)
        rows = there.with_class(item.record, rows)
        if item.match is not None:
            tally.matched_by[item.match.how] += 1
        found.append(_labelled(item.record, place, rules, seen, rows, is_new=is_new))
    tally.images_created = len(created)
    tally.images_matched = sum(1 for entry in found if not entry.is_new)
    _write_labels(door, found, rules, tally)
    _write_states(door, found, rules, there.states)
    return tally


class _Live:
    """What is there under the lock of what was found before it was taken."""

    def __init__(self, door: Door, images: Iterable[int], log: ProblemLog) -> None:
        self._log = log
        states = LabelClassState.objects.now().filter(label_class__project=door.project)
        self._classes = set(states.values_list("label_class_id", flat=True))
        ids = sorted(set(images))
        self.states: dict[int, StateRow] = {}
        for start in range(0, len(ids), PIECE):
            part = states_live(ids[start : start + PIECE], before=door.number)
            self.states.update({state.image_id: state for state in part})

    def has_image(self, place: Place) -> bool:
        if place.id in self.states:
            return True
        self._log.refuse(place.name, "The image was deleted while the import ran.")
        return False

    def with_class(self, record: ImageRecord, rows: list[NumberedRow]) -> list[NumberedRow]:
        found = [(number, row) for number, row in rows if row.label_class_id in self._classes]
        if len(found) < len(rows):
            self._log.refuse(
                record.name, f"The class of {len(rows) - len(found)} labels was retired while the import ran."
            )
        return found


def piece_foresee(
    project: Project, items: Sequence[Item], rules: Rules, seen: set[int], log: ProblemLog
) -> tuple[Tally, list[Labelled]]:
    """What `piece_write` would do. Pictures are not decoded."""
    tally = Tally(records=0)
    found = []
    for item in items:
        record = item.record
        place = item.match.place if item.match else Place(0, _NO_UUID, record.name, record.width, record.height)
        rows = label_rows(record, place, rules.class_ids, log, salt=rules.salt)
        found.append(_labelled(record, place, rules, seen, rows, is_new=item.match is None))
        if item.match is None:
            tally.images_created += 1
        else:
            tally.images_matched += 1
            tally.matched_by[item.match.how] += 1
    fresh, closing = _decide(project, found, rules, tally)
    tally.removed = len(closing)
    _count(fresh, tally)
    return tally, found


_NO_UUID = "00000000-0000-0000-0000-000000000000"


def _labelled(
    record: ImageRecord, place: Place, rules: Rules, seen: set[int], rows: list[NumberedRow], *, is_new: bool
) -> Labelled:
    replaces = rules.mode == "replace" and not is_new and place.id not in seen
    if place.id:
        seen.add(place.id)
    return Labelled(record, place, rows, is_new, replaces)


def _place_of(item: Item, taken: Taken) -> Place | None:
    if item.match is not None:
        return item.match.place
    image = taken.by_name.get(item.record.name)
    return None if image is None else Place(image.pk, str(image.uuid), image.name, image.width, image.height)


def _write_labels(door: Door, found: Sequence[Labelled], rules: Rules, tally: Tally) -> None:
    fresh, closing = _decide(door.project, found, rules, tally)
    if closing:
        rows = list(Annotation.objects.now().filter(pk__in=closing))
        for start in range(0, len(rows), PIECE):
            door.close(rows[start : start + PIECE])
        tally.removed = len(rows)
    uuids = {entry.place.id: entry.place.uuid for entry in found}
    rows_of = [row for _, row in fresh]
    if rows_of:
        door.open_many(rows_of, image_uuids=uuids)
    _count(fresh, tally)


def _count(fresh: Sequence[NumberedRow], tally: Tally) -> None:
    tally.annotations = len(fresh)
    tally.per_class.update([number for number, _ in fresh])


def _decide(
    project: Project, found: Sequence[Labelled], rules: Rules, tally: Tally
) -> tuple[list[NumberedRow], list[int]]:
    """The rows to insert with their class number in the file, and the ids of the rows to close.

    A label whose UUID is live already is not written again. In images that are replaced, live labels that the file does
    not repeat are closed.
    """
    live = _live(project, found)
    fresh: list[NumberedRow] = []
    kept: set[str] = set()
    skipped = {number for number, key in rules.class_ids.items() if key is None}
    for entry in found:
        if skipped:
            tally.skipped += sum(1 for label in entry.record.annotations if label.class_number in skipped)
        for number, row in entry.rows:
            if row.uuid in live or row.uuid in kept:
                tally.repeated += 1
            else:
                fresh.append((number, row))
            kept.add(row.uuid)
    replaced = {entry.place.id for entry in found if entry.replaces}
    closing = [pk for uuid, (pk, image) in live.items() if image in replaced and uuid not in kept]
    return fresh, closing


def _live(project: Project, found: Sequence[Labelled]) -> dict[str, tuple[int, int]]:
    """UUID → (id, image) of the live labels of the images that were there before, and of labels that bring a UUID."""
    # By image alone: beside the index of the project, SQLite would pass over that of the images and read everything.
    by_image = Annotation.objects.now()
    rows = by_image.filter(project=project)
    columns = ("uuid", "pk", "image_id")
    images = [entry.place.id for entry in found if not entry.is_new]
    live: dict[str, tuple[int, int]] = {}
    for start in range(0, len(images), PIECE):
        for uuid, pk, image in by_image.filter(image_id__in=images[start : start + PIECE]).values_list(*columns):
            live[str(uuid)] = (pk, image)
    own = [
        row.uuid for entry in found if any(label.uuid for label in entry.record.annotations) for _, row in entry.rows
    ]
    wanted = [uuid for uuid in own if uuid not in live]
    for start in range(0, len(wanted), PIECE):
        for uuid, pk, image in rows.filter(uuid__in=wanted[start : start + PIECE]).values_list(*columns):
            live[str(uuid)] = (pk, image)
    return live


def _write_states(door: Door, found: Sequence[Labelled], rules: Rules, states: Mapping[int, StateRow]) -> None:
    """Images that were there before take status and split of the file where they have none, or are replaced."""
    entries = {entry.place.id: entry for entry in found if not entry.is_new}
    replaced = [
        (state, state._replace(**changes))
        for key, entry in entries.items()
        if (state := states.get(key)) is not None and (changes := _changes(state, entry, rules))
    ]
    door.replace_states(replaced)


def _changes(state: StateRow, entry: Labelled, rules: Rules) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    status = _status(entry.record, labelled=bool(entry.rows))
    if state.status == ImageStatus.UNLABELLED or entry.replaces:
        wanted["status"] = status
    split = _split(entry.record)
    if split and (not state.split or rules.mode == "replace"):
        wanted["split"] = split
    return {name: value for name, value in wanted.items() if getattr(state, name) != value}


def _split(record: ImageRecord) -> str:
    """The project's own format tells what was fixed from what a version assigned; others name one split."""
    split = record.fixed_split if record.uuid else record.split
    return split if split in SPLITS else ""


def _status(record: ImageRecord, *, labelled: bool) -> str:
    """The status that the file gives an image: the one it names, or annotated where it holds labels."""
    is_left_out = record.state == ImageStatus.ANNOTATED and record.annotations and not labelled
    if is_left_out or record.state == ImageStatus.UNLABELLED or record.state not in ImageStatus.values:
        return ImageStatus.ANNOTATED if labelled else ImageStatus.UNLABELLED
    return record.state
