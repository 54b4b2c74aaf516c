"""YOLO classify and ImageNet folders: what torchvision makes of our files, and what becomes of folders of others."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from PIL import Image
from torchvision.datasets import ImageFolder

from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.catalog import FORMATS, detect_format
from datasets_app.ir import ClassRecord, Dataset, ImageRecord
from tests.datasets_app.formats.golden import HEIGHT, WIDTH, annotation, pictures

NAMES = ("cat", "CAT", "a/b", "con", "train", "  ..", "標識 one", "=1+1", "cat_2")
CLASSES = tuple(ClassRecord(number, name) for number, name in enumerate(NAMES, 1))
TAG = {"type": "tag"}

both = pytest.mark.parametrize("key", ["yolo_classify", "imagenet"])


def save(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (20, 10), "grey").save(path)


def tagged(root: Path, key: str) -> Report:
    paths = pictures(root / "pictures")
    images = [
        ImageRecord(
            number,
            f"x/{number}.jpg",
            WIDTH,
            HEIGHT,
            (annotation("u", number, TAG),),
            split="val",
            suffix=".jpg",
            path=paths[0],
        )
        for number in range(1, len(NAMES) + 1)
    ]
    (root / "out").mkdir()
    return FORMATS.load(key).write(Dataset(CLASSES, images, len(images)), root / "out", images=True)


def tags(root: Path, key: str) -> dict[str, list[str]]:
    dataset = FORMATS.load(key).read(root, Report())
    names = {record.number: record.name for record in dataset.classes}
    return {image.name: [names[a.class_number] for a in image.annotations] for image in dataset.images}


@both
def test_any_name_of_a_class_is_a_safe_folder_and_comes_back(tmp_path: Path, key: str) -> None:
    tagged(tmp_path, key)

    folders = [path.name for path in (tmp_path / "out" / "val").iterdir()]
    assert len({folder.casefold() for folder in folders}) == len(NAMES)
    assert not {"con", "train", "..", "a/b"} & set(folders)
    assert tags(tmp_path / "out", key) == {
        f"x/{number}.jpg": [" ".join(name.split()) if key == "imagenet" else name]
        for number, name in enumerate(NAMES, 1)
    }


@both
def test_torchvision_reads_the_export(tmp_path: Path, key: str) -> None:
    tagged(tmp_path, key)

    dataset = ImageFolder(str(tmp_path / "out" / "val"))

    assert len(dataset) == len(dataset.classes) == len(NAMES)
    assert dataset[0][0].size == (WIDTH, HEIGHT)


@both
def test_the_first_of_several_tags_decides_and_pictures_without_one_stay_out(tmp_path: Path, key: str) -> None:
    several = (annotation("u", 2, TAG), annotation("v", 1, TAG))
    images = [ImageRecord(1, "a.jpg", WIDTH, HEIGHT, several), ImageRecord(2, "b.jpg", WIDTH, HEIGHT)]

    report = FORMATS.load(key).write(Dataset(CLASSES, images, 2), tmp_path, images=False)

    assert tags(tmp_path, key) == {"a.jpg": ["CAT"]}
    assert report.lost["several_tags"] == report.lost["untagged"] == 1


@pytest.mark.parametrize(
    ("places", "best"),
    [
        (["train/cat/1.png", "train/dog/1.png", "val/cat/2.png"], "yolo_classify"),
        (["set/train/cat/1.png", "set/train/dog/1.png"], "yolo_classify"),
        (["cat/1.png", "dog/1.png", "dog/2.png"], "imagenet"),
        (["train/n01440764/1.JPEG", "train/n01443537/1.JPEG"], "imagenet"),
        (["images/1.png", "masks/1.png"], None),
        (["1.png", "2.png"], None),
        (["cat/1.png", "2.png"], None),
        (["train/1.png", "trainannot/1.png"], None),
    ],
)
def test_class_folders_are_told_from_others(tmp_path: Path, places: list[str], best: str | None) -> None:
    for place in places:
        save(tmp_path / place)

    found = [pair for pair in detect_format(tmp_path) if pair[0] in ("yolo_classify", "imagenet")]

    assert (found[0][0] if found else None) == best
    assert len(found) < 2 or found[0][1] > found[1][1]


@both
def test_names_are_told_apart_by_class_and_split(tmp_path: Path, key: str) -> None:
    for place in ("train/cat/1.png", "train/dog/1.png", "val/cat/1.png", "val/loose.png"):
        save(tmp_path / place)

    assert tags(tmp_path, key) == {
        "cat/1.png": ["cat"],
        "dog/1.png": ["dog"],
        "val/cat/1.png": ["cat"],
        "loose.png": [],
    }


def test_synsets_are_called_by_their_words(tmp_path: Path) -> None:
    save(tmp_path / "train" / "n01440764" / "1.png")
    (tmp_path / "LOC_synset_mapping.txt").write_text("n01440764 tench, Tinca tinca\n\nbroken\n")

    assert tags(tmp_path, "imagenet") == {"n01440764/1.png": ["tench, Tinca tinca"]}


@both
def test_a_picture_that_cannot_be_read_is_refused(tmp_path: Path, key: str) -> None:
    save(tmp_path / "cat" / "1.png")
    (tmp_path / "cat" / "2.png").write_bytes(b"no picture")
    report = Report()

    images = list(FORMATS.load(key).read(tmp_path, report).images)

    assert [image.name for image in images] == ["cat/1.png"]
    assert [problem.where for problem in report.refused] == ["cat/2.png"]


@both
def test_a_folder_without_pictures_is_refused_with_a_sentence(tmp_path: Path, key: str) -> None:
    with pytest.raises(FormatError, match=r"^No class folders were found: .*\.$"):
        FORMATS.load(key).read(tmp_path, Report())


def test_clothing_is_read_whole(shared_data: Path) -> None:
    assert detect_format(shared_data / "clothing_small")[0][0] == "yolo_classify"

    dataset = FORMATS.load("yolo_classify").read(shared_data / "clothing_small", Report())
    images = list(dataset.images)

    assert len(dataset.classes) == 10
    assert set(Counter(image.split for image in images)) == {"train", "val", "test"}
    assert all(len(image.annotations) == 1 for image in images)
