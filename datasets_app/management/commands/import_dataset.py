"""`manage.py import_dataset PROJECT PATH`: the import of the API, from a folder or file on this machine."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from annotator.core.errors import DomainError
from datasets_app.management.commands._target import add_user_argument, find_project, find_user
from datasets_app.services.imports import MODES, ImportRequest, import_run


class Command(BaseCommand):
    help = "Imports a data set as one operation and prints what went in, was mended and was refused, as JSON."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", help="Id or name.")
        parser.add_argument("path", type=Path, help="A folder, an archive or a label file.")
        parser.add_argument("--format", default="", help="Key of the format; found out from the content if left out.")
        parser.add_argument(
            "--mode", default="merge", choices=list(MODES), help="What becomes of labels that are there."
        )
        parser.add_argument("--pictures", type=Path, help="Folder with the pictures that the file names.")
        parser.add_argument("--dry-run", action="store_true", help="Only says what would happen.")
        add_user_argument(parser)

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"]
        if not path.exists():
            raise CommandError(f"{path} does not exist.")
        request = ImportRequest(
            find_project(options["project"]),
            path,
            options["format"],
            options["dry_run"],
            options["mode"],
            pictures=options["pictures"],
        )
        try:
            result = import_run(
                request, author=find_user(options["user"]), key=f"command-{uuid4()}", progress=self._tell
            )
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(orjson.dumps(result, option=orjson.OPT_INDENT_2).decode())

    def _tell(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done} / {total if total >= 0 else '?'} images", ending="")
