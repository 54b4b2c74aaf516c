"""What a large import stands on: names are looked up in their index, and rows go in many at a time."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from datasets_app.ir import ImageRecord
from datasets_app.models import Annotation, Image, Project
from datasets_app.selectors.label_class import class_states
from datasets_app.services import planner
from datasets_app.services.bulk_rows import MAX_VALUES, NewAnnotation
from datasets_app.services.imports.matching import Matcher
from datasets_app.services.revision import revision_open
from tests.datasets_app.services.test_import_resume import scene

pytestmark = pytest.mark.django_db


def test_names_are_looked_up_and_not_searched_for_among_all_images() -> None:
    """Asked for an order, SQLite walked through the images of the project for each piece of an import."""
    project = scene()
    names = list(Image.objects.values_list("name", flat=True))
    with CaptureQueriesContext(connection) as asked:
        found = Matcher(project).match([ImageRecord(1, name, 64, 48) for name in names], [None] * len(names))
    assert [match.place.name for match in found if match is not None] == names
    (query,) = asked.captured_queries
    assert "ORDER BY" not in query["sql"]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            assert any("project_id=? AND name=?" in detail for *_, detail in cursor.fetchall())


@pytest.mark.parametrize("count", [1, 42, 43, 44, 86, 100])
def test_many_rows_go_in_as_they_are_and_in_their_order(count: int) -> None:
    project = scene()
    image = project.images.order_by("pk")[0]
    label_class = class_states(project.pk)[0].label_class_id
    rows = [_row(image.pk, label_class, number) for number in range(count)]
    with revision_open(project.pk, author=None, kind="import") as door:
        door.open_many(rows, image_uuids={image.pk: str(image.uuid)})
    found = Annotation.objects.now().filter(project=Project.objects.get(pk=project.pk)).order_by("sequence")
    assert 100 * len(NewAnnotation._fields) > MAX_VALUES, "The rows of this test must fill more than one statement."
    assert [(str(row.uuid), row.shape, row.x, row.attributes, row.source, row.score) for row in found] == [
        (row.uuid, row.shape, row.x, row.attributes, row.source, row.score) for row in rows
    ]


@pytest.mark.postgres
def test_postgres_knows_how_much_an_import_brought(monkeypatch: pytest.MonkeyPatch) -> None:
    """Autovacuum looks a minute later, or never: until then a million labels are planned for as if there were none."""
    project = scene()
    image = project.images.order_by("pk")[0]
    label_class = class_states(project.pk)[0].label_class_id
    with revision_open(project.pk, author=None, kind="import") as door:
        door.open_many([_row(image.pk, label_class, n) for n in range(500)], image_uuids={image.pk: str(image.uuid)})
    monkeypatch.setattr(planner, "WORTH_ROWS", 500)
    planner.planner_refresh(500)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [Annotation._meta.db_table])
        assert cursor.fetchone()[0] >= 500


def _row(image: int, label_class: int, number: int) -> Any:
    uuid = f"00000000-0000-4000-8000-{number:012}"
    attributes = {"number": number, "100%": "%s"} if number % 3 == 0 else {}
    # What PostgreSQL's COPY writes differently, in few of the rows.
    attributes |= {"note": 'a "tab"\t, a line\nand \\N'} if number == 41 else {}
    source = "run:\t\\N\r" if number == 42 else "import"
    score = number / 100 if number % 2 else None
    text = f'{{"type":"box","box":[{number}.0,1.0,2.0,3.0]}}'
    return NewAnnotation(
        uuid, image, label_class, "box", text, float(number), 1.0, 2.0, 3.0, 6.0, attributes, False, False, False, 0,
        None, source, score,
    )  # fmt: skip
