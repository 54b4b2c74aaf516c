"""The kinds of shape, one line each. A new kind is one module in this folder and one line here.

`outputs` says whether an interactive method may answer in this kind.
"""

from __future__ import annotations

from annotator.core.geometry.base import ShapeKind
from annotator.core.registry import Entry, Registry

SHAPES: Registry[ShapeKind] = Registry(
    "shape",
    (
        Entry("box", "annotator.core.geometry.box:KIND", "Box", facts={"outputs": True}),
        Entry("polygon", "annotator.core.geometry.polygon:KIND", "Polygon", facts={"outputs": True}),
        Entry("mask", "annotator.core.geometry.mask:KIND", "Mask", facts={"outputs": True}),
        Entry("rotated_box", "annotator.core.geometry.rotated_box:KIND", "Rotated box", facts={"outputs": False}),
        Entry("polyline", "annotator.core.geometry.polyline:KIND", "Line", facts={"outputs": False}),
        Entry("skeleton", "annotator.core.geometry.skeleton:KIND", "Skeleton", facts={"outputs": False}),
        Entry("ellipse", "annotator.core.geometry.ellipse:KIND", "Ellipse", facts={"outputs": False}),
        Entry("caption", "annotator.core.geometry.caption:KIND", "Caption", facts={"outputs": False}),
        Entry("tag", "annotator.core.geometry.tag:KIND", "Tag", facts={"outputs": False}),
    ),
)
