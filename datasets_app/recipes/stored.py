"""From the bytes of a stored picture to pixels, and back to bytes of the same kind. Knows no operation."""

from __future__ import annotations

from collections import OrderedDict
from io import BytesIO
from threading import Lock
from typing import BinaryIO

import numpy as np
from PIL import Image

from datasets_app.ir import ImageRecord
from datasets_app.recipes.warp import Pixels

JPEG_SUFFIXES = frozenset((".jpg", ".jpeg"))
JPEG_QUALITY = 95


class NoPictureError(LookupError):
    """Pixels were asked of a record that came without its picture."""


class PictureReader:
    """Decodes pictures, keeping the last few: tiles and copies of one image follow each other."""

    def __init__(self, keep: int = 4) -> None:
        self._keep = keep
        self._pixels: OrderedDict[tuple[str, int, str], Pixels] = OrderedDict()
        self._lock = Lock()

    def read(self, record: ImageRecord) -> Pixels:
        """(height, width, 3) uint8 RGB, not to be written to; transparency becomes white."""
        key = record.uuid, record.number, record.name
        with self._lock:
            found = self._pixels.get(key)
        if found is None:
            found = decode(record)
            with self._lock:
                self._pixels[key] = found
                while len(self._pixels) > self._keep:
                    self._pixels.popitem(last=False)
        return found


def decode(record: ImageRecord) -> Pixels:
    with _open(record) as source, Image.open(source) as picture:
        pixels = pixels_of(picture)
    if pixels.shape[:2] != (record.height, record.width):
        height, width = pixels.shape[:2]
        stated = f"{record.width} x {record.height}"
        raise NoPictureError(f"{record.name}: the picture is {width} x {height} pixels, its record says {stated}.")
    pixels.setflags(write=False)
    return pixels


def pixels_of(picture: Image.Image) -> Pixels:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    return np.array(picture.convert("RGB"), dtype=np.uint8)


def encode(pixels: Pixels, suffix: str) -> bytes:
    """A JPEG that hardly differs for a JPEG, a PNG that does not differ for anything else."""
    target = BytesIO()
    if suffix.lower() in JPEG_SUFFIXES:
        Image.fromarray(pixels).save(target, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    else:
        Image.fromarray(pixels).save(target, "PNG", compress_level=3)
    return target.getvalue()


def _open(record: ImageRecord) -> BinaryIO:
    if record.open is not None:
        return record.open()
    if record.path is not None:
        return record.path.open("rb")
    raise NoPictureError(f"{record.name}: this data set came without its pictures.")
