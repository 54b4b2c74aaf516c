"""Reads for the canvas: one image's annotations now or at a revision, in a fixed number of queries."""

from __future__ import annotations

from typing import Any

from annotator.core.errors import NotFoundError
from datasets_app.models import Annotation, Image, ImageState
from datasets_app.selectors.annotation import annotation_bodies


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
