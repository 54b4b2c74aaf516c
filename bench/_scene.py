"""A project of 5,000 images with 36,700 polygons, the size at which the peers were measured, in a fresh instance."""

import atexit
import functools
import math
import random
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bench.instance import product_instance

IMAGES = 5_000
POLYGONS = 36_700
POINTS = 20
CLASSES = 20
SIZE = 640, 480


@dataclass(frozen=True, slots=True)
class Scene:
    """The project, its owner, and one image that holds several polygons."""

    project: Any
    owner: Any
    image: Any


_stack = ExitStack()
atexit.register(_stack.close)


@functools.cache
def instance() -> None:
    """One instance for this process, removed when it ends."""
    _stack.enter_context(product_instance())


def closing(action: Callable[[], object]) -> None:
    """Runs `action` when the process ends, before the instance is removed."""
    _stack.callback(action)


@functools.cache
def scene() -> Scene:
    """Written through the revision door, as an import would."""
    instance()
    from django.contrib.auth import get_user_model  # noqa: PLC0415  Django is set up by the line above

    from datasets_app.models import Annotation, Image, ImageState  # noqa: PLC0415
    from datasets_app.selectors.label_class import class_states  # noqa: PLC0415
    from datasets_app.services.annotation import shape_values  # noqa: PLC0415
    from datasets_app.services.project import project_create  # noqa: PLC0415
    from datasets_app.services.revision import revision_open  # noqa: PLC0415

    draw = random.Random(1)
    owner = get_user_model().objects.create_superuser("bench")
    classes = [{"name": f"class {number}"} for number in range(CLASSES)]
    project = project_create(author=owner, name="Bench", task="segmentation", classes=classes)
    class_ids = [state.label_class_id for state in class_states(project.pk)]
    images = [_image(Image, project, index) for index in range(IMAGES)]
    Image.objects.bulk_create(images, batch_size=500)
    with revision_open(project.pk, author=owner, kind="import") as door:
        door.remember(images=images)
        door.open([ImageState(project=project, image=image, status="annotated") for image in images])
        rows = []
        for index in range(POLYGONS):
            image, key = images[index % IMAGES], UUID(int=index + 1)
            values = shape_values(image, key, _polygon(draw))
            rows.append(
                Annotation(project=project, image=image, uuid=key, label_class_id=draw.choice(class_ids), **values)
            )
        door.open(rows)
    project.refresh_from_db()
    return Scene(project, owner, images[0])


def _image(model: Any, project: Any, index: int) -> Any:
    name = f"{index:06}.jpg"
    facts = {"sha256": f"{index:064x}", "source_sha256": f"{index:064x}", "suffix": ".jpg", "source_suffix": ".jpg"}
    # Hashes far apart: the cost of the near-duplicate search is measured, its groups are not.
    return model(
        project=project, name=name, width=SIZE[0], height=SIZE[1], size=1, perceptual_hash=hash((index, "x")), **facts
    )


def _polygon(draw: random.Random) -> dict[str, Any]:
    x, y, radius = draw.uniform(60, 580), draw.uniform(60, 420), draw.uniform(10, 50)
    angles = [2 * math.pi * step / POINTS for step in range(POINTS)]
    outer = [[round(x + radius * math.cos(a), 2), round(y + radius * math.sin(a), 2)] for a in angles]
    return {"type": "polygon", "parts": [{"outer": outer, "holes": []}]}
