"""Pictures that lie inside a format's own files, put into files of their own while they are needed."""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from datasets_app.ir import ImageRecord


def pictures_unpacked(images: Iterable[ImageRecord], folder: Path, *, kept: int) -> Iterator[ImageRecord]:
    """The records, those with a picture but no file with one below `folder`; the files of the last `kept` stay."""
    files: deque[Path] = deque()
    for place, image in enumerate(images):
        if image.open is None or image.path is not None:
            yield image
            continue
        if len(files) == kept:
            files.popleft().unlink()
        path = folder / f"{place}{image.suffix}"
        with image.open() as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        files.append(path)
        yield replace(image, path=path)
