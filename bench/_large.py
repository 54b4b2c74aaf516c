"""A project of 100,000 images with 1,000,000 objects, four fifths boxes and one fifth polygons, in a fresh instance."""

import functools
import gc
import random
from typing import Any
from uuid import UUID

from bench._scene import instance

IMAGES = 100_000
OBJECTS_EACH = 10
CLASSES = 80
SIDES = ((640, 480), (480, 640), (1280, 720), (4000, 3000))
IMPORTED_AT_ONCE = 10_000
"""Images of one revision, as an import commits."""


@functools.cache
def large_project() -> Any:
    """Written through the revision door, as an import would."""
    instance()
    from django.contrib.auth import get_user_model  # noqa: PLC0415  Django is set up by the line above

    from datasets_app.models import Image, ImageState  # noqa: PLC0415
    from datasets_app.selectors.label_class import class_states  # noqa: PLC0415
    from datasets_app.services.planner import planner_refresh  # noqa: PLC0415
    from datasets_app.services.project import project_create  # noqa: PLC0415
    from datasets_app.services.revision import revision_open  # noqa: PLC0415

    draw = random.Random(1)
    owner, _ = get_user_model().objects.get_or_create(username="large", is_superuser=True)
    classes = [{"name": f"class {number}"} for number in range(CLASSES)]
    project = project_create(author=owner, name="Large", task="detection", classes=classes)
    class_ids = [state.label_class_id for state in class_states(project.pk)]
    # Few classes hold most objects, as in COCO.
    weights = [1 / (rank + 1) for rank in range(CLASSES)]
    for start in range(0, IMAGES, IMPORTED_AT_ONCE):
        images = [_image(Image, project, index, draw) for index in range(start, start + IMPORTED_AT_ONCE)]
        Image.objects.bulk_create(images, batch_size=500)
        with revision_open(project.pk, author=owner, kind="import") as door:
            door.remember(images=images)
            door.open([ImageState(project=project, image=image, status="annotated") for image in images])
            chosen = draw.choices(class_ids, weights, k=len(images) * OBJECTS_EACH)
            rows = [
                _row(image, chosen[place * OBJECTS_EACH + number], (start + place) * OBJECTS_EACH + number, draw)
                for place, image in enumerate(images)
                for number in range(OBJECTS_EACH)
            ]
            door.open_many(rows, image_uuids={image.pk: str(image.uuid) for image in images})
    # As an import ends.
    planner_refresh(IMAGES * OBJECTS_EACH)
    project.refresh_from_db()
    return project


@functools.cache
def checked_project() -> tuple[Any, int, list[int], int]:
    """Somebody who is signed in, the large project once its health was computed, some images and a class."""
    project = large_project()
    from django.test import Client  # noqa: PLC0415  after Django was set up
    from rest_framework.authtoken.models import Token  # noqa: PLC0415

    from datasets_app.services.health import health_compute  # noqa: PLC0415

    health_compute(project)
    owner = project.memberships.get().user
    token, _ = Token.objects.get_or_create(user=owner)
    images = list(project.images.order_by("pk").values_list("pk", flat=True)[:21])
    # A web process holds nothing of the scene; its garbage collector shall not look through it either.
    gc.freeze()
    client = Client(headers={"authorization": f"Token {token.key}"})
    return client, project.pk, images, project.classes.order_by("-number")[0].pk


def _image(model: Any, project: Any, index: int, draw: random.Random) -> Any:
    width, height = draw.choices(SIDES, (5, 3, 2, 1))[0]
    name = f"{index:064x}"
    return model(
        project=project, name=f"large/{index:06}.jpg", width=width, height=height, size=1, sha256=name,
        source_sha256=name, suffix=".jpg", source_suffix=".jpg", perceptual_hash=draw.getrandbits(64) - 2**63,
        facts={"format": "JPEG", "mode": "RGB", "bit_depth": 8, "frames": 1, "orientation": 1},
    )  # fmt: skip


def _row(image: Any, label_class: int, number: int, draw: random.Random) -> Any:
    from datasets_app.services.bulk_rows import NewAnnotation  # noqa: PLC0415  after Django was set up

    width = min(max(draw.lognormvariate(4, 0.9), 2), image.width / 2)
    height = min(max(width * draw.lognormvariate(0, 0.3), 2), image.height / 2)
    x, y = round(draw.uniform(0, image.width - width), 2), round(draw.uniform(0, image.height - height), 2)
    width, height = round(width, 2), round(height, 2)
    kind, area = "box", width * height
    text = f'{{"type":"box","box":[{x},{y},{width},{height}]}}'
    if number % 5 == 0:
        ring = [[x, y], [x + width, y], [x + width, y + height * 0.7], [x + width / 2, y + height], [x, y + height]]
        kind, area = "polygon", width * height * 0.925
        text = f'{{"type":"polygon","parts":[{{"outer":{ring},"holes":[]}}]}}'
    return NewAnnotation(
        str(UUID(int=10**12 + number)), image.pk, label_class, kind, text, x, y, width, height, area, {}, False, False,
        False, 0, None, "import", None,
    )  # fmt: skip
