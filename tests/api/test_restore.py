"""Bringing back a version, a revision, one image or one class; ids and UUIDs stay, nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest

from datasets_app.models import Annotation, Image, LabelClassState, Project, Revision
from datasets_app.services import rewrite
from tests.client import Api

CHANGED_BY_TIME = {"created_in", "created_by"}


def content(ada: Api, image: int, **params: Any) -> list[dict[str, Any]]:
    """What the objects of an image say, whoever said it when."""
    rows = ada.annotations(image, **params)
    return [{key: value for key, value in row.items() if key not in CHANGED_BY_TIME} for row in rows]


@pytest.fixture
def scene(ada: Api, project: dict[str, Any]) -> dict[str, Any]:
    """A version of three images with an object each; then everything is changed."""
    cell, debris = (row["id"] for row in project["classes"])
    images = ada.images(project["id"], 3)
    keys = [ada.label(image, cell) for image in images]
    version = ada.post(f"projects/{project['id']}/versions/", {"name": "good", "group_by": "none"}).ok(201)
    then = [content(ada, image) for image in images]
    digest = Project.objects.get(pk=project["id"]).digest
    ada.change(images[0], update=[{"uuid": keys[0], "class": debris, "shape": {"type": "box", "box": [1, 1, 2, 2]}}])
    ada.change(images[1], delete=[keys[1]], state="skipped").ok()
    ada.label(images[1], debris)
    ada.post(f"projects/{project['id']}/images/bulk/", {"ids": [images[2]], "action": "delete"}).ok()
    ada.patch(f"classes/{cell}/", {"name": "blood cell"}).ok()
    extra = ada.post(f"projects/{project['id']}/classes/", {"name": "late"}).ok(201)["id"]
    ada.label(images[0], extra, (30, 1, 5, 5))
    return {
        "cell": cell, "debris": debris, "extra": extra, "images": images, "keys": keys, "version": version,
        "then": then, "digest": digest,
    }  # fmt: skip


def test_a_version_comes_back_whole(ada: Api, project: dict[str, Any], scene: dict[str, Any]) -> None:
    path = f"versions/{scene['version']['id']}/restore/"
    head = Revision.objects.count()
    preview = ada.post(path, {"dry_run": True}).ok()
    assert Revision.objects.count() == head
    assert (preview["objects"]["added"], preview["objects"]["removed"], preview["objects"]["changed"]) == (2, 2, 1)
    assert (preview["images"]["added"], preview["images"]["state"]) == (1, 0)
    assert [(row["kind"], row["class"]) for row in preview["classes"]] == [
        ("changed", scene["cell"]),
        ("removed", scene["extra"]),
    ]
    done = ada.post(path).ok()
    assert done["objects"] == {"added": 2, "removed": 2, "changed": 1}
    assert Revision.objects.count() == head + 1
    assert [content(ada, image) for image in scene["images"]] == scene["then"]
    assert Project.objects.get(pk=project["id"]).digest == scene["digest"]
    newest = ada.get(f"projects/{project['id']}/revisions/", limit=1).ok()["results"][0]
    assert (newest["kind"], newest["message"]) == ("restore", "Restored good")
    # Again: there is nothing to do, and nothing is done.
    assert ada.post(path).ok()["revision"] is None
    assert Revision.objects.count() == head + 1


def test_a_restore_is_undone_like_any_revision(ada: Api, project: dict[str, Any], scene: dict[str, Any]) -> None:
    before = Project.objects.get(pk=project["id"]).digest
    ada.post(f"versions/{scene['version']['id']}/restore/").ok()
    newest = ada.get(f"projects/{project['id']}/revisions/", limit=1).ok()["results"][0]
    ada.post(f"revisions/{newest['id']}/revert/").ok()
    assert Project.objects.get(pk=project["id"]).digest == before


def test_one_image_comes_back_and_the_others_stay(ada: Api, project: dict[str, Any], scene: dict[str, Any]) -> None:
    path, images = f"projects/{project['id']}/restore/", scene["images"]
    body = {"revision": scene["version"]["revision"], "image": images[2]}
    untouched = [content(ada, image) for image in images[:2]]
    preview = ada.post(path, {**body, "dry_run": True}).ok()
    assert (preview["objects"]["added"], preview["images"]["added"], preview["classes"]) == (1, 1, [])
    ada.post(path, body).ok()
    assert content(ada, images[2]) == scene["then"][2]
    assert [content(ada, image) for image in images[:2]] == untouched
    names = [row["name"] for row in ada.get(f"projects/{project['id']}/").ok()["classes"]]
    assert names == ["blood cell", "debris", "late"]


def test_an_image_brings_its_retired_classes_along(ada: Api, project: dict[str, Any], scene: dict[str, Any]) -> None:
    images = scene["images"]
    revision = ada.get(f"projects/{project['id']}/").ok()["revision"]
    label = next(row["uuid"] for row in ada.annotations(images[0]) if row["class"] == scene["extra"])
    ada.change(images[0], delete=[label]).ok()
    assert ada.delete(f"classes/{scene['extra']}/").status == 204
    ada.post(f"projects/{project['id']}/classes/", {"name": "late"}).ok(201)
    done = ada.post(f"projects/{project['id']}/restore/", {"revision": revision, "image": images[0]}).ok()
    assert done["classes"]["added"] == 1
    assert scene["extra"] in {row["class"] for row in ada.annotations(images[0])}
    names = [row["name"] for row in ada.get(f"projects/{project['id']}/").ok()["classes"]]
    assert sorted(names) == ["blood cell", "debris", "late", "late (2)"]


def test_one_class_comes_back_with_its_objects(ada: Api, project: dict[str, Any], scene: dict[str, Any]) -> None:
    path, images = f"projects/{project['id']}/restore/", scene["images"]
    body = {"revision": scene["version"]["revision"], "class": scene["cell"]}
    preview = ada.post(path, {**body, "dry_run": True}).ok()
    assert [row["fields"] for row in preview["classes"]] == [["name"]]
    done = ada.post(path, body).ok()
    # The object of the image that was deleted has no place to come back to.
    assert done["skipped"] == 1
    assert LabelClassState.objects.now().get(label_class=scene["cell"]).name == "cell"
    cells = {
        image: [row["uuid"] for row in ada.annotations(image) if row["class"] == scene["cell"]] for image in images[:2]
    }
    assert cells == {images[0]: [scene["keys"][0]], images[1]: [scene["keys"][1]]}
    assert len(ada.annotations(images[1])) == 2


def test_what_was_not_there_cannot_come_back(ada: Api, project: dict[str, Any], scene: dict[str, Any]) -> None:
    path = f"projects/{project['id']}/restore/"
    head = Revision.objects.count()
    assert "did not exist" in ada.post(path, {"revision": 1, "image": scene["images"][0]}).refused(400, "not_there")
    ada.post(path, {"revision": 1, "class": scene["extra"]}).refused(400, "not_there")
    ada.post(path, {"revision": 999}).refused(400, "bad_revision")
    ada.post(path, {"revision": 1, "class": scene["cell"], "image": scene["images"][0]}).refused(400, "bad_part")
    other = ada.project("x", name="Other")
    foreign = ada.images(other["id"], 1)[0]
    ada.post(path, {"revision": 1, "image": foreign}).refused(404, "not_found")
    assert Revision.objects.filter(project=project["id"]).count() == head


def test_a_large_restore_goes_on_in_several_revisions(
    ada: Api, project: dict[str, Any], scene: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewrite, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(rewrite, "ROWS_A_REVISION", 2)
    job = ada.post(f"versions/{scene['version']['id']}/restore/").ok(202)
    assert job["title"] == "Restored good"
    result = ada.succeed(job)
    assert result["revisions"] > 2
    assert result["objects"] == {"added": 2, "removed": 2, "changed": 1}
    assert [content(ada, image) for image in scene["images"]] == scene["then"]
    assert Project.objects.get(pk=project["id"]).digest == scene["digest"]
    newest = ada.get(f"projects/{project['id']}/revisions/", limit=1).ok()["results"][0]
    assert newest["revisions"] == result["revisions"]


def test_ids_and_uuids_are_the_same_ever_after(ada: Api, project: dict[str, Any], scene: dict[str, Any]) -> None:
    images, uuids = set(Image.objects.values_list("pk", "uuid")), set(Annotation.objects.values_list("uuid", flat=True))
    ada.post(f"versions/{scene['version']['id']}/restore/").ok()
    assert set(Image.objects.values_list("pk", "uuid")) == images
    assert set(Annotation.objects.values_list("uuid", flat=True)) == uuids
    assert [row["uuid"] for image in scene["images"] for row in ada.annotations(image)] == scene["keys"]
