"""WebDataset: tar files that training reads from beginning to end. Owns their layout; written only.

    train-000000.tar  train-000001.tar  val-000000.tar      files of at most 1,000 images or 256 MiB
        00000012.jpg                                        the picture, where pictures were asked for
        00000012.json                                       the image's entry as in native JSON
    images-000000.tar                                       images that belong to no split
    classes.json                                            the classes and the data set's info

A sample's key is the image's number. `index` in each annotation is the position of its class in `classes.json`, from 0
on, as training wants it; `class` is the class's number. Equal content gives equal bytes.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson
from typing_extensions import override

from datasets_app.formats.base import Format, FormatError, Progress, Report, no_progress
from datasets_app.formats.native_entries import image_entry
from datasets_app.formats.options import NO_OPTIONS
from datasets_app.formats.pictures import open_picture
from datasets_app.ir import Dataset, ImageRecord

SHARD_IMAGES = 1000
SHARD_BYTES = 256 << 20


class WebDataset(Format):
    """Everything that native JSON holds, cut into streams."""

    lossy = frozenset[str]()

    @override
    def detect(self, root: Path) -> float:
        return 0.0

    @override
    def read(
        self,
        root: Path,
        report: Report,
        *,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = NO_OPTIONS,
    ) -> Dataset:
        raise FormatError("WebDataset files are written and not read; import native JSON or Parquet instead.")

    @override
    def write(
        self,
        dataset: Dataset,
        root: Path,
        *,
        images: bool,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = NO_OPTIONS,
    ) -> Report:
        index = {entry.number: place for place, entry in enumerate(dataset.classes)}
        head = {"info": dict(dataset.info), "classes": [asdict(entry) for entry in dataset.classes]}
        (root / "classes.json").write_bytes(orjson.dumps(head, option=orjson.OPT_INDENT_2))
        splits: dict[str, _Shards] = {}
        with ExitStack() as stack:
            for done, image in enumerate(dataset.images, 1):
                name = image.split or "images"
                if name not in splits:
                    splits[name] = stack.enter_context(_Shards(root, name))
                splits[name].add(image, index, picture=images)
                progress(done, dataset.image_count)
        return Report()


class _Shards:
    """The tar files of one split."""

    def __init__(self, root: Path, name: str) -> None:
        self._root = root
        self._name = name
        self._shard: tarfile.TarFile | None = None
        self._number = self._images = self._bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def add(self, image: ImageRecord, index: Mapping[int, int], *, picture: bool) -> None:
        if self._images == SHARD_IMAGES or self._bytes >= SHARD_BYTES:
            self._close()
        if self._shard is None:
            path = self._root / f"{self._name}-{self._number:06d}.tar"
            self._shard = tarfile.open(path, "w", format=tarfile.USTAR_FORMAT)  # noqa: SIM115
            self._number += 1
        key = f"{image.number:08d}"
        if picture:
            with open_picture(image) as file:
                self._put(f"{key}{image.suffix.lower()}", file.read())
        self._put(f"{key}.json", orjson.dumps(_entry(image, index)))
        self._images += 1

    def _put(self, name: str, content: bytes) -> None:
        if self._shard is None:
            return
        member = tarfile.TarInfo(name)
        member.size = len(content)
        member.mode = 0o644
        self._shard.addfile(member, io.BytesIO(content))
        # Every member is remembered for an index that tar files do not have.
        self._shard.members.clear()  # type: ignore[attr-defined]
        self._bytes += len(content)

    def _close(self) -> None:
        if self._shard is not None:
            self._shard.close()
        self._shard, self._images, self._bytes = None, 0, 0


def _entry(image: ImageRecord, index: Mapping[int, int]) -> dict[str, Any]:
    entry = image_entry(image)
    for annotation in entry["annotations"]:
        annotation["index"] = index[annotation["class"]]
    return entry


FORMAT = WebDataset()
