"""A Hugging Face data set: a folder that `datasets.load_dataset` reads and the Hub shows. Written only.

    README.md                        the card: configuration, features and class names
    data/train-00000.parquet …       `image` (bytes and name), facts of the image, `objects` (a list for each field)

or, with the option `layout` set to `folders` (pictures needed):

    README.md
    train/metadata.parquet           a row for each picture: `file_name`, facts of the image, `objects`
    train/<name>                     the pictures

`objects.category` counts classes from 0 on, `objects.label` is the class's name, `objects.bbox` is [x, y, width,
height] in pixels; `objects.shape` is the shape as JSON, `objects.attributes` too. `val` is called `validation`, as
everywhere on the Hub.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, Protocol

import orjson
import pyarrow as pa
from pyarrow import parquet
from typing_extensions import override

from datasets_app.formats.base import Format, FormatError, Progress, Report, no_progress
from datasets_app.formats.features import count_lost
from datasets_app.formats.huggingface_card import card_text
from datasets_app.formats.listing import UniquePaths
from datasets_app.formats.options import LAYOUT, NO_OPTIONS, chosen
from datasets_app.formats.pictures import copy_picture, open_picture, safe_name
from datasets_app.ir import Dataset, ImageRecord

SHARD_BYTES = 400 << 20
GROUP_BYTES = 32 << 20
GROUP_ROWS = 100
"""The Hub's viewer reads a row group for a page of rows; 100 is what it recommends for pictures."""

_SPLITS = {"train": "train", "val": "validation", "test": "test", None: "train"}

_OBJECTS = pa.struct(
    [
        ("id", pa.list_(pa.string())),
        ("category", pa.list_(pa.int64())),
        ("label", pa.list_(pa.string())),
        ("type", pa.list_(pa.string())),
        ("bbox", pa.list_(pa.list_(pa.float64()))),
        ("area", pa.list_(pa.float64())),
        ("shape", pa.list_(pa.string())),
        ("attributes", pa.list_(pa.string())),
        ("occluded", pa.list_(pa.bool_())),
        ("truncated", pa.list_(pa.bool_())),
        ("crowd", pa.list_(pa.bool_())),
        ("z_order", pa.list_(pa.int64())),
        ("group", pa.list_(pa.int64())),
        ("source", pa.list_(pa.string())),
        ("score", pa.list_(pa.float64())),
    ]
)
_FACTS = [
    ("image_id", pa.int64()),
    ("uuid", pa.string()),
    ("file_name", pa.string()),
    ("width", pa.int64()),
    ("height", pa.int64()),
    ("state", pa.string()),
    ("tags", pa.list_(pa.string())),
    ("group", pa.string()),
    ("objects", _OBJECTS),
]
_PICTURE = ("image", pa.struct([("bytes", pa.binary()), ("path", pa.string())]))


class HuggingFace(Format):
    """For `datasets` and the Hub."""

    lossy = frozenset(("unsplit",))

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
        raise FormatError("Hugging Face data sets are written and not read; import native JSON or Parquet instead.")

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
        is_folder = chosen(LAYOUT, options) == "folders"
        if is_folder and not images:
            raise FormatError("The layout of folders consists of pictures; export them too, or choose the tables.")
        report = Report()
        classes = {entry.number: (place, entry.name) for place, entry in enumerate(dataset.classes)}
        splits: dict[str, _Writer] = {}
        with ExitStack() as stack:
            for done, image in enumerate(dataset.images, 1):
                split = _SPLITS[image.split]
                if split not in splits:
                    writer = _Folder(root / split) if is_folder else _Shards(root / "data", split, images=images)
                    splits[split] = stack.enter_context(closing(writer))
                splits[split].add(image, _facts(image, classes))
                count_lost(image, self.lossy, report.lost)
                progress(done, dataset.image_count)
        counts = {split: splits[split].count for split in dict.fromkeys(_SPLITS.values()) if split in splits}
        card = card_text(dataset, counts, is_folder=is_folder, images=images)
        (root / "README.md").write_text(card, "utf-8", newline="\n")
        return report


class _Table:
    """A Parquet file that is written a row group at a time."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.written_bytes = 0
        self._rows: list[dict[str, Any]] = []
        self._row_bytes = 0
        self._file = parquet.ParquetWriter(path, schema, compression="zstd", write_page_index=True)
        self._schema = schema

    def add(self, row: dict[str, Any], size: int = 0) -> None:
        self._rows.append(row)
        self._row_bytes += size
        if len(self._rows) == GROUP_ROWS or self._row_bytes >= GROUP_BYTES:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._file.close()

    def _flush(self) -> None:
        if self._rows:
            table = pa.Table.from_pylist(self._rows, self._schema)
            self._file.write_table(table)
            self.written_bytes += table.nbytes
            self._rows.clear()
            self._row_bytes = 0


class _Writer(Protocol):
    """Writes one split."""

    count: int

    def add(self, image: ImageRecord, facts: dict[str, Any]) -> None: ...

    def close(self) -> None: ...


class _Shards(_Writer):
    """Tables, the pictures in them."""

    def __init__(self, folder: Path, split: str, *, images: bool) -> None:
        folder.mkdir(exist_ok=True)
        self.count = 0
        self._folder = folder
        self._split = split
        self._images = images
        self._schema = pa.schema([_PICTURE, *_FACTS] if images else _FACTS)
        self._table: _Table | None = None
        self._shards = 0

    @override
    def add(self, image: ImageRecord, facts: dict[str, Any]) -> None:
        if self._table is None:
            self._table = _Table(self._folder / f"{self._split}-{self._shards:05d}.parquet", self._schema)
            self._shards += 1
        content = b""
        if self._images:
            with open_picture(image) as file:
                content = file.read()
            facts["image"] = {"bytes": content, "path": safe_name(image.name)}
        self._table.add(facts, len(content))
        self.count += 1
        if self._table.written_bytes >= SHARD_BYTES:
            self.close()

    @override
    def close(self) -> None:
        if self._table is not None:
            self._table.close()
        self._table = None


class _Folder(_Writer):
    """Pictures beside a table that names them."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.count = 0
        self._folder = folder
        self._paths = UniquePaths()
        # Not metadata.jsonl: its types are guessed for each split, and a split without scores would not fit the others.
        self._table = _Table(folder / "metadata.parquet", pa.schema([*_FACTS, ("name", pa.string())]))

    @override
    def add(self, image: ImageRecord, facts: dict[str, Any]) -> None:
        path = self._paths.take(safe_name(image.name))
        copy_picture(image, self._folder / path)
        self._table.add({**facts, "file_name": path, "name": facts["file_name"]})
        self.count += 1

    @override
    def close(self) -> None:
        self._table.close()


def _facts(image: ImageRecord, classes: Mapping[int, tuple[int, str]]) -> dict[str, Any]:
    found = image.annotations
    return {
        "image_id": image.number,
        "uuid": image.uuid,
        "file_name": safe_name(image.name),
        "width": image.width,
        "height": image.height,
        "state": image.state,
        "tags": list(image.tags),
        "group": image.group,
        "objects": {
            "id": [annotation.uuid for annotation in found],
            "category": [classes[annotation.class_number][0] for annotation in found],
            "label": [classes[annotation.class_number][1] for annotation in found],
            "type": [annotation.shape_type for annotation in found],
            "bbox": [list(annotation.box) for annotation in found],
            "area": [annotation.area for annotation in found],
            "shape": [annotation.shape_json for annotation in found],
            "attributes": [orjson.dumps(dict(annotation.attributes)).decode() for annotation in found],
            "occluded": [annotation.occluded for annotation in found],
            "truncated": [annotation.truncated for annotation in found],
            "crowd": [annotation.crowd for annotation in found],
            "z_order": [annotation.z_order for annotation in found],
            "group": [annotation.group for annotation in found],
            "source": [annotation.source for annotation in found],
            "score": [annotation.score for annotation in found],
        },
    }


FORMAT = HuggingFace()
