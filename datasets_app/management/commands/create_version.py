"""`manage.py create_version PROJECT NAME`: names the present state of a project."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from annotator.core.errors import DomainError
from datasets_app.management.commands._target import add_user_argument, find_project, find_user
from datasets_app.services.version import version_create
from datasets_app.splits import SplitRule


class Command(BaseCommand):
    help = "Makes a version of the present state and prints its statistics as JSON."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", help="Id or name.")
        parser.add_argument("name")
        parser.add_argument("--train", type=float, default=SplitRule().train)
        parser.add_argument("--val", type=float, default=SplitRule().val)
        parser.add_argument("--test", type=float, default=SplitRule().test)
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--group-by", default="duplicate", choices=("group", "duplicate", "none"))
        parser.add_argument(
            "--use-fixed", action="store_true", help="Keep the splits that an import or a person fixed."
        )
        parser.add_argument("--recipe", type=Path, help="A JSON file with the recipe, as the API takes it.")
        add_user_argument(parser)

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        names = ("train", "val", "test", "seed", "group_by", "use_fixed")
        try:
            rule = SplitRule(**{name: options[name] for name in names})
            version = version_create(
                find_project(options["project"]),
                author=find_user(options["user"]),
                name=options["name"],
                rule=rule,
                recipe=orjson.loads(options["recipe"].read_bytes()) if options["recipe"] else None,
            )
        except (DomainError, ValueError, OSError) as error:
            raise CommandError(str(error)) from error
        body = {"number": version.number, "revision": version.revision, "digest": version.digest}
        self.stdout.write(orjson.dumps(body | {"statistics": version.statistics}, option=orjson.OPT_INDENT_2).decode())
