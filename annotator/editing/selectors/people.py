"""People as the API names them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from annotator.core.access import Role
from annotator.core.errors import DomainError
from datasets_app.models import Project


def name_of(user: Any) -> str | None:
    return None if user is None else str(user.get_username())


def members_named(project: Project, names: Iterable[str], role: Role) -> list[Any]:
    """The members of the project with those names. Raises `DomainError` for a name that has not the role in it."""
    wanted = list(dict.fromkeys(names))
    rows = project.memberships.filter(user__username__in=wanted, role__gte=int(role)).select_related("user")
    found = {name_of(row.user): row.user for row in rows}
    missing = [name for name in wanted if name not in found]
    if missing or not wanted:
        who = f"{', '.join(missing)} cannot" if missing else "nobody is named who could"
        raise DomainError(
            "bad_people",
            f"people: {who} do this; name members with the role {role.label} or a higher one.",
            fields={"people": f"members with the role {role.label}"},
        )
    return [found[name] for name in wanted]
