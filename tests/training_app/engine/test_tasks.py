"""What a task makes of a picture: in training and in validation a network sees objects at the same size."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from datasets_app.ir import ImageRecord
from tests.training_app.engine.scenes import box, record, tag
from training_app.architectures.base import Preprocess
from training_app.engine.config import train_config
from training_app.engine.data import PictureCache
from training_app.engine.samples import Notes
from training_app.engine.tasks.base import Task, TaskSetup
from training_app.engine.tasks.catalog import TASKS

CLASSES = {3: 0, 7: 1}
DETECT = Preprocess(size=64, fit="shortest", longest=128)


def task(key: str, preprocess: Preprocess, **config: Any) -> Task:
    settings = {"flip_horizontal": False, "color_jitter": 0.0, **config}
    made: Task = TASKS.load(key)(TaskSetup(2, preprocess, train_config(key, settings)))
    return made


def picture(folder: Path, size: tuple[int, int]) -> Path:
    path = folder / "p.png"
    Image.fromarray(np.zeros((size[1], size[0], 3), dtype=np.uint8)).save(path)
    return path


@pytest.mark.parametrize("size", [(40, 30), (400, 300)], ids=["enlarged", "reduced"])
@pytest.mark.parametrize("crop_scale", [1.0, 0.999], ids=["no crops", "crops"])
def test_boxes_have_the_same_size_in_training_and_validation(
    tmp_path: Path, size: tuple[int, int], crop_scale: float
) -> None:
    # given
    learner = task("detection", DETECT, crop_scale=crop_scale)
    width, height = size
    image = record(1, picture(tmp_path, size), "train", box(3, width / 4, height / 4, width / 2, height / 2))
    sample = learner.read_target(image, CLASSES, Notes())
    assert sample is not None
    margin = learner.cache_margin
    train = PictureCache([sample], DETECT, margin=margin, megabytes=10, exact=margin == 1.0)
    val = PictureCache([sample], DETECT, margin=1.0, megabytes=10, exact=True)

    # when
    learned = learner.prepare_train(sample, train.get(0), (0, 0))
    validated = learner.prepare_eval(sample, val.get(0), (0, 0))

    # then
    assert validated.pixels.shape == (3, 64, 85)
    assert validated.target["boxes"].tolist() == [pytest.approx([21.25, 16, 63.75, 48], abs=0.01)]
    assert validated.scale == (85 / width, 64 / height)
    found = learned.target["boxes"][0]
    assert (found[2:] - found[:2]).tolist() == pytest.approx([42.5, 32], rel=0.1)


def test_labels_of_a_detector_start_behind_the_background(tmp_path: Path) -> None:
    # given
    learner = task("detection", DETECT, crop_scale=1.0)
    image = record(1, picture(tmp_path, (64, 64)), "train", box(7, 1, 1, 20, 20), tag(3))
    sample = learner.read_target(image, CLASSES, Notes())
    assert sample is not None

    # when
    item = learner.prepare_train(sample, np.zeros((64, 64, 3), dtype=np.uint8), (0, 0))

    # then
    assert item.target["labels"].tolist() == [2]
    assert item.target["boxes"].dtype == torch.float32


def test_first_tag_is_the_class_and_boxes_are_not(tmp_path: Path) -> None:
    # given
    learner, notes = task("classification", Preprocess(size=32, fit="crop")), Notes()
    path = picture(tmp_path, (40, 40))
    images: list[ImageRecord] = [
        record(1, path, "train", box(3, 1, 1, 9, 9), tag(7), tag(3)),
        record(2, path, "train", box(3, 1, 1, 9, 9)),
    ]

    # when
    samples = [learner.read_target(image, CLASSES, notes) for image in images]

    # then
    assert samples[0] is not None
    assert (samples[0].label, samples[1]) == (1, None)
    assert notes.sentences() == [
        (
            "no_class",
            "1 images without a tag were left out: classification learns from whole-image tags. Images: 2.",
        )
    ]


def test_long_lists_of_images_are_cut() -> None:
    # given
    notes = Notes()

    # when
    for number in range(30):
        notes.add("no_file", number)

    # then
    ((_, sentence),) = notes.sentences()
    assert sentence.endswith("16, 17, 18, 19 and 10 more.")


def test_a_blend_of_two_pictures_is_learned_by_the_share_of_each_class(tmp_path: Path) -> None:
    # given: a plain picture, and one that a recipe blended of two
    learner = task("classification", Preprocess(size=32, fit="stretch"))
    path = picture(tmp_path, (32, 32))
    plain = record(1, path, "train", tag(7))
    blended = record(2, path, "train", replace(tag(3), weight=0.75), replace(tag(7), weight=0.25))
    samples = [learner.read_target(image, CLASSES, Notes()) for image in (plain, blended)]
    assert samples[1] is not None
    assert samples[1].label == 0

    # when
    cache = PictureCache([sample for sample in samples if sample], learner_size(), margin=1.0, megabytes=10, exact=True)
    items = [learner.prepare_train(sample, cache.get(n), (0, n)) for n, sample in enumerate(samples) if sample]

    # then
    assert learner.collate(items).targets.tolist() == [[0.0, 1.0], [0.75, 0.25]]
    assert learner.collate(items[:1]).targets.tolist() == [1]


def learner_size() -> Preprocess:
    return Preprocess(size=32, fit="stretch")
