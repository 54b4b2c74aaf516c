"""Finds what a command names: a project, a version, the person that it acts for."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError

from datasets_app.models import Project, Version


def add_user_argument(parser: ArgumentParser) -> None:
    parser.add_argument("--user", help="User name that the revision is recorded under.")


def find_user(name: str | None) -> Any:
    if name is None:
        return None
    user = get_user_model().objects.filter(username=name).first()
    if user is None:
        raise CommandError(f"There is no user called {name!r}.")
    return user


def find_project(text: str) -> Project:
    """By id, or by a name that only one project has."""
    rows = Project.objects.filter(deleted_at__isnull=True)
    found = list(rows.filter(pk=int(text)) if text.isdigit() else rows.filter(name=text))
    if len(found) != 1:
        names = ", ".join(f"{project.pk} {project.name}" for project in rows[:20])
        raise CommandError(f"{text!r} names {len(found)} projects; name one by its id. There are: {names or 'none'}.")
    return found[0]


def find_version(project: Project, text: str) -> Version:
    rows = Version.objects.filter(project=project)
    found = rows.filter(number=int(text)).first() if text.isdigit() else rows.filter(name=text).first()
    if found is None:
        names = ", ".join(f"{version.number} {version.name}" for version in rows)
        raise CommandError(f"There is no version {text!r}; there are: {names or 'none'}.")
    return found
