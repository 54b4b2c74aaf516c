"""The picture files of a data set on disk: safe names, copies, JPEG copies, and finding them again. Knows no format."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import numpy as np
from PIL import Image, UnidentifiedImageError

from datasets_app.ir import ImageRecord

PICTURE_SUFFIXES = frozenset((".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".jp2", ".ppm"))
JPEG_SUFFIXES = frozenset((".jpg", ".jpeg"))
JPEG_QUALITY = 95


class PictureMissingError(LookupError):
    """Pictures were asked for and a record has none to give."""


def safe_name(name: str) -> str:
    """`name` as a relative path with "/" that cannot leave the folder it is put in."""
    cleaned = "".join(character for character in name.replace("\\", "/") if character.isprintable())
    parts = [part for part in cleaned.split("/") if part.strip(" .")]
    return "/".join(part.replace(":", "_") for part in parts) or "unnamed"


def open_picture(image: ImageRecord) -> BinaryIO:
    """The stored bytes of the upright picture. Raises `PictureMissingError`."""
    if image.open is not None:
        return image.open()
    if image.path is not None:
        return image.path.open("rb")
    raise PictureMissingError(f"{image.name}: this data set came without its pictures; export the labels alone.")


def copy_picture(image: ImageRecord, target: Path) -> None:
    """A copy, never a link: some readers repair pictures in place."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with open_picture(image) as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy, 1 << 20)


def copy_picture_as_jpeg(image: ImageRecord, target: Path) -> bool:
    """The picture as JPEG; whether it had to be encoded anew. Transparency becomes white, 16 bits become 8."""
    if image.suffix.lower() in JPEG_SUFFIXES:
        copy_picture(image, target)
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    with open_picture(image) as source, Image.open(source) as picture:
        _to_rgb(picture).save(target, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return True


def _to_rgb(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I") or picture.mode == "F":
        values = np.asarray(picture, dtype=np.float64)
        return Image.fromarray((values / max(values.max(initial=0), 255.0) * 255).astype(np.uint8)).convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(white, layer).convert("RGB")
    return picture.convert("RGB")


def picture_size(path: Path) -> tuple[int, int] | None:
    """(width, height) as shown, from the header alone; None where the file is no picture."""
    try:
        with Image.open(path) as picture:
            width, height = picture.size
            # EXIF orientations 5 to 8 show the stored rows as columns.
            return (height, width) if picture.getexif().get(0x0112, 1) in (5, 6, 7, 8) else (width, height)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


class PictureFolder:
    """The picture files below a folder, found by name. Links are not followed: they could lead out of it."""

    def __init__(self, root: Path, without: Collection[Path] = ()) -> None:
        """The folders `without` hold masks or other files that are no pictures of the data set."""
        self.root = root if root.is_dir() else root.parent
        # Plain texts: path objects of a hundred thousand pictures would take as much memory as their labels.
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        left_out = {os.fspath(folder) for folder in without}
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders if f"{folder}/{name}" not in left_out]
            for name in names:
                stem, suffix = os.path.splitext(name)  # noqa: PTH122
                path = f"{folder}/{name}"
                if suffix.lower() in PICTURE_SUFFIXES and not os.path.islink(path):  # noqa: PTH114
                    self._by_name[name.lower()].append(path)
                    self._by_stem[stem.lower()].append(path)

    def find(self, name: str, near: Path) -> Path | None:
        """The picture that a label file in `near` calls `name`; None where there is none or several may be meant."""
        wanted = PurePosixPath(name)
        candidates = self._by_name.get(wanted.name.lower(), [])
        return self._best(candidates, wanted.parts, near)

    def find_stem(self, stem: str, near: Path) -> Path | None:
        """The same by the name without its ending."""
        return self._best(self._by_stem.get(stem.lower(), []), (), near)

    def _best(self, candidates: list[str], parts: tuple[str, ...], near: Path) -> Path | None:
        if len(candidates) <= 1:
            return Path(candidates[0]) if candidates else None
        ranked = sorted(((_agreement(path, parts, near), path) for path in map(Path, candidates)), reverse=True)
        return ranked[0][1] if ranked[0][0] > ranked[1][0] else None


def _agreement(path: Path, parts: tuple[str, ...], near: Path) -> tuple[int, int, int]:
    """How well a file fits: trailing parts shared with the name, leading parts shared with the folder, exact case."""
    tail = 0
    for mine, theirs in zip(reversed(path.parts), reversed(parts), strict=False):
        if mine.lower() != theirs.lower():
            break
        tail += 1
    head = len(os.path.commonpath([path.parent, near]))
    return tail, head, int(bool(parts) and path.name == parts[-1])


def opener(path: Path) -> Callable[[], BinaryIO]:
    """For `ImageRecord.open`."""
    return partial(_open_file, path)


def _open_file(path: Path) -> BinaryIO:
    return path.open("rb")
