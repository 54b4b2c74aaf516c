"""What was saved by hand, in front of a picture, and how long somebody was at work on it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from datasets_app.models import Project, Revision

PAUSE = timedelta(minutes=5)
"""A longer time between two saves of a person is no work."""


def saves_by_hand(project: Project) -> QuerySet[Revision]:
    """Saves of editors, which alone name their batch: imports, jobs and bulk acts on many images are none."""
    return Revision.objects.filter(project=project, batch_id__isnull=False, author__isnull=False)


def seconds_worked(before: datetime | None, now: datetime) -> float:
    """Between a person's save and the one before it (None: there is none); 0 where that was a pause."""
    if before is None or not timedelta(0) < now - before <= PAUSE:
        return 0.0
    return (now - before).total_seconds()
