"""Label Studio. Owns the layout and the writer; the reader is `label_studio_reader.py`.

    tasks.json                 a list of tasks, to be imported
    label_config.xml           the labelling configuration that the tasks need, to be pasted into the project first
    images/<name>              the pictures, where they were asked for

A task has the picture's address and name, split, tags and group under `data`, and one annotation with everything that
was labelled; none where the picture was not looked at. Label Studio keeps what it finds under a result's `meta`: there
stand attributes, marks, and what holds the parts of a polygon and the points of a skeleton together. With the option
`predictions` objects that a model made are written as predictions with score and model version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import orjson
from typing_extensions import override

from datasets_app.formats.base import Format, Progress, Report, no_progress
from datasets_app.formats.fallbacks import fitted
from datasets_app.formats.features import AS_MASK, count_lost
from datasets_app.formats.label_studio_config import CAPTION, CONFIG_FILE, IMAGE, TAGS, config_xml
from datasets_app.formats.label_studio_reader import MARKS, PART, POINT, detect_label_studio, read_label_studio
from datasets_app.formats.label_studio_values import values_of
from datasets_app.formats.options import PREDICTIONS, PREFIX, chosen
from datasets_app.formats.pictures import copy_picture, safe_name
from datasets_app.ir import AnnotationRecord, Dataset, ImageRecord

_NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})
_FATES = {"holes": AS_MASK}


class LabelStudio(Format):
    """Every shape; polygons with holes as brushes."""

    lossy = frozenset((*_FATES, "sources", "states"))

    @override
    def detect(self, root: Path) -> float:
        return detect_label_studio(root)

    @override
    def read(
        self,
        root: Path,
        report: Report,
        *,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = _NO_OPTIONS,
    ) -> Dataset:
        return read_label_studio(root, report, progress)

    @override
    def write(
        self,
        dataset: Dataset,
        root: Path,
        *,
        images: bool,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = _NO_OPTIONS,
    ) -> Report:
        report = Report()
        prefix, predictions = chosen(PREFIX, options), chosen(PREDICTIONS, options)
        names = {entry.number: entry.name for entry in dataset.classes}
        (root / CONFIG_FILE).write_text(config_xml(dataset.classes), encoding="utf-8", newline="\n")
        with (root / "tasks.json").open("wb", buffering=1 << 18) as file:
            file.write(b"[")
            for done, image in enumerate(dataset.images, 1):
                task = _task(image, done, names, prefix, predictions=predictions)
                file.write((b",\n" if done > 1 else b"\n") + orjson.dumps(task))
                count_lost(image, self.lossy, report.lost)
                if images:
                    copy_picture(image, root / "images" / safe_name(image.name))
                progress(done, dataset.image_count)
            file.write(b"\n]\n")
        return report


def _task(
    image: ImageRecord, number: int, names: Mapping[int, str], prefix: str, *, predictions: bool
) -> dict[str, Any]:
    name = safe_name(image.name)
    data: dict[str, Any] = {IMAGE: prefix + quote(name), "name": name, "width": image.width, "height": image.height}
    data |= {key: value for key, value in (("split", image.split), ("group", image.group)) if value}
    if image.tags:
        data["tags"] = image.tags
    by_model = [found for found in image.annotations if predictions and found.source.startswith(("run:", "model:"))]
    by_others = [found for found in image.annotations if found not in by_model]
    annotations: list[dict[str, Any]] = []
    if by_others or image.state == "verified_empty":
        annotations.append({"result": list(_results(by_others, image, names))})
    return {
        "id": number,
        "data": data,
        "annotations": annotations,
        "predictions": list(_predictions(by_model, image, names)),
    }


def _predictions(
    found: list[AnnotationRecord], image: ImageRecord, names: Mapping[int, str]
) -> Iterator[dict[str, Any]]:
    """One for each model; the score of a prediction is the mean of those of its objects."""
    for source, group in groupby(sorted(found, key=lambda one: one.source), key=lambda one: one.source):
        of_one = list(group)
        scores = [one.score for one in of_one if one.score is not None]
        score = {"score": sum(scores) / len(scores)} if scores else {}
        yield {"model_version": source, **score, "result": list(_results(of_one, image, names))}


def _results(found: list[AnnotationRecord], image: ImageRecord, names: Mapping[int, str]) -> Iterator[dict[str, Any]]:
    for place, annotation in enumerate(found, 1):
        written = fitted(annotation, image, _FATES)
        if written is not None:
            yield from _result(written, image, names[annotation.class_number], f"object{place}")


def _result(annotation: AnnotationRecord, image: ImageRecord, label: str, key: str) -> Iterator[dict[str, Any]]:
    shape = annotation.shape
    meta = _meta(annotation)
    head = {
        "to_name": IMAGE,
        "original_width": image.width,
        "original_height": image.height,
        "image_rotation": 0,
        "origin": "prediction" if annotation.source.startswith(("run:", "model:", "method:")) else "manual",
        **({"score": annotation.score} if annotation.score is not None else {}),
    }
    if shape["type"] == "tag":
        yield {"id": key, "from_name": TAGS, "type": "choices", "value": {"choices": [label]}, **head, **_said(meta)}
        return
    if shape["type"] == "caption":
        value = {"text": [shape["text"]]}
        yield {
            "id": key,
            "from_name": CAPTION,
            "type": "textarea",
            "value": value,
            **head,
            **_said({**meta, "label": label}),
        }
        return
    values = values_of(shape, (image.width, image.height))
    marks = _points(shape) if shape["type"] == "skeleton" else [{}] * len(values)
    for place, ((kind, value), mark) in enumerate(zip(values, marks, strict=True), 1):
        if mark is None:
            continue
        own = {**meta, **mark, **({PART: key} if len(values) > 1 else {})}
        kind_of_labels = f"{kind}labels"
        yield {
            "id": f"{key}-{place}" if len(values) > 1 else key,
            "from_name": kind,
            "type": kind_of_labels,
            "value": {**value, kind_of_labels: [label]},
            **head,
            **_said(own),
        }


def _said(meta: Mapping[str, Any]) -> dict[str, Any]:
    return {"meta": meta} if meta else {}


def _points(shape: Mapping[str, Any]) -> list[dict[str, Any] | None]:
    """For each point its place, of how many, and its mark; None for absent ones. A lone visible point needs nothing."""
    count = len(shape["points"])
    if count == 1 and shape["points"][0][2] == 2:
        return [{}]
    return [{POINT: [place, count, v]} if v else None for place, (_, _, v) in enumerate(shape["points"])]


def _meta(annotation: AnnotationRecord) -> dict[str, Any]:
    meta: dict[str, Any] = {mark: True for mark in MARKS if getattr(annotation, mark)}
    if annotation.attributes:
        meta["attributes"] = dict(annotation.attributes)
    if annotation.z_order:
        meta["z_order"] = annotation.z_order
    if annotation.group is not None:
        meta["group"] = annotation.group
    return meta


FORMAT = LabelStudio()
