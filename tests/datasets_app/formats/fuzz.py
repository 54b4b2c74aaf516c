"""Files of a format with something wrong in them: bytes changed, cut or doubled, values exchanged for odd ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
from hypothesis import strategies as st

from annotator.core.geometry.shapes import canonical
from datasets_app.formats.base import Format, FormatError, Report
from datasets_app.ir import ImageRecord

ODD_VALUES: list[Any] = [
    None, True, 0, -1, 1, 2**31, 2**70, -0.0, 1e308, 0.5, "", "x", "1", "-7", "1e999", "nan", "\x00", "🙂" * 3,
    [], {}, [[]], [{}], [None], [1, 2], [[1, 2], [3, 4]], {"x": 1}, {"points": []}, "1,2;3,4", "<svg>",
]  # fmt: skip


def changed_bytes() -> st.SearchStrategy[Callable[[bytes], bytes]]:
    """Functions that damage a file: bytes overwritten, a piece cut out, a piece repeated, the end cut off."""
    places, lengths = st.floats(0, 1, exclude_max=True), st.integers(1, 40)
    overwritten = st.tuples(places, st.binary(min_size=1, max_size=4)).map(lambda how: _overwritten(*how))
    removed = st.tuples(places, lengths).map(lambda how: _removed(*how))
    repeated = st.tuples(places, lengths).map(lambda how: _repeated(*how))
    cut = places.map(_cut)
    return st.lists(st.one_of(overwritten, removed, repeated, cut), min_size=1, max_size=4).map(_one_after_another)


def odd_values(paths: int = 3) -> st.SearchStrategy[Callable[[Any], Any]]:
    """Functions that exchange up to `paths` values anywhere in a JSON value for odd ones, or leave keys out."""
    steps = st.lists(st.integers(0, 30), min_size=1, max_size=8)
    change = st.tuples(steps, st.sampled_from([*ODD_VALUES, ...]))
    return st.lists(change, min_size=1, max_size=paths).map(lambda changes: lambda value: _exchanged(value, changes))


def with_odd_values(path: Path, change: Callable[[Any], Any]) -> None:
    """Change the value that the JSON file holds; numbers beyond 64 bits are written too."""
    path.write_text(json.dumps(change(json.loads(path.read_bytes()))), encoding="utf-8")


def read_without_surprise(fmt: Format, root: Path) -> tuple[list[ImageRecord], Report]:
    """Reads everything; only `FormatError` may come out, and what is read must be canonical."""
    report = Report()
    images: list[ImageRecord] = []
    try:
        fmt.detect(root)
        dataset = fmt.read(root, report)
        numbers = {entry.number for entry in dataset.classes}
        images.extend(dataset.images)
    except FormatError:
        return images, report
    names = [image.name for image in images]
    assert len(set(names)) == len(names)
    for image in images:
        for found in image.annotations:
            assert found.class_number in numbers
            assert canonical(found.shape, image.width, image.height).json == found.shape_json
            orjson.dumps(dict(found.attributes))
    assert all(problem.where and problem.detail for problem in (*report.fixed, *report.refused))
    return images, report


def _overwritten(place: float, data: bytes) -> Callable[[bytes], bytes]:
    def change(old: bytes) -> bytes:
        at = int(place * len(old))
        return old[:at] + data + old[at + len(data) :]

    return change


def _removed(place: float, length: int) -> Callable[[bytes], bytes]:
    return lambda old: old[: int(place * len(old))] + old[int(place * len(old)) + length :]


def _repeated(place: float, length: int) -> Callable[[bytes], bytes]:
    def change(old: bytes) -> bytes:
        at = int(place * len(old))
        return old[: at + length] + old[at:]

    return change


def _cut(place: float) -> Callable[[bytes], bytes]:
    return lambda old: old[: int(place * len(old))]


def _one_after_another(changes: list[Callable[[bytes], bytes]]) -> Callable[[bytes], bytes]:
    def change(old: bytes) -> bytes:
        for one in changes:
            old = one(old)
        return old

    return change


def _exchanged(value: Any, changes: list[tuple[list[int], Any]]) -> Any:
    for steps, odd in changes:
        value = _exchanged_one(value, steps, odd)
    return value


def _exchanged_one(value: Any, steps: list[int], odd: Any) -> Any:
    if not steps or not isinstance(value, (dict, list)) or not value:
        return None if odd is ... else odd
    if isinstance(value, list):
        place = steps[0] % len(value)
        return [_exchanged_one(old, steps[1:], odd) if n == place else old for n, old in enumerate(value)]
    key = list(value)[steps[0] % len(value)]
    if odd is ... and len(steps) == 1:
        return {name: old for name, old in value.items() if name != key}
    return {name: _exchanged_one(old, steps[1:], odd) if name == key else old for name, old in value.items()}
