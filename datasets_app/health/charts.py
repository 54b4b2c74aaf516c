"""Counters as the charts of the statistics page. Every bar carries the image list's query that shows its images."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

from datasets_app.health.base import Overview
from datasets_app.health.counters import COVERAGE_BINS, GRID, MOST_OBJECTS
from datasets_app.health.handwork import ADDED, KEPT, MOVED, OUTCOMES
from datasets_app.ingest.colour_moments import colour_statistics

AREA_NAMES = ("small", "medium", "large")
MOST_PAIRS = 500
"""Pairs of classes, the most frequent first."""
LEAST_SECONDS = 60
"""Of work, before anything is said about its speed."""
_STEPS = (0, 1, 2, 3, 6, 11, 21, 51, 101)
"""Where bars of objects per image begin."""
_WIDEST = 12
"""Bins of aspect on either side of square that have a bar of their own; beyond is one bar each."""

Body = dict[str, Any]


def charts(overview: Overview, version: int | None, heat_class: int | None = None) -> Body:
    """All charts; `version` is the id of the version whose splits `overview` holds."""
    tables = overview.counters.tables
    images, objects = sum(tables["status"].values()), sum(tables["objects"].values())
    empty = tables["per_image"][0,]
    return {
        "totals": {
            "images": images,
            "annotations": objects,
            "classes": len(overview.classes),
            "images_with_objects": images - empty,
            "objects_per_image": round(objects / images, 3) if images else 0.0,
        },
        "states": _words(overview, "status", "state"),
        "classes": _classes(overview, version),
        "objects_per_image": _per_image(overview),
        "image_sizes": _image_sizes(overview),
        "image_aspects": _aspects(tables["image_aspect"], 4, "aspect"),
        "object_aspects": _aspects(_by_bin(overview, "object_aspect"), 8, "object_aspect"),
        "object_areas": [
            {"label": name, "count": number, "filter": {"object_size": name}}
            for name, number in zip(AREA_NAMES, _areas(overview), strict=True)
        ],
        "together": [
            {"classes": list(pair), "count": number, "filter": {"class": pair[0], "with_class": pair[1]}}
            for pair, number in sorted(tables["together"].items(), key=lambda row: (-row[1], row[0]))[:MOST_PAIRS]
            if number
        ],
        "coverage": _coverage(overview),
        "people": _people(overview),
        "work": _work(overview),
        "agreement": _agreement(overview),
        "colours": _colours(overview),
        "sources": _words(overview, "sources", "source"),
        "formats": _words(overview, "formats", "file_format"),
        "growth": _growth(overview),
        "heat_map": heat_map(overview, heat_class),
    }


def _words(overview: Overview, table: str, name: str) -> list[Body]:
    rows = sorted(overview.counters.tables[table].items(), key=lambda row: (-row[1], row[0]))
    return [{"label": word, "count": number, "filter": {name: word}} for (word,), number in rows if number]


def _areas(overview: Overview) -> list[int]:
    table = overview.counters.sum_over("area", 1)
    return [table[place] for place in range(len(AREA_NAMES))]


def _classes(overview: Overview, version: int | None) -> list[Body]:
    tables = overview.counters.tables
    types: dict[int, Body] = {}
    for (key, kind), number in sorted(tables["types"].items()):
        if number:
            types.setdefault(key, {})[kind] = number
    bodies = []
    for key, label_class in overview.classes.items():
        areas = [tables["area"][key, place] for place in range(len(AREA_NAMES))]
        bodies.append(
            {
                "class": key,
                "name": label_class.name,
                "color": label_class.color,
                "objects": tables["objects"][key,],
                "images": tables["images"][key,],
                "types": types.get(key, {}),
                "areas": [
                    {"label": name, "count": number, "filter": {"class": key, "object_size": name}}
                    for name, number in zip(AREA_NAMES, areas, strict=True)
                ],
                "splits": [
                    {
                        "label": split,
                        "count": numbers.get(key, 0),
                        "filter": {"class": key, "split": split, "version": version},
                    }
                    for split, numbers in overview.splits.items()
                ],
                "filter": {"class": key},
            }
        )
    return bodies


def _per_image(overview: Overview) -> list[Body]:
    table = overview.counters.tables["per_image"]
    bars = []
    for index, least in enumerate(_STEPS):
        most = _STEPS[index + 1] - 1 if index + 1 < len(_STEPS) else None
        number = sum(table[place,] for place in range(least, (MOST_OBJECTS if most is None else most) + 1))
        label = f"over {least - 1}" if most is None else str(least) if most == least else f"{least}–{most}"
        wanted = {"min_objects": least} | ({} if most is None else {"max_objects": most})
        bars.append({"label": label, "count": number, "filter": wanted})
    while bars and not bars[-1]["count"]:
        bars.pop()
    return bars


def _side(place: int) -> tuple[int, int]:
    """First and last pixel number of a bin."""
    least, after = (ceil(2 ** (edge / 2) - 1e-6) for edge in (place, place + 1))
    return least, max(least, after - 1)


def _image_sizes(overview: Overview) -> list[Body]:
    bars = []
    for (across, down), number in sorted(overview.counters.tables["image_size"].items()):
        if number:
            width, height = _side(across), _side(down)
            bars.append(
                {
                    "width": list(width),
                    "height": list(height),
                    "count": number,
                    "filter": {
                        "min_width": width[0],
                        "max_width": width[1],
                        "min_height": height[0],
                        "max_height": height[1],
                    },
                }
            )
    return bars


def _by_bin(overview: Overview, name: str) -> Mapping[tuple[int], int]:
    found: dict[tuple[int], int] = {}
    for (_, place), number in overview.counters.tables[name].items():
        found[place,] = found.get((place,), 0) + number
    return found


def _aspects(table: Mapping[tuple[Any, ...], int], octave: int, name: str) -> list[Body]:
    """Bars of width : height; `octave` bins are a factor of two."""
    bars: dict[int, int] = {}
    for (place,), number in table.items():
        if number:
            inside = max(-_WIDEST, min(_WIDEST, place))
            bars[inside] = bars.get(inside, 0) + number
    found = []
    for place, number in sorted(bars.items()):
        least, most = (round(2 ** ((place + edge) / octave), 6) for edge in (-0.5, 0.5))
        wanted: Body = {}
        if place > -_WIDEST:
            wanted[f"min_{name}"] = least
        if place < _WIDEST:
            wanted[f"max_{name}"] = most
        middle = 2 ** (place / octave)
        label = f"{middle:.2g} : 1" if middle >= 1 else f"1 : {1 / middle:.2g}"
        found.append({"label": label, "from": least, "to": most, "count": number, "filter": wanted})
    return found


def _coverage(overview: Overview) -> list[Body]:
    table = overview.counters.tables["coverage"]
    bars = []
    for place in range(COVERAGE_BINS):
        least, most = place / COVERAGE_BINS, (place + 1) / COVERAGE_BINS
        wanted = {"min_covered": least} | ({"max_covered": most} if place + 1 < COVERAGE_BINS else {})
        bars.append({"label": f"{least:.0%}–{most:.0%}", "count": table[place,], "filter": wanted})
    return bars


def _people(overview: Overview) -> list[Body]:
    numbers: dict[int, dict[int, int]] = {}
    for (person, label_class), number in overview.counters.tables["people"].items():
        if number:
            numbers.setdefault(person, {})[label_class] = number
    bodies = []
    for person, own in sorted(numbers.items(), key=lambda row: (-sum(row[1].values()), row[0])):
        name = overview.people.get(person)
        bodies.append(
            {
                "label": name,
                "count": sum(own.values()),
                "classes": [{"class": key, "count": number} for key, number in sorted(own.items())],
                "filter": None if name is None else {"annotator": name},
            }
        )
    return bodies


def _work(overview: Overview) -> list[Body]:
    """What people saved by hand, and how fast; who has hardly worked yet has no speed."""
    tables = overview.counters.tables
    people = sorted({person for person, _ in tables["work"] if tables["work"][person, 0]})
    bodies = []
    for person in people:
        images, objects, seconds = tables["work"][person, 0], tables["work"][person, 1], tables["seconds"][person,]
        is_told = seconds >= LEAST_SECONDS
        bodies.append(
            {
                "label": overview.people.get(person),
                "images": images,
                "objects": objects,
                "seconds": seconds,
                "images_per_hour": round(3600 * images / seconds, 1) if is_told else None,
                "objects_per_hour": round(3600 * objects / seconds, 1) if is_told else None,
            }
        )
    return sorted(bodies, key=lambda row: (-row["objects"], str(row["label"])))


def _agreement(overview: Overview) -> list[Body]:
    """What people did with what somebody or something else had made, on images that they saved by hand."""
    tables = overview.counters.tables
    pairs = sorted({key[:3] for key, number in tables["outcomes"].items() if number})
    bodies = []
    for maker, own, person in pairs:
        numbers = [tables["outcomes"][maker, own, person, place] for place in range(len(OUTCOMES))]
        looked_at = sum(numbers[:ADDED])
        overlap = numbers[KEPT] + tables["overlaps"][maker, own, person] / 1000
        placed = numbers[KEPT] + numbers[MOVED]
        bodies.append(
            {
                "maker": maker or "person",
                "made_by": overview.people.get(own) if not maker else None,
                "person": overview.people.get(person),
                "objects": looked_at,
                **dict(zip(OUTCOMES, numbers, strict=True)),
                "agreed": round(numbers[KEPT] / looked_at, 4) if looked_at else None,
                "iou": round(overlap / placed, 4) if placed else None,
            }
        )
    return sorted(bodies, key=lambda row: -row["objects"])


def _colours(overview: Overview) -> Body | None:
    table = overview.counters.tables["colours"]
    return colour_statistics([table[place,] / 1_000_000 for place in range(6)], table[6,])


def _growth(overview: Overview) -> list[Body]:
    opened, closed = overview.counters.tables["opened"], overview.counters.tables["closed"]
    total, found = 0, []
    for (day,) in sorted({*opened, *closed}):
        total += opened[day,] - closed[day,]
        found.append({"day": day, "opened": opened[day,], "closed": closed[day,], "total": total})
    return found


def heat_map(overview: Overview, label_class: int | None) -> Body:
    """Where the centres of objects lie: of one class, or of all."""
    counters = overview.counters
    grids = list(counters.heat.values()) if label_class is None else [counters.grid(label_class)]
    cells = [0] * (GRID * GRID) if not grids else sum(grids).tolist()  # type: ignore[union-attr]
    wanted = {} if label_class is None else {"class": label_class}
    return {"class": label_class, "size": GRID, "cells": cells, "most": max(cells), "filter": wanted}
