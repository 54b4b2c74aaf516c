"""Versions worked out from every row, to compare with those made from kept counts."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import orjson

from datasets_app.ir import SPLITS
from datasets_app.label_tally import Tally
from datasets_app.models import Annotation, Image, ImageState, Project, Version
from datasets_app.services.digest import state_digest
from datasets_app.services.label_tally import tally_at
from datasets_app.splits import Assignment


def assert_tally_is_fresh(project: Project) -> None:
    """The kept counts, brought forward, are what the rows say, and survive being packed."""
    found = tally_at(project)
    states = ImageState.objects.at(project.revision).filter(project=project)
    ids = sorted(states.values_list("image_id", flat=True))
    rows = Annotation.objects.at(project.revision).filter(project=project)
    labels: dict[tuple[int, int], int] = {}
    for pair in rows.values_list("image_id", "label_class_id"):
        labels[pair] = labels.get(pair, 0) + 1
    uuids = Image.objects.in_bulk(ids)
    for tally in (found, Tally.unpack(found.pack())):
        assert tally is not None
        counts = tally.counts
        assert counts.ids.tolist() == ids
        assert [bytes(row) for row in tally.uuids] == [uuids[key].uuid.bytes for key in ids]
        measured = [uuids[key].facts.get("colour_moments") or [float("nan")] * 6 for key in ids]
        assert np.array_equal(tally.colours, np.array(measured, dtype=np.float32).reshape(-1, 6), equal_nan=True)
        assert counts.classes.tolist() == sorted({label_class for _, label_class in labels})
        images = counts.ids[np.repeat(np.arange(len(ids)), np.diff(counts.starts))]
        entries = zip(images.tolist(), counts.classes[counts.columns].tolist(), counts.numbers.tolist(), strict=True)
        assert list(entries) == [(*pair, number) for pair, number in sorted(labels.items())]
        assert tally.order_by_uuid().tolist() == sorted(range(len(ids)), key=lambda at: uuids[ids[at]].uuid)


def assert_version_is_fresh(version: Version) -> None:
    """Its statistics and its digest are what every single row of its revision says."""
    splits = Assignment.unpack(bytes(version.assignment)).as_dict()
    states = ImageState.objects.at(version.revision).filter(project=version.project)
    assert splits.keys() == set(states.values_list("image_id", flat=True))
    rows = list(
        Annotation.objects.at(version.revision)
        .filter(project=version.project)
        .values_list("image_id", "label_class_id")
    )
    found = version.statistics
    assert (found["images"], found["annotations"]) == (len(splits), len(rows))
    for row in found["classes"]:
        own = [image for image, label_class in rows if label_class == row["id"]]
        assert (row["annotations"], row["images"]) == (len(own), len(set(own)))
    for split, body in found["splits"].items():
        inside = [label_class for image, label_class in rows if splits[image] == split]
        assert (body["images"], body["annotations"]) == (list(splits.values()).count(split), len(inside))
        assert body["classes"] == {str(key): inside.count(key) for key in sorted(set(inside))}
        assert_colours(body["colours"], [image for image, own in splits.items() if own == split])
    uuids = sorted(
        (image.uuid.bytes, SPLITS.index(splits[key])) for key, image in Image.objects.in_bulk(splits).items()
    )
    state = state_digest(version.project, revision=version.revision)
    content = orjson.dumps([state, len(uuids), version.recipe], option=orjson.OPT_SORT_KEYS)
    content += b"".join(key for key, _ in uuids) + bytes(split for _, split in uuids)
    assert version.digest == hashlib.sha256(content).hexdigest()


def assert_colours(found: dict[str, Any] | None, images: list[int]) -> None:
    """Means and deviations are those of all pixels of the thumbnails, each image counting the same."""
    facts = Image.objects.filter(pk__in=images).values_list("facts", flat=True)
    moments = np.array([own["colour_moments"] for own in facts if own.get("colour_moments")])
    if not len(moments):
        assert found is None
        return
    assert found is not None
    mean, square = moments.mean(axis=0)[:3], moments.mean(axis=0)[3:]
    assert found["images"] == len(moments)
    assert np.allclose(found["mean"], mean, atol=1e-4)
    # Of one plain colour little is left of the difference of two squares.
    assert np.allclose(np.square(found["std"]), np.maximum(square - mean**2, 0), atol=1e-4)
