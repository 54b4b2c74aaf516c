"""Drawn labels and predictions for tests of evaluation."""

from functools import cache

import numpy as np

from training_app.evaluation.records import ImageDetections, ImageTruths
from training_app.evaluation.table import DetectionTable, evaluate_detections


def truths(image: int, *rows: tuple[int, float, float, float, float], crowd: tuple[int, ...] = ()) -> ImageTruths:
    """Rows are (class, x, y, width, height); `crowd` are the positions of crowds."""
    flags = np.zeros(len(rows), dtype=np.bool_)
    flags[list(crowd)] = True
    return ImageTruths(
        image, np.array([row[1:] for row in rows], float).reshape(-1, 4), np.array([row[0] for row in rows], int), flags
    )


def detections(image: int, *rows: tuple[int, float, float, float, float, float]) -> ImageDetections:
    """Rows are (class, score, x, y, width, height)."""
    return ImageDetections(
        image,
        np.array([row[2:] for row in rows], float).reshape(-1, 4),
        np.array([row[0] for row in rows], int),
        np.array([row[1] for row in rows], float),
    )


@cache
def drawn_table(seed: int, class_count: int = 4) -> DetectionTable:
    """Twenty images in which predictions find, confuse, double, miss and make up objects."""
    random = np.random.default_rng(seed)
    labelled, predicted = [], []
    for image in range(20):
        rows, found = [], []
        for _ in range(random.integers(0, 12)):
            place = (*random.integers(0, 80, 2).tolist(), *random.integers(8, 40, 2).tolist())
            kind = int(random.integers(class_count))
            rows.append((kind, *place))
            for _ in range(random.integers(0, 4)):
                guess = kind if random.random() < 0.7 else int(random.integers(class_count))
                moved = np.maximum(np.array(place) + random.integers(-4, 5, 4), 1).tolist()
                found.append((guess, float(random.integers(0, 11)) / 10, *moved))
        crowd = tuple(np.flatnonzero(random.random(len(rows)) < 0.1).tolist())
        labelled.append(truths(image, *rows, crowd=crowd))
        predicted.append(detections(image, *found))
    return evaluate_detections(labelled, predicted, class_count=class_count)
