"""`manage.py verify_digests`: recomputes the digest of every revision that a version names, from its rows."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from datasets_app.management.commands._target import find_project
from datasets_app.models import Project, Revision
from datasets_app.services.digest import state_digest


class Command(BaseCommand):
    help = "Checks that the stored content of every version, and of the present state, is what its digest says."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", nargs="?", help="Id or name; default: all projects.")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        name = options["project"]
        projects = [find_project(name)] if name else list(Project.objects.all())
        wrong = [line for project in projects for line in self._check(project)]
        if wrong:
            raise CommandError("\n".join(wrong))

    def _check(self, project: Project) -> list[str]:
        numbers = {project.revision, *project.versions.values_list("revision", flat=True)} - {0}
        wrong = []
        for revision in Revision.objects.filter(project=project, number__in=numbers).order_by("number"):
            found = state_digest(project, revision=revision.number)
            is_right = found == revision.digest
            self.stdout.write(f"{project.name}, revision {revision.number}: {'ok' if is_right else 'DIFFERENT'}")
            if not is_right:
                wrong.append(f"{project.name}, revision {revision.number}: kept {revision.digest}, found {found}.")
        return wrong
