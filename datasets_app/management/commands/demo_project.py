"""`manage.py demo_project`: a small project from real pictures that ship inside scikit-image and scikit-learn."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import numpy as np
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from skimage import data, filters, measure, morphology, segmentation
from typing_extensions import override

from annotator.core.geometry.shapes import mask_to_shapes
from datasets_app.models import Annotation, Image, ImageState, ImageStatus, Project
from datasets_app.selectors.label_class import class_states
from datasets_app.services.annotation import annotation_row
from datasets_app.services.image import Upload, images_take
from datasets_app.services.project import project_create
from datasets_app.services.revision import revision_open

NAME = "Demo: everyday things"
CLASSES = ("person", "cat", "cup", "coin", "rocket", "helmet", "spoon", "camera")
PICTURES = (
    ("skimage.data", ("astronaut.png", "chelsea.png", "coffee.png", "rocket.jpg", "coins.png", "camera.png")),
    ("skimage.data", ("motorcycle_left.png", "hubble_deep_field.jpg", "ihc.png", "retina.jpg", "page.png", "moon.png")),
    ("sklearn.datasets.images", ("china.jpg", "flower.jpg")),
)
BOXES = {
    "astronaut.png": (("person", 22, 14, 345, 498), ("rocket", 356, 0, 102, 282), ("helmet", 280, 345, 226, 167)),
    "chelsea.png": (("cat", 0, 0, 384, 300),),
    "coffee.png": (("cup", 172, 16, 234, 290), ("spoon", 322, 62, 102, 264)),
    "rocket.jpg": (("rocket", 308, 127, 30, 278),),
    "camera.png": (("person", 0, 63, 330, 449), ("camera", 255, 135, 70, 62)),
}
"""Class, x, y, width, height in pixels, drawn by hand."""


class Command(BaseCommand):
    help = "Creates the demo project once; a second call changes nothing."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", help="Its owner; default: the first administrator.")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        if Project.objects.exists():
            self.stdout.write("There are projects already; the demo project was not added.")
            return
        users = get_user_model().objects.order_by("pk")
        owner = (
            users.filter(username=options["user"]).first()
            if options["user"]
            else users.filter(is_superuser=True).first()
        )
        if owner is None:
            raise CommandError("There is no such user; create one first, such as with `manage.py createsuperuser`.")
        with transaction.atomic():
            project = _create(owner)
        self.stdout.write(f"Created the project {project.name!r} with {len(_names())} images.")


def _names() -> list[tuple[str, str]]:
    return [(package, name) for package, names in PICTURES for name in names]


def _create(owner: Any) -> Project:
    project = project_create(
        author=owner,
        name=NAME,
        task="detection",
        classes=[{"name": name} for name in CLASSES],
        description="Pictures that ship with scikit-image and scikit-learn; try every tool on them.",
    )
    streams = [(name, (files(package) / name).open("rb")) for package, name in _names()]
    taken = images_take(project, [Upload(name, stream) for name, stream in streams], author=owner)
    for _, stream in streams:
        stream.close()
    class_ids = {state.name: state.label_class_id for state in class_states(project.pk)}
    with revision_open(project.pk, author=owner, kind="import", message="Labels of the demo project") as door:
        rows = [row for image in taken.created for row in _rows(image, class_ids)]
        door.open(rows)
        labelled = {row.image_id for row in rows}
        states = list(ImageState.objects.now().filter(image_id__in=labelled))
        door.close(states)
        door.open([state.successor(status=ImageStatus.ANNOTATED) for state in states])
    return project


def _rows(image: Image, class_ids: dict[str, int]) -> Iterator[Annotation]:
    shapes: list[tuple[str, dict[str, Any]]] = [
        (name, {"type": "box", "box": list(box)}) for name, *box in BOXES.get(image.name, ())
    ]
    if image.name == "coins.png":
        shapes += [("coin", shape) for shape in _coins()]
    for index, (name, shape) in enumerate(shapes):
        key = uuid5(NAMESPACE_URL, f"annotator-demo/{image.uuid}/{index}")
        fields = {"uuid": str(key), "class": class_ids[name], "shape": shape}
        yield annotation_row(image, fields, class_ids=set(class_ids.values()))


def _coins() -> Sequence[dict[str, Any]]:
    """One polygon a coin, found as in scikit-image's own example: Otsu, closing, clearing of the border."""
    picture = data.coins()
    bright = morphology.closing(picture > filters.threshold_otsu(picture), morphology.footprint_rectangle((3, 3)))
    labels = measure.label(segmentation.clear_border(bright))
    found = [region.label for region in measure.regionprops(labels) if region.area > 400]
    filled = (morphology.remove_small_holes(labels == label, max_size=400) for label in found)
    return [shape for mask in filled for shape in mask_to_shapes(np.asarray(mask), "polygon", 1.0)]
