"""How much one picture may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """The defaults let every camera picture through and keep two decoders within 8 GiB of memory."""

    file_bytes: int = 512 << 20

    pixels: int = 178_956_970
    """What Pillow opens by default: a larger picture would be refused by every reader of an export."""

    side: int = 65_500
    """The longest side that a JPEG encoder takes."""

    thumbnail_side: int = 320

    seconds: float = 120.0
    """For one picture in a decoder process; the largest allowed one takes up to half of it on a busy machine."""

    memory_bytes: int = 4 << 30
    """Address space of a decoder process. RGB takes 4 bytes a pixel, turning it upright as much again."""


DEFAULT_LIMITS = PictureLimits()
