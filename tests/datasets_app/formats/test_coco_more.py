"""COCO keypoints and captions, files that belong together, ids of every sort, and files too large to hold."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from torchvision.datasets import CocoCaptions

from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.coco import FORMAT
from datasets_app.ir import AnnotationRecord, Dataset, ImageRecord
from tests.datasets_app.formats.golden import CLASSES, OTHERS, SKELETON, annotation, box, golden, polygon

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

IMAGE = {"id": 1, "file_name": "a.jpg", "width": 20, "height": 10}
PERSON = {"id": 7, "name": "person", "keypoints": ["nose", "tail"], "skeleton": [[1, 2]]}
BOX = {"id": 1, "image_id": 1, "category_id": 7, "bbox": [1, 2, 3, 4], "area": 12, "iscrowd": 0}
POINTS = {**BOX, "bbox": [2, 3, 4, 2], "keypoints": [2, 3, 2, 6, 5, 1], "num_keypoints": 2}
RING = [[1.0, 1.0, 9.0, 1.0, 9.0, 8.0, 1.0, 8.0]]


def coco(**changes: Any) -> dict[str, Any]:
    return {"images": [IMAGE], "annotations": [BOX], "categories": [PERSON], **changes}


def read(root: Path, content: Any = None, name: str = "instances.json") -> tuple[list[ImageRecord], Report]:
    if content is not None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content if isinstance(content, bytes) else orjson.dumps(content))
    report = Report()
    return list(FORMAT.read(root, report).images), report


def write(root: Path, *annotations: AnnotationRecord) -> dict[str, Any]:
    image = ImageRecord(3, "a.jpg", 64, 48, annotations, split="train")
    FORMAT.write(Dataset(CLASSES, iter([image]), 1, len(annotations)), root, images=False)
    content: dict[str, Any] = orjson.loads((root / "annotations" / "instances_train.json").read_bytes())
    return content


def details(problems: list[Any]) -> list[str]:
    return [problem.detail for problem in problems]


def kinds(image: ImageRecord) -> list[tuple[str, int | None]]:
    return [(record.shape_type, record.group) for record in image.annotations]


def test_skeletons_are_written_as_keypoints_with_edges_from_one(tmp_path: Path) -> None:
    content = write(tmp_path, OTHERS[4], annotation("b", 7, box(1, 2, 3, 4)), annotation("c", 90, box(1, 2, 3, 4)))

    first, second, third = content["annotations"]
    assert (first["keypoints"], first["num_keypoints"]) == ([12.5, 8.0, 2, 20.0, 9.0, 1, 0.0, 0.0, 0], 2)
    assert (first["bbox"], first["area"], first["segmentation"]) == ([12.5, 8.0, 7.5, 1.0], 7.5, [])
    assert (second["keypoints"], second["num_keypoints"]) == ([0] * 9, 0)
    assert "keypoints" not in third
    assert content["categories"][0]["keypoints"] == SKELETON["points"]
    assert content["categories"][0]["skeleton"] == [[1, 2], [1, 3]]
    assert "keypoints" not in content["categories"][1]


def test_class_skeletons_come_back(tmp_path: Path) -> None:
    FORMAT.write(golden(tmp_path / "pictures"), tmp_path, images=False)

    dataset = FORMAT.read(tmp_path, Report())

    assert [record.skeleton for record in dataset.classes] == [SKELETON, {}, {}]


def test_keypoint_evaluation_of_our_own_file_is_perfect(tmp_path: Path) -> None:
    write(tmp_path, OTHERS[4], annotation("b", 7, box(1, 2, 30, 40)))
    truth = COCO(str(tmp_path / "annotations" / "instances_train.json"))
    entries: list[Any] = truth.loadAnns(truth.getAnnIds())
    keys = ("image_id", "category_id", "keypoints")
    found = [{**{key: entry[key] for key in keys}, "score": 1.0} for entry in entries if entry["num_keypoints"]]
    evaluation = COCOeval(truth, truth.loadRes(found), "keypoints")
    evaluation.params.kpt_oks_sigmas = np.full(3, 0.05)
    evaluation.params.areaRng, evaluation.params.areaRngLbl = [[0, 1e10]], ["all"]
    evaluation.evaluate()
    evaluation.accumulate()

    assert evaluation.eval["precision"].max() == pytest.approx(1.0)


def test_an_outline_and_its_skeleton_are_one_annotation_and_two_objects_of_a_group(tmp_path: Path) -> None:
    outline = annotation("a", 7, polygon([[1.0, 1.0], [30.0, 1.0], [30.0, 30.0]]), group=5, attributes={"x": 1})
    skeleton = replace(OTHERS[4], group=5, attributes={"x": 1})
    other = replace(OTHERS[5], group=6)

    content = write(tmp_path, skeleton, outline, other)
    (image,), report = read(tmp_path)

    assert [(len(entry["segmentation"]), entry["num_keypoints"]) for entry in content["annotations"]] == [
        (1, 2),
        (0, 1),
    ]
    assert content["annotations"][0]["area"] == outline.area
    assert kinds(image) == [("polygon", 1), ("skeleton", 1), ("skeleton", None)]
    assert {record.shape_json for record in image.annotations} == {
        record.shape_json for record in (outline, skeleton, other)
    }
    assert (report.fixed, report.refused) == ([], [])


def test_marks_that_differ_keep_outline_and_skeleton_apart(tmp_path: Path) -> None:
    outline = annotation("a", 7, polygon([[1.0, 1.0], [30.0, 1.0], [30.0, 30.0]]), group=5, occluded=True)

    content = write(tmp_path, replace(OTHERS[4], group=5), outline)

    assert len(content["annotations"]) == 2


def test_keypoints_with_an_outline_or_a_box_of_their_own_are_read_as_two(tmp_path: Path) -> None:
    annotations = [POINTS, {**POINTS, "segmentation": RING}, {**POINTS, "bbox": [0, 0, 20, 10]}]

    (image,), report = read(tmp_path, coco(annotations=annotations))

    assert kinds(image) == [("skeleton", None), ("polygon", 1), ("skeleton", 1), ("box", 2), ("skeleton", 2)]
    assert image.annotations[0].shape["points"] == [[2.0, 3.0, 2], [6.0, 5.0, 1]]
    assert (report.fixed, report.refused) == ([], [])


def test_keypoints_of_zeros_are_none(tmp_path: Path) -> None:
    (image,), _ = read(tmp_path, coco(annotations=[{**BOX, "keypoints": [0, 0, 0, 0, 0, 0], "num_keypoints": 0}]))

    assert kinds(image) == [("box", None)]


@pytest.mark.parametrize(
    ("keypoints", "sentence"),
    [
        ([1, 2], "The keypoints must be a list of x, y, v for each point."),
        ({"nose": [1, 2]}, "The keypoints must be a list of x, y, v for each point."),
        ([1, "2", 2], "The skeleton holds '2'; every coordinate must be a number."),
        ([99, 99, 2], "All points of the skeleton lie outside the picture of 20 x 10 pixels."),
    ],
)
def test_keypoints_that_cannot_be_are_refused(tmp_path: Path, keypoints: Any, sentence: str) -> None:
    (image,), report = read(tmp_path, coco(annotations=[{**BOX, "keypoints": keypoints}]))

    assert image.annotations == ()
    assert details(report.refused) == [sentence]


def test_confidences_in_place_of_v_are_mended(tmp_path: Path) -> None:
    (image,), report = read(tmp_path, coco(annotations=[{**POINTS, "keypoints": [2, 3, 0.75, 6, 5, 0]}]))

    assert image.annotations[-1].shape["points"] == [[2.0, 3.0, 2], [0.0, 0.0, 0]]
    assert details(report.fixed) == ["A keypoint's v was not 0, 1 or 2; whatever is above 0 was read as visible."]


@pytest.mark.parametrize(
    ("edges", "kept", "sentences"),
    [
        ([[1, 2]], [[0, 1]], []),
        (
            [[0, 1]],
            [[0, 1]],
            ["The skeleton's edges count points from 0; COCO counts from 1. They were read from 0."],
        ),
        ([[1, 3], [2, 1], "x"], [[1, 0]], ["2 edges of the skeleton do not join two of its 2 points; left out."]),
        (None, [], []),
    ],
)
def test_edges_are_counted_from_one(tmp_path: Path, edges: Any, kept: Any, sentences: list[str]) -> None:
    report = Report()
    (tmp_path / "a.json").write_bytes(orjson.dumps(coco(categories=[{**PERSON, "skeleton": edges}])))

    dataset = FORMAT.read(tmp_path, report)

    assert dataset.classes[0].skeleton == {"points": ["nose", "tail"], "edges": kept}
    assert details(report.fixed) == sentences


def test_captions_are_read_by_torchvision_and_come_back(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    FORMAT.write(golden(tmp_path / "pictures"), tmp_path / "out", images=True)

    captions = CocoCaptions(str(tmp_path / "out" / "images"), str(tmp_path / "out/annotations/captions_test.json"))

    assert captions[0][1] == [OTHERS[-1].shape["text"]]
    found, _ = read(tmp_path / "out")
    assert [a.shape["text"] for image in found for a in image.annotations if a.shape_type == "caption"] == [
        OTHERS[-1].shape["text"]
    ]


@pytest.mark.parametrize("extra", [{}, {"category_id": 0}])
def test_captions_without_a_category_are_of_a_class_of_their_own(tmp_path: Path, extra: dict[str, Any]) -> None:
    content = {"images": [IMAGE], "annotations": [{"id": 5, "image_id": 1, "caption": "Two cats.", **extra}]}
    (tmp_path / "captions_val2017.json").write_bytes(orjson.dumps(content))
    report = Report()

    dataset = FORMAT.read(tmp_path, report)

    (image,) = dataset.images
    assert [record.name for record in dataset.classes] == ["caption"]
    assert [(a.class_number, a.shape["text"]) for a in image.annotations] == [(1, "Two cats.")]
    assert report.refused == []


def test_instances_keypoints_and_captions_of_the_same_images_are_read_as_one(tmp_path: Path) -> None:
    outline = {**BOX, "id": 9, "segmentation": RING}
    instances = coco(annotations=[outline], categories=[{"id": 7, "name": "person"}, {"id": 8, "name": "cat"}])
    keypoints = coco(annotations=[{**outline, "keypoints": POINTS["keypoints"], "num_keypoints": 2}])
    captions = {"images": [{**IMAGE, "id": 1}], "annotations": [{"id": 9, "image_id": 1, "caption": "Hi."}]}
    read(tmp_path, captions, "annotations/captions_val2017.json")
    read(tmp_path, keypoints, "annotations/person_keypoints_val2017.json")

    (image,), report = read(tmp_path, instances, "annotations/instances_val2017.json")
    dataset = FORMAT.read(tmp_path, Report())

    assert kinds(image) == [("polygon", 1), ("caption", None), ("skeleton", 1)]
    assert image.split == "val"
    assert report.refused == []
    assert [(c.name, len(c.skeleton.get("points", ()))) for c in dataset.classes] == [
        ("person", 2),
        ("cat", 0),
        ("caption", 0),
    ]


def test_panoptic_files_are_a_format_of_their_own(tmp_path: Path) -> None:
    panoptic = coco(annotations=[{"image_id": 1, "file_name": "a.png", "segments_info": []}])
    (tmp_path / "panoptic_val2017.json").write_bytes(orjson.dumps(panoptic))

    assert FORMAT.detect(tmp_path) < 0.5
    with pytest.raises(FormatError):
        read(tmp_path)


def test_files_of_other_splits_may_use_the_same_names(tmp_path: Path) -> None:
    read(tmp_path, coco(), "train/_annotations.coco.json")

    found, report = read(tmp_path, coco(), "valid/_annotations.coco.json")

    assert [(image.name, image.split, len(image.annotations)) for image in found] == [
        ("a.jpg", "train", 1),
        ("valid/a.jpg", "val", 1),
    ]
    assert report.refused == []


@pytest.mark.parametrize(
    ("image_id", "meant"), [(1, 1.0), ("1", 1), (1, "1"), (2**40, 2**40), (0, 0), ("000123", "000123"), (None, None)]
)
def test_ids_of_every_sort_are_matched(tmp_path: Path, image_id: Any, meant: Any) -> None:
    content = coco(images=[{**IMAGE, "id": image_id}], annotations=[{**BOX, "image_id": meant}])

    (image,), report = read(tmp_path, content)

    assert image.number == 1
    assert len(image.annotations) == 1
    assert report.refused == []


def test_an_id_that_is_given_twice_is_refused(tmp_path: Path) -> None:
    found, report = read(tmp_path, coco(images=[IMAGE, {**IMAGE, "file_name": "b.jpg"}]))

    assert [(image.name, len(image.annotations)) for image in found] == [("a.jpg", 1)]
    assert details(report.refused) == ["The id 1 was given before; each image needs its own."]


def test_annotations_may_come_before_images_and_in_any_order(tmp_path: Path) -> None:
    images = [{**IMAGE, "id": n, "file_name": f"{n}.jpg"} for n in (3, 1, 2)]
    annotations = [{**BOX, "id": n, "image_id": n % 3 + 1, "bbox": [n, 1, 1, 1]} for n in range(9)]
    content = {"annotations": annotations, "categories": [PERSON], "images": images}

    found, _ = read(tmp_path, content)

    assert [(image.number, [a.box[0] for a in image.annotations]) for image in found] == [
        (3, [2.0, 5.0, 8.0]),
        (1, [0.0, 3.0, 6.0]),
        (2, [1.0, 4.0, 7.0]),
    ]


def test_a_rotated_box_of_cvat_is_read_as_one(tmp_path: Path) -> None:
    turned = {**BOX, "bbox": [5, 3, 8, 2], "attributes": {"rotation": 30.0}}
    straight = {**BOX, "attributes": {"rotation": 0.0}}

    (image,), _ = read(tmp_path, coco(annotations=[turned, straight]))

    first, second = image.annotations
    assert first.shape == {"type": "rotated_box", "center": [9.0, 4.0], "size": [8.0, 2.0], "angle": 30.0}
    assert second.shape_type == "box"


def test_fields_beside_those_of_coco_are_kept_as_attributes(tmp_path: Path) -> None:
    entry = {**BOX, "track_id": 4, "supercategory": "animal", "weird": [1], "attributes": {"pose": "left"}}

    (image,), _ = read(tmp_path, coco(annotations=[entry]))

    assert image.annotations[0].attributes == {"track_id": 4, "supercategory": "animal", "pose": "left"}


def test_masks_that_are_all_crowds_are_pointed_out(tmp_path: Path) -> None:
    mask = {"size": [10, 20], "counts": [0, 20, 180]}

    _, report = read(tmp_path, coco(annotations=[{**BOX, "segmentation": mask, "iscrowd": 1}]))

    assert len(report.notes) == 1
    assert "CVAT and Datumaro mark all masks so" in report.notes[0]


def test_missing_lists_are_mended(tmp_path: Path) -> None:
    found, report = read(tmp_path, {"images": [IMAGE]})

    assert [image.state for image in found] == ["unlabelled"]
    assert details(report.fixed) == [
        'The list "annotations" is missing; it was taken as empty.',
        'The list "categories" is missing; it was taken as empty.',
    ]


def test_a_file_that_was_cut_off_is_refused_whole_and_the_others_are_read(tmp_path: Path) -> None:
    read(tmp_path, coco(), "instances_train.json")
    whole = orjson.dumps(coco(images=[{**IMAGE, "file_name": "b.jpg"}]))

    found, report = read(tmp_path, whole[:-40], "instances_val.json")

    assert [image.name for image in found] == ["a.jpg"]
    (problem,) = report.refused
    assert problem.where == "instances_val.json"
    assert problem.detail.startswith("The file cannot be read as JSON. The file stops ")


def test_numbers_and_texts_that_json_does_not_know_are_mended_or_refused_alone(tmp_path: Path) -> None:
    text = orjson.dumps(coco(annotations=[BOX, {**BOX, "id": 2}])).replace(b'"id":2,', b'"id":2,"area":NaN,')
    text = text.replace(b"person", b"M\xe4dchen")

    (image,), report = read(tmp_path, text)

    assert len(image.annotations) == 2
    assert report.refused == []
    assert FORMAT.read(tmp_path, Report()).classes[0].name == "Mädchen"


def test_memory_does_not_grow_with_the_annotations(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        annotations = [{**BOX, "id": n, "image_id": n // 10, "segmentation": [RING[0] * 8]} for n in range(count)]
        images = [{**IMAGE, "id": n, "file_name": f"{n}.jpg"} for n in range(count // 10)]
        (tmp_path / "a.json").write_bytes(orjson.dumps(coco(annotations=annotations, images=images)))
        del annotations, images
        tracemalloc.start()
        total = sum(len(image.annotations) for image in FORMAT.read(tmp_path, Report()).images)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert total == count
        return used

    peak(100)

    # Places and ids stay in memory, some 200 bytes; the entry itself would be 2,000 more.
    assert (peak(9000) - peak(3000)) / 6000 < 400


def test_images_of_lvis_have_only_an_address(tmp_path: Path) -> None:
    image = {"id": 1, "coco_url": "http://images.cocodataset.org/val2017/000000397133.jpg", "width": 20, "height": 10}

    (found,), report = read(tmp_path, coco(images=[image]))

    assert found.name == "val2017/000000397133.jpg"
    assert report.refused == []


def test_real_keypoints_come_back_as_they_were(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "coco_eval_refs" / "tests" / "keypoints_dataset" / "gt_dataset.json"
    theirs = orjson.loads(source.read_bytes())
    first = Report()
    skeleton = FORMAT.read(source, first).classes[0].skeleton

    FORMAT.write(FORMAT.read(source, Report()), tmp_path, images=False)

    (path,) = (tmp_path / "annotations").iterdir()
    ours = orjson.loads(path.read_bytes())
    assert first.refused == []
    assert len(skeleton["points"]) == 17
    assert ours["categories"][0]["skeleton"] == theirs["categories"][0]["skeleton"]
    assert ours["categories"][0]["keypoints"] == theirs["categories"][0]["keypoints"]
    pairs = list(zip(ours["annotations"], theirs["annotations"], strict=True))
    assert all(mine["num_keypoints"] == theirs["num_keypoints"] for mine, theirs in pairs)
    assert all(mine["keypoints"] == theirs["keypoints"] for mine, theirs in pairs if theirs["num_keypoints"])
    assert all(np.allclose(mine["bbox"], theirs["bbox"], atol=1e-6) for mine, theirs in pairs)


json = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 30) | st.floats(-5, 30, width=16) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=7) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_entry_ends_in_anything_but_a_reason(tmp_path_factory: Any, data: st.DataObject) -> None:
    root = tmp_path_factory.mktemp("coco")
    keys = ("id", "image_id", "category_id", "bbox", "segmentation", "area", "iscrowd", "keypoints", "caption", "score")
    changed = data.draw(st.dictionaries(st.sampled_from((*keys, "attributes", "extra")), json, max_size=4))
    image = data.draw(st.dictionaries(st.sampled_from(("id", "file_name", "width", "height")), json, max_size=2))
    category = data.draw(st.dictionaries(st.sampled_from(("id", "name", "keypoints", "skeleton")), json, max_size=2))
    content = {
        "images": [IMAGE, {**IMAGE, "id": 2, "file_name": "b.jpg", **image}, data.draw(json)],
        "annotations": [{**BOX, **changed}, data.draw(json)],
        "categories": [{**PERSON, **category}, data.draw(json)],
    }

    found, _ = read(root, content)

    assert {image.name for image in found} >= {"a.jpg"}
