"""What a browser needs to answer clicks by itself: the decoder of a method and the embedding of an image."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from annotator.core.errors import ConflictError, DomainError, NotFoundError
from annotator.core.models import Job, JobState
from annotator.core.weights.services import weights_digest
from annotator.smart.base import MethodFacts
from annotator.smart.decoders import DecoderStore
from annotator.smart.services import (
    EMBED,
    EXPORT_DECODER,
    embed_payload,
    embedding_key,
    get_embeddings,
    method_status,
    start_once,
)
from datasets_app.models import Image


@dataclass(frozen=True, slots=True)
class StoredDecoder:
    """An ONNX file; `path` is None while a worker exports it."""

    tag: str
    path: Path | None


@dataclass(frozen=True, slots=True)
class StoredEmbedding:
    """`data` is the features as float16 in C order, of `shape` (channels, rows, columns); sizes are (height, width)."""

    data: bytes
    shape: tuple[int, ...]
    original_size: tuple[int, ...]
    input_size: tuple[int, ...]


@cache
def get_decoders() -> DecoderStore:
    """The decoders of this installation."""
    return DecoderStore(Path(settings.DATA_DIR) / "decoders")


def decoder_get(method: str, *, user: Any) -> StoredDecoder:
    """The decoder; where it was not exported yet a worker begins. Raises `DomainError` with what its last try met."""
    weights = weights_digest(_decodable(method).weights)
    store = get_decoders()
    tag = store.tag(method, weights)
    if store.has(method, weights):
        return StoredDecoder(tag, store.path(method, weights))
    payload = {"method": method, "weights": weights}
    _tell_failure(EXPORT_DECODER, payload)
    start_once(EXPORT_DECODER, payload, user=user)
    return StoredDecoder(tag, None)


def embedding_tag(image: Image, method: str) -> str:
    """What tells the image's embedding from every other one. Raises `DomainError` where there can be none."""
    _decodable(method)
    key = embedding_key(image, method)
    return f"{key.method}-{key.picture}-{key.weights}"


def embedding_get(image: Image, method: str) -> StoredEmbedding | None:
    """The image's embedding, None while there is none. Raises `DomainError` with what the last preparation met."""
    _decodable(method)
    found = get_embeddings().peek(embedding_key(image, method))
    if found is None:
        _tell_failure(EMBED, embed_payload(image, method))
        return None
    features = found["features"][0]
    return StoredEmbedding(
        features.tobytes(), features.shape, tuple(found["original_size"].tolist()), tuple(found["input_size"].tolist())
    )


def _decodable(method: str) -> MethodFacts:
    status = method_status(method)
    if not status.facts.decoder:
        raise NotFoundError("no_decoder", f"{status.entry.title} has no decoder for the browser: ask the server.")
    if status.unavailable_reason:
        raise ConflictError("method_unavailable", status.unavailable_reason)
    return status.facts


def _tell_failure(kind: str, payload: dict[str, Any]) -> None:
    """Raises what made the last job fail, once: whoever asks again starts the next one."""
    last = Job.objects.filter(kind=kind, payload=payload).order_by("-created_at").first()
    if last is not None and last.state == JobState.FAILED:
        last.delete()
        raise DomainError(last.error_code, last.error_detail)
