"""Pre-labelling: lets a model propose labels for images; what it proposes appears whole or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from django.db import transaction

from annotator.core import jobs
from annotator.core.errors import DomainError
from annotator.core.jobs import JobContext
from annotator.core.models import Job
from datasets_app.models import Image, ImageStatus, Project
from datasets_app.selectors.image import ImageFilter, image_ids
from training_app.models import Prediction, PredictionBatch, PredictionState, TrainedModel
from training_app.proposals import Proposal, sift
from training_app.selectors.prediction import with_state
from training_app.services.pictures import picture_file
from training_app.services.predicting import Pace, predictions_made
from training_app.services.prelabel_rules import PrelabelRules, boxes_of_class, rules_read

JOB = "training.auto_label"
DRY_RUN_JOB = "training.auto_label_dry_run"
CHUNK = 500
DRY_RUN_IMAGES = 20
UNLABELLED = {"state": ImageStatus.UNLABELLED.value}


@dataclass(frozen=True, slots=True)
class AutoLabelRequest:
    """Which model looks at which images, and by which rules; `params` are those of the grid's URL."""

    model: TrainedModel
    params: Mapping[str, Any]
    rules: PrelabelRules


def auto_label_start(
    model: TrainedModel,
    *,
    author: Any,
    params: Mapping[str, Any] | None = None,
    said: Mapping[str, Any] | None = None,
    is_dry_run: bool = False,
) -> Job:
    """The job that does it. Raises `DomainError` for a filter or rules that mean nothing or let no image pass."""
    chosen = dict(UNLABELLED if params is None else params)
    rules = rules_read(model, said or {})
    if not image_ids(model.project, ImageFilter.from_params(chosen)):
        raise DomainError(
            "no_images",
            "filter: no image passes; by default only images without labels do.",
            fields={"filter": "another"},
        )
    payload = {"model": model.pk, "filter": chosen, "rules": rules.to_json()}
    title = f"{'Try' if is_dry_run else 'Pre-label with'} {model.name}"[:200]
    kind = DRY_RUN_JOB if is_dry_run else JOB
    return jobs.enqueue(kind, payload, project_id=model.project_id, user=author, title=title)


def auto_label_run(wanted: AutoLabelRequest, *, ctx: JobContext) -> dict[str, Any]:
    """Predicts and stores one batch; answers `{batch, images, predictions, left_out}`. Called again, the same."""
    done = PredictionBatch.objects.filter(job_id=ctx.job_id).first()
    if done is not None:
        return _answer(done)
    model = wanted.model
    ctx.progress(0, -1, "images")
    images = _images(model.project, image_ids(model.project, ImageFilter.from_params(wanted.params)))
    rules = wanted.rules.only_live(model.project_id)
    sifted = _Sifting(rules, images)
    rows: list[Prediction] = []
    with _predicted(model, images, rules, ctx, Pace()) as lines:
        for image, proposals in sifted.each(lines):
            rows += [_row(image, proposal) for proposal in proposals]
    ctx.check_cancelled()
    author = Job.objects.select_related("created_by").get(pk=ctx.job_id).created_by
    with transaction.atomic():
        batch = PredictionBatch.objects.create(
            project_id=model.project_id,
            model=model,
            job_id=ctx.job_id,
            filter=dict(wanted.params),
            min_score=rules.rules.min_score,
            rules={**wanted.rules.to_json(), "left_out": dict(sifted.left_out)},
            images=len(images),
            predictions_made=len(rows),
            dropped=sifted.left_out["unmapped"],
            created_by=author,
        )
        _replace_pending(model.project, list(images))
        for row in rows:
            row.batch = batch
        Prediction.objects.bulk_create(rows, batch_size=CHUNK)
    return _answer(batch)


def auto_label_try(wanted: AutoLabelRequest, *, ctx: JobContext) -> dict[str, Any]:
    """What a batch would do, tried on twenty of its images; stores nothing.

    `{images, total, predictions, per_class, left_out, estimate: {seconds, predictions}, samples}`: a sample is
    `{image, name, width, height, predictions: [{class, score, type, box}]}`.
    """
    model = wanted.model
    ctx.progress(0, -1, "images")
    ids = image_ids(model.project, ImageFilter.from_params(wanted.params))
    images = _images(model.project, spread(ids, DRY_RUN_IMAGES))
    rules = wanted.rules.only_live(model.project_id)
    sifted, pace = _Sifting(rules, images), Pace()
    samples: list[dict[str, Any]] = []
    per_class: Counter[str] = Counter()
    with _predicted(model, images, rules, ctx, pace) as lines:
        for image, proposals in sifted.each(lines):
            per_class.update(str(row.label_class) for row in proposals)
            found = [
                {"class": row.label_class, "score": row.score, "box": row.shape.box, "type": row.shape.type}
                for row in proposals
            ]
            size = {"width": image.width, "height": image.height}
            samples.append({"image": image.pk, "name": image.name, **size, "predictions": found})
    made, looked_at = sum(per_class.values()), max(1, len(images))
    return {
        "images": len(images),
        "total": len(ids),
        "predictions": made,
        "per_class": dict(per_class),
        "left_out": dict(sifted.left_out),
        "estimate": {
            "seconds": round(pace.start_seconds + pace.seconds / looked_at * len(ids), 1),
            "predictions": round(made / looked_at * len(ids)),
        },
        "samples": samples,
    }


def spread(ids: Sequence[int], count: int) -> list[int]:
    """At most `count` of them, evenly from the first to the last."""
    if len(ids) <= count:
        return list(ids)
    return [ids[round(place * (len(ids) - 1) / (count - 1))] for place in range(count)]


def _predicted(
    model: TrainedModel, images: Mapping[int, Image], rules: PrelabelRules, ctx: JobContext, pace: Pace
) -> Any:
    pictures = {pk: picture_file(image) for pk, image in images.items()}
    config: dict[str, Any] = {"min_score": rules.rules.least_score}
    if rules.rules.max_overlap is not None:
        config["max_overlap"] = max(0.05, rules.rules.max_overlap)
    return predictions_made(model, pictures, ctx=ctx, config=config, pace=pace)


@dataclass(slots=True)
class _Sifting:
    """The rules at work on the lines of the engine, and what they left out."""

    rules: PrelabelRules
    images: Mapping[int, Image]
    left_out: Counter[str] = field(default_factory=Counter)

    def each(self, lines: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Image, list[Proposal]]]:
        inside = self.rules.inside_class
        bounds = None if inside is None else boxes_of_class(inside, list(self.images))
        for line in lines:
            image = self.images[line["number"]]
            within = None if bounds is None else bounds[image.pk]
            size = (image.width, image.height)
            yield image, sift(line["predictions"], self.rules.rules, size, self.left_out, within=within)


def _answer(batch: PredictionBatch) -> dict[str, Any]:
    return {
        "batch": batch.pk,
        "images": batch.images,
        "predictions": batch.predictions_made,
        "left_out": batch.rules.get("left_out", {}),
    }


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


def _row(image: Image, proposal: Proposal) -> Prediction:
    shape = proposal.shape
    x, y, width, height = shape.box
    return Prediction(
        image=image,
        uuid=uuid4(),
        label_class_id=proposal.label_class,
        type=shape.type,
        shape=shape.json,
        x=x,
        y=y,
        width=width,
        height=height,
        area=shape.area,
        score=proposal.score,
    )
