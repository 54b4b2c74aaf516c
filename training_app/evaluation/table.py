"""The stored result of one detection evaluation: objects and their matches, from which every figure is recomputed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from training_app.evaluation.average_precision import AREAS, precision_summary
from training_app.evaluation.matching import Matches, match_objects
from training_app.evaluation.records import (
    ImageDetections,
    ImageTruths,
    Objects,
    detection_objects,
    truth_objects,
)


@dataclass(frozen=True, slots=True)
class DetectionTable:
    """`summary` is COCO's figures as JSON; classes are counted from 0; `images` is how many were looked at."""

    truths: Objects
    detections: Objects
    matches: Matches
    class_count: int
    images: int
    summary: dict[str, Any]

    def level(self, iou: float) -> int:
        """The row of `matches` whose overlap is nearest to `iou`."""
        return int(np.argmin(np.abs(self.matches.thresholds - iou)))

    def save(self, path: Path) -> None:
        """One compressed file of plain arrays."""
        arrays: dict[str, Any] = {f"truths_{item.name}": getattr(self.truths, item.name) for item in fields(Objects)}
        arrays |= {f"detections_{item.name}": getattr(self.detections, item.name) for item in fields(Objects)}
        arrays |= {f"matches_{item.name}": getattr(self.matches, item.name) for item in fields(Matches)}
        facts = orjson.dumps({"class_count": self.class_count, "images": self.images, "summary": self.summary})
        with path.open("wb") as file:
            np.savez_compressed(file, facts=np.frombuffer(facts, dtype=np.uint8), **arrays)

    @staticmethod
    def load(path: Path) -> DetectionTable:
        with np.load(path, allow_pickle=False) as stored:
            facts = orjson.loads(stored["facts"].tobytes())
            return DetectionTable(
                truths=Objects(**{item.name: stored[f"truths_{item.name}"] for item in fields(Objects)}),
                detections=Objects(**{item.name: stored[f"detections_{item.name}"] for item in fields(Objects)}),
                matches=Matches(**{item.name: stored[f"matches_{item.name}"] for item in fields(Matches)}),
                **facts,
            )


def evaluate_detections(
    truths: Sequence[ImageTruths], detections: Sequence[ImageDetections], *, class_count: int
) -> DetectionTable:
    """Match once and for all; `truths` has a record for every image looked at, also those without objects."""
    labelled, predicted = truth_objects(truths), detection_objects(detections)
    matches = match_objects(predicted, labelled, class_count=class_count, areas=AREAS)
    summary = precision_summary(labelled, predicted, matches, class_count=class_count)
    return DetectionTable(labelled, predicted, matches[0], class_count, len(truths), summary.to_json())
