"""COCO: what other readers make of our files, and what becomes of the traps in files of others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from pycocotools.coco import COCO
from torchvision.datasets import CocoDetection

from annotator.core.geometry.rle import Rle
from annotator.core.geometry.shapes import shape_to_mask
from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.coco import _FATES, FORMAT
from datasets_app.formats.fallbacks import fitted
from datasets_app.ir import AnnotationRecord, ImageRecord
from tests.datasets_app.formats.golden import golden

# pycocotools was compiled before NumPy 2 gave __array__ a copy argument.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

IMAGE = {"id": 1, "file_name": "a.jpg", "width": 20, "height": 10}
CATEGORY = {"id": 7, "name": "cat"}
BOX = {"id": 1, "image_id": 1, "category_id": 7, "bbox": [1, 2, 3, 4], "area": 12, "iscrowd": 0}


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    out = tmp_path / "out"
    out.mkdir()
    FORMAT.write(golden(tmp_path / "pictures"), out, images=True)
    return out


def read(root: Path, content: Any = None, name: str = "instances.json") -> tuple[list[ImageRecord], Report]:
    if content is not None:
        (root / name).write_bytes(orjson.dumps(content))
    report = Report()
    return list(FORMAT.read(root, report).images), report


def coco(**changes: Any) -> dict[str, Any]:
    return {"images": [IMAGE], "annotations": [BOX], "categories": [CATEGORY], **changes}


def test_text_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    text = orjson.dumps(coco(categories=[{"id": 7, "name": "Hühner"}])).replace("ü".encode(), b"\xfc")
    (tmp_path / "instances.json").write_bytes(text)
    report = Report()

    dataset = FORMAT.read(tmp_path, report)

    assert [record.name for record in dataset.classes] == ["Hühner"]
    assert [(problem.where.split(",")[0], problem.detail) for problem in report.fixed] == [
        ("instances.json: categories", "Its text is not UTF-8; it was read as Windows-1252.")
    ]
    assert len(list(dataset.images)) == 1


def details(problems: list[Any]) -> list[str]:
    return [problem.detail for problem in problems]


def test_pycocotools_reads_every_shape_as_the_same_pixels(exported: Path, tmp_path: Path) -> None:
    expected: dict[tuple[float, ...], AnnotationRecord] = {
        (image.number, annotation.class_number, *annotation.box): annotation
        for image in golden(tmp_path / "pictures").images
        for annotation in (fitted(sent, image, _FATES) for sent in image.annotations)
        if annotation is not None
    }
    compared = 0
    for path in sorted((exported / "annotations").glob("*.json")):
        reader = COCO(str(path))
        assert [entry["id"] for entry in reader.loadCats(reader.getCatIds())] == [7, 90, 91]
        for entry in reader.loadAnns(reader.getAnnIds()):
            if "caption" in entry:
                continue
            annotation = expected[(entry["image_id"], entry["category_id"], *entry["bbox"])]
            if annotation.shape_type == "skeleton":
                assert entry["area"] == annotation.box[2] * annotation.box[3]
                continue
            assert entry["area"] == annotation.area
            if annotation.shape_type != "box":
                pixels = shape_to_mask(annotation.shape, 64, 48)
                assert np.array_equal(reader.annToMask(entry).astype(bool), pixels)
                compared += 1
    assert compared == 8


def test_ids_start_at_one_and_are_unique_over_all_files(exported: Path) -> None:
    contents = [orjson.loads(path.read_bytes()) for path in sorted((exported / "annotations").glob("*.json"))]

    ids = sorted(annotation["id"] for content in contents for annotation in content["annotations"])

    assert ids == list(range(1, 17))
    objects = [entry for content in contents for entry in content["annotations"] if "caption" not in entry]
    assert all({"area", "iscrowd", "bbox", "segmentation"} <= set(entry) for entry in objects)
    assert all(content["licenses"] == [] and content["info"]["contributor"] == "Annotator" for content in contents)


def test_each_split_has_its_file_and_negatives_are_listed(exported: Path) -> None:
    files = {path.name: orjson.loads(path.read_bytes()) for path in (exported / "annotations").glob("*.json")}

    names = {name: [image["file_name"] for image in content["images"]] for name, content in files.items()}

    assert names == {
        "instances_train.json": ["plain.jpg", "other/plain.png"],
        "instances_val.json": ["sub folder/ein Bild mit Ä.png"],
        "instances_test.json": ["sub folder/plain.png"],
        "instances_default.json": ["空.jpg"],
        "captions_test.json": ["sub folder/plain.png"],
    }


def test_masks_and_holes_are_crowds_only_where_they_were_marked(exported: Path) -> None:
    content = orjson.loads((exported / "annotations" / "instances_val.json").read_bytes())

    kinds = [(type(entry["segmentation"]).__name__, entry["iscrowd"]) for entry in content["annotations"]]

    assert kinds == [("list", 0), ("list", 0), ("dict", 0), ("dict", 1), ("dict", 0)]


@pytest.mark.parametrize(("split", "counts"), [("train", [4, 0]), ("val", [5]), ("test", [6]), ("default", [0])])
def test_torchvision_reads_every_file(exported: Path, split: str, counts: list[int]) -> None:
    dataset = CocoDetection(str(exported / "images"), str(exported / "annotations" / f"instances_{split}.json"))

    items = [dataset[index] for index in range(len(dataset))]

    assert [len(target) for _, target in items] == counts
    assert all(picture.size == (64, 48) for picture, _ in items)


def test_missing_fields_are_mended(tmp_path: Path) -> None:
    box = {key: value for key, value in BOX.items() if key not in ("area", "iscrowd")}

    (image,), report = read(tmp_path, {"images": [IMAGE], "annotations": [box], "categories": [CATEGORY]})

    assert image.annotations[0].area == 12
    assert not image.annotations[0].crowd
    assert details(report.fixed) == [
        "1 annotations lack the area; it was computed.",
        "1 annotations lack iscrowd; they were read as single objects.",
    ]


@pytest.mark.parametrize("category_id", [0, "cat"])
def test_category_ids_of_others_are_numbered_anew(tmp_path: Path, category_id: Any) -> None:
    content = coco(categories=[{"id": category_id, "name": "cat"}], annotations=[{**BOX, "category_id": category_id}])

    (image,), report = read(tmp_path, content)

    assert image.annotations[0].class_number == 1
    assert details(report.fixed) == [
        "The ids are not all different whole numbers from 1 on; classes were numbered anew."
    ]


def test_text_ids_and_id_zero_of_images_are_read(tmp_path: Path) -> None:
    images = [{**IMAGE, "id": "x"}, {**IMAGE, "id": 0, "file_name": "b.jpg"}]
    annotations = [{**BOX, "id": "one", "image_id": "x"}, {**BOX, "id": 0, "image_id": 0}]

    found, report = read(tmp_path, coco(images=images, annotations=annotations))

    assert [(image.number, len(image.annotations)) for image in found] == [(1, 1), (2, 1)]
    assert report.refused == []


def test_uncompressed_and_compressed_masks_are_read(tmp_path: Path) -> None:
    mask = np.zeros((10, 20), dtype=bool)
    mask[2:5, 3:9] = True
    rle = Rle.from_mask(mask)
    packed = {"size": [10, 20], "counts": rle.to_string()}
    plain = {"size": [10, 20], "counts": rle.counts.tolist()}
    annotations = [{**BOX, "segmentation": packed}, {**BOX, "segmentation": plain, "iscrowd": 1}]

    (image,), _ = read(tmp_path, coco(annotations=annotations))

    first, second = image.annotations
    assert np.array_equal(shape_to_mask(first.shape, 20, 10), mask)
    assert first.shape_json == second.shape_json
    assert (first.crowd, second.crowd) == (False, True)
    assert first.area == 18


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"bbox": [1, 2, 0, 4]}, "The box is 0 wide and 4 high; both must be greater than 0."),
        ({"bbox": [30, 2, 3, 4]}, "The box lies wholly outside the picture of 20 x 10 pixels."),
        ({"bbox": None}, 'The annotation has neither "segmentation" nor "bbox".'),
        ({"category_id": 8}, "There is no category with the id 8."),
        ({"image_id": 5}, "There is no image with the id '5' that could be read."),
        (
            {"segmentation": {"size": [20, 10], "counts": "0"}},
            "The mask's size is [20, 10]; it must be [height, width] of its image: [10, 20].",
        ),
        (
            {"segmentation": {"size": [10, 20], "counts": [3]}},
            "The mask cannot be read. The counts add up to 3; a mask of 20 x 10 needs 200.",
        ),
        (
            {"segmentation": {"size": [10, 20], "counts": [200]}},
            "The mask holds no set pixel; at least one must be set.",
        ),
        (
            {"segmentation": {"size": [10, 20], "counts": None}},
            "The mask cannot be read. The counts add up to 0; a mask of 20 x 10 needs 200.",
        ),
        (
            {"segmentation": [[1, 1, 5, 5]], "bbox": None},
            "A ring has 4 numbers; it needs an even count of at least 6.",
        ),
        (
            {"segmentation": [[1, 1, 2, 2, 3, 3]]},
            "Part 1 of the polygon, outer ring, has all its points on one line; a ring must enclose an area.",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    (image,), report = read(tmp_path, coco(annotations=[{**BOX, **changes}]))

    assert image.annotations == ()
    assert details(report.refused) == [sentence]
    assert report.refused[0].where == "instances.json: annotation 1"


@pytest.mark.parametrize(
    ("changes", "kind", "sentence"),
    [
        ({"bbox": [18, 8, 10, 10]}, "box", "The box was cut at the picture's edge."),
        (
            {"segmentation": [[1, 1, 5, 5]]},
            "box",
            "A ring has 4 numbers; it needs an even count of at least 6. The bbox was read instead.",
        ),
        (
            {"segmentation": [[1, 1, 5, 1, 5, 5], [1, 1, 5, 5]]},
            "polygon",
            "A ring has 4 numbers; it needs an even count of at least 6.",
        ),
        (
            {"segmentation": [1, 1, 5, 1, 5, 5]},
            "polygon",
            "The segmentation was one flat list of numbers; it was read as one ring.",
        ),
        (
            {"segmentation": [[1, 1, 5, 1, 5, 5], [6, 6, 7, 7, 8, 8]]},
            "polygon",
            "A part was left out: Part 1 of the polygon, outer ring, has all its points on one line; "
            "a ring must enclose an area.",
        ),
    ],
)
def test_what_can_be_mended_is(tmp_path: Path, changes: dict[str, Any], kind: str, sentence: str) -> None:
    (image,), report = read(tmp_path, coco(annotations=[{**BOX, **changes}]))

    assert [annotation.shape_type for annotation in image.annotations] == [kind]
    assert details(report.fixed) == [sentence]


def test_an_area_that_is_that_of_the_box_is_not_believed(tmp_path: Path) -> None:
    triangle = {**BOX, "segmentation": [[0, 0, 10, 0, 0, 10]], "bbox": [0, 0, 10, 10], "area": 100}

    (image,), _ = read(tmp_path, coco(annotations=[triangle]))

    assert image.annotations[0].area < 60


def test_names_with_backslashes_and_dots_are_made_safe(tmp_path: Path) -> None:
    (image,), _ = read(tmp_path, coco(images=[{**IMAGE, "file_name": "..\\train\\a.jpg"}]))

    assert image.name == "train/a.jpg"


def test_a_name_that_is_listed_twice_is_refused(tmp_path: Path) -> None:
    found, report = read(tmp_path, coco(images=[IMAGE, {**IMAGE, "id": 2}]))

    assert len(found) == 1
    assert details(report.refused) == ["a.jpg was listed before; each file name may be listed once."]


def test_the_split_is_told_by_the_name_of_the_file_or_its_folder(tmp_path: Path) -> None:
    (tmp_path / "valid").mkdir()
    read(tmp_path, coco(), "instances_train2017.json")
    other = coco(images=[{**IMAGE, "file_name": "b.jpg"}])

    found, _ = read(tmp_path, other, "valid/instances_coco.json")

    assert {image.name: image.split for image in found} == {"a.jpg": "train", "b.jpg": "val"}


def test_a_size_that_is_missing_is_taken_from_the_picture(tmp_path: Path, exported: Path) -> None:
    (tmp_path / "data").mkdir()
    (exported / "images" / "plain.jpg").rename(tmp_path / "data" / "plain.jpg")
    images = [{"id": 1, "file_name": "plain.jpg"}, {"id": 2, "file_name": "gone.jpg"}]

    (image,), report = read(tmp_path / "data", coco(images=images))

    assert (image.width, image.height) == (64, 48)
    assert details(report.refused) == ["gone.jpg has no width and height, and the picture is not at hand to tell them."]


def test_no_coco_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FormatError) as error:
        read(tmp_path, {"shapes": []})

    assert str(error.value) == (
        'No COCO file was found: a JSON object with the lists "images", "annotations", "categories".'
    )


def test_real_instances_are_read_whole_and_written_with_the_same_pixels(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "coco_eval_refs" / "tests" / "dataset" / "cocoapi" / "instances_val2014_100.json"
    content = orjson.loads(source.read_bytes())
    report = Report()
    images = list(FORMAT.read(source, report).images)
    dataset = FORMAT.read(source, Report())

    FORMAT.write(dataset, tmp_path, images=False)

    assert len(images) == len(content["images"])
    assert sum(len(image.annotations) for image in images) == len(content["annotations"])
    assert report.refused == []
    ours, theirs = COCO(str(tmp_path / "annotations" / "instances_val.json")), COCO(str(source))
    for image_id in theirs.getImgIds():
        pairs = zip(ours.imgToAnns[image_id], theirs.imgToAnns[image_id], strict=True)
        for mine, original in pairs:
            assert mine["category_id"] == original["category_id"]
            a, b = ours.annToMask(mine).astype(bool), theirs.annToMask(original).astype(bool)
            assert (a & b).sum() >= 0.99 * (a | b).sum()
