"""Reads behind versions: what the present state holds, and which images must stay together."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db import connection
from django.db.models import CharField, Count, Value
from django.db.models.functions import Cast, Replace

from datasets_app.grouping import (
    Group,
    groups_by_name,
    groups_by_tag,
    groups_named,
    groups_of_look_alikes,
    name_pattern,
)
from datasets_app.ingest.near_duplicates import near_duplicate_groups
from datasets_app.models import Annotation, Image, ImageState, Project
from datasets_app.selectors.label_class import class_states
from datasets_app.splits import Assignment, LabelCounts, SplitRule, split_statistics


def label_counts(project: Project) -> LabelCounts:
    """Labels per image and class, now."""
    states = ImageState.objects.now().filter(project=project).order_by("image_id")
    ids = np.fromiter(states.values_list("image_id", flat=True), dtype=np.int64)
    rows = Annotation.objects.now().filter(project=project).order_by()
    counted = rows.values_list("image_id", "label_class_id").annotate(number=Count("pk"))
    # Straight from the cursor: three whole numbers a row need no conversion, which would cost more than the query.
    with connection.cursor() as cursor:
        cursor.execute(*counted.query.sql_with_params())
        pairs = np.array(cursor.fetchall(), dtype=np.int64).reshape(-1, 3)
    pairs[:, 0] = np.searchsorted(ids, pairs[:, 0])
    return LabelCounts(ids, pairs)


def fixed_splits(project: Project) -> dict[int, str]:
    """image id → the split that an import or a person fixed, for the images that have one."""
    return dict(ImageState.objects.now().filter(project=project).exclude(split="").values_list("image_id", "split"))


def groups_at(project: Project, rule: SplitRule, *, revision: int | None = None) -> list[Group]:
    """Everything that the rule keeps together, now or at a revision, each kind by itself."""
    rows = ImageState.objects.filter(project=project)
    rows = rows.now() if revision is None else rows.at(revision)
    found: list[Group] = []
    if rule.group_by != "none":
        found += groups_named(dict(rows.exclude(group="").values_list("image_id", "group")))
    if rule.tag_prefix:
        tagged = rows.exclude(tags=[]).values_list("image_id", "tags")
        found += groups_by_tag(dict(tagged), rule.tag_prefix)
    if rule.pattern:
        found += groups_by_name(dict(rows.values_list("image_id", "image__name")), name_pattern(rule.pattern))
    if rule.group_by == "duplicate":
        found += look_alikes(rows)
    return found


def look_alikes(states: Any) -> list[Group]:
    hashes = dict(states.order_by().values_list("image_id", "image__perceptual_hash"))
    return groups_of_look_alikes(near_duplicate_groups(hashes))


def image_uuids(project: Project) -> list[tuple[int, str]]:
    """Id and UUID of every image that there ever was, by UUID, as 32 hex digits on every database."""
    text = Replace(Cast("uuid", CharField()), Value("-"), Value(""))
    rows = Image.objects.filter(project=project).annotate(hex=text).values_list("pk", "hex")
    return sorted(rows, key=lambda row: row[1])


def statistics(project: Project, counts: LabelCounts, assignment: Assignment) -> dict[str, Any]:
    """Images and labels, in all, per class (with name and colour) and per split."""
    states = class_states(project.pk)
    numbers: dict[str, Any] = split_statistics(counts, assignment, [state.label_class_id for state in states])
    for state, body in zip(states, numbers["classes"], strict=True):
        body |= {"name": state.name, "color": state.color}
    return numbers
