"""Template match: all places that look like an example, larger or smaller and turned. No weights. No Django here.

Normalised cross-correlation in CIELAB (Lewis 1995; `cv2.matchTemplate`), greedy suppression of overlapping hits.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from annotator.smart.base import Candidate, Embedding, Picture, Prompt, PromptError, most_objects
from annotator.smart.methods._scene import shrink

PIXELS = 400_000
"""Of the copy that is searched …"""
LEAST_SIDE = 14
"""… unless the example would be narrower than this there."""
STEP = 1.15
"""From one size to the next."""
LEAST_CONTRAST = 3

Box = tuple[float, float, float, float]
Floats = npt.NDArray[np.float32]


class TemplateMatch:
    def __init__(self, weights: Mapping[str, Path]) -> None:
        del weights

    def embed(self, picture: Picture) -> Embedding:
        del picture
        return {}

    def predict(
        self, picture: Picture, embedding: Embedding, prompt: Prompt, parameters: Mapping[str, Any]
    ) -> list[Candidate]:
        del embedding
        if prompt.box is None:
            raise PromptError("Template match needs a box around an example.")
        height, width = picture.shape[:2]
        scale = min(1.0, max((PIXELS / (height * width)) ** 0.5, LEAST_SIDE / min(prompt.box[2:])))
        small = shrink(picture, scale)
        lab = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2LAB), dtype=np.uint8)
        x, y, across, down = (side * scale for side in prompt.box)
        example = lab[round(y) : max(round(y) + 2, round(y + down)), round(x) : max(round(x) + 2, round(x + across))]
        if example.size == 0 or np.ptp(example, axis=(0, 1)).max() < LEAST_CONTRAST:
            raise PromptError(
                "Template match sees nothing in the example: draw the box a little larger than the object."
            )
        boxes, scores = _hits(lab, (x, y, across, down), parameters)
        kept = cv2.dnn.NMSBoxes(boxes, scores, 0.0, float(parameters["overlap"]))
        return [
            Candidate(_filled((height, width), boxes[one], scale), float(np.clip(scores[one], 0, 1)))
            for one in np.array(kept).ravel()[: most_objects(picture)]
        ]


def _hits(lab: npt.NDArray[np.uint8], box: Box, parameters: Mapping[str, Any]) -> tuple[list[Box], list[float]]:
    """Boxes in pixels of the copy, where the correlation has a peak of at least the score; the example among them."""
    boxes, scores = [box], [1.0]
    sizes = range(-int(parameters["sizes"]), int(parameters["sizes"]) + 1)
    turns = np.arange(int(parameters["turns"])) * 360.0 / int(parameters["turns"])
    for size in sizes:
        for turn in turns:
            template = _turned(lab, box, STEP**size, float(turn))
            rows, columns = template.shape[:2]
            if min(rows, columns) < 4 or rows > lab.shape[0] or columns > lab.shape[1]:
                continue
            alike = np.asarray(cv2.matchTemplate(lab, template, cv2.TM_CCOEFF_NORMED), dtype=np.float32)
            alike[~np.isfinite(alike)] = 0
            peaks = (alike >= float(parameters["score"])) & (alike == cv2.dilate(alike, np.ones((5, 5), np.uint8)))
            for row, column in np.argwhere(peaks):
                boxes.append((float(column), float(row), float(columns), float(rows)))
                scores.append(float(alike[row, column]))
    return boxes, scores


def _turned(lab: npt.NDArray[np.uint8], box: Box, size: float, turn: float) -> npt.NDArray[np.uint8]:
    """The example at another size, turned about its middle; what a turn brings into its corners is what lies there."""
    x, y, across, down = box
    matrix = cv2.getRotationMatrix2D((x + across / 2, y + down / 2), turn, size)
    columns, rows = max(2, round(across * size)), max(2, round(down * size))
    matrix[:, 2] += np.array([columns / 2 - x - across / 2, rows / 2 - y - down / 2])
    return np.asarray(
        cv2.warpAffine(lab, matrix, (columns, rows), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE),
        dtype=np.uint8,
    )


def _filled(size: tuple[int, int], box: Box, scale: float) -> npt.NDArray[np.bool_]:
    x, y, across, down = (side / scale for side in box)
    mask = np.zeros(size, dtype=np.bool_)
    mask[max(0, round(y)) : max(1, round(y + down)), max(0, round(x)) : max(1, round(x + across))] = True
    return mask
