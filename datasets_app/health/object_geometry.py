"""Shapes that cannot be right: no area, less than a pixel, beyond the picture, all of it, crossing themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import shapely

from datasets_app.health.base import (
    FLAT,
    SHAPELESS,
    ClassFacts,
    Finding,
    ImageFacts,
    Limits,
    ObjectFacts,
    object_finding,
)

_SLACK = 0.5
"""Pixels that a shape may reach beyond the picture: the last bits of other tools' rounding."""


class ObjectGeometry:
    def look(self, image: ImageFacts, classes: Mapping[int, ClassFacts], limits: Limits) -> Iterator[Finding]:
        del classes
        for item in image.objects:
            if item.type in SHAPELESS:
                continue
            yield from self._outside(image, item)
            if item.type not in FLAT:
                yield from self._extent(image, item, limits)
            if '"parts"' in item.shape_json:
                yield from self._rings(image, item)

    def _outside(self, image: ImageFacts, item: ObjectFacts) -> Iterator[Finding]:
        x, y, width, height = item.box
        if min(x, y, image.width - x - width, image.height - y - height) < -_SLACK:
            detail = f"The shape reaches beyond the picture of {image.width} x {image.height} pixels."
            yield object_finding(image, item, "outside", "warning", detail)

    def _extent(self, image: ImageFacts, item: ObjectFacts, limits: Limits) -> Iterator[Finding]:
        _, _, width, height = item.box
        if item.area <= 0 or width <= 0 or height <= 0:
            yield object_finding(image, item, "no_area", "error", "The shape has no area.")
        elif min(width, height) < limits["side"]:
            detail = f"The shape is {width:.3g} x {height:.3g} pixels; {limits['side']:g} is the least side."
            yield object_finding(image, item, "tiny", "error", detail, min(width, height))
        share = width * height / (image.width * image.height)
        if share > limits["share"]:
            detail = f"The shape spans {share:.1%} of the picture."
            yield object_finding(image, item, "covers_all", "warning", detail, share)

    def _rings(self, image: ImageFacts, item: ObjectFacts) -> Iterator[Finding]:
        parts: list[dict[str, Any]] = item.shape["parts"]
        rings = [ring for part in parts for ring in (part["outer"], *part.get("holes", ()))]
        if any(len({(x, y) for x, y in ring}) < 3 for ring in rings):
            yield object_finding(image, item, "few_points", "error", "A ring of the shape has fewer than 3 points.")
        elif not all(shapely.Polygon(part["outer"], part.get("holes")).is_valid for part in parts):
            yield object_finding(image, item, "crossing", "warning", "The outline crosses or touches itself.")


CHECK = ObjectGeometry()
