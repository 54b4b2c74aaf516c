"""The reference data sets of the shared data folder as records, with the splits that their authors made."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import orjson
from defusedxml.ElementTree import parse
from PIL import Image

from annotator.core.geometry.mask import canonical_mask
from annotator.core.geometry.rle import Rle
from datasets_app.formats.native_json import NativeJson
from datasets_app.ir import AnnotationRecord, Box, ClassRecord, Dataset, ImageRecord

ROOT = Path(__file__).resolve().parents[2]
CLOTHING_SPLITS = {"train": "train", "validation": "val", "test": "test"}
BCCD_CLASSES = ("RBC", "WBC", "Platelets")


def shared_data() -> Path:
    """The folder of real pictures and weights outside the repository."""
    return Path(os.environ.get("ANNOTATOR_SHARED_DATA") or ROOT.parent / "shared" / "data").resolve()


def annotation(class_number: int, shape_type: str, box: Box) -> AnnotationRecord:
    shape = {"type": shape_type} if shape_type == "tag" else {"type": shape_type, "box": list(box)}
    area = 0.0 if shape_type == "tag" else box[2] * box[3]
    return AnnotationRecord("", class_number, shape_type, box, area, orjson.dumps(shape).decode())


def image(number: int, path: Path, split: str, annotations: tuple[AnnotationRecord, ...]) -> ImageRecord:
    with Image.open(path) as picture:
        width, height = picture.size
    return ImageRecord(
        number=number,
        name=f"{split}/{path.parent.name}/{path.name}",
        width=width,
        height=height,
        annotations=annotations,
        state="annotated",
        split=split,
        path=path,
    )


def clothing() -> Dataset:
    """Ten kinds of clothes, a folder each."""
    folder = shared_data() / "clothing_small"
    names = sorted(path.name for path in (folder / "train").iterdir() if path.is_dir())
    classes = tuple(ClassRecord(number, name) for number, name in enumerate(names, 1))

    def images() -> Iterator[ImageRecord]:
        number = 0
        for source, split in CLOTHING_SPLITS.items():
            for record in classes:
                for path in sorted((folder / source / record.name).iterdir()):
                    number += 1
                    yield image(number, path, split, (annotation(record.number, "tag", (0, 0, 0, 0)),))

    return Dataset(classes, images())


def bccd() -> Dataset:
    """Blood cells in Pascal VOC form, two zero-area boxes among them."""
    folder = shared_data() / "bccd" / "BCCD"
    numbers = {name: number for number, name in enumerate(BCCD_CLASSES, 1)}

    def images() -> Iterator[ImageRecord]:
        number = 0
        for split in ("train", "val", "test"):
            for name in (folder / "ImageSets" / "Main" / f"{split}.txt").read_text().split():
                number += 1
                yield image(
                    number,
                    folder / "JPEGImages" / f"{name}.jpg",
                    split,
                    _voc_boxes(folder / "Annotations" / f"{name}.xml", numbers),
                )

    return Dataset(tuple(ClassRecord(number, name) for name, number in numbers.items()), images())


def nuclei() -> Dataset:
    """Cell nuclei of many microscopes, a mask each; every fifth picture is for testing, every tenth for validation."""
    folder = shared_data() / "dsb2018" / "stage1_train"

    def masks(path: Path) -> tuple[AnnotationRecord, ...]:
        found = []
        for file in sorted((path / "masks").glob("*.png")):
            with Image.open(file) as picture:
                shape = canonical_mask(Rle.from_mask(np.asarray(picture.convert("L")) > 0))
            found.append(AnnotationRecord("", 1, shape.type, shape.box, shape.area, shape.json))
        return tuple(found)

    def images() -> Iterator[ImageRecord]:
        for number, path in enumerate(sorted(path for path in folder.iterdir() if path.is_dir()), 1):
            split = "test" if number % 5 == 0 else "val" if number % 10 == 1 else "train"
            yield image(number, path / "images" / f"{path.name}.png", split, masks(path))

    return Dataset((ClassRecord(1, "nucleus"),), images())


def playing_cards() -> Dataset:
    """Cards on a table in Pascal VOC form beside the pictures; a tenth of the training pictures are for validation."""
    folder = shared_data() / "playing_cards"
    found = [(split, file) for split in ("train", "test") for file in sorted(_xml_files(folder, split))]
    names = sorted({str(item.findtext("name")) for _, file in found for item in parse(file).iter("object")})
    numbers = {name: number for number, name in enumerate(names, 1)}

    def images() -> Iterator[ImageRecord]:
        for number, (split, file) in enumerate(found, 1):
            picture = next(path for path in file.parent.glob(f"{file.stem}.*") if path.suffix.lower() == ".jpg")
            kept = "val" if split == "train" and number % 10 == 0 else split
            yield image(number, picture, kept, _voc_boxes(file, numbers))

    return Dataset(tuple(ClassRecord(number, name) for name, number in numbers.items()), images())


def _xml_files(folder: Path, split: str) -> list[Path]:
    return [path for path in folder.rglob("*.xml") if path.parent.name == split]


def _voc_boxes(file: Path, numbers: dict[str, int]) -> tuple[AnnotationRecord, ...]:
    found = []
    for item in parse(file).iter("object"):
        left, top, right, bottom = (
            float(item.findtext(f"bndbox/{side}") or 0) for side in ("xmin", "ymin", "xmax", "ymax")
        )
        found.append(annotation(numbers[str(item.findtext("name"))], "box", (left, top, right - left, bottom - top)))
    return tuple(found)


def write_dataset(dataset: Dataset, folder: Path) -> Path:
    """The data set as the engine reads it; answers the path of its file."""
    folder.mkdir(parents=True, exist_ok=True)
    NativeJson().write(dataset, folder, images=False, options={"paths": True})
    return folder / "dataset.json"
