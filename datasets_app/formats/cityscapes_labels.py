"""The labels of Cityscapes, and numbers for classes that are not among them. Knows only Cityscapes.

`labels.json` beside the masks says what our numbers mean; without it they are those of Cityscapes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from datasets_app.formats.base import FormatError
from datasets_app.formats.palettes import BLACK, Colour, class_colours
from datasets_app.ir import ClassRecord

FILE_NAME = "labels.json"
FIRST_OWN = 34
LAST = 64
"""A 16-bit mask holds number · 1000 + object up to 65,535."""

_MAX_BYTES = 1 << 22


class Label(NamedTuple):
    """`has_instances` says whether objects are told apart, as cars are and sky is not."""

    name: str
    number: int
    has_instances: bool
    colour: Colour


OFFICIAL = (
    Label("static", 4, False, (0, 0, 0)),
    Label("dynamic", 5, False, (111, 74, 0)),
    Label("ground", 6, False, (81, 0, 81)),
    Label("road", 7, False, (128, 64, 128)),
    Label("sidewalk", 8, False, (244, 35, 232)),
    Label("parking", 9, False, (250, 170, 160)),
    Label("rail track", 10, False, (230, 150, 140)),
    Label("building", 11, False, (70, 70, 70)),
    Label("wall", 12, False, (102, 102, 156)),
    Label("fence", 13, False, (190, 153, 153)),
    Label("guard rail", 14, False, (180, 165, 180)),
    Label("bridge", 15, False, (150, 100, 100)),
    Label("tunnel", 16, False, (150, 120, 90)),
    Label("pole", 17, False, (153, 153, 153)),
    Label("polegroup", 18, False, (153, 153, 153)),
    Label("traffic light", 19, False, (250, 170, 30)),
    Label("traffic sign", 20, False, (220, 220, 0)),
    Label("vegetation", 21, False, (107, 142, 35)),
    Label("terrain", 22, False, (152, 251, 152)),
    Label("sky", 23, False, (70, 130, 180)),
    Label("person", 24, True, (220, 20, 60)),
    Label("rider", 25, True, (255, 0, 0)),
    Label("car", 26, True, (0, 0, 142)),
    Label("truck", 27, True, (0, 0, 70)),
    Label("bus", 28, True, (0, 60, 100)),
    Label("caravan", 29, True, (0, 0, 90)),
    Label("trailer", 30, True, (0, 0, 110)),
    Label("train", 31, True, (0, 80, 100)),
    Label("motorcycle", 32, True, (0, 0, 230)),
    Label("bicycle", 33, True, (119, 11, 32)),
)
"""Those that say what something is; 0 to 3 and the licence plate (-1) are ignored."""

TRAINED = (
    *("road", "sidewalk", "building", "wall", "fence", "pole", "traffic light", "traffic sign", "vegetation"),
    *("terrain", "sky", "person", "rider", "car", "truck", "bus", "train", "motorcycle", "bicycle"),
)
"""The labels that networks are trained on; their places are their training ids."""

UNTRAINED = 255


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels in the order of the classes, whose numbers are their places from 1 on."""

    labels: tuple[Label, ...]

    @property
    def classes(self) -> tuple[ClassRecord, ...]:
        return tuple(
            ClassRecord(place, label.name, "#{:02x}{:02x}{:02x}".format(*label.colour))
            for place, label in enumerate(self.labels, 1)
        )

    def by_number(self) -> dict[int, tuple[int, Label]]:
        """The class number and label of each number in the masks."""
        return {label.number: (place, label) for place, label in enumerate(self.labels, 1)}

    def by_name(self) -> dict[str, tuple[int, Label]]:
        """The class number and label of each name."""
        return {label.name: (place, label) for place, label in enumerate(self.labels, 1)}

    def train_ids(self) -> dict[int, int]:
        """The training id of each label's number: Cityscapes' own, those of other classes behind them."""
        known = {label.number: label.name for label in OFFICIAL}
        own = (label.number for label in self.labels if label.number not in known)
        ids = {number: TRAINED.index(name) if name in TRAINED else UNTRAINED for number, name in known.items()}
        return ids | {number: place for place, number in enumerate(own, len(TRAINED))}

    def write(self, folder: Path) -> None:
        ids = self.train_ids()
        entries = [{**label._asdict(), "train_id": ids[label.number]} for label in self.labels]
        text = orjson.dumps({"labels": entries}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        (folder / FILE_NAME).write_bytes(text)


def labels_of(classes: Sequence[ClassRecord]) -> Labels:
    """The label of each class: that of its name, or a number of its own. Raises `FormatError`."""
    known = {label.name: label for label in OFFICIAL}
    found = [known.pop(record.name.casefold(), None) for record in classes]
    own = [record for record, label in zip(classes, found, strict=True) if label is None]
    room = LAST - FIRST_OWN + 1
    if len(own) > room:
        raise FormatError(
            f"{len(own)} classes are not among those of Cityscapes; its masks have room for {room}. Export fewer."
        )
    taken = [BLACK, *(label.colour for label in found if label is not None)]
    numbers = {record.number: number for number, record in enumerate(own, FIRST_OWN)}
    colours = dict(zip(numbers, class_colours(own, taken), strict=True))
    return Labels(
        tuple(
            label._replace(name=record.name)
            if label is not None
            else Label(record.name, numbers[record.number], True, colours[record.number])
            for record, label in zip(classes, found, strict=True)
        )
    )


def read_labels(folder: Path) -> Labels:
    path = folder / FILE_NAME
    if not path.is_file():
        return Labels(OFFICIAL)
    try:
        with path.open("rb") as file:
            content = orjson.loads(file.read(_MAX_BYTES))
        return Labels(tuple(_label(entry) for entry in content["labels"]))
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        raise FormatError(f"{FILE_NAME} is not as this product writes it: {error}.") from None


def _label(entry: dict[str, Any]) -> Label:
    red, green, blue = (int(channel) & 255 for channel in entry["colour"])
    return Label(str(entry["name"]), int(entry["number"]), bool(entry["has_instances"]), (red, green, blue))
