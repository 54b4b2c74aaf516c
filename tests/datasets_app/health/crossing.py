"""A row as an older version of a tool could have left it: the API would not take such a shape today."""

from __future__ import annotations

from uuid import uuid4

from datasets_app.models import Annotation, Image
from datasets_app.services.revision import revision_open


def crossing_row(image: int, label_class: int) -> Annotation:
    """A box of 20 x 10 of which half lies beyond the right edge of a picture of 64 x 48."""
    found = Image.objects.get(pk=image)
    row = Annotation(
        project_id=found.project_id, image=found, label_class_id=label_class, uuid=uuid4(), type="box",
        shape='{"type":"box","box":[54.0,10.0,20.0,10.0]}', x=54, y=10, width=20, height=10, area=200,
    )  # fmt: skip
    with revision_open(found.project_id, author=None, kind="import") as door:
        door.open([row])
    return row
