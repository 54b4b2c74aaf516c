"""Native Parquet: everything, without loss, as tables for pandas, DuckDB, Polars and Spark. Owns its tables.

    images.parquet           a row for each image; its metadata says "annotator" and holds the data set's info
    annotations.parquet      a row for each annotation; `image` is the image's number
    classes.parquet          a row for each class
    images/<name>            the pictures, where they were asked for

The columns are the fields of `datasets_app/ir.py`. Boxes are four columns `x`, `y`, `width`, `height`; shapes,
attributes and skeletons are JSON text, as there is no column type that holds every kind. `path` is relative to the
folder and null where no picture travels. Annotations stand in the order of their images; a reader takes them in any
order, as tools that filtered or joined them may have left them. Columns that it does not know are left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import orjson
import pyarrow as pa
from pyarrow import parquet
from typing_extensions import override

from datasets_app.formats.base import Format, Progress, Report, no_progress
from datasets_app.formats.options import NO_OPTIONS
from datasets_app.formats.parquet_reader import detect_parquet, read_parquet
from datasets_app.formats.parquet_tables import ANNOTATIONS, CLASSES, IMAGES, VERSION, file_name
from datasets_app.formats.pictures import copy_picture, safe_name
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord

_BATCH_ROWS = 1000
_GROUP_BATCHES = 50
"""50,000 annotations with polygons are a row group of 15 MB, 4 MB of them on disk."""


class NativeParquet(Format):
    """As native JSON, in columns."""

    lossy = frozenset[str]()

    @override
    def detect(self, root: Path) -> float:
        return detect_parquet(root)

    @override
    def read(
        self,
        root: Path,
        report: Report,
        *,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = NO_OPTIONS,
    ) -> Dataset:
        return read_parquet(root, report, progress)

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
        with _Table(root, CLASSES) as classes:
            for number, entry in enumerate(dataset.classes):
                classes.add(_class_row(entry, number))
        head = {"version": VERSION, "info": dict(dataset.info), "annotation_count": dataset.annotation_count}
        with _Table(root, IMAGES, head) as pictures, _Table(root, ANNOTATIONS) as annotations:
            for done, image in enumerate(dataset.images, 1):
                path = f"images/{safe_name(image.name)}" if images else None
                if path:
                    copy_picture(image, root / path)
                pictures.add(_image_row(image, path))
                for annotation in image.annotations:
                    annotations.add(_annotation_row(annotation, image.number))
                progress(done, dataset.image_count)
        return Report()


class _Table:
    """A Parquet file that is written a row group at a time."""

    def __init__(self, root: Path, schema: pa.Schema, head: Mapping[str, Any] | None = None) -> None:
        self._schema = schema.with_metadata({"annotator": orjson.dumps(head or {"version": VERSION})})
        self._rows: list[tuple[Any, ...]] = []
        self._batches: list[pa.RecordBatch] = []
        # Checksums: a reader tells a damaged page instead of reading other labels than were written.
        self._file = parquet.ParquetWriter(
            root / file_name(schema), self._schema, compression="zstd", write_page_checksum=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: Any) -> None:
        with self._file:
            if error is None:
                self._pack()
                self._flush()

    def add(self, row: tuple[Any, ...]) -> None:
        self._rows.append(row)
        if len(self._rows) == _BATCH_ROWS:
            self._pack()
        if len(self._batches) == _GROUP_BATCHES:
            self._flush()

    def _pack(self) -> None:
        """Rows take ten times less memory in columns."""
        if self._rows:
            columns = zip(*self._rows, strict=True)
            arrays = [pa.array(column, field.type) for column, field in zip(columns, self._schema, strict=True)]
            self._batches.append(pa.record_batch(arrays, schema=self._schema))
            self._rows.clear()

    def _flush(self) -> None:
        if self._batches:
            self._file.write_table(pa.Table.from_batches(self._batches))
            self._batches.clear()


def _class_row(entry: ClassRecord, position: int) -> tuple[Any, ...]:
    texts = (_json(list(entry.attributes)), _json(dict(entry.skeleton)))
    return entry.number, position, entry.name, entry.color, entry.uuid, entry.hotkey, *texts


def _image_row(image: ImageRecord, path: str | None) -> tuple[Any, ...]:
    return (
        image.number,
        image.name,
        image.width,
        image.height,
        image.uuid,
        image.sha256,
        image.state,
        image.split,
        image.fixed_split,
        list(image.tags),
        image.group,
        image.suffix,
        path,
    )


def _annotation_row(annotation: AnnotationRecord, image: int) -> tuple[Any, ...]:
    return (
        image,
        annotation.uuid,
        annotation.class_number,
        annotation.shape_type,
        *annotation.box,
        annotation.area,
        annotation.shape_json,
        _json(dict(annotation.attributes)) if annotation.attributes else "{}",
        annotation.occluded,
        annotation.truncated,
        annotation.crowd,
        annotation.z_order,
        annotation.group,
        annotation.source,
        annotation.score,
    )


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


FORMAT = NativeParquet()
