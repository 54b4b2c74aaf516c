"""Uploading, finding, bulk acts and bytes."""

from __future__ import annotations

import io
import itertools
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as PilImage

from datasets_app.models import Image, Revision
from tests.client import Api, picture


def test_good_pictures_go_in_and_bad_ones_are_refused_with_a_sentence(ada: Api, project: dict[str, Any]) -> None:
    body = ada.upload(project["id"], {"a.png": picture(), "notes.txt": b"hello, I am text", "empty.jpg": b""})
    assert [image["name"] for image in body["created"]] == ["a.png"]
    refused = {row["name"]: row for row in body["refused"]}
    assert refused.keys() == {"notes.txt", "empty.jpg"}
    assert all(row["detail"].endswith(".") and row["code"] for row in refused.values())
    assert ada.get(f"projects/{project['id']}/").ok()["counts"]["images"] == 1


def test_the_same_bytes_are_taken_once_whatever_their_name(ada: Api, project: dict[str, Any]) -> None:
    first = ada.upload(project["id"], {"a.png": picture(), "again.png": picture()})
    assert len(first["created"]) == 1
    assert first["duplicates"] == [{"name": "again.png", "image": first["created"][0]["id"]}]
    second = ada.upload(project["id"], {"third.png": picture()})
    assert second["created"] == []
    assert second["duplicates"][0]["image"] == first["created"][0]["id"]


def test_a_deleted_picture_comes_back_under_its_id(ada: Api, project: dict[str, Any]) -> None:
    image = ada.upload(project["id"], {"a.png": picture()})["created"][0]["id"]
    assert ada.delete(f"images/{image}/").status == 204
    assert ada.get(f"images/{image}/").status == 404
    assert ada.upload(project["id"], {"a.png": picture()})["created"][0]["id"] == image


def test_names_stay_unique_and_cannot_escape(ada: Api, project: dict[str, Any]) -> None:
    ada.upload(project["id"], {"a.png": picture(color=(1, 1, 1))})
    ada.upload(project["id"], {"a.png": picture(color=(2, 2, 2))})
    names = list(Image.objects.filter(project=project["id"]).order_by("pk").values_list("name", flat=True))
    assert names == ["a.png", "a (2).png"]


def test_an_archive_is_unpacked_by_a_job(ada: Api, project: dict[str, Any]) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("train/a.png", picture(color=(1, 2, 3)))
        archive.writestr("train/b.png", picture(color=(3, 2, 1)))
        archive.writestr("readme.txt", "not a picture")
    body = ada.upload(project["id"], {"set.zip": buffer.getvalue()})
    result = ada.succeed(body["jobs"][0])
    assert result["created"] == 2
    assert [row["name"] for row in result["refused"]] == ["readme.txt"]
    names = [row["name"] for row in ada.get(f"projects/{project['id']}/images/").ok()["results"]]
    assert names == ["train/a.png", "train/b.png"]


def test_an_escaping_archive_is_refused_whole(ada: Api, project: dict[str, Any], tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("ok.png", picture())
        archive.writestr("../../evil.png", picture(color=(9, 9, 9)))
    row = ada.finish(ada.upload(project["id"], {"set.zip": buffer.getvalue()})["jobs"][0])
    assert row["state"] == "failed"
    assert row["error"]["detail"]
    assert ada.get(f"projects/{project['id']}/images/").ok()["total"] == 0


def test_pictures_are_served_upright_with_their_hash(ada: Api, project: dict[str, Any]) -> None:
    buffer = io.BytesIO()
    exif = PilImage.Exif()
    exif[0x0112] = 6
    PilImage.new("RGB", (40, 20), (255, 0, 0)).save(buffer, "JPEG", exif=exif)
    image = ada.upload(project["id"], {"turned.jpg": buffer.getvalue()})["created"][0]
    assert (image["width"], image["height"]) == (20, 40)
    response = ada.raw(image["url"])
    shown = PilImage.open(io.BytesIO(b"".join(response.streaming_content)))
    assert shown.size == (20, 40)
    assert 0x0112 not in shown.getexif()
    assert "immutable" in response["Cache-Control"]
    assert ada.raw(image["url"], **{"if-none-match": response["ETag"]}).status_code == 304
    thumbnail = ada.raw(image["thumbnail_url"])
    assert thumbnail["Content-Type"] == "image/jpeg"
    assert PilImage.open(io.BytesIO(b"".join(thumbnail.streaming_content))).size == (20, 40)


def test_pages_follow_each_other_without_gap_or_double(ada: Api, project: dict[str, Any]) -> None:
    ids = ada.images(project["id"], 7)
    for order, expected in (("id", ids), ("-id", ids[::-1]), ("name", ids)):
        seen: list[int] = []
        cursor: str | None = ""
        while cursor is not None:
            page = ada.get(f"projects/{project['id']}/images/", limit=3, cursor=cursor, order=order).ok()
            assert page["total"] == 7
            seen += [row["id"] for row in page["results"]]
            cursor = page["next"]
        assert seen == expected


def test_filters_find_by_state_class_name_and_split(ada: Api, project: dict[str, Any]) -> None:
    cell, debris = (row["id"] for row in project["classes"])
    ids = ada.images(project["id"], 10)
    ada.label(ids[0], cell)
    ada.label(ids[1], debris)
    ada.post(f"projects/{project['id']}/images/bulk/", {"ids": ids[2:4], "action": "add_tags", "value": ["night"]}).ok()
    version = ada.post(f"projects/{project['id']}/versions/", {"name": "v", "group_by": "none"}).ok(201)

    def found(**params: Any) -> list[int]:
        listed = [row["id"] for row in ada.get(f"projects/{project['id']}/images/", **params).ok()["results"]]
        assert listed == ada.get(f"projects/{project['id']}/images/ids/", **params).ok()["ids"]
        assert ada.get(f"projects/{project['id']}/images/count/", **params).ok() == {"total": len(listed)}
        uncounted = ada.get(f"projects/{project['id']}/images/", total=0, **params).ok()
        assert ([row["id"] for row in uncounted["results"]], uncounted["total"]) == (listed, None)
        return listed

    assert found(state="annotated") == ids[:2]
    assert found(**{"class": debris}) == [ids[1]]
    assert found(tag="night") == ids[2:4]
    assert found(q="003") == [ids[3]]
    assert found(source="human") == ids[:2]
    assert found(annotator="ada") == ids[:2]
    assert found(min_side=100) == []
    splits = [found(version=version["id"], split=name) for name in ("train", "val", "test")]
    assert sorted(itertools.chain(*splits)) == ids
    assert [len(split) for split in splits] == [7, 2, 1]
    ada.get(f"projects/{project['id']}/images/", state="sleepy").refused(400, "bad_filter")
    ada.get(f"projects/{project['id']}/images/count/", state="sleepy").refused(400, "bad_filter")
    Api("eve").get(f"projects/{project['id']}/images/count/").refused(404, "not_found")
    ada.get(f"projects/{project['id']}/images/", cursor="!!").refused(400, "bad_cursor")
    ada.get(f"projects/{project['id']}/images/", limit="0").refused(400, "bad_limit")


def test_a_class_is_found_whether_its_labels_are_few_or_many(ada: Api, project: dict[str, Any]) -> None:
    """A class with fewer labels than there are images is looked up from its labels, any other from the images."""
    cell, debris = (row["id"] for row in project["classes"])
    ids = ada.images(project["id"], 3)
    for image in (ids[0], ids[0], ids[2], ids[2]):
        ada.label(image, cell)
    ada.label(ids[2], debris)
    gone = ada.label(ids[1], debris)
    ada.change(ids[1], delete=[gone]).ok()
    for label_class, expected in ((cell, [ids[0], ids[2]]), (debris, [ids[2]])):
        page = ada.get(
            f"projects/{project['id']}/images/", state="annotated", source="human", **{"class": label_class}
        ).ok()
        assert [row["id"] for row in page["results"]] == expected
        assert page["total"] == len(expected)


def test_bulk_acts_are_one_revision_each(ada: Api, project: dict[str, Any]) -> None:
    cell, debris = (row["id"] for row in project["classes"])
    ids = ada.images(project["id"], 4)
    for image in ids:
        ada.label(image, cell)
    head = Revision.objects.count()

    def bulk(**body: Any) -> dict[str, Any]:
        answer: dict[str, Any] = ada.post(f"projects/{project['id']}/images/bulk/", body).ok()
        return answer

    assert bulk(ids=ids[:2], action="set_class", value=debris)["count"] == 2
    assert [ada.annotations(image)[0]["class"] for image in ids] == [debris, debris, cell, cell]
    assert bulk(filter={"class": cell}, action="set_state", value="skipped")["count"] == 2
    assert bulk(ids=ids[:1], action="set_group", value="burst 1")["count"] == 1
    assert bulk(ids=ids[3:], action="delete")["count"] == 1
    assert Revision.objects.count() == head + 4
    assert ada.get(f"images/{ids[0]}/").ok()["group"] == "burst 1"
    assert ada.get(f"projects/{project['id']}/").ok()["counts"]["images"] == 3


def test_classifying_replaces_the_tag_and_keeps_boxes(ada: Api, project: dict[str, Any]) -> None:
    cell, debris = (row["id"] for row in project["classes"])
    ids = ada.images(project["id"], 2)
    box = ada.label(ids[0], cell)
    path = f"projects/{project['id']}/images/bulk/"
    ada.post(path, {"ids": ids, "action": "classify", "value": cell}).ok()
    assert ada.post(path, {"ids": ids, "action": "classify", "value": debris}).ok()["count"] == 2
    rows = ada.annotations(ids[0])
    assert sorted((row["shape"]["type"], row["class"]) for row in rows) == [("box", cell), ("tag", debris)]
    assert box in {row["uuid"] for row in rows}
    assert ada.post(path, {"ids": ids, "action": "classify", "value": debris}).ok() == {"revision": None, "count": 0}


@pytest.mark.parametrize(
    "body",
    [
        {"action": "delete"},
        {"ids": [1], "filter": {}, "action": "delete"},
        {"ids": [1], "action": "explode"},
        {"ids": [], "action": "add_tags", "value": [""]},
        {"ids": [], "action": "set_class", "value": 999},
        {"ids": [], "action": "set_state", "value": "sleepy"},
    ],
)
def test_bad_bulk_acts_change_nothing(ada: Api, project: dict[str, Any], body: dict[str, Any]) -> None:
    head = Revision.objects.count()
    assert ada.post(f"projects/{project['id']}/images/bulk/", body).status == 400
    assert Revision.objects.count() == head


@pytest.mark.slow
def test_every_odd_picture_is_taken_or_refused(ada: Api, project: dict[str, Any], shared_data: Path) -> None:
    files = sorted(path for path in (shared_data / "odd_images").iterdir() if path.is_file())
    taken = refused = 0
    for start in range(0, len(files), 40):
        chunk = files[start : start + 40]
        body = ada.upload(project["id"], {path.name: path.read_bytes() for path in chunk})
        answered = len(body["created"]) + len(body["refused"]) + len(body["duplicates"]) + len(body["jobs"])
        assert answered == len(chunk)
        assert all(row["detail"].rstrip().endswith((".", "?")) for row in body["refused"])
        taken += len(body["created"])
        refused += len(body["refused"])
    assert taken > 300
    assert refused > 50
