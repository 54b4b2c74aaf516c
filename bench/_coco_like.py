"""Writes a COCO file with COCO's statistics, streamed: `python -m bench._coco_like FILE --images 100000`.

What was taken from instances_train2017: 7.3 objects an image, most images with few and some with many; 80 classes of
which the first holds a third of all objects; sides log-normal, a tenth of them large; 12 to 60 points an outline; one
object in a hundred a crowd, as run-length text. Here a tenth of the objects are boxes and a twentieth masks besides.
"""

import argparse
import math
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

CLASSES = 80
SIZES = ((640, 480), (480, 640), (640, 427), (500, 375))
MEAN_OBJECTS = 7.34
BOXES, MASKS, CROWDS = 0.10, 0.05, 0.01


def file_name(index: int) -> str:
    return f"{index:012}.jpg"


def size_of(index: int) -> tuple[int, int]:
    return SIZES[index % len(SIZES)]


def coco_write(path: Path, *, images: int, mean_objects: float = MEAN_OBJECTS, seed: int = 1) -> int:
    """The file; how many annotations it holds. The same arguments give the same bytes."""
    draw = random.Random(seed)
    number = 0
    with path.open("wb", buffering=1 << 20) as file:
        categories = [{"id": key, "name": f"class {key}", "supercategory": ""} for key in range(1, CLASSES + 1)]
        head = {"info": {"description": "generated"}, "licenses": [], "categories": categories}
        file.write(orjson.dumps(head)[:-1] + b',"images":[')
        for index in range(images):
            width, height = size_of(index)
            entry = {"id": index + 1, "file_name": file_name(index), "width": width, "height": height}
            file.write((b",\n" if index else b"\n") + orjson.dumps(entry))
        file.write(b'],"annotations":[')
        for index in range(images):
            for annotation in _annotations(draw, index, mean_objects):
                number += 1
                file.write((b",\n" if number > 1 else b"\n") + orjson.dumps({"id": number, **annotation}))
        file.write(b"]}\n")
    return number


def _annotations(draw: random.Random, index: int, mean: float) -> Iterator[dict[str, Any]]:
    width, height = size_of(index)
    # Geometric: many images with one or two objects, some with dozens, as in COCO.
    count = min(int(math.log(1 - draw.random()) / math.log(1 - 1 / mean)) + 1, 90)
    for _ in range(count):
        side_x = min(max(draw.lognormvariate(3.9, 1.0), 3), width * 0.95)
        side_y = min(max(side_x * draw.lognormvariate(0, 0.4), 3), height * 0.95)
        x, y = draw.uniform(0, width - side_x), draw.uniform(0, height - side_y)
        box = [round(x, 2), round(y, 2), round(side_x, 2), round(side_y, 2)]
        # The rank is drawn so that a third of all objects are of the first class and the last are rare.
        category = min(int(draw.paretovariate(0.6)), CLASSES)
        entry: dict[str, Any] = {"image_id": index + 1, "category_id": category, "iscrowd": 0, "bbox": box}
        kind = draw.random()
        if kind < BOXES:
            yield entry | {"area": box[2] * box[3], "segmentation": []}
        elif kind < BOXES + MASKS + CROWDS:
            counts, area = _counts(width, height, box)
            segmentation = {"size": [height, width], "counts": counts}
            yield entry | {"area": area, "segmentation": segmentation, "iscrowd": int(kind > BOXES + MASKS)}
        else:
            yield entry | {"area": round(box[2] * box[3] * 0.7, 2), "segmentation": [_ring(draw, box)]}


def _ring(draw: random.Random, box: list[float]) -> list[float]:
    x, y, width, height = box
    points = draw.randint(12, 60)
    ring = []
    for step in range(points):
        angle, reach = 2 * math.pi * step / points, draw.uniform(0.3, 0.5)
        ring += [
            round(x + width / 2 + reach * width * math.cos(angle), 2),
            round(y + height / 2 + reach * height * math.sin(angle), 2),
        ]
    return ring


def _counts(width: int, height: int, box: list[float]) -> tuple[list[int], int]:
    """Uncompressed run lengths of a filled rectangle: column by column, background first."""
    left, top = int(box[0]), int(box[1])
    columns = max(min(int(box[2]), width - left), 1)
    rows = max(min(int(box[3]), height - top), 1)
    counts = [left * height + top, rows]
    for _ in range(columns - 1):
        counts += [height - rows, rows]
    counts.append(width * height - sum(counts))
    return counts, columns * rows


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench._coco_like", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--images", type=int, default=5_000)
    parser.add_argument("--mean-objects", type=float, default=MEAN_OBJECTS)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    count = coco_write(chosen.file, images=chosen.images, mean_objects=chosen.mean_objects, seed=chosen.seed)
    print(f"{count} annotations in {chosen.images} images: {chosen.file.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
