"""`manage.py train PROJECT VERSION ARCHITECTURE`: the training of the API, from the shell."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from annotator.core.errors import DomainError
from datasets_app.management.commands._target import add_user_argument, find_project, find_user, find_version
from training_app.management.commands._inline import job_finish
from training_app.services.run import RunRequest, run_create


class Command(BaseCommand):
    help = "Trains an architecture on a version, waits for the end and prints what came out as JSON."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", help="Id or name.")
        parser.add_argument("dataset_version", metavar="version", help="Number or name of a version.")
        parser.add_argument("architecture", help="Key of the architecture.")
        parser.add_argument("--preset", default="", help="Key of one of its presets.")
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="KEY=VALUE",
            help="A setting that differs from the preset's, such as epochs=5; as often as wanted.",
        )
        parser.add_argument("--name", default="")
        add_user_argument(parser)

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        project = find_project(options["project"])
        wanted = RunRequest(
            version=find_version(project, options["dataset_version"]),
            architecture=options["architecture"],
            preset=options["preset"],
            config=dict(_setting(text) for text in options["set"]),
            name=options["name"],
        )
        try:
            run = run_create(wanted, author=find_user(options["user"]))
        except DomainError as error:
            raise CommandError(error.detail) from error
        result = {"run": run.pk, **(job_finish(run.job) if run.job is not None else {})}
        self.stdout.write(orjson.dumps(result, option=orjson.OPT_INDENT_2).decode())


def _setting(text: str) -> tuple[str, Any]:
    """`epochs=5` → (`epochs`, 5); what is not JSON is taken as a word."""
    key, mark, value = text.partition("=")
    if not mark:
        raise CommandError(f"--set {text}: write it as KEY=VALUE.")
    try:
        return key, orjson.loads(value)
    except orjson.JSONDecodeError:
        return key, value
