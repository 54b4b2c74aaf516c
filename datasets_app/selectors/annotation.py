"""Annotations in the form in which the API speaks of them, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from django.db.models import Case, F, When
from django.db.models.functions import Length

from datasets_app.models import Annotation, Revision

_COLUMNS = (
    "uuid", "label_class_id", "shape", "attributes", "occluded", "truncated", "crowd", "z_order", "group", "source",
    "score", "created_in",
)  # fmt: skip

OUTLINE_CHARACTERS = 4000
"""Of a shape's JSON text; where it is longer, an outline is its box."""


def outlines(project_id: int, uuids: Sequence[str], revision: int) -> dict[str, dict[str, Any]]:
    """UUID → what it takes to draw an object small: image, class, box and, unless it is long, the shape."""
    # Asked for the revision too, SQLite would go by the index over `created_in` and read the whole project.
    rows = Annotation.objects.filter(project=project_id, uuid__in=uuids).order_by()
    brief = Case(When(length__lte=OUTLINE_CHARACTERS, then=F("shape")), default=None)
    columns = ("uuid", "image_id", "label_class_id", "x", "y", "width", "height", "brief", "created_in", "deleted_in")
    found = rows.annotate(length=Length("shape"), brief=brief).values_list(*columns)
    return {
        str(uuid): {
            "uuid": str(uuid),
            "image": image,
            "class": label_class,
            "box": [x, y, width, height],
            "shape": None if shape is None else orjson.Fragment(shape),
        }
        for uuid, image, label_class, x, y, width, height, shape, created, deleted in found
        if created <= revision and (deleted is None or deleted > revision)
    }


def annotation_bodies(project_id: int, rows: Any) -> list[dict[str, Any]]:
    """In drawing order; shapes are passed through as the text they are stored as."""
    found = list(rows.order_by("z_order", "sequence", "pk").values(*_COLUMNS))
    authors = authors_of(project_id, {row["created_in"] for row in found})
    return [_body(row, authors) for row in found]


def annotation_bodies_by_pk(project_id: int, rows: Any) -> dict[int, dict[str, Any]]:
    """The same by the row's key, for callers that show rows of different times beside each other."""
    found = list(rows.order_by().values("pk", *_COLUMNS))
    authors = authors_of(project_id, {row["created_in"] for row in found})
    return {row.pop("pk"): _body(row, authors) for row in found}


def _body(row: dict[str, Any], authors: dict[int, str]) -> dict[str, Any]:
    row["class"] = row.pop("label_class_id")
    row["shape"] = orjson.Fragment(row["shape"])
    row["created_by"] = authors.get(row["created_in"])
    return row


def authors_of(project_id: int, numbers: Iterable[int]) -> dict[int, str]:
    """Revision number → name of its author, for the revisions that have one."""
    rows = Revision.objects.filter(project_id=project_id, number__in=list(numbers), author__isnull=False)
    return dict(rows.values_list("number", "author__username"))
