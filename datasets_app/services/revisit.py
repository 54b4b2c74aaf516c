"""Labels to look at again after their class was split: confirmed or given another class, they leave the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from annotator.core.errors import DomainError
from datasets_app.models import Annotation, Project
from datasets_app.selectors.label_class import class_states
from datasets_app.services.revision import revision_open

MAX_LABELS = 5000


def revisit_decide(
    project: Project, *, author: Any, confirm: Sequence[UUID], relabel: Mapping[UUID, int]
) -> dict[str, Any]:
    """One revision in which the labels of `confirm` stay what they are and those of `relabel` get their class.

    Labels that were deleted meanwhile are left out.
    """
    if len(confirm) + len(relabel) > MAX_LABELS:
        raise DomainError("too_many", f"confirm, relabel: name up to {MAX_LABELS} labels at a time.")
    if set(confirm) & relabel.keys():
        raise DomainError("twice", "A label is either confirmed or relabelled, not both.")
    with revision_open(project.pk, author=author, kind="edit", message="Looked at labels again") as door:
        known = {state.label_class_id for state in class_states(project.pk)}
        if unknown := set(relabel.values()) - known:
            raise DomainError("bad_class", f"relabel: {min(unknown)} is not the id of a class of this project.")
        rows: list[Annotation] = []
        keys = [*confirm, *relabel]
        for start in range(0, len(keys), 500):
            rows += Annotation.objects.now().filter(project=project, uuid__in=keys[start : start + 500])
        door.close(rows)
        # A confirmed label is written anew as it is: from here on somebody has said so.
        door.open([row.successor(label_class_id=relabel.get(row.uuid, row.label_class_id)) for row in rows])
        confirmed = sum(row.uuid not in relabel for row in rows)
    revision = door.revision.number if door.revision else None
    return {"revision": revision, "confirmed": confirmed, "relabelled": len(rows) - confirmed}
