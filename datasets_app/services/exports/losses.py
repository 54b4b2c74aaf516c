"""What a format would lose of a data set, counted from the data for each feature and class, with what becomes of it.

What the data uses is counted once for a state, whatever the format: objects by class and set of features, of which
there are few. The losses of every format follow from that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import orjson

from datasets_app.formats.base import Progress, no_progress
from datasets_app.formats.catalog import FORMATS
from datasets_app.formats.features import FEATURES, annotation_features, image_features
from datasets_app.formats.pictures import JPEG_SUFFIXES
from datasets_app.models import Annotation
from datasets_app.selectors.label_class import class_states
from datasets_app.services.exchange import dataset_of
from datasets_app.services.exports.request import ExportRequest, exports_folder, hashed
from datasets_app.services.exports.selection import selection_ids

AT_ONCE = 100_000
"""So many annotations are counted while the person waits, in about a second; more are a job."""


def losses_are_quick(request: ExportRequest) -> bool:
    """Whether `export_losses` answers at once."""
    if _path(request).exists():
        return True
    return Annotation.objects.at(request.number).filter(project=request.project).count() <= AT_ONCE


def export_losses(request: ExportRequest, *, progress: Progress = no_progress) -> dict[str, Any]:
    """The loss report of the request, and what is kept."""
    used = _used(request, progress)
    lossy: Mapping[str, str] = FORMATS.get_entry(request.format).facts["lossy"]
    names = {state.label_class.number: state for state in class_states(request.project.pk, revision=request.number)}
    per_feature: dict[str, Counter[int]] = {}
    touched: Counter[int] = Counter()
    totals: Counter[int] = Counter()
    for number, features, count in used["objects"]:
        totals[number] += count
        for feature in features:
            per_feature.setdefault(feature, Counter())[number] += count
        if lossy.keys() & features:
            touched[number] += count
    counts = {feature: sum(counter.values()) for feature, counter in per_feature.items()}
    counts = {**counts, **used["images_by_feature"]}
    counts["unused_classes"] = sum(1 for number in names if not totals[number])

    def by_class(feature: str) -> list[dict[str, Any]]:
        found = per_feature.get(feature, Counter())
        return [_class(names[number], count) for number, count in sorted(found.items()) if number in names]

    return {
        "format": request.format,
        "revision": request.number,
        "images": used["images"],
        "annotations": used["annotations"],
        "lost": [
            {"feature": feature, "title": FEATURES[feature], "fate": fate, "count": counts[feature]}
            | {"classes": by_class(feature)}
            for feature, fate in lossy.items()
            if counts.get(feature)
        ],
        "kept": [
            {"feature": feature, "title": title, "count": counts[feature]}
            for feature, title in FEATURES.items()
            if feature not in lossy and counts.get(feature)
        ],
        "classes": [_class(state, totals[number]) | {"touched": touched[number]} for number, state in names.items()],
    }


def _class(state: Any, count: int) -> dict[str, Any]:
    return {"class": state.label_class_id, "name": state.name, "count": count}


def _path(request: ExportRequest) -> Any:
    return exports_folder() / "features" / f"{hashed(request.state)}.json"


def _used(request: ExportRequest, progress: Progress) -> dict[str, Any]:
    """What the data uses; counted once for each state."""
    path = _path(request)
    if path.exists():
        kept: dict[str, Any] = orjson.loads(path.read_bytes())
        return kept
    ids = selection_ids(request.selection) if request.selection else None
    dataset = dataset_of(request.project, version=request.version, revision=request.number, image_ids=ids)
    objects: Counter[tuple[int, tuple[str, ...]]] = Counter()
    by_image: Counter[str] = Counter()
    images = annotations = 0
    for image in dataset.images:
        images += 1
        annotations += len(image.annotations)
        by_image.update(image_features(image))
        by_image["pictures"] += image.suffix.lower() not in JPEG_SUFFIXES
        objects.update([(entry.class_number, annotation_features(entry)) for entry in image.annotations])
        progress(images, dataset.image_count)
    used = {
        "images": images,
        "annotations": annotations,
        "images_by_feature": {feature: count for feature, count in by_image.items() if count},
        "objects": [(number, features, count) for (number, features), count in objects.items()],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(orjson.dumps(used))
    part.replace(path)
    return used
