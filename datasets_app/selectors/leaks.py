"""What belongs together and was cut between the splits of a version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from datasets_app.grouping import Group, cut
from datasets_app.ir import SPLITS
from datasets_app.models import ImageState, Version
from datasets_app.selectors.version import groups_at, look_alikes
from datasets_app.splits import Assignment, SplitRule

MAX_LEAKS = 200
SAMPLE = 8


@dataclass(frozen=True, slots=True)
class Leak:
    """One cut group: its images by split, and some of them with their split."""

    group: Group
    splits: Mapping[str, int]
    sample: Sequence[tuple[int, str]]


def leak_counts(groups: Sequence[Group], assignment: Assignment, rule: SplitRule) -> dict[str, int | None]:
    """Cut groups by kind; look-alikes are null where the rule did not look for them, because that takes a while."""
    found = Counter(group.kind for group in cut(groups, _split_of(assignment))) if groups else Counter()
    counts: dict[str, int | None] = {kind: found[kind] for kind in ("group", "tag", "pattern", "duplicate")}
    if rule.group_by != "duplicate":
        counts["duplicate"] = None
    return counts


def version_groups(version: Version) -> list[Group]:
    """Everything that should be together at the version, whatever its rule kept together."""
    known = {name: version.split[name] for name in SplitRule.__dataclass_fields__ if name in version.split}
    rule = SplitRule(**known)
    if rule.group_by == "none":
        rule = SplitRule(**{**known, "group_by": "group"})
    groups = groups_at(version.project, rule, revision=version.revision)
    if rule.group_by != "duplicate":
        groups += look_alikes(ImageState.objects.at(version.revision).filter(project=version.project_id))
    return groups


def leaks_of(groups: Iterable[Group], assignment: Assignment) -> list[Leak]:
    """The cut ones, largest first."""
    split_of = _split_of(assignment)
    found = sorted(cut(groups, split_of), key=lambda group: (-len(group.images), group.kind, group.name, group.images))
    return [_leak(group, split_of) for group in found[:MAX_LEAKS]]


def _leak(group: Group, split_of: Mapping[int, int]) -> Leak:
    placed = [(image, SPLITS[split_of[image]]) for image in group.images if image in split_of]
    # One of each split first, so that the sample shows the cut.
    heads = [next(row for row in placed if row[1] == split) for split in SPLITS if any(s == split for _, s in placed)]
    sample = [*heads, *(row for row in placed if row not in heads)][:SAMPLE]
    numbers: Any = Counter(split for _, split in placed)
    return Leak(group, dict(numbers), sample)


def _split_of(assignment: Assignment) -> dict[int, int]:
    return dict(zip(assignment.ids.tolist(), assignment.splits.tolist(), strict=True))
