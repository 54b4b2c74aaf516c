"""Small files that are gathered for packing are those that lie on disk otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from datasets_app.formats.catalog import FORMATS
from datasets_app.services.exports.gathered import GatheredFiles
from tests.datasets_app.formats.golden import golden


def on_disk(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("key", ["voc", "yolo_detect", "yolo_segment", "dota", "kitti"])
def test_what_is_gathered_is_what_a_folder_holds(tmp_path: Path, key: str) -> None:
    plain, tree = tmp_path / "plain", tmp_path / "tree"
    plain.mkdir()
    tree.mkdir()
    FORMATS.load(key).write(golden(tmp_path / "pictures"), plain, images=False)

    with GatheredFiles(tmp_path / "small", tree) as small:
        FORMATS.load(key).write(golden(tmp_path / "again"), tree, images=False, options={"small_files": small})
        gathered = {name: small.read(name) for name in reversed(small.names)}

    assert gathered
    assert not gathered.keys() & on_disk(tree).keys()
    assert on_disk(tree) | gathered == on_disk(plain)
    assert not (tmp_path / "small").exists()


def test_a_folder_is_renamed_with_what_was_gathered_below_it(tmp_path: Path) -> None:
    (tmp_path / "one" / "deep").mkdir(parents=True)
    (tmp_path / "one" / "listed.txt").write_bytes(b"listed")
    with GatheredFiles(tmp_path / "small", tmp_path) as small:
        small.write(f"{tmp_path}/one/deep/a.txt", b"first")
        small.write(f"{tmp_path}/one_more/b.txt", b"second")

        small.rename(tmp_path / "one", tmp_path / "two")

        assert {name: small.read(name) for name in small.names} == {
            "two/deep/a.txt": b"first",
            "one_more/b.txt": b"second",
        }
    assert (tmp_path / "two" / "listed.txt").read_bytes() == b"listed"
