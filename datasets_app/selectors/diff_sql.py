"""The SQL behind diffs: what is true at one of two revisions and not at the other, at the cost of what changed.

Rows of the later side were opened between the two revisions, rows of the earlier side were closed between them. Both
are found through the indexes over `created_in` and `deleted_in`; the unary plus keeps the planner from the index over
the other column, which would read nearly every row. The two sides are materialised, so that no order or limit further
out can talk a planner into walking all labels instead, and paired by grouping, which no planner turns into a loop in a
loop. Django's query language cannot pair two rows of one table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from datasets_app.models import Annotation, ImageState

_SAME_SIZE = (
    "(f.type = t.type AND (f.x <> t.x OR f.y <> t.y) AND abs(f.width - t.width) <= 0.01"
    " AND abs(f.height - t.height) <= 0.01 AND abs(f.area - t.area) <= 1 + 0.02 * f.area)"
)
OBJECT_KINDS = {
    "added": "f.id IS NULL",
    "removed": "t.id IS NULL",
    "moved": f"(f.shape <> t.shape AND {_SAME_SIZE})",
    "reshaped": f"(f.shape <> t.shape AND NOT {_SAME_SIZE})",
    "relabelled": "f.label_class_id <> t.label_class_id",
    "attributes": "CAST(f.attributes AS text) <> CAST(t.attributes AS text)",
    "flags": (
        "(f.occluded <> t.occluded OR f.truncated <> t.truncated OR f.crowd <> t.crowd OR f.z_order <> t.z_order"
        ' OR coalesce(f."group", -1) <> coalesce(t."group", -1))'
    ),
    "source": "(f.source <> t.source OR coalesce(f.score, -1) <> coalesce(t.score, -1))",
}
"""Kind of change → when it is one. An object may have changed in several ways."""

IMAGE_KINDS = {
    "added": "f.id IS NULL",
    "removed": "t.id IS NULL",
    "state": "f.status <> t.status",
    "split": "f.split <> t.split",
    "tags": "CAST(f.tags AS text) <> CAST(t.tags AS text)",
    "group": 'f."group" <> t."group"',
}

_TABLES = {
    Annotation: (Annotation._meta.db_table, "uuid", OBJECT_KINDS),
    ImageState: (ImageState._meta.db_table, "image_id", IMAGE_KINDS),
}


@dataclass(frozen=True, slots=True)
class Span:
    """Two states of one project. `start` may be the later one; `images` narrows the diff to those."""

    project_id: int
    start: int
    end: int
    images: tuple[int, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    """Further parameters of the conditions that a query adds."""


def changes(
    model: type[Annotation | ImageState], span: Span, select: str, *, where: str = "", tail: str = ""
) -> list[tuple[Any, ...]]:
    """Rows of `select` over the pairs `f` (as it was at `start`) and `t` (at `end`) that differ; either may be null."""
    table, key, kinds = _TABLES[model]
    narrowed = (
        " AND image_id IN ({})".format(", ".join(str(int(image)) for image in span.images)) if span.images else ""
    )
    first, last = sorted((span.start, span.end))
    f_id, t_id = ("early", "late") if span.start <= span.end else ("late", "early")
    differs = " OR ".join(f"({condition})" for condition in kinds.values())
    query = f"""
        WITH gone AS MATERIALIZED (
            SELECT id, {key} AS key FROM {table}
            WHERE project_id = %(project)s AND deleted_in > %(first)s AND deleted_in <= %(last)s
                AND +created_in <= %(first)s{narrowed}
        ), come AS MATERIALIZED (
            SELECT id, {key} AS key FROM {table}
            WHERE project_id = %(project)s AND created_in > %(first)s AND created_in <= %(last)s
                AND (+deleted_in IS NULL OR +deleted_in > %(last)s){narrowed}
        ), pairs AS MATERIALIZED (
            SELECT max(early) AS early, max(late) AS late FROM (
                SELECT key, id AS early, CAST(NULL AS bigint) AS late FROM gone
                UNION ALL SELECT key, CAST(NULL AS bigint), id FROM come
            ) sides GROUP BY key
        )
        SELECT {select} FROM pairs
        LEFT JOIN {table} f ON f.id = pairs.{f_id} LEFT JOIN {table} t ON t.id = pairs.{t_id}
        WHERE ({differs}) {where} {tail}
    """  # noqa: S608  every name is our own; values are parameters
    parameters = {"project": span.project_id, "first": first, "last": last, **span.extra}
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def sums(kinds: Sequence[str], conditions: dict[str, str]) -> str:
    """A column for each kind: how many of the rows have changed that way."""
    return ", ".join(f"sum(CASE WHEN {conditions[kind]} THEN 1 ELSE 0 END)" for kind in kinds)
