"""TFRecord as TensorFlow's Object Detection API reads it, written without TensorFlow. Knows its fields.

    train.tfrecord  val.tfrecord  test.tfrecord     an Example for each image; a file for each split there is
    images.tfrecord                                 images that belong to no split
    label_map.pbtxt                                 the classes, numbered from 1 on

    image/filename  image/source_id  image/height  image/width  image/format
    image/encoded  image/key/sha256                 the picture's bytes, where pictures were asked for
    image/object/bbox/xmin ymin xmax ymax           fractions of the picture's size, 32-bit floats
    image/object/class/text label                   name and number, from 1 on
    image/object/is_crowd truncated difficult area  0 or 1; square pixels
    image/object/mask                               PNG, 0 or 1, of the picture's size; in images that have any outline
    image/object/shape                              "box" or "mask"; ours alone: a mask tells a box from an outline
    image/class/text label                          whole-image tags

Where an image has both boxes and outlines, boxes have masks too, as the API wants one for each object.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from PIL import Image
from typing_extensions import override

from annotator.core.geometry.shapes import shape_to_mask
from datasets_app.formats.base import Format, Progress, Report, no_progress
from datasets_app.formats.fallbacks import fitted
from datasets_app.formats.features import AS_MASK, LEFT_OUT, count_lost
from datasets_app.formats.options import NO_OPTIONS
from datasets_app.formats.pictures import open_picture, safe_name
from datasets_app.formats.tfrecord_labels import FILE_NAME, labels_to_text
from datasets_app.formats.tfrecord_reader import detect_tfrecord, read_tfrecord
from datasets_app.formats.tfrecord_wire import Feature, example_to_bytes, write_record
from datasets_app.ir import AnnotationRecord, Dataset, ImageRecord

_FATES = {
    "captions": LEFT_OUT,
    "rotated_boxes": AS_MASK,
    "polygons": AS_MASK,
    "multi_part": AS_MASK,
    "holes": AS_MASK,
    "ellipses": AS_MASK,
    "polylines": LEFT_OUT,
    "skeletons": LEFT_OUT,
}
_DECODED = {".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png", ".gif": "gif", ".bmp": "bmp"}
"""What `tf.io.decode_image` reads; other pictures are encoded as PNG."""


class TfRecord(Format):
    """Boxes and masks for TensorFlow."""

    lossy = frozenset(
        (
            *(*_FATES, "attributes", "tracks", "occluded", "z_order", "groups", "sources", "scores", "states"),
            *("verified_empty", "image_tags", "image_groups", "pictures"),
        )
    )

    @override
    def detect(self, root: Path) -> float:
        return detect_tfrecord(root)

    @override
    def read(
        self,
        root: Path,
        report: Report,
        *,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = NO_OPTIONS,
    ) -> Dataset:
        return read_tfrecord(root, report, progress)

    @override
    def write(
        self,
        dataset: Dataset,
        root: Path,
        *,
        images: bool,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = NO_OPTIONS,
    ) -> Report:
        report = Report()
        labels = {entry.number: (label, entry.name) for label, entry in enumerate(dataset.classes, 1)}
        (root / FILE_NAME).write_text(labels_to_text(labels.values()), "utf-8", newline="\n")
        files: dict[str, BinaryIO] = {}
        with ExitStack() as stack:
            for done, image in enumerate(dataset.images, 1):
                name = image.split or "images"
                if name not in files:
                    files[name] = stack.enter_context((root / f"{name}.tfrecord").open("wb", buffering=1 << 20))
                features = _image_features(image)
                features |= _object_features(image, labels)
                if images:
                    features |= _picture_features(image, report)
                write_record(files[name], example_to_bytes(features))
                count_lost(image, self.lossy, report.lost)
                progress(done, dataset.image_count)
        return report


def _image_features(image: ImageRecord) -> dict[str, Feature]:
    return {
        "image/filename": safe_name(image.name),
        "image/source_id": str(image.number),
        "image/height": image.height,
        "image/width": image.width,
    }


def _picture_features(image: ImageRecord, report: Report) -> dict[str, Feature]:
    with open_picture(image) as file:
        content = file.read()
    kind = _DECODED.get(image.suffix.lower())
    if kind is None:
        buffer = io.BytesIO()
        with Image.open(io.BytesIO(content)) as picture:
            picture.save(buffer, "PNG")
        content, kind = buffer.getvalue(), "png"
        report.lost["pictures"] += 1
    return {
        "image/encoded": content,
        "image/format": kind,
        "image/key/sha256": hashlib.sha256(content).hexdigest(),
    }


def _object_features(image: ImageRecord, labels: Mapping[int, tuple[int, str]]) -> dict[str, Feature]:
    written = [found for found in (fitted(annotation, image, _FATES) for annotation in image.annotations) if found]
    tags = [labels[found.class_number] for found in written if found.shape_type == "tag"]
    objects = [found for found in written if found.shape_type != "tag"]
    classes = [labels[found.class_number] for found in objects]
    width, height = float(image.width), float(image.height)
    features: dict[str, Feature] = {
        "image/class/label": [label for label, _ in tags],
        "image/class/text": [name for _, name in tags],
        "image/object/bbox/xmin": [found.box[0] / width for found in objects],
        "image/object/bbox/ymin": [found.box[1] / height for found in objects],
        "image/object/bbox/xmax": [(found.box[0] + found.box[2]) / width for found in objects],
        "image/object/bbox/ymax": [(found.box[1] + found.box[3]) / height for found in objects],
        "image/object/class/label": [label for label, _ in classes],
        "image/object/class/text": [name for _, name in classes],
        "image/object/is_crowd": [int(found.crowd) for found in objects],
        "image/object/truncated": [int(found.truncated) for found in objects],
        "image/object/difficult": [int(found.attributes.get("difficult") is True) for found in objects],
        "image/object/area": [found.area for found in objects],
    }
    if any(found.shape_type == "mask" for found in objects):
        features["image/object/mask"] = [_png(found, image) for found in objects]
        features["image/object/shape"] = [found.shape_type for found in objects]
    return features


def _png(annotation: AnnotationRecord, image: ImageRecord) -> bytes:
    pixels = shape_to_mask(annotation.shape, image.width, image.height).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


FORMAT = TfRecord()
