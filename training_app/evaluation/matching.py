"""The one matcher: which predicted object found which labelled one, by COCO's rules, at several overlaps at once.

Predictions of an image and class are taken by falling score; each takes the free labelled object that it overlaps most,
if by at least the threshold; crowds and objects outside the area asked about are taken only when no other is left, may
be taken again where they are crowds, and what takes them is ignored. Results equal pycocotools' match for match.

Groups of predictions and labels are matched side by side, rank by rank, in padded arrays: 175,000 boxes in well under a
second, where a loop over them takes a minute.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training_app.evaluation.records import Bools, Floats, Ints, Objects

IOU_THRESHOLDS: Floats = np.linspace(0.5, 0.95, 10)
"""COCO's ten overlaps."""

EVERY_AREA = (0.0, 1e10)
NONE = -1
# Elements of the padded overlap array of one chunk: 2 M keep the working set within some tens of megabytes.
CHUNK_ELEMENTS = 2_000_000
UNUSABLE = -9.0
IGNORED_OFFSET = 2.0


@dataclass(frozen=True, slots=True)
class Matches:
    """One column per prediction, in the order of the predictions.

    `truth` (thresholds, n) is the row of the labelled object found, or `NONE`; `ignored` (thresholds, n) marks those
    that count neither as right nor as wrong; `rank` (n,) is the place by score within image and class, from 0.
    """

    thresholds: Floats
    truth: npt.NDArray[np.int32]
    ignored: Bools
    rank: Ints


@dataclass(frozen=True, slots=True)
class Groups:
    """Runs of rows with one key: `start[i]` and `count[i]` address `order`."""

    order: Ints
    start: Ints
    count: Ints
    keys: Ints


def grouped(keys: Ints, scores: Floats) -> Groups:
    """Rows by key, within a key by falling score, ties as they came."""
    order = np.lexsort((-scores, keys))
    sorted_keys = keys[order]
    starts = np.flatnonzero(np.r_[True, sorted_keys[1:] != sorted_keys[:-1]]) if len(keys) else np.zeros(0, np.int64)
    counts = np.diff(np.r_[starts, len(keys)])
    return Groups(order=order, start=starts, count=counts, keys=sorted_keys[starts])


def class_keys(objects: Objects, class_count: int) -> Ints:
    """One number per image and class, images ascending."""
    keys: Ints = objects.image * class_count + objects.classes
    return keys


def match_objects(
    detections: Objects,
    truths: Objects,
    *,
    class_count: int,
    thresholds: Floats = IOU_THRESHOLDS,
    areas: Sequence[tuple[float, float]] = (EVERY_AREA,),
) -> tuple[Matches, ...]:
    """Match within each image and class, once per range of `areas`: what lies outside it is ignored."""
    small, large = np.array(areas).T[:, :, None]
    ignored = truths.crowd | (truths.areas < small) | (truths.areas > large)
    outside = (detections.areas < small) | (detections.areas > large)
    by_detection = grouped(class_keys(detections, class_count), detections.scores)
    by_truth = grouped(class_keys(truths, class_count), np.zeros(len(truths)))
    rank = ranks(by_detection, len(detections))
    found = match_groups(detections, truths, by_detection, by_truth, ignored, thresholds)
    return tuple(
        Matches(thresholds, truth, where_found(truth, ignored[index], outside[index]), rank)
        for index, truth in enumerate(found)
    )


def where_found(truth: npt.NDArray[np.int32], ignored: Bools, outside: Bools) -> Bools:
    """(thresholds, n) what is ignored: for the label that was found or, without one, for the prediction's own size."""
    if not len(ignored):
        return np.broadcast_to(outside, truth.shape)
    return np.where(truth >= 0, ignored[truth], outside)


def match_any_class(detections: Objects, truths: Objects, *, threshold: float) -> Ints:
    """Per prediction the labelled object of the same image found by overlap alone, or `NONE`."""
    by_detection = grouped(detections.image, detections.scores)
    by_truth = grouped(truths.image, np.zeros(len(truths)))
    none_ignored = np.zeros((1, len(truths)), dtype=np.bool_)
    found = match_groups(detections, truths, by_detection, by_truth, none_ignored, np.array([threshold]))
    first: Ints = found[0, 0].astype(np.int64)
    return first


def ranks(groups: Groups, size: int) -> Ints:
    result = np.zeros(size, dtype=np.int64)
    result[groups.order] = np.arange(size) - np.repeat(groups.start, groups.count)
    return result


def match_groups(
    detections: Objects, truths: Objects, by_detection: Groups, by_truth: Groups, ignored: Bools, thresholds: Floats
) -> npt.NDArray[np.int32]:
    """(areas, thresholds, n) rows of `truths`, or `NONE`, for groups that share a key; `ignored` is (areas, m)."""
    found = np.full((len(ignored), len(thresholds), len(detections)), NONE, dtype=np.int32)
    _, left, right = np.intersect1d(by_detection.keys, by_truth.keys, assume_unique=True, return_indices=True)
    for chunk in chunks(by_detection.count[left], by_truth.count[right]):
        rows = padded_rows(by_detection, left[chunk])
        # Reversed, so that the first of equal overlaps in the array is the last of the labels, as COCO takes it.
        columns = padded_rows(by_truth, right[chunk])[:, ::-1]
        usable = columns >= 0
        pairs = Pairing(
            rows=rows,
            columns=columns,
            overlap=box_overlaps(detections.boxes[rows], truths.boxes[columns], truths.crowd[columns] & usable),
            crowd=truths.crowd[columns],
            # An ignored label is worth less than any other, whatever its overlap.
            offset=np.where(ignored[:, None, columns], IGNORED_OFFSET, 0.0),
            taken=np.broadcast_to(~usable, (len(ignored), len(thresholds), *columns.shape)).copy(),
        )
        match_chunk(pairs, np.minimum(thresholds, 1 - 1e-10), found)
    return found


@dataclass(frozen=True, slots=True)
class Pairing:
    """Groups side by side, most predictions first: `rows` (groups, ranks) against `columns` (groups, labels).

    `overlap` is (groups, ranks, labels); `offset` (areas, 1, groups, labels) and `taken` (areas, thresholds, groups,
    labels) say what a label is still worth.
    """

    rows: Ints
    columns: Ints
    overlap: Floats
    crowd: Bools
    offset: Floats
    taken: Bools


def match_chunk(pairs: Pairing, least: Floats, found: npt.NDArray[np.int32]) -> None:
    """Match rank after rank, by overlaps of at `least` (thresholds,), into `found` (areas, thresholds, n)."""
    lengths = (pairs.rows >= 0).sum(axis=1)
    for rank in range(pairs.rows.shape[1]):
        active = int(np.searchsorted(-lengths, -rank, side="left"))
        # Most predictions overlap nothing enough: they need no further look.
        near = np.flatnonzero(pairs.overlap[:active, rank].max(axis=1) >= least[0])
        here = pairs.overlap[near, rank]
        free = (here >= least[:, None, None]) & ~pairs.taken[:, :, near]
        worth = np.where(free, here - pairs.offset[:, :, near], UNUSABLE)
        best = worth.argmax(axis=3)
        hit = np.take_along_axis(worth, best[..., None], axis=3)[..., 0] > UNUSABLE
        area, level, place = np.nonzero(hit)
        group, column = near[place], best[area, level, place]
        found[area, level, pairs.rows[group, rank]] = pairs.columns[group, column]
        pairs.taken[area, level, group, column] = ~pairs.crowd[group, column]


def chunks(detection_counts: Ints, truth_counts: Ints) -> Iterator[Ints]:
    """Group indices of similar size together, those with most predictions first."""
    width = np.ceil(np.log2(np.maximum(truth_counts, 1))).astype(np.int64)
    for size in np.unique(width):
        members = np.flatnonzero(width == size)
        members = members[np.argsort(-detection_counts[members], kind="stable")]
        while len(members):
            per_group = int(detection_counts[members[0]]) << int(size)
            take = max(1, CHUNK_ELEMENTS // max(1, per_group))
            yield members[:take]
            members = members[take:]


def padded_rows(groups: Groups, chosen: Ints) -> Ints:
    """(groups, longest) rows of the chosen groups, `NONE` behind the end of each."""
    counts = groups.count[chosen]
    offsets = np.arange(int(counts.max(initial=0)))
    inside = offsets < counts[:, None]
    positions = np.where(inside, groups.start[chosen][:, None] + offsets, 0)
    return np.where(inside, groups.order[positions], NONE)


def box_overlaps(detected: Floats, labelled: Floats, crowd: Bools) -> Floats:
    """(…, n, m) intersection over union of boxes (…, n, 4) and (…, m, 4); over the detected area alone for a crowd."""
    one, other = detected[..., :, None, :], labelled[..., None, :, :]
    width = np.minimum(one[..., 0] + one[..., 2], other[..., 0] + other[..., 2]) - np.maximum(
        one[..., 0], other[..., 0]
    )
    height = np.minimum(one[..., 1] + one[..., 3], other[..., 1] + other[..., 3]) - np.maximum(
        one[..., 1], other[..., 1]
    )
    shared: npt.NDArray[np.float64] = np.maximum(width, 0) * np.maximum(height, 0)
    area = one[..., 2] * one[..., 3]
    whole = np.where(crowd[..., None, :], area, area + other[..., 2] * other[..., 3] - shared)
    return np.divide(shared, whole, out=np.zeros_like(shared), where=shared > 0)
