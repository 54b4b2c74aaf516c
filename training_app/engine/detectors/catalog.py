"""One line per kind of head. Listing it imports no head and no runtime.

Facts: `description` and `inputs`, the ways in which published models of the kind want their pictures, the usual one
first: each with a `title` and values for keys of the declaration. A file does not say which of them it wants.
"""

from __future__ import annotations

from typing import Any

from annotator.core.registry import Entry, Registry
from training_app.engine.detectors.base import Head

IMAGENET = {"scale": 255.0, "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}


def wanted(title: str, **values: Any) -> dict[str, Any]:
    return {"title": title, "values": values}


HEADS: Registry[type[Head]] = Registry(
    "detector head",
    (
        Entry(
            key="yolox",
            target="training_app.engine.detectors.yolox:YoloX",
            title="YOLOX",
            facts={
                "description": "One output (1, places, 5 + classes) over grids at several strides, without anchors.",
                "inputs": (
                    wanted("BGR from 0 to 255 (YOLOX from 0.2)", fit="letterbox", channels="BGR", pad=114),
                    wanted("RGB, ImageNet mean and std (YOLOX 0.1)", fit="letterbox", pad=114, **IMAGENET),
                ),
            },
        ),
        Entry(
            key="fastestdet",
            target="training_app.engine.detectors.fastestdet:FastestDet",
            title="FastestDet",
            facts={
                "description": "One output (1, 5 + classes, rows, columns) over one grid, without anchors.",
                "inputs": (wanted("BGR from 0 to 1, squashed", fit="squash", channels="BGR", scale=255.0),),
            },
        ),
    ),
)
