"""Keeps what was counted of a project's labels, so that a version of a million need not count them again.

Only a cache: it is brought forward from the rows that changed since, and counted anew where there is none.
"""

from __future__ import annotations

from collections.abc import Iterator

from datasets_app.label_tally import Tally
from datasets_app.models import LabelTally, Project, Revision
from datasets_app.selectors.label_tally import tally_changes

KEEP_AFTER = 2_000
"""Changes that are followed each time; more are followed once and kept."""
ROWS_A_STEP = 200_000
"""Rows that are followed at a time, so that counting a million anew takes little memory."""


def tally_at(project: Project) -> Tally:
    """What is counted at the revision that `project` names."""
    since, tally = _kept(project)
    followed = 0
    for until in _stops(project, since):
        changes = tally_changes(project, since=since, until=until)
        tally, since = tally.forward(changes), until
        followed += changes.size
    if followed > KEEP_AFTER:
        _keep(project, tally)
    return tally


def _stops(project: Project, since: int) -> Iterator[int]:
    """Revisions to go to one after the other, the last being that of `project`."""
    rows = Revision.objects.filter(project=project, number__gt=since, number__lt=project.revision).order_by("number")
    pending = 0
    for number, opened, closed in rows.values_list("number", "opened", "closed"):
        pending += opened + closed
        if pending >= ROWS_A_STEP:
            yield number
            pending = 0
    if since < project.revision:
        yield project.revision


def tally_refresh(project: Project) -> None:
    """Brings the kept counts to the newest revision, at the end of work that changed much."""
    tally_at(Project.objects.get(pk=project.pk))


def _kept(project: Project) -> tuple[int, Tally]:
    row = LabelTally.objects.filter(project=project, revision__lte=project.revision).first()
    tally = None if row is None else Tally.unpack(bytes(row.packed))
    return (0, Tally.empty()) if row is None or tally is None else (row.revision, tally)


def _keep(project: Project, tally: Tally) -> None:
    """Two that keep at the same time do no harm: either is right as of its revision."""
    facts = {"revision": project.revision, "packed": tally.pack()}
    LabelTally.objects.update_or_create(project=project, defaults=facts)
