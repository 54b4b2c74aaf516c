"""Reads behind versions: which images must stay together or where they are, and what a split comes to."""

from __future__ import annotations

from typing import Any

from datasets_app.grouping import (
    Group,
    groups_by_name,
    groups_by_tag,
    groups_named,
    groups_of_look_alikes,
    name_pattern,
)
from datasets_app.ingest.near_duplicates import near_duplicate_groups
from datasets_app.ir import SPLITS
from datasets_app.label_tally import Tally
from datasets_app.models import ImageState, Project
from datasets_app.selectors.label_class import class_states
from datasets_app.splits import Assignment, SplitRule, split_statistics


def fixed_splits(project: Project) -> dict[int, str]:
    """image id → the split that an import or a person fixed, for the images that have one."""
    return dict(ImageState.objects.now().filter(project=project).filter(split__gt="").values_list("image_id", "split"))


def groups_at(project: Project, rule: SplitRule, *, revision: int | None = None) -> list[Group]:
    """Everything that the rule keeps together, now or at a revision, each kind by itself."""
    rows = ImageState.objects.filter(project=project)
    rows = rows.now() if revision is None else rows.at(revision)
    found: list[Group] = []
    if rule.group_by != "none":
        found += groups_named(dict(rows.filter(group__gt="").values_list("image_id", "group")))
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


def statistics(project: Project, tally: Tally, assignment: Assignment) -> dict[str, Any]:
    """Images and labels, in all, per class (with name and colour) and per split; of each split also the colours."""
    states = class_states(project.pk)
    numbers: dict[str, Any] = split_statistics(tally.counts, assignment, [state.label_class_id for state in states])
    for place, split in enumerate(SPLITS):
        numbers["splits"][split]["colours"] = tally.colours_of(assignment.splits == place)
    for state, body in zip(states, numbers["classes"], strict=True):
        body |= {"name": state.name, "color": state.color}
    return numbers
