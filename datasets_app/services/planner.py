"""Tells PostgreSQL how much there is, so that it plans by what is true.

It counts by itself, but a while after a large import and not where autovacuum is off; until then it takes a million
labels for none, and the grid of a large project takes seconds. SQLite plans by the indexes alone.
"""

from __future__ import annotations

from django.db import connection

from datasets_app.models import Annotation, Image, ImageState

WORTH_ROWS = 5_000


def planner_refresh(rows: int) -> None:
    """At the end of work that wrote so many rows; a second for any number of them."""
    if connection.vendor != "postgresql" or rows < WORTH_ROWS:
        return
    with connection.cursor() as cursor:
        for model in (Image, ImageState, Annotation):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
