"""A data set in which everything is wrong once, and one in which nothing is, as the checks see them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from annotator.core.geometry.shapes import canonical
from datasets_app.health.base import ClassFacts, ImageFacts, ObjectFacts, Overview, Pictures
from datasets_app.health.counters import Counters

WIDTH, HEIGHT = 400, 300
CAT, DOG, RARE, UNUSED = 1, 2, 3, 4
CLASSES = {
    CAT: ClassFacts(CAT, "cat", ({"name": "pose", "type": "select", "values": ["sitting", "lying"]},)),
    DOG: ClassFacts(DOG, "dog", (), {"points": ["nose", "tail"], "edges": [[0, 1]]}),
    RARE: ClassFacts(RARE, "rare"),
    UNUSED: ClassFacts(UNUSED, "unused"),
}
PEOPLE = {1: "ada", 2: "grace"}
FILE = {"format": "JPEG", "mode": "RGB", "bit_depth": 8, "frames": 1, "orientation": 1}


class Scene:
    """Builds images with objects; numbers are given in order, so that the same scene has the same names."""

    def __init__(self) -> None:
        self.images: list[ImageFacts] = []
        self._objects = 0

    def image(self, *objects: ObjectFacts, **facts: Any) -> ImageFacts:
        number = len(self.images) + 1
        own = {"name": f"{number:04}.jpg", "width": WIDTH, "height": HEIGHT, "file": FILE, "status": "annotated"}
        image = ImageFacts(number, str(UUID(int=number)), **{**own, **facts}, objects=objects)
        self.images.append(image)
        return image

    def item(self, shape: dict[str, Any], label_class: int = RARE, **facts: Any) -> ObjectFacts:
        self._objects += 1
        checked = canonical(shape, WIDTH, HEIGHT)
        own: dict[str, Any] = {"author": 1, **facts}
        key = str(UUID(int=10**9 + self._objects))
        return ObjectFacts(key, label_class, checked.type, checked.box, checked.area, checked.json, **own)

    def box(
        self, x: float, y: float, width: float, height: float, label_class: int = RARE, **facts: Any
    ) -> ObjectFacts:
        return self.item({"type": "box", "box": [x, y, width, height]}, label_class, **facts)

    def stored(self, kind: str, text: str, box: tuple[float, float, float, float], area: float) -> ObjectFacts:
        """An object that today's checks of shapes would not let in."""
        self._objects += 1
        return ObjectFacts(str(UUID(int=10**9 + self._objects)), RARE, kind, box, area, text)

    def overview(self, splits: dict[str, dict[int, int]] | None = None) -> Overview:
        counters = Counters()
        for image in self.images:
            counters.add(image)
        return Overview(counters, CLASSES, splits or {}, PEOPLE)

    def pictures(self, **facts: Any) -> Pictures:
        """Every image a picture of its own, unless `facts` say otherwise."""
        ids = [image.id for image in self.images]
        spread = {image: (image * 0x9E3779B97F4A7C15) % 2**64 - 2**63 for image in ids}
        own: dict[str, Any] = {"sha256": {image: f"{image:064x}" for image in ids}, "hashes": spread}
        return Pictures(**{name: {**own.get(name, {}), **facts.get(name, {})} for name in {**own, **facts}})


def healthy() -> Scene:
    """Two classes in balance, by two people."""
    scene = Scene()
    for number in range(40):
        pose = {"attributes": {"pose": "lying"}}
        left = scene.box(20 + number, 30, 60, 50 + number % 3, CAT, author=1 + number % 2, **pose)
        right = scene.box(220 + number, 130, 60, 50 + number % 3, DOG, author=1 + number % 2)
        scene.image(left, right)
    return scene


def sick() -> Scene:
    """Everything that a check can see on one image, once or more."""
    scene = healthy()
    for facts in (
        {"orientation": 6}, {"bit_depth": 16, "mode": "I;16"}, {"mode": "CMYK"}, {"mode": "RGBA"}, {"mode": "P"},
        {"frames": 12}, {"format": "PNG"},
    ):  # fmt: skip
        scene.image(scene.box(10, 10, 60, 50), file={**FILE, **facts})
    scene.image(scene.box(10, 10, 60, 50), width=12_000, height=9_000)
    scene.image(scene.box(10, 10, 0.5, 40), scene.box(0, 0, WIDTH, HEIGHT))
    scene.image(
        scene.stored("box", '{"type":"box","box":[10,10,0,40]}', (10, 10, 0, 40), 0),
        scene.stored("box", '{"type":"box","box":[380,10,60,50]}', (380, 10, 60, 50), 3000),
        scene.stored(
            "polygon", '{"type":"polygon","parts":[{"outer":[[1,1],[9,9],[1,1]],"holes":[]}]}', (1, 1, 8, 8), 1
        ),
    )
    crossing = [[100, 100], [200, 200], [200, 100], [100, 200]]
    scene.image(scene.item({"type": "polygon", "parts": [{"outer": crossing, "holes": []}]}))
    scene.image(scene.box(50, 50, 60, 50, CAT, attributes={"pose": "flying"}), scene.box(250, 50, 60, 50, CAT))
    scene.image(scene.box(50, 50, 60, 50), scene.box(51, 50, 60, 50))
    scene.image(scene.box(50, 50, 60, 50), scene.box(51, 50, 60, 50, DOG))
    scene.image(scene.box(50, 50, 100, 100), scene.box(60, 60, 20, 20))
    scene.image(scene.box(1, 1, 390, 290, DOG))
    scene.image(scene.box(1, 1, 300, 2, DOG))
    scene.image(status="annotated")
    scene.image(scene.box(50, 50, 60, 50), status="verified_empty")
    scene.image(scene.box(50, 50, 60, 50), status="unlabelled")
    scene.image(scene.box(50, 50, 60, 50, 99))
    nose = {"type": "skeleton", "points": [[10, 10, 2]]}
    scene.image(scene.item(nose, DOG), scene.box(100, 100, 50, 50, RARE))
    apart = {"type": "skeleton", "points": [[10, 10, 2], [120, 120, 2]]}
    scene.image(scene.item(apart, DOG, group=1), scene.box(100, 100, 60, 50, DOG, group=1))
    scene.image(*(scene.box(20 * (n % 12), 20 * (n // 12), 15, 12, author=2) for n in range(120)))
    for state in ("unlabelled", "in_progress", "verified_empty", "skipped"):
        scene.image(status=state)
    return scene
