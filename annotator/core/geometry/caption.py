"""Captions: `{"type": "caption", "text": "..."}`, a text about the whole picture. Knows no other shape."""

from __future__ import annotations

from typing import Any

import orjson
from typing_extensions import override

from annotator.core.geometry.base import Canonical, Shape, ShapeError, ShapeKind, no_pixels
from annotator.core.geometry.rle import Rle

MAX_CHARACTERS = 10_000


class CaptionKind(ShapeKind):
    """A text; its box is the picture's, its area 0, and it has no pixels."""

    @override
    def canonical(self, shape: Shape, width: int, height: int, *, area: float | None = None) -> Canonical:
        sent = shape.get("text")
        if not isinstance(sent, str):
            raise ShapeError('The caption needs "text": a text about the picture.')
        # Databases hold no NUL, and white space around a text is an accident of typing.
        text = sent.replace("\x00", "").strip()
        if not text or len(text) > MAX_CHARACTERS:
            raise ShapeError(f"The caption has {len(text)} characters; it must have 1 to {MAX_CHARACTERS}.")
        try:
            value = orjson.dumps({"type": "caption", "text": text}).decode()
        except TypeError:
            raise ShapeError("The caption holds half of a character (a lone surrogate); it must be Unicode.") from None
        mended = "A character that cannot be stored was taken out of the caption." if "\x00" in sent else ""
        return Canonical("caption", value, (0.0, 0.0, float(width), float(height)), 0.0, mended)

    @override
    def to_rle(self, shape: Shape, width: int, height: int) -> Rle:
        return no_pixels(width, height)

    @override
    def from_rle(self, rle: Rle, tolerance: float) -> list[dict[str, Any]]:
        return []


KIND = CaptionKind()
