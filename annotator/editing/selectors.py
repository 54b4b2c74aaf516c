"""Reads for the canvas: one image's annotations now or at a revision, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from annotator.core.errors import NotFoundError
from datasets_app.models import Annotation, Image, ImageState, Revision

_COLUMNS = (
    "uuid", "label_class_id", "shape", "attributes", "occluded", "truncated", "crowd", "z_order", "group", "source",
    "score", "created_in",
)  # fmt: skip


def annotations_of(image: Image, *, revision: int | None = None) -> dict[str, Any]:
    """`{revision, state, annotations}` of an image. Raises `NotFoundError` where it did not exist at the revision."""
    newest: int = image.project.revision
    states, rows = ImageState.objects.filter(image=image), Annotation.objects.filter(image=image)
    states = states.now() if revision is None else states.at(revision)
    status = states.values_list("status", flat=True).first()
    if status is None:
        raise NotFoundError("image_deleted", f"{image.name} does not exist at this revision.")
    rows = rows.now() if revision is None else rows.at(revision)
    return {
        "revision": newest if revision is None else revision,
        "state": status,
        "annotations": annotation_bodies(image.project_id, rows),
    }


def annotation_bodies(project_id: int, rows: Any) -> list[dict[str, Any]]:
    """Annotations in the API's form, in drawing order; shapes are passed through as the text they are stored as."""
    found = list(rows.order_by("z_order", "sequence", "pk").values(*_COLUMNS))
    authors = _authors(project_id, {row["created_in"] for row in found})
    for row in found:
        row["class"] = row.pop("label_class_id")
        row["shape"] = orjson.Fragment(row["shape"])
        row["created_by"] = authors.get(row["created_in"])
    return found


def _authors(project_id: int, numbers: Iterable[int]) -> dict[int, str]:
    rows = Revision.objects.filter(project_id=project_id, number__in=list(numbers), author__isnull=False)
    return dict(rows.values_list("number", "author__username"))
