"""What came to a project's images and labels, and what went, between two revisions."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Replace

from datasets_app.ingest.colour_moments import COLOUR_MOMENTS
from datasets_app.label_tally import MOMENTS, TallyChanges
from datasets_app.models import Annotation, ImageState, Project
from datasets_app.splits import Ints

_ROWS = 50_000
_NOT_MEASURED = (float("nan"),) * MOMENTS


def tally_changes(project: Project, *, since: int, until: int) -> TallyChanges:
    """From the state at `since` to the one at `until`, at the cost of what changed."""
    states, labels = (model._default_manager.filter(project=project) for model in (ImageState, Annotation))
    text = Replace(Cast("image__uuid", CharField()), Value("-"), Value(""))
    opened_states = _opened(states, since, until).annotate(hex=text, moments=F(f"image__facts__{COLOUR_MOMENTS}"))
    come = list(opened_states.values_list("image_id", "hex", "moments"))
    gone = list(_closed(states, since, until).values_list("image_id", flat=True))
    uuids = np.frombuffer(bytes.fromhex("".join(row[1] for row in come)), dtype=np.uint8).reshape(-1, 16)
    opened, closed = (_pairs(rows(labels, since, until)) for rows in (_opened, _closed))
    signs = np.concatenate((np.ones(len(opened), dtype=np.int64), np.full(len(closed), -1)))
    return TallyChanges(
        come=np.array([row[0] for row in come], dtype=np.int64),
        uuids=uuids,
        colours=np.array([row[2] or _NOT_MEASURED for row in come], dtype=np.float32).reshape(-1, MOMENTS),
        gone=np.array(gone, dtype=np.int64),
        labels=np.column_stack((np.concatenate((opened, closed)), signs)),
    )


def _opened(rows: Any, since: int, until: int) -> Any:
    # The zero keeps planners from the index over the other column, which would read nearly every row.
    ends = rows.annotate(ends=F("deleted_in") + 0)
    there = ends.filter(ends__isnull=True) | ends.filter(ends__gt=until)
    return there.filter(created_in__gt=since, created_in__lte=until).order_by()


def _closed(rows: Any, since: int, until: int) -> Any:
    began = rows.annotate(began=F("created_in") + 0).filter(began__lte=since)
    return began.filter(deleted_in__gt=since, deleted_in__lte=until).order_by()


def _pairs(rows: Any) -> Ints:
    """(M, 2) image id and class id, straight from the cursor: a million rows need no conversion one by one."""
    parts = [np.zeros(0, dtype=np.int64)]
    with connection.cursor() as cursor:
        cursor.execute(*rows.values_list("image_id", "label_class_id").query.sql_with_params())
        while found := cursor.fetchmany(_ROWS):
            parts.append(np.fromiter(chain.from_iterable(found), dtype=np.int64, count=2 * len(found)))
    return np.concatenate(parts).reshape(-1, 2)
