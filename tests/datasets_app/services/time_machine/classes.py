"""Acts on classes: redefine, add, reorder, merge, split, retire."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.datasets_app.services.time_machine.base import CLASS_FIELDS, Played


class ClassActs(Played):
    @precondition(lambda self: self.now.classes)
    @rule(data=st.data())
    def redefine(self, data: st.DataObject) -> None:
        """Another name, colour or key; or its labels no longer wait to be looked at again."""
        label_class, wanted = self.some_class(data), self.now.copy()
        self.names += 1
        changes: dict[str, Any] = data.draw(
            st.sampled_from(
                [
                    {"name": f"name {self.names}"},
                    {"color": f"#0000{self.names % 256:02x}"},
                    {"hotkey": str(self.names % 10)},
                    {"revisit": False},
                ]
            )
        )
        self.ada.patch(f"classes/{label_class}/", changes).ok()
        wanted.classes[label_class].update({"revisit_before": None} if "revisit" in changes else changes)
        self.settle(wanted)

    @precondition(lambda self: len(self.now.classes) > 1)
    @rule(data=st.data())
    def reorder(self, data: st.DataObject) -> None:
        """All classes in a new order, or the first ones, which the others follow as they were."""
        order, wanted = data.draw(st.permutations(sorted(self.now.classes))), self.now.copy()
        answer = self.ada.post(f"projects/{self.project}/classes/order/", {"classes": order}).ok()
        assert [row["id"] for row in answer["results"]] == order
        for position, key in enumerate(order):
            wanted.classes[key]["position"] = position
        self.settle(wanted)
        first = data.draw(st.sampled_from(order))
        order = [first, *(key for key in order if key != first)]
        self.ada.post(f"projects/{self.project}/classes/order/", {"classes": [first]}).ok()
        wanted = self.now.copy()
        for position, key in enumerate(order):
            wanted.classes[key]["position"] = position
        self.settle(wanted)

    @precondition(lambda self: len(self.now.classes) > 1)
    @rule(data=st.data())
    def retire(self, data: st.DataObject) -> None:
        """A class goes: with its labels, or only where it has none."""
        label_class, wanted = self.some_class(data), self.now.copy()
        labels = wanted.of(label_class)
        refuses: bool = data.draw(st.booleans())
        if labels and refuses:
            self.ada.delete(f"classes/{label_class}/").refused(400, "class_in_use")
            self.settle(wanted)
            return
        for key in labels:
            del wanted.objects[key]
        del wanted.classes[label_class]
        answer = self.ada.delete(f"classes/{label_class}/?labels=delete")
        if answer.status == 202:
            self.ada.succeed(answer.body)
        else:
            assert answer.status == 204, answer.body
        self.settle(wanted)

    @precondition(lambda self: len(self.now.classes) < 6)
    @rule()
    def add_class(self) -> None:
        self.names += 1
        body = {"name": f"name {self.names}", "color": "#010203", "hotkey": ""}
        made = self.ada.post(f"projects/{self.project}/classes/", body).ok(201)
        wanted = self.now.copy()
        more = {"position": len(wanted.classes), "attributes": [], "skeleton": {}, "revisit_before": None}
        wanted.classes[made["id"]] = body | more
        self.settle(wanted)

    @precondition(lambda self: len(self.now.classes) > 1)
    @rule(data=st.data())
    def merge(self, data: st.DataObject) -> None:
        one, two = data.draw(st.permutations(sorted(self.now.classes)))[:2]
        wanted = self.now.copy()
        for key in wanted.of(one):
            wanted.objects[key]["class"] = two
        del wanted.classes[one]
        self.finish(self.ada.post(f"classes/{one}/merge/", {"into": two}))
        self.settle(wanted)

    @precondition(lambda self: 0 < len(self.now.classes) < 5)
    @rule(data=st.data())
    def split(self, data: st.DataObject) -> None:
        label_class, wanted = self.some_class(data), self.now.copy()
        self.names += 1
        answer = self.ada.post(f"classes/{label_class}/split/", {"names": [f"name {self.names}"]}).ok()
        (made,) = answer["created"]
        wanted.classes[made["id"]] = {name: made[name] for name in CLASS_FIELDS}
        wanted.classes[label_class]["revisit_before"] = self.number + 1
        assert made["name"] == f"name {self.names}"
        self.settle(wanted)
