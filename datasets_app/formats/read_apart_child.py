"""The process that reads for `read_apart`: records and problems go to its output in the order in which they are found.

A thread writes, so that the next records are read while the last ones wait; it holds a few messages and no more.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from operator import attrgetter
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import orjson
from typing_extensions import override

from datasets_app.formats.base import Report
from datasets_app.formats.catalog import FORMATS
from datasets_app.formats.read_apart import ERRORS, LENGTH_BYTES
from datasets_app.ir import Dataset, ImageRecord

_MESSAGE_LABELS = 1_000
_MESSAGES_AHEAD = 6

_label = attrgetter(
    *("area", "shape_json", "attributes", "occluded", "truncated", "crowd", "z_order", "group", "source", "score")
)
_facts = attrgetter("uuid", "sha256", "state", "split", "fixed_split", "tags", "group", "suffix")


class _Teller(Report):
    """A report whose problems are told in their turn among the records."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._events: list[tuple[str, Any]] = []
        self._labels = 0
        self._notes = 0
        self._descriptor = descriptor
        self._waiting: Queue[bytes] = Queue(_MESSAGES_AHEAD)
        self._writer = Thread(target=self._write, daemon=True)
        self._writer.start()

    @override
    def fix(self, where: str, detail: str) -> None:
        self._tell("fix", (where, detail))

    @override
    def refuse(self, where: str, detail: str) -> None:
        self._tell("refuse", (where, detail))

    def head(self, dataset: Dataset) -> None:
        self._tell_notes()
        classes = [
            (*(getattr(entry, name) for name in ("number", "name", "color", "uuid", "hotkey")), *_plain(entry))
            for entry in dataset.classes
        ]
        self._tell("head", (classes, dataset.image_count, dataset.annotation_count, dict(dataset.info)))
        self._send()

    def image(self, image: ImageRecord) -> None:
        path = None if image.path is None else str(image.path)
        labels = [(a.uuid, a.class_number, a.shape_type, a.box, _label(a)) for a in image.annotations]
        self._tell("image", (image.number, image.name, image.width, image.height, labels, path, *_facts(image)))
        self._labels += 1 + len(labels)
        if self._labels >= _MESSAGE_LABELS:
            self._send()

    def end(self, error: Exception | None = None) -> None:
        self._tell_notes()
        if error is None:
            self._tell("end", None)
        else:
            name = next(name for name, kind in ERRORS.items() if isinstance(error, kind))
            self._tell("error", (name, str(error)))
        self._send()
        self._waiting.put(b"")
        self._writer.join()

    def _tell(self, kind: str, body: Any) -> None:
        self._events.append((kind, body))
        if len(self._events) >= _MESSAGE_LABELS:
            self._send()

    def _tell_notes(self) -> None:
        for note in self.notes[self._notes :]:
            self._tell("note", note)
        self._notes = len(self.notes)

    def _send(self) -> None:
        try:
            text = orjson.dumps(self._events)
        except TypeError:
            text = json.dumps(self._events).encode()
        self._waiting.put(len(text).to_bytes(LENGTH_BYTES, "big") + text)
        self._events, self._labels = [], 0

    def _write(self) -> None:
        while message := self._waiting.get():
            rest = memoryview(message)
            try:
                while rest:
                    rest = rest[os.write(self._descriptor, rest) :]
            except BrokenPipeError:
                # Who asked is gone, and with it every reason to go on.
                os._exit(1)


def _plain(entry: Any) -> tuple[Any, ...]:
    skeleton: Mapping[str, Any] = entry.skeleton
    return tuple(dict(attribute) for attribute in entry.attributes), dict(skeleton)


def main(key: str, root: Path, options: Mapping[str, Any]) -> None:
    # What a library prints belongs into the log, not among the records.
    descriptor = os.dup(1)
    os.dup2(2, 1)
    teller = _Teller(descriptor)
    try:
        dataset = FORMATS.load(key).read(root, teller, options=options)
        teller.head(dataset)
        for image in dataset.images:
            teller.image(image)
    except tuple(ERRORS.values()) as error:
        teller.end(error)
    else:
        teller.end()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3]))
