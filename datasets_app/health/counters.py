"""What is counted of a data set: whole numbers only, so that taking an image out and in again changes nothing.

An image adds its share when it is seen and takes the same share away when it is gone or was another; therefore counters
that followed every change are equal to counters made anew. Knows no Django and no single chart or check.
"""

from __future__ import annotations

import base64
import zlib
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import combinations
from math import log2
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from datasets_app.ingest.colour_moments import COLOUR_MOMENTS

GRID = 32
"""Cells of a heat map across and down."""
COVERAGE_BINS = 20
SMALL, MEDIUM = 32**2, 96**2
"""COCO's limits of area in square pixels: small below the first, large from the second on."""
MOST_OBJECTS = 1000
"""Images with more objects are counted with this many."""

Table = Counter[tuple[Any, ...]]
Cells = npt.NDArray[np.int64]
_WHOLE_PICTURE = frozenset({"tag", "caption"})

TABLES = {
    "status": "state → images",
    "objects": "class → objects",
    "images": "class → images that hold it",
    "types": "class, kind of shape → objects",
    "per_image": "objects → images",
    "image_size": "bin of width, bin of height → images",
    "image_aspect": "bin of width : height → images",
    "area": "class, 0 small, 1 medium, 2 large → objects",
    "object_size": "class, bin of size → objects",
    "object_aspect": "class, bin of width : height → objects",
    "together": "class, other class → images that hold both",
    "coverage": "bin of the share of the picture that objects cover → images that hold any",
    "people": "user, class → objects",
    "sources": "source → objects",
    "formats": "file format → images",
    "colours": "moment as ingest/colour_moments.py lists them, 6: images → sum in millionths",
    "work": "user, 0 images saved by hand, 1 objects made or changed by hand → how many",
    "seconds": "user → seconds between saves by hand, pauses left out",
    "outcomes": "what made it, its user, who looked later, outcome (handwork.py) → objects",
    "overlaps": "what made it, its user, who moved it → sum of IoU in thousandths",
    "opened": "day → annotations that became true",
    "closed": "day → annotations that ended",
}
"""Name of each table and what it maps; keys are tuples of what stands before the arrow."""


def side_bin(pixels: float) -> int:
    """Half octaves: bin b is from 2 ** (b / 2) up to 2 ** ((b + 1) / 2)."""
    return int(2 * log2(max(pixels, 1)) + 1e-9)


def picture_aspect_bin(width: int, height: int) -> int:
    """Quarter octaves around the middle of each bin: 0 is square, 4 twice as wide as high."""
    return round(4 * log2(width / height))


def size_bin(width: float, height: float) -> int:
    """Quarter octaves of the area, that is eighths of an octave of its root."""
    return round(4 * log2(width * height))


def aspect_bin(width: float, height: float) -> int:
    """Eighths of an octave."""
    return round(8 * log2(width / height))


def area_class(area: float) -> int:
    return 0 if area < SMALL else 1 if area < MEDIUM else 2


class Counters:
    """Tables of whole numbers and a grid of places for each class."""

    def __init__(self) -> None:
        self.tables: dict[str, Table] = {name: Counter() for name in TABLES}
        self._heat: dict[int, Cells] = {}
        self._packed_heat: dict[int, str] = {}
        """Grids that nobody asked for since they were packed: of many classes, a page changes few."""

    def add(self, image: Any, sign: int = 1) -> None:
        """The share of one image (`ImageFacts`), or takes it away with sign -1."""
        tables = self.tables
        objects = image.objects
        tables["status"][(image.status,)] += sign
        tables["per_image"][(min(len(objects), MOST_OBJECTS),)] += sign
        tables["image_size"][side_bin(image.width), side_bin(image.height)] += sign
        tables["image_aspect"][(picture_aspect_bin(image.width, image.height),)] += sign
        tables["formats"][(str(image.file.get("format", "")),)] += sign
        self._add_colours(image.file.get(COLOUR_MOMENTS), sign)
        self._add_handwork(image.handwork, sign)
        if not objects:
            return
        classes = sorted({item.class_id for item in objects})
        for label_class in classes:
            tables["images"][(label_class,)] += sign
        for pair in combinations(classes, 2):
            tables["together"][pair] += sign
        covered = self._add_objects(image, objects, sign)
        share = min(covered / (image.width * image.height), 1.0)
        tables["coverage"][(min(int(share * COVERAGE_BINS), COVERAGE_BINS - 1),)] += sign

    def _add_colours(self, moments: Sequence[float] | None, sign: int) -> None:
        if moments is None:
            return
        table = self.tables["colours"]
        for place, value in enumerate((*moments, 1e-6)):
            table[(place,)] += sign * round(value * 1_000_000)

    def _add_handwork(self, found: Any, sign: int) -> None:
        tables = self.tables
        for person, objects in found.work.items():
            tables["work"][person, 0] += sign
            tables["work"][person, 1] += sign * objects
        for ((maker, own), person, outcome), number in found.outcomes.items():
            tables["outcomes"][maker, own, person, outcome] += sign * number
        for ((maker, own), person), thousandths in found.overlaps.items():
            tables["overlaps"][maker, own, person] += sign * thousandths

    def _add_objects(self, image: Any, objects: Iterable[Any], sign: int) -> float:
        """Counts the objects and answers the area that they cover; what two of them cover counts twice."""
        tables = self.tables
        counts, types, areas = tables["objects"], tables["types"], tables["area"]
        sizes, aspects, people, sources = (
            tables["object_size"], tables["object_aspect"], tables["people"], tables["sources"],
        )  # fmt: skip
        covered = 0.0
        for item in objects:
            label_class = item.class_id
            counts[(label_class,)] += sign
            types[label_class, item.type] += sign
            people[item.author, label_class] += sign
            sources[(item.source.partition(":")[0],)] += sign
            x, y, width, height = item.box
            if item.type in _WHOLE_PICTURE or width <= 0 or height <= 0:
                continue
            covered += item.area
            areas[label_class, area_class(item.area)] += sign
            sizes[label_class, size_bin(width, height)] += sign
            aspects[label_class, aspect_bin(width, height)] += sign
            column = min(max(int((x + width / 2) / image.width * GRID), 0), GRID - 1)
            row = min(max(int((y + height / 2) / image.height * GRID), 0), GRID - 1)
            self.grid(label_class)[row * GRID + column] += sign
        return covered

    def grid(self, label_class: int) -> Cells:
        """(1024,) centres of objects of the class, row by row."""
        if label_class not in self._heat:
            packed = self._packed_heat.pop(label_class, None)
            self._heat[label_class] = np.zeros(GRID * GRID, dtype=np.int64) if packed is None else _cells(packed)
        return self._heat[label_class]

    @property
    def heat(self) -> dict[int, Cells]:
        """The grid of each class that has one."""
        for label_class in list(self._packed_heat):
            self.grid(label_class)
        return self._heat

    def sum_over(self, name: str, place: int) -> Counter[Any]:
        """A table summed over everything but one place of its keys."""
        found: Counter[Any] = Counter()
        for key, number in self.tables[name].items():
            found[key[place]] += number
        return found

    def of(self, name: str, *first: Hashable) -> Counter[Any]:
        """The rows of a table whose key begins with `first`, by the rest of the key (its first part)."""
        size = len(first)
        return Counter({key[size]: number for key, number in self.tables[name].items() if key[:size] == first})

    def plain(self) -> dict[str, Any]:
        """Sorted and without zeros: equal for equal counts."""
        tables = {
            name: sorted([*key, number] for key, number in table.items() if number)
            for name, table in self.tables.items()
        }
        heat = {str(key): cells for key, cells in sorted(self.heat.items()) if cells.any()}
        return {
            "tables": tables,
            "heat": {key: base64.b64encode(_bytes(cells)).decode() for key, cells in heat.items()},
        }

    def pack(self) -> bytes:
        """Column by column: ten thousand numbers are packed and unpacked in a few milliseconds."""
        tables = {}
        for name, table in self.tables.items():
            live = {key: number for key, number in table.items() if number}
            tables[name] = [*map(list, zip(*live, strict=True)), list(live.values())]
        heat = {str(key): text for key, text in self._packed_heat.items()}
        heat |= {str(key): base64.b64encode(_bytes(cells)).decode() for key, cells in self._heat.items()}
        return zlib.compress(orjson.dumps({"tables": tables, "heat": heat}), 1)

    @classmethod
    def unpack(cls, packed: bytes) -> Counters:
        found = cls()
        if not packed:
            return found
        plain: Mapping[str, Any] = orjson.loads(zlib.decompress(packed))
        for name, (*columns, numbers) in plain["tables"].items():
            if name in found.tables and numbers:
                found.tables[name] = Counter(dict(zip(zip(*columns, strict=True), numbers, strict=True)))
        found._packed_heat = {int(key): text for key, text in plain["heat"].items()}
        return found


def _cells(packed: str) -> Cells:
    return np.frombuffer(base64.b64decode(packed), dtype="<i4").astype(np.int64)


def _bytes(cells: Cells) -> bytes:
    return cells.astype("<i4").tobytes()
