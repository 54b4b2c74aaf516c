"""Labels to look at again: those of a class that are older than the revision that split it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q

from datasets_app.models import Annotation, LabelClassState, Project
from datasets_app.selectors.annotation import annotation_bodies_by_pk
from datasets_app.selectors.label_class import class_states

BRINGS_BACK = ("revert", "restore")
"""Kinds of revisions whose labels are those of an earlier one."""


def revisit_states(project: Project) -> list[LabelClassState]:
    """The classes with such labels, or that may have had some."""
    return [state for state in class_states(project.pk) if state.revisit_before is not None]


def revisit_rows(project: Project, states: Sequence[LabelClassState]) -> Any:
    old = Q()
    for state in states:
        old |= Q(label_class_id=state.label_class_id) & _unsaid(project, state)
    rows = Annotation.objects.now().filter(project=project)
    return rows.filter(old) if states else rows.none()


def _unsaid(project: Project, state: LabelClassState) -> Q:
    """Of labels of the class: those that nobody gave it, or confirmed, since. A revert or restore says nothing new."""
    since = state.revisit_before
    brought_back = project.revisions.filter(kind__in=BRINGS_BACK, number__gte=since).order_by().values("number")
    same = Annotation.objects.filter(project=project, uuid=OuterRef("uuid"), label_class_id=state.label_class_id)
    said = same.filter(created_in__gte=since).exclude(created_in__in=brought_back)
    return Q(created_in__lt=since) | Q(~Exists(said), created_in__in=brought_back)


def revisit_counts(project: Project) -> list[dict[str, Any]]:
    """How many labels of each class are left."""
    return [
        {
            "class": state.label_class_id,
            "name": state.name,
            "revisit_before": state.revisit_before,
            "left": revisit_rows(project, [state]).count(),
        }
        for state in revisit_states(project)
    ]


def revisit_page(
    project: Project, *, label_class: int | None, limit: int, after: Sequence[int] | None = None
) -> list[dict[str, Any]]:
    """Up to `limit` labels by image, each with its image."""
    states = [state for state in revisit_states(project) if label_class in {None, state.label_class_id}]
    rows = revisit_rows(project, states)
    if after is not None:
        rows = rows.filter(Q(image_id__gt=after[0]) | Q(image_id=after[0], pk__gt=after[1]))
    found = list(rows.select_related("image").order_by("image_id", "pk")[:limit])
    bodies = annotation_bodies_by_pk(project.pk, Annotation.objects.filter(pk__in=[row.pk for row in found]))
    return [{"key": [row.image_id, row.pk], "image": row.image, "annotation": bodies[row.pk]} for row in found]
