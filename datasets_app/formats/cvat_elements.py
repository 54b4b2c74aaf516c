"""Texts of the elements that CVAT's XML files for images and for videos share.

`cvat_labels.py` declares the labels, `cvat_shapes.py` gives the numbers of shapes.
"""

from __future__ import annotations

from collections.abc import Mapping

from datasets_app.formats.cvat_labels import MARKS, LabelWriter
from datasets_app.formats.cvat_shapes import point_fields, points_text
from datasets_app.formats.xml_stream import xml_attribute, xml_text
from datasets_app.ir import AnnotationRecord, Dataset


def head(meta: str) -> str:
    """The beginning of the file up to the first record."""
    start = '<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<version>1.1</version>\n'
    return f"{start}<meta>\n{meta}<dumped></dumped>\n</meta>\n"


def task(dataset: Dataset, subset: str, size: int, mode: str, more: str) -> str:
    """What the head says of a task."""
    return (
        f"<task>\n<id>1</id>\n<name>{project_name(dataset)}</name>\n<size>{size}</size>\n<mode>{mode}</mode>\n"
        f"<overlap>0</overlap>\n<subset>{xml_text(subset)}</subset>\n<start_frame>0</start_frame>\n"
        f"<stop_frame>{max(size - 1, 0)}</stop_frame>\n<frame_filter></frame_filter>\n<z_order>True</z_order>\n"
        f"{more}</task>\n"
    )


def project_name(dataset: Dataset) -> str:
    return xml_text(str(dataset.info.get("project", "")))


def marks(record: AnnotationRecord) -> dict[str, str]:
    if record.shape_type == "tag":
        return {"source": source(record)}
    return {"source": source(record), "occluded": str(int(record.occluded)), "z_order": str(record.z_order)}


def source(record: AnnotationRecord) -> str:
    """CVAT's word for who made an annotation."""
    word = record.source.partition(":")[0]
    return {"import": "file", "method": "semi-auto", "run": "auto", "model": "auto"}.get(word, "manual")


def attributes(record: AnnotationRecord, labels: LabelWriter) -> str:
    """The `<attribute>` elements, marks and score among them."""
    values = {**record.attributes, **{mark: True for mark in MARKS if getattr(record, mark)}}
    if record.score is not None:
        values["score"] = record.score
    return "".join(
        f'<attribute name="{xml_attribute(name)}">{xml_text(labels.attribute(record.class_number, name, value))}'
        "</attribute>\n"
        for name, value in values.items()
    )


def skeleton(
    class_number: int, points: list[list[float]], fields: Mapping[str, str], inside: str, labels: LabelWriter
) -> str:
    """A `<skeleton>`; `<points>` where neither the class nor the marks of the points ask for one."""
    if not labels.has_skeleton(class_number) and all(v == 2 for _, _, v in points):
        return element("points", {**fields, "points": points_text(points)}, inside)
    names = labels.point_names(class_number, len(points), declare=True)
    children = "".join(
        element("points", {"label": name, "source": fields["source"], **point_fields(point)}, "")
        for name, point in zip(names, points, strict=True)
    )
    return element("skeleton", fields, inside + children)


def element(tag: str, fields: Mapping[str, str], inside: str) -> str:
    said = "".join(f' {name}="{xml_attribute(value)}"' for name, value in fields.items())
    return f"<{tag}{said}>\n{inside}</{tag}>\n" if inside else f"<{tag}{said}/>\n"
