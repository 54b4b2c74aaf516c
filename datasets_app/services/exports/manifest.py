"""What an export says of itself: where it comes from, its digest, how much it holds, and the hash of each file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Self

import orjson

from datasets_app.formats.pictures import safe_name
from datasets_app.ir import Dataset, ImageRecord
from datasets_app.services.exports.request import ExportRequest

NO_SPLIT = "none"


class Counted:
    """Counts a data set while a format walks it, and lists the addresses of its pictures where they are wanted."""

    def __init__(self, dataset: Dataset, links: Path | None, address: str) -> None:
        self._source = dataset.images
        self._links = links
        self._address = address.rstrip("/")
        self._file: BinaryIO | None = None
        self.image_count = 0
        self.annotation_count = 0
        self.splits: Counter[str] = Counter()
        self.states: Counter[str] = Counter()
        self.per_class: Counter[int] = Counter()

    def __enter__(self) -> Self:
        self._file = self._links.open("wb") if self._links is not None else None
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def images(self) -> Iterator[ImageRecord]:
        for image in self._source:
            self.image_count += 1
            self.annotation_count += len(image.annotations)
            self.splits[image.split or NO_SPLIT] += 1
            self.states[image.state] += 1
            self.per_class.update([annotation.class_number for annotation in image.annotations])
            if self._file is not None:
                self._file.write(self._line(image))
            yield image

    def _line(self, image: ImageRecord) -> bytes:
        url = f"{self._address}/api/v1/images/{image.number}/file/"
        entry = {"file_name": safe_name(image.name), "url": url, "sha256": image.sha256}
        return orjson.dumps(entry | {"width": image.width, "height": image.height}) + b"\n"


def manifest_of(request: ExportRequest, dataset: Dataset, counted: Counted) -> dict[str, Any]:
    """The manifest without its list of files. Holds no time: the same content gives the same bytes."""
    version = request.version
    return {
        "generator": "Annotator",
        "project": request.project.name,
        "format": request.format,
        "profile": request.profile or None,
        "options": request.all_options,
        "version": version.name if version is not None else None,
        "revision": request.number,
        "recipe": version.recipe or None if version is not None else None,
        # A digest is of the whole state; a part of it has none of its own.
        "digest": None if request.selection else request.digest,
        "selection": request.selection or None,
        "counts": {"images": counted.image_count, "annotations": counted.annotation_count},
        "splits": dict(sorted(counted.splits.items())),
        "states": dict(sorted(counted.states.items())),
        "classes": [
            {"number": record.number, "name": record.name, "annotations": counted.per_class[record.number]}
            for record in dataset.classes
        ],
    }
