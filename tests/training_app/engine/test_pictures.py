"""Pictures of every kind become the same eight-bit pixels, in training and in prediction."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from training_app.architectures.base import Preprocess
from training_app.engine.augment import SeededTransform, box_transform, boxes_on, square_transform
from training_app.engine.config import train_config
from training_app.engine.data import PictureCache
from training_app.engine.pictures import PictureError, centre_square, fitted_size, read_fitted
from training_app.engine.samples import Sample

SQUASH = Preprocess(size=8, fit="squash")


def gradient(mode: str) -> Image.Image:
    ramp = np.tile(np.linspace(0, 255, 16).astype(np.uint8), (16, 1))
    if mode == "I;16":
        return Image.fromarray(ramp.astype(np.uint16) * 257)
    if mode == "F":
        return Image.fromarray(ramp.astype(np.float32) / 255)
    return Image.fromarray(ramp).convert(mode)


@pytest.mark.parametrize(
    ("mode", "suffix"),
    [*((mode, "png") for mode in ("L", "RGB", "RGBA", "P", "1", "I;16")), ("F", "tif"), ("CMYK", "tif")],
)
def test_every_mode_becomes_rgb(mode: str, suffix: str, tmp_path: Path) -> None:
    # given
    path = tmp_path / f"p.{suffix}"
    gradient(mode).save(path)

    # when
    pixels = read_fitted(path, SQUASH)

    # then
    assert pixels.shape == (8, 8, 3)
    assert pixels.dtype == np.uint8
    assert pixels[4, 0].mean() < 60
    assert pixels[4, 7].mean() > 195


def test_transparency_becomes_white(tmp_path: Path) -> None:
    path = tmp_path / "p.png"
    Image.new("RGBA", (16, 16), (0, 0, 0, 0)).save(path)
    assert (read_fitted(path, SQUASH) == 255).all()


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n broken"])
def test_broken_file_is_named(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "p.png"
    path.write_bytes(content)
    with pytest.raises(PictureError, match=r"The picture p\.png cannot be read: "):
        read_fitted(path, SQUASH)


@pytest.mark.parametrize(
    ("preprocess", "size", "expected"),
    [
        (Preprocess(size=224, fit="crop"), (400, 533), (256, 341)),
        (Preprocess(size=224, fit="squash"), (400, 533), (224, 224)),
        (Preprocess(size=320, fit="shortest", longest=640), (640, 480), (427, 320)),
        (Preprocess(size=320, fit="shortest", longest=640), (4000, 500), (640, 80)),
        (Preprocess(size=320, fit="shortest", longest=640), (9000, 1), (640, 1)),
    ],
)
def test_sizes_before_the_crop(preprocess: Preprocess, size: tuple[int, int], expected: tuple[int, int]) -> None:
    assert fitted_size(*size, preprocess) == expected


def test_centre_square_keeps_the_middle() -> None:
    pixels = np.arange(5 * 7 * 3, dtype=np.uint8).reshape(5, 7, 3)
    assert (centre_square(pixels, 3) == pixels[1:4, 2:5]).all()


def test_cache_stops_at_its_limit_and_still_answers(tmp_path: Path) -> None:
    # given  a limit of a thousandth of what the pictures need
    samples = []
    for index in range(4):
        Image.new("RGB", (1000, 1000), (index * 40, 0, 0)).save(tmp_path / f"{index}.png")
        samples.append(Sample(index, tmp_path / f"{index}.png", 1000, 1000))

    # when
    cache = PictureCache(samples, Preprocess(size=1000, fit="squash"), margin=1.0, megabytes=7, exact=True)
    for sample in samples[:2]:
        sample.path.unlink()

    # then
    assert [int(cache.get(index)[0, 0, 0]) for index in range(4)] == [0, 40, 80, 120]


def test_random_changes_depend_on_their_key_alone() -> None:
    # given
    config = train_config("classification", {"image_size": 32, "color_jitter": 0.3})
    change = SeededTransform(square_transform(config, Preprocess(size=32, fit="crop")), seed=1)
    pixels = torch.randint(0, 255, (3, 50, 60), dtype=torch.uint8)
    torch.manual_seed(3)
    state = torch.get_rng_state()

    # when
    first, again, other, next_epoch = (change(*key, pixels) for key in ((0, 1), (0, 1), (0, 2), (1, 1)))

    # then
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert not torch.equal(first, next_epoch)
    assert first.shape == (3, 32, 32)
    assert torch.equal(torch.get_rng_state(), state)


def test_boxes_follow_their_pixels() -> None:
    # given  a white box on black, mirrored and cropped
    preprocess = Preprocess(size=64, fit="shortest", longest=128)
    config = train_config("detection", {"crop_scale": 0.5, "flip_vertical": True, "color_jitter": 0.0})
    change = SeededTransform(box_transform(config, preprocess), seed=0)
    pixels = torch.zeros((3, 64, 96), dtype=torch.uint8)
    pixels[:, 10:30, 50:90] = 255
    boxes, labels = torch.tensor([[50.0, 10.0, 90.0, 30.0]]), torch.tensor([1])

    for epoch in range(30):
        # when
        changed, target = change(epoch, 0, pixels, {"boxes": boxes_on(pixels, boxes), "labels": labels})

        # then
        assert min(changed.shape[-2:]) >= 63 or max(changed.shape[-2:]) >= 127
        for left, top, right, bottom in target["boxes"].tolist():
            inside = changed[0, round(top) + 1 : round(bottom) - 1, round(left) + 1 : round(right) - 1]
            assert inside.float().mean() > 240
        assert (changed.float().mean() > 1) == bool(len(target["boxes"]))
