"""Scenes made of the shared real pictures: archives as people have them, and projects that hold some of them."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from tests.e2e.rest import Rest

BLOOD_CLASSES = ({"name": "RBC", "hotkey": "1"}, {"name": "WBC", "hotkey": "2"}, {"name": "Platelets", "hotkey": "3"})


@dataclass(frozen=True)
class Truth:
    """What a VOC file says of its picture; boxes as x, y, width, height, with 1-based inclusive corners undone."""

    name: str
    objects: tuple[tuple[str, tuple[float, float, float, float]], ...]


class Blood:
    """The BCCD data set: pictures of blood with boxes."""

    def __init__(self, shared_data: Path) -> None:
        self._root = shared_data / "bccd" / "BCCD"

    def stems(self, count: int) -> list[str]:
        """The first `count` pictures by name."""
        return sorted(path.stem for path in (self._root / "JPEGImages").glob("*.jpg"))[:count]

    def pictures(self, stems: Sequence[str]) -> list[Path]:
        return [self._root / "JPEGImages" / f"{stem}.jpg" for stem in stems]

    def truth(self, stem: str) -> Truth:
        root = ElementTree.parse(self._root / "Annotations" / f"{stem}.xml").getroot()
        assert root is not None
        return Truth(name=f"{stem}.jpg", objects=tuple(_object(item) for item in root.iter("object")))

    def voc_archive(self, target: Path, stems: Sequence[str], *, unlabelled: Sequence[str] = ()) -> Path:
        """A Pascal VOC archive of these pictures; those of `unlabelled` come without their label file."""
        with zipfile.ZipFile(target, "w") as archive:
            for stem in (*stems, *unlabelled):
                archive.write(self._root / "JPEGImages" / f"{stem}.jpg", f"BCCD/JPEGImages/{stem}.jpg")
            for stem in stems:
                archive.write(self._root / "Annotations" / f"{stem}.xml", f"BCCD/Annotations/{stem}.xml")
        return target


def _object(item: Element) -> tuple[str, tuple[float, float, float, float]]:
    left, top, right, bottom = (
        float(item.findtext(f"bndbox/{side}", "nan")) for side in ("xmin", "ymin", "xmax", "ymax")
    )
    return item.findtext("name", ""), (left - 1, top - 1, right - left + 1, bottom - top + 1)


def place_weights(rest: Rest, data_dir: Path, key: str, file: Path) -> None:
    """Puts a file of weights where a person would, and has it checked, unless it is there already."""
    entry = next(row for row in rest.get("weights/") if row["key"] == key)
    if entry["state"] == "present":
        return
    shutil.copyfile(file, data_dir / "weights" / entry["filename"])
    rest.finish(rest.post(f"weights/{key}/verify/")["id"])


def class_id(project: dict[str, Any], name: str) -> int:
    return int(next(item["id"] for item in project["classes"] if item["name"] == name))


Box = tuple[float, float, float, float]


def bounds(shape: dict[str, Any]) -> Box:
    """The box around a box, a polygon or a mask."""
    if shape["type"] != "polygon":
        x, y, width, height = shape["box"]
        return (x, y, width, height)
    points = [point for part in shape["parts"] for point in part["outer"]]
    left, top = min(x for x, _ in points), min(y for _, y in points)
    return (left, top, max(x for x, _ in points) - left, max(y for _, y in points) - top)


def overlap(a: Box, b: Box) -> float:
    """Intersection over union of two boxes."""
    across = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    down = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    common = max(across, 0) * max(down, 0)
    return common / (a[2] * a[3] + b[2] * b[3] - common)
