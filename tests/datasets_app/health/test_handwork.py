"""Agreement is read off an image's history: what somebody saw and what they did with it."""

from __future__ import annotations

from datasets_app.health.handwork import (
    ADDED,
    DELETED,
    IMPORT,
    KEPT,
    MODEL,
    MOVED,
    RELABELLED,
    Hand,
    Row,
    handwork,
)

ADA, GRACE = 1, 2
SIZE = (100, 100)
BOX = '{"type":"box","box":[0,0,10,10]}'
MOVED_BOX = '{"type":"box","box":[5,0,10,10]}'
BY = {1: Hand(ADA, False), 2: Hand(ADA, True), 3: Hand(GRACE, True), 4: Hand(GRACE, True), 5: Hand(ADA, False)}


def row(uuid: str, opened: int, closed: int | None = None, **facts: object) -> Row:
    own = {"class_id": 1, "shape_json": BOX, "source": "human", **facts}
    return Row(uuid=uuid, opened=opened, closed=closed, **own)  # type: ignore[arg-type]


def test_each_thing_that_can_be_done_with_an_import_is_told_apart() -> None:
    rows = [
        row("kept", 1, source=IMPORT),
        row("moved", 1, 3, source=IMPORT), row("moved", 3, source=IMPORT, shape_json=MOVED_BOX),
        row("other", 1, 4, source=IMPORT), row("other", 4, class_id=2),
        row("gone", 1, 4, source=IMPORT),
        row("new", 4),
    ]  # fmt: skip

    found = handwork(rows, [1], BY, SIZE)

    maker = (IMPORT, 0)
    assert found.outcomes == {(maker, GRACE, outcome): 1 for outcome in (KEPT, MOVED, RELABELLED, DELETED, ADDED)}
    assert found.overlaps == {(maker, GRACE): 333}
    assert found.work == {GRACE: 3}


def test_people_agree_with_each_other_and_never_with_themselves() -> None:
    rows = [row("one", 2), row("two", 2, 3), row("two", 3, shape_json=MOVED_BOX), row("mine", 3)]

    found = handwork(rows, [4], BY, SIZE)

    assert found.outcomes == {
        (("", ADA), GRACE, KEPT): 1, (("", ADA), GRACE, MOVED): 1, (("", ADA), GRACE, ADDED): 1,
    }  # fmt: skip
    assert found.work == {ADA: 2, GRACE: 2}


def test_saving_an_image_without_a_change_of_objects_agrees_with_all_of_them_once() -> None:
    rows = [row("one", 1, source="run:7"), row("two", 1, source="run:7")]

    assert handwork(rows, [3, 4], BY, SIZE).outcomes == {((MODEL, 0), GRACE, KEPT): 2}


def test_what_changes_labels_unseen_is_nobodys_judgement() -> None:
    rows = [row("one", 2, 5), row("one", 5, class_id=2), row("late", 5, source=IMPORT)]

    assert handwork(rows, [1], BY, SIZE).outcomes == {}


def test_an_image_that_nobody_saved_has_none() -> None:
    found = handwork([row("one", 1, source=IMPORT)], [1, 5], BY, SIZE)

    assert (found.work, found.outcomes, found.overlaps) == ({}, {}, {})
