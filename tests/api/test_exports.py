"""Exports say what they lose beforehand, hold what was asked for, and are the same bytes for the same question."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from annotator.core import jobs
from datasets_app.formats.catalog import FORMATS
from datasets_app.models import Project
from datasets_app.services.exports import exports_folder, losses, profiles_of
from datasets_app.services.exports import writing as exports_writing
from datasets_app.services.format_options import options_of
from tests.client import Api

HOLED = {
    "type": "polygon",
    "parts": [{"outer": [[2, 2], [30, 2], [30, 30], [2, 30]], "holes": [[[10, 10], [20, 10], [20, 20], [10, 20]]]}],
}
WITH_PROFILES = [(entry.key, profile["key"]) for entry in FORMATS for profile in profiles_of(entry.key)]


@pytest.fixture
def labelled(ada: Api, project: dict[str, Any]) -> list[int]:
    """A box in the first image, a polygon with a hole in the second, nothing in the third."""
    ids = ada.images(project["id"], 3)
    cell, debris = (row["id"] for row in project["classes"])
    ada.label(ids[0], cell, (1, 2, 20.5, 10))
    key = "6f1f2f6a-7d1a-4c0c-9d57-00000000000a"
    ada.change(ids[1], create=[{"uuid": key, "class": debris, "shape": HOLED, "attributes": {"wet": True}}]).ok()
    return ids


def export(ada: Api, project: dict[str, Any], **body: Any) -> tuple[dict[str, Any], bytes]:
    job = ada.post(f"projects/{project['id']}/exports/", body).ok(202)
    result = ada.succeed(job)
    response = ada.raw(result["download_url"])
    assert response.status_code == 200
    return result, b"".join(response.streaming_content)


def preview(ada: Api, project: dict[str, Any], **body: Any) -> dict[str, Any]:
    found: dict[str, Any] = ada.post(f"projects/{project['id']}/exports/preview/", body).ok()
    return found


def names(data: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(data)).namelist()


# What is lost, before the download.


def test_the_loss_report_counts_by_feature_and_class(ada: Api, project: dict[str, Any], labelled: list[int]) -> None:
    report = preview(ada, project, format="voc")
    lost = {row["feature"]: row for row in report["lost"]}
    debris = project["classes"][1]
    assert (report["images"], report["annotations"]) == (3, 2)
    assert lost["holes"]["count"] == 1
    assert lost["holes"]["classes"] == [{"class": debris["id"], "name": "debris", "count": 1}]
    assert lost["holes"]["fate"] == FORMATS.get_entry("voc").facts["lossy"]["holes"]
    assert lost["sub_pixel"]["count"] == 1
    assert lost["unsplit"]["count"] == 3
    assert "masks" not in lost, "only what the data has is told"
    assert {row["name"]: (row["count"], row["touched"]) for row in report["classes"]} == {
        "cell": (1, 1),
        "debris": (1, 1),
    }


def test_the_native_format_loses_nothing(ada: Api, project: dict[str, Any], labelled: list[int]) -> None:
    report = preview(ada, project, format="native")
    assert report["lost"] == []
    assert {"polygons", "holes", "attributes"} <= {row["feature"] for row in report["kept"]}


@pytest.mark.parametrize("key", [entry.key for entry in FORMATS if entry.facts["write"]])
def test_what_was_foretold_is_what_was_lost(ada: Api, project: dict[str, Any], labelled: list[int], key: str) -> None:
    foretold = {row["feature"]: row["count"] for row in preview(ada, project, format=key)["lost"]}
    result, _ = export(ada, project, format=key)
    assert {name: count for name, count in result["lost"].items() if count > foretold.get(name, 0)} == {}


def test_the_loss_report_speaks_of_the_revision(ada: Api, project: dict[str, Any], labelled: list[int]) -> None:
    before = ada.get(f"projects/{project['id']}/").ok()["revision"]
    ada.change(labelled[1], delete=["6f1f2f6a-7d1a-4c0c-9d57-00000000000a"]).ok()
    assert "holes" not in {row["feature"] for row in preview(ada, project, format="voc")["lost"]}
    then = preview(ada, project, format="voc", revision=before)
    assert "holes" in {row["feature"] for row in then["lost"]}


def test_a_large_loss_report_is_a_job(
    ada: Api, project: dict[str, Any], labelled: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(losses, "AT_ONCE", 1)
    path = f"projects/{project['id']}/exports/preview/"
    report = ada.succeed(ada.post(path, {"format": "voc"}).ok(202))
    assert ada.post(path, {"format": "voc"}).ok(200) == report, "counted once, then at hand"
    assert {row["feature"] for row in preview(ada, project, format="coco")["lost"]} != set()


# What is in it.


def test_a_filter_narrows_the_export(ada: Api, project: dict[str, Any], labelled: list[int]) -> None:
    wanted = {"class": project["classes"][1]["id"]}
    result, data = export(ada, project, format="coco", filter=wanted)
    body = json.loads(data)
    assert [image["id"] for image in body["images"]] == [labelled[1]]
    assert len(body["annotations"]) == 1
    assert result["manifest"]["counts"] == {"images": 1, "annotations": 1}
    assert preview(ada, project, format="coco", filter=wanted)["images"] == 1
    assert ada.post(f"projects/{project['id']}/exports/", {"format": "coco", "filter": {"state": "odd"}}).status == 400


def test_a_filtered_export_holds_what_the_filter_found_when_it_was_asked(
    ada: Api, project: dict[str, Any], labelled: list[int]
) -> None:
    body = {"format": "coco", "filter": {"class": project["classes"][0]["id"]}}
    job = ada.post(f"projects/{project['id']}/exports/", body).ok(202)
    ada.label(labelled[2], project["classes"][0]["id"])
    assert ada.succeed(job)["manifest"]["counts"]["images"] == 1


def test_a_filter_that_finds_nothing_exports_nothing(ada: Api, project: dict[str, Any], labelled: list[int]) -> None:
    _, data = export(ada, project, format="coco", filter={"tag": "none"})
    assert json.loads(data)["images"] == []


def test_links_stand_in_for_pictures(ada: Api, project: dict[str, Any], labelled: list[int]) -> None:
    _, data = export(ada, project, format="coco", links=True)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        lines = [json.loads(line) for line in packed.read("images.jsonl").splitlines()]
    assert [line["file_name"] for line in lines] == ["000.png", "001.png", "002.png"]
    picture = b"".join(ada.raw(lines[0]["url"].removeprefix("http://testserver")).streaming_content)
    assert hashlib.sha256(picture).hexdigest() == lines[0]["sha256"]
    body = {"format": "coco", "links": True, "images": True}
    assert ada.post(f"projects/{project['id']}/exports/", body).status == 400


def test_the_manifest_says_what_is_inside(ada: Api, project: dict[str, Any], labelled: list[int]) -> None:
    version = ada.post(f"projects/{project['id']}/versions/", {"name": "gold", "group_by": "none"}).ok(201)
    result, data = export(ada, project, format="voc", version=version["id"], images=True)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        manifest = json.loads(packed.read("manifest.json"))
        hashes = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
        assert set(packed.namelist()) == {*hashes, "manifest.json"}
        assert all(hashlib.sha256(packed.read(name)).hexdigest() == digest for name, digest in hashes.items())
    assert manifest["digest"] == version["digest"]
    assert sum(manifest["splits"].values()) == manifest["counts"]["images"] == 3
    assert {row["name"]: row["annotations"] for row in manifest["classes"]} == {"cell": 1, "debris": 1}
    assert result["manifest"]["file_count"] == len(hashes)
    single, _ = export(ada, project, format="coco")
    assert single["manifest"]["digest"] == Project.objects.get(pk=project["id"]).digest


# Options and profiles.


@pytest.mark.parametrize(("key", "profile"), WITH_PROFILES)
def test_every_profile_writes(ada: Api, project: dict[str, Any], labelled: list[int], key: str, profile: str) -> None:
    result, data = export(ada, project, format=key, profile=profile)
    assert (result["manifest"]["profile"], len(data) > 100) == (profile, True)


def test_options_are_told_and_checked(ada: Api, project: dict[str, Any], labelled: list[int]) -> None:
    found = {entry["key"]: entry for entry in ada.get("formats/").ok()}
    assert all(
        set(profile["options"]) <= {option["key"] for option in entry["options"]}
        for entry in found.values()
        for profile in entry["profiles"]
    )
    key = next(key for key, entry in found.items() if any(option["type"] == "choice" for option in entry["options"]))
    option = next(option for option in options_of(key) if option["type"] == "choice")
    path = f"projects/{project['id']}/exports/"
    assert option["key"] in ada.post(path, {"format": key, "options": {option["key"]: "odd"}}).refused(
        400, "bad_options"
    )
    ada.post(path, {"format": key, "options": {"odd": 1}}).refused(400, "bad_options")
    ada.post(path, {"format": key, "profile": "odd"}).refused(400, "bad_profile")
    for choice in option["choices"]:
        export(ada, project, format=key, options={option["key"]: choice})
    assert ada.get("jobs/").ok()["results"][0]["state"] == "succeeded"


# The same question, the same bytes.


@pytest.mark.parametrize("key", [entry.key for entry in FORMATS if entry.facts["write"]])
def test_the_same_gives_the_same_bytes(
    ada: Api, project: dict[str, Any], labelled: list[int], monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    first, data = export(ada, project, format=key, images=True)
    for path in (exports_folder() / first["artefact"]).iterdir():
        path.unlink()
    again, repeated = export(ada, project, format=key, images=True)
    assert again["reused"] is False
    assert repeated == data


def test_an_artefact_is_used_again_while_it_is_there(ada: Api, project: dict[str, Any], labelled: list[int]) -> None:
    first, data = export(ada, project, format="coco")
    second, same = export(ada, project, format="coco")
    assert (first["reused"], second["reused"], same == data) == (False, True, True)
    others = [export(ada, project, **body)[0] for body in ({"format": "coco", "images": True}, {"format": "native"})]
    ada.label(labelled[2], project["classes"][0]["id"])
    others.append(export(ada, project, format="coco")[0])
    assert not any(result["reused"] for result in others)
    assert len({result["artefact"] for result in [first, *others]}) == 4


def test_a_cancelled_export_leaves_nothing(
    ada: Api, project: dict[str, Any], labelled: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(exports_folder().rglob("*")) if exports_folder().exists() else set()
    job = ada.post(f"projects/{project['id']}/exports/", {"format": "voc", "images": True}).ok(202)

    def cancel(context: jobs.JobContext, _done: int, _total: int) -> None:
        ada.post(f"jobs/{job['id']}/cancel/").ok()
        context.check_cancelled()

    monkeypatch.setattr(jobs.JobContext, "tick", cancel)
    assert ada.finish(job)["state"] == "cancelled"
    assert set(exports_folder().rglob("*")) == before
    assert ada.raw(f"exports/{job['id']}/download/").status_code == 404


def test_an_unfinished_file_is_never_handed_out(
    ada: Api, project: dict[str, Any], labelled: list[int], tmp_path: Path
) -> None:
    first, data = export(ada, project, format="coco")
    path = exports_writing.export_file(first["artefact"])
    path.write_bytes(data[:-5])
    again, whole = export(ada, project, format="coco")
    assert (again["reused"], whole == data) == (False, True)
