"""Writes of projects and their members."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from annotator.core.access import Role
from annotator.core.errors import DomainError
from datasets_app.models import Membership, Project, Task
from datasets_app.services.label_class import classes_add
from datasets_app.services.revision import revision_open


def project_create(
    *, author: Any, name: str, task: str, classes: Sequence[Mapping[str, Any]] = (), description: str = ""
) -> Project:
    """A new project with its classes; the author becomes its owner."""
    if not name.strip():
        raise DomainError("bad_name", "A project needs a name.", fields={"name": "1 to 200 characters"})
    if task not in Task.values:
        raise DomainError("bad_task", f"task: {task!r} is unknown; choose one of {', '.join(Task.values)}.")
    with transaction.atomic():
        project = Project.objects.create(name=name.strip(), task=task, description=description)
        Membership.objects.create(project=project, user=author, role=Role.OWNER)
        with revision_open(project.pk, author=author, kind="classes", message="Created the project") as door:
            classes_add(door, classes)
        project.refresh_from_db()
    return project


def project_update(project: Project, *, changes: Mapping[str, str]) -> Project:
    for field in ("name", "description"):
        if field in changes:
            setattr(project, field, changes[field])
    project.save(update_fields=("name", "description"))
    return project


def project_delete(project: Project) -> None:
    """Hides the project from everybody; purging rows and blobs is an administrator's separate act."""
    project.deleted_at = timezone.now()
    project.save(update_fields=("deleted_at",))


def member_set(project: Project, *, username: str, role: Role) -> Membership:
    """Gives a person a role in the project, or changes it. The last owner stays owner."""
    user = get_user_model().objects.filter(username=username, is_active=True).first()
    if user is None:
        raise DomainError(
            "no_such_user", f"There is no active user called {username!r}.", fields={"username": "unknown"}
        )
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=project.pk)
        member = Membership.objects.filter(project=project, user=user).first()
        if member is None:
            return Membership.objects.create(project=project, user=user, role=role)
        if role != Role.OWNER:
            _keep_an_owner(member)
        member.role = role
        member.save(update_fields=("role",))
        return member


def member_remove(member: Membership) -> None:
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=member.project_id)
        _keep_an_owner(member)
        member.delete()


def _keep_an_owner(member: Membership) -> None:
    others = Membership.objects.filter(project_id=member.project_id, role=Role.OWNER).exclude(pk=member.pk)
    if member.role == Role.OWNER and not others.exists():
        raise DomainError("last_owner", "A project keeps at least one owner; make somebody else an owner first.")
