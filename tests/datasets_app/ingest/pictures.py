"""Small pictures for the tests of ingest, drawn so that every turn, flip and colour error shows."""

import io
from typing import Any

import numpy as np
from PIL import ExifTags, Image

WIDTH, HEIGHT = 64, 48


def scene(width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """No symmetry: red grows to the right, green downwards, a blue block marks the top left corner."""
    y, x = np.mgrid[0:height, 0:width]
    pixels = np.stack([x * 255 // max(1, width - 1), y * 255 // max(1, height - 1), np.zeros_like(x)], axis=-1)
    pixels[: height // 4, : width // 4, 2] = 255
    return Image.fromarray(pixels.astype(np.uint8))


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def exif(orientation: int) -> Image.Exif:
    tags = Image.Exif()
    tags[ExifTags.Base.Orientation] = orientation
    return tags


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def difference(left: Image.Image, right: Image.Image) -> float:
    """Mean absolute difference of the RGB values; the sizes have to be the same."""
    assert left.size == right.size
    a, b = (np.asarray(image.convert("RGB"), dtype=np.int16) for image in (left, right))
    return float(np.abs(a - b).mean())
