"""Every object of a picture at once: upstream's automatic mask generator on an embedding. No Django here.

A grid of single clicks is answered with three masks each; those that the model itself thinks little of, or that change
with the threshold, are dropped, and of masks of one thing the best stays (Kirillov et al., 2023, section 4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from segment_anything import SamAutomaticMaskGenerator, SamPredictor
from segment_anything.modeling import Sam
from segment_anything.utils.amg import MaskData, rle_to_mask
from typing_extensions import override

from annotator.smart.base import Candidate

Progress = Callable[[int, int], None]
"""Called with clicks answered and clicks in all; may raise to stop the work."""

LARGEST = 4_000_000
"""Pixels of a picture whose masks are made at its own size; those of a larger one are made in the encoder's frame."""
BATCH_BYTES = 256 << 20
MASKS = 3


class _Generator(SamAutomaticMaskGenerator):
    def __init__(self, model: Sam, predictor: SamPredictor, progress: Progress, **settings: Any) -> None:
        super().__init__(model, output_mode="uncompressed_rle", **settings)
        self.predictor = predictor
        # The picture was read already.
        predictor.set_image = lambda _: None
        self._progress = progress
        self._answered = 0

    @override
    def _process_batch(self, points: npt.NDArray[np.float64], *place: Any) -> MaskData:
        found = super()._process_batch(points, *place)
        self._answered += len(points)
        self._progress(self._answered, len(self.point_grids[0]))
        return found


def find_everything(
    model: Sam, predictor: SamPredictor, parameters: Mapping[str, Any], progress: Progress
) -> Iterator[Candidate]:
    """The objects by score, the best first. `predictor` is as upstream's `set_image` left it and is used up."""
    height, width = predictor.original_size
    is_large = height * width > LARGEST
    if is_large:
        predictor.original_size = predictor.input_size
    rows, columns = predictor.original_size
    generator = _Generator(
        model,
        predictor,
        progress,
        points_per_side=int(parameters["points_per_side"]),
        points_per_batch=max(1, min(64, BATCH_BYTES // (4 * MASKS * rows * columns))),
        pred_iou_thresh=float(parameters["predicted_iou"]),
        stability_score_thresh=float(parameters["stability"]),
        box_nms_thresh=float(parameters["same"]),
        min_mask_region_area=round(float(parameters["min_area"]) * rows * columns / (height * width)),
    )
    records = generator.generate(np.empty((rows, columns, 3), dtype=np.uint8))
    for record in sorted(records, key=lambda one: -one["predicted_iou"]):
        mask = rle_to_mask(record["segmentation"])
        if is_large:
            mask = cv2.resize(mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_LINEAR_EXACT) > 0
        if float(parameters["min_area"]) <= mask.sum() <= float(parameters["max_share"]) * mask.size and mask.any():
            yield Candidate(mask, float(np.clip(record["predicted_iou"], 0.0, 1.0)))
