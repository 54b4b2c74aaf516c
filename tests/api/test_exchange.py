"""Data sets go out and come in: versions unchanged, nothing doubled, everything said."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from pycocotools import mask
from pycocotools.coco import COCO

from annotator.core.models import Job
from datasets_app.formats.catalog import FORMATS
from datasets_app.models import Annotation, Image, ImageState, Operation, Project, Revision
from datasets_app.services.imports.request import imports_folder
from tests.client import Api, picture

WRITABLE = [entry.key for entry in FORMATS if entry.facts["write"]]


def export(ada: Api, project: dict[str, Any], folder: Path, **body: Any) -> Path:
    job = ada.post(f"projects/{project['id']}/exports/", body).ok(202)
    ada.succeed(job)
    return ada.download(ada.get(f"jobs/{job['id']}/").ok(), folder)


def do_import(ada: Api, project: dict[str, Any], name: str, data: bytes, **fields: Any) -> dict[str, Any]:
    stream = io.BytesIO(data)
    stream.name = name
    return ada.succeed(ada.send(f"projects/{project['id']}/imports/", file=stream, **fields).ok(202))


@pytest.fixture
def labelled(ada: Api, project: dict[str, Any]) -> list[int]:
    ids = ada.images(project["id"], 3)
    cell, debris = (row["id"] for row in project["classes"])
    ada.label(ids[0], cell, (1, 2, 20, 10))
    polygon = {
        "type": "polygon",
        "parts": [{"outer": [[2, 2], [30, 2], [30, 30], [2, 30]], "holes": [[[10, 10], [20, 10], [20, 20], [10, 20]]]}],
    }
    ada.change(
        ids[1], create=[{"uuid": "6f1f2f6a-7d1a-4c0c-9d57-00000000000a", "class": debris, "shape": polygon}]
    ).ok()
    return ids


@pytest.mark.parametrize("key", WRITABLE)
@pytest.mark.parametrize("images", [False, True])
def test_every_format_exports_as_a_job(
    ada: Api, project: dict[str, Any], labelled: list[int], tmp_path: Path, key: str, images: bool
) -> None:
    assert export(ada, project, tmp_path, format=key, images=images).stat().st_size > 100


def test_a_version_exports_unchanged_after_labels_changed(
    ada: Api, project: dict[str, Any], labelled: list[int], tmp_path: Path
) -> None:
    version = ada.post(f"projects/{project['id']}/versions/", {"name": "gold", "group_by": "none"}).ok(201)
    before = export(ada, project, tmp_path, format="coco", version=version["id"]).read_bytes()
    ada.patch(f"classes/{project['classes'][0]['id']}/", {"name": "renamed"}).ok()
    for image in labelled:
        ada.change(image, delete=[row["uuid"] for row in ada.annotations(image)]).ok()
    ada.delete(f"images/{labelled[0]}/")
    after = export(ada, project, tmp_path, format="coco", version=version["id"]).read_bytes()
    assert after == before
    now = json.loads(export(ada, project, tmp_path, format="coco").read_bytes())
    assert (len(now["images"]), now["annotations"]) == (2, [])


def test_the_coco_export_is_read_by_pycocotools(
    ada: Api, project: dict[str, Any], labelled: list[int], tmp_path: Path
) -> None:
    path = export(ada, project, tmp_path, format="coco")
    coco: Any = COCO(str(path))
    assert sorted(coco.imgs) == labelled
    assert [category["name"] for category in coco.cats.values()] == ["cell", "debris"]
    (holed,) = coco.loadAnns(coco.getAnnIds(imgIds=[labelled[1]]))
    assert (holed["iscrowd"], holed["area"], int(mask.area(coco.annToRLE(holed)))) == (0, 684, 684)


@pytest.mark.parametrize("key", ["native", "parquet"])
def test_native_export_comes_back_with_the_same_digest_on_another_project(
    ada: Api, project: dict[str, Any], labelled: list[int], tmp_path: Path, key: str
) -> None:
    path = export(ada, project, tmp_path, format=key, images=True)
    other = ada.post("projects/", {"name": "Copy", "task": "detection"}).ok(201)
    result = do_import(ada, other, path.name, path.read_bytes())
    assert (result["format"], result["images"]["created"], result["annotations"]["created"]) == (key, 3, 2)
    digests = Project.objects.filter(pk__in=[project["id"], other["id"]]).values_list("digest", flat=True)
    assert len(set(digests)) == 1


def test_pictures_inside_a_formats_own_files_are_imported(
    ada: Api, project: dict[str, Any], labelled: list[int], tmp_path: Path
) -> None:
    path = export(ada, project, tmp_path, format="tfrecord", images=True)
    other = ada.post("projects/", {"name": "Copy", "task": "detection"}).ok(201)
    result = do_import(ada, other, path.name, path.read_bytes())
    assert (result["format"], result["images"]["created"], result["annotations"]["created"]) == ("tfrecord", 3, 2)
    pictures = [set(Image.objects.filter(project=row["id"]).values_list("name", "sha256")) for row in (project, other)]
    assert pictures[0] == pictures[1]
    assert do_import(ada, other, path.name, path.read_bytes())["annotations"]["repeated"] == 2
    assert not list(imports_folder().rglob("pictures-*"))


def test_a_small_import_is_one_revision_and_is_reverted_as_one(ada: Api, project: dict[str, Any]) -> None:
    buffer = io.BytesIO()
    coco = {
        "images": [{"id": 7, "file_name": "a.png", "width": 64, "height": 48}],
        "annotations": [{"id": 0, "image_id": 7, "category_id": 3, "bbox": [1, 2, 10, 10]}],
        "categories": [{"id": 3, "name": "Spore"}],
    }
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("annotations/instances.json", json.dumps(coco))
        archive.writestr("images/a.png", picture())
    head = Revision.objects.count()
    result = do_import(ada, project, "set.zip", buffer.getvalue())
    assert Revision.objects.count() == head + 1
    assert (result["images"]["created"], result["annotations"]["created"]) == (1, 1)
    assert result["classes"]["created"] == ["Spore"]
    image = ada.get(f"projects/{project['id']}/images/").ok()["results"][0]
    assert (image["state"], image["annotation_count"]) == ("annotated", 1)
    assert ada.annotations(image["id"])[0]["source"] == "import"
    repeat = do_import(ada, project, "set.zip", buffer.getvalue())
    assert (repeat["images"]["created"], repeat["annotations"]["created"], repeat["annotations"]["repeated"]) == (
        0,
        0,
        1,
    )
    newest = ada.get(f"projects/{project['id']}/revisions/").ok()["results"][0]
    assert newest["number"] == result["revision"]
    ada.post(f"revisions/{newest['id']}/revert/").ok()
    assert ada.get(f"projects/{project['id']}/").ok()["counts"]["images"] == 0


def test_a_dry_run_says_the_same_and_changes_nothing(ada: Api, project: dict[str, Any], labelled: list[int]) -> None:
    coco = {
        "images": [
            {"id": 1, "file_name": "deep/000.png", "width": 64, "height": 48},
            {"id": 2, "file_name": "none.png", "width": 64, "height": 48},
        ],
        "annotations": [
            {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 10, 10]},
            {"id": 2, "image_id": 1, "category_id": 1, "bbox": [1, 2, 0, 10]},
        ],
        "categories": [{"id": 1, "name": "cell"}],
    }
    before = Project.objects.get(pk=project["id"]).digest, Operation.objects.count()
    result = do_import(ada, project, "labels.json", json.dumps(coco).encode(), dry_run=True)
    assert result["images"] == {
        "created": 0,
        "matched": 1,
        "matched_by": {"base": 1},
        "unmatched": ["none.png"],
        "unmatched_count": 1,
        "suggestions": {},
    }
    assert (result["annotations"]["created"], result["annotations"]["refused"]) == (1, 1)
    assert result["classes"]["matched"] == ["cell"]
    assert "both must be greater than 0" in result["problems"][0]["detail"]
    assert (Project.objects.get(pk=project["id"]).digest, Operation.objects.count()) == before


def test_unreadable_files_fail_with_a_sentence_and_change_nothing(ada: Api, project: dict[str, Any]) -> None:
    digest = Project.objects.get(pk=project["id"]).digest
    for name, data in {"x.json": b"{}", "x.zip": b"PK\x03\x04broken", "x.pickle": b"\x80\x04N."}.items():
        stream = io.BytesIO(data)
        stream.name = name
        row = ada.finish(ada.send(f"projects/{project['id']}/imports/", file=stream).ok(202))
        assert row["state"] == "failed", name
        assert row["error"]["code"] != "internal", (name, row["error"])
        assert row["error"]["detail"].endswith(".")
    assert Project.objects.get(pk=project["id"]).digest == digest


def test_a_repeated_import_job_repeats_no_effect(ada: Api, project: dict[str, Any], labelled: list[int]) -> None:
    coco = {
        "images": [{"id": 1, "file_name": "000.png", "width": 64, "height": 48}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [5, 5, 10, 10]}],
        "categories": [{"id": 1, "name": "cell"}],
    }
    stream = io.BytesIO(json.dumps(coco).encode())
    stream.name = "labels.json"
    job = ada.send(f"projects/{project['id']}/imports/", file=stream).ok(202)
    first = ada.succeed(job)
    rows = Annotation.objects.count()
    Job.objects.filter(pk=job["id"]).update(state="queued")
    assert ada.succeed(job) == first
    assert Annotation.objects.count() == rows


def test_downloads_resume_by_byte_ranges(
    ada: Api, project: dict[str, Any], labelled: list[int], tmp_path: Path
) -> None:
    job = ada.post(f"projects/{project['id']}/exports/", {"format": "coco"}).ok(202)
    ada.succeed(job)
    job = ada.get(f"jobs/{job['id']}/").ok()
    whole = ada.download(job, tmp_path).read_bytes()
    url = job["result"]["download_url"]
    part = ada.raw(url, range="bytes=10-99")
    assert (part.status_code, part["Content-Range"]) == (206, f"bytes 10-99/{len(whole)}")
    assert b"".join(part.streaming_content) == whole[10:100]
    tail = ada.raw(url, range="bytes=-20", **{"if-range": part["ETag"]})
    assert b"".join(tail.streaming_content) == whole[-20:]
    assert ada.raw(url, range=f"bytes={len(whole)}-").status_code == 416
    changed = ada.raw(url, range="bytes=10-", **{"if-range": '"other"'})
    assert (changed.status_code, b"".join(changed.streaming_content)) == (200, whole)


def test_a_stranger_cannot_download_an_export(
    ada: Api, stranger: Api, project: dict[str, Any], labelled: list[int]
) -> None:
    job = ada.post(f"projects/{project['id']}/exports/", {"format": "coco"}).ok(202)
    ada.succeed(job)
    assert stranger.raw(f"exports/{job['id']}/download/").status_code == 404
    assert stranger.get(f"jobs/{job['id']}/").status == 404


@pytest.mark.parametrize(
    "body", [{"format": "excel"}, {"format": "coco", "version": 99}, {"format": "coco", "revision": 99}]
)
def test_impossible_exports_are_refused_at_once(ada: Api, project: dict[str, Any], body: dict[str, Any]) -> None:
    assert ada.post(f"projects/{project['id']}/exports/", body).status in {400, 404}
    assert ada.get("jobs/").ok()["results"] == []


@pytest.mark.slow
def test_bccd_goes_in_by_archive(ada: Api, project: dict[str, Any], shared_data: Path, tmp_path: Path) -> None:
    archive = tmp_path / "bccd.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted((shared_data / "bccd" / "BCCD").rglob("*")):
            if path.is_file():
                packed.write(path, path.relative_to(shared_data / "bccd").as_posix())
    result = do_import(ada, project, "bccd.zip", archive.read_bytes())
    assert (result["format"], result["images"]["created"]) == ("voc", 364)
    assert (result["annotations"]["created"], result["annotations"]["refused"]) == (4886, 2)
    assert ImageState.objects.now().filter(project_id=project["id"], split="test").count() == 72
