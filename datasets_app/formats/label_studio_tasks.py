"""A task of Label Studio's JSON, taken apart: its picture, the results that count, regions with what is said of them.

Knows only Label Studio. Results that share an id describe one region: its geometry, its labels, further controls.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from datasets_app.formats.checked import number
from datasets_app.formats.label_studio_values import is_region
from datasets_app.formats.pictures import PICTURE_SUFFIXES

LABELS = (
    *("rectanglelabels", "polygonlabels", "ellipselabels", "keypointlabels", "brushlabels", "labels"),
    *("vectorlabels", "hypertextlabels", "bitmasklabels"),
)
_SINGLE = ("number", "rating", "datetime")


@dataclass(slots=True)
class Region:
    """What all results with one id say."""

    geometry: dict[str, Any] | None = None
    value: dict[str, Any] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """The results of a task that count, and what comes with them."""

    results: list[Any]
    state: str
    score: float | None = None
    left_aside: int = 0


def said_of(task: Mapping[str, Any]) -> Said:
    """The annotation that counts, the ground truth or the latest; without any the latest prediction."""
    annotations = _with_results(task.get("annotations") or task.get("completions"))
    finished = [entry for entry in annotations if entry.get("was_cancelled") is not True]
    predictions = _with_results(task.get("predictions"))
    if finished:
        chosen = max(enumerate(finished), key=lambda pair: (*_rank(pair[1]), pair[0]))[1]
        results = chosen["result"]
        return Said(results, "annotated" if results else "verified_empty", None, len(finished) - 1)
    if predictions:
        chosen = max(enumerate(predictions), key=lambda pair: (*_rank(pair[1]), pair[0]))[1]
        return Said(chosen["result"], "in_progress", _score(chosen.get("score")), len(predictions) - 1)
    return Said([], "skipped" if annotations else "unlabelled")


def _with_results(value: Any) -> list[dict[str, Any]]:
    entries = value if isinstance(value, list) else []
    return [entry for entry in entries if isinstance(entry, dict) and isinstance(entry.get("result"), list)]


def _rank(entry: Mapping[str, Any]) -> tuple[bool, str]:
    when = entry.get("updated_at") or entry.get("created_at")
    return entry.get("ground_truth") is True, when if isinstance(when, str) else ""


def _score(value: Any) -> float | None:
    found = None if isinstance(value, str) else number(value)
    return found if found is not None and 0 <= found <= 1 else None


def score_of(result: Mapping[str, Any], of_all: float | None) -> float | None:
    """The score of a region; without one of its own that of its prediction."""
    own = _score(result.get("score"))
    return of_all if own is None else own


def regions_of(results: list[Any]) -> Iterator[tuple[int, Region]]:
    """(place of its first result, region) for each region, in order; results without geometry are regions too."""
    by_id: dict[str, Region] = {}
    order: list[tuple[int, Region]] = []
    for place, result in enumerate(results, 1):
        value = result.get("value") if isinstance(result, dict) else None
        if not isinstance(result, dict) or not isinstance(value, dict):
            order.append((place, Region()))
            continue
        key = result.get("id")
        region = by_id.get(key) if isinstance(key, str) else None
        if region is None:
            region = Region()
            order.append((place, region))
            if isinstance(key, str):
                by_id[key] = region
        _add(region, result, value)
    yield from order


def _add(region: Region, result: dict[str, Any], value: dict[str, Any]) -> None:
    if region.geometry is None or (is_region(value) and not is_region(region.value)):
        region.geometry, region.value = result, value
    for key in LABELS:
        labels = value.get(key)
        if isinstance(labels, list):
            region.labels += [label for label in labels if isinstance(label, str) and label not in region.labels]
    name = result.get("from_name")
    if is_region(value) and isinstance(name, str):
        for found in _further(value):
            region.attributes[name] = found


def _further(value: Mapping[str, Any]) -> Iterator[Any]:
    """What a control other than labels says of a region."""
    for key in ("choices", "text"):
        said = value.get(key)
        texts = [said] if isinstance(said, str) else said
        if isinstance(texts, list) and texts and all(isinstance(text, str) for text in texts):
            yield texts[0] if len(texts) == 1 else texts
    for key in _SINGLE:
        said = value.get(key)
        if isinstance(said, (int, float, str)):
            yield said


def classes_in(results: list[Any]) -> Iterator[str]:
    """The names of classes that the results use."""
    for _, region in regions_of(results):
        yield from names_of(region)


def names_of(region: Region) -> list[str]:
    """The classes of a region: its labels, the choices of the whole picture, the class that a text was given."""
    if region.geometry is None:
        return []
    if is_region(region.value):
        return region.labels
    choices = region.value.get("choices")
    if isinstance(choices, list):
        return [choice for choice in choices if isinstance(choice, str) and choice]
    if "text" in region.value:
        said = region.geometry.get("meta")
        name = said.get("label") if isinstance(said, dict) else None
        name = name or region.geometry.get("from_name")
        return [name] if isinstance(name, str) and name else []
    return []


def picture_url(task: Mapping[str, Any]) -> str | None:
    """The address of the picture: the field `image`, else the first that ends like a picture, else the first text."""
    data = task.get("data")
    if not isinstance(data, dict):
        return None
    if isinstance(data.get("image"), str):
        return str(data["image"])
    texts = [value for value in data.values() if isinstance(value, str)]
    pictures = (text for text in texts if name_in(text).lower().endswith(tuple(PICTURE_SUFFIXES)))
    return next(pictures, texts[0] if texts else None)


def name_in(url: str) -> str:
    """The path that an address tells; of uploads, which Label Studio renames, the name before that."""
    try:
        parts = urlsplit(url)
        asked = parse_qs(parts.query).get("d")
    except ValueError:
        return url
    if asked:
        return asked[0]
    path = unquote(parts.path)
    folder, _, name = path.rpartition("/")
    if "/upload/" in f"{folder}/":
        prefix, dash, rest = name.partition("-")
        is_prefix = len(prefix) == 8 and all(letter in "0123456789abcdef" for letter in prefix)
        return rest if dash and rest and is_prefix else name
    return path
