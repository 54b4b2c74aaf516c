"""Writes of images: taking pictures in, status, split, tags, group, deletion."""

from __future__ import annotations

import posixpath
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from annotator.core.errors import DomainError
from annotator.core.storage.archives import iterate_archive
from annotator.core.storage.blobs import get_blobs
from annotator.core.storage.readable import Readable
from datasets_app.ingest.colour_moments import COLOUR_MOMENTS
from datasets_app.ingest.decode import Decoded
from datasets_app.ingest.pool import decode_picture
from datasets_app.ingest.refusal import Refused
from datasets_app.ir import SPLITS
from datasets_app.models import Annotation, Image, ImageState, ImageStatus, LabelClass, Operation, Project
from datasets_app.services.annotation import annotation_row
from datasets_app.services.revision import CHUNK, Door, revision_open

MAX_PICTURE_BYTES = 512 * 1024 * 1024
MAX_NAMES = 500
DECODERS = 2
"""As many as the decoding pool has children."""


@dataclass(slots=True)
class Upload:
    """One offered picture: `name` as its owner calls it; the rest is given by importers."""

    name: str
    stream: Readable
    size: int = 0
    group: str = ""
    tags: tuple[str, ...] = ()
    split: str = ""
    status: str = ImageStatus.UNLABELLED
    uuid: str = ""


@dataclass(slots=True)
class Taken:
    """What became of the offered pictures."""

    created: list[Image] = field(default_factory=list)
    duplicates: list[tuple[str, Image]] = field(default_factory=list)
    refused: list[tuple[str, str, str]] = field(default_factory=list)
    by_name: dict[str, Image] = field(default_factory=dict)
    revision: int | None = None

    def answer(self) -> dict[str, Any]:
        """The same as plain values, long lists cut."""
        refused = [{"name": name, "code": code, "detail": detail} for name, code, detail in self.refused]
        return {
            "revision": self.revision,
            "created": len(self.created),
            "duplicates": [name for name, _ in self.duplicates][:MAX_NAMES],
            "refused": refused[:MAX_NAMES],
        }


def clean_name(name: str) -> str:
    """A relative name with forward slashes and no control characters, for showing and exporting, never for opening."""
    text = unicodedata.normalize("NFC", name.replace("\\", "/"))
    text = "".join(character for character in text if character.isprintable())
    parts = [part for part in text.split("/") if part not in {"", ".", ".."}]
    return "/".join(parts)[-400:] or "picture"


def picture_read(upload: Upload) -> bytes:
    """The bytes of one offered picture. Raises `Refused` for more than a picture may have."""
    data = upload.stream.read(MAX_PICTURE_BYTES + 1)
    if len(data) > MAX_PICTURE_BYTES:
        limit = MAX_PICTURE_BYTES // 1024**2
        raise Refused("picture_too_large", f"The file has more than {limit} MB; a picture may have {limit} MB.")
    return data


def picture_store(data: bytes) -> Decoded:
    """Decodes one picture and stores its blobs and thumbnail. Raises `Refused`."""
    decoded = decode_picture(data)
    blobs = get_blobs()
    blobs.put(data, decoded.source_suffix)
    if decoded.display is not None:
        blobs.put(decoded.display, decoded.display_suffix)
    blobs.put_derived("thumbnail", decoded.display_sha256, decoded.thumbnail_suffix, decoded.thumbnail)
    return decoded.without_bytes()


def pictures_store(uploads: Iterable[Upload]) -> Iterator[tuple[Upload, Decoded | Refused]]:
    """Stores pictures in order, a few at a time: streams are read one after the other, decoding runs beside."""
    waiting: deque[tuple[Upload, Future[Decoded]]] = deque()
    with ThreadPoolExecutor(DECODERS) as pool:
        for upload in uploads:
            try:
                data = picture_read(upload)
            except Refused as refusal:
                yield upload, refusal
                continue
            waiting.append((upload, pool.submit(picture_store, data)))
            if len(waiting) > DECODERS:
                yield _stored(*waiting.popleft())
        while waiting:
            yield _stored(*waiting.popleft())


def _stored(upload: Upload, outcome: Future[Decoded]) -> tuple[Upload, Decoded | Refused]:
    try:
        return upload, outcome.result()
    except Refused as refusal:
        return upload, refusal


def images_take(
    project: Project,
    uploads: Iterable[Upload],
    *,
    author: Any,
    kind: str = "upload",
    operation: Operation | None = None,
    progress: Callable[[int], None] = lambda _done: None,
) -> Taken:
    """Takes the pictures that can be taken, as one revision, and says why the others were refused.

    A picture whose bytes the project has already is not taken twice; one that was deleted comes back under its old id.
    Decoding happens before the project is locked, so nobody's save waits for it.
    """
    taken = Taken()
    decoded: list[tuple[Upload, Decoded]] = []
    for done, (upload, outcome) in enumerate(pictures_store(uploads), start=1):
        if isinstance(outcome, Refused):
            taken.refused.append((upload.name, outcome.code, outcome.detail))
        else:
            decoded.append((upload, outcome))
        progress(done)
    message = f"Added {len(decoded)} images"
    with revision_open(project.pk, author=author, kind=kind, message=message, operation=operation) as door:
        images_insert(door, decoded, taken)
        taken.revision = door.number if door.changed else None
        if operation is not None:
            Operation.objects.filter(pk=operation.pk).update(answer=taken.answer())
    return taken


def images_take_archive(
    project: Project, path: Path, *, author: Any, key: str, progress: Callable[[int], None] = lambda _done: None
) -> dict[str, Any]:
    """Takes all pictures of an archive as one revision; a repeated `key` answers what the first call did."""
    done = Operation.objects.filter(project=project, key=key, answer__isnull=False).first()
    if done is not None:
        return dict(done.answer or {})
    operation, _ = Operation.objects.get_or_create(project=project, key=key, defaults={"kind": "upload"})
    uploads = (Upload(entry.name, stream, entry.size) for entry, stream in iterate_archive(path))
    return images_take(project, uploads, author=author, operation=operation, progress=progress).answer()


def images_insert(door: Door, decoded: Sequence[tuple[Upload, Decoded]], taken: Taken) -> None:
    project = door.project
    known: dict[str, Image] = {}
    for start in range(0, len(decoded), CHUNK):
        hashes = {item.source_sha256 for _, item in decoded[start : start + CHUNK]}
        # Sorted here: asked for an order, SQLite walks through all images of the project in it.
        same = Image.objects.filter(project=project, source_sha256__in=hashes).order_by()
        for image in sorted(same, key=attrgetter("pk"), reverse=True):
            known[image.source_sha256] = image
    live = set(
        ImageState.objects.now()
        .filter(image__in=[image.pk for image in known.values()])
        .values_list("image_id", flat=True)
    )
    names = _TakenNames(project, [clean_name(upload.name) for upload, _ in decoded])
    fresh: list[tuple[Upload, Image]] = []
    states: list[ImageState] = []
    for upload, item in decoded:
        found = known.get(item.source_sha256)
        if found is None:
            image = _image_row(project, upload, item, names)
            known[item.source_sha256] = image
            names.add(image.name)
            fresh.append((upload, image))
            taken.created.append(image)
        elif _is_new(found) or found.pk in live:
            image = found
            taken.duplicates.append((upload.name, image))
        else:
            image = found
            states.append(_first_state(image, upload))
            live.add(image.pk)
            taken.created.append(image)
        taken.by_name[upload.name] = image
    Image.objects.bulk_create([image for _, image in fresh], batch_size=CHUNK)
    states += [_first_state(image, upload) for upload, image in fresh]
    door.remember(images=[state.image for state in states])
    door.open(states)


def _is_new(image: Image) -> bool:
    """Whether the row is only about to be inserted: the same bytes came twice in one upload."""
    return image._state.adding


def _first_state(image: Image, upload: Upload) -> ImageState:
    return ImageState(
        project_id=image.project_id,
        image=image,
        split=upload.split,
        tags=list(upload.tags),
        group=upload.group,
        status=upload.status,
    )


class _TakenNames:
    """Names that images of the project have. Asks for those that are wanted, not for all of a large project."""

    def __init__(self, project: Project, wanted: Sequence[str]) -> None:
        self._all = Image.objects.filter(project=project)
        self._known = dict.fromkeys(wanted, False)
        for start in range(0, len(wanted), CHUNK):
            found = self._all.filter(name__in=wanted[start : start + CHUNK]).values_list("name", flat=True)
            self._known.update(dict.fromkeys(found, True))

    def __contains__(self, name: str) -> bool:
        if name not in self._known:
            self._known[name] = self._all.filter(name=name).exists()
        return self._known[name]

    def add(self, name: str) -> None:
        self._known[name] = True


def _image_row(project: Project, upload: Upload, item: Decoded, names: _TakenNames) -> Image:
    return Image(
        project=project,
        uuid=UUID(upload.uuid) if upload.uuid else uuid4(),
        name=_unused(clean_name(upload.name), names),
        width=item.width,
        height=item.height,
        sha256=item.display_sha256,
        suffix=item.display_suffix,
        size=get_blobs().size(item.display_sha256, item.display_suffix),
        thumbnail_suffix=item.thumbnail_suffix,
        source_sha256=item.source_sha256,
        source_suffix=item.source_suffix,
        perceptual_hash=item.dhash,
        facts={
            "format": item.format,
            "mode": item.mode,
            "bit_depth": item.bit_depth,
            "frames": item.frames,
            "orientation": item.orientation,
            COLOUR_MOMENTS: item.colours,
        },
    )


def _unused(name: str, names: _TakenNames) -> str:
    stem, suffix = posixpath.splitext(name)
    number = 2
    while name in names:
        name = f"{stem} ({number}){suffix}"
        number += 1
    return name


def live_states(project: Project, ids: Sequence[int]) -> list[ImageState]:
    """The live states of those images; ids of other projects or of deleted images are left out."""
    states: list[ImageState] = []
    for start in range(0, len(ids), CHUNK):
        rows = ImageState.objects.now().filter(project=project, image_id__in=ids[start : start + CHUNK])
        states += rows.select_related("image")
    return states


def images_delete(project: Project, ids: Sequence[int], *, author: Any) -> tuple[int | None, int]:
    """Deletes images with their labels as one revision; every row stays and can be brought back."""
    with revision_open(project.pk, author=author, kind="delete", message=f"Deleted {len(ids)} images") as door:
        states = live_states(project, ids)
        door.remember(images=[state.image for state in states])
        for start in range(0, len(states), CHUNK):
            keys = [state.image_id for state in states[start : start + CHUNK]]
            door.close(list(Annotation.objects.now().filter(image_id__in=keys)))
        door.close(states)
    return (door.revision.number if door.revision else None), len(states)


def images_set_status(project: Project, ids: Sequence[int], *, author: Any, status: str) -> tuple[int | None, int]:
    if status not in ImageStatus.values:
        raise DomainError("bad_state", f"state: {status!r} is unknown; choose one of {', '.join(ImageStatus.values)}.")
    return _change_states(project, ids, author, f"Set state {status}", lambda _state: {"status": status})


def images_add_tags(
    project: Project, ids: Sequence[int], *, author: Any, tags: Sequence[str]
) -> tuple[int | None, int]:
    def changed(state: ImageState) -> dict[str, Any]:
        return {"tags": sorted({*state.tags, *tags})}

    return _change_states(project, ids, author, f"Added tags {', '.join(tags)}", changed)


def images_remove_tags(
    project: Project, ids: Sequence[int], *, author: Any, tags: Sequence[str]
) -> tuple[int | None, int]:
    def changed(state: ImageState) -> dict[str, Any]:
        return {"tags": sorted(set(state.tags) - set(tags))}

    return _change_states(project, ids, author, f"Removed tags {', '.join(tags)}", changed)


def images_set_group(project: Project, ids: Sequence[int], *, author: Any, group: str) -> tuple[int | None, int]:
    return _change_states(project, ids, author, f"Set group {group}", lambda _state: {"group": group[:200]})


def images_set_split(project: Project, ids: Sequence[int], *, author: Any, split: str) -> tuple[int | None, int]:
    """Fixes the split that versions keep those images in; empty: the version's rule decides."""
    if split and split not in SPLITS:
        raise DomainError("bad_split", f"split: {split!r} is unknown; choose one of {', '.join(SPLITS)}, or none.")
    message = f"Set split {split}" if split else "Freed the split"
    return _change_states(project, ids, author, message, lambda _state: {"split": split})


def images_set_class(
    project: Project, ids: Sequence[int], *, author: Any, label_class: LabelClass
) -> tuple[int | None, int]:
    """Gives every label of those images the class, as one revision."""
    if label_class.project_id != project.pk:
        raise DomainError("bad_class", "value: must be the id of a class of this project.")
    touched: set[int] = set()
    with revision_open(project.pk, author=author, kind="edit", message="Set class of labels") as door:
        for start in range(0, len(ids), CHUNK):
            live = Annotation.objects.now().filter(project=project, image_id__in=ids[start : start + CHUNK])
            rows = list(live.exclude(label_class=label_class))
            successors = [row.successor(label_class_id=label_class.pk) for row in rows]
            door.close(rows)
            door.open(successors)
            touched.update(row.image_id for row in rows)
    return (door.revision.number if door.revision else None), len(touched)


def images_classify(
    project: Project, ids: Sequence[int], *, author: Any, label_class: LabelClass
) -> tuple[int | None, int]:
    """Tags those images with the class, in place of the tag they had, as one revision; they count as annotated."""
    if label_class.project_id != project.pk:
        raise DomainError("bad_class", "value: must be the id of a class of this project.")
    count = 0
    with revision_open(project.pk, author=author, kind="edit", message="Classified images") as door:
        states = live_states(project, ids)
        door.remember(images=[state.image for state in states])
        for start in range(0, len(states), CHUNK):
            count += _classify(door, states[start : start + CHUNK], label_class)
    return (door.revision.number if door.revision else None), count


def _classify(door: Door, states: Sequence[ImageState], label_class: LabelClass) -> int:
    tags: dict[int, list[Annotation]] = {state.image_id: [] for state in states}
    for row in Annotation.objects.now().filter(image_id__in=list(tags), type="tag"):
        tags[row.image_id].append(row)
    changed = [state for state in states if [row.label_class_id for row in tags[state.image_id]] != [label_class.pk]]
    door.close([row for state in changed for row in tags[state.image_id]])
    data = {"class": label_class.pk, "shape": {"type": "tag"}}
    door.open(
        [annotation_row(state.image, data | {"uuid": str(uuid4())}, class_ids={label_class.pk}) for state in changed]
    )
    stale = [state for state in states if state.status != ImageStatus.ANNOTATED]
    door.close(stale)
    door.open([state.successor(status=ImageStatus.ANNOTATED) for state in stale])
    return len(changed)


def _change_states(
    project: Project, ids: Sequence[int], author: Any, message: str, changes: Callable[[ImageState], dict[str, Any]]
) -> tuple[int | None, int]:
    with revision_open(project.pk, author=author, kind="edit", message=f"{message} on {len(ids)} images") as door:
        states = live_states(project, ids)
        door.remember(images=[state.image for state in states])
        closing, opening = [], []
        for state in states:
            changed = {key: value for key, value in changes(state).items() if getattr(state, key) != value}
            if changed:
                closing.append(state)
                opening.append(state.successor(**changed))
        door.close(closing)
        door.open(opening)
    return (door.revision.number if door.revision else None), len(opening)
