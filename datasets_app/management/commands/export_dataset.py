"""`manage.py export_dataset PROJECT FORMAT FILE`: the export of the API, to a file on this machine."""

from __future__ import annotations

import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from annotator.core.errors import DomainError
from datasets_app.management.commands._target import find_project, find_version
from datasets_app.services.exports import ExportRequest, export_file, export_write


class Command(BaseCommand):
    help = "Writes a version, a revision or the present state of a project in a format."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("project", help="Id or name.")
        parser.add_argument("format", help="Key of the format, such as coco.")
        parser.add_argument("target", type=Path, help="Folder that the file is put into.")
        parser.add_argument("--dataset-version", help="Number or name of a version; default: the present state.")
        parser.add_argument("--revision", type=int, help="Number of a revision.")
        parser.add_argument("--images", action="store_true", help="With the pictures.")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        project = find_project(options["project"])
        name = options["dataset_version"]
        version = None if name is None else find_version(project, name)
        request = ExportRequest(project, options["format"], version, options["revision"], options["images"])
        try:
            result = export_write(request, key=f"command-{uuid4()}")
        except DomainError as error:
            raise CommandError(error.detail) from error
        options["target"].mkdir(parents=True, exist_ok=True)
        source = export_file(result["artefact"])
        target = options["target"] / source.name
        shutil.copyfile(source, target)
        self.stdout.write(orjson.dumps(result | {"path": str(target)}, option=orjson.OPT_INDENT_2).decode())
