"""Names a revision: nothing is copied; the split is computed once and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import transaction
from django.db.models import Max

from annotator.core.errors import DomainError
from datasets_app.grouping import Group, PatternError, joined
from datasets_app.label_tally import Tally
from datasets_app.models import Project, Version
from datasets_app.selectors.leaks import leak_counts
from datasets_app.selectors.version import fixed_splits, groups_at, statistics
from datasets_app.services.label_tally import tally_at
from datasets_app.services.recipe import recipe_check
from datasets_app.splits import Assignment, SplitRule, split_assign

MAX_TRIES = 3


def version_preview(project: Project, *, rule: SplitRule) -> dict[str, Any]:
    """The statistics that a version made now would have."""
    return _Plan.of(project, rule).statistics()


def version_create(
    project: Project, *, author: Any, name: str, rule: SplitRule, notes: str = "", recipe: Any = None
) -> Version:
    """A version of the project's present state. Raises `DomainError` for a project without images or a bad recipe.

    The split is worked out without a lock; where somebody saved meanwhile it is worked out again, in the end under it.
    """
    if not name.strip():
        raise DomainError("bad_name", "A version needs a name.", fields={"name": "1 to 200 characters"})
    facts = {
        "author": author if author is not None and author.is_authenticated else None,
        "name": name.strip(),
        "notes": notes,
    }
    for _ in range(MAX_TRIES):
        project = Project.objects.get(pk=project.pk)
        plan = _Plan.of(project, rule)
        with transaction.atomic():
            locked = Project.objects.select_for_update().get(pk=project.pk)
            if locked.revision == project.revision:
                return _create(locked, plan, recipe=recipe, **facts)
    with transaction.atomic():
        locked = Project.objects.select_for_update().get(pk=project.pk)
        return _create(locked, _Plan.of(locked, rule), recipe=recipe, **facts)


def _create(project: Project, plan: _Plan, *, recipe: Any, **facts: Any) -> Version:
    if not len(plan.tally.counts.ids):
        raise DomainError("no_images", "There are no images yet; upload some, then make a version.")
    kept = recipe_check(project, recipe or {}).as_dict()
    newest = Version.objects.filter(project=project).aggregate(newest=Max("number"))["newest"] or 0
    return Version.objects.create(
        project=project,
        number=newest + 1,
        revision=project.revision,
        split=plan.rule.as_dict(),
        assignment=plan.assignment.pack(),
        recipe=kept,
        statistics=plan.statistics(),
        digest=_digest(project, plan, kept),
        **facts,
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a version made now would hold."""

    project: Project
    rule: SplitRule
    tally: Tally
    groups: Sequence[Group]
    assignment: Assignment

    @classmethod
    def of(cls, project: Project, rule: SplitRule) -> _Plan:
        tally = tally_at(project)
        try:
            groups = groups_at(project, rule)
        except PatternError as error:
            raise DomainError("bad_pattern", str(error)) from error
        fixed = _sticky(project, rule, tally)
        if rule.use_fixed:
            fixed |= fixed_splits(project)
        return cls(project, rule, tally, groups, split_assign(tally.counts, joined(groups), rule, fixed))

    def statistics(self) -> dict[str, Any]:
        return statistics(self.project, self.tally, self.assignment) | {
            "leaks": leak_counts(self.groups, self.assignment, self.rule)
        }


def _sticky(project: Project, rule: SplitRule, tally: Tally) -> dict[int, str]:
    """The split that images had in the version that the rule sticks to."""
    if rule.sticky is None:
        return {}
    version = Version.objects.filter(project=project, pk=rule.sticky).first()
    if version is None:
        raise DomainError("bad_split", "sticky: must be the id of a version of this project.")
    known = set(tally.counts.ids.tolist())
    kept = Assignment.unpack(bytes(version.assignment)).as_dict()
    return {image: split for image, split in kept.items() if image in known}


def _digest(project: Project, plan: _Plan, recipe: dict[str, Any]) -> str:
    """SHA-256 over the state's digest, the recipe, and the images' UUIDs in their order with the split of each."""
    order = plan.tally.order_by_uuid()
    content = hashlib.sha256(orjson.dumps([project.digest, len(order), recipe], option=orjson.OPT_SORT_KEYS))
    content.update(plan.tally.uuids[order].tobytes())
    content.update(plan.assignment.splits[order].tobytes())
    return content.hexdigest()
