"""What every annotation format promises, tried on every line of the catalog."""

from __future__ import annotations

import gc
import tempfile
import tracemalloc
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from math import floor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from annotator.core.geometry.shapes import canonical
from annotator.core.registry import Entry
from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.catalog import FORMATS, detect_format, losses
from datasets_app.formats.fallbacks import fitted
from datasets_app.formats.features import (
    AS_BOX,
    AS_MASK,
    AS_ONE,
    AS_POLYGON,
    AS_ROTATED_BOX,
    FEATURES,
    LEFT_OUT,
    SHAPE_FEATURES,
    features_of,
    state_without_states,
)
from datasets_app.formats.pixel_masks import merged_count, paint, visible
from datasets_app.ir import AnnotationRecord, Dataset, ImageRecord
from tests.datasets_app.formats.golden import CLASSES, golden, many

ENTRIES = [pytest.param(entry, id=entry.key) for entry in FORMATS]
WRITERS = [pytest.param(entry, id=entry.key) for entry in FORMATS if entry.facts["write"]]
BOTH_WAYS = [pytest.param(entry, id=entry.key) for entry in FORMATS if entry.facts["write"] and entry.facts["read"]]

OF_OBJECTS = [
    pytest.param(entry, id=entry.key)
    for entry in FORMATS
    if entry.facts["write"] and entry.facts["read"] and tuple(entry.facts["tasks"]) != ("classification",)
]
"""Those that have something to read where images have no tags."""

BYTES_AN_IMAGE = 4000
"""For its name, its objects' places in an index, and the rows that are read at a time; ten kept objects take more."""

FATES = {LEFT_OUT, AS_BOX, AS_POLYGON, AS_MASK, AS_ROTATED_BOX}


def kept_annotations(image: ImageRecord, lossy: Mapping[str, str]) -> list[AnnotationRecord]:
    """What is left of an image's annotations; a fate of other words than `FATES` leaves the shape to its own tests."""
    if "overlaps" in lossy:
        return visible(image, merged=lossy.get("instances") == AS_ONE)
    fates = {feature: fate for feature, fate in lossy.items() if fate in FATES}
    found = (fitted(annotation, image, fates) for annotation in image.annotations)
    return [annotation for annotation in found if annotation is not None]


def is_kept(image: ImageRecord, lossy: Mapping[str, str]) -> bool:
    return "untagged" not in lossy or any(annotation.shape_type == "tag" for annotation in image.annotations)


def without_losses(image: ImageRecord, lossy: Mapping[str, str]) -> dict[str, Any]:
    """What a format that loses `lossy` can give back of an image."""
    kept = kept_annotations(image, lossy)
    annotations = [annotation_without_losses(annotation, lossy) for annotation in kept]
    if "overlaps" in lossy:
        annotations.sort(key=repr)
    facts = {
        "name": image.name,
        "size": (image.width, image.height),
        "split": None if "splits" in lossy else "train" if image.split is None and "unsplit" in lossy else image.split,
        "state": state_without_losses(replace(image, annotations=tuple(kept)), lossy),
        "tags": () if "image_tags" in lossy else image.tags,
        "group": "" if "image_groups" in lossy else image.group,
        "annotations": annotations,
    }
    return facts if lossy else {**facts, "uuid": image.uuid, "sha256": image.sha256, "number": image.number}


def state_without_losses(image: ImageRecord, lossy: Mapping[str, str]) -> str:
    is_empty = image.state == "verified_empty" and not image.annotations
    return state_without_states(image) if ("verified_empty" if is_empty else "states") in lossy else image.state


def annotation_without_losses(annotation: AnnotationRecord, lossy: Mapping[str, str]) -> dict[str, Any]:
    marks = {"z_order": "z_order", "score": "scores", "group": "groups", "crowd": "crowd", "source": "sources"}
    marks |= {"occluded": "occluded", "truncated": "truncated"}
    kept = {name: getattr(annotation, name) for name, feature in marks.items() if feature not in lossy}
    facts = {**kept, "shape": shape_without_losses(annotation, lossy)}
    if lossy.get("attributes") != LEFT_OUT:
        facts["attributes"] = {name: value for name, value in annotation.attributes.items() if name != "difficult"}
    if not lossy:
        facts.update(uuid=annotation.uuid, area=annotation.area, box=annotation.box)
    return facts


def shape_without_losses(annotation: AnnotationRecord, lossy: Mapping[str, str]) -> dict[str, Any] | str:
    shape = annotation.shape
    feature = SHAPE_FEATURES.get(annotation.shape_type, "")
    if lossy.get(feature, LEFT_OUT) not in FATES:
        return feature
    if shape["type"] == "box" and "sub_pixel" in lossy:
        x, y, width, height = shape["box"]
        left, top = floor(x + 0.5), floor(y + 0.5)
        shape["box"] = [left, top, floor(x + width + 0.5) - left, floor(y + height + 0.5) - top]
    return shape


def rounded(value: Any) -> Any:
    """Lists of numbers to a hundredth, a ring from its smallest point on and in one direction, rings in order."""
    if isinstance(value, float):
        return round(value, 2) + 0.0
    if isinstance(value, dict):
        angle = {"angle": round(value["angle"], 2) % 360} if "angle" in value else {}
        parts = {"parts": sorted(rounded(value["parts"]), key=repr)} if "parts" in value else {}
        return {key: rounded(item) for key, item in value.items()} | angle | parts
    if not isinstance(value, list):
        return value
    found = [rounded(item) for item in value]
    if len(found) > 2 and all(isinstance(point, list) and len(point) == 2 for point in found):
        start = found.index(min(found))
        ring = found[start:] + found[:start]
        return min(ring, [ring[0], *ring[:0:-1]])
    return found


def within_precision(facts: dict[str, Any], entry: Entry) -> dict[str, Any]:
    """The facts of an image, shapes rounded where the format is one of rounded coordinates."""
    if "precision" not in entry.facts:
        return facts
    return facts | {"annotations": [{**found, "shape": rounded(found["shape"])} for found in facts["annotations"]]}


def lies_inside(entry: Entry) -> bool:
    """Whether pictures lie inside the format's own files."""
    return bool(entry.facts.get("pictures_inside"))


def read_all(entry: Entry, root: Path) -> tuple[Dataset, list[ImageRecord], Report]:
    report = Report()
    dataset = FORMATS.load(entry.key).read(root, report)
    return dataset, list(dataset.images), report


@pytest.mark.parametrize("entry", BOTH_WAYS)
@pytest.mark.parametrize("images", [True, False])
def test_a_round_trip_keeps_all_that_is_not_declared_lost(entry: Entry, images: bool, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    lossy = entry.facts["lossy"]

    FORMATS.load(entry.key).write(golden(tmp_path / "pictures"), out, images=images)
    dataset, found, report = read_all(entry, out)

    written_images = [image for image in golden(tmp_path / "pictures").images if is_kept(image, lossy)]
    expected = {image.name: within_precision(without_losses(image, lossy), entry) for image in written_images}
    assert {image.name: within_precision(without_losses(image, lossy), entry) for image in found} == expected
    assert (report.fixed, report.refused) == ([], [])
    used = {annotation.class_number for image in found for annotation in image.annotations}
    names = {record.number: record.name for record in CLASSES}
    read_names = {record.number: record.name for record in dataset.classes}
    written = [a for image in written_images for a in kept_annotations(image, lossy)]
    if "classes" not in lossy:
        assert {read_names[number] for number in used} == {names[a.class_number] for a in written}
    assert all((image.open is not None) is images for image in found)
    assert all((image.path is not None) is (images and not lies_inside(entry)) for image in found)


@pytest.mark.parametrize("entry", BOTH_WAYS)
def test_pictures_travel(entry: Entry, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    written = {image.name: image for image in golden(tmp_path / "pictures").images}

    FORMATS.load(entry.key).write(golden(tmp_path / "pictures"), out, images=True)
    _, found, _ = read_all(entry, out)

    for image in found:
        assert image.open is not None
        with image.open() as file, Image.open(file) as picture:
            assert picture.size == (image.width, image.height)
        source = written[image.name].path
        assert source is not None
        with image.open() as file:
            if "pictures" not in entry.facts["lossy"] or source.suffix == ".jpg":
                assert file.read() == source.read_bytes()
        if not lies_inside(entry):
            assert image.path is not None
            assert image.path.is_relative_to(out)
            assert image.path.stat().st_ino != source.stat().st_ino


@pytest.mark.parametrize("entry", WRITERS)
def test_the_report_counts_what_was_lost(entry: Entry, tmp_path: Path) -> None:
    lossy = set(entry.facts["lossy"])
    expected = Counter(
        feature for image in golden(tmp_path).images for feature in features_of(image) if feature in lossy
    )
    kept = [a for image in golden(tmp_path).images for a in kept_annotations(image, entry.facts["lossy"])]
    if "unused_classes" in lossy:
        expected["unused_classes"] = len({record.number for record in CLASSES} - {a.class_number for a in kept})
    painted = [paint(image) for image in golden(tmp_path).images]
    if "overlaps" in lossy:
        expected["overlaps"] = sum(found.covered for found in painted)
    if entry.facts["lossy"].get("instances") == AS_ONE:
        expected["instances"] = sum(map(merged_count, painted))
    out = tmp_path / "out"
    out.mkdir()

    report = FORMATS.load(entry.key).write(golden(tmp_path), out, images=False)

    assert report.lost == expected


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_catalog_line_and_the_module_agree_on_losses(entry: Entry) -> None:
    assert set(entry.facts["lossy"]) == FORMATS.load(entry.key).lossy
    assert set(entry.facts["lossy"]) <= set(FEATURES)
    assert losses(FEATURES, entry) == entry.facts["lossy"]
    assert losses([], entry) == {}


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_catalog_line_says_what_the_screens_need(entry: Entry) -> None:
    assert entry.title
    assert entry.facts["description"].endswith(".")
    assert entry.facts["extension"].startswith(".")
    assert entry.facts["tasks"]
    assert entry.facts["read"] or entry.facts["write"]


@pytest.mark.parametrize("entry", BOTH_WAYS)
def test_a_format_knows_its_own_output_best(entry: Entry, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()

    FORMATS.load(entry.key).write(golden(tmp_path / "pictures"), out, images=True)

    assert detect_format(out)[0][0] == entry.key
    assert detect_format(out)[0][1] >= 0.9


@pytest.mark.parametrize("entry", BOTH_WAYS)
@pytest.mark.parametrize("classes", [(), CLASSES])
def test_an_empty_data_set_is_written_and_read(entry: Entry, classes: tuple[Any, ...], tmp_path: Path) -> None:
    FORMATS.load(entry.key).write(Dataset(classes, iter(()), 0, 0), tmp_path, images=True)

    dataset, found, report = read_all(entry, tmp_path)

    kept = () if "unused_classes" in entry.facts["lossy"] else classes
    assert found == []
    assert (report.fixed, report.refused) == ([], [])
    assert [record.name for record in dataset.classes] == [record.name for record in kept]


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_folder_of_something_else_is_not_taken_for_the_format(entry: Entry, tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text('{"hello": "world"}')
    (tmp_path / "list.json").write_text("[1, 2, 3]")
    (tmp_path / "broken.json").write_text('{"images": [')
    (tmp_path / "page.xml").write_text("<html><body/></html>")
    (tmp_path / "empty.xml").write_text("")
    (tmp_path / "dataset.json").write_bytes(b"\x80\x04K\x01.")

    assert FORMATS.load(entry.key).detect(tmp_path) < 0.5
    assert FORMATS.load(entry.key).detect(tmp_path / "missing") == 0.0
    with pytest.raises(FormatError):
        read_all(entry, tmp_path)


@pytest.mark.parametrize("entry", WRITERS)
def test_progress_is_told_for_each_image_and_may_stop_the_work(entry: Entry, tmp_path: Path) -> None:
    class CancelledError(Exception):
        pass

    told = []

    def progress(done: int, total: int) -> None:
        told.append((done, total))
        if done == 3:
            raise CancelledError

    with pytest.raises(CancelledError):
        FORMATS.load(entry.key).write(many(5, 2), tmp_path, images=False, progress=progress)

    assert told == [(1, 5), (2, 5), (3, 5)]


@pytest.mark.parametrize("entry", WRITERS)
def test_names_cannot_lead_out_of_the_export(entry: Entry, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    out.mkdir(parents=True)
    first, *_ = golden(tmp_path / "pictures").images
    names = ("../../evil.jpg", "/etc/evil.jpg", "C:\\evil.jpg", "..", "a\x00b.jpg")
    hostile = Dataset(CLASSES, (replace(first, number=n, name=name) for n, name in enumerate(names, 1)), 5, 20)

    FORMATS.load(entry.key).write(hostile, out, images=True)

    assert [path for path in tmp_path.rglob("*evil*") if not path.is_relative_to(out)] == []
    assert not Path("/etc/evil.jpg").exists()


def peak_of(work: Callable[[], Any]) -> int:
    """Bytes that Python had in use at most while it did this."""
    gc.collect()
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def is_flat(peak: Callable[[int], int], few: int, more: int, bytes_an_image: int) -> bool:
    """Once in two measurements: Python's table of interned names doubles at one moment or another."""
    return any(peak(more) - peak(few) < (more - few) * bytes_an_image for _ in range(2))


def few_and_more(entry: Entry) -> tuple[int, int]:
    """Two numbers of images; painting and compressing masks takes ten times as long."""
    return (100, 400) if "overlaps" in entry.facts["lossy"] else (100, 1000)


@pytest.mark.parametrize("entry", WRITERS)
def test_memory_does_not_grow_with_the_number_of_images(entry: Entry, tmp_path: Path) -> None:
    def peak(count: int) -> int:
        out = Path(tempfile.mkdtemp(dir=tmp_path))
        return peak_of(lambda: FORMATS.load(entry.key).write(many(count, 10), out, images=False))

    few, more = few_and_more(entry)
    peak(10)

    assert is_flat(peak, few, more, 1000)


@pytest.mark.parametrize("entry", OF_OBJECTS)
def test_reading_takes_as_much_memory_for_few_images_as_for_many(entry: Entry, tmp_path: Path) -> None:
    def peak(count: int) -> int:
        out = tmp_path / str(count)
        if not out.exists():
            out.mkdir()
            FORMATS.load(entry.key).write(many(count, 10), out, images=False)

        def read() -> None:
            dataset = FORMATS.load(entry.key).read(out, Report())
            assert sum(1 for _ in dataset.images) == count

        return peak_of(read)

    few, more = few_and_more(entry)
    peak(10)

    assert is_flat(peak, few, more, BYTES_AN_IMAGE)


@pytest.mark.parametrize("entry", BOTH_WAYS)
def test_shapes_come_back_canonical(entry: Entry, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    FORMATS.load(entry.key).write(golden(tmp_path / "pictures"), out, images=False)

    _, found, _ = read_all(entry, out)

    for image in found:
        for annotation in image.annotations:
            checked = canonical(annotation.shape, image.width, image.height)
            read = (annotation.shape_type, annotation.shape_json, annotation.box, annotation.area)
            assert read == (checked.type, checked.json, checked.box, checked.area)
