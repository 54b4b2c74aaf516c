"""Files whose text is not UTF-8 are read, and every reader of JSON says that their text was taken for Windows-1252."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from datasets_app.formats.base import Report
from datasets_app.formats.catalog import FORMATS
from datasets_app.formats.json_walk import RECODED

BOX = {"x": 10, "y": 10, "width": 4, "height": 4}
NAME = "H\u00fchner"

CONTENTS = {
    "coco": {
        "images": [{"id": 1, "file_name": "a.png", "width": 64, "height": 48}],
        "categories": [{"id": 1, "name": NAME}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "area": 12, "iscrowd": 0}],
    },
    "createml": [{"image": "a.png", "annotations": [{"label": NAME, "coordinates": BOX}]}],
    "datumaro": {
        "info": {},
        "categories": {"label": {"labels": [{"name": "hen", "parent": "", "attributes": []}], "attributes": []}},
        "items": [
            {
                "id": NAME,
                "annotations": [{"id": 1, "type": "bbox", "label_id": 0, "bbox": [1, 2, 3, 4], "attributes": {}}],
                "image": {"path": "a.png", "size": [48, 64]},
            }
        ],
    },
    "label_studio": [
        {
            "id": 1,
            "data": {"image": "a.png"},
            "annotations": [
                {
                    "result": [
                        {
                            "type": "rectanglelabels", "from_name": "label", "to_name": "image",
                            "original_width": 64, "original_height": 48,
                            "value": {**BOX, "rotation": 0, "rectanglelabels": [NAME]},
                        }
                    ]
                }
            ],
        }
    ],
    "labelme": {
        "version": "5.0", "flags": {}, "imagePath": "a.png", "imageData": None, "imageHeight": 48, "imageWidth": 64,
        "shapes": [{"label": NAME, "points": [[1, 2], [4, 6]], "group_id": None, "shape_type": "rectangle"}],
    },
    "via": {
        "_via_settings": {},
        "_via_attributes": {"region": {"class": {"type": "text"}}, "file": {}},
        "_via_img_metadata": {
            "a.png1": {
                "filename": "a.png", "size": 1, "file_attributes": {"width": "64", "height": "48"},
                "regions": [
                    {
                        "shape_attributes": {"name": "rect", **BOX},
                        "region_attributes": {"class": NAME},
                    }
                ],
            }
        },
    },
}  # fmt: skip


@pytest.mark.parametrize("key", CONTENTS)
def test_recoded_text_is_told(key: str, tmp_path: Path) -> None:
    text = orjson.dumps(CONTENTS[key])
    for encoding, told in (("utf-8", 0), ("utf-8-sig", 0), ("cp1252", 1)):
        folder = tmp_path / encoding
        folder.mkdir()
        (folder / "labels.json").write_bytes(text.decode().encode(encoding))
        report = Report()

        dataset = FORMATS.load(key).read(folder, report, options={"size_of": lambda _name: (64, 48)})
        (image,) = dataset.images

        assert [problem.detail for problem in report.fixed].count(RECODED) == told, (encoding, report)
        assert report.refused == []
        assert len(image.annotations) == 1
        assert NAME in {image.name.split(".")[0], *(record.name for record in dataset.classes)}
