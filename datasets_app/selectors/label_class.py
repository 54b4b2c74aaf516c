"""Reads of classes."""

from __future__ import annotations

from datasets_app.models import LabelClassState


def class_states(project_id: int, *, revision: int | None = None) -> list[LabelClassState]:
    """The classes of a project now or at a revision, in list order, each with its identity loaded."""
    rows = LabelClassState.objects.filter(label_class__project_id=project_id).select_related("label_class")
    rows = rows.now() if revision is None else rows.at(revision)
    return list(rows.order_by("position", "pk"))
