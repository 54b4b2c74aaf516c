"""What a task makes of a picture: in training and in validation a network sees objects at the same size."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from annotator.core.geometry.shapes import shape_to_mask
from datasets_app.ir import ImageRecord
from tests.training_app.engine.scenes import box, polygon, record, tag
from training_app.architectures.base import Preprocess
from training_app.engine.config import train_config
from training_app.engine.data import PictureCache
from training_app.engine.device import Compute
from training_app.engine.label_maps import unpacked
from training_app.engine.samples import Notes
from training_app.engine.tasks.base import Task, TaskSetup
from training_app.engine.tasks.catalog import TASKS
from training_app.evaluation.pixels import IGNORED

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


def painted(folder: Path, size: tuple[int, int]) -> ImageRecord:
    """A red triangle on black, labelled exactly."""
    width, height = size
    annotation = polygon(3, (width * 0.1, height * 0.2), (width * 0.8, height * 0.2), (width * 0.1, height * 0.9))
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[shape_to_mask(annotation.shape, width, height)] = (255, 0, 0)
    Image.fromarray(pixels).save(folder / "triangle.png")
    return record(1, folder / "triangle.png", "train", annotation)


@pytest.mark.parametrize("size", [(90, 60), (60, 90), (300, 60)], ids=["wide", "tall", "strip"])
def test_label_maps_follow_their_pictures(tmp_path: Path, size: tuple[int, int]) -> None:
    # given
    learner = task("segmentation", DETECT, crop_scale=0.5, flip_horizontal=True, flip_vertical=True)
    sample = learner.read_target(painted(tmp_path, size), CLASSES, Notes())
    assert sample is not None
    cache = PictureCache([sample], DETECT, margin=learner.cache_margin, megabytes=10, exact=False)

    for epoch in range(8):
        # when
        learned = learner.prepare_train(sample, cache.get(0), (epoch, 0))

        # then  inside is red, but for what interpolation blends along the edge
        assert learned.pixels.shape == (3, 64, 64)
        assert learned.target.shape == (64, 64)
        counted = learned.target != IGNORED
        differing = (learned.pixels[0] > 127) != (learned.target == 1)
        assert (differing & counted).float().mean() < 0.06
        assert set(learned.target.unique().tolist()) <= {0, 1, IGNORED}


def test_boxes_and_crowds_are_neither_class_nor_background(tmp_path: Path) -> None:
    # given
    learner = task("segmentation", DETECT)
    notes = Notes()
    crowd = polygon(7, (40.0, 40.0), (60.0, 40.0), (60.0, 60.0), crowd=True)
    image = record(1, picture(tmp_path, (64, 64)), "train", box(3, 0, 0, 10, 10), crowd)

    # when
    sample = learner.read_target(image, CLASSES, notes)

    # then
    assert sample is not None
    labels = unpacked(sample.label_map)
    assert set(np.unique(labels).tolist()) == {0, IGNORED}
    assert (labels[:10, :10] == IGNORED).all()
    assert labels[45, 58] == IGNORED
    assert sample.classes == []
    assert [code for code, _ in notes.sentences()] == ["box_without_pixels"]


def test_regions_lie_in_the_stored_picture(tmp_path: Path) -> None:
    # given  a network that answers what it should
    learner = task("segmentation", DETECT)
    image = painted(tmp_path, (180, 120))
    sample = learner.read_target(image, CLASSES, Notes())
    assert sample is not None
    item = learner.prepare_eval(
        sample, PictureCache([sample], DETECT, margin=1.0, megabytes=10, exact=True).get(0), (0, 0)
    )
    batch = learner.collate([item])

    class Oracle(torch.nn.Module):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            logits = torch.zeros(1, 3, *images.shape[-2:])
            logits[0, 1, : item.target.shape[0], : item.target.shape[1]] = (item.target == 1).float() * 20 - 10
            return logits

    # when
    (found,) = learner.predict(Oracle(), batch, Compute(torch.device("cpu"), "float32"))

    # then
    assert found["classes"] == [0]
    assert found["scores"][0] > 0.9
    expected = shape_to_mask(image.annotations[0].shape, 180, 120)
    mask = shape_to_mask(found["shapes"][0], 180, 120)
    assert (mask & expected).sum() / (mask | expected).sum() > 0.95
    assert ((found["label_map"] == 1) == mask).all()
