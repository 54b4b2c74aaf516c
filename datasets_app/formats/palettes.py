"""Colours that stand for classes in mask files. Knows no format and no files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from datasets_app.ir import ClassRecord

Colour = tuple[int, int, int]
BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)


def voc_colour(index: int) -> Colour:
    """The colour that Pascal VOC gives an index: the bits of the index dealt out to red, green and blue in turn."""
    red = green = blue = 0
    for place in range(7, -1, -1):
        red |= (index & 1) << place
        green |= (index >> 1 & 1) << place
        blue |= (index >> 2 & 1) << place
        index >>= 3
    return red, green, blue


VOC_COLOURS: tuple[Colour, ...] = tuple(voc_colour(index) for index in range(256))


def class_colours(classes: Sequence[ClassRecord], taken: Sequence[Colour] = (BLACK, WHITE)) -> list[Colour]:
    """A colour of its own for each class: its own colour, or one of VOC's where that is missing or taken."""
    used = set(taken)
    own = [hex_colour(record.color) for record in classes]
    kept: list[Colour | None] = []
    for colour in own:
        kept.append(None if colour is None or colour in used else colour)
        used.add(colour or BLACK)
    free = (colour for colour in _many_colours() if colour not in used)
    return [next(free) if colour is None else colour for colour in kept]


def hex_colour(text: str) -> Colour | None:
    """The colour of "#rrggbb"; None for everything else."""
    try:
        value = int(text[1:], 16) if len(text) == 7 and text[0] == "#" else -1
    except ValueError:
        return None
    return (value >> 16, value >> 8 & 255, value & 255) if value >= 0 else None


def colour_codes(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.int32]:
    """R · 65536 + G · 256 + B of each pixel of a (height, width, 3) array."""
    wide = pixels.astype(np.int32)
    return (wide[..., 0] << 16) | (wide[..., 1] << 8) | wide[..., 2]


def code_of(colour: Sequence[int]) -> int:
    return colour[0] << 16 | colour[1] << 8 | colour[2]


def _many_colours() -> Iterator[Colour]:
    yield from VOC_COLOURS[1:]
    # An odd factor visits every 24-bit number once.
    for number in range(1, 1 << 24):
        code = number * 0x9E3779 & 0xFFFFFF
        yield code >> 16, code >> 8 & 255, code & 255
