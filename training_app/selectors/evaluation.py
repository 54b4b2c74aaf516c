"""Reads of evaluations: figures at a threshold, the objects behind a cell. Nothing is predicted here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from annotator.core.errors import ConflictError, DomainError
from training_app.evaluation.report import BACKGROUND, UNDECIDED, ClassName
from training_app.models import Evaluation
from training_app.selectors.files import evaluation_folder
from training_app.selectors.results import PLAIN_IOU, RESULTS, TABLE_FILE, Result

CELL_OBJECTS = 1000
FIGURES = ("threshold", "iou", "images", "summary", "per_class", "confusion", "curves")


@dataclass(frozen=True, slots=True)
class Cell:
    """Row and column of a matrix, each by its label or by the id of its class."""

    truth: str
    predicted: str


def is_computed(evaluation: Evaluation) -> bool:
    return evaluation.threshold is not None


def brief_figures(evaluation: Evaluation) -> dict[str, Any]:
    """What lists show: the summary without the figures per class."""
    return {
        "threshold": PLAIN_IOU if evaluation.threshold is None else evaluation.threshold,
        "iou": PLAIN_IOU if evaluation.iou is None else evaluation.iou,
        "images": evaluation.images,
        "summary": evaluation.summary,
        "per_class": [],
        "confusion": {"labels": [], "classes": [], "matrix": []},
        "curves": {"pr": [], "f1": []},
    }


def figures_at(evaluation: Evaluation, *, threshold: float | None, iou: float | None) -> dict[str, Any]:
    """Every figure at the threshold and overlap, by default those that the evaluation was first shown with."""
    if not is_computed(evaluation):
        return brief_figures(evaluation)
    wanted = _at(evaluation, threshold, iou)
    names = tuple(ClassName(row["id"], row["name"]) for row in evaluation.classes)
    report = _report(evaluation.model.task, *_stored(evaluation), names, *wanted)
    confusion = report["confusion"]
    ids: list[int | None] = [row["id"] for row in evaluation.classes]
    padding = [None] * (len(confusion["labels"]) - len(ids))
    return {name: report[name] for name in FIGURES} | {"confusion": confusion | {"classes": ids + padding}}


def cell_objects(evaluation: Evaluation, cell: Cell, *, threshold: float | None, iou: float | None) -> dict[str, Any]:
    """`{results, total}`. Raises `DomainError` for a label that the matrix does not have."""
    if not is_computed(evaluation):
        raise ConflictError("not_computed", "This evaluation is not computed yet; wait for its job.")
    at_threshold, at_iou = _at(evaluation, threshold, iou)
    result = _load(evaluation.model.task, *_stored(evaluation))
    row, column = _index(evaluation, "truth", cell.truth), _index(evaluation, "predicted", cell.predicted)
    found = result.cell(row, column, threshold=at_threshold, iou=at_iou)
    return {"results": found[:CELL_OBJECTS], "total": len(found)}


def _at(evaluation: Evaluation, threshold: float | None, iou: float | None) -> tuple[float, float]:
    first = brief_figures(evaluation)
    return (first["threshold"] if threshold is None else threshold), (first["iou"] if iou is None else iou)


def _index(evaluation: Evaluation, name: str, label: str) -> int | None:
    """By name first, since that is what the matrix shows; a class may be called like the id of another."""
    for field in ("name", "id"):
        for index, row in enumerate(evaluation.classes):
            if str(row[field]) == label:
                return index
    if label in {BACKGROUND, UNDECIDED}:
        return None
    known = ", ".join(row["name"] for row in evaluation.classes)
    raise DomainError("bad_cell", f"{name}: {label!r} is not in the matrix; choose one of {known}, {BACKGROUND}.")


def _stored(evaluation: Evaluation) -> tuple[Path, int]:
    """The folder and when its content was written, which makes a changed one another key of the caches."""
    folder = evaluation_folder(evaluation.pk)
    try:
        return folder, (folder / TABLE_FILE).stat().st_mtime_ns
    except FileNotFoundError:
        raise ConflictError(
            "evaluation_gone", "The stored predictions of this evaluation are missing on the server."
        ) from None


@lru_cache(maxsize=4)
def _load(task: str, folder: Path, _written: int) -> Result:
    return RESULTS[task].load(folder)


@lru_cache(maxsize=64)
def _report(
    task: str, folder: Path, written: int, classes: tuple[ClassName, ...], threshold: float, iou: float
) -> dict[str, Any]:
    return _load(task, folder, written).report(classes, threshold=threshold, iou=iou)
