"""Thumbnails: small, fast to make, the same picture whatever the original was."""

from __future__ import annotations

import io

from PIL import Image

from datasets_app.ingest.colour import is_opaque

JPEG_QUALITY = 80
WEBP_QUALITY = 80


def thumbnail_size(width: int, height: int, side: int) -> tuple[int, int]:
    """At most `side` on the longest side, never enlarged, never empty."""
    scale = min(1.0, side / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def shrunk(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The picture in `size`. Transparent pixels do not bleed: Pillow weighs colours by alpha."""
    if image.size == size:
        return image
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def encode_thumbnail(image: Image.Image) -> tuple[bytes, str]:
    """The bytes and their suffix: JPEG, or WebP where something shows through."""
    buffer = io.BytesIO()
    if is_opaque(image):
        plain = image.convert(image.mode[:-1]) if image.mode in {"LA", "RGBA"} else image
        plain.save(buffer, "JPEG", quality=JPEG_QUALITY)
        return buffer.getvalue(), ".jpg"
    image.convert("RGBA").save(buffer, "WEBP", quality=WEBP_QUALITY, method=2)
    return buffer.getvalue(), ".webp"
