"""Runs in Datumaro's own environment: `python _datumaro_job.py COCO_FOLDER EMPTY_FOLDER` prints seconds as JSON.

The best of some runs each, without the time that its modules take to load.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from datumaro.components.dataset import Dataset  # type: ignore[import-not-found]


def best_of(action: Callable[[int], object], repeat: int) -> float:
    times = []
    for number in range(repeat):
        begun = time.perf_counter()
        action(number)
        times.append(time.perf_counter() - begun)
    return min(times)


def read(folder: Path) -> Dataset:
    """All labels in memory."""
    dataset = Dataset.import_from(str(folder), "coco_instances")
    assert sum(len(item.annotations) for item in dataset)
    return dataset


def main(source: Path, target: Path) -> None:
    seconds = {"import": best_of(lambda _: read(source), 3)}
    dataset = read(source)
    for name, format_name, repeat in (("export_coco", "coco_instances", 3), ("export_voc", "voc_detection", 1)):

        def export(number: int, name: str = name, format_name: str = format_name) -> None:
            dataset.export(str(target / f"{name}-{number}"), format_name, save_media=False)

        seconds[name] = best_of(export, repeat)
    print(json.dumps(seconds))


main(Path(sys.argv[1]), Path(sys.argv[2]))
