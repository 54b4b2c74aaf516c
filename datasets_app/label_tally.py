"""The images of a project with their colours, and their labels counted per class, as arrays that follow what changed.
No Django.

A tally that was brought forward is equal, array by array, to one that was counted anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from datasets_app.ingest.colour_moments import colour_statistics
from datasets_app.splits import Ints, LabelCounts

_FORMAT = 2
_ARRAYS = ("ids", "classes", "starts", "columns", "numbers")
_CUMULATIVE = ("ids", "starts")
"""Kept as differences, which are small."""

Uuids = npt.NDArray[np.uint8]
Colours = npt.NDArray[np.float32]

MOMENTS = 6
"""Of the colours of an image, as `ingest/colour_moments.py` lists them."""


@dataclass(frozen=True, slots=True)
class TallyChanges:
    """What became otherwise: `come` (N,) images with their `uuids` (N, 16) and `colours` (N, 6), images that are
    `gone`, and one row of `labels` (M, 3) for each label that was opened or closed: image id, class id, +1 or -1.
    """

    come: Ints
    uuids: Uuids
    colours: Colours
    gone: Ints
    labels: Ints

    @property
    def size(self) -> int:
        return len(self.come) + len(self.gone) + len(self.labels)


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts, and in the order of the images' ids `uuids` (N, 16), the bytes of their UUIDs, and `colours` (N, 6),
    the moments of their colours, NaN where they were not measured.
    """

    counts: LabelCounts
    uuids: Uuids
    colours: Colours

    @classmethod
    def empty(cls) -> Tally:
        none = np.zeros(0, dtype=np.int64)
        counts = LabelCounts(none, none, np.zeros(1, dtype=np.int64), none, none)
        return cls(counts, np.zeros((0, 16), dtype=np.uint8), np.zeros((0, MOMENTS), dtype=np.float32))

    def colours_of(self, chosen: npt.NDArray[np.bool_]) -> dict[str, Any] | None:
        """Means and standard deviations of the chosen (N,) images that were measured; None where there are none."""
        colours = self.colours[chosen]
        colours = colours[~np.isnan(colours[:, 0])]
        return colour_statistics(colours.sum(axis=0, dtype=np.float64).tolist(), len(colours))

    def order_by_uuid(self) -> Ints:
        """(N,) indices of the images in the order of their UUIDs, which is the same on every installation."""
        halves = np.ascontiguousarray(self.uuids).view(">u8").astype(np.uint64)
        order = np.argsort(halves[:, 0], kind="stable")
        if (np.diff(halves[order, 0]) == 0).any():
            order = np.lexsort((halves[:, 1], halves[:, 0]))
        return order.astype(np.int64)

    def forward(self, changes: TallyChanges) -> Tally:
        """The tally after the changes."""
        if not changes.size:
            return self
        ids, uuids, colours = self._with_images(changes)
        base = self.counts
        width = len(classes := np.union1d(base.classes, changes.labels[:, 1]))
        # One number for each image and class, in the order of the entries.
        image_of, column_of = np.searchsorted(ids, base.ids), np.searchsorted(classes, base.classes)
        keys = np.repeat(image_of * width, np.diff(base.starts)) + column_of[base.columns]
        keys, numbers = _added(keys, base.numbers, *_sums(ids, classes, changes.labels))
        images, columns = np.divmod(keys, max(width, 1))
        stays = ~np.isin(ids, np.setdiff1d(changes.gone, changes.come))
        if not stays.all():
            kept = stays[images]
            images, columns, numbers = (np.cumsum(stays) - 1)[images[kept]], columns[kept], numbers[kept]
            ids, uuids, colours = ids[stays], uuids[stays], colours[stays]
        held = np.bincount(columns, minlength=width) > 0
        starts = np.concatenate(([0], np.cumsum(np.bincount(images, minlength=len(ids)))))
        columns = (np.cumsum(held) - 1)[columns]
        return Tally(LabelCounts(ids, classes[held], starts.astype(np.int64), columns, numbers), uuids, colours)

    def _with_images(self, changes: TallyChanges) -> tuple[Ints, Uuids, Colours]:
        is_new = ~np.isin(changes.come, self.counts.ids)
        ids = np.concatenate((self.counts.ids, changes.come[is_new]))
        order = np.argsort(ids, kind="stable")
        uuids = np.concatenate((self.uuids, changes.uuids[is_new]))
        return ids[order], uuids[order], np.concatenate((self.colours, changes.colours[is_new]))[order]

    def pack(self) -> bytes:
        """A line of JSON, then the arrays, each in the smallest whole numbers that hold it."""
        parts = []
        for name in _ARRAYS:
            values = getattr(self.counts, name)
            values = np.diff(values, prepend=np.int64(0)) if name in _CUMULATIVE else values
            parts.append(values.astype(np.min_scalar_type(int(values.max(initial=0))).newbyteorder("<")))
        head = {"format": _FORMAT, "arrays": [[part.dtype.str, len(part)] for part in parts]}
        whole = (*parts, self.colours.astype("<f4"), self.uuids)
        return b"".join((orjson.dumps(head), b"\n", *(part.tobytes() for part in whole)))

    @classmethod
    def unpack(cls, packed: bytes) -> Tally | None:
        """None where it was packed by another release."""
        line, _, _ = packed.partition(b"\n")
        head = orjson.loads(line)
        if head["format"] != _FORMAT:
            return None
        offset, found = len(line) + 1, {}
        for name, (kind, count) in zip(_ARRAYS, head["arrays"], strict=True):
            raw: npt.NDArray[Any] = np.frombuffer(packed, dtype=np.dtype(kind), count=count, offset=offset)
            offset += raw.nbytes
            found[name] = (np.cumsum(raw) if name in _CUMULATIVE else raw).astype(np.int64)
        colours = np.frombuffer(packed, dtype="<f4", count=MOMENTS * len(found["ids"]), offset=offset)
        uuids = np.frombuffer(packed, dtype=np.uint8, offset=offset + colours.nbytes).reshape(-1, 16)
        return cls(LabelCounts(**found), uuids, colours.astype(np.float32).reshape(-1, MOMENTS))


def _sums(ids: Ints, classes: Ints, labels: Ints) -> tuple[Ints, Ints]:
    """Places that labels came to or went from, in order, and by how many."""
    places = np.searchsorted(ids, labels[:, 0]) * len(classes) + np.searchsorted(classes, labels[:, 1])
    found, index = np.unique(places, return_inverse=True)
    return found, np.bincount(index, weights=labels[:, 2], minlength=len(found)).astype(np.int64)


def _added(keys: Ints, numbers: Ints, more: Ints, sums: Ints) -> tuple[Ints, Ints]:
    """`keys` with `more` among them, both in rising order; places where nothing is left are dropped."""
    at = np.searchsorted(keys, more)
    is_known = np.zeros(len(more), dtype=bool)
    inside = at < len(keys)
    is_known[inside] = keys[at[inside]] == more[inside]
    numbers = numbers.copy()
    numbers[at[is_known]] += sums[is_known]
    keys = np.insert(keys, at[~is_known], more[~is_known])
    numbers = np.insert(numbers, at[~is_known], sums[~is_known])
    is_left = numbers != 0
    return (keys, numbers) if is_left.all() else (keys[is_left], numbers[is_left])
