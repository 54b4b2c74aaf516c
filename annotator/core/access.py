"""The only road from a request to a row: roles per project, and nothing of other projects is ever seen.

A model says by `project_path` how its rows reach their project (`""` for the project itself). A stranger gets 404; a
member whose role is too low gets 403. Superusers act as owners everywhere.
"""

from __future__ import annotations

from typing import Any, ClassVar, Protocol, TypeVar

from django.db import models
from django.db.models import F, QuerySet, Value

from annotator.core.errors import ForbiddenError, NotFoundError


class Role(models.IntegerChoices):
    """What a member may do; each role may do all that the lower ones may."""

    VIEWER = 10, "viewer"
    ANNOTATOR = 20, "annotator"
    REVIEWER = 30, "reviewer"
    MANAGER = 40, "manager"
    OWNER = 50, "owner"


class ProjectScoped(Protocol):
    """A model whose rows belong to a project."""

    project_path: ClassVar[str]


M = TypeVar("M", bound=models.Model)


def _prefix(model: type[models.Model]) -> str:
    path: str = model.project_path  # type: ignore[attr-defined]  # checked by tests/architecture for every scoped model
    return f"{path}__" if path else ""


def visible(user: Any, model: type[M], role: Role = Role.VIEWER) -> QuerySet[M]:
    """The rows of `model` that `user` may see with at least `role`, each with its `access_role`."""
    prefix = _prefix(model)
    rows: Any = model._default_manager.filter(**{f"{prefix}deleted_at__isnull": True})
    if user.is_superuser:
        everything: QuerySet[M] = rows.annotate(access_role=Value(int(Role.OWNER), output_field=models.IntegerField()))
        return everything
    membership = {f"{prefix}memberships__user": user.pk, f"{prefix}memberships__role__gte": int(role)}
    own: QuerySet[M] = rows.filter(**membership).annotate(access_role=F(f"{prefix}memberships__role"))
    return own


def get_for(user: Any, model: type[M], pk: Any, role: Role = Role.VIEWER, *related: str) -> M:
    """The row `pk` if `user` may see it and has `role`. Raises `NotFoundError` or `ForbiddenError`."""
    rows = visible(user, model).select_related(*related) if related else visible(user, model)
    row = rows.filter(pk=pk).first()
    noun = str(model._meta.verbose_name)
    if row is None:
        raise NotFoundError("not_found", f"There is no {noun} {pk}, or you may not see it.")
    if row.access_role < role:  # type: ignore[attr-defined]  # annotated by visible()
        raise ForbiddenError(
            "role_too_low",
            f"This needs the role {role.label}; yours in this project is {Role(row.access_role).label}.",  # type: ignore[attr-defined]
        )
    return row
