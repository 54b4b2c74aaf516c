"""What a worker process keeps between two clicks: loaded methods, decoded pictures, embeddings. Knows no row.

The web process must not create one: predicting imports the method's packages.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from PIL import Image as PillowImage

from annotator.core.geometry.shapes import mask_to_shapes
from annotator.core.storage.blobs import BlobStore
from annotator.core.weights.registry import get_weights
from annotator.core.weights.store import WeightsStore, combined_digest
from annotator.smart.base import DecoderMethod, Embedding, EverythingMethod, Picture, Prompt, SmartMethod
from annotator.smart.catalog import METHODS, get_facts
from annotator.smart.decoders import DecoderStore
from annotator.smart.embeddings import EmbeddingCache, EmbeddingKey

MAX_METHODS = 2
"""The largest model takes 2.6 GB; a person works with one method, rarely with two."""
PICTURE_BYTES = 256 << 20


@dataclass(frozen=True, slots=True)
class PictureRef:
    """The blob of an upright picture."""

    sha256: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Question:
    """One click, checked already; `parameters` are complete."""

    picture: PictureRef
    method: str
    prompt: Prompt
    parameters: Mapping[str, Any]
    output: str


class SmartWorker:
    """Answers questions; safe for threads."""

    def __init__(
        self, *, blobs: BlobStore, weights: WeightsStore, embeddings: EmbeddingCache, decoders: DecoderStore
    ) -> None:
        self._blobs = blobs
        self._weights = weights
        self._embeddings = embeddings
        self._decoders = decoders
        self._methods: OrderedDict[tuple[str, str], SmartMethod] = OrderedDict()
        self._pictures: OrderedDict[PictureRef, Picture] = OrderedDict()
        self._lock = threading.Lock()

    def predict(self, question: Question) -> dict[str, Any]:
        """`{shapes, seconds, embedding_cached, note}`, best shape first. Raises what the method raises."""
        started = time.perf_counter()
        method, digest = self._load(question.method)
        picture = self._decode(question.picture)
        embedding: Embedding = {}
        is_cached = True
        if get_facts(question.method).embeds:
            key = EmbeddingKey(question.method, question.picture.sha256, digest)
            embedding, is_cached = self._embeddings.get_or_compute(key, lambda: method.embed(picture))
        candidates = method.predict(picture, embedding, question.prompt, question.parameters)
        tolerance = float(question.parameters.get("tolerance", 0.0))
        shapes = [
            {"shape": shape, "score": candidate.score, "label": candidate.label}
            for candidate in candidates
            for shape in mask_to_shapes(candidate.mask, question.output, tolerance)
        ]
        return {
            "shapes": shapes,
            "seconds": round(time.perf_counter() - started, 4),
            "embedding_cached": is_cached,
            "note": str(getattr(method, "note", "")),
        }

    def everything(self, question: Question, progress: Callable[[int, int], None]) -> dict[str, Any]:
        """`{shapes}` of every object that the method finds without a prompt, the best first."""
        method, digest = self._load(question.method)
        picture = self._decode(question.picture)
        key = EmbeddingKey(question.method, question.picture.sha256, digest)
        embedding, _ = self._embeddings.get_or_compute(key, lambda: method.embed(picture))
        found = cast("EverythingMethod", method).everything(picture, embedding, question.parameters, progress)
        shapes = [
            {"shape": shape, "score": candidate.score}
            for candidate in found
            for shape in mask_to_shapes(candidate.mask, question.output, tolerance=1.0)
        ]
        return {"shapes": shapes}

    def embed(self, picture: PictureRef, method_key: str) -> bool:
        """Makes sure that the embedding is there; answers whether it was."""
        digest = self._digest(method_key)
        key = EmbeddingKey(method_key, picture.sha256, digest)
        if self._embeddings.has(key):
            return True
        method, _ = self._load(method_key)
        return self._embeddings.get_or_compute(key, lambda: method.embed(self._decode(picture)))[1]

    def export_decoder(self, method_key: str) -> bool:
        """Makes sure that the decoder for the browser is there; answers whether it was."""
        if self._decoders.has(method_key, self._digest(method_key)):
            return True
        method, digest = self._load(method_key)
        self._decoders.put(method_key, digest, cast("DecoderMethod", method).export_decoder())
        return False

    def _digest(self, method_key: str) -> str:
        """One digest over all weights of the method; "" without any."""
        return combined_digest(self._weights.require(get_weights(key))[1] for key in get_facts(method_key).weights)

    def _load(self, method_key: str) -> tuple[SmartMethod, str]:
        digest = self._digest(method_key)
        with self._lock:
            if (method_key, digest) not in self._methods:
                files: dict[str, Path] = {
                    key: self._weights.path(get_weights(key)) for key in get_facts(method_key).weights
                }
                while len(self._methods) >= MAX_METHODS:
                    self._methods.popitem(last=False)
                self._methods[method_key, digest] = METHODS.load(method_key)(files)
            self._methods.move_to_end((method_key, digest))
            return self._methods[method_key, digest], digest

    def _decode(self, ref: PictureRef) -> Picture:
        with self._lock:
            if ref in self._pictures:
                self._pictures.move_to_end(ref)
                return self._pictures[ref]
        with self._blobs.open(ref.sha256, ref.suffix) as stream, PillowImage.open(stream) as image:
            picture = np.asarray(image.convert("RGB"), dtype=np.uint8)
        with self._lock:
            self._pictures[ref] = picture
            while len(self._pictures) > 1 and sum(item.nbytes for item in self._pictures.values()) > PICTURE_BYTES:
                self._pictures.popitem(last=False)
        return picture
