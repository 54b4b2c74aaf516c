"""Versions, diffs, restores and digests of 100,000 images with 1,000,000 objects, of which 200 changed."""

import functools
import itertools
from typing import Any

from bench._large import large_project
from bench.harness import median_of, timed

CHANGED = 200


@functools.cache
def _edited() -> tuple[Any, int]:
    """The large project and the revision before 200 objects on as many images were moved."""
    project = large_project()
    base = project.revision
    _edit(project)
    return project, base


def _edit(project: Any) -> None:
    from datasets_app.models import Annotation  # noqa: PLC0415  after Django was set up
    from datasets_app.services.revision import revision_open  # noqa: PLC0415

    images = list(project.images.order_by("pk").values_list("pk", flat=True)[:: 100_000 // CHANGED])
    live = Annotation.objects.now().filter(image_id__in=images).order_by("image_id", "pk")
    rows = list({row.image_id: row for row in live}.values())
    shape = {"shape": '{"type":"box","box":[1.0,2.0,30.0,40.0]}', "type": "box", "x": 1.0, "y": 2.0}
    with revision_open(project.pk, author=None, kind="edit") as door:
        door.close(rows)
        door.open([row.successor(**shape, width=30.0, height=40.0, area=1200.0) for row in rows])
    project.refresh_from_db()
    assert len(rows) == CHANGED


def diff() -> float:
    """p50 of everything that the page of a diff shows: counts, overlap, and the first hundred objects."""
    project, base = _edited()
    from datasets_app.selectors.diff import (  # noqa: PLC0415  after Django was set up
        ObjectFilter,
        changed_objects,
        class_changes,
        image_counts,
        object_counts,
    )
    from datasets_app.selectors.diff_sql import Span  # noqa: PLC0415

    span = Span(project.pk, base, project.revision)

    def compare() -> None:
        assert object_counts(span)["changed"] == CHANGED
        image_counts(span)
        class_changes(span)
        assert len(changed_objects(span, ObjectFilter(), limit=100)) == 100

    return median_of(compare, repeat=15)


def restore() -> float:
    """p50 of bringing the project back to how it was before 200 objects changed, and forth again."""
    project, base = _edited()
    from datasets_app.services.restore import RestoreRequest, restore_run  # noqa: PLC0415  after Django was set up

    ends = itertools.cycle((base, project.revision))

    def back() -> None:
        project.refresh_from_db()
        done = restore_run(RestoreRequest(project, next(ends)), author=None, key="bench")
        assert done["objects"]["changed"] == CHANGED

    return median_of(back, repeat=4, warm_up=0)


def version() -> float:
    """p50 of naming the present state with a stratified split that keeps groups together."""
    project, _ = _edited()
    from datasets_app.services.version import version_create  # noqa: PLC0415  after Django was set up
    from datasets_app.splits import SplitRule  # noqa: PLC0415

    rule = SplitRule(group_by="group")
    return median_of(lambda: version_create(project, author=None, name="v", rule=rule), repeat=5, warm_up=1)


def digest() -> float:
    """Recomputing the digest of the newest revision from its rows, as `verify_digests` does."""
    project, _ = _edited()
    from datasets_app.services.digest import state_digest  # noqa: PLC0415  after Django was set up

    project.refresh_from_db()

    def verify() -> None:
        assert state_digest(project, revision=project.revision) == project.digest

    return timed(verify)
