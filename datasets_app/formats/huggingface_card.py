"""The card of a Hugging Face data set: YAML that `datasets` takes the features from, and a page for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from datasets_app.ir import Dataset

_OBJECT_FIELDS = {
    "label": "string",
    "type": "string",
    "bbox": {"list": "float64"},
    "area": "float64",
    "shape": "string",
    "attributes": "string",
    "occluded": "bool",
    "truncated": "bool",
    "crowd": "bool",
    "z_order": "int64",
    "group": "int64",
    "source": "string",
    "score": "float64",
}
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_TASKS = {"classification": "image-classification", "detection": "object-detection"}


def card_text(dataset: Dataset, counts: Mapping[str, int], *, is_folder: bool, images: bool) -> str:
    """`counts` are images by split, in the order of the splits."""
    total = sum(counts.values())
    task = str(dataset.info.get("task", ""))
    pattern = "{}/**" if is_folder else "data/{}-*.parquet"
    head: dict[str, Any] = {
        "pretty_name": str(dataset.info.get("project", "Annotator export")),
        "task_categories": [_TASKS.get(task, "image-segmentation" if task == "segmentation" else "object-detection")],
        "size_categories": [next((name for limit, name in _SIZES if total < limit), "1M<n<10M")],
        "configs": [
            {
                "config_name": "default",
                "data_files": [{"split": split, "path": pattern.format(split)} for split in counts],
                **({"drop_labels": True} if is_folder else {}),
            }
        ],
    }
    if not is_folder:
        # `datasets` takes the types of folders from their tables and does not look here.
        head["dataset_info"] = {"features": _features(dataset, images=images)}
    front = yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=1000)
    return f"---\n{front}---\n\n{_page(dataset, counts)}"


def _features(dataset: Dataset, *, images: bool) -> list[dict[str, Any]]:
    names = {str(place): entry.name for place, entry in enumerate(dataset.classes)}
    category = {"class_label": {"names": names}} if names else "int64"
    kinds: dict[str, Any] = {"id": "string", "category": category, **_OBJECT_FIELDS}
    fields = [{"name": name, "list": kind} for name, kind in kinds.items()]
    facts = {"image_id": "int64", "uuid": "string", "file_name": "string", "width": "int64", "height": "int64"}
    facts["state"] = "string"
    found: list[dict[str, Any]] = [{"name": "image", "dtype": "image"}] if images else []
    found += [{"name": name, "dtype": kind} for name, kind in facts.items()]
    found += [{"name": "tags", "list": "string"}, {"name": "group", "dtype": "string"}]
    return [*found, {"name": "objects", "struct": fields}]


def _page(dataset: Dataset, counts: Mapping[str, int]) -> str:
    title = str(dataset.info.get("project", "Annotator export"))
    splits = "\n".join(f"| {split} | {count} |" for split, count in counts.items())
    classes = "\n".join(f"| {place} | {_cell(entry.name)} |" for place, entry in enumerate(dataset.classes))
    facts = "\n".join(
        f"- {name}: {_cell(dataset.info[name])}" for name in ("version", "revision", "digest") if name in dataset.info
    )
    return (
        f"# {_cell(title)}\n\n{facts}\n\n"
        f"| split | images |\n|---|---|\n{splits}\n\n"
        f"| category | class |\n|---|---|\n{classes}\n\n"
        "`objects.bbox` is `[x, y, width, height]` in pixels of the upright picture, origin top left. `objects.shape` "
        "is the exact shape as JSON: polygons with parts and holes, masks as COCO run lengths cropped to their box.\n"
    )


def _cell(value: Any) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")
