"""Mask files: pictures whose pixels are numbers or colours of classes. Knows no format.

Written are PNG files only, without a time or anything else that differs from run to run. Read are files that keep every
value; JPEG does not, so a mask in a JPEG file is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from datasets_app.formats.palettes import Colour, code_of, colour_codes

MAX_PIXELS = 178_956_970
"""As many as a picture of the product may have."""

MASK_SUFFIXES = frozenset((".png", ".bmp", ".tif", ".tiff", ".gif"))
_NUMBERS = frozenset(("1", "L", "P", "I", "I;16", "I;16B", "I;16L"))
_COLOURS = frozenset(("RGB", "RGBA", "LA", "PA"))

Numbers = npt.NDArray[Any]


class MaskFileError(ValueError):
    """The mask cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class MaskFile:
    """`pixels` holds numbers (height, width) or colours (height, width, 3); `palette` is that of the file, if any."""

    pixels: Numbers
    palette: tuple[Colour, ...] = ()

    @property
    def has_colours(self) -> bool:
        return self.pixels.ndim == 3

    @property
    def size(self) -> tuple[int, int]:
        """(width, height)."""
        return self.pixels.shape[1], self.pixels.shape[0]


def save_numbers(path: Path, numbers: Numbers, palette: Sequence[Colour] = ()) -> None:
    """An 8-bit file, with a palette where one is given."""
    picture = Image.fromarray(numbers.astype(np.uint8))
    if palette:
        picture = picture.convert("L")
        picture.putpalette([channel for colour in palette for channel in colour])
    _save(path, picture)


def save_wide_numbers(path: Path, numbers: Numbers) -> None:
    """A 16-bit grey file."""
    _save(path, Image.fromarray(numbers.astype(np.uint16)))


def save_colours(path: Path, colours: npt.NDArray[np.uint8]) -> None:
    _save(path, Image.fromarray(colours))


def load_mask(path: Path) -> MaskFile:
    """Raises `MaskFileError`."""
    try:
        with Image.open(path) as picture:
            width, height = picture.size
            if width * height > MAX_PIXELS:
                raise MaskFileError(f"The mask has {width} x {height} pixels; that is more than can be read.")
            if picture.format == "JPEG":
                raise MaskFileError("The mask is a JPEG file, which changes values; it must be PNG.")
            if picture.mode in _NUMBERS:
                palette = _palette(picture) if picture.mode == "P" else ()
                return MaskFile(np.asarray(picture).astype(np.int32), palette)
            if picture.mode in _COLOURS:
                return MaskFile(np.asarray(picture.convert("RGB")))
            raise MaskFileError(f"The mask has the mode {picture.mode}; it must hold whole numbers or RGB colours.")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        if isinstance(error, MaskFileError):
            raise
        raise MaskFileError(f"The mask cannot be read as a picture: {error}.") from None


def numbers_by_colour(
    colours: npt.NDArray[np.uint8], numbers: Mapping[Colour, int], other: int
) -> tuple[npt.NDArray[np.int32], list[Colour]]:
    """The number of each pixel's colour, `other` for colours without one, and which those are."""
    codes = colour_codes(colours)
    known = np.array(sorted(map(code_of, numbers)), dtype=np.int64)
    meant = np.array([numbers[_colour(code)] for code in known.tolist()], dtype=np.int32)
    if not known.size:
        return np.full(codes.shape, other, dtype=np.int32), [_colour(code) for code in np.unique(codes).tolist()]
    places = np.minimum(np.searchsorted(known, codes), known.size - 1)
    matches = known[places] == codes
    strange = [] if matches.all() else [_colour(code) for code in np.unique(codes[~matches]).tolist()]
    return np.where(matches, meant[places], np.int32(other)), strange


def _colour(code: int) -> Colour:
    return code >> 16, code >> 8 & 255, code & 255


def _palette(picture: Image.Image) -> tuple[Colour, ...]:
    flat = picture.getpalette("RGB") or []
    return tuple(zip(flat[0::3], flat[1::3], flat[2::3], strict=True))


def _save(path: Path, picture: Image.Image) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, "PNG", compress_level=6)
