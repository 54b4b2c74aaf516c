"""`python -m bench.smart_clicks [--methods a,b] [--minutes 30] [--write]`: masks after few clicks.

Simulated people cut out every nucleus of `dsb2018` (by mask) and every cell of `bccd` (by box) of the first pictures:
first click in the middle, each further one into the largest error, on the object or beside it. No parameter is tuned.
Prints one JSON object for each method and set; `--write` puts the table into docs/smart_methods.md.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from defusedxml import ElementTree
from PIL import Image

from annotator.core.parameters import clean_parameters
from annotator.smart.base import MethodFacts, Picture, Prompt, PromptError, SmartMethod
from annotator.smart.catalog import METHODS, get_facts
from bench.train_reference.datasets import shared_data

Mask = npt.NDArray[np.bool_]
CLICKS = 5
GOOD = 0.85
SHOWN = (1, 3, 5)
MARGIN = 0.1
"""How much larger than the object a person draws its box, as a share of its sides."""
PAGE = Path(__file__).resolve().parent.parent / "docs" / "smart_methods.md"
BEGIN, END = "<!-- table: python -m bench.smart_clicks --write -->", "<!-- end of table -->"


@dataclass(frozen=True, slots=True)
class Truth:
    """One object: `mask` (height, width) bool. Where only its box is known, the box filled, and boxes are compared."""

    picture: Picture
    mask: Mask
    by_box: bool


def nuclei(root: Path, images: int, objects: int) -> Iterator[Truth]:
    """Nuclei of the first pictures in the order of their names, the first of each picture, then the second of each."""
    return _in_turn(
        _nuclei_of(folder, objects) for folder in sorted((root / "dsb2018" / "stage1_train").iterdir())[:images]
    )


def _nuclei_of(folder: Path, objects: int) -> Iterator[Truth]:
    (path,) = (folder / "images").iterdir()
    picture = np.asarray(Image.open(path).convert("RGB"))
    for file in sorted((folder / "masks").iterdir())[: objects or None]:
        yield Truth(picture, np.asarray(Image.open(file).convert("L")) > 127, by_box=False)


def cells(root: Path, images: int, objects: int) -> Iterator[Truth]:
    """Cells of the first pictures, in the same order; 1-based inclusive corners undone."""
    base = root / "bccd" / "BCCD"
    return _in_turn(_cells_of(base, path, objects) for path in sorted((base / "JPEGImages").glob("*.jpg"))[:images])


def _cells_of(base: Path, path: Path, objects: int) -> Iterator[Truth]:
    picture = np.asarray(Image.open(path).convert("RGB"))
    tree = ElementTree.parse(base / "Annotations" / f"{path.stem}.xml")
    for box in list(tree.iterfind("object/bndbox"))[: objects or None]:
        left, top, right, bottom = (int(box.findtext(side, "0")) for side in ("xmin", "ymin", "xmax", "ymax"))
        mask = np.zeros(picture.shape[:2], dtype=np.bool_)
        mask[max(0, top - 1) : bottom, max(0, left - 1) : right] = True
        if mask.any():
            yield Truth(picture, mask, by_box=True)


def _in_turn(pictures: Iterable[Iterator[Truth]]) -> Iterator[Truth]:
    """One of each picture in turn, so that those measured before the time is up are of all pictures."""
    waiting = list(pictures)
    while waiting:
        left = []
        for picture in waiting:
            truth = next(picture, None)
            if truth is not None:
                left.append(picture)
                yield truth
        waiting = left


def overlap(found: Mask, truth: Truth) -> float:
    """IoU of the masks, or of their boxes."""
    compared = filled_box(found) if truth.by_box else found
    union = int((compared | truth.mask).sum())
    return int((compared & truth.mask).sum()) / union if union else 0.0


def filled_box(mask: Mask) -> Mask:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    box = np.zeros_like(mask)
    if rows.size:
        box[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = True
    return box


def next_click(found: Mask, truth: Truth) -> tuple[float, float, int]:
    """The innermost pixel of the largest error: on the object where it is missing, else beside it."""
    # Of a box only the outside is known to be wrong; inside, what the found box does not reach.
    missing = truth.mask & ~(filled_box(found) if truth.by_box else found)
    depths = [(innermost(missing), 1), (innermost(found & ~truth.mask), -1)]
    (_, x, y), sign = max(depths, key=lambda one: one[0][0])
    return x, y, sign


def innermost(mask: Mask) -> tuple[float, float, float]:
    """Depth, x and y of the pixel that is farthest from the mask's border; the depth is 0 where there is none."""
    depth = cv2.distanceTransform(np.pad(mask, 1).astype(np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1]
    row, column = np.unravel_index(int(depth.argmax()), depth.shape)
    return float(depth[row, column]), float(column) + 0.5, float(row) + 0.5


def around(mask: Mask) -> tuple[float, float, float, float]:
    """The box that a person draws, somewhat too large."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    height, width = rows[-1] + 1 - rows[0], columns[-1] + 1 - columns[0]
    left, top = max(0.0, columns[0] - MARGIN * width), max(0.0, rows[0] - MARGIN * height)
    right = min(mask.shape[1], columns[-1] + 1 + MARGIN * width)
    bottom = min(mask.shape[0], rows[-1] + 1 + MARGIN * height)
    return float(left), float(top), float(right - left), float(bottom - top)


@dataclass(slots=True)
class Tally:
    """IoU after the box and after each click, of every object; where a method has no answer its last one counts."""

    box: list[float]
    clicks: list[list[float]]
    seconds: list[float]

    def row(self, method: str, scene: str) -> dict[str, Any]:
        needed = [next((number for number, iou in enumerate(one, start=1) if iou >= GOOD), None) for one in self.clicks]
        reached = [number for number in needed if number is not None]
        return {
            "method": method,
            "set": scene,
            "objects": max(len(self.box), len(self.clicks)),
            "box": _mean(self.box),
            **{f"clicks_{number}": _mean([one[number - 1] for one in self.clicks]) for number in SHOWN},
            "reached": round(len(reached) / len(needed), 3) if needed else None,
            "clicks_to_reach": _mean([float(number) for number in reached]),
            "ms": round(1000 * statistics.median(self.seconds), 1),
        }


def _mean(values: list[float]) -> float | None:
    return round(statistics.fmean(values), 3) if values else None


def measure(key: str, truths: Iterable[Truth]) -> Tally:
    cutter = Cutter(key)
    for truth in truths:
        cutter.add(truth)
    return cutter.tally


def cuts_one(facts: MethodFacts) -> bool:
    """Whether a method without weights answers with one object, which the table is about."""
    return not facts.weights and not facts.several


class Cutter:
    """A simulated person with one method."""

    def __init__(self, key: str) -> None:
        self.key, self.facts, self.tally = key, get_facts(key), Tally([], [], [])
        self.method = METHODS.load(key)({})
        self.parameters = clean_parameters(self.facts.parameters, {})

    def add(self, truth: Truth) -> None:
        nothing = np.zeros_like(truth.mask)
        if self.facts.box:
            self.tally.box.append(overlap(self.ask(truth, Prompt((), around(truth.mask)), nothing), truth))
        if not self.facts.points:
            return
        points: tuple[tuple[float, float, int], ...] = ()
        found, ious = nothing, []
        for _ in range(CLICKS):
            points = (*points, next_click(found, truth))
            if self.facts.negative_points or points[-1][2] > 0:
                found = self.ask(truth, Prompt(points), found)
            ious.append(overlap(found, truth))
        self.tally.clicks.append(ious)

    def ask(self, truth: Truth, prompt: Prompt, before: Mask) -> Mask:
        begin = time.thread_time()
        try:
            return _answer(self.method, truth.picture, prompt, self.parameters)
        except PromptError:
            return before
        finally:
            self.tally.seconds.append(time.thread_time() - begin)


def _answer(method: SmartMethod, picture: Picture, prompt: Prompt, parameters: dict[str, Any]) -> Mask:
    return method.predict(picture, {}, prompt, parameters)[0].mask


def table(rows: list[dict[str, Any]]) -> str:
    """The rows in Markdown, the best after three clicks first."""
    head = (
        "method",
        "pictures",
        "objects",
        "box",
        "1 click",
        "3 clicks",
        "5 clicks",
        f"reach {GOOD:g}",
        "with clicks",
        "ms",
    )
    lines = [" | ".join(head), " | ".join("---" for _ in head)]
    best = sorted(rows, key=lambda row: (row["set"], -(row["clicks_3"] or row["box"] or 0)))
    for row in best:
        reached = None if row["reached"] is None else f"{100 * row['reached']:.0f} %"
        cells_ = (
            METHODS.get_entry(row["method"]).title, row["set"], row["objects"], row["box"], row["clicks_1"],
            row["clicks_3"], row["clicks_5"], reached, row["clicks_to_reach"], row["ms"],
        )  # fmt: skip
        lines.append(" | ".join("–" if cell is None else str(cell) for cell in cells_))
    return "\n".join(f"| {line} |" for line in lines)


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.smart_clicks", description=__doc__)
    weightless = [entry.key for entry in METHODS if cuts_one(get_facts(entry.key))]
    parser.add_argument("--methods", default=",".join(weightless))
    parser.add_argument("--images", type=int, default=20)
    parser.add_argument("--objects", type=int, default=0, help="of each picture at most; 0: all")
    parser.add_argument("--minutes", type=float, default=600.0, help="what is left by then is not measured")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(words)
    warnings.simplefilter("ignore")
    end = time.monotonic() + 60 * options.minutes
    # One thread: what is measured is the work of an answer, whatever else runs.
    cv2.setNumThreads(1)
    scenes = {name: truths(shared_data(), options.images, options.objects) for name, truths in SETS.items()}
    cutters = {name: [Cutter(key) for key in options.methods.split(",")] for name in scenes}
    while scenes and time.monotonic() < end:
        for name, truths in list(scenes.items()):
            truth = next(truths, None)
            if truth is None:
                del scenes[name]
                continue
            for cutter in cutters[name]:
                cutter.add(truth)
    rows = [cutter.tally.row(cutter.key, name) for name, ones in cutters.items() for cutter in ones]
    for row in rows:
        print(json.dumps(row), flush=True)
    if options.write:
        text = PAGE.read_text()
        begin, until = text.index(BEGIN) + len(BEGIN), text.index(END)
        PAGE.write_text(f"{text[:begin]}\n{table(rows)}\n{text[until:]}")


SETS = {"dsb2018": nuclei, "bccd": cells}


if __name__ == "__main__":
    main(sys.argv[1:])
