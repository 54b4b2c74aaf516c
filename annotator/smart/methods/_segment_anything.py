"""What the Segment Anything methods share, whatever their encoder. No Django here.

`embed` is the image encoder (seconds on a CPU), `predict` the prompt encoder and mask decoder (a tenth of a second).
Both are upstream's predictor, so the answers are upstream's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from segment_anything import SamPredictor
from segment_anything.modeling import Sam

from annotator.smart.base import Candidate, Embedding, Picture, Prompt, PromptError
from annotator.smart.methods._chain import Logits, LogitsMemory, beginnings
from annotator.smart.methods._checkpoint import load_model
from annotator.smart.methods._decoder import export_decoder
from annotator.smart.methods._everything import find_everything

# Constants of the architecture that its checkpoints do not hold.
PIXEL_MEAN = (123.675, 116.28, 103.53)
PIXEL_STD = (58.395, 57.12, 57.375)


R = TypeVar("R")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Answer:
    """`masks` (answers, height, width) bool, `scores` (answers,), and the logits of the answer with the best score."""

    masks: npt.NDArray[np.bool_]
    scores: npt.NDArray[np.float32]
    best: Logits


class SamMethod:
    """The method for one size of the model; a subclass names the size."""

    title: ClassVar[str]
    weights_key: ClassVar[str]
    build: ClassVar[Callable[[], Sam]]

    def __init__(self, weights: Mapping[str, Path]) -> None:
        self.note = ""
        self._memory = LogitsMemory()
        model = load_model(type(self).build, weights[self.weights_key], self.title, rename=self._rename)
        self._complete(model)
        self._model: Sam = model.to("cuda" if torch.cuda.is_available() else "cpu")

    @staticmethod
    def _rename(published: str) -> str:
        """The model's name of a tensor of the checkpoint."""
        return published

    def _complete(self, model: Sam) -> None:
        """Sets what the checkpoint does not hold."""
        model.pixel_mean = torch.tensor(PIXEL_MEAN).view(-1, 1, 1)
        model.pixel_std = torch.tensor(PIXEL_STD).view(-1, 1, 1)

    def embed(self, picture: Picture) -> Embedding:
        return self._with_memory(lambda: self._embed(picture))

    def _with_memory(self, act: Callable[[], R]) -> R:
        """Does it on the processor from now on when the graphics card's memory does not suffice."""
        try:
            return act()
        except torch.OutOfMemoryError:
            if self._model.device.type == "cpu":
                raise
            self.note = f"{self.title} runs on the processor: the memory of the graphics card did not suffice."
            log.warning("smart.out_of_gpu_memory", extra={"method": self.title})
            self._model = self._model.to("cpu")
            torch.cuda.empty_cache()
        return act()

    def _embed(self, picture: Picture) -> Embedding:
        predictor = SamPredictor(self._model)
        predictor.set_image(picture)
        return {
            "features": predictor.get_image_embedding().cpu().numpy(),
            "original_size": np.array(predictor.original_size, dtype=np.int64),
            "input_size": np.array(predictor.input_size, dtype=np.int64),
        }

    def predict(
        self, picture: Picture, embedding: Embedding, prompt: Prompt, parameters: Mapping[str, Any]
    ) -> list[Candidate]:
        if prompt.box is None and not prompt.positive:
            raise PromptError(f"{self.title} needs a box around the object or a click on it.")
        sizes = bool(parameters["sizes"])
        answer = self._with_memory(
            lambda: self._decode(self._restore(picture, embedding), embedding, prompt, sizes=sizes)
        )
        masks, scores = answer.masks, answer.scores
        best_first = np.argsort(-scores, kind="stable")
        found = [Candidate(masks[i], float(np.clip(scores[i], 0.0, 1.0))) for i in best_first if masks[i].any()]
        if not found:
            raise PromptError(f"{self.title} found no object there: click on its middle or draw a box around it.")
        return found

    def _decode(self, predictor: SamPredictor, embedding: Embedding, prompt: Prompt, *, sizes: bool) -> _Answer:
        """The answer to the last of the prompts that lead here, each refining the mask before it."""
        features = embedding["features"]
        *before, last = beginnings(prompt)
        logits = None
        for begun in before:
            known = self._memory.get(features, begun, sizes=sizes)
            logits = self._decode_one(predictor, features, begun, logits, sizes=sizes).best if known is None else known
        return self._decode_one(predictor, features, last, logits, sizes=sizes)

    def _decode_one(
        self, predictor: SamPredictor, features: npt.NDArray[Any], prompt: Prompt, before: Logits | None, *, sizes: bool
    ) -> _Answer:
        is_single_click = prompt.box is None and len(prompt.points) == 1
        masks, scores, logits = predictor.predict(
            **_to_upstream(prompt), mask_input=before, multimask_output=sizes and is_single_click
        )
        best = int(scores.argmax())
        answer = _Answer(masks, scores, logits[best : best + 1])
        self._memory.put(features, prompt, answer.best, sizes=sizes)
        return answer

    def everything(
        self,
        picture: Picture,
        embedding: Embedding,
        parameters: Mapping[str, Any],
        progress: Callable[[int, int], None],
    ) -> Iterator[Candidate]:
        return find_everything(self._model, self._restore(picture, embedding), parameters, progress)

    def export_decoder(self) -> bytes:
        return export_decoder(self._model)

    def _restore(self, picture: Picture, embedding: Embedding) -> SamPredictor:
        """Upstream's predictor as `set_image` left it; a fresh one for each answer, so threads share no picture."""
        original_size = tuple(int(side) for side in embedding["original_size"])
        if original_size != picture.shape[:2]:
            raise ValueError(f"The embedding is of a picture of {original_size}, not of {picture.shape[:2]}.")
        predictor = SamPredictor(self._model)
        features = np.asarray(embedding["features"], dtype=np.float32)
        predictor.features = torch.from_numpy(features).to(self._model.device)
        predictor.original_size = original_size
        predictor.input_size = tuple(int(side) for side in embedding["input_size"])
        predictor.is_image_set = True
        return predictor


def _to_upstream(prompt: Prompt) -> dict[str, npt.NDArray[Any] | None]:
    points = labels = box = None
    if prompt.points:
        points = np.array([(x, y) for x, y, _ in prompt.points], dtype=np.float64)
        labels = np.array([1 if sign > 0 else 0 for _, _, sign in prompt.points], dtype=np.int64)
    if prompt.box is not None:
        x, y, width, height = prompt.box
        box = np.array([x, y, x + width, y + height], dtype=np.float64)
    return {"point_coords": points, "point_labels": labels, "box": box}
