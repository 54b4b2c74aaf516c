"""Pre-labelling: lets a model propose labels for images; what it proposes appears whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db import transaction

from annotator.core import jobs
from annotator.core.errors import DomainError
from annotator.core.geometry.base import ShapeError
from annotator.core.geometry.shapes import canonical
from annotator.core.jobs import JobContext
from annotator.core.models import Job
from datasets_app.models import Image, ImageStatus, Project
from datasets_app.selectors.image import ImageFilter, image_ids
from datasets_app.selectors.label_class import class_states
from training_app.models import Prediction, PredictionBatch, PredictionState, TrainedModel
from training_app.selectors.prediction import with_state
from training_app.services.pictures import picture_file
from training_app.services.predicting import predictions_made

JOB = "training.auto_label"
MIN_SCORE = 0.2
CHUNK = 500
UNLABELLED = {"state": ImageStatus.UNLABELLED.value}


@dataclass(frozen=True, slots=True)
class AutoLabelRequest:
    """Which model looks at which images; `params` are those of the grid's URL."""

    model: TrainedModel
    params: Mapping[str, Any]
    min_score: float


def auto_label_start(
    model: TrainedModel, *, author: Any, params: Mapping[str, Any] | None = None, min_score: float | None = None
) -> Job:
    """The job that does it. Raises `DomainError` for a filter that means nothing or lets no image pass."""
    chosen = dict(UNLABELLED if params is None else params)
    if not image_ids(model.project, ImageFilter.from_params(chosen)):
        raise DomainError(
            "no_images",
            "filter: no image passes; by default only images without labels do.",
            fields={"filter": "another"},
        )
    payload = {"model": model.pk, "filter": chosen, "min_score": MIN_SCORE if min_score is None else min_score}
    title = f"Pre-label with {model.name}"[:200]
    return jobs.enqueue(JOB, payload, project_id=model.project_id, user=author, title=title)


def auto_label_run(wanted: AutoLabelRequest, *, ctx: JobContext) -> dict[str, Any]:
    """Predicts and stores one batch; answers `{batch, images, predictions}`. Called again, it answers the same."""
    done = PredictionBatch.objects.filter(job_id=ctx.job_id).first()
    if done is not None:
        return _answer(done)
    model = wanted.model
    ctx.progress(0, -1, "images")
    images = _images(model.project, image_ids(model.project, ImageFilter.from_params(wanted.params)))
    pictures = {pk: picture_file(image) for pk, image in images.items()}
    config = {"min_score": wanted.min_score}
    with predictions_made(model, pictures, ctx=ctx, config=config) as lines:
        rows, dropped = _rows(model, images, lines)
    ctx.check_cancelled()
    author = Job.objects.select_related("created_by").get(pk=ctx.job_id).created_by
    with transaction.atomic():
        batch = PredictionBatch.objects.create(
            project_id=model.project_id,
            model=model,
            job_id=ctx.job_id,
            filter=dict(wanted.params),
            min_score=wanted.min_score,
            images=len(images),
            predictions_made=len(rows),
            dropped=dropped,
            created_by=author,
        )
        _replace_pending(model.project, list(images))
        for row in rows:
            row.batch = batch
        Prediction.objects.bulk_create(rows, batch_size=CHUNK)
    return _answer(batch)


def _answer(batch: PredictionBatch) -> dict[str, Any]:
    facts = {"batch": batch.pk, "images": batch.images, "predictions": batch.predictions_made}
    return facts | ({"dropped": batch.dropped} if batch.dropped else {})


def _images(project: Project, ids: Sequence[int]) -> dict[int, Image]:
    found: dict[int, Image] = {}
    for start in range(0, len(ids), CHUNK):
        found |= Image.objects.filter(project=project).in_bulk(ids[start : start + CHUNK])
    return found


def _replace_pending(project: Project, images: Sequence[int]) -> None:
    """What nobody has decided about yet gives way to the new batch, so that an object is never proposed twice."""
    for start in range(0, len(images), CHUNK):
        rows = with_state(Prediction.objects.filter(image_id__in=images[start : start + CHUNK]), project.pk)
        keys = list(rows.filter(state_now=PredictionState.PENDING).values_list("pk", flat=True))
        for first in range(0, len(keys), CHUNK):
            Prediction.objects.filter(pk__in=keys[first : first + CHUNK]).delete()


def _rows(
    model: TrainedModel, images: Mapping[int, Image], lines: Iterable[Mapping[str, Any]]
) -> tuple[list[Prediction], int]:
    """Unsaved rows, and how many predictions were left out because their class was retired."""
    live = {state.label_class_id for state in class_states(model.project_id)}
    class_ids = {row["number"]: row["id"] for row in model.classes if row["id"] in live}
    rows: list[Prediction] = []
    dropped = 0
    for line in lines:
        for found in _proposed(line["predictions"]):
            label_class = class_ids.get(found["class_number"])
            if label_class is None:
                dropped += 1
                continue
            row = _row(images[line["number"]], found)
            if row is not None:
                row.label_class_id = label_class
                rows.append(row)
    return rows, dropped


def _proposed(predictions: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Every object, but of the tags only the best: an image has one class."""
    has_tag = False
    for found in predictions:
        is_tag = found["shape"]["type"] == "tag"
        if not (is_tag and has_tag):
            yield found
        has_tag = has_tag or is_tag


def _row(image: Image, found: Mapping[str, Any]) -> Prediction | None:
    """None for a shape that nothing is left of inside the picture."""
    try:
        shape = canonical(found["shape"], image.width, image.height)
    except ShapeError:
        return None
    x, y, width, height = shape.box
    return Prediction(
        image=image,
        uuid=uuid4(),
        type=shape.type,
        shape=shape.json,
        x=x,
        y=y,
        width=width,
        height=height,
        area=shape.area,
        score=min(1.0, max(0.0, float(found["score"]))),
    )
