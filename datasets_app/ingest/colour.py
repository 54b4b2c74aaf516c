"""Colour: whatever a file stores, as grey or RGB, with or without alpha, that browsers show."""

from __future__ import annotations

import io

from PIL import Image, ImageCms

DISPLAY_MODES = frozenset({"L", "LA", "RGB", "RGBA"})
PROFILE_BYTES = 1 << 20

_CHANNELS_OF_SPACE = {"GRAY": frozenset({"L", "LA"}), "RGB ": frozenset({"RGB", "RGBA"})}


def to_display_colours(image: Image.Image) -> Image.Image:
    """The picture in one of `DISPLAY_MODES`. CMYK goes through its profile where it carries one, Lab always."""
    if image.mode in {"1", "L", "RGB"} and "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode in DISPLAY_MODES:
        return image
    if image.mode == "1":
        return image.convert("L")
    if image.mode in {"P", "PA"}:
        return _without_palette(image)
    if image.mode in {"CMYK", "LAB"}:
        return _through_profile(image)
    return image.convert("RGBA" if image.mode in {"La", "RGBa"} else "RGB")


def kept_profile(image: Image.Image, mode: str) -> bytes | None:
    """The ICC profile, where it is sound and describes pixels of `mode`.

    RGB and grey values are never changed: browsers apply the profile, and a picture that was turned upright must have
    the values that the same picture has when it was upright from the start.
    """
    data = image.info.get("icc_profile")
    if not isinstance(data, bytes) or not 0 < len(data) <= PROFILE_BYTES:
        return None
    try:
        space = ImageCms.ImageCmsProfile(io.BytesIO(data)).profile.xcolor_space
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return None
    return data if mode in _CHANNELS_OF_SPACE.get(space, frozenset()) else None


def on_white(image: Image.Image) -> Image.Image:
    """Without alpha: what lies below is white."""
    if image.mode not in {"LA", "RGBA"}:
        return image
    plain = Image.new(image.mode[:-1], image.size, "white")
    plain.paste(image.convert(plain.mode), mask=image.getchannel("A"))
    return plain


def is_opaque(image: Image.Image) -> bool:
    return image.mode not in {"LA", "RGBA"} or image.getchannel("A").getextrema() == (255, 255)


def _without_palette(image: Image.Image) -> Image.Image:
    if image.mode == "PA" or "transparency" in image.info:
        return image.convert("RGBA")
    colours = image.convert("RGB")
    palette = image.getpalette("RGB") or []
    grey = palette[0::3] == palette[1::3] == palette[2::3]
    return colours.convert("L") if grey else colours


def _through_profile(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    try:
        if image.mode == "LAB":
            source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        elif profile:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        else:
            return image.convert("RGB")
        target = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
        converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return image.convert("RGB")
    return converted if converted is not None else image.convert("RGB")
