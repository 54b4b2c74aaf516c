"""Label Studio's labelling configuration: the controls that our results name, and classes from a file beside them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from datasets_app.formats.xml_stream import xml_attribute
from datasets_app.ir import ClassRecord

CONFIG_FILE = "label_config.xml"
IMAGE = "image"
TAGS, CAPTION = "tags", "caption"
"""Names of the controls for tags and captions; those of shapes are called by their kind."""

CONTROLS = {
    "rectangle": "RectangleLabels",
    "polygon": "PolygonLabels",
    "ellipse": "EllipseLabels",
    "keypoint": "KeyPointLabels",
    "brush": "BrushLabels",
}
_LABELLING = frozenset((*CONTROLS.values(), "Labels", "VectorLabels", "BitmaskLabels", "Choices"))
_MAX_BYTES = 16 << 20


def config_xml(classes: Iterable[ClassRecord]) -> str:
    """To be pasted into a project's settings before the tasks are imported."""
    classes = tuple(classes)
    choices = "".join(f'    <Choice value="{xml_attribute(entry.name)}"/>\n' for entry in classes)
    controls = "".join(
        f'  <{tag} name="{name}" toName="{IMAGE}">\n{_labels(classes, name)}  </{tag}>\n'
        for name, tag in CONTROLS.items()
    )
    return (
        f'<View>\n  <Image name="{IMAGE}" value="${IMAGE}"/>\n{controls}'
        f'  <Choices name="{TAGS}" toName="{IMAGE}" choice="multiple">\n{choices}  </Choices>\n'
        f'  <TextArea name="{CAPTION}" toName="{IMAGE}" maxSubmissions="10"/>\n</View>\n'
    )


def _labels(classes: Iterable[ClassRecord], control: str) -> str:
    """The labels of a control; key points are numbered, without which Label Studio's COCO export fails."""
    lines = []
    for place, entry in enumerate(classes):
        color = f' background="{xml_attribute(entry.color)}"' if entry.color else ""
        order = f' model_index="{place}"' if control == "keypoint" else ""
        lines.append(f'    <Label value="{xml_attribute(entry.name)}"{color}{order}/>\n')
    return "".join(lines)


def read_config(folder: Path) -> dict[str, str] | None:
    """Class names with their colours, in order; None where there is no configuration that can be read."""
    path = folder / CONFIG_FILE
    try:
        if not path.is_file() or path.stat().st_size > _MAX_BYTES:
            return None
        tree = fromstring(path.read_bytes(), forbid_dtd=True)
    except (OSError, ParseError, DefusedXmlException, ValueError, LookupError):
        return None
    if tree.tag != "View":
        return None
    found: dict[str, str] = {}
    for control in tree.iter():
        if control.tag not in _LABELLING:
            continue
        for label in control:
            name = label.get("value")
            if name and label.tag in ("Label", "Choice"):
                found[name] = found.get(name) or label.get("background") or ""
    return found
