"""Annotations in the form in which the API speaks of them, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from datasets_app.models import Revision

_COLUMNS = (
    "uuid", "label_class_id", "shape", "attributes", "occluded", "truncated", "crowd", "z_order", "group", "source",
    "score", "created_in",
)  # fmt: skip


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
