"""Masks as files, and reading them back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy.typing as npt
from PIL import Image

from datasets_app.formats.base import Report
from datasets_app.formats.catalog import FORMATS
from datasets_app.ir import Dataset, ImageRecord

Pixels = npt.NDArray[Any]


def read(key: str, root: Path) -> tuple[Dataset, list[ImageRecord], Report]:
    report = Report()
    dataset = FORMATS.load(key).read(root, report)
    return dataset, list(dataset.images), report


def details(problems: list[Any]) -> list[str]:
    return [problem.detail for problem in problems]


def save(path: Path, pixels: Pixels, palette: list[int] | None = None, mode: str | None = None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.fromarray(pixels)
    if palette is not None:
        picture.putpalette(palette)
    (picture.convert(mode) if mode else picture).save(path)
