"""COCO categories and the classes that they are. Knows only COCO.

Skeletons: COCO counts the points of an edge from 1, we from 0; files that count from 0 give themselves away by a 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from datasets_app.formats.base import Report
from datasets_app.formats.coco_index import CocoIndex, id_text
from datasets_app.ir import ClassRecord

CAPTION_CLASS = "caption"
"""The class of captions that name no category, as most do not."""

_MAX_NUMBER = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Categories:
    """The classes of all files, one for each name, and the class number of each (file number, category id)."""

    classes: tuple[ClassRecord, ...]
    numbers: Mapping[tuple[int, str], int]
    caption: int | None


def category_entry(record: ClassRecord) -> dict[str, Any]:
    """The entry of a class, with its keypoints where it has a skeleton."""
    entry: dict[str, Any] = {"id": record.number, "name": record.name, "supercategory": ""}
    if record.skeleton:
        entry["keypoints"] = list(record.skeleton["points"])
        entry["skeleton"] = [[start + 1, end + 1] for start, end in record.skeleton["edges"]]
    return entry


def read_categories(index: CocoIndex, report: Report) -> Categories:
    ids: dict[str, Any] = {}
    skeletons: dict[str, dict[str, Any]] = {}
    names: dict[tuple[int, str], str] = {}
    for number, category in index.categories:
        where = f"{index.files[number].name}: categories"
        if not isinstance(category, dict) or "id" not in category:
            report.refuse(where, f"{category!r:.60} has no id; a category needs an id and a name.")
            continue
        name = str(category.get("name") or f"class {category['id']}")
        names[number, id_text(category["id"])] = name
        ids.setdefault(name, category["id"])
        if name not in skeletons and category.get("keypoints"):
            skeletons[name] = _skeleton(category, f"{where}, {name}", report)
    if not _usable(ids.values()):
        report.fix("categories", "The ids are not all different whole numbers from 1 on; classes were numbered anew.")
        ids = {name: number for number, name in enumerate(ids, 1)}
    if index.uncategorised_captions and CAPTION_CLASS not in ids:
        ids[CAPTION_CLASS] = max(ids.values(), default=0) + 1
    classes = tuple(
        ClassRecord(number=number, name=name, skeleton=skeletons.get(name, {})) for name, number in ids.items()
    )
    return Categories(classes, {key: ids[name] for key, name in names.items()}, ids.get(CAPTION_CLASS))


def _usable(ids: Iterable[Any]) -> bool:
    found = list(ids)
    return all(type(value) is int and 1 <= value < _MAX_NUMBER for value in found) and len(set(found)) == len(found)


def _skeleton(category: Mapping[str, Any], where: str, report: Report) -> dict[str, Any]:
    sent = category["keypoints"]
    names = [str(name) for name in sent] if isinstance(sent, list) else []
    if not names:
        report.fix(where, "The keypoints are not a list of names; the class was read without a skeleton.")
        return {}
    pairs = category.get("skeleton")
    edges = [edge for edge in pairs if _is_edge(edge)] if isinstance(pairs, list) else []
    first = 1
    if any(0 in edge for edge in edges):
        first = 0
        report.fix(where, "The skeleton's edges count points from 0; COCO counts from 1. They were read from 0.")
    kept = [[start - first, end - first] for start, end in edges]
    usable = [edge for edge in kept if all(0 <= point < len(names) for point in edge)]
    dropped = (len(pairs) if isinstance(pairs, list) else 0) - len(usable)
    if dropped:
        report.fix(where, f"{dropped} edges of the skeleton do not join two of its {len(names)} points; left out.")
    return {"points": names, "edges": usable}


def _is_edge(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(type(point) is int for point in value)
