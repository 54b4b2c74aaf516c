"""Takes a file in any readable format into a project as one revision, or says beforehand what would happen."""

from __future__ import annotations

import posixpath
import shutil
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings

from annotator.core.errors import DomainError
from annotator.core.geometry.base import ShapeError
from annotator.core.geometry.shapes import canonical
from annotator.core.storage.archives import ArchiveRefused, extract_archive, sniff_archive
from datasets_app.formats.base import FormatError, Progress, Report, no_progress
from datasets_app.formats.catalog import FORMATS
from datasets_app.ingest.decode import Decoded
from datasets_app.ingest.refusal import Refused
from datasets_app.ir import SPLITS, AnnotationRecord, Dataset, ImageRecord
from datasets_app.models import Annotation, Image, ImageState, ImageStatus, Operation, Project
from datasets_app.selectors.label_class import class_states
from datasets_app.services.image import Taken, Upload, images_insert, picture_read, picture_store
from datasets_app.services.label_class import classes_add
from datasets_app.services.revision import CHUNK, Door, revision_open

MAX_PROBLEMS = 200
MAX_NAMES = 200
SURE = 0.5


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """A file or folder to import. `format` empty: found out from the content."""

    project: Project
    path: Path
    format: str = ""
    dry_run: bool = False


@dataclass(slots=True)
class _Tally:
    """What an import did or would do."""

    images_created: int = 0
    images_matched: int = 0
    unmatched: list[str] = field(default_factory=list)
    annotations: int = 0
    repeated: int = 0
    per_class: Counter[int] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Source:
    """What was read: the data set, what the reader mended or refused, which format with which confidence."""

    dataset: Dataset
    report: Report
    facts: Mapping[str, Any]


def imports_folder() -> Path:
    return Path(settings.DATA_DIR) / "imports"


def import_run(request: ImportRequest, *, author: Any, key: str, progress: Progress = no_progress) -> dict[str, Any]:
    """Imports (or, for a dry run, only counts) and answers what went in, was mended, was refused.

    `key` names the operation: a repeated call with the same key answers what the first one did.
    """
    done = Operation.objects.filter(project=request.project, key=key, answer__isnull=False).first()
    if done is not None:
        return dict(done.answer or {})
    with _unpacked(request.path, key) as root:
        report = Report()
        chosen, confidence = _choose_format(request.format, root)
        try:
            dataset = FORMATS.load(chosen).read(root, report)
            facts = {"format": chosen, "confidence": round(confidence, 3)}
            if request.dry_run:
                return facts | _dry_run(request.project, dataset, report, progress)
            answer = _real_run(request, _Source(dataset, report, facts), author=author, key=key, progress=progress)
        except FormatError as error:
            raise DomainError("bad_import", str(error)) from error
    return answer


def _choose_format(wanted: str, root: Path) -> tuple[str, float]:
    readable = [entry.key for entry in FORMATS if entry.facts["read"]]
    if wanted:
        if wanted not in readable:
            raise DomainError(
                "unknown_format", f"format: {wanted!r} cannot be read; choose one of {', '.join(readable)}."
            )
        return wanted, 1.0
    confidences = {key: FORMATS.load(key).detect(root) for key in readable}
    best = max(confidences, key=lambda key: confidences[key])
    if confidences[best] < SURE:
        raise DomainError(
            "format_unknown",
            f"No known format was recognised in this file. Formats that can be read: {', '.join(readable)}.",
        )
    return best, confidences[best]


@contextmanager
def _unpacked(path: Path, key: str) -> Iterator[Path]:
    """The folder to read: an archive is extracted under limits, anything else is read where it is."""
    if path.is_dir():
        yield path
        return
    with path.open("rb") as file:
        kind = sniff_archive(file.read(1024))
    if kind is None:
        yield path
        return
    folder = imports_folder() / key / "tree"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        extract_archive(path, folder)
        yield folder
    except ArchiveRefused as refusal:
        raise DomainError(refusal.code, refusal.detail) from refusal
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _dry_run(project: Project, dataset: Dataset, report: Report, progress: Progress) -> dict[str, Any]:
    tally = _Tally()
    names = _Names(project)
    for done, record in enumerate(dataset.images, start=1):
        if names.find(record.name) is not None:
            tally.images_matched += 1
        elif record.path is not None:
            tally.images_created += 1
        else:
            tally.unmatched.append(record.name)
            continue
        tally.annotations += len(record.annotations)
        tally.per_class.update(annotation.class_number for annotation in record.annotations)
        progress(done, dataset.image_count)
    return _answer(dataset, report, tally, known=_class_names(project))


def _real_run(request: ImportRequest, source: _Source, *, author: Any, key: str, progress: Progress) -> dict[str, Any]:
    """Decodes pictures first, without a lock; then writes everything, the answer too, as one revision."""
    project, dataset, report = request.project, source.dataset, source.report
    names = _Names(project)
    pictures: list[tuple[Upload, Decoded]] = []
    records: list[ImageRecord] = []
    tally = _Tally()
    for done, record in enumerate(dataset.images, start=1):
        progress(done, dataset.image_count)
        if record.path is not None and names.find(record.name) is None:
            try:
                pictures.append(_picture(record, record.path, names.uuids))
            except (Refused, OSError) as refusal:
                report.refuse(record.name, str(refusal))
                continue
        records.append(record)
    operation, _ = Operation.objects.get_or_create(project=project, key=key, defaults={"kind": "import"})
    known = _class_names(project)
    message = f"Imported {request.path.name}"
    with revision_open(project.pk, author=author, kind="import", message=message, operation=operation) as door:
        taken = Taken()
        images_insert(door, pictures, taken)
        class_ids = _map_classes(door, dataset)
        _insert_annotations(door, _matched(records, taken, names, tally), class_ids, report, tally)
        tally.images_created = len(taken.created)
        revision = door.number if door.changed else None
        answer = {**source.facts, **_answer(dataset, report, tally, known=known, revision=revision)}
        Operation.objects.filter(pk=operation.pk).update(answer=answer)
    return answer


def _picture(record: ImageRecord, path: Path, taken_uuids: Container[str]) -> tuple[Upload, Decoded]:
    with path.open("rb") as stream:
        upload = Upload(
            record.name,
            stream,
            path.stat().st_size,
            group=record.group,
            tags=record.tags,
            # The project's own format tells what was fixed from what a version assigned; others name one split.
            split=record.fixed_split if record.uuid else _fixed(record.split),
            status=_status(record),
            uuid="" if record.uuid in taken_uuids else record.uuid,
        )
        return upload, picture_store(picture_read(upload))


def _matched(
    records: list[ImageRecord], taken: Taken, names: _Names, tally: _Tally
) -> Iterator[tuple[ImageRecord, Image]]:
    for record in records:
        image = taken.by_name.get(record.name) or names.find(record.name)
        if image is None:
            tally.unmatched.append(record.name)
            continue
        if record.name not in taken.by_name:
            tally.images_matched += 1
        yield record, image


class _Names:
    """Finds the project's images by path, base name or stem; a base name or stem that is not unique finds nothing."""

    def __init__(self, project: Project) -> None:
        rows = Image.objects.filter(project=project, states__deleted_in__isnull=True, states__isnull=False)
        images = list(rows.select_related("project"))
        self.uuids = {str(key) for key in Image.objects.filter(project=project).values_list("uuid", flat=True)}
        self._by_name = {image.name: image for image in images}
        self._by_base = _unique(images, posixpath.basename)
        self._by_stem = _unique(images, _stem)

    def find(self, name: str) -> Image | None:
        base = posixpath.basename(name)
        return self._by_name.get(name) or self._by_base.get(base) or self._by_stem.get(_stem(name))


def _stem(name: str) -> str:
    return posixpath.splitext(posixpath.basename(name))[0]


def _unique(images: list[Image], part: Any) -> dict[str, Image]:
    found: dict[str, Image | None] = {}
    for image in images:
        key = part(image.name)
        found[key] = None if key in found else image
    return {key: image for key, image in found.items() if image is not None}


def _map_classes(door: Door, dataset: Dataset) -> dict[int, int]:
    """Class number of the file → class id of the project; names are matched exactly, then without case."""
    states = class_states(door.project.pk)
    by_name = {state.name.casefold(): state for state in states} | {state.name: state for state in states}
    missing = [
        record for record in dataset.classes if record.name not in by_name and record.name.casefold() not in by_name
    ]
    facts = ("name", "color", "hotkey", "number", "uuid", "attributes", "skeleton")
    added = classes_add(door, [{fact: getattr(record, fact) or None for fact in facts} for record in missing])
    by_name |= {state.name: state for state in added}
    return {
        record.number: (by_name.get(record.name) or by_name[record.name.casefold()]).label_class_id
        for record in dataset.classes
    }


def _insert_annotations(
    door: Door, pairs: Iterator[tuple[ImageRecord, Image]], class_ids: Mapping[int, int], report: Report, tally: _Tally
) -> None:
    """Writes the labels in chunks; a label that an earlier import of the same file brought is not written twice."""
    project = door.project
    live = set(Annotation.objects.now().filter(project=project).values_list("uuid", flat=True))
    rows: list[Annotation] = []
    touched: dict[int, ImageRecord] = {}
    for record, image in pairs:
        touched[image.pk] = record
        for index, annotation in enumerate(record.annotations):
            row = _annotation_row(image, record, annotation, index, class_ids, report)
            if row is None:
                continue
            if row.uuid in live:
                tally.repeated += 1
                continue
            live.add(row.uuid)
            rows.append(row)
            tally.annotations += 1
            tally.per_class[annotation.class_number] += 1
        if len(rows) >= CHUNK * 4:
            door.open(rows)
            rows = []
    door.open(rows)
    _set_statuses(door, touched)


def _annotation_row(
    image: Image,
    record: ImageRecord,
    annotation: AnnotationRecord,
    index: int,
    class_ids: Mapping[int, int],
    report: Report,
) -> Annotation | None:
    """The row of one label. Its UUID is that of the file, or made from image and content so that a repeat finds it."""
    try:
        shape = canonical(annotation.shape, image.width, image.height)
    except ShapeError as error:
        report.refuse(f"{record.name}, label {index + 1}", str(error))
        return None
    if shape.mended:
        report.fix(f"{record.name}, label {index + 1}", shape.mended)
    same = sum(1 for other in record.annotations[:index] if other.shape_json == annotation.shape_json)
    identity = f"{class_ids[annotation.class_number]}|{shape.json}|{same}"
    return Annotation(
        project_id=image.project_id,
        image=image,
        uuid=UUID(annotation.uuid) if annotation.uuid else uuid5(image.uuid, identity),
        label_class_id=class_ids[annotation.class_number],
        type=shape.type,
        shape=shape.json,
        x=shape.box[0],
        y=shape.box[1],
        width=shape.box[2],
        height=shape.box[3],
        area=shape.area,
        attributes=dict(annotation.attributes),
        occluded=annotation.occluded,
        truncated=annotation.truncated,
        crowd=annotation.crowd,
        z_order=annotation.z_order,
        group=annotation.group,
        # An object that keeps its UUID keeps its history; any other is known from here on as imported.
        source=annotation.source if annotation.uuid else "import",
        score=annotation.score,
    )


def _set_statuses(door: Door, touched: Mapping[int, ImageRecord]) -> None:
    """Images that were there before and unlabelled take the status that the file gives them."""
    ids = list(touched)
    for start in range(0, len(ids), CHUNK):
        keys = ids[start : start + CHUNK]
        states = ImageState.objects.now().filter(
            image_id__in=keys, status=ImageStatus.UNLABELLED, created_in__lt=door.number
        )
        closing = [state for state in states if _status(touched[state.image_id]) != state.status]
        door.close(closing)
        door.open([state.successor(status=_status(touched[state.image_id])) for state in closing])


def _fixed(split: str | None) -> str:
    return split if split in SPLITS else ""


def _status(record: ImageRecord) -> str:
    """The status that the file gives an image: the one it names, or annotated where it holds labels."""
    if record.state == ImageStatus.UNLABELLED or record.state not in ImageStatus.values:
        return ImageStatus.ANNOTATED if record.annotations else ImageStatus.UNLABELLED
    return record.state


def _class_names(project: Project) -> set[str]:
    return {state.name for state in class_states(project.pk)}


def _answer(
    dataset: Dataset, report: Report, tally: _Tally, *, known: set[str], revision: int | None = None
) -> dict[str, Any]:
    folded = {name.casefold() for name in known}
    created = [record.name for record in dataset.classes if record.name.casefold() not in folded]
    problems = [*report.refused, *report.fixed]
    return {
        "revision": revision,
        "images": {
            "created": tally.images_created,
            "matched": tally.images_matched,
            "unmatched": tally.unmatched[:MAX_NAMES],
            "unmatched_count": len(tally.unmatched),
        },
        "annotations": {
            "created": tally.annotations,
            "repeated": tally.repeated,
            "fixed": report.fixed_count,
            "refused": report.refused_count,
        },
        "classes": {
            "created": created,
            "matched": [record.name for record in dataset.classes if record.name not in created],
            "counts": {record.name: tally.per_class[record.number] for record in dataset.classes},
        },
        "problems": [asdict(problem) for problem in problems[:MAX_PROBLEMS]],
    }
