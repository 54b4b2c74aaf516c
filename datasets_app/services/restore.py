"""Brings a project, one image or one class back to how it was at a revision, as a new revision. Nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.core.errors import DomainError
from datasets_app.models import Annotation, Image, ImageState, LabelClass, LabelClassState, Project
from datasets_app.selectors.diff import class_changes, image_counts, object_counts
from datasets_app.selectors.diff_sql import Span, changes
from datasets_app.selectors.label_class import class_states
from datasets_app.services.rewrite import (
    Head,
    Pair,
    Pairs,
    is_large,
    join_weights,
    live_classes,
    live_images,
    paired,
    rewrite,
)

ID_CHUNK = 500


@dataclass(frozen=True, slots=True)
class RestoreRequest:
    """What to bring back: all of the project, one image with its objects, or one class with its objects."""

    project: Project
    revision: int
    image: Image | None = None
    label_class: LabelClass | None = None
    name: str = ""
    """What people call that state; empty: its number."""

    @property
    def span(self) -> Span:
        """From now to then: what would change."""
        images = () if self.image is None else (self.image.pk,)
        return Span(self.project.pk, self.project.revision, self.revision, images)

    @property
    def message(self) -> str:
        state = self.name or f"revision {self.revision}"
        if self.image is not None:
            return f"Restored {self.image.name} as of {state}"
        return f"Restored a class as of {state}" if self.label_class is not None else f"Restored {state}"


def restore_check(request: RestoreRequest) -> None:
    """Raises `DomainError` for what cannot be brought back because it was not there."""
    if not 0 <= request.revision <= request.project.revision:
        raise DomainError("bad_revision", f"revision: choose a number from 0 to {request.project.revision}.")
    image, label_class = request.image, request.label_class
    if image is not None and not ImageState.objects.at(request.revision).filter(image=image).exists():
        raise DomainError(
            "not_there", f"{image.name} did not exist at revision {request.revision}; choose a later one."
        )
    if label_class is not None:
        states = LabelClassState.objects.at(request.revision).filter(label_class=label_class)
        if not states.exists():
            raise DomainError(
                "not_there", f"The class did not exist at revision {request.revision}; choose a later one."
            )


def restore_preview(request: RestoreRequest) -> dict[str, Any]:
    """What would change, counted: the diff from now to then, of the part that is asked for."""
    restore_check(request)
    label_class = None if request.label_class is None else request.label_class.pk
    source = RestoreSource(request)
    wanted = {row.label_class_id for row in (pair.then or pair.now for pair in source.classes()) if row is not None}  # type: ignore[attr-defined]  # rows of classes
    return {
        "revision": request.revision,
        "objects": object_counts(request.span, label_class=label_class),
        "images": image_counts(request.span if label_class is None else Span(request.project.pk, 0, 0)),
        "classes": [row for row in class_changes(request.span) if row["class"] in wanted],
        "is_large": is_large(source),
    }


def restore_run(
    request: RestoreRequest,
    *,
    author: Any,
    key: str,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> dict[str, Any]:
    """Does it and answers what changed; `skipped` counts objects whose image is deleted and is not brought back."""
    restore_check(request)
    source = RestoreSource(request)
    head = Head(request.project.pk, author, "restore", request.message, key)
    return rewrite(source, head, progress=progress) | {"skipped": source.skipped}


class RestoreSource:
    """Rows as of the revision, for the images where something differs."""

    def __init__(self, request: RestoreRequest) -> None:
        self.request = request
        self.skipped = 0

    def weights(self) -> Mapping[int, int]:
        request = self.request
        columns, tail = "coalesce(f.image_id, t.image_id), count(*)", "GROUP BY 1"
        if request.label_class is not None:
            key = request.label_class.pk
            where = f"AND (f.label_class_id = {key} OR t.label_class_id = {key})"
            return dict(changes(Annotation, request.span, columns, where=where, tail=tail))
        states = changes(ImageState, request.span, columns, tail=tail)
        objects = changes(Annotation, request.span, columns, tail=tail)
        return join_weights(dict(objects), dict(states))

    def classes(self) -> list[Pair]:
        """All that differ; or the class that is asked for, and those that returning objects need."""
        request = self.request
        now = live_classes(request.project.pk)
        then = {row.label_class_id: row for row in class_states(request.project.pk, revision=request.revision)}
        if request.image is None and request.label_class is None:
            return paired(list(now.values()), list(then.values()))
        keys = set() if request.label_class is None else {request.label_class.pk}
        keys |= self._needed() - now.keys()
        taken = {row.name for key, row in now.items() if key not in keys}
        return [Pair(now.get(key), _renamed(then[key], taken)) for key in sorted(keys) if key in then]

    def _needed(self) -> set[int]:
        """Classes of the objects that come back."""
        found: set[int] = set()
        for images in _chunked(sorted(self.weights())):
            rows = _then(self.request.revision, Annotation.objects.filter(image_id__in=images))
            found.update(rows.order_by().values_list("label_class_id", flat=True).distinct())
        return found

    def pairs(self, images: Sequence[int]) -> Pairs:
        found = Pairs()
        revision, label_class = self.request.revision, self.request.label_class
        for chunk in _chunked(images):
            rows = Annotation.objects.filter(image_id__in=chunk)
            annotations = paired(
                list(rows.now().filter(created_in__gt=revision)), list(_then(revision, rows).order_by("pk"))
            )
            if label_class is None:
                states = ImageState.objects.filter(image_id__in=chunk)
                found.states += paired(
                    list(states.now().filter(created_in__gt=revision)), list(_then(revision, states))
                )
            else:
                annotations = self._of_class(annotations, chunk, label_class.pk)
            found.annotations += annotations
        return found

    def _of_class(self, pairs: Iterable[Pair], images: Sequence[int], key: int) -> list[Pair]:
        """Objects that have the class or had it, where their image is there to hold them."""
        alive = live_images(images)
        found = []
        for pair in pairs:
            rows = [row for row in (pair.now, pair.then) if isinstance(row, Annotation)]
            if all(row.label_class_id != key for row in rows):
                continue
            if rows[0].image_id in alive:
                found.append(pair)
            else:
                self.skipped += 1
        return found


def _then(revision: int, rows: Any) -> Any:
    """Of `rows`, those that were true at the revision and are not now."""
    return rows.filter(created_in__lte=revision, deleted_in__gt=revision)


def _renamed(state: LabelClassState, taken: set[str]) -> LabelClassState:
    """The state under a name that no other class has."""
    name, number = state.name, 2
    while state.name in taken:
        state.name = f"{name[:190]} ({number})"
        number += 1
    taken.add(state.name)
    return state


def _chunked(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + ID_CHUNK] for start in range(0, len(ids), ID_CHUNK))
