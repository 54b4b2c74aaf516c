"""COCO panoptic files that do not agree with their masks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from tests.datasets_app.formats.pixel_files import Pixels, details, read, save


def panoptic(root: Path, segments: Any, pixels: Pixels) -> None:
    content = {
        "images": [{"id": "x", "file_name": "a.jpg", "width": 20, "height": 10}],
        "annotations": [{"image_id": "x", "file_name": "a.png", "segments_info": segments}],
        "categories": [{"id": 0, "name": "sky", "isthing": 0}],
    }
    (root / "panoptic_val2017.json").write_bytes(orjson.dumps(content))
    save(root / "panoptic_val2017" / "a.png", pixels)


def test_panoptic_segments_and_masks_that_disagree_are_refused_one_by_one(tmp_path: Path) -> None:
    pixels = np.zeros((10, 20, 3), dtype=np.uint8)
    pixels[2:6, 2:6], pixels[0, 0], pixels[9, 9] = (1, 2, 3), (9, 0, 0), (8, 0, 0)
    known = 1 + 256 * 2 + 65536 * 3
    segments = [{"id": known, "category_id": 0}, {"id": 8, "category_id": 5}, {"id": 77, "category_id": 0}, "?"]
    panoptic(tmp_path, segments, pixels)

    _, (image,), report = read("coco_panoptic", tmp_path)

    assert [(a.class_number, a.area, a.crowd) for a in image.annotations] == [(1, 16, False)]
    assert details(report.refused) == [
        "The segment has no known category in segments_info.",
        "The segment is not described in segments_info.",
        "No pixel of the mask has this id.",
    ]


@pytest.mark.parametrize(
    ("pixels", "sentence"),
    [
        (
            np.zeros((9, 20, 3), dtype=np.uint8),
            "The mask has (20, 9) pixels, the image (20, 10); both must be the same.",
        ),
        (np.zeros((10, 20), dtype=np.uint8), "The mask holds numbers; ids of segments must be written as RGB colours."),
    ],
)
def test_panoptic_masks_of_another_size_or_kind_are_refused(pixels: Pixels, sentence: str, tmp_path: Path) -> None:
    panoptic(tmp_path, [{"id": 1, "category_id": 0}], pixels)

    _, found, report = read("coco_panoptic", tmp_path)

    assert found == []
    assert details(report.refused) == [sentence]
