"""The surroundings of a prompt at a size that is quick to work on, and the way back into the picture. No Django.

Methods whose time grows with the pixels work on a small copy of the region around the prompt; a guided filter then
moves the outline onto the edges of the picture.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from annotator.smart.base import Candidate, Embedding, Picture, Prompt, PromptError
from annotator.smart.methods._corrections import corrected
from annotator.smart.methods._outline import colour_separation, refine_outline
from annotator.smart.methods._scene import Mask, Region, Scene, find_region, shrink

FINE_SIDE = 1024
GROWTHS = 2
"""How often the region around clicks is doubled for an object that does not fit."""
LEAST_CONTRAST = 3
"""Levels between the darkest and the brightest value, below which there is no object (and cutting is slow)."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`fine` is the region at up to 1024 pixels a side, `scene` holds its small copy and what the prompt says of it."""

    region: Region
    size: tuple[int, int]
    fine: Picture
    scene: Scene

    def candidate(self, inside: Mask) -> Candidate:
        """The small mask (rows, columns) uint8 of 0 and 1, in the whole picture, with the score of its outline."""
        width, height = self.size
        region = self.region
        mask = np.zeros((height, width), dtype=np.bool_)
        mask[region.top : region.bottom, region.left : region.right] = refine_outline(
            self.fine, inside, (region.width, region.height)
        )
        return Candidate(mask, colour_separation(self.scene.picture, inside))


def surroundings(picture: Picture, prompt: Prompt, *, title: str, margin: float, pixels: int) -> Iterator[Surroundings]:
    """The region around a box; around clicks ever larger ones: the caller takes the first that holds the object.

    `margin` is the share of the box's longer side that is added around it, `pixels` what the small copy may have.
    Raises `PromptError` where there is no prompt or nothing to be seen.
    """
    if prompt.box is None and not prompt.positive:
        raise PromptError(f"{title} needs a box around the object or a click on it.")
    height, width = picture.shape[:2]
    for growth in range(GROWTHS + 1 if prompt.box is None else 1):
        region = find_region(prompt, margin, growth, (width, height))
        crop = picture[region.top : region.bottom, region.left : region.right]
        fine = shrink(crop, min(1.0, FINE_SIDE / max(region.width, region.height)))
        coarse = shrink(fine, min(1.0, (pixels / (fine.shape[0] * fine.shape[1])) ** 0.5))
        if coarse.size <= 3 or np.ptp(coarse, axis=(0, 1)).max() < LEAST_CONTRAST:
            raise PromptError(nothing_found(title))
        yield Surroundings(region, (width, height), fine, Scene(prompt, region, (width, height), coarse))


def nothing_found(title: str) -> str:
    return f"{title} found no object there: draw the box a little larger than the object, or click on the object."


class RegionMethod(ABC):
    """A method without weights and without a slow part, that says which pixels of a small copy are the object."""

    title: ClassVar[str]
    pixels: ClassVar[int] = 300 * 300
    """Of the small copy."""

    def __init__(self, weights: Mapping[str, Path]) -> None:
        del weights

    def embed(self, picture: Picture) -> Embedding:
        del picture
        return {}

    def predict(
        self, picture: Picture, embedding: Embedding, prompt: Prompt, parameters: Mapping[str, Any]
    ) -> list[Candidate]:
        del embedding
        margin = float(parameters["margin"])
        for around in surroundings(picture, prompt, title=self.title, margin=margin, pixels=self.pixels):
            inside = self.cut(around.scene, parameters)
            if inside.any() and not around.scene.reaches_frame(inside):
                break
        kept = around.scene.without_specks(corrected(around.scene, inside))
        if not kept.any():
            raise PromptError(nothing_found(self.title))
        return [around.candidate(kept)]

    @abstractmethod
    def cut(self, scene: Scene, parameters: Mapping[str, Any]) -> Mask:
        """(rows, columns) uint8 of the scene's picture: 1 where the object is. Raises `PromptError`."""
