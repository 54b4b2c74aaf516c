"""Acts on labels and images: the editor, bulk acts, imports, looking at labels again."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.datasets_app.services.time_machine.base import OBJECTS_AN_IMAGE, Played, read_state, shape_text


class LabelActs(Played):
    @precondition(lambda self: self.now.images and self.now.classes)
    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        """One batch of the editor: new, changed and deleted objects."""
        image, wanted = self.alive(data), self.now.copy()
        create, update, delete = [], [], []
        room = max(OBJECTS_AN_IMAGE - len(self.now.on(image)), 0)
        for _ in range(data.draw(st.integers(0, min(room, 3)))):
            key, label_class, box = str(uuid4()), self.some_class(data), self.box(data)
            create.append({"uuid": key, "class": label_class, "shape": {"type": "box", "box": box}})
            wanted.objects[key] = {
                "image": image, "class": label_class, "type": "box", "shape": shape_text(box), "attributes": {},
                "occluded": False, "truncated": False, "crowd": False, "z_order": 0, "group": None,
                "source": "human", "score": None,
            }  # fmt: skip
        for key in self.in_order(self.now.on(image)):
            act = data.draw(st.sampled_from(["keep", "keep", "move", "relabel", "flag", "delete"]))
            row = wanted.objects[key]
            if act == "move":
                box = self.box(data)
                update.append({"uuid": key, "shape": {"type": "box", "box": box}})
                row["shape"], row["type"] = shape_text(box), "box"
            elif act == "relabel":
                row["class"] = self.some_class(data)
                update.append({"uuid": key, "class": row["class"]})
            elif act == "flag":
                row["crowd"], row["attributes"] = not row["crowd"], {"n": self.number}
                update.append({"uuid": key, "crowd": row["crowd"], "attributes": row["attributes"]})
            elif act == "delete":
                delete.append(key)
                del wanted.objects[key]
        touched = wanted.objects != self.now.objects
        self.ada.change(image, create=create, update=update, delete=delete).ok()
        status, *rest = wanted.images[image]
        if touched and wanted.on(image) and status in {"unlabelled", "verified_empty", "skipped"}:
            status = "annotated"
        elif touched and not wanted.on(image) and status in {"annotated", "in_progress"}:
            status = "unlabelled"
        wanted.images[image] = (status, *rest)  # type: ignore[assignment]  # three more
        self.settle(wanted)

    @precondition(lambda self: self.now.images)
    @rule(data=st.data())
    def bulk(self, data: st.DataObject) -> None:
        """One act on several images: state, split, tags, group."""
        ids = data.draw(st.lists(st.sampled_from(sorted(self.now.images)), min_size=1, unique=True))
        action: str
        value: Any
        action, value = data.draw(
            st.sampled_from(
                [
                    *(("set_state", state) for state in ("skipped", "verified_empty", "in_progress")),
                    *(("set_split", split) for split in ("train", "test", "")),
                    *(("add_tags", [tag]) for tag in "xy"),
                    ("set_group", "film"),
                ]
            )
        )
        wanted = self.now.copy()
        for image in ids:
            status, split, tags, group = wanted.images[image]
            wanted.images[image] = (
                value if action == "set_state" else status,
                value if action == "set_split" else split,
                tuple(sorted({*tags, *value})) if action == "add_tags" else tags,
                value if action == "set_group" else group,
            )
        self.ada.post(f"projects/{self.project}/images/bulk/", {"ids": ids, "action": action, "value": value}).ok()
        self.settle(wanted)

    @precondition(lambda self: len(self.now.images) > 1)
    @rule(data=st.data())
    def delete_image(self, data: st.DataObject) -> None:
        image, wanted = self.alive(data), self.now.copy()
        for key in wanted.on(image):
            del wanted.objects[key]
        del wanted.images[image]
        self.ada.post(f"projects/{self.project}/images/bulk/", {"ids": [image], "action": "delete"}).ok()
        self.settle(wanted)

    @precondition(lambda self: self.now.images and self.now.classes)
    @rule(data=st.data())
    def import_labels(self, data: st.DataObject) -> None:
        """A COCO file with labels for pictures that are there; the objects it brings are found afterwards."""
        image, label_class = self.alive(data), self.some_class(data)
        facts = self.ada.get(f"images/{image}/").ok()
        self.names += 1
        box = [float(self.names % 40), 1.0, 3.0, 4.0 + self.names]
        body = {
            "images": [{"id": 1, "file_name": facts["name"], "width": facts["width"], "height": facts["height"]}],
            "categories": [{"id": 1, "name": self.now.classes[label_class]["name"]}],
            "annotations": [
                {"id": 1, "image_id": 1, "category_id": 1, "bbox": box, "area": box[2] * box[3], "iscrowd": 0}
            ],
        }
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "labels.json"
            path.write_text(json.dumps(body))
            with path.open("rb") as stream:
                job = self.ada.send(f"projects/{self.project}/imports/", file=stream).ok(202)
            self.ada.succeed(job)
        found = read_state(self.project, self.head)
        wanted = self.now.copy()
        (key,) = found.objects.keys() - wanted.objects.keys()
        row = found.objects[key]
        assert (row["image"], row["class"]) == (image, label_class)
        assert json.loads(row["shape"])["box"][:3] == box[:3]
        wanted.objects[key] = row
        status, *rest = wanted.images[image]
        wanted.images[image] = ("annotated" if status == "unlabelled" else status, *rest)  # type: ignore[assignment]
        self.settle(wanted)

    @precondition(lambda self: self.now.objects)
    @rule(data=st.data())
    def look_again(self, data: st.DataObject) -> None:
        """Some labels are confirmed, which writes them anew as they are, and some get another class."""
        keys = data.draw(
            st.lists(st.sampled_from(self.in_order(self.now.objects)), min_size=1, max_size=4, unique=True)
        )
        wanted = self.now.copy()
        confirm, relabel = [], []
        for key in keys:
            if data.draw(st.booleans()):
                confirm.append(key)
            else:
                wanted.objects[key]["class"] = self.some_class(data)
                relabel.append({"uuid": key, "class": wanted.objects[key]["class"]})
        self.ada.post(f"projects/{self.project}/revisit/", {"confirm": confirm, "relabel": relabel}).ok()
        self.settle(wanted)
