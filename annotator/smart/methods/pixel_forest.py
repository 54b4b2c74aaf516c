"""Pixel classifier: a forest learns from painted strokes what belongs to each class. No weights. No Django here.

Extremely randomised trees (Geurts, Ernst, Wehenkel 2006) on a bank of filters as in ilastik (Berg and others 2019):
Gaussian, Laplacian of Gaussian, gradient magnitude, eigenvalues of the structure tensor and of the Hessian, at several
scales. The bank is the embedding, so it is computed once for each picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from sklearn.ensemble import ExtraTreesClassifier

from annotator.smart.base import Candidate, Embedding, Picture, Prompt, PromptError, Stroke, most_objects
from annotator.smart.methods._outline import refine_outline
from annotator.smart.methods._scene import Mask, shrink

PIXELS = 512 * 512
"""Of the copy that is classified; outlines are moved onto the edges of the picture afterwards."""
SCALES = (0.7, 1.5, 3.0, 6.0)
"""Standard deviations of the filters, in pixels of the copy."""
SAMPLES = 4000
"""Pixels of each class that are learned from; more of one stroke say little more."""
DEPTH = 5
"""Deeper trees know the painted pixels by heart: on nuclei a Dice of 0.78 in place of 0.86."""
BACKGROUND = 0

Floats = npt.NDArray[np.float32]


class PixelForest:
    def __init__(self, weights: Mapping[str, Path]) -> None:
        del weights

    def embed(self, picture: Picture) -> Embedding:
        """`bank` (rows, columns, filters) float16 of the small copy."""
        scale = min(1.0, (PIXELS / (picture.shape[0] * picture.shape[1])) ** 0.5)
        return {"bank": filter_bank(shrink(picture, scale)).astype(np.float16)}

    def predict(
        self, picture: Picture, embedding: Embedding, prompt: Prompt, parameters: Mapping[str, Any]
    ) -> list[Candidate]:
        if len({_kind(stroke) for stroke in prompt.strokes}) < 2:
            raise PromptError("Pixel classifier needs two kinds of strokes: one on the objects and one beside them.")
        bank = embedding["bank"]
        chances, kinds = learned(bank, painted(prompt.strokes, picture.shape[:2], bank.shape[:2]), parameters)
        found = []
        for number, kind in enumerate(kinds):
            if kind != BACKGROUND:
                found += _objects(picture, chances, number, int(kind), parameters)
        if not found:
            raise PromptError("Pixel classifier found no object: paint more strokes, or allow smaller objects.")
        return sorted(found, key=lambda one: -one.score)[: most_objects(picture)]


def filter_bank(picture: Picture) -> Floats:
    """(rows, columns, 30) of (rows, columns, 3) RGB; each response is normalised by its scale."""
    lab = cv2.cvtColor(picture.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2LAB)
    light = np.ascontiguousarray(lab[..., 0])
    planes = list(cv2.split(np.asarray(cv2.GaussianBlur(lab, (0, 0), SCALES[0]))[..., 1:]))
    planes += list(cv2.split(np.asarray(cv2.GaussianBlur(lab, (0, 0), SCALES[2]))[..., 1:]))
    for sigma in SCALES:
        smooth = cv2.GaussianBlur(light, (0, 0), sigma)
        across, down = (cv2.Sobel(smooth, -1, *order, scale=sigma / 8) for order in ((1, 0), (0, 1)))
        second = [cv2.Sobel(smooth, -1, *order, scale=sigma * sigma / 4) for order in ((2, 0), (0, 2), (1, 1))]
        planes += [smooth, second[0] + second[1], cv2.magnitude(across, down)]
        planes += _eigenvalues(second[0], second[1], second[2])
        tensor = (cv2.GaussianBlur(product, (0, 0), 2 * sigma) for product in (across**2, down**2, across * down))
        planes += [np.sqrt(np.maximum(value, 0)) for value in _eigenvalues(*tensor)]
    return np.stack(planes, axis=2).astype(np.float32)


def _eigenvalues(xx: Any, yy: Any, xy: Any) -> list[Floats]:
    """Of the symmetric matrices [[xx, xy], [xy, yy]], the larger first."""
    middle, spread = (xx + yy) / 2, cv2.magnitude((xx - yy) / 2, np.ascontiguousarray(xy))
    return [middle + spread, middle - spread]


def painted(strokes: tuple[Stroke, ...], size: tuple[int, int], copy: tuple[int, int]) -> npt.NDArray[np.int32]:
    """(rows, columns) of the copy: -1 where nothing was painted, 0 background, else the kind; the last one counts."""
    marks = np.full(copy, -1, dtype=np.int32)
    scale = np.array([copy[1] / size[1], copy[0] / size[0]])
    for stroke in strokes:
        corners = np.minimum(np.floor(np.array(stroke.points) * scale), (copy[1] - 1, copy[0] - 1)).astype(np.int32)
        cv2.polylines(marks, [corners], False, _kind(stroke), max(1, round(stroke.width * float(scale.min()))))
    return marks


def _kind(stroke: Stroke) -> int:
    return BACKGROUND if stroke.sign < 0 else stroke.label + 1


def learned(
    bank: npt.NDArray[Any], marks: npt.NDArray[np.int32], parameters: Mapping[str, Any]
) -> tuple[Floats, npt.NDArray[np.int32]]:
    """`(rows, columns, kinds)` chances, and which kinds they are. The same strokes give the same chances."""
    dice = np.random.default_rng(0)
    chosen = []
    for kind in np.unique(marks[marks >= 0]):
        places = np.flatnonzero(marks == kind)
        chosen.append(dice.choice(places, min(SAMPLES, places.size), replace=False))
    places = np.concatenate(chosen)
    values = bank.reshape(-1, bank.shape[2]).astype(np.float32)
    forest = ExtraTreesClassifier(
        int(parameters["trees"]), max_depth=DEPTH, min_samples_leaf=4, class_weight="balanced", random_state=0, n_jobs=2
    )
    forest.fit(values[places], marks.ravel()[places])
    chances = forest.predict_proba(values).astype(np.float32).reshape(*bank.shape[:2], -1)
    return np.asarray(cv2.GaussianBlur(chances, (0, 0), 0.8)).reshape(chances.shape), forest.classes_


def _objects(
    picture: Picture, chances: Floats, number: int, kind: int, parameters: Mapping[str, Any]
) -> list[Candidate]:
    """The joined pixels of one kind, or all of them as one object; holes below the smallest size are filled."""
    sure = chances[..., number] >= float(parameters["certainty"])
    inside = (sure & (chances.argmax(axis=2) == number)).astype(np.uint8)
    height, width = picture.shape[:2]
    whole = refine_outline(picture, _without_holes(inside), (width, height)).astype(np.uint8)
    if parameters["whole"]:
        return [Candidate(whole > 0, _mean(chances[..., number], inside), kind - 1)] if whole.any() else []
    _, parts, stats, _ = cv2.connectedComponentsWithStats(whole, connectivity=4)
    likely = cv2.resize(np.ascontiguousarray(chances[..., number]), (width, height))
    found = []
    largest = 1 + np.argsort(-stats[1:, cv2.CC_STAT_AREA], kind="stable")[: most_objects(picture)]
    for part in largest:
        left, top, across, down, area = stats[part]
        if area < int(parameters["smallest"]):
            continue
        mask = np.zeros((height, width), dtype=np.bool_)
        window = np.s_[top : top + down, left : left + across]
        mask[window] = parts[window] == part
        found.append(Candidate(mask, _mean(likely[window], mask[window]), kind - 1))
    return found


def _without_holes(inside: Mask) -> Mask:
    contours, _ = cv2.findContours(inside, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros_like(inside)
    cv2.drawContours(filled, contours, -1, 1, -1)
    return filled


def _mean(chances: Any, inside: Any) -> float:
    return float(np.clip(np.asarray(chances)[np.asarray(inside) > 0].mean(), 0, 1))
