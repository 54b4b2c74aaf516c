"""Large pictures as tiles at halved sizes, so that a screen never needs more of one than it shows. No Django, no rows.

Level 0 is the picture itself, level n is 2**n times smaller, the last level is one tile. Tile (x, y) of a level covers
`TILE` pixels of that level a side; tiles at the right and lower edge are smaller. All tiles of a picture are one
uncompressed zip, so that a picture of 100 megapixels is one file more and not a thousand.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from PIL import Image

from datasets_app.ingest.colour import kept_profile, to_display_colours
from datasets_app.ingest.limits import PictureLimits
from datasets_app.ingest.refusal import Refused

TILE = 512
"""Pixels of a tile's side."""

PLAIN_SIDE = 8_000
PLAIN_PIXELS = 50_000_000
"""Up to these, browsers decode and keep a picture as a whole."""

JPEG_QUALITY = 92
PNG_LEVEL = 1
PROFILE_BYTES = 16 << 10
"""A larger colour profile is not repeated in a thousand tiles."""

_PIXEL_BYTES = 4
_LEVELS_SHARE = 4 / 3


def needs_tiles(width: int, height: int) -> bool:
    return max(width, height) > PLAIN_SIDE or width * height > PLAIN_PIXELS


def level_sizes(width: int, height: int) -> list[tuple[int, int]]:
    """(width, height) of each level in pixels, the whole picture first."""
    sizes = [(width, height)]
    while max(sizes[-1]) > TILE:
        width, height = sizes[-1]
        sizes.append(((width + 1) // 2, (height + 1) // 2))
    return sizes


def has_tile(width: int, height: int, level: int, x: int, y: int) -> bool:
    sizes = level_sizes(width, height)
    if level >= len(sizes):
        return False
    return x * TILE < sizes[level][0] and y * TILE < sizes[level][1]


def tile_suffix(display_suffix: str) -> str:
    """JPEG of what was JPEG; whatever lost nothing so far loses nothing here."""
    return ".jpg" if display_suffix == ".jpg" else ".png"


def pyramid_write(source: Path, target: Path, suffix: str, limits: PictureLimits) -> int:
    """Writes the tiles of an upright display picture as a zip; answers how many. In this process: see `pool`.

    Raises `Refused` for a picture that cannot be read, or that needs more memory than the limits give.
    """
    try:
        with Image.open(source) as opened:
            width, height = opened.size
            if width * height * _PIXEL_BYTES * _LEVELS_SHARE > limits.memory_bytes:
                raise Refused("picture_too_large", "The picture needs more memory than there is to be cut into tiles.")
            image = to_display_colours(opened)
            image.load()
            profile = kept_profile(opened, image.mode)
    except (OSError, SyntaxError, ValueError) as error:
        raise Refused("picture_broken", f"The stored picture cannot be read: {error}.") from error
    profile = profile if profile is not None and len(profile) <= PROFILE_BYTES else None
    count = 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for level, size in enumerate(level_sizes(width, height)):
            if level:
                image = image.reduce(2)
            for y in range(0, size[1], TILE):
                for x in range(0, size[0], TILE):
                    tile = image.crop((x, y, min(x + TILE, size[0]), min(y + TILE, size[1])))
                    archive.writestr(tile_name(level, x // TILE, y // TILE, suffix), _encoded(tile, suffix, profile))
                    count += 1
    return count


def tile_name(level: int, x: int, y: int, suffix: str) -> str:
    """Of the zip's member."""
    return f"{level}/{x}-{y}{suffix}"


def _encoded(tile: Image.Image, suffix: str, profile: bytes | None) -> bytes:
    buffer = io.BytesIO()
    if suffix == ".jpg":
        tile.save(buffer, "JPEG", quality=JPEG_QUALITY, subsampling=0, icc_profile=profile)
    else:
        tile.save(buffer, "PNG", compress_level=PNG_LEVEL, icc_profile=profile)
    return buffer.getvalue()
