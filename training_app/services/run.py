"""Starting, stopping, resuming and extending trainings: rows and jobs; the training itself is `training.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from annotator.core import jobs
from annotator.core.errors import ConflictError, DomainError
from annotator.core.models import JobState
from annotator.core.registry import Entry
from datasets_app.models import Version
from datasets_app.services.recipe import version_recipe
from training_app.architectures.catalog import ARCHITECTURES
from training_app.engine.config import ConfigError, config_to_json, train_config
from training_app.models import Run
from training_app.selectors.architecture import weights_reason

JOB = "training.run"
WHOLE_PICTURE = "classification"
"""The task whose labels are said about whole pictures."""
WHOLE = frozenset({"completed", "early_stopped"})
"""Reasons after which only more epochs can continue a run."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What to train: settings in `config` lie over those of the preset, these over the architecture's own."""

    version: Version
    architecture: str
    preset: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""


def run_create(wanted: RunRequest, *, author: Any) -> Run:
    """A run and the job that trains it. Raises `DomainError` for what could only fail."""
    entry = _entry(wanted.architecture)
    task = entry.facts["task"]
    config = _config(task, _preset(entry, wanted.preset) | dict(wanted.config), entry)
    _check_labels(wanted.version)
    _check_recipe(wanted.version, task)
    if config["pretrained"] and (reason := weights_reason(entry)):
        raise ConflictError(
            "weights_missing",
            f"{reason} Or train from scratch: set `pretrained` to false.",
            fields={"config": {"pretrained": "false, until the weights are here"}},
            extra={"weights": list(entry.facts["weights"])},
        )
    version = wanted.version
    with transaction.atomic():
        count = Run.objects.filter(project_id=version.project_id).count()
        run = Run.objects.create(
            project_id=version.project_id,
            version=version,
            name=wanted.name.strip() or f"{entry.title} {count + 1}",
            task=task,
            architecture=entry.key,
            preset=wanted.preset,
            config=config,
            epochs=config["epochs"],
            created_by=author if author is not None and author.is_authenticated else None,
        )
        return _enqueue(run, author, resume=False)


def run_stop(run: Run) -> Run:
    """Asks the training to end with its best kept; one that has not begun is cancelled."""
    if run.job is None or run.job.is_finished:
        raise ConflictError("not_running", f"{run.name} is not running.")
    if run.job.state == JobState.QUEUED:
        jobs.cancel(run.job)
    else:
        Run.objects.filter(pk=run.pk).update(stop_requested=True)
    return run


def run_resume(run: Run, *, author: Any) -> Run:
    """Continues a run that was stopped, cancelled or failed. Raises `ConflictError`."""
    with transaction.atomic():
        run = _lock(run)
        if run.reason in WHOLE:
            raise ConflictError("run_complete", f"{run.name} is complete; extend it by some epochs to train on.")
        return _enqueue(run, author, resume=True)


def run_extend(run: Run, *, author: Any, epochs: int) -> Run:
    """Adds epochs to a run that is not running and continues it, with its patience renewed."""
    with transaction.atomic():
        run = _lock(run)
        run.config = _config(run.task, {**run.config, "epochs": run.epochs + epochs}, _entry(run.architecture))
        run.epochs = run.config["epochs"]
        return _enqueue(run, author, resume=True)


def _lock(run: Run) -> Run:
    """The row, held until the transaction ends, so that of two people who resume it only one does."""
    # Postgres cannot lock the far side of an outer join, hence `of`.
    row = Run.objects.select_for_update(of=("self",)).select_related("job").get(pk=run.pk)
    if row.job is not None and not row.job.is_finished:
        raise ConflictError("run_running", f"{row.name} is running already.")
    return row


def _enqueue(run: Run, author: Any, *, resume: bool) -> Run:
    payload = {"run": run.pk, "resume": resume}
    title = f"Train {run.name}"[:200]
    run.job = jobs.enqueue(JOB, payload, project_id=run.project_id, user=author, title=title)
    run.attempt, run.stop_requested, run.reason, run.eta_seconds = 0, False, "", None
    run.save()
    return run


def _entry(key: str) -> Entry:
    if key not in ARCHITECTURES:
        known = ", ".join(ARCHITECTURES.keys())
        raise DomainError(
            "unknown_architecture",
            f"architecture: there is no {key!r}; choose one of {known}.",
            fields={"architecture": f"one of {known}"},
        )
    return ARCHITECTURES.get_entry(key)


def _preset(entry: Entry, key: str) -> dict[str, Any]:
    if not key:
        return {}
    found = {preset["key"]: preset["config"] for preset in entry.facts["presets"]}
    if key not in found:
        known = ", ".join(found)
        raise DomainError(
            "unknown_preset",
            f"preset: {entry.title} has no {key!r}; choose one of {known}.",
            fields={"preset": f"one of {known}"},
        )
    return dict(found[key])


def _config(task: str, given: Mapping[str, Any], entry: Entry) -> dict[str, Any]:
    try:
        return config_to_json(train_config(task, given, entry.facts["defaults"]))
    except ConfigError as error:
        raise DomainError("bad_config", str(error), fields={"config": error.fields}) from error


def _check_recipe(version: Version, task: str) -> None:
    """A tag says something about the whole picture: a part of it may show nothing of that."""
    recipe = version_recipe(version.recipe)
    if task == WHOLE_PICTURE and any(step.facts.cuts for step in recipe.steps):
        raise DomainError(
            "bad_recipe",
            f"version: the recipe of {version.name} cuts pictures into tiles, which cannot be classified one by one; "
            "make a version without tiles.",
            fields={"version": "one whose recipe does not cut pictures"},
        )


def _check_labels(version: Version) -> None:
    split = version.statistics.get("splits", {}).get("train", {})
    if not split.get("annotations"):
        raise DomainError(
            "no_labels",
            f"version: the training split of {version.name} holds no labels; label some images and make a new version.",
            fields={"version": "one with labels in its training split"},
        )
