"""The health checks, one line each. A new check is one module in this folder and one line here.

Facts: `scope` says what the check is shown (`base.py`), `description` what it is for, `codes` maps each of its rules to
a title, `thresholds` are the numbers that a project may change, and `fixes` the acts that remove findings.
"""

from __future__ import annotations

from typing import Any

from annotator.core.registry import Entry, Registry
from datasets_app.health.base import Fix, Limits, Threshold

_BITS = Threshold("bits", "Bits that may differ", 4, 0, 16, "Of the 64 of two pictures' fingerprints.")
_TAG = Fix("tag", "Tag the images")
_REOPEN = Fix("reopen", "Send the images back to labelling")

CHECKS: Registry[Any] = Registry(
    "health check",
    (
        Entry(
            "picture_files",
            "datasets_app.health.picture_files:CHECK",
            "Unusual files",
            facts={
                "scope": "image",
                "description": "Files that other readers may understand otherwise, or that cost too much.",
                "codes": {
                    "orientation": "Turned by EXIF",
                    "deep": "More than 8 bits a channel",
                    "cmyk": "Print colours",
                    "alpha": "Transparent pixels",
                    "palette": "Palette of colours",
                    "animated": "Several frames",
                    "wrong_ending": "Name ends in another format",
                    "many_pixels": "Very large picture",
                },
                "thresholds": (Threshold("megapixels", "Megapixels", 50, 0.1, 10_000),),
                "fixes": (_TAG, Fix("delete_images", "Delete the images")),
            },
        ),
        Entry(
            "same_bytes",
            "datasets_app.health.same_bytes:CHECK",
            "Exact duplicates",
            facts={
                "scope": "pictures",
                "description": "Images that hold exactly the same picture.",
                "codes": {"same": "The same picture"},
                "thresholds": (),
                "fixes": (
                    Fix("merge_images", "Keep one, with the labels of one", keep=1),
                    Fix("group", "Put into one group"),
                    _TAG,
                ),
            },
        ),
        Entry(
            "look_alikes",
            "datasets_app.health.look_alikes:CHECK",
            "Near duplicates",
            facts={
                "scope": "pictures",
                "description": "Clusters of pictures that look nearly the same.",
                "codes": {"cluster": "Cluster of look-alikes"},
                "thresholds": (_BITS,),
                "fixes": (
                    Fix("group", "Put into one group"),
                    _TAG,
                    Fix("delete_images", "Keep one, delete the others", keep=1),
                ),
            },
        ),
        Entry(
            "split_leaks",
            "datasets_app.health.split_leaks:CHECK",
            "Leaks between splits",
            facts={
                "scope": "pictures",
                "description": "Groups and duplicates that the newest version cut: they stay until a newer version.",
                "codes": {
                    "group": "Group in two splits",
                    "same": "Same picture in two splits",
                    "cluster": "Look-alikes in two splits",
                },
                "thresholds": (_BITS,),
                "fixes": (Fix("group", "Put into one group"), Fix("fix_split", "Fix all in the split of most"), _TAG),
            },
        ),
        Entry(
            "class_balance",
            "datasets_app.health.class_balance:CHECK",
            "Balance of classes",
            facts={
                "scope": "project",
                "description": "Classes that are too rare to be learned, or missing where they are examined.",
                "codes": {
                    "imbalance": "Classes out of balance",
                    "few_objects": "Few objects",
                    "few_images": "On few images",
                    "absent": "Absent from a split",
                    "unused": "Never used",
                },
                "thresholds": (
                    Threshold("ratio", "Largest : smallest class, warning", 10, 1),
                    Threshold("ratio_error", "Largest : smallest class, error", 50, 1),
                    Threshold("objects", "Least objects", 5),
                    Threshold("images", "Least images", 3),
                ),
                "fixes": (),
            },
        ),
        Entry(
            "object_geometry",
            "datasets_app.health.object_geometry:CHECK",
            "Broken shapes",
            facts={
                "scope": "image",
                "description": "Shapes that cannot be right.",
                "codes": {
                    "tiny": "Less than a pixel",
                    "no_area": "No area",
                    "outside": "Beyond the picture",
                    "covers_all": "Spans the whole picture",
                    "crossing": "Crosses itself",
                    "few_points": "Fewer than 3 points",
                },
                "thresholds": (
                    Threshold("side", "Least side in pixels", 1, 0, 10_000),
                    Threshold("share", "Largest share of the picture", 0.95, 0, 1),
                ),
                "fixes": (
                    Fix("mend", "Cut at the edge and untangle", codes=("outside", "crossing")),
                    Fix("delete_objects", "Delete the objects"),
                    _TAG,
                    _REOPEN,
                ),
            },
        ),
        Entry(
            "object_outliers",
            "datasets_app.health.object_outliers:CHECK",
            "Unusual sizes",
            facts={
                "scope": "norm",
                "description": "Objects far larger, smaller, wider or higher than is usual in their class.",
                "codes": {"size": "Unusual size", "aspect": "Unusual aspect"},
                "thresholds": (
                    Threshold("sigma", "Standard deviations", 5, 1, 100),
                    Threshold("objects", "Least objects of the class", 30, 2),
                ),
                "fixes": (_TAG, _REOPEN, Fix("delete_objects", "Delete the objects")),
            },
        ),
        Entry(
            "object_overlaps",
            "datasets_app.health.object_overlaps:CHECK",
            "Overlapping objects",
            facts={
                "scope": "image",
                "description": "Objects that were labelled twice, as two classes, or one inside another.",
                "codes": {"double": "Labelled twice", "confusion": "Two classes for one", "inside": "Inside another"},
                "thresholds": (Threshold("iou", "Shared part", 0.9, 0.1, 1),),
                "fixes": (
                    Fix("delete_objects", "Keep one, delete the other", keep=1, codes=("double", "inside")),
                    _TAG,
                    _REOPEN,
                ),
            },
        ),
        Entry(
            "unlabelled_images",
            "datasets_app.health.unlabelled_images:CHECK",
            "Missing labels",
            facts={
                "scope": "project",
                "description": "Images that wait for labels, apart from those that are known to be empty.",
                "codes": {
                    "waiting": "Not labelled",
                    "begun": "In progress",
                    "empty": "Verified empty",
                    "skipped": "Skipped",
                },
                "thresholds": (Threshold("share", "Least share of the images", 0, 0, 1),),
                "fixes": (),
            },
        ),
        Entry(
            "state_contradictions",
            "datasets_app.health.state_contradictions:CHECK",
            "Contradicting states",
            facts={
                "scope": "image",
                "description": "Images whose state says other than their objects do.",
                "codes": {
                    "nothing": "Annotated without objects",
                    "not_empty": "Empty with objects",
                    "labelled": "Unlabelled with objects",
                },
                "thresholds": (),
                "fixes": (
                    Fix("reopen", "Send the images back to labelling"),
                    Fix("mark_annotated", "Mark as annotated", codes=("not_empty", "labelled")),
                    Fix("mark_empty", "Mark as verified empty", codes=("nothing",)),
                    _TAG,
                ),
            },
        ),
        Entry(
            "class_schema",
            "datasets_app.health.class_schema:CHECK",
            "Attributes and points",
            facts={
                "scope": "image",
                "description": "Objects that do not keep to what their class says.",
                "codes": {
                    "missing": "Attribute missing",
                    "illegal": "Illegal value",
                    "points": "Wrong number of points",
                    "point_outside": "Point outside the box",
                    "retired": "Retired class",
                },
                "thresholds": (Threshold("slack", "Pixels a point may lie outside", 1, 0, 1000),),
                "fixes": (_TAG, _REOPEN),
            },
        ),
        Entry(
            "lone_annotators",
            "datasets_app.health.lone_annotators:CHECK",
            "Labelled by one person",
            facts={
                "scope": "project",
                "description": "Classes that nearly all come from one person although several label.",
                "codes": {"dominant": "One person dominates"},
                "thresholds": (
                    Threshold("share", "Share of one person", 0.8, 0, 1),
                    Threshold("objects", "Least objects of the class", 20),
                ),
                "fixes": (),
            },
        ),
    ),
)


def entries_of(*scopes: str) -> list[Entry]:
    """The checks that are shown one of these, in order."""
    return [entry for entry in CHECKS if entry.facts["scope"] in scopes]


def limits_of(entry: Entry, chosen: dict[str, dict[str, float]]) -> Limits:
    """The check's thresholds: those that a project chose (check → threshold → value), else the defaults."""
    own = chosen.get(entry.key, {})
    return {threshold.key: float(own.get(threshold.key, threshold.default)) for threshold in entry.facts["thresholds"]}
