"""Recipes as the API asks for them: checked against a project's classes, and previewed by a worker."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from annotator.core import jobs
from annotator.core.errors import DomainError, UnavailableError
from annotator.core.models import Job, JobState
from datasets_app.models import Image, Project
from datasets_app.recipes.recipe import Recipe, RecipeError, check_classes, read_recipe
from datasets_app.selectors.label_class import class_states

PREVIEW = "datasets.recipe_preview"
WAIT_SECONDS = 60.0
KEEP_UNREAD = timedelta(minutes=10)


def recipe_check(project: Project, value: Any) -> Recipe:
    """The recipe in a body. Raises `DomainError` naming the field that is wrong."""
    try:
        recipe = read_recipe(value)
        check_classes(recipe, (state.name for state in class_states(project.pk, revision=project.revision)))
    except RecipeError as error:
        field = f"recipe.{error.field}" if error.field else "recipe"
        raise DomainError("bad_recipe", str(error), fields={field: str(error)}) from None
    return recipe


def recipe_preview(project: Project, *, user: Any, recipe: Any, image: Image | None) -> dict[str, Any]:
    """`{samples}` from a worker: what becomes of one image in several copies, or of several images."""
    checked = recipe_check(project, recipe)
    _forget_unread()
    payload = {"project": project.pk, "image": None if image is None else image.pk, "recipe": checked.as_dict()}
    row = jobs.enqueue(PREVIEW, payload, project_id=project.pk, user=user, is_ephemeral=True)
    jobs.wait_for(row, seconds=WAIT_SECONDS, poll_seconds=0.01)
    if not row.is_finished:
        if jobs.cancel(row).is_finished:
            row.delete()
        raise UnavailableError(
            "no_worker", f"No worker finished the preview within {WAIT_SECONDS:g} s: all are busy, or none is running."
        )
    row.delete()
    if row.state != JobState.SUCCEEDED:
        raise DomainError(row.error_code, row.error_detail)
    answer: dict[str, Any] = row.result or {}
    return answer


def version_recipe(value: Mapping[str, Any]) -> Recipe:
    """The recipe that a version keeps. Raises `DomainError` where this installation cannot carry it out any more."""
    try:
        return read_recipe(value)
    except RecipeError as error:
        raise DomainError("bad_recipe", f"The version's recipe cannot be carried out here. {error}") from None


def changes_pictures(recipe: Recipe) -> bool:
    """Whether what is trained on and exported differs from the stored pictures."""
    return any(not step.facts.labels_only for step in recipe.steps)


def _forget_unread() -> None:
    """Deletes the rows of answers that nobody waited for."""
    old = timezone.now() - KEEP_UNREAD
    Job.objects.filter(kind=PREVIEW, is_ephemeral=True, finished_at__lt=old).delete()
