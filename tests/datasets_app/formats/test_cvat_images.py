"""CVAT for images 1.1: its way of counting masks, its labels, files of CVAT itself and files of nobody's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.geometry.shapes import shape_to_mask
from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.catalog import detect_format
from datasets_app.formats.cvat_images import FORMAT
from datasets_app.ir import ClassRecord, Dataset, ImageRecord
from tests.datasets_app.formats.fuzz import changed_bytes, read_without_surprise
from tests.datasets_app.formats.golden import (
    BOXES,
    CLASSES,
    HEIGHT,
    SQUARE,
    TRIANGLE,
    WIDTH,
    annotation,
    box,
    donut,
    golden,
    polygon,
)

HEAD = """<?xml version="1.0" encoding="utf-8"?>
<annotations><version>1.1</version><meta><task><id>4</id><name>t</name><size>2</size><mode>annotation</mode>
<subset>Validation</subset><labels>
<label><name>car</name><color>#c06060</color><type>any</type><attributes>
<attribute><name>brand</name><mutable>False</mutable><input_type>select</input_type><default_value>vw</default_value>
<values>vw\nbmw</values></attribute>
<attribute><name>parked</name><mutable>True</mutable><input_type>checkbox</input_type><default_value>false</default_value>
<values>false</values></attribute>
<attribute><name>doors</name><mutable>False</mutable><input_type>number</input_type><default_value>2</default_value>
<values>2\n5\n1</values></attribute>
<attribute><name>plate</name><mutable>False</mutable><input_type>text</input_type><default_value></default_value>
<values></values></attribute></attributes></label>
<label><name>person</name><color>#33ddff</color><type>skeleton</type><attributes></attributes>
<svg>&lt;line x1="1" y1="1" x2="9" y2="9" data-type="edge" data-node-from="2" data-node-to="1"&gt;&lt;/line&gt;
&lt;circle r="1" data-type="element node" data-element-id="1" data-node-id="1" data-label-name="head"&gt;&lt;/circle&gt;
&lt;circle r="1" data-type="element node" data-element-id="2" data-node-id="2" data-label-name="foot"&gt;&lt;/circle&gt;
</svg></label>
<label><name>head</name><type>points</type><attributes></attributes><parent>person</parent></label>
<label><name>foot</name><type>points</type><attributes></attributes><parent>person</parent></label>
</labels></task><dumped>2024-01-01</dumped></meta>
"""


def written(root: Path, *shapes: str, head: str = HEAD, fields: str = 'width="64" height="48"') -> None:
    text = f'{head}<image id="0" name="a.jpg" {fields}>{"".join(shapes)}</image></annotations>'
    (root / "annotations.xml").write_text(text, encoding="utf-8")


def read(root: Path) -> tuple[list[ImageRecord], Report]:
    report = Report()
    return list(FORMAT.read(root, report).images), report


def only_shape(root: Path, shape: str) -> dict[str, Any]:
    written(root, shape)
    images, report = read(root)
    assert report.refused == []
    (found,) = images[0].annotations
    return found.shape


def exported(root: Path, *annotations: Any, classes: tuple[ClassRecord, ...] = CLASSES) -> ElementTree.Element:
    image = ImageRecord(1, "a.jpg", WIDTH, HEIGHT, annotations)
    FORMAT.write(Dataset(classes, [image], 1), root, images=False)
    return ElementTree.parse(root / "annotations.xml").getroot()  # noqa: S314 (our own file)


def test_a_mask_counts_along_the_rows_of_its_crop(tmp_path: Path) -> None:
    # Two rows of three pixels: .## / ###, the crop's corner at (10, 5).
    shape = only_shape(tmp_path, '<mask label="car" rle="1, 5" left="10" top="5" width="3" height="2"/>')

    expected = np.zeros((48, 64), bool)
    expected[5, 11:13] = expected[6, 10:13] = True
    assert (shape_to_mask(shape, 64, 48) == expected).all()


def test_masks_are_written_along_the_rows(tmp_path: Path) -> None:
    mask = donut()
    root = exported(tmp_path, annotation("u", 7, mask))

    element = root.find("image/mask")
    assert element is not None
    left, top, width, height = (int(element.get(name, "")) for name in ("left", "top", "width", "height"))
    pixels = shape_to_mask(mask, WIDTH, HEIGHT)[top : top + height, left : left + width]
    runs = [(bool(value), len(list(run))) for value, run in groupby(pixels.ravel())]
    counts = [length for _, length in runs]
    assert [int(text) for text in element.get("rle", "").split(",")] == ([0, *counts] if runs[0][0] else counts)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ('<box label="car" xtl="1.5" ytl="2" xbr="4" ybr="6.25"/>', {"type": "box", "box": [1.5, 2, 2.5, 4.25]}),
        (
            '<box label="car" xtl="10" ytl="20" xbr="30" ybr="26" rotation="30.0"/>',
            {"type": "rotated_box", "center": [20, 23], "size": [20, 6], "angle": 30},
        ),
        (
            '<ellipse label="car" cx="20" cy="23" rx="9" ry="4" rotation="350"/>',
            {"type": "ellipse", "center": [20, 23], "radii": [9, 4], "angle": 350},
        ),
        (
            '<polyline label="car" points="1,2;3,4;5.5,6"/>',
            {"type": "polyline", "points": [[1, 2], [3, 4], [5.5, 6]]},
        ),
        ('<points label="car" points="1,2;3,4"/>', {"type": "skeleton", "points": [[1, 2, 2], [3, 4, 2]]}),
        ('<points label="car" points="1,2"/>', {"type": "skeleton", "points": [[1, 2, 2]]}),
        (
            '<polygon label="car" points="10,5;30,5;30,25;10,25"/>',
            {"type": "polygon", "parts": [{"outer": SQUARE, "holes": []}]},
        ),
        (
            '<skeleton label="person"><points label="foot" outside="0" occluded="1" points="7,8"/>'
            '<points label="head" outside="1" occluded="0" points="3,4"/></skeleton>',
            {"type": "skeleton", "points": [[0, 0, 0], [7, 8, 1]]},
        ),
        ('<tag label="car"/>', {"type": "tag"}),
    ],
)
def test_each_kind_of_shape(tmp_path: Path, shape: str, expected: dict[str, Any]) -> None:
    assert only_shape(tmp_path, shape) == expected


def test_labels_tell_colours_types_of_attributes_and_skeletons(tmp_path: Path) -> None:
    written(tmp_path)

    car, person = FORMAT.read(tmp_path, Report()).classes

    assert (car.name, car.color, person.name) == ("car", "#c06060", "person")
    assert list(car.attributes) == [
        {"name": "brand", "type": "select", "values": ["vw", "bmw"], "default": "vw"},
        {"name": "parked", "type": "checkbox", "mutable": True, "default": "false"},
        {"name": "doors", "type": "number", "default": "2"},
        {"name": "plate", "type": "text"},
    ]
    assert person.skeleton == {"points": ["head", "foot"], "edges": [[1, 0]]}


def test_values_of_attributes_have_the_type_that_the_label_declares(tmp_path: Path) -> None:
    values = {"brand": "vw", "parked": "true", "doors": "4", "plate": "0815", "unknown": "1"}
    inside = "".join(f'<attribute name="{name}">{value}</attribute>' for name, value in values.items())
    written(tmp_path, f'<box label="car" xtl="1" ytl="1" xbr="4" ybr="4">{inside}</box>')

    (found,) = read(tmp_path)[0][0].annotations

    assert found.attributes == {"brand": "vw", "parked": True, "doors": 4, "plate": "0815", "unknown": "1"}


def test_marks_groups_and_subsets(tmp_path: Path) -> None:
    shape = '<box label="car" source="manual" occluded="1" xtl="1" ytl="1" xbr="4" ybr="4" z_order="3" group_id="2"/>'
    written(tmp_path, shape, fields='subset="Train" width="64" height="48"')
    (image,), _ = read(tmp_path)

    (found,) = image.annotations
    assert (found.occluded, found.z_order, found.group, image.split) == (True, 3, 2, "train")

    written(tmp_path, shape.replace('group_id="2"', 'group_id="0"'))
    (image,), _ = read(tmp_path)
    assert image.annotations[0].group is None
    assert image.split == "val", "the task's subset holds where the image names none"


def test_parts_of_a_polygon_are_a_group_to_others_and_one_object_to_us(tmp_path: Path) -> None:
    twice = polygon(SQUARE, TRIANGLE)
    root = exported(
        tmp_path,
        annotation("u", 7, twice),
        annotation("v", 7, twice, group=5),
        annotation("w", 7, box(1, 1, 2, 2), group=6),
    )

    assert [element.get("group_id") for element in root.iter("polygon")] == ["7", "7", "5", "5"]
    (image,), _ = read(tmp_path)
    assert [(found.shape, found.group) for found in image.annotations[:2]] == [(twice, None), (twice, 5)]


def test_polygons_of_one_group_in_files_of_others_stay_apart(tmp_path: Path) -> None:
    shape = '<polygon label="car" group_id="1" points="10,5;30,5;30,25"/>'
    written(tmp_path, shape, shape)

    assert [found.group for found in read(tmp_path)[0][0].annotations] == [1, 1]


def test_the_head_declares_what_the_annotations_use(tmp_path: Path) -> None:
    root = exported(
        tmp_path,
        annotation("a", 7, box(1, 1, 2, 2), attributes={"colour": "red", "n": 3, "sure": True}, score=0.25),
        annotation("b", 7, box(1, 1, 2, 2), attributes={"n": 7}, crowd=True, source="run:3"),
    )

    said = {
        (label.findtext("name"), attribute.findtext("name")): attribute.findtext("input_type")
        for label in root.iter("label")
        for attribute in label.iter("attribute")
    }
    assert said == {
        ("cat", "colour"): "text",
        ("cat", "n"): "number",
        ("cat", "sure"): "checkbox",
        ("cat", "score"): "number",
        ("cat", "crowd"): "checkbox",
    }
    assert [found.get("source") for found in root.iter("box")] == ["manual", "auto"]
    assert [found.findtext("parent") for found in root.iter("label") if found.find("parent") is not None] == ["cat"] * 3


def test_values_of_several_kinds_become_text_and_are_counted(tmp_path: Path) -> None:
    image = ImageRecord(
        1, "a.jpg", WIDTH, HEIGHT, tuple(replace(BOXES[0], attributes={"n": value}) for value in (1, "one", [1]))
    )

    report = FORMAT.write(Dataset(CLASSES, [image], 1), tmp_path, images=False)

    assert report.lost["attributes"] == 2
    assert [found.attributes["n"] for found in read(tmp_path)[0][0].annotations] == ["1", "one", "[1]"]


def test_subsets_are_told_as_a_project_tells_them(tmp_path: Path) -> None:
    images = [ImageRecord(n, f"{n}.jpg", WIDTH, HEIGHT, split=split) for n, split in enumerate(("train", None, "val"))]

    FORMAT.write(Dataset(CLASSES, images, 3), tmp_path, images=False)

    root = ElementTree.parse(tmp_path / "annotations.xml").getroot()  # noqa: S314 (our own file)
    assert [image.get("subset") for image in root.iter("image")] == ["train", "default", "val"]
    assert [subset.text for subset in root.iterfind("meta/project/tasks/task/subset")] == ["train", "default", "val"]
    assert [image.split for image in read(tmp_path)[0]] == ["train", None, "val"]


def test_odd_texts_survive(tmp_path: Path) -> None:
    odd = " \"a\" <b> & 'c'\n\td\r "
    image = ImageRecord(1, 'x "&<> y.jpg', WIDTH, HEIGHT, (replace(BOXES[0], attributes={odd: odd}),))
    FORMAT.write(Dataset((ClassRecord(7, odd),), [image], 1), tmp_path, images=False)

    dataset = FORMAT.read(tmp_path, Report())
    (found,) = dataset.images

    assert [entry.name for entry in dataset.classes] == [odd]
    assert found.name == image.name
    assert found.annotations[0].attributes == {odd: odd}


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        ('<box label="car" xtl="1" ytl="1" xbr="4"/>', "The <box> needs the numbers xtl, ytl, xbr, ybr."),
        ('<box label="car" xtl="1" ytl="nan" xbr="4" ybr="5"/>', "The <box> needs the numbers xtl, ytl, xbr, ybr."),
        (
            '<box label="car" xtl="5" ytl="1" xbr="4" ybr="5"/>',
            "The box is -1 wide and 4 high; both must be greater than 0.",
        ),
        ('<box xtl="1" ytl="1" xbr="4" ybr="4"/>', "The <box> has no label."),
        (
            '<box label="car" xtl="1" ytl="1" xbr="4" ybr="4" rotation="x"/>',
            "The rotation 'x' is no number of degrees.",
        ),
        (
            '<polygon label="car" points="1;2"/>',
            "The points of the <polygon> must be written \"x,y;x,y;…\"; '1' is not.",
        ),
        (
            '<cuboid label="car" xtl1="1"/>',
            "A <cuboid> has no counterpart here; draw it as a polygon or a box.",
        ),
        (
            '<mask label="car" rle="1, 4" left="1" top="1" width="3" height="2"/>',
            "The mask cannot be read. The counts add up to 5; a mask of 2 x 3 needs 6.",
        ),
        (
            '<mask label="car" rle="a" left="1" top="1" width="3" height="2"/>',
            'The mask\'s rle must be whole numbers divided by ",".',
        ),
        (
            '<mask label="car" rle="6" left="1" top="1" width="3" height="2"/>',
            "The mask holds no set pixel; at least one must be set.",
        ),
        (
            '<mask label="car" rle="1" left="0" top="0" width="1e9" height="1e9"/>',
            "The mask is 1e+09 x 1e+09 pixels; no side may be above 200000.",
        ),
        (
            '<skeleton label="person"><points label="tail" points="1,2"/></skeleton>',
            "The skeleton of 'person' has no point 'tail'; it has head, foot.",
        ),
    ],
)
def test_a_shape_that_cannot_be_read_is_refused_with_its_reason(tmp_path: Path, shape: str, sentence: str) -> None:
    written(tmp_path, shape, '<box label="car" xtl="1" ytl="1" xbr="4" ybr="4"/>')

    images, report = read(tmp_path)

    assert [(problem.where, problem.detail) for problem in report.refused] == [
        (f"annotations.xml: a.jpg, <{shape[1:].split(maxsplit=1)[0]}> 1", sentence)
    ]
    assert len(images[0].annotations) == 1


def test_labels_that_the_head_does_not_declare_are_taken_from_the_shapes(tmp_path: Path) -> None:
    head = "<annotations><version>1.1</version>"
    written(tmp_path, '<box label="dog" xtl="1" ytl="1" xbr="4" ybr="4"/>', head=head)

    dataset = FORMAT.read(tmp_path, Report())

    assert [entry.name for entry in dataset.classes] == ["dog"]
    assert len(next(iter(dataset.images)).annotations) == 1


def test_an_image_listed_twice_or_without_a_size_is_refused(tmp_path: Path) -> None:
    images = "".join(
        f'<image id="{n}" name="{name}" {size}/>'
        for n, (name, size) in enumerate(
            (
                ("a.jpg", 'width="4" height="4"'),
                ("a.jpg", 'width="4" height="4"'),
                ("b.jpg", 'width="0" height="4"'),
                ("c.jpg", 'width="99999999" height="4"'),
                ("", 'width="4" height="4"'),
            )
        )
    )
    (tmp_path / "a.xml").write_text(f"{HEAD}{images}</annotations>")

    found, report = read(tmp_path)

    assert [image.name for image in found] == ["a.jpg"]
    assert [problem.where for problem in report.refused] == [f"a.xml: image {n}" for n in (2, 3, 4, 5)]


def test_a_truncated_file_gives_what_stands_before(tmp_path: Path) -> None:
    FORMAT.write(golden(tmp_path / "pictures"), tmp_path, images=False)
    whole = (tmp_path / "annotations.xml").read_bytes()
    (tmp_path / "annotations.xml").write_bytes(whole[: whole.index(b"</image>") + 60])

    images, report = read(tmp_path)

    assert [len(image.annotations) for image in images] == [len(BOXES)]
    assert [problem.where for problem in report.refused] == ["annotations.xml"]
    assert report.refused[0].detail.endswith("What stands before was read.")


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]><annotations><image name="&a;" width="1" height="1"/></annotations>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><annotations><image name="&a;"/></annotations>',
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><annotations>&b;<image/></annotations>',
        f"<annotations><image>{'<a>' * 100_000}",
    ],
    ids=["entity", "file", "laughs", "depth"],
)
def test_hostile_xml_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.xml").write_text(text)

    with pytest.raises(FormatError) as error:
        read(tmp_path)

    assert "document type or entities" in str(error.value) or "nested more than 32 deep" in str(error.value)


def test_names_lead_nowhere_else(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    (tmp_path / "secret.png").write_bytes(b"x")
    (inside / "a.xml").write_text('<annotations><image name="../secret.png" width="4" height="4"/></annotations>')

    (image,), _ = read(inside)

    assert (image.name, image.path) == ("secret.png", None)


def test_video_files_are_not_taken_for_images(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(HEAD.replace("annotation</mode>", "interpolation</mode>") + "</annotations>")
    assert FORMAT.detect(tmp_path) == 0.0
    (tmp_path / "a.xml").write_text(f'{HEAD}<track id="0" label="car"></track></annotations>')
    assert FORMAT.detect(tmp_path) == 0.0
    written(tmp_path)
    assert detect_format(tmp_path)[0] == ("cvat_images", 0.95)


@settings(max_examples=150)
@given(damage=changed_bytes())
def test_damaged_files_raise_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, damage: Callable[[bytes], bytes]
) -> None:
    root = tmp_path_factory.mktemp("damaged")
    FORMAT.write(golden(root / "pictures"), root, images=False)
    path = root / "annotations.xml"
    path.write_bytes(damage(path.read_bytes()))

    read_without_surprise(FORMAT, root)


FIELDS = ("xtl", "ytl", "points", "rle", "left", "width", "height", "rotation", "cx", "rx", "label", "name", "z_order")


@settings(max_examples=150)
@given(changes=st.lists(st.tuples(st.sampled_from(FIELDS), st.integers(0, 20), st.text(max_size=8)), max_size=6))
def test_odd_fields_raise_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[str, int, str]]
) -> None:
    root = tmp_path_factory.mktemp("odd")
    FORMAT.write(golden(root / "pictures"), root, images=False)
    tree = ElementTree.parse(root / "annotations.xml")  # noqa: S314 (our own file)
    for field, place, value in changes:
        holders = [element for element in tree.iter() if element.get(field) is not None]
        holders[place % len(holders)].set(field, "".join(c for c in value if c.isprintable()))
    tree.write(root / "annotations.xml", encoding="utf-8")

    read_without_surprise(FORMAT, root)
