"""Keeping the best checkpoint of a run as a model, and naming models."""

from __future__ import annotations

import shutil
from typing import Any

from django.db import transaction

from annotator.core.errors import DomainError
from datasets_app.models import LabelClass
from training_app.models import Run, TrainedModel
from training_app.selectors.files import checkpoint_facts, find_checkpoint, folder_size, model_folder


def model_keep(run: Run) -> TrainedModel | None:
    """The model of the run's best checkpoint, made now unless it is there; None where no epoch was finished."""
    source = find_checkpoint(run.pk, "best")
    if source is None:
        return None
    facts = checkpoint_facts(source)
    with transaction.atomic():
        run = Run.objects.select_for_update(of=("self",)).get(pk=run.pk)
        found = TrainedModel.objects.filter(run=run, epoch=facts["epoch"]).first()
        if found is not None:
            return found
        is_first = not TrainedModel.objects.filter(run=run).exists()
        model = TrainedModel.objects.create(
            project_id=run.project_id,
            run=run,
            version_id=run.version_id,
            name=run.name if is_first else f"{run.name[:180]}, epoch {facts['epoch']}",
            task=run.task,
            architecture=run.architecture,
            epoch=facts["epoch"],
            classes=_classes(run, facts["classes"]),
            metrics=facts["metrics"],
            size=folder_size(source),
            created_by_id=run.created_by_id,
        )
        # Inside the transaction: a row is only seen when its files are there.
        target = model_folder(model.pk)
        fresh = target.with_name(f".{target.name}.new")
        for leftover in (fresh, target):
            shutil.rmtree(leftover, ignore_errors=True)
        shutil.copytree(source, fresh)
        fresh.rename(target)
    return model


def model_rename(model: TrainedModel, *, name: str | None = None) -> TrainedModel:
    if name is not None:
        if not name.strip():
            raise DomainError("bad_name", "A model needs a name.", fields={"name": "1 to 200 characters"})
        model.name = name.strip()
        model.save(update_fields=("name",))
    return model


def _classes(run: Run, facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    numbers = [row["number"] for row in facts]
    rows = LabelClass.objects.filter(project_id=run.project_id, number__in=numbers)
    ids = dict(rows.values_list("number", "pk"))
    return [{"id": ids[row["number"]], **row} for row in facts]
