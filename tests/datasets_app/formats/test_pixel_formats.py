"""VOC masks, mask PNG, Cityscapes, CamVid and COCO panoptic: what readers make of ours, and others' traps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from torchvision.datasets import Cityscapes, VOCSegmentation

from annotator.core.geometry.rle import Rle
from annotator.core.geometry.shapes import canonical, shape_to_mask
from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.catalog import FORMATS
from datasets_app.formats.cityscapes_labels import OFFICIAL
from datasets_app.formats.palettes import BLACK, VOC_COLOURS, WHITE, class_colours
from datasets_app.formats.pixel_masks import paint, visible
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord
from tests.datasets_app.formats.golden import HEIGHT, WIDTH, annotation, box, donut, golden
from tests.datasets_app.formats.pixel_files import Pixels, details, read, save

KEYS = ("voc_masks", "mask_png", "cityscapes", "camvid", "coco_panoptic")

every = pytest.mark.parametrize("key", KEYS)


def export(key: str, tmp_path: Path, dataset: Dataset | None = None, *, images: bool = True) -> Path:
    out = tmp_path / "out"
    out.mkdir()
    FORMATS.load(key).write(dataset or golden(tmp_path / "pictures"), out, images=images)
    return out


def class_pixels(image: ImageRecord, values: dict[int, int]) -> Pixels:
    """What a semantic mask of the image must hold, painted one object after the other."""
    pixels = np.zeros((image.height, image.width), dtype=np.int64)
    for record in sorted(image.annotations, key=lambda record: record.z_order):
        pixels[shape_to_mask(record.shape, image.width, image.height)] = values[record.class_number]
    return pixels


def flat(colours: list[tuple[int, int, int]]) -> list[int]:
    return [channel for colour in colours for channel in colour]


def one_image(*annotations: Any) -> Dataset:
    classes = (ClassRecord(7, "cat", "#ff0000"), ClassRecord(90, "sky", "#00ff00"))
    return Dataset(classes, iter([ImageRecord(1, "a b/ä.png", WIDTH, HEIGHT, annotations, split="train")]), 1)


def test_the_last_painted_object_has_the_pixel() -> None:
    under, over = annotation("a", 7, box(0, 0, 20, 20), z_order=5), annotation("b", 7, box(10, 10, 20, 20), z_order=9)
    painted = paint(ImageRecord(1, "a", WIDTH, HEIGHT, (over, under)))

    assert [record.uuid for record in painted.objects] == ["a", "b"]
    assert painted.numbers[15, 15] == 2
    assert painted.covered == 1


def test_boxes_are_painted_as_their_kind_fills_them() -> None:
    for x, y, width, height in ((0.4, 0.5, 3.2, 4.0), (62.6, 46.2, 1.4, 1.8), (5.5, 5.5, 0.3, 0.3)):
        record = annotation("a", 7, box(x, y, width, height))
        pixels = shape_to_mask(record.shape, WIDTH, HEIGHT)
        assert np.array_equal(paint(ImageRecord(1, "a", WIDTH, HEIGHT, (record,))).numbers > 0, pixels)


def test_each_class_has_a_colour_of_its_own() -> None:
    texts = ("#ff0000", "#ff0000", "#000000", "#ffffff", "", "no colour", "#800000")
    classes = [ClassRecord(number, str(number), text) for number, text in enumerate(texts, 1)]

    colours = class_colours(classes)

    assert colours[0] == (255, 0, 0)
    assert len(set(colours)) == len(classes)
    assert not {BLACK, WHITE} & set(colours)
    assert VOC_COLOURS[:5] == ((0, 0, 0), (128, 0, 0), (0, 128, 0), (128, 128, 0), (0, 0, 128))
    assert VOC_COLOURS[255] == (224, 224, 192)


@pytest.mark.parametrize("split", ["train", "val", "trainval", "test"])
def test_torchvision_reads_the_voc_masks_pixel_for_pixel(tmp_path: Path, split: str) -> None:
    out = export("voc_masks", tmp_path)
    images = list(golden(tmp_path / "pictures").images)
    in_split = [image for image in images if (image.split or "train") in split]

    dataset = VOCSegmentation(str(out), year="2007", image_set=split)

    assert len(dataset) == len(in_split)
    for (picture, mask), image in zip(dataset, in_split, strict=True):
        assert picture.size == mask.size == (WIDTH, HEIGHT)
        assert mask.mode == "P"
        assert np.array_equal(np.asarray(mask), class_pixels(image, {7: 1, 90: 2, 91: 3}) % 256)
        assert mask.getpalette()[:9] == flat(list(VOC_COLOURS[:3]))


def test_voc_masks_have_a_void_border_where_one_is_asked_for(tmp_path: Path) -> None:
    found = annotation("a", 7, box(10, 10, 20, 20)), annotation("b", 90, box(26, 10, 10, 20))
    FORMATS.load("voc_masks").write(one_image(*found), tmp_path, images=False, options={"void_border": 2})

    (image,) = read("voc_masks", tmp_path)[1]
    (path,) = (tmp_path / "VOCdevkit" / "VOC2012" / "SegmentationClass").iterdir()
    with Image.open(path) as mask:
        pixels = np.asarray(mask)

    assert pixels[20, 6:14].tolist() == [0, 0, 255, 255, 255, 255, 1, 1], "two pixels on both sides of an edge"
    assert pixels[20, 22:30].tolist() == [1, 1, 255, 255, 255, 255, 2, 2], "between objects too"
    assert pixels[9, 9] == 255
    assert {record.box: record.area for record in image.annotations} == {
        (12, 12, 12, 16): 12 * 16,
        (28, 12, 6, 16): 6 * 16,
    }


def test_torchvision_reads_cityscapes_pixel_for_pixel(tmp_path: Path) -> None:
    shapes = ((7, donut()), (7, box(0, 0, 9, 9)), (90, box(30, 0, 9, 9)))
    found = tuple(annotation(str(place), number, shape) for place, (number, shape) in enumerate(shapes))
    image = ImageRecord(1, "a.png", WIDTH, HEIGHT, found, split="train")
    out = export("cityscapes", tmp_path, one_image(*image.annotations), images=False)
    (out / "leftImg8bit" / "train" / "annotator").mkdir(parents=True)
    Image.new("RGB", (WIDTH, HEIGHT)).save(out / "leftImg8bit/train/annotator/annotator_000001_000019_leftImg8bit.png")

    (_, (objects, labels, colours)), *_ = Cityscapes(
        str(out), split="train", mode="fine", target_type=["instance", "semantic", "color"]
    )

    assert np.array_equal(np.asarray(labels), class_pixels(image, {7: 34, 90: 23}))
    assert sorted(np.unique(np.asarray(objects)).tolist()) == [0, 23, 34000, 34001]
    assert np.asarray(colours.convert("RGB"))[4, 35].tolist() == [70, 130, 180]


def test_our_cityscapes_labels_are_those_of_torchvision() -> None:
    theirs = {
        (label.name, label.id, label.has_instances, label.color)
        for label in Cityscapes.classes
        if label.id > 3
    }  # fmt: skip

    assert {(label.name, label.number, label.has_instances, label.colour) for label in OFFICIAL} == theirs


def test_panoptic_ids_are_the_colours_of_the_mask(tmp_path: Path) -> None:
    out = export("coco_panoptic", tmp_path)
    content = orjson.loads((out / "annotations" / "panoptic_val.json").read_bytes())
    (entry,) = content["annotations"]
    with Image.open(out / "annotations" / "panoptic_val" / entry["file_name"]) as mask:
        pixels = np.asarray(mask).astype(np.int64)
    ids = pixels @ (1, 256, 65536)

    assert {segment["id"] for segment in entry["segments_info"]} == set(np.unique(ids).tolist()) - {0}
    for segment in entry["segments_info"]:
        rows, columns = np.nonzero(ids == segment["id"])
        x, y = columns.min(), rows.min()
        assert segment["area"] == rows.size
        assert segment["bbox"] == [x, y, columns.max() - x + 1, rows.max() - y + 1]
    assert all(category["isthing"] == 1 for category in content["categories"])


def test_supervision_sees_the_pixels_of_the_coco_file(tmp_path: Path) -> None:
    supervision = pytest.importorskip("supervision")
    width, height = 400, 300
    rows, columns = np.mgrid[:height, :width]
    ring = np.hypot(columns - 200, rows - 150)
    rle = Rle.from_mask((ring < 120) & (ring > 40))
    square, triangle = (
        [[10.0, 10.0], [190.0, 10.0], [190.0, 190.0], [10.0, 190.0]],
        [[210.0, 20.0], [390, 20], [300, 280]],
    )
    shapes = (
        {"type": "polygon", "parts": [{"outer": square, "holes": []}]},
        {"type": "polygon", "parts": [{"outer": square, "holes": []}, {"outer": triangle, "holes": []}]},
        {"type": "mask", "box": list(rle.box), "counts": rle.crop(rle.box).to_string()},
    )
    found = [canonical(shape, width, height) for shape in shapes]
    records = tuple(AnnotationRecord("", 7, c.type, c.box, c.area, c.json) for c in found)
    save(tmp_path / "a.png", np.zeros((height, width, 3), dtype=np.uint8))
    image = ImageRecord(1, "a.png", width, height, records, suffix=".png", path=tmp_path / "a.png", split="val")
    out = export("coco", tmp_path, Dataset((ClassRecord(7, "cat"),), iter([image]), 1))

    annotations = str(out / "annotations" / "instances_val.json")
    read_back = supervision.DetectionDataset.from_coco(str(out / "images"), annotations, force_masks=True)

    ((_, _, detections),) = list(read_back)
    for record, theirs in zip(records, detections.mask, strict=True):
        ours = shape_to_mask(record.shape, width, height)
        # It fills outlines with OpenCV, which adds half a pixel all around; masks are read as they are.
        assert (ours & theirs).sum() >= (0.95 if record.shape_type == "polygon" else 1.0) * (ours | theirs).sum()


@every
def test_masks_are_the_same_bytes_each_time(key: str, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = export(key, tmp_path / "a", images=False), export(key, tmp_path / "b", images=False)

    files = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(second) for path in second.rglob("*") if path.is_file())
    assert all((first / path).read_bytes() == (second / path).read_bytes() for path in files)


@pytest.mark.parametrize("key", ["voc_masks", "mask_png"])
def test_more_classes_than_eight_bits_hold_are_refused(key: str, tmp_path: Path) -> None:
    classes = tuple(ClassRecord(number, f"c{number}") for number in range(1, 256))

    with pytest.raises(FormatError, match="There are 255 classes; the pixels of this format tell at most 254 apart"):
        FORMATS.load(key).write(Dataset(classes, iter(()), 0), tmp_path, images=False)


def test_more_classes_of_its_own_than_cityscapes_has_room_for_are_refused(tmp_path: Path) -> None:
    classes = tuple(ClassRecord(number, f"c{number}") for number in range(1, 33))

    with pytest.raises(FormatError, match="32 classes are not among those of Cityscapes; its masks have room for 31"):
        FORMATS.load("cityscapes").write(Dataset(classes, iter(()), 0), tmp_path, images=False)


@pytest.mark.parametrize(("key", "limit"), [("voc_masks", 254), ("cityscapes", 1000)])
def test_objects_beyond_the_limit_keep_their_class_and_are_counted(key: str, limit: int, tmp_path: Path) -> None:
    side, count = 300, limit + 6
    found = tuple(annotation(f"{n}", 7, box(n % 60, n // 60, 1, 1)) for n in range(count))
    dataset = Dataset((ClassRecord(7, "cat"),), iter([ImageRecord(1, "a.png", side, side, found, split="train")]), 1)
    (tmp_path / "out").mkdir()

    report = FORMATS.load(key).write(dataset, tmp_path / "out", images=False)
    _, (image,), _ = read(key, tmp_path / "out")

    assert report.lost["instances"] == 6
    assert len(image.annotations) == limit + 1
    assert sum(record.area for record in image.annotations) == count


def test_void_and_background_of_voc_are_no_objects_and_classes_are_told_by_colour(tmp_path: Path) -> None:
    folder = tmp_path / "VOCdevkit" / "VOC2012"
    pixels = np.zeros((10, 20), dtype=np.uint8)
    pixels[2:6, 2:6], pixels[2:6, 10:14], pixels[8, :] = 1, 2, 255
    (folder / "SegmentationClass").mkdir(parents=True)
    # Another tool's numbers: 1 shows the colour of what the label map calls dog.
    palette = flat([(0, 0, 0), (0, 128, 0), (128, 0, 0), *[(0, 0, 0)] * 252, (224, 224, 192)])
    save(folder / "SegmentationClass" / "a.png", pixels, palette)
    (folder / "labelmap.txt").write_text("# label:color\nbackground:0,0,0::\ncat:128,0,0::\ndog:0,128,0::\n")

    dataset, (image,), report = read("voc_masks", tmp_path)

    names = {record.number: record.name for record in dataset.classes}
    assert [(names[a.class_number], a.box) for a in image.annotations] == [
        ("cat", (10.0, 2.0, 4.0, 4.0)),
        ("dog", (2.0, 2.0, 4.0, 4.0)),
    ]
    assert (report.fixed, report.refused) == ([], [])


def test_voc_masks_without_a_label_map_have_vocs_classes(tmp_path: Path) -> None:
    pixels = np.zeros((10, 20), dtype=np.uint8)
    pixels[2:6, 2:6], pixels[0, 0] = 8, 22
    save(tmp_path / "SegmentationClass" / "a.png", pixels, flat(list(VOC_COLOURS)))

    dataset, (image,), _ = read("voc_masks", tmp_path)

    names = {record.number: record.name for record in dataset.classes}
    assert [names[a.class_number] for a in image.annotations] == ["cat", "class 22"]


def test_voc_masks_in_rgb_are_read_by_their_colours_and_strange_ones_are_told(tmp_path: Path) -> None:
    pixels = np.zeros((10, 20, 3), dtype=np.uint8)
    pixels[2:6, 2:6], pixels[0, 0] = (128, 0, 0), (1, 2, 3)
    save(tmp_path / "SegmentationClass" / "a.png", pixels)
    (tmp_path / "labelmap.txt").write_text("background:0,0,0::\nnose: tip:128,0,0::\n")

    dataset, (image,), report = read("voc_masks", tmp_path)

    assert dataset.classes[0].name == "nose: tip"
    assert [a.area for a in image.annotations] == [16]
    assert details(report.fixed) == ["The colour (1, 2, 3) is of no class; its pixels were left out."]


def test_objects_of_voc_take_the_class_of_most_of_their_pixels(tmp_path: Path) -> None:
    classes, objects = np.zeros((10, 20), dtype=np.uint8), np.zeros((10, 20), dtype=np.uint8)
    classes[2:6, 2:6], classes[2, 2] = 8, 12
    classes[0, 10:12] = 12
    objects[2:6, 2:6] = 5
    save(tmp_path / "SegmentationClass" / "a.png", classes, flat(list(VOC_COLOURS)))
    save(tmp_path / "SegmentationObject" / "a.png", objects, flat(list(VOC_COLOURS)))

    _, (image,), _ = read("voc_masks", tmp_path)

    assert [(a.class_number, a.area) for a in image.annotations] == [(8, 16), (12, 2)]


def jpeg_mask(root: Path) -> str:
    (root / "SegmentationClass").mkdir()
    save(root / "SegmentationClass" / "b.png", np.zeros((4, 4), dtype=np.uint8))
    Image.fromarray(np.zeros((4, 4), dtype=np.uint8)).save(root / "SegmentationClass" / "a.jpg")
    return "The mask is a JPEG file, which changes values; it must be PNG."


def other_size(root: Path) -> str:
    save(root / "SegmentationClass" / "b.png", np.zeros((4, 4), dtype=np.uint8))
    save(root / "SegmentationClass" / "a.png", np.ones((4, 4), dtype=np.uint8))
    save(root / "SegmentationObject" / "a.png", np.ones((5, 5), dtype=np.uint8))
    return "The masks of classes and of objects differ in size; they must be of one picture."


def broken(root: Path) -> str:
    save(root / "SegmentationClass" / "b.png", np.zeros((4, 4), dtype=np.uint8))
    (root / "SegmentationClass" / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    return "The mask cannot be read as a picture: "


@pytest.mark.parametrize("make", [jpeg_mask, other_size, broken])
def test_a_mask_that_cannot_be_read_is_refused_alone(make: Callable[[Path], str], tmp_path: Path) -> None:
    sentence = make(tmp_path)

    _, found, report = read("voc_masks", tmp_path)

    assert [image.name for image in found] == ["b.jpg"]
    (problem,) = report.refused
    assert problem.detail.startswith(sentence)


@pytest.mark.parametrize(
    "classes",
    [
        {"1": "cat", "2": {"name": "dog", "rgb": [0, 128, 0]}},
        {"classes": {"1": {"name": "cat"}, "2": {"name": "dog"}}},
        ["background", "cat", "dog"],
    ],
)
def test_mask_png_reads_the_class_lists_of_others(classes: Any, tmp_path: Path) -> None:
    pixels = np.zeros((10, 20), dtype=np.uint8)
    pixels[2:6, 2:6], pixels[0, 0], pixels[9, 9], pixels[9, 10] = 1, 2, 255, 9
    save(tmp_path / "masks" / "val" / "a.png", pixels)
    (tmp_path / "classes.json").write_bytes(orjson.dumps(classes))

    dataset, (image,), report = read("mask_png", tmp_path)

    assert [record.name for record in dataset.classes] == ["cat", "dog"]
    assert (image.name, image.split) == ("a.png", "val")
    assert [(a.class_number, a.area) for a in image.annotations] == [(1, 16), (2, 1)]
    assert details(report.fixed) == ["The number 9 is of no class; its pixels were left out."]


def test_mask_png_tells_more_than_255_objects_apart(tmp_path: Path) -> None:
    found = tuple(annotation(f"{n}", 7, box(n % 64, n // 64, 1, 1)) for n in range(300))

    out = export("mask_png", tmp_path, one_image(*found), images=False)
    _, (image,), _ = read("mask_png", out)

    with Image.open(out / "instances" / "train" / "a b" / "ä.png") as mask:
        assert mask.mode == "I;16"
    assert len(image.annotations) == 300


def test_cityscapes_crowds_stuff_and_ignored_regions(tmp_path: Path) -> None:
    folder = tmp_path / "gtFine" / "val" / "lindau"
    objects = np.zeros((10, 20), dtype=np.uint16)
    objects[0, :] = 1
    objects[2:4, 0:4], objects[2:4, 6:9], objects[5:7, 0:5], objects[8, :] = 26000, 26001, 26, 23
    save(folder / "lindau_000000_000019_gtFine_labelIds.png", np.zeros((10, 20), dtype=np.uint8))
    save(folder / "lindau_000000_000019_gtFine_instanceIds.png", objects)

    dataset, (image,), report = read("cityscapes", tmp_path)

    names = {record.number: record.name for record in dataset.classes}
    assert [(names[a.class_number], a.area, a.crowd) for a in image.annotations] == [
        ("sky", 20, False),
        ("car", 10, True),
        ("car", 8, False),
        ("car", 6, False),
    ]
    assert (image.name, image.split) == ("lindau/lindau_000000_000019_leftImg8bit.png", "val")
    assert report.refused == []


def test_cityscapes_has_polygons_and_training_ids(tmp_path: Path) -> None:
    under, over = annotation("a", 7, donut()), annotation("b", 90, box(0, 0, 30, 20), z_order=1)
    crowd = annotation("c", 7, box(40, 30, 8, 8), crowd=True)
    out = export("cityscapes", tmp_path, one_image(under, over, crowd), images=False)
    folder = out / "gtFine" / "train" / "annotator"

    content = orjson.loads((folder / "annotator_000001_000019_gtFine_polygons.json").read_bytes())
    assert (content["imgWidth"], content["imgHeight"]) == (WIDTH, HEIGHT)
    assert [entry["label"] for entry in content["objects"]] == ["cat", "catgroup", "sky"]
    with Image.open(folder / "annotator_000001_000019_gtFine_labelTrainIds.png") as mask:
        ids = np.asarray(mask)
    assert (ids[4, 4], ids[34, 44], ids[47, 63]) == (10, 19, 255), "sky, the first class of our own, nothing"

    report = Report()
    (image,) = FORMATS.load("cityscapes").read(out, report, options={"shapes": "polygons"}).images
    assert [(a.class_number, a.crowd, a.z_order) for a in image.annotations] == [
        (1, False, 0),
        (1, True, 1),
        (2, False, 2),
    ]
    assert image.annotations[0].area == under.area, "with its hole, and what lies under the sky"
    assert (report.fixed, report.refused) == ([], [])


def test_cityscapes_of_others_is_read_by_its_polygons(tmp_path: Path) -> None:
    folder = tmp_path / "gtFine" / "val" / "lindau"
    save(folder / "lindau_000000_000019_gtFine_labelIds.png", np.full((10, 20), 23, dtype=np.uint8))
    square = [[2, 2], [8, 2], [8, 8], [2, 8]]
    names = ("sky", "cargroup", "ego vehicle", "cloud")
    content = {"imgHeight": 10, "imgWidth": 20, "objects": [{"label": name, "polygon": square} for name in names]}
    (folder / "lindau_000000_000019_gtFine_polygons.json").write_bytes(orjson.dumps(content))

    dataset, (image,), report = read("cityscapes", tmp_path)

    known = {record.number: record.name for record in dataset.classes}
    assert [(known[a.class_number], a.crowd, a.shape_type) for a in image.annotations] == [
        ("sky", False, "polygon"),
        ("car", True, "polygon"),
    ]
    assert image.split == "val"
    assert details(report.refused) == ["cloud is no label."]
    (masked,) = FORMATS.load("cityscapes").read(tmp_path, Report(), options={"shapes": "masks"}).images
    assert [a.shape_type for a in masked.annotations] == ["mask"]


def test_camvid_of_others_is_read(tmp_path: Path) -> None:
    pixels = np.zeros((10, 20, 3), dtype=np.uint8)
    pixels[2:6, 2:6], pixels[0, 0] = (64, 128, 64), (7, 7, 7)
    save(tmp_path / "val_labels" / "0001TP_009210_L.png", pixels)
    save(tmp_path / "val" / "0001TP_009210.png", pixels)
    (tmp_path / "class_dict.csv").write_text("name,r,g,b\nAnimal,64,128,64\nVoid,0,0,0\nTwin,64,128,64\nBad,1,2\n")

    dataset, (image,), report = read("camvid", tmp_path)

    assert [(record.name, record.color) for record in dataset.classes] == [("Animal", "#408040")]
    assert (image.name, image.split, len(image.annotations)) == ("0001TP_009210.png", "val", 1)
    assert image.path == tmp_path / "val" / "0001TP_009210.png"
    assert details(report.fixed) == ["The colour (7, 7, 7) is of no class; its pixels were left out."]
    assert details(report.refused) == [
        "The colour (64, 128, 64) was given before; each class has its own.",
        "A line needs a name and r, g, b from 0 to 255.",
    ]


@every
@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_any_pixels_end_in_records_or_reasons(key: str, data: st.DataObject, tmp_path_factory: Any) -> None:
    root = tmp_path_factory.mktemp("any")
    out = export(key, root, one_image(annotation("a", 7, box(1, 1, 5, 5)), annotation("b", 90, donut())), images=False)
    masks = sorted(path for path in out.rglob("*.png"))
    victim = data.draw(st.sampled_from(masks))
    seed = data.draw(st.integers(0, 2**16))
    noise = np.random.default_rng(seed)
    shape = data.draw(st.sampled_from([(HEIGHT, WIDTH), (HEIGHT, WIDTH, 3), (HEIGHT, WIDTH, 4), (3, 5), (1, 1, 3)]))
    pixels = noise.integers(0, data.draw(st.sampled_from([2, 40, 256])), shape, dtype=np.uint8)
    wide = len(shape) == 2 and data.draw(st.booleans())
    if data.draw(st.booleans()):
        save(victim, pixels.astype(np.uint16) * 257 if wide else pixels)
    else:
        text = victim.read_bytes()
        victim.write_bytes(text[: seed % len(text)])

    _, found, report = read(key, out)

    assert len(found) + len(report.refused) >= 1
    for image in found:
        assert all(record.area > 0 for record in image.annotations)


def test_what_is_visible_is_what_all_of_them_give_back(tmp_path: Path) -> None:
    images = list(golden(tmp_path / "pictures").images)

    for image in images:
        shown = visible(image)
        total = sum(record.area for record in shown)
        assert total == int((paint(image).numbers > 0).sum())
