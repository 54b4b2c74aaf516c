"""Every format out of one project and into another over HTTP, with pictures and without, as its users do it."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import pytest

from annotator.core.registry import Entry
from datasets_app.formats.catalog import FORMATS
from datasets_app.ir import Dataset, ImageRecord
from datasets_app.models import Project
from datasets_app.services.exchange import dataset_of
from tests.client import Api
from tests.contracts.test_formats import is_kept, kept_annotations, within_precision, without_losses
from tests.datasets_app.formats.golden import golden

BOTH_WAYS = [pytest.param(entry, id=entry.key) for entry in FORMATS if entry.facts["write"] and entry.facts["read"]]


def packed(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.write(path, path.relative_to(folder).as_posix())
    return buffer.getvalue()


def taken_in(ada: Api, project: int, data: bytes, name: str, **fields: Any) -> dict[str, Any]:
    stream = io.BytesIO(data)
    stream.name = name
    return ada.succeed(ada.send(f"projects/{project}/imports/", file=stream, **fields).ok(202))


def given_out(ada: Api, project: int, key: str, *, images: bool) -> tuple[bytes, str]:
    result = ada.succeed(ada.post(f"projects/{project}/exports/", {"format": key, "images": images}).ok(202))
    return b"".join(ada.raw(result["download_url"]).streaming_content), result["filename"]


def made_project(ada: Api, folder: Path, name: str, *, labelled: bool) -> int:
    """A project with the golden images; with their labels too where `labelled`."""
    dataset = golden(folder / "pictures")
    kept = [known(image) if labelled else bare(image) for image in dataset.images]
    out = folder / name
    out.mkdir()
    classes = dataset.classes if labelled else ()
    FORMATS.load("native").write(Dataset(classes, iter(kept), len(kept)), out, images=True)
    project: int = ada.post("projects/", {"name": name, "task": "detection"}).ok(201)["id"]
    result = taken_in(ada, project, packed(out), "golden.zip")
    assert (result["images"]["created"], result["problem_count"]) == (5, 0)
    return project


def known(image: ImageRecord) -> ImageRecord:
    """With UUIDs, as everything has that was a project's before, and its split fixed."""
    labels = tuple(
        replace(label, uuid=str(uuid5(NAMESPACE_URL, f"{image.name} {label.uuid}"))) for label in image.annotations
    )
    return replace(image, annotations=labels, fixed_split=image.split or "")


def bare(image: ImageRecord) -> ImageRecord:
    return replace(image, annotations=(), state="unlabelled", split=None, tags=(), group="")


def content(project: int, entry: Entry) -> dict[str, dict[str, Any]]:
    """Of each image, what the format can give back of it; without identity, which belongs to a project."""
    lossy = {**entry.facts["lossy"], **({} if entry.facts["lossy"] else {"identity": "of its own"})}
    dataset = dataset_of(Project.objects.get(pk=project))
    names = {record.number: record.name for record in dataset.classes}
    found = {}
    for image in dataset.images:
        if not is_kept(image, lossy):
            continue
        facts = within_precision(without_losses(image, lossy), entry)
        facts["annotations"] = sorted(facts["annotations"], key=repr)
        if "classes" not in lossy:
            facts["classes"] = Counter(names[label.class_number] for label in kept_annotations(image, lossy))
        found[image.name] = facts
    return found


def labels_of(found: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What a file of labels tells images that are there already."""
    return {name: {key: facts[key] for key in facts if key not in {"tags", "group"}} for name, facts in found.items()}


def without_listing(data: bytes) -> bytes:
    """As another tool would have written it, which knows no `images.csv`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in source.namelist():
            if name not in {"images.csv", "manifest.json"}:
                target.writestr(name, source.read(name))
    return buffer.getvalue()


@pytest.mark.parametrize("entry", BOTH_WAYS)
def test_a_project_comes_back_from_its_export(ada: Api, entry: Entry, tmp_path: Path) -> None:
    first = made_project(ada, tmp_path, "first", labelled=True)
    expected = content(first, entry)
    assert sum(len(facts["annotations"]) for facts in expected.values()) > 0

    data, name = given_out(ada, first, entry.key, images=True)
    second = ada.post("projects/", {"name": "second", "task": "detection"}).ok(201)["id"]
    result = taken_in(ada, second, data, name)

    assert (result["format"], result["problems"]) == (entry.key, [])
    assert content(second, entry) == expected

    labels, name = given_out(ada, first, entry.key, images=False)
    third = made_project(ada, tmp_path, "third", labelled=False)
    result = taken_in(ada, third, labels, name)

    assert (result["format"], result["problems"], result["images"]["created"]) == (entry.key, [], 0)
    found = content(third, entry)
    assert labels_of({name: found[name] for name in expected}) == labels_of(expected)


@pytest.mark.parametrize("key", ["yolo_detect", "yolo_segment"])
def test_images_that_are_here_are_found_by_the_names_of_label_files(ada: Api, key: str, tmp_path: Path) -> None:
    entry = FORMATS.get_entry(key)
    first = made_project(ada, tmp_path, "first", labelled=True)
    labels, name = given_out(ada, first, key, images=False)
    third = made_project(ada, tmp_path, "third", labelled=False)

    result = taken_in(ada, third, without_listing(labels), name)

    assert (result["problems"], result["images"]["unmatched"]) == ([], [])
    found, expected = content(third, entry), content(first, entry)
    assert {name: found[name]["annotations"] for name in expected} == {
        name: facts["annotations"] for name, facts in expected.items()
    }
