"""Files of the text formats with bytes changed, lines cut and cells exchanged: refused line by line, never a crash."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.core.geometry.shapes import canonical
from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.catalog import FORMATS, detect_format
from tests.datasets_app.formats.golden import golden

KEYS = (
    *("yolo_detect", "yolo_segment", "yolo_pose", "yolo_obb", "yolo_classify", "imagenet", "csv", "createml"),
    *("open_images", "kitti", "dota", "wider_face", "mot"),
)
CELLS = (
    "",
    "-1",
    "1e999",
    "nan",
    "0",
    "99999999999999999999",
    "'",
    '"',
    "=1+1",
    "../../x",
    "\x00",
    "ä",
    "é" * 300,
    ",",
)

Edit = tuple[str, int, str]
edits = st.lists(
    st.one_of(
        st.tuples(st.just("byte"), st.integers(0, 10**6), st.characters(max_codepoint=255)),
        st.tuples(st.just("cell"), st.integers(0, 10**6), st.sampled_from(CELLS)),
        st.tuples(st.just("cut"), st.integers(0, 10**6), st.just("")),
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The golden data set in every one of the formats, without pictures."""
    root = tmp_path_factory.mktemp("exports")
    for key in KEYS:
        (root / key).mkdir()
        FORMATS.load(key).write(golden(root / "pictures"), root / key, images=False)
    return root


def _edited(content: bytes, edit: Edit) -> bytes:
    kind, place, value = edit
    if not content:
        return value.encode("latin-1", "replace")
    place %= len(content)
    if kind == "cut":
        return content[:place]
    if kind == "byte":
        return content[:place] + value.encode("latin-1") + content[place + 1 :]
    start = max(content.rfind(b" ", 0, place), content.rfind(b",", 0, place), content.rfind(b"\n", 0, place)) + 1
    ends = [end for end in (content.find(sign, place) for sign in (b" ", b",", b"\n")) if end >= 0]
    return content[:start] + value.encode() + content[min(ends, default=len(content)) :]


@pytest.mark.parametrize("key", KEYS)
@given(st.integers(0, 100), edits)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_changed_files_raise_nothing_but_a_format_error(
    exports: Path, key: str, which: int, changes: list[Edit]
) -> None:
    root = exports / "changed" / key
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(exports / key, root)
    files = sorted(path for path in root.rglob("*") if path.is_file())
    path = files[which % len(files)]
    content = path.read_bytes()
    for change in changes:
        content = _edited(content, change)
    path.write_bytes(content)

    report = Report()
    try:
        dataset = FORMATS.load(key).read(root, report)
        images = list(dataset.images)
    except FormatError:
        return
    numbers = {record.number for record in dataset.classes}
    assert len(numbers) == len(dataset.classes)
    assert len({record.name for record in dataset.classes}) == len(dataset.classes)
    assert len({image.name for image in images}) == len(images)
    for image in images:
        assert not image.name.startswith(("/", "../"))
        for annotation in image.annotations:
            assert annotation.class_number in numbers
            checked = canonical(annotation.shape, image.width, image.height)
            assert (checked.json, checked.box, checked.mended) == (annotation.shape_json, annotation.box, "")
    assert all(problem.where and problem.detail.endswith((".", "…")) for problem in (*report.refused, *report.fixed))


@pytest.mark.parametrize("key", KEYS)
def test_no_two_formats_claim_the_same_folder_with_equal_confidence(exports: Path, key: str) -> None:
    found = detect_format(exports / key)

    assert found[0][0] == key
    assert [confidence for _, confidence in found].count(found[0][1]) == 1


@pytest.mark.parametrize("key", KEYS)
def test_links_are_not_followed(exports: Path, key: str, tmp_path: Path) -> None:
    root = tmp_path / "root"
    shutil.copytree(exports / key, root)
    secret = tmp_path / "secret.txt"
    secret.write_text("0 0.5 0.5 0.1 0.1 secret\n")
    for path in [path for path in root.rglob("*") if path.is_file()]:
        path.unlink()
        path.symlink_to(secret)

    try:
        images = list(FORMATS.load(key).read(root, Report()).images)
    except FormatError:
        return
    assert images == []
