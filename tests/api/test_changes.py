"""Saving from the editor: nothing lost, nothing doubled, conflicts per object."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from datasets_app.models import Annotation, Project, Revision
from tests.client import Api

BOX = {"type": "box", "box": [1.0, 2.0, 30.0, 20.0]}


@pytest.fixture
def image(ada: Api, project: dict[str, Any]) -> int:
    return ada.images(project["id"], 1)[0]


@pytest.fixture
def cell(project: dict[str, Any]) -> int:
    return int(project["classes"][0]["id"])


def new(cell: int, shape: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    return {"uuid": str(uuid4()), "class": cell, "shape": shape or BOX, **fields}


def test_create_update_delete_and_read_back(ada: Api, image: int, cell: int) -> None:
    one, two = new(cell), new(cell, {"type": "polygon", "parts": [{"outer": [[1, 1], [9, 1], [9, 9]], "holes": []}]})
    first = ada.change(image, create=[one, two]).ok()
    assert (first["created"], first["updated"], first["deleted"], first["state"]) == (2, 0, 0, "annotated")
    second = ada.change(
        image, update=[{"uuid": one["uuid"], "occluded": True, "attributes": {"stage": "late"}}], delete=[two["uuid"]]
    ).ok()
    assert (second["created"], second["updated"], second["deleted"]) == (0, 1, 1)
    (left,) = ada.annotations(image)
    assert (left["uuid"], left["shape"], left["occluded"]) == (one["uuid"], BOX, True)
    assert (left["attributes"], left["source"], left["created_by"]) == ({"stage": "late"}, "human", "ada")
    assert len(ada.annotations(image, revision=first["revision"])) == 2


@pytest.mark.parametrize(
    ("shape", "kept"),
    [
        (
            {"type": "rotated_box", "center": [20, 15], "size": [12, 5], "angle": -30},
            {"type": "rotated_box", "center": [20.0, 15.0], "size": [12.0, 5.0], "angle": 330.0},
        ),
        (
            {"type": "ellipse", "center": [20, 15], "radii": [6, 3], "angle": 0},
            {"type": "ellipse", "center": [20.0, 15.0], "radii": [6.0, 3.0], "angle": 0.0},
        ),
        (
            {"type": "polyline", "points": [[1, 1], [9, 4], [9, 4]]},
            {"type": "polyline", "points": [[1.0, 1.0], [9.0, 4.0]]},
        ),
        (
            {"type": "skeleton", "points": [[3, 4, 2], [7, 7, 0]]},
            {"type": "skeleton", "points": [[3.0, 4.0, 2], [0.0, 0.0, 0]]},
        ),
        ({"type": "caption", "text": " Two cells. "}, {"type": "caption", "text": "Two cells."}),
    ],
)
def test_every_kind_of_shape_is_kept_in_its_canonical_form(
    ada: Api, image: int, cell: int, shape: dict[str, Any], kept: dict[str, Any]
) -> None:
    ada.change(image, create=[new(cell, shape)]).ok()

    assert [row["shape"] for row in ada.annotations(image)] == [kept]


def test_a_replayed_batch_gets_the_first_answer_and_doubles_nothing(ada: Api, image: int, cell: int) -> None:
    batch, created, base = str(uuid4()), new(cell), ada.get(f"images/{image}/annotations/").ok()["revision"]
    first = ada.change(image, base=base, batch=batch, create=[created]).ok()
    again = ada.change(image, base=base, batch=batch, create=[created]).ok()
    assert again == first
    assert len(ada.annotations(image)) == 1
    assert Revision.objects.filter(batch_id=batch).count() == 1


def test_a_create_that_arrived_already_under_another_batch_is_not_doubled(ada: Api, image: int, cell: int) -> None:
    created = new(cell)
    ada.change(image, create=[created]).ok()
    ada.change(image, create=[created]).ok()
    assert len(ada.annotations(image)) == 1


def test_conflicting_objects_come_back_with_both_sides_and_the_rest_is_saved(ada: Api, image: int, cell: int) -> None:
    shared, mine = new(cell), new(cell)
    base = ada.change(image, create=[shared, mine]).ok()["revision"]
    theirs = {"type": "box", "box": [5.0, 5.0, 6.0, 6.0]}
    ada.change(image, base=base, update=[{"uuid": shared["uuid"], "shape": theirs}]).ok()
    updates = [
        {"uuid": shared["uuid"], "shape": BOX | {"box": [0.0, 0.0, 3.0, 3.0]}},
        {"uuid": mine["uuid"], "crowd": True},
    ]
    batch = str(uuid4())
    answer = ada.change(image, base=base, batch=batch, update=updates)
    answer.refused(409, "conflict")
    (conflict,) = answer.body["conflicts"]
    assert (conflict["uuid"], conflict["reason"]) == (shared["uuid"], "changed")
    assert conflict["mine"]["shape"]["box"] == [0.0, 0.0, 3.0, 3.0]
    assert conflict["theirs"]["shape"] == theirs
    assert answer.body["updated"] == 1
    by_uuid = {row["uuid"]: row for row in ada.annotations(image)}
    assert by_uuid[mine["uuid"]]["crowd"] is True
    assert by_uuid[shared["uuid"]]["shape"] == theirs
    assert ada.change(image, base=base, batch=batch, update=updates).body["conflicts"] == answer.body["conflicts"]


def test_changing_what_somebody_deleted_is_a_conflict_and_deleting_it_again_is_none(
    ada: Api, image: int, cell: int
) -> None:
    gone = new(cell)
    base = ada.change(image, create=[gone]).ok()["revision"]
    ada.change(image, base=base, delete=[gone["uuid"]]).ok()
    answer = ada.change(image, base=base, update=[{"uuid": gone["uuid"], "crowd": True}])
    answer.refused(409, "conflict")
    assert answer.body["conflicts"][0]["reason"] == "deleted"
    assert ada.change(image, base=base, delete=[gone["uuid"]]).ok()["deleted"] == 0


def test_undoing_a_delete_brings_the_object_back_under_its_uuid(ada: Api, image: int, cell: int) -> None:
    created = new(cell)
    ada.change(image, create=[created]).ok()
    ada.change(image, delete=[created["uuid"]]).ok()
    ada.change(image, create=[created]).ok()
    assert [row["uuid"] for row in ada.annotations(image)] == [created["uuid"]]


def test_the_answer_shows_what_others_changed_meanwhile(
    ada: Api, image: int, cell: int, project: dict[str, Any]
) -> None:
    Api("grace")
    ada.post(f"projects/{project['id']}/members/", {"username": "grace", "role": "annotator"}).ok(201)
    grace, old = Api("grace"), new(cell)
    base = ada.change(image, create=[old]).ok()["revision"]
    theirs = new(cell)
    grace.change(image, create=[theirs], delete=[old["uuid"]]).ok()
    answer = ada.change(image, base=base, create=[new(cell)]).ok()
    assert [row["uuid"] for row in answer["remote"]["annotations"]] == [theirs["uuid"]]
    assert answer["remote"]["annotations"][0]["created_by"] == "grace"
    assert answer["remote"]["deleted"] == [old["uuid"]]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"shape": {"type": "box", "box": [1, 2, 0, 4]}}, "shape"),
        ({"shape": {"type": "box", "box": [1, 2, None, 4]}}, "shape"),
        ({"shape": {"type": "hexagon"}}, "shape"),
        ({"shape": {"type": "polygon", "parts": [{"outer": [[1, 1], [2, 2]]}]}}, "shape"),
        ({"shape": {"type": "mask", "box": [0, 0, 4, 4], "counts": "\u00e9"}}, "shape"),
        ({"shape": {"type": "rotated_box", "center": [9999, 1], "size": [4, 4], "angle": 0}}, "lies outside"),
        ({"shape": {"type": "ellipse", "center": [4, 4], "radii": [4], "angle": 0}}, "must be two numbers"),
        ({"shape": {"type": "polyline", "points": [[1, 1]]}}, "needs at least 2"),
        ({"shape": {"type": "skeleton", "points": [[1, 1, 0]]}}, "at least one must be there"),
        ({"shape": {"type": "caption", "text": " "}}, "it must have 1 to 10000"),
        ({"score": 2}, "score: must be a number from 0 to 1"),
        ({"occluded": 1}, "occluded: must be true or false"),
        ({"source": "run:1"}, "other sources are set by the server"),
        ({"colour": "red"}, "colour: unknown field"),
        ({"uuid": "not-a-uuid"}, "is not a UUID"),
        ({"attributes": []}, "attributes: must be an object"),
    ],
)
def test_bad_objects_are_refused_with_a_sentence_and_nothing_is_saved(
    ada: Api, image: int, cell: int, fields: dict[str, Any], sentence: str
) -> None:
    head = Revision.objects.count()
    answer = ada.change(image, create=[new(cell), new(cell) | fields])
    assert answer.status == 400
    assert sentence in answer.body["detail"]
    assert Revision.objects.count() == head
    assert ada.annotations(image) == []


def test_an_object_of_another_image_cannot_be_touched_from_here(ada: Api, project: dict[str, Any], cell: int) -> None:
    here, there = ada.images(project["id"], 2)
    key = ada.label(there, cell)
    assert ada.change(here, update=[{"uuid": key, "crowd": True}]).body["code"] == "wrong_image"
    assert ada.change(here, delete=[key]).body["code"] == "wrong_image"
    assert ada.annotations(there)[0]["crowd"] is False


def test_states_follow_the_objects_unless_the_client_says_otherwise(ada: Api, image: int, cell: int) -> None:
    created = new(cell)
    assert ada.change(image, create=[created]).ok()["state"] == "annotated"
    assert ada.change(image, delete=[created["uuid"]]).ok()["state"] == "unlabelled"
    assert ada.change(image, state="verified_empty").ok()["state"] == "verified_empty"
    assert ada.change(image, create=[new(cell)], state="in_progress").ok()["state"] == "in_progress"
    ada.change(image, state="finished").refused(400, "bad_state")


def test_a_batch_that_changes_nothing_makes_no_revision(ada: Api, image: int, cell: int) -> None:
    created = new(cell)
    base = ada.change(image, create=[created]).ok()["revision"]
    answer = ada.change(image, update=[{"uuid": created["uuid"], "shape": BOX}]).ok()
    assert answer["revision"] == base


def test_counts_and_digest_of_the_project_are_those_of_its_rows(
    ada: Api, image: int, cell: int, project: dict[str, Any]
) -> None:
    empty = Project.objects.get(pk=project["id"]).digest
    keys = [ada.label(image, cell) for _ in range(3)]
    counts = ada.get(f"projects/{project['id']}/").ok()["counts"]
    assert (counts["annotations"], counts["annotated"], counts["images"]) == (3, 1, 1)
    ada.change(image, delete=keys).ok()
    assert Project.objects.get(pk=project["id"]).digest == empty
    assert ada.get(f"projects/{project['id']}/").ok()["counts"]["annotations"] == 0
    assert Annotation.objects.filter(project=project["id"]).count() == 3


def test_an_edit_keeps_the_place_in_the_drawing_order(ada: Api, image: int, cell: int) -> None:
    keys = [ada.label(image, cell, (index, 1, 5, 5)) for index in range(3)]
    ada.change(image, update=[{"uuid": keys[0], "shape": BOX}]).ok()
    ada.change(image, delete=[keys[1]]).ok()
    newest = ada.get(f"images/{image}/").ok()
    assert newest["annotation_count"] == 2
    assert [row["uuid"] for row in ada.annotations(image)] == [keys[0], keys[2]]
    ada.change(image, update=[{"uuid": keys[0], "z_order": 1}]).ok()
    assert [row["uuid"] for row in ada.annotations(image)] == [keys[2], keys[0]]


def test_work_of_another_person_is_refused_and_changes_nothing(ada: Api, image: int, cell: int) -> None:
    head = Revision.objects.count()
    batch = {"base_revision": 1, "batch_id": str(uuid4()), "create": [new(cell)]}
    another = str(ada.user.pk + 1)
    for path, body in ((f"images/{image}/changes/", batch), (f"images/{image}/predictions/decide/", batch)):
        ada.post(path, body, x_annotator_person=another).refused(403, "other_person")
    assert Revision.objects.count() == head
    assert ada.annotations(image) == []
    ada.post(f"images/{image}/changes/", batch, x_annotator_person=str(ada.user.pk)).ok()
    assert len(ada.annotations(image)) == 1


@pytest.mark.parametrize("extra", [{"creates": []}, {"update": [], "Delete": ["x"]}])
def test_a_misspelt_key_saves_nothing(ada: Api, project: dict[str, Any], image: int, cell: int, extra: Any) -> None:
    head = Project.objects.get(pk=project["id"]).revision
    sentence = ada.change(image, create=[new(cell)], **extra).refused(400, "unknown_key")
    assert "unknown key" in sentence
    assert sentence.endswith("a batch knows base_revision, batch_id, create, update, delete, state.")
    assert (ada.annotations(image), Project.objects.get(pk=project["id"]).revision) == ([], head)
