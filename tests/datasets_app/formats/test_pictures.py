"""Picture files of a data set: names that stay inside, JPEG copies, and finding a picture by its name."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from datasets_app.formats.pictures import (
    PictureFolder,
    PictureMissingError,
    copy_picture,
    copy_picture_as_jpeg,
    picture_size,
    safe_name,
)
from datasets_app.ir import ImageRecord
from tests.datasets_app.formats.golden import images, pictures


@given(st.text(max_size=30))
def test_a_safe_name_stays_inside(name: str) -> None:
    safe = PurePosixPath(safe_name(name))

    assert not safe.is_absolute()
    assert safe.parts
    assert ".." not in safe.parts
    assert safe_name(str(safe)) == str(safe)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a/b c.jpg", "a/b c.jpg"),
        ("../../a.jpg", "a.jpg"),
        ("C:\\photos\\ä.jpg", "C_/photos/ä.jpg"),
        ("/etc/passwd", "etc/passwd"),
        ("a\x00\n.jpg", "a.jpg"),
        ("", "unnamed"),
        ("./.", "unnamed"),
    ],
)
def test_safe_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_every_kind_of_picture_becomes_a_jpeg_in_full_colour(tmp_path: Path) -> None:
    encoded = []
    for image in images(tmp_path / "in"):
        target = tmp_path / "out" / f"{image.number}.jpg"
        encoded.append(copy_picture_as_jpeg(image, target))
        with Image.open(target) as picture:
            assert picture.format == "JPEG"
            assert picture.size == (image.width, image.height)

    assert encoded == [False, True, True, True, False]


def test_transparency_becomes_white_and_sixteen_bits_keep_their_range(tmp_path: Path) -> None:
    _, alpha, deep, *_ = images(tmp_path / "in")

    copy_picture_as_jpeg(alpha, tmp_path / "alpha.jpg")
    copy_picture_as_jpeg(deep, tmp_path / "deep.jpg")

    with Image.open(tmp_path / "alpha.jpg") as picture:
        assert min(np.asarray(picture)[0, 0]) > 240
    with Image.open(tmp_path / "deep.jpg") as picture:
        grey = np.asarray(picture.convert("L"))
        assert grey.min() <= 5
        assert grey.max() >= 250


def test_a_record_without_picture_says_so(tmp_path: Path) -> None:
    with pytest.raises(PictureMissingError) as error:
        copy_picture(ImageRecord(1, "a.jpg", 1, 1), tmp_path / "a.jpg")

    assert str(error.value) == "a.jpg: this data set came without its pictures; export the labels alone."


def test_a_picture_is_found_by_its_name_whatever_the_case(tmp_path: Path) -> None:
    for name in ("train/a.JPG", "test/a.jpg", "train/b.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    folder = PictureFolder(tmp_path)

    assert folder.find("A.jpg", tmp_path / "train") == tmp_path / "train/a.JPG"
    assert folder.find("test/a.jpg", tmp_path) == tmp_path / "test/a.jpg"
    assert folder.find("a.jpg", tmp_path) == tmp_path / "test/a.jpg"
    assert folder.find("b.jpg", tmp_path / "test") == tmp_path / "train/b.jpg"
    assert folder.find("c.jpg", tmp_path) is None
    assert folder.find_stem("a", tmp_path) is None
    assert folder.find_stem("a", tmp_path / "test") == tmp_path / "test/a.jpg"


def test_links_are_not_followed(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    (tmp_path / "secret.jpg").write_bytes(b"x")
    (inside / "a.jpg").symlink_to(tmp_path / "secret.jpg")

    assert PictureFolder(inside).find("a.jpg", inside) is None


def test_the_size_is_that_of_the_upright_picture(tmp_path: Path) -> None:
    colour, *_ = pictures(tmp_path)
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(colour) as picture:
        picture.save(tmp_path / "turned.jpg", exif=exif)
    (tmp_path / "broken.jpg").write_bytes(b"no picture")

    assert picture_size(colour) == (64, 48)
    assert picture_size(tmp_path / "turned.jpg") == (48, 64)
    assert picture_size(tmp_path / "broken.jpg") is None
