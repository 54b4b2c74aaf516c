"""Objects whose size or aspect is far from what is usual in their class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil, floor, sqrt

from datasets_app.health.base import SHAPELESS, Finding, ImageFacts, Limits, Norm, object_finding
from datasets_app.health.counters import Counters, aspect_bin, size_bin

_LEAST_SPREAD = 1.0
"""Bins: classes whose objects are all alike would otherwise call every other one far away."""


class ObjectOutliers:
    def norms(self, counters: Counters, limits: Limits) -> dict[int, Norm]:
        sizes, aspects = _sums(counters, "object_size"), _sums(counters, "object_aspect")
        sigma, least = limits["sigma"], max(limits["objects"], 1)
        return {
            key: Norm(_bounds(*sizes[key], sigma), _bounds(*aspects[key], sigma))
            for key in sorted(sizes)
            if sizes[key][0] >= least
        }

    def look(self, image: ImageFacts, norms: Mapping[int, Norm]) -> Iterator[Finding]:
        for item in image.objects:
            norm, (_, _, width, height) = norms.get(item.class_id), item.box
            if norm is None or item.type in SHAPELESS or width <= 0 or height <= 0:
                continue
            size, aspect = size_bin(width, height), aspect_bin(width, height)
            if not norm.size[0] <= size <= norm.size[1]:
                word = "large" if size > norm.size[1] else "small"
                detail = f"With {width:.0f} x {height:.0f} pixels the object is unusually {word} for its class."
                yield object_finding(image, item, "size", "warning", detail)
            if not norm.aspect[0] <= aspect <= norm.aspect[1]:
                word = "wide" if aspect > norm.aspect[1] else "high"
                detail = f"With {width:.0f} x {height:.0f} pixels the object is unusually {word} for its class."
                yield object_finding(image, item, "aspect", "warning", detail)


def _sums(counters: Counters, name: str) -> dict[int, tuple[int, int, int]]:
    """Class id → objects, the sum of their bins, and of the squares of these. Asked for on every page of health."""
    found: dict[int, tuple[int, int, int]] = {}
    for (label_class, place), number in counters.tables[name].items():
        objects, total, squares = found.get(label_class, (0, 0, 0))
        share = place * number
        found[label_class] = (objects + number, total + share, squares + place * share)
    return found


def _bounds(number: int, total: int, squares: int, sigma: float) -> tuple[int, int]:
    """Mean and spread of the bins, from whole sums, so that the order of counting does not matter."""
    mean = total / number
    spread = max(sqrt(max(squares / number - mean * mean, 0.0)), _LEAST_SPREAD)
    return floor(mean - sigma * spread), ceil(mean + sigma * spread)


CHECK = ObjectOutliers()
