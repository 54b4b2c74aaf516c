"""A picture with one object of every kind of shape, and comparing what became of them."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any
from uuid import UUID, uuid5

import numpy as np
import numpy.typing as npt
from PIL import Image

from annotator.core.geometry.shapes import canonical, mask_to_shapes, shape_to_mask
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord
from datasets_app.recipes.warp import Pixels

NAMESPACE = UUID(int=7)
WIDTH, HEIGHT = 320, 240
SKELETON = {"points": ["nose", "left_eye", "right_eye", "left_"], "edges": [[0, 1], [0, 2]]}
CLASSES = (ClassRecord(1, "car", "#ff0000"), ClassRecord(2, "face", "#00ff00", skeleton=SKELETON))
FILLED: tuple[dict[str, Any], ...] = (
    {"type": "box", "box": [40.0, 30.0, 90.0, 60.0]},
    {"type": "rotated_box", "center": [200.0, 80.0], "size": [90.0, 50.0], "angle": 30.0},
    {"type": "ellipse", "center": [110.0, 160.0], "radii": [60.0, 35.0], "angle": 20.0},
    {
        "type": "polygon",
        "parts": [
            {
                "outer": [[180, 120], [290, 130], [280, 220], [190, 210]],
                "holes": [[[210, 150], [250, 150], [250, 190], [210, 190]]],
            },
            {"outer": [[20, 180], [60, 190], [30, 230]], "holes": []},
        ],
    },
)
BARE: tuple[dict[str, Any], ...] = (
    {"type": "polyline", "points": [[60.0, 60.0], [160.0, 100.0], [260.0, 90.0]]},
    {"type": "skeleton", "points": [[160, 100, 2], [140, 80, 2], [180, 80, 1], [0, 0, 0]]},
    {"type": "tag"},
    {"type": "caption", "text": "a scene"},
)


def shapes() -> list[dict[str, Any]]:
    mask = shape_to_mask(FILLED[2], WIDTH, HEIGHT)
    mask[150:165, 100:120] = False
    return [*FILLED, *mask_to_shapes(mask, "mask"), *BARE]


def record(number: int = 1, *, split: str = "train", only: str | None = None) -> ImageRecord:
    """A picture of smooth colours: moving it by part of a pixel changes little."""
    uuid = str(uuid5(NAMESPACE, str(number)))
    annotations = tuple(
        annotation(place, shape, uuid) for place, shape in enumerate(shapes()) if only in {None, shape["type"]}
    )
    pixels = picture(number)
    data = BytesIO()
    Image.fromarray(pixels).save(data, "PNG")
    return ImageRecord(
        number=number,
        name=f"scenes/{number}.png",
        width=WIDTH,
        height=HEIGHT,
        annotations=annotations,
        uuid=uuid,
        sha256="0" * 64,
        state="annotated",
        split=split,
        suffix=".png",
        open=lambda: BytesIO(data.getvalue()),
    )


def annotation(place: int, shape: dict[str, Any], image: str) -> AnnotationRecord:
    checked = canonical(shape, WIDTH, HEIGHT)
    number = 2 if shape["type"] == "skeleton" else 1
    uuid = str(uuid5(UUID(image), str(place)))
    return AnnotationRecord(uuid, number, checked.type, checked.box, checked.area, checked.json)


def picture(number: int) -> Pixels:
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    waves = [np.sin(rows / (17 + number) + n) * np.cos(columns / (23 + 3 * n)) for n in range(3)]
    values: Pixels = np.rint(127 + 100 * np.stack(waves, axis=2)).astype(np.uint8)
    return values


def dataset(*records: ImageRecord) -> Dataset:
    return Dataset(CLASSES, iter(records), len(records), sum(len(row.annotations) for row in records))


def painted(row: AnnotationRecord, size: tuple[int, int]) -> npt.NDArray[np.bool_]:
    return shape_to_mask(row.shape, *size)


def mask_picture(mask: npt.NDArray[np.bool_]) -> Pixels:
    """White where set, black elsewhere, in three channels."""
    return np.repeat(mask.astype(np.uint8)[:, :, None] * np.uint8(255), 3, axis=2)


def iou(one: npt.NDArray[np.bool_], two: npt.NDArray[np.bool_]) -> float:
    union = (one | two).sum()
    return float((one & two).sum() / union) if union else 1.0


def with_pixels(row: ImageRecord, pixels: Pixels) -> ImageRecord:
    """The same record showing another picture."""
    data = BytesIO()
    Image.fromarray(pixels).save(data, "PNG")
    return replace(row, open=lambda: BytesIO(data.getvalue()))


def pixels_of(row: ImageRecord) -> Pixels:
    assert row.open is not None
    with row.open() as source, Image.open(source) as image:
        return np.array(image.convert("RGB"))
