"""Acts on a class that reach its labels: merging it into another, splitting it, retiring it with its labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from annotator.core.errors import DomainError
from datasets_app.models import Annotation, LabelClass, LabelClassState
from datasets_app.selectors.label_class import class_states
from datasets_app.services.label_class import classes_add, live_state
from datasets_app.services.revision import revision_open
from datasets_app.services.rewrite import Head, Pair, Pairs, by_image, is_large, live_classes, rewrite

ID_CHUNK = 500
MAX_PARTS = 50


@dataclass(frozen=True, slots=True)
class ClassRewrite:
    """Ends a class: its labels go to `into`, or, without one, end with it."""

    label_class: LabelClass
    into: LabelClass | None = None

    def weights(self) -> Mapping[int, int]:
        return by_image(_live(self.label_class))

    def classes(self) -> list[Pair]:
        state = live_classes(self.label_class.project_id).get(self.label_class.pk)
        return [] if state is None else [Pair(state, None)]

    def pairs(self, images: Sequence[int]) -> Pairs:
        found = Pairs()
        for start in range(0, len(images), ID_CHUNK):
            rows = _live(self.label_class).filter(image_id__in=images[start : start + ID_CHUNK])
            found.annotations += [Pair(row, self._then(row)) for row in rows.order_by("pk")]
        return found

    def _then(self, row: Annotation) -> Annotation | None:
        return None if self.into is None else row.successor(label_class_id=self.into.pk)


def _live(label_class: LabelClass) -> Any:
    return Annotation.objects.now().filter(project_id=label_class.project_id, label_class=label_class)


def class_usage(label_class: LabelClass) -> dict[str, Any]:
    """What hangs on a class: its live labels, and the versions that hold labels of it, which stay as they are."""
    live_state(label_class, class_states(label_class.project_id))
    counted = _live(label_class).aggregate(annotations=Count("pk"), images=Count("image", distinct=True))
    versions = [
        {"id": version.pk, "name": version.name, "annotations": line["annotations"]}
        for version in label_class.project.versions.defer("assignment")
        for line in version.statistics.get("classes", ())
        if line["id"] == label_class.pk and line["annotations"]
    ]
    return {**counted, "versions": versions, "is_large": is_large(ClassRewrite(label_class))}


def class_end(
    wanted: ClassRewrite,
    *,
    author: Any,
    key: str,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> dict[str, Any]:
    """Merges or retires the class; `wanted` was checked by `merge_check` or by the caller."""
    states = class_states(wanted.label_class.project_id)
    name = live_state(wanted.label_class, states).name
    message = f"Retired class {name} with its labels"
    if wanted.into is not None:
        message = f"Merged class {name} into {live_state(wanted.into, states).name}"
    return rewrite(wanted, Head(wanted.label_class.project_id, author, "classes", message, key), progress=progress)


def merge_check(label_class: LabelClass, into: LabelClass) -> None:
    """Raises `DomainError` where the labels of the one could not be labels of the other."""
    states = class_states(label_class.project_id)
    if into.project_id != label_class.project_id or into.pk == label_class.pk:
        raise DomainError("bad_class", "into: must be the id of another class of this project.")
    one, two = live_state(label_class, states), live_state(into, states)
    points = [len(state.skeleton.get("points", ())) for state in (one, two)]
    if points[0] != points[1] and _live(label_class).filter(type="skeleton").exists():
        raise DomainError(
            "skeletons_differ",
            f"Objects of {one.name} have {points[0]} points, those of {two.name} {points[1]}; they cannot be merged.",
        )


def class_split(
    label_class: LabelClass, *, author: Any, names: Sequence[str]
) -> tuple[LabelClassState, list[LabelClassState]]:
    """New classes like this one; all its labels come on the list of those to be looked at again."""
    if not 1 <= len(names) <= MAX_PARTS:
        raise DomainError("bad_names", f"names: give 1 to {MAX_PARTS} names of new classes.")
    message = f"Split a class into {', '.join(names)}"
    with revision_open(label_class.project_id, author=author, kind="classes", message=message) as door:
        state = live_state(label_class, class_states(label_class.project_id))
        like = {"attributes": state.attributes, "skeleton": state.skeleton}
        added = classes_add(door, [{"name": name, **like} for name in names])
        return door.replace(state, revisit_before=door.number), added


def class_retire(label_class: LabelClass, *, author: Any) -> None:
    """Takes a class out of the list. Refused while live labels use it, so that none is lost unseen."""
    with revision_open(label_class.project_id, author=author, kind="classes", message="Retired a class") as door:
        state = live_state(label_class, class_states(label_class.project_id))
        if used := _live(label_class).count():
            raise DomainError(
                "class_in_use",
                f"{used} labels have the class {state.name}. Give them another class or delete them first.",
            )
        door.close([state])
