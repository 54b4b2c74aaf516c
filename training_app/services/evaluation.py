"""Evaluations: lets a model predict on a split, compares with its labels, stores both for every later question."""

from __future__ import annotations

import shutil
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from django.db import transaction

from annotator.core import jobs
from annotator.core.errors import DomainError
from annotator.core.jobs import JobContext
from datasets_app.models import Version
from datasets_app.recipes.recipe import Recipe
from datasets_app.selectors.label_class import class_states
from datasets_app.services.exchange import dataset_of
from datasets_app.services.recipe import version_recipe
from training_app.engine.label_maps import MOST_CLASSES, painted_regions, unpacked
from training_app.engine.samples import Notes
from training_app.evaluation.pixel_table import ImageMaps, evaluate_maps
from training_app.evaluation.records import Floats, ImageDetections
from training_app.evaluation.report import ClassName
from training_app.evaluation.table import evaluate_detections
from training_app.models import Evaluation, TrainedModel
from training_app.selectors.files import evaluation_folder
from training_app.selectors.results import (
    PLAIN_IOU,
    ClassificationResult,
    DetectionResult,
    Result,
    SegmentationResult,
    annotation_keys,
)
from training_app.services.pictures import picture_file
from training_app.services.predicting import predictions_made
from training_app.services.truth import (
    BoxTruth,
    RegionTruth,
    TagTruth,
    box_truth,
    region_truth,
    relabelling,
    tag_truth,
)

JOB = "training.evaluate"
COCO_PREDICTIONS = 100
"""Per image, as COCO counts them."""


@dataclass(slots=True)
class Scene:
    """The split with its labels by image id, and what was left out.

    `outputs` maps the numbers of the model's outputs, in their order, to class indices; those that stand for no class
    of the project are missing.
    """

    classes: list[dict[str, Any]]
    outputs: dict[int, int]
    truths: dict[int, Any] = field(default_factory=dict)
    pictures: dict[int, Path] = field(default_factory=dict)
    notes: list[dict[str, str]] = field(default_factory=list)

    @property
    def index(self) -> dict[int, int]:
        """Class number → class index."""
        return {row["number"]: index for index, row in enumerate(self.classes)}


def evaluation_start(model: TrainedModel, *, author: Any, version: Version, split: str) -> Evaluation:
    """The evaluation of the three, with a job that computes it unless that is done or under way."""
    if not version.statistics.get("splits", {}).get(split, {}).get("images"):
        raise DomainError(
            "empty_split",
            f"split: {version.name} has no images in {split}; choose another.",
            fields={"split": "another"},
        )
    with transaction.atomic():
        values = {"project_id": model.project_id, "created_by": author if _is_known(author) else None}
        key = {"model": model, "version": version, "split": split}
        pk = Evaluation.objects.get_or_create(**key, defaults=values)[0].pk
        row = Evaluation.objects.select_for_update(of=("self",)).select_related("job").get(pk=pk)
        is_done = row.threshold is not None and evaluation_folder(row.pk).is_dir()
        if not is_done and (row.job is None or row.job.is_finished):
            title = f"Evaluate {model.name} on {split}"[:200]
            payload = {"evaluation": row.pk}
            row.job = jobs.enqueue(JOB, payload, project_id=model.project_id, user=author, title=title)
            row.save(update_fields=("job",))
    return row


def _is_known(author: Any) -> bool:
    return author is not None and bool(author.is_authenticated)


def evaluation_compute(evaluation: Evaluation, *, ctx: JobContext) -> dict[str, Any]:
    """Predicts, compares, stores; answers the summary. May be called again: the files and the row are replaced."""
    kind = KINDS[evaluation.model.task]
    ctx.progress(0, -1, "images")
    scene = _scene(evaluation, kind, ctx)
    if not scene.truths:
        raise DomainError(
            "no_labels", f"The split {evaluation.split} of {evaluation.version.name} has no labels to compare with."
        )
    with predictions_made(evaluation.model, scene.pictures, ctx=ctx, config=kind.config) as lines:
        result = kind.compare(scene, lines)
    _store(evaluation, result)
    names = [ClassName(row["id"], row["name"]) for row in scene.classes]
    report = result.report(names, threshold=None, iou=PLAIN_IOU)
    values = {name: report[name] for name in ("threshold", "iou", "images", "summary")}
    Evaluation.objects.filter(pk=evaluation.pk).update(**values, classes=scene.classes, notes=scene.notes)
    return {"evaluation": evaluation.pk, "images": report["images"], "summary": report["summary"]}


def _scene(evaluation: Evaluation, kind: Kind, ctx: JobContext) -> Scene:
    """Labels as of the version, under the classes of the version and then those that only the model knows."""
    version, model = evaluation.version, evaluation.model
    states = class_states(model.project_id, revision=version.revision)
    classes = [
        {"id": state.label_class_id, "number": state.label_class.number, "name": state.name, "color": state.color}
        for state in states
    ]
    known = {row["id"] for row in classes}
    meant = [row for row in model.classes if row["id"] is not None]
    if not meant:
        raise DomainError("no_classes", f"No class of {model.name} stands for one of the project; bring it again.")
    if model.version is not None:
        # The outputs of a detector that was brought have numbers of their own, which say nothing of a retired class.
        classes += [row for row in meant if row["id"] not in known]
    places = {row["id"]: index for index, row in enumerate(classes)}
    scene = Scene(classes, {row["number"]: places[row["id"]] for row in meant if row["id"] in places})
    index, notes = scene.index, Notes()
    dataset = dataset_of(version.project, version=version)
    recipe = Recipe() if model.version is None else version_recipe(model.version.recipe)
    relabel = relabelling(recipe, dataset.classes)
    for record in map(relabel, (row for row in dataset.images if row.split == evaluation.split)):
        ctx.progress(len(scene.pictures), -1, "images")
        truth = kind.read(record, index, notes)
        if truth is not None:
            scene.truths[record.number] = truth
            scene.pictures[record.number] = picture_file(record)
    scene.notes = [{"code": code, "detail": detail} for code, detail in notes.sentences()]
    return scene


def _store(evaluation: Evaluation, result: Result) -> None:
    target = evaluation_folder(evaluation.pk)
    fresh = target.with_name(f".{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    result.save(fresh)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def _readable(lines: Iterable[Mapping[str, Any]], scene: Scene) -> Iterator[Mapping[str, Any]]:
    """The lines of pictures that could be read; the others are noted and not counted against the model."""
    for line in lines:
        if "error" in line:
            scene.notes.append({"code": "unreadable_picture", "detail": f"Image {line['number']}: {line['error']}"})
            scene.truths.pop(line["number"], None)
        else:
            yield line


def _compare_boxes(scene: Scene, lines: Iterable[Mapping[str, Any]]) -> DetectionResult:
    detections = []
    for line in _readable(lines, scene):
        known = [row for row in line["predictions"] if row["class_number"] in scene.outputs][:COCO_PREDICTIONS]
        detections.append(
            ImageDetections(
                image=line["number"],
                boxes=np.array([row["shape"]["box"] for row in known], dtype=np.float64).reshape(-1, 4),
                classes=np.array([scene.outputs[row["class_number"]] for row in known], dtype=np.int64),
                scores=np.array([row["score"] for row in known], dtype=np.float64),
            )
        )
    truths: Sequence[BoxTruth] = list(scene.truths.values())
    table = evaluate_detections([row.truths for row in truths], detections, class_count=len(scene.classes))
    return DetectionResult(table, annotation_keys([uuid for row in truths for uuid in row.uuids]))


def _compare_tags(scene: Scene, lines: Iterable[Mapping[str, Any]]) -> ClassificationResult:
    """Classes that the model does not know have probability 0."""
    columns = list(scene.outputs.values())
    found = {line["number"]: line["probabilities"] for line in _readable(lines, scene)}
    truths: Sequence[TagTruth] = list(scene.truths.values())
    probabilities: Floats = np.zeros((len(truths), len(scene.classes)))
    for place, truth in enumerate(truths):
        probabilities[place, columns] = found[truth.image]
    return ClassificationResult(
        numbers=np.array([truth.image for truth in truths], dtype=np.int64),
        truth=np.array([truth.index for truth in truths], dtype=np.int64),
        probabilities=probabilities,
        keys=annotation_keys([truth.uuid for truth in truths]),
    )


def _compare_regions(scene: Scene, lines: Iterable[Mapping[str, Any]]) -> SegmentationResult:
    count = len(scene.classes)
    if count > MOST_CLASSES:
        raise DomainError(
            "too_many_classes", f"Pixels can be compared for at most {MOST_CLASSES} classes; there are {count}."
        )
    maps = (_maps(scene, line) for line in _readable(lines, scene))
    return SegmentationResult(evaluate_maps(maps, class_count=count))


def _maps(scene: Scene, line: Mapping[str, Any]) -> ImageMaps:
    """Both maps of a picture under the classes of the evaluation."""
    truth: RegionTruth = scene.truths[line["number"]]
    index = scene.outputs
    if "label_map" in line:
        values = np.array([0, *(place + 1 for place in index.values())], dtype=np.uint8)
        found = values[unpacked(b64decode(line["label_map"]))]
        confidence = unpacked(b64decode(line["confidence"]))
    else:
        # A recipe led the regions back to the stored picture, which maps of its pieces cannot follow.
        found, confidence = painted_regions(
            [(index[row["class_number"]], row["score"], row["shape"]) for row in line["predictions"]],
            truth.width,
            truth.height,
        )
    return ImageMaps(truth.image, unpacked(truth.label_map), found, confidence)


@dataclass(frozen=True, slots=True)
class Kind:
    """How a task is evaluated: read the labels, tell the engine what to leave out, compare."""

    read: Any
    config: Mapping[str, Any]
    compare: Any


KINDS = {
    "detection": Kind(box_truth, {"min_score": 0.0, "max_predictions": 3 * COCO_PREDICTIONS}, _compare_boxes),
    # Every probability is told beside the predictions, so these can be left out.
    "classification": Kind(tag_truth, {"min_score": 1.0}, _compare_tags),
    "segmentation": Kind(
        region_truth, {"min_score": 0.0, "max_predictions": 10_000, "label_maps": True}, _compare_regions
    ),
}
