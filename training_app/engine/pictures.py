"""From a picture file to `uint8` RGB pixels of the size that a network wants. Imports no torch."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from training_app.architectures.base import Preprocess

Pixels = npt.NDArray[np.uint8]
"""(height, width, 3) uint8 RGB."""

# The share of a picture's shorter side that the middle square of `crop` keeps, as torchvision's weights expect.
CENTRE_SHARE = 0.875


UNREADABLE = (OSError, ValueError, SyntaxError, Image.DecompressionBombError)


class PictureError(ValueError):
    """A picture that cannot be read; the message names the file and the reason."""


def fitted_size(width: int, height: int, preprocess: Preprocess, *, margin: float = 1.0) -> tuple[int, int]:
    """The (width, height) to which a picture is scaled before any crop; `margin` above 1 leaves room for crops."""
    if preprocess.fit == "squash":
        side = round(preprocess.size * margin)
        return side, side
    shorter = preprocess.size / CENTRE_SHARE if preprocess.fit == "crop" else float(preprocess.size)
    scale = shorter * margin / min(width, height)
    if preprocess.longest:
        scale = min(scale, preprocess.longest * margin / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def read_fitted(path: Path, preprocess: Preprocess, *, margin: float = 1.0, enlarge: bool = True) -> Pixels:
    """The picture in `path` through `fit_picture`. Raises `PictureError`."""
    try:
        with Image.open(path) as picture:
            return fit_picture(picture, preprocess, margin=margin, enlarge=enlarge)
    except UNREADABLE as error:
        raise PictureError(f"The picture {path.name} cannot be read: {error}.") from error


def fit_picture(picture: Image.Image, preprocess: Preprocess, *, margin: float = 1.0, enlarge: bool = True) -> Pixels:
    """`picture`, scaled to `fitted_size`; not above its own size where `enlarge` is false."""
    target = fitted_size(picture.width, picture.height, preprocess, margin=margin)
    if not enlarge and target[0] * target[1] > picture.width * picture.height:
        target = picture.size
    # JPEG can be decoded at 1/2, 1/4 or 1/8 size at once: half the time on a 12-megapixel picture.
    picture.draft("RGB", (2 * target[0], 2 * target[1]))
    rgb = to_rgb(picture)
    if rgb.size != target:
        rgb = rgb.resize(target, Image.Resampling.BILINEAR, reducing_gap=2.0)
    return np.array(rgb, dtype=np.uint8)


def to_rgb(picture: Image.Image) -> Image.Image:
    """Eight bits per channel; values of deeper pictures are stretched from their own least to their greatest."""
    if picture.mode in ("I", "F") or picture.mode.startswith("I;16"):
        values = np.asarray(picture, dtype=np.float64)
        low, high = float(values.min()), float(values.max())
        scaled = (values - low) * (255.0 / (high - low)) if high > low else np.zeros_like(values)
        return Image.fromarray(scaled.astype(np.uint8)).convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        white = Image.new("RGBA", layered.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, layered).convert("RGB")
    return picture.convert("RGB")


def centre_square(pixels: Pixels, size: int) -> Pixels:
    """The middle `size` x `size` of `pixels`, which are at least that large."""
    height, width = pixels.shape[:2]
    top, left = math.floor((height - size) / 2), math.floor((width - size) / 2)
    return pixels[top : top + size, left : left + size]
