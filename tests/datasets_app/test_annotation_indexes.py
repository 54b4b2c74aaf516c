"""One index over the UUIDs of annotations: it keeps live ones apart, and every search by UUID stands on it."""

from __future__ import annotations

from copy import copy
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from datasets_app.models import Annotation
from tests.client import Api

INDEX = "annotation_once"
CROWD = 2000
BEFORE = "0002_health_counts_colours_and_handwork"


@pytest.fixture(autouse=True)
def _quiet_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.core.jobs.send", lambda _row: None)


def labelled(api: Api) -> tuple[int, int, str]:
    """A project, an image of it, and the UUID of a label that was moved once."""
    project = api.project()
    image = api.images(project["id"], 1)[0]
    key = api.label(image, project["classes"][0]["id"])
    api.change(image, update=[{"uuid": key, "shape": {"type": "box", "box": [4, 4, 20, 10]}}]).ok()
    return project["id"], image, key


def plan(rows: QuerySet[Any]) -> str:
    """How the database would find these rows, were there many of them."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    return str(rows.explain())


def crowd_in(one: Annotation) -> None:
    """So many labels beside one that a database which counts its rows has reason to use an index."""
    others = [copy(one) for _ in range(CROWD)]
    for other in others:
        other.pk, other.uuid = None, uuid4()
    Annotation.objects.bulk_create(others)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {Annotation._meta.db_table}")


@pytest.mark.django_db
def test_labels_are_found_by_their_uuid_through_the_index() -> None:
    ada = Api("ada")
    project, _, key = labelled(ada)
    crowd_in(Annotation.objects.now().get(uuid=key))
    rows = Annotation.objects.filter(project=project, uuid__in=[key, uuid4()]).order_by()
    for found in (rows, rows & Annotation.objects.now()):
        assert INDEX in plan(found)
        assert {str(row.uuid) for row in found} == {key}


@pytest.mark.django_db
def test_a_label_may_have_many_pasts_and_one_present() -> None:
    ada = Api("ada")
    _, _, key = labelled(ada)
    past, now = Annotation.objects.filter(uuid=key).order_by("created_in")
    assert past.deleted_in is not None
    with pytest.raises(IntegrityError), transaction.atomic():
        now.successor(created_in=now.created_in + 1, deleted_in=None).save()
    Annotation.objects.filter(pk=now.pk).update(deleted_in=now.created_in + 1)
    now.successor(created_in=now.created_in + 1, deleted_in=None).save()
    assert Annotation.objects.filter(uuid=key).count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_database_with_labels_gets_the_index_and_can_go_back() -> None:
    ada = Api("ada")
    _, image, key = labelled(ada)
    shown = ada.get(f"images/{image}/annotations/").ok()
    call_command("migrate", "datasets_app", BEFORE, verbosity=0)
    try:
        assert INDEX not in indexes()
        assert {"annotation_live", "annotation_uuid"} <= indexes()
    finally:
        call_command("migrate", verbosity=0)
    assert INDEX in indexes()
    assert not {"annotation_live", "annotation_uuid"} & indexes()
    assert ada.get(f"images/{image}/annotations/").ok() == shown
    assert Annotation.objects.filter(uuid=UUID(key)).count() == 2


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, Annotation._meta.db_table))
