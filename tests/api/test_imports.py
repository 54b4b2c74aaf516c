"""The import doctor: what a file says is matched, mapped, mended, refused or taken back, and always told."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from annotator.core import jobs
from datasets_app.models import Annotation, Image, Operation, Project, Revision
from datasets_app.services.imports import chunks
from tests.client import Api, picture

BOX = [1, 2, 10, 10]


def coco(
    images: dict[str, list[Any]], *, names: tuple[str, ...] = ("cell",), size: tuple[int, int] = (64, 48)
) -> bytes:
    """A COCO file: name of each image → its labels, each a box or a pair of class id and box."""
    body: dict[str, Any] = {"images": [], "annotations": [], "licenses": []}
    body["categories"] = [{"id": number, "name": name} for number, name in enumerate(names, 1)]
    for number, (name, labels) in enumerate(images.items(), 1):
        body["images"].append({"id": number, "file_name": name, "width": size[0], "height": size[1]})
        for label in labels:
            category, box = label if isinstance(label[1], list) else (1, label)
            entry = {"id": len(body["annotations"]) + 1, "image_id": number, "category_id": category, "bbox": box}
            body["annotations"].append({**entry, "area": box[2] * box[3], "iscrowd": 0})
    return json.dumps(body).encode()


def archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return buffer.getvalue()


def start(ada: Api, project: dict[str, Any], data: bytes, name: str = "labels.json", **fields: Any) -> dict[str, Any]:
    stream = io.BytesIO(data)
    stream.name = name
    if isinstance(fields.get("classes"), dict):
        fields["classes"] = json.dumps(fields["classes"])
    job: dict[str, Any] = ada.send(f"projects/{project['id']}/imports/", file=stream, **fields).ok(202)
    return job


def do_import(
    ada: Api, project: dict[str, Any], data: bytes, name: str = "labels.json", **fields: Any
) -> dict[str, Any]:
    return ada.succeed(start(ada, project, data, name, **fields))


def state(project: dict[str, Any]) -> tuple[str, int]:
    row = Project.objects.get(pk=project["id"])
    return row.digest, Annotation.objects.now().filter(project=row).count()


@pytest.fixture
def images(ada: Api, project: dict[str, Any]) -> list[int]:
    return ada.images(project["id"], 3)


def test_merge_writes_what_is_there_once(ada: Api, project: dict[str, Any], images: list[int]) -> None:
    data = coco({"000.png": [BOX, BOX, [5, 5, 9, 9]]})
    assert do_import(ada, project, data)["annotations"]["created"] == 3
    before = state(project)
    result = do_import(ada, project, data)
    assert (result["annotations"]["created"], result["annotations"]["repeated"], result["revision"]) == (0, 3, None)
    assert state(project) == before


def test_add_writes_every_label_again(ada: Api, project: dict[str, Any], images: list[int]) -> None:
    data = coco({"000.png": [BOX]})
    do_import(ada, project, data)
    assert do_import(ada, project, data, mode="add")["annotations"]["created"] == 1
    assert state(project)[1] == 2


def test_replace_leaves_the_labels_of_the_file(ada: Api, project: dict[str, Any], images: list[int]) -> None:
    cell = project["classes"][0]["id"]
    drawn, other = ada.label(images[0], cell), ada.label(images[1], cell)
    do_import(ada, project, coco({"000.png": [BOX]}))
    kept = next(row["uuid"] for row in ada.annotations(images[0]) if row["uuid"] != drawn)
    result = do_import(ada, project, coco({"000.png": [BOX, [5, 5, 9, 9]]}), mode="replace")
    assert (result["annotations"]["created"], result["annotations"]["repeated"]) == (1, 1)
    assert result["annotations"]["removed"] == 1
    found = {row["uuid"] for row in ada.annotations(images[0])}
    assert kept in found
    assert drawn not in found
    assert [row["uuid"] for row in ada.annotations(images[1])] == [other], "an image that the file does not name"
    ada.post(f"revisions/{Revision.objects.get(number=result['revision']).pk}/revert/").ok()
    assert {row["uuid"] for row in ada.annotations(images[0])} == {kept, drawn}


def test_an_image_without_labels_is_emptied_by_replace(ada: Api, project: dict[str, Any], images: list[int]) -> None:
    ada.label(images[0], project["classes"][0]["id"])
    assert do_import(ada, project, coco({"000.png": []}), mode="replace")["annotations"]["removed"] == 1
    assert ada.annotations(images[0]) == []


def test_a_dry_run_foresees_each_mode(ada: Api, project: dict[str, Any], images: list[int]) -> None:
    ada.label(images[0], project["classes"][0]["id"])
    data = coco({"000.png": [BOX, [5, 5, 9, 9]]})
    do_import(ada, project, coco({"000.png": [BOX]}))
    before = state(project), Operation.objects.count(), Revision.objects.count()
    for mode, expected in {"merge": (1, 1, 0), "add": (2, 0, 0), "replace": (1, 1, 1)}.items():
        found = do_import(ada, project, data, mode=mode, dry_run=True)["annotations"]
        assert (found["created"], found["repeated"], found["removed"]) == expected, mode
    assert (state(project), Operation.objects.count(), Revision.objects.count()) == before


def test_classes_go_where_the_person_says(ada: Api, project: dict[str, Any], images: list[int]) -> None:
    cell, debris = (row["id"] for row in project["classes"])
    data = coco({"000.png": [[1, BOX], [2, BOX], [3, BOX]]}, names=("Zelle", "dirt", "Spore"))
    result = do_import(ada, project, data, classes={"Zelle": cell, "dirt": None, "Spore": "debris"})
    assert [row["class"] for row in ada.annotations(images[0])] == [cell, debris]
    assert result["classes"]["created"] == []
    assert result["annotations"]["skipped"] == 1
    assert {row["name"]: row["action"] for row in result["classes"]["mapping"]} == {
        "Zelle": "mapped",
        "dirt": "skipped",
        "Spore": "mapped",
    }


def test_two_classes_may_become_one_new_one(ada: Api, project: dict[str, Any], images: list[int]) -> None:
    data = coco({"000.png": [[1, BOX], [2, [5, 5, 9, 9]]]}, names=("red", "blue"))
    result = do_import(ada, project, data, classes={"red": "ball", "blue": "ball"})
    assert result["classes"]["counts"] == {"red": 1, "blue": 1}
    (made,) = [row for row in ada.get(f"projects/{project['id']}/").ok()["classes"] if row["name"] == "ball"]
    assert [row["class"] for row in ada.annotations(images[0])] == [made["id"], made["id"]]


def test_a_dry_run_proposes(ada: Api, project: dict[str, Any], images: list[int]) -> None:
    data = coco({"000.png": [[1, BOX], [2, BOX], [2, [5, 5, 9, 9]]]}, names=("CELL", "debrys"))
    mapping = do_import(ada, project, data, dry_run=True)["classes"]["mapping"]
    cell, debris = (row["id"] for row in project["classes"])
    assert (mapping[0]["action"], mapping[0]["class"]) == ("matched", cell)
    assert (mapping[1]["action"], mapping[1]["annotations"]) == ("created", 2)
    assert mapping[1]["suggestions"] == [{"id": debris, "name": "debris"}]


def test_a_mapping_that_cannot_be_is_refused(ada: Api, project: dict[str, Any], images: list[int]) -> None:
    other = ada.project(name="Other")
    before = state(project)
    stream = io.BytesIO(coco({"000.png": [BOX]}))
    path = f"projects/{project['id']}/imports/"
    for classes in ({"cell": other["classes"][0]["id"]}, {"cell": True}, {"cell": ""}, {"cell": 1.5}):
        stream.seek(0)
        answer = ada.send(path, file=stream, classes=json.dumps(classes))
        assert "cell" in answer.refused(400, "bad_classes")
    row = ada.finish(start(ada, project, coco({"000.png": [BOX]}), classes={"dog": None}))
    assert row["error"]["detail"] == "classes: the file has no dog; its classes: cell."
    assert state(project) == before


def test_names_are_matched_by_path_base_name_and_stem(ada: Api, project: dict[str, Any], images: list[int]) -> None:
    data = coco({"000.png": [BOX], "deep/001.png": [BOX], "002.jpg": [BOX], "nobody.png": [BOX]})
    result = do_import(ada, project, data)
    assert result["images"]["matched_by"] == {"path": 1, "base": 1, "stem": 1}
    assert result["images"]["unmatched"] == ["nobody.png"]
    assert state(project)[1] == 3


def test_a_picture_that_is_there_under_another_name_is_found_by_its_checksum(
    ada: Api, project: dict[str, Any], images: list[int]
) -> None:
    data = {"annotations/instances.json": coco({"new.png": [BOX]}), "new.png": picture(color=(1, 80, 160))}
    result = do_import(ada, project, archive(data), "set.zip")
    assert result["images"]["matched_by"] == {"checksum": 1}
    assert len(ada.annotations(images[1])) == 1
    assert Image.objects.filter(project=project["id"]).count() == 3


def test_a_picture_of_its_own_is_not_taken_for_another_of_the_same_base_name(
    ada: Api, project: dict[str, Any], images: list[int]
) -> None:
    data = {"annotations/instances.json": coco({"b/000.png": [BOX]}), "b/000.png": picture(color=(9, 9, 9))}
    assert do_import(ada, project, archive(data), "set.zip")["images"]["created"] == 1
    assert ada.annotations(images[0]) == []


def test_two_entries_for_one_image_are_told(ada: Api, project: dict[str, Any], images: list[int]) -> None:
    result = do_import(ada, project, coco({"a/000.png": [BOX], "b/000.png": [[5, 5, 9, 9]]}))
    assert (result["annotations"]["created"], result["annotations"]["refused"]) == (1, 1)
    assert "give the whole path" in result["problems"][0]["detail"]


def test_a_dry_run_suggests_names(ada: Api, project: dict[str, Any]) -> None:
    ada.upload(project["id"], {"street_0017.png": picture()})
    result = do_import(ada, project, coco({"street-0017 copy.png": [BOX], "x.png": [BOX]}), dry_run=True)
    assert result["images"]["suggestions"] == {"street-0017 copy.png": ["street_0017.png"]}


def test_a_dry_run_shows_the_first_images(ada: Api, project: dict[str, Any], images: list[int]) -> None:
    (shown,) = do_import(ada, project, coco({"000.png": [BOX]}), dry_run=True)["preview"]
    assert (shown["image"], shown["width"], shown["annotation_count"]) == (images[0], 64, 1)
    assert shown["annotations"][0]["box"] == [1.0, 2.0, 10.0, 10.0]


def test_what_was_not_taken_can_be_downloaded(
    ada: Api, stranger: Api, project: dict[str, Any], images: list[int]
) -> None:
    data = coco({"000.png": [BOX, [1, 1, -3, 5], [60, 1, 90, 5]], "nobody.png": [BOX]})
    job = start(ada, project, data)
    url = ada.succeed(job)["problems_url"]
    lines = [json.loads(line) for line in b"".join(ada.raw(url).streaming_content).splitlines()]
    assert sorted(line["kind"] for line in lines) == ["fixed", "refused", "unmatched"]
    assert all(line["where"] and line["detail"].endswith(".") for line in lines)
    assert stranger.raw(url).status_code == 404
    clean = start(ada, project, coco({"000.png": [BOX]}))
    assert "problems_url" not in ada.succeed(clean)
    assert ada.raw(f"imports/{clean['id']}/problems/").status_code == 404


def test_a_wrong_size_is_told_and_labels_stay_inside(ada: Api, project: dict[str, Any], images: list[int]) -> None:
    result = do_import(ada, project, coco({"000.png": [[50, 2, 60, 10], [900, 900, 9, 9]]}, size=(1000, 1000)))
    assert ada.annotations(images[0])[0]["shape"]["box"] == [50.0, 2.0, 14.0, 10.0]
    assert (result["annotations"]["created"], result["annotations"]["refused"]) == (1, 1)
    assert "64 x 48" in json.dumps(result["problems"])


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    root = tmp_path / "offered"
    (root / "set" / "images").mkdir(parents=True)
    (root / "set" / "instances.json").write_bytes(coco({"a.png": [BOX]}))
    (root / "set" / "images" / "a.png").write_bytes(picture())
    settings.IMPORT_FOLDERS = [root]
    return root


def test_it_is_off_by_default(ada: Api, project: dict[str, Any]) -> None:
    answer = ada.post(f"projects/{project['id']}/imports/", {"server_path": "/etc"})
    assert "ANNOTATOR_IMPORT_FOLDERS" in answer.refused(400, "server_folders_off")


def test_a_folder_goes_in_and_stays_where_it_is(ada: Api, project: dict[str, Any], folder: Path) -> None:
    job = ada.post(f"projects/{project['id']}/imports/", {"server_path": str(folder / "set")}).ok(202)
    result = ada.succeed(job)
    assert (result["images"]["created"], result["annotations"]["created"]) == (1, 1)
    assert (folder / "set" / "instances.json").exists()


def test_pictures_of_a_folder_join_an_uploaded_file(ada: Api, project: dict[str, Any], folder: Path) -> None:
    assert do_import(ada, project, coco({"a.png": [BOX]}), server_path="set/images")["images"]["created"] == 1


def test_nothing_outside_is_reached(ada: Api, project: dict[str, Any], folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "instances.json").write_bytes(coco({"a.png": [BOX]}))
    (folder / "link").symlink_to(secret)
    sentences = {
        ada.post(f"projects/{project['id']}/imports/", {"server_path": path}).refused(400, "bad_server_path")
        for path in ("../secret", str(secret), "link", "nothing", "set/../../secret", "/etc/passwd")
    }
    assert len(sentences) == 1, "what is outside and what is not there are told alike"
    assert ada.get("jobs/").ok()["results"] == []


def test_something_has_to_be_sent(ada: Api, project: dict[str, Any], folder: Path) -> None:
    ada.post(f"projects/{project['id']}/imports/", {}).refused(400, "no_file")


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "LABELS", 2)


def test_an_import_of_several_revisions_is_one_operation(
    small_pieces: None, ada: Api, project: dict[str, Any], images: list[int]
) -> None:
    before = state(project)
    result = do_import(ada, project, coco({f"00{n}.png": [BOX, [5, 5, 9, 9]] for n in range(3)}))
    assert result["revision"] == result["first_revision"] + 2
    revisions = Revision.objects.filter(project=project["id"], number__gte=result["first_revision"])
    assert len({row.operation_id for row in revisions}) == 1
    ada.post(f"revisions/{revisions[0].pk}/revert/").ok()
    assert state(project) == before


def test_a_file_that_breaks_off_is_taken_back(
    small_pieces: None, ada: Api, project: dict[str, Any], images: list[int], tmp_path: Path
) -> None:
    do_import(ada, project, coco({f"00{n}.png": [BOX, [5, 5, 9, 9]] for n in range(3)}))
    job = ada.post(f"projects/{project['id']}/exports/", {"format": "native"}).ok(202)
    ada.succeed(job)
    whole = ada.download(ada.get(f"jobs/{job['id']}/").ok(), tmp_path).read_bytes()
    other = ada.project(name="Other")
    ada.images(other["id"], 3)
    before = state(other)
    row = ada.finish(start(ada, other, whole[: len(whole) - 40]))
    assert row["error"]["code"] == "bad_import"
    assert row["error"]["detail"].endswith("What had gone in until then was taken back.")
    assert state(other) == before
    assert Revision.objects.filter(project=other["id"], kind="import").count() == 2
    jobs.run_job(row["id"])
    assert state(other) == before


def test_a_cancelled_import_is_taken_back(
    small_pieces: None, ada: Api, project: dict[str, Any], images: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(project)
    job = start(ada, project, coco({f"00{n}.png": [BOX, [5, 5, 9, 9]] for n in range(3)}))
    tick = jobs.JobContext.tick

    def cancel_in_the_middle(context: jobs.JobContext, done: int, total: int) -> None:
        if done == 2:
            ada.post(f"jobs/{job['id']}/cancel/").ok()
            context.check_cancelled()
        tick(context, done, total)

    monkeypatch.setattr(jobs.JobContext, "tick", cancel_in_the_middle)
    assert ada.finish(job)["state"] == "cancelled"
    assert Revision.objects.filter(project=project["id"], kind="import").count() == 2
    assert state(project) == before


BAD_FILES: dict[str, tuple[str, bytes]] = {
    "truncated": ("labels.json", coco({"000.png": [BOX]})[:-30]),
    "nested": ("labels.json", b"[" * 200_000),
    "bomb": ("bomb.zip", archive({"images/a.png": b"\0" * (80 << 20)})),
    "absolute path": ("set.zip", archive({"/etc/cron.d/x": b"x", "instances.json": coco({"000.png": [BOX]})})),
    "leads out": ("set.zip", archive({"../../x": b"x", "instances.json": coco({"000.png": [BOX]})})),
    "entities": ("a.xml", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><annotation><object>&a;</object></annotation>'),
    "empty archive": ("set.zip", archive({})),
}


@pytest.mark.parametrize("what", BAD_FILES)
def test_bad_files_end_in_a_sentence_and_change_nothing(
    ada: Api, project: dict[str, Any], images: list[int], what: str
) -> None:
    name, data = BAD_FILES[what]
    before = state(project)
    row = ada.finish(start(ada, project, data, name))
    assert row["state"] == "failed"
    assert row["error"]["code"] != "internal", row["error"]
    assert row["error"]["detail"].endswith(".")
    assert state(project) == before


def test_bad_records_are_listed_and_the_rest_goes_in(ada: Api, project: dict[str, Any], images: list[int]) -> None:
    body = json.loads(coco({"000.png": [BOX], "001.png": [BOX]}))
    good = body["annotations"][0]
    body["images"] += [body["images"][0], {"id": "9", "width": 5, "height": 5}]
    body["annotations"] += [
        {**good, "bbox": [0, 0, -5, 5]},
        {**good, "bbox": [1e300, 0, 5, 5]},
        {**good, "bbox": ["a", 0, 5, 5]},
        {**good, "category_id": 77},
        {**good, "image_id": 77},
        {**good, "segmentation": {"size": [48, 64], "counts": "\u0000"}},
        7,
    ]
    result = do_import(ada, project, json.dumps(body).encode())
    assert result["annotations"]["created"] == 2
    assert result["annotations"]["refused"] >= 7
    assert all(problem["detail"].endswith(".") for problem in result["problems"])


@pytest.mark.parametrize("damage", [(b"[1, 2", b"[NaN, 2"), (b"[1, 2", b"[1e999, 2")])
def test_a_damaged_word_is_told(
    ada: Api, project: dict[str, Any], images: list[int], damage: tuple[bytes, bytes]
) -> None:
    row = ada.finish(start(ada, project, coco({"000.png": [BOX, [5, 5, 9, 9]]}).replace(*damage, 1)))
    if row["state"] == "failed":
        assert row["error"]["code"] == "bad_import"
        assert state(project)[1] == 0
    else:
        assert row["result"]["problem_count"] >= 1, row["result"]


# What readers are told.

QUADS = b"10 10 40 12 38 30 8 26 cell 0\n"


def test_options_of_the_reader_are_chosen(ada: Api, project: dict[str, Any], images: list[int]) -> None:
    formats = {row["key"]: row for row in ada.get("formats/").ok()}
    assert [option["key"] for option in formats["dota"]["read_options"]] == ["quads"]
    data = archive({"labelTxt/000.txt": QUADS, "labelTxt/001.txt": QUADS})
    do_import(ada, project, data, "dota.zip", format="dota")
    assert {label["shape"]["type"] for label in ada.annotations(images[0])} == {"rotated_box"}
    options = {"format": "dota", "mode": "replace", "options": json.dumps({"quads": "polygon"})}
    do_import(ada, project, data, "dota.zip", **options)
    assert {label["shape"]["type"] for label in ada.annotations(images[0])} == {"polygon"}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"format": "dota", "options": '{"quads": "round"}'}, "rotated_box, polygon"),
        ({"format": "dota", "options": '{"size_of": 1}'}, "dota has quads"),
        ({"format": "coco", "options": '{"quads": "polygon"}'}, "coco has none"),
        ({"options": '{"quads": "polygon"}'}, "name the format"),
        ({"format": "dota", "options": "[1]"}, "must be an object"),
    ],
)
def test_options_that_the_reader_does_not_have_are_refused(
    ada: Api, project: dict[str, Any], images: list[int], options: dict[str, str], sentence: str
) -> None:
    before = state(project)
    stream = io.BytesIO(QUADS)
    stream.name = "000.txt"
    answer = ada.send(f"projects/{project['id']}/imports/", file=stream, **options)
    assert sentence in answer.refused(400, "bad_options")
    assert state(project) == before


def test_images_that_are_here_tell_sizes_that_a_label_file_does_not(
    ada: Api, project: dict[str, Any], images: list[int]
) -> None:
    row = b"0 0.5 0.5 0.25 0.5\n"
    files = {"data.yaml": b"names: [cell]\n", "labels/train/000.txt": row, "labels/val/elsewhere.txt": row}
    result = do_import(ada, project, archive(files), "yolo.zip", format="yolo_detect")
    assert [label["shape"]["box"] for label in ada.annotations(images[0])] == [[24, 12, 16, 24]]
    assert result["annotations"]["created"] == 1
    assert any("elsewhere" in problem["where"] for problem in result["problems"])
