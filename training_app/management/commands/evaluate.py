"""`manage.py evaluate MODEL VERSION SPLIT`: the evaluation of the API, from the shell."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError
from typing_extensions import override

from annotator.core.errors import DomainError
from datasets_app.ir import SPLITS
from datasets_app.management.commands._target import add_user_argument, find_user, find_version
from training_app.management.commands._inline import job_finish
from training_app.models import Evaluation, TrainedModel
from training_app.selectors.evaluation import brief_figures
from training_app.services.evaluation import evaluation_start


class Command(BaseCommand):
    help = "Evaluates a model on a split of a version, waits for the end and prints the summary as JSON."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("model", type=int, help="Id.")
        parser.add_argument("dataset_version", metavar="version", help="Number or name of a version of its project.")
        parser.add_argument("split", choices=SPLITS)
        add_user_argument(parser)

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        model = TrainedModel.objects.select_related("project").filter(pk=options["model"]).first()
        if model is None:
            known = ", ".join(f"{row.pk} {row.name}" for row in TrainedModel.objects.all()[:20])
            raise CommandError(f"There is no model {options['model']}; there are: {known or 'none'}.")
        version = find_version(model.project, options["dataset_version"])
        author = find_user(options["user"])
        try:
            evaluation = evaluation_start(model, author=author, version=version, split=options["split"])
        except DomainError as error:
            raise CommandError(error.detail) from error
        if evaluation.job is not None and not evaluation.job.is_finished:
            job_finish(evaluation.job)
        evaluation = Evaluation.objects.get(pk=evaluation.pk)
        figures = brief_figures(evaluation)
        told = {name: figures[name] for name in ("threshold", "iou", "images", "summary")}
        self.stdout.write(orjson.dumps({"evaluation": evaluation.pk, **told}, option=orjson.OPT_INDENT_2).decode())
