"""Names a revision: nothing is copied; the split is computed once and kept."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from django.db import transaction
from django.db.models import Max

from annotator.core.errors import DomainError
from datasets_app.models import Project, Version
from datasets_app.selectors.version import fixed_splits, image_uuids, label_counts, split_groups, statistics
from datasets_app.services.recipe import recipe_check
from datasets_app.splits import Assignment, LabelCounts, SplitRule, split_assign


def version_preview(project: Project, *, rule: SplitRule) -> dict[str, Any]:
    """The statistics that a version made now would have."""
    counts = label_counts(project)
    return statistics(project, counts, _assign(project, counts, rule))


def version_create(
    project: Project, *, author: Any, name: str, rule: SplitRule, notes: str = "", recipe: Any = None
) -> Version:
    """A version of the project's present state. Raises `DomainError` for a project without images or a bad recipe."""
    if not name.strip():
        raise DomainError("bad_name", "A version needs a name.", fields={"name": "1 to 200 characters"})
    with transaction.atomic():
        project = Project.objects.select_for_update().get(pk=project.pk)
        counts = label_counts(project)
        if not len(counts.ids):
            raise DomainError("no_images", "There are no images yet; upload some, then make a version.")
        assignment = _assign(project, counts, rule)
        kept = recipe_check(project, recipe or {}).as_dict()
        newest = Version.objects.filter(project=project).aggregate(newest=Max("number"))["newest"] or 0
        return Version.objects.create(
            project=project,
            number=newest + 1,
            name=name.strip(),
            notes=notes,
            revision=project.revision,
            author=author if author is not None and author.is_authenticated else None,
            split=rule.as_dict(),
            assignment=assignment.pack(),
            recipe=kept,
            statistics=statistics(project, counts, assignment),
            digest=_digest(project, assignment, kept),
        )


def _assign(project: Project, counts: LabelCounts, rule: SplitRule) -> Assignment:
    fixed = fixed_splits(project) if rule.use_fixed else {}
    return split_assign(counts, split_groups(project, rule.group_by), rule, fixed)


def _digest(project: Project, assignment: Assignment, recipe: dict[str, Any]) -> str:
    """SHA-256 over the state's digest, the split of each image UUID, and the recipe where there is one."""
    split_of = dict(zip(assignment.ids.tolist(), assignment.splits.tolist(), strict=True))
    splits = [(key, split_of[image]) for image, key in image_uuids(project) if image in split_of]
    content = [project.digest, splits, recipe] if recipe else [project.digest, splits]
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
