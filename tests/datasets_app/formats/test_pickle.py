"""Pickle: plain values for Python scripts, and no way in."""

from __future__ import annotations

import os
import pickle
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from annotator.core.geometry.shapes import shape_to_mask
from datasets_app.formats.base import FormatError, Report
from datasets_app.formats.catalog import FORMATS, detect_format
from datasets_app.formats.pickle import FORMAT
from tests.conftest import ROOT
from tests.datasets_app.formats.golden import donut, golden

_UNPICKLING = re.compile(r"pickle\.loads?\(|Unpickler|read_pickle|allow_pickle\s*=\s*True|weights_only\s*=\s*False")


class _PlainOnly(pickle.Unpickler):
    """Takes what a script without our code could take: builtins and NumPy arrays."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("builtins", "list") or module.partition(".")[0] == "numpy":
            return super().find_class(module, name)
        raise AssertionError(f"{module}.{name} is not plain")


@pytest.fixture
def content(tmp_path: Path) -> dict[str, Any]:
    FORMAT.write(golden(tmp_path / "pictures"), tmp_path, images=True)
    with (tmp_path / "dataset.pickle").open("rb") as file:
        loaded: dict[str, Any] = _PlainOnly(file).load()
    return loaded


def test_the_file_holds_plain_values_and_arrays(content: dict[str, Any], tmp_path: Path) -> None:
    assert (content["format"], content["version"]) == ("annotator", 1)
    assert type(content["images"]) is list
    assert [image["name"] for image in content["images"]] == [image.name for image in golden(tmp_path).images]
    assert content["classes"][0]["name"] == "cat"
    first = content["images"][0]["annotations"][0]
    assert first["box"].dtype == np.float64
    assert first["box"].tolist() == [1, 2, 3, 4]


def test_outlines_and_masks_are_arrays(content: dict[str, Any]) -> None:
    outlines = content["images"][1]["annotations"]
    expected = shape_to_mask(donut(), 64, 48)

    assert outlines[2]["shape"]["parts"][0]["outer"].shape == (4, 2)
    assert outlines[2]["shape"]["parts"][0]["holes"][0].shape == (4, 2)
    x, y, width, height = outlines[4]["shape"]["box"]
    assert np.array_equal(outlines[4]["shape"]["pixels"], expected[y : y + height, x : x + width])


def test_a_pickle_is_never_read(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.mkdir, (str(tmp_path / "ran"),)

    for name in ("dataset.pickle", "dataset.json", "annotations.xml", "instances.json"):
        (tmp_path / name).write_bytes(pickle.dumps(Evil()))

    found = detect_format(tmp_path)
    for entry in FORMATS:
        with pytest.raises(FormatError):
            list(FORMATS.load(entry.key).read(tmp_path, Report()).images)

    assert found == []
    assert not (tmp_path / "ran").exists()
    assert FORMATS.get_entry("pickle").facts["read"] is False


def test_no_code_of_the_product_can_unpickle() -> None:
    packages = ("annotator", "datasets_app", "training_app")
    offenders = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for package in packages
        for path in sorted((ROOT / package).rglob("*.py"))
        if (match := _UNPICKLING.search(path.read_text(encoding="utf-8")))
    ]

    assert offenders == []
