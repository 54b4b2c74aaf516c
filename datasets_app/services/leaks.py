"""Looks for leaks between the splits of a version and keeps their number for its badge."""

from __future__ import annotations

from typing import Any

from datasets_app.grouping import cut
from datasets_app.models import Version
from datasets_app.selectors.leaks import Leak, leaks_of, version_groups
from datasets_app.splits import Assignment


def version_leaks(version: Version) -> tuple[dict[str, Any], list[Leak]]:
    """How many groups of each kind are cut, and the largest of them."""
    assignment = Assignment.unpack(bytes(version.assignment))
    groups = version_groups(version)
    split_of = dict(zip(assignment.ids.tolist(), assignment.splits.tolist(), strict=True))
    counts = dict.fromkeys(("group", "tag", "pattern", "duplicate"), 0)
    for group in cut(groups, split_of):
        counts[group.kind] += 1
    if version.statistics.get("leaks") != counts:
        # A count of what was fixed when the version was made: the version itself does not change.
        version.statistics["leaks"] = counts
        version.save(update_fields=("statistics",))
    return counts, leaks_of(groups, assignment)
