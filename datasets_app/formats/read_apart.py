"""Reads a data set in a process of its own, so that one core reads while another writes what was read.

The records come over a pipe in order, together with the problems that were found between them: who walks them notices
no difference. For formats whose `FORMAT` has `reads_apart`. Knows no format.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

import orjson

from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.pictures import opener
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord

WORTH_BYTES = 8 << 20
"""A process needs half a second to start: as long as reading files of this size takes."""

LENGTH_BYTES = 4
ERRORS: Mapping[str, type[Exception]] = {
    error.__name__: error for error in (FormatError, RecursionError, UnicodeError, OSError)
}
"""What may end the reading of a file, by the name under which it comes."""

_ROOT = Path(__file__).resolve().parents[2]
_KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "LANG", "TMPDIR")


class ReaderLostError(RuntimeError):
    """The process that read ended before it was done; what it wrote to the log says why."""


def is_worthwhile(root: Path) -> bool:
    """Whether a file, or the files of a folder, hold enough for a second process, and there is a core for it."""
    if _cores() < 2:
        return False
    paths = [root] if root.is_file() else (path for path in root.rglob("*.json") if path.is_file())
    room = WORTH_BYTES
    for path in paths:
        room -= path.stat().st_size
        if room <= 0:
            return True
    return False


def _cores() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def read_apart(key: str, root: Path, report: Report, options: Mapping[str, Any]) -> Iterator[Dataset]:
    """What the format `key` reads from `root`, as its `read` answers it. Ends the process with the block.

    Raises what reading raises, and `ReaderLostError`.
    """
    environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    environment |= {"PYTHONPATH": str(_ROOT), "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    words = [sys.executable, "-m", "datasets_app.formats.read_apart_child", key, str(root), json.dumps(dict(options))]
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment) as process:
        try:
            told = _told(process, report)
            kind, head = next(told)
            if kind != "head":
                raise ReaderLostError("The process that reads began with something else than the data set.")
            classes, image_count, annotation_count, info = head
            yield Dataset(
                tuple([_class(facts) for facts in classes]), _images(told), image_count, annotation_count, info
            )
        finally:
            process.kill()


def _images(told: Iterator[tuple[str, Any]]) -> Iterator[ImageRecord]:
    for kind, body in told:
        if kind != "image":
            raise ReaderLostError(f"The process that reads sent {kind!r} among the images.")
        number, name, width, height, annotations, path, *facts = body
        uuid, sha256, state, split, fixed_split, tags, group, suffix = facts
        yield ImageRecord(
            number,
            name,
            width,
            height,
            # There is one of these for each label of a file: what spares a step here spares a second in a million.
            tuple(
                [
                    AnnotationRecord(key, of, kind, (x, y, w, h), *rest)
                    for key, of, kind, (x, y, w, h), rest in annotations
                ]
            ),
            uuid,
            sha256,
            state,
            split,
            fixed_split,
            tuple(tags),
            group,
            suffix,
            None if path is None else Path(path),
            None if path is None else opener(Path(path)),
        )


def _class(facts: list[Any]) -> ClassRecord:
    *head, attributes, skeleton = facts
    fields: list[Any] = [*head, tuple(attributes), skeleton]
    return ClassRecord(*fields)


def _told(process: subprocess.Popen[bytes], report: Report) -> Iterator[tuple[str, Any]]:
    """What comes, up to the end; problems go to the report as their turn comes."""
    answers = cast("IO[bytes]", process.stdout)
    while head := answers.read(LENGTH_BYTES):
        size = int.from_bytes(head, "big")
        text = answers.read(size)
        if len(text) < size:
            break
        for kind, body in _parsed(text):
            if kind == "fix":
                report.fix(*body)
            elif kind == "refuse":
                report.refuse(*body)
            elif kind == "note":
                report.notes.append(body)
            elif kind == "error":
                name, detail = body
                raise ERRORS[name](detail)
            elif kind == "end":
                return
            else:
                yield kind, body
    raise ReaderLostError(f"The process that reads the file ended with code {process.wait()}.")


def _parsed(text: bytes) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        # Half a surrogate pair in a name: the standard library wrote it, and reads it.
        return json.loads(text)
