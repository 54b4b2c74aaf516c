"""A small data set that holds one of everything, with pictures, for round trips through any format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from annotator.core.geometry.rle import Rle
from annotator.core.geometry.shapes import canonical
from datasets_app.formats.pictures import opener
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord

WIDTH, HEIGHT = 64, 48
SKELETON = {"points": ["nose", "left ear", "tail"], "edges": [[0, 1], [0, 2]]}
CLASSES = (
    ClassRecord(7, "cat", "#ff0000", "c-7", "1", ({"name": "colour", "type": "text"},), SKELETON),
    ClassRecord(90, "Straßen-Schild 标志", "#00ff00", "c-90", "2"),
    ClassRecord(91, "never used & <odd>", "#0000ff", "c-91"),
)
SQUARE = [[10.0, 5.0], [30.0, 5.0], [30.0, 25.0], [10.0, 25.0]]
INNER = [[15.0, 10.0], [25.0, 10.0], [25.0, 20.0], [15.0, 20.0]]
TRIANGLE = [[40.5, 5.25], [60.125, 8.0], [45.0, 40.75]]


def donut() -> dict[str, Any]:
    y, x = np.ogrid[:HEIGHT, :WIDTH]
    distance = (x - 30) ** 2 + (y - 24) ** 2
    rle = Rle.from_mask((distance < 400) & (distance > 100))
    return {"type": "mask", "box": list(rle.box), "counts": rle.crop(rle.box).to_string()}


def annotation(uuid: str, number: int, shape: dict[str, Any], **fields: Any) -> AnnotationRecord:
    checked = canonical(shape, WIDTH, HEIGHT)
    return AnnotationRecord(uuid, number, checked.type, checked.box, checked.area, checked.json, **fields)


def polygon(*outers: list[list[float]], holes: list[list[list[float]]] | None = None) -> dict[str, Any]:
    first, *others = outers
    parts = [{"outer": first, "holes": holes or []}, *({"outer": outer, "holes": []} for outer in others)]
    return {"type": "polygon", "parts": parts}


def box(x: float, y: float, width: float, height: float) -> dict[str, Any]:
    return {"type": "box", "box": [x, y, width, height]}


def rotated_box(x: float, y: float, width: float, height: float, angle: float) -> dict[str, Any]:
    return {"type": "rotated_box", "center": [x, y], "size": [width, height], "angle": angle}


BOXES = (
    annotation("a-1", 7, box(1, 2, 3, 4)),
    annotation("a-2", 90, box(0, 0, WIDTH, HEIGHT), occluded=True, z_order=2),
    annotation("a-3", 7, box(5.25, 6.5, 1.0, 1.0), truncated=True, attributes={"colour": "dark red", "count": 3}),
    annotation("a-4", 90, box(63, 47, 1, 1), crowd=True, group=4),
)
OUTLINES = (
    annotation("a-5", 7, polygon(SQUARE), source="method:sam_vit_b", score=0.75),
    annotation("a-6", 90, polygon(SQUARE, TRIANGLE)),
    annotation("a-7", 7, polygon(SQUARE, TRIANGLE, holes=[INNER]), attributes={"sure": True}),
    annotation("a-8", 90, donut(), crowd=True, source="run:12", score=0.5),
    annotation("a-9", 7, donut()),
    annotation("a-10", 91, {"type": "tag"}),
)
OTHERS = (
    annotation("a-11", 7, rotated_box(30, 20, 24, 10, 30), attributes={"sure": False}),
    annotation("a-12", 90, rotated_box(60, 24, 20, 6, 90), occluded=True),
    annotation("a-13", 90, {"type": "ellipse", "center": [20.5, 30.25], "radii": [12.0, 6.5], "angle": 15.0}),
    annotation("a-14", 90, {"type": "polyline", "points": [[1.5, 2.0], [20.0, 3.25], [40.0, 44.0]]}, z_order=1),
    annotation("a-15", 7, {"type": "skeleton", "points": [[12.5, 8.0, 2], [20.0, 9.0, 1], [0.0, 0.0, 0]]}),
    annotation("a-16", 7, {"type": "skeleton", "points": [[3.0, 4.0, 2], [0, 0, 0], [0, 0, 0]]}, occluded=True),
    annotation("a-17", 90, {"type": "caption", "text": "Two cats, “one” sign\nand Ä 标志"}),
)


def pictures(folder: Path) -> list[Path]:
    """A JPEG, a PNG with alpha, a PNG of 16 bits, a palette PNG and a JPEG in grey, none larger than a stamp."""
    folder.mkdir(parents=True, exist_ok=True)
    ramp = np.linspace(0, 255, WIDTH * HEIGHT).reshape(HEIGHT, WIDTH)
    colours = np.stack([ramp, ramp[::-1], ramp[:, ::-1]], axis=2).astype(np.uint8)
    alpha = np.dstack([colours, ramp.astype(np.uint8)])
    made = {
        "colour.jpg": Image.fromarray(colours),
        "alpha.png": Image.fromarray(alpha),
        "deep.png": Image.fromarray((ramp * 257).astype(np.uint16)),
        "palette.png": Image.fromarray(colours).quantize(16),
        "grey.jpg": Image.fromarray(ramp.astype(np.uint8)),
    }
    for name, picture in made.items():
        picture.save(folder / name)
    return [folder / name for name in made]


def images(folder: Path) -> Iterator[ImageRecord]:
    paths = pictures(folder)
    names = ("plain.jpg", "sub folder/ein Bild mit Ä.png", "sub folder/plain.png", "other/plain.png", "空.jpg")
    facts: list[dict[str, Any]] = [
        {"split": "train", "state": "annotated", "annotations": BOXES, "tags": ("night", "rain"), "group": "video 1"},
        {"split": "val", "state": "annotated", "annotations": OUTLINES},
        {"split": "test", "state": "in_progress", "annotations": (BOXES[0], *OTHERS)},
        {"split": "train", "state": "verified_empty"},
        {"split": None, "state": "unlabelled"},
    ]
    for number, (name, path, fact) in enumerate(zip(names, paths, facts, strict=True), 1):
        yield ImageRecord(
            number=number * 3,
            name=name,
            width=WIDTH,
            height=HEIGHT,
            uuid=f"i-{number}",
            sha256=f"{number:064x}",
            suffix=path.suffix,
            path=path,
            open=opener(path),
            **fact,
        )


def golden(folder: Path) -> Dataset:
    info = {"project": "Golden", "revision": 3}
    return Dataset(CLASSES, images(folder), 5, len(BOXES) + len(OUTLINES) + len(OTHERS) + 1, info)


def many(count: int, each: int) -> Dataset:
    """`count` images without pictures, made as they are asked for, `each` with as many annotations."""
    found = tuple(replace(BOXES[0], uuid=f"m-{number}") for number in range(each))
    stream = (ImageRecord(n, f"{n:06d}.jpg", WIDTH, HEIGHT, found, split="train") for n in range(1, count + 1))
    return Dataset(CLASSES, stream, count, count * each)
