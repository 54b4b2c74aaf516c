"""The orientation that a camera wrote down, and turning pixels upright by it."""

from __future__ import annotations

from PIL import ExifTags, Image, TiffImagePlugin

UPRIGHT = 1
_RAW_PROFILE = "Raw profile type exif"

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def read_orientation(image: Image.Image) -> int:
    """1 to 8 as EXIF counts; 1 where nothing, or nothing valid, is written. XMP does not count: browsers ignore it."""
    if isinstance(image, TiffImagePlugin.TiffImageFile):
        value = image.tag_v2.get(ExifTags.Base.Orientation)
    else:
        value = _exif_orientation(image)
    return value if isinstance(value, int) and value in _TURNS else UPRIGHT


def turned_upright(image: Image.Image, orientation: int) -> Image.Image:
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)


def _exif_orientation(image: Image.Image) -> object:
    try:
        raw = image.info.get("exif")
        if raw is None and _RAW_PROFILE in image.info:
            raw = bytes.fromhex("".join(image.info[_RAW_PROFILE].split("\n")[3:]))
        exif = Image.Exif()
        exif.load(raw or b"")
        return exif.get(ExifTags.Base.Orientation)
    except Exception:  # the parser raises whatever broken metadata make it raise; the pixels may still be good
        return None
