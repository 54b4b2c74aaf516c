"""Background work of training: fetch, call a service, report."""

from __future__ import annotations

from typing import Any

from annotator.core.jobs import JobContext, job
from datasets_app.models import Project
from training_app.models import Evaluation, Run, TrainedModel
from training_app.services.auto_label import DRY_RUN_JOB as AUTO_LABEL_DRY_RUN
from training_app.services.auto_label import JOB as AUTO_LABEL
from training_app.services.auto_label import AutoLabelRequest, auto_label_run, auto_label_try
from training_app.services.evaluation import JOB as EVALUATE
from training_app.services.evaluation import evaluation_compute
from training_app.services.model_export import JOB as EXPORT_MODEL
from training_app.services.model_export import model_export_run
from training_app.services.model_upload import ADD_JOB as ADD_MODEL
from training_app.services.model_upload import INSPECT_JOB as INSPECT
from training_app.services.model_upload import model_add, upload_inspect
from training_app.services.prelabel_rules import PrelabelRules
from training_app.services.run import JOB as TRAIN
from training_app.services.training import run_train

# A worker may be restarted any number of times during a long training: each time it is continued.
TRAINING_ATTEMPTS = 100
# The same holds for a batch, which goes on where it was.
BATCH_ATTEMPTS = 20


@job(TRAIN, queue="gpu", title="Train", max_attempts=TRAINING_ATTEMPTS)
def train_job(ctx: JobContext, *, run: int, resume: bool) -> dict[str, Any]:
    row = Run.objects.select_related("project", "version").get(pk=run)
    return run_train(row, ctx=ctx, resume=resume or ctx.is_retry)


@job(EVALUATE, queue="gpu", title="Evaluate")
def evaluate_job(ctx: JobContext, *, evaluation: int) -> dict[str, Any]:
    row = Evaluation.objects.select_related("model", "version__project").get(pk=evaluation)
    return evaluation_compute(row, ctx=ctx)


@job(INSPECT, queue="cpu", title="Inspect a model")
def inspect_model_job(ctx: JobContext, *, project: int, upload: str) -> dict[str, Any]:
    return upload_inspect(Project.objects.get(pk=project), upload, ctx=ctx)


@job(ADD_MODEL, queue="cpu", title="Add a model")
def add_model_job(ctx: JobContext, **payload: Any) -> dict[str, Any]:
    return model_add(payload, ctx=ctx)


@job(AUTO_LABEL, queue="gpu", title="Pre-label", max_attempts=BATCH_ATTEMPTS)
def auto_label_job(ctx: JobContext, *, model: int, filter: dict[str, Any], rules: dict[str, Any]) -> dict[str, Any]:
    row = TrainedModel.objects.select_related("project").get(pk=model)
    return auto_label_run(AutoLabelRequest(row, filter, PrelabelRules.from_json(rules)), ctx=ctx)


@job(AUTO_LABEL_DRY_RUN, queue="gpu", title="Try pre-labelling")
def auto_label_dry_run_job(
    ctx: JobContext, *, model: int, filter: dict[str, Any], rules: dict[str, Any]
) -> dict[str, Any]:
    row = TrainedModel.objects.select_related("project").get(pk=model)
    return auto_label_try(AutoLabelRequest(row, filter, PrelabelRules.from_json(rules)), ctx=ctx)


@job(EXPORT_MODEL, queue="cpu", title="Export a model")
def export_model_job(ctx: JobContext, *, model: int, format: str) -> dict[str, Any]:
    row = TrainedModel.objects.select_related("project", "version").get(pk=model)
    return model_export_run(row, format_key=format, ctx=ctx)
