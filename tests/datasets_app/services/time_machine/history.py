"""Acts on what was: restores, reverts, versions, comparisons."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from datasets_app.models import Revision, Version
from datasets_app.selectors.diff import ObjectFilter, changed_objects, image_counts, object_counts
from datasets_app.selectors.diff_sql import Span
from tests.datasets_app.services.counting import assert_tally_is_fresh, assert_version_is_fresh
from tests.datasets_app.services.time_machine.base import Played
from tests.datasets_app.services.time_machine.naive import Undone, restored_class, restored_image


class HistoryActs(Played):
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        revision = self.past(data)
        self.finish(self.ada.post(f"projects/{self.project}/restore/", {"revision": revision}))
        self.settle(self.states[revision].copy())

    @rule(data=st.data())
    def restore_image(self, data: st.DataObject) -> None:
        revision, image = self.past(data), data.draw(st.sampled_from(self.images))
        answer = self.ada.post(f"projects/{self.project}/restore/", {"revision": revision, "image": image})
        then = self.states[revision]
        if image not in then.images:
            answer.refused(400, "not_there")
            self.settle(self.now)
            return
        self.finish(answer)
        self.settle(restored_image(self.now, then, image))

    @rule(data=st.data())
    def restore_class(self, data: st.DataObject) -> None:
        revision = self.past(data)
        then = self.states[revision]
        if not then.classes:
            return
        label_class = data.draw(st.sampled_from(sorted(then.classes)))
        body = {"revision": revision, "class": label_class}
        self.finish(self.ada.post(f"projects/{self.project}/restore/", body))
        self.settle(restored_class(self.now, then, label_class))

    @rule(data=st.data())
    def revert(self, data: st.DataObject) -> None:
        """One revision with its operation, or everything from one to another."""
        first = self.past(data, 2)
        last = first if data.draw(st.booleans()) else min(first + data.draw(st.integers(0, 4)), self.number)
        rows = Revision.objects.filter(project=self.project)
        numbers = set(range(first, last + 1))
        operations = {row.operation_id for row in rows.filter(number__in=numbers)} - {None}
        numbers |= set(rows.filter(operation__in=operations).values_list("number", flat=True))
        first, last = min(numbers), max(numbers)
        if numbers != set(range(first, last + 1)):
            return
        keeps = data.draw(st.booleans())
        body = {"first": first, "last": last, "on_conflict": "keep_later" if keeps else "refuse"}
        answer = self.ada.post(f"projects/{self.project}/revert/", body)
        if answer.status == 400:
            answer.refused(400, "already_reverted")
            return
        undone = Undone(self.now, self.states[first - 1], self.states[last], self.written, numbers)
        if undone.conflicts and not keeps:
            if answer.status == 202:
                row = self.ada.finish(answer.body)
                assert (row["state"], row["error"]["code"]) == ("failed", "conflict")
            else:
                answer.refused(409, "conflict")
            self.settle(self.now)
            return
        found = self.ada.succeed(answer.body) if answer.status == 202 else answer.ok()
        assert found["conflict_count"] == undone.conflicts
        self.settle(undone.found)

    @precondition(lambda self: self.now.images)
    @rule()
    def version(self) -> None:
        made = self.ada.post(f"projects/{self.project}/versions/", {"name": "v", "group_by": "group"}).ok(201)
        assert made["revision"] == self.number
        version = Version.objects.get(pk=made["id"])
        assert_tally_is_fresh(version.project)
        assert_version_is_fresh(version)
        if len(self.versions) < 2:
            self.versions.append((made["id"], made["digest"], self.exported(made["id"])))

    @rule(data=st.data())
    def compare(self, data: st.DataObject) -> None:
        """The diff of any two revisions is what a comparison of two copies finds."""
        start, end = self.past(data), self.past(data)
        one, two = self.states[start], self.states[end]
        span = Span(self.project, start, end)
        found = {row["uuid"]: row["kinds"] for row in changed_objects(span, ObjectFilter(), limit=1000)}
        differing = {
            key for key in one.objects.keys() | two.objects.keys() if one.objects.get(key) != two.objects.get(key)
        }
        assert found.keys() == differing
        for key, kinds in found.items():
            assert (kinds == ["added"]) == (key not in one.objects)
            assert (kinds == ["removed"]) == (key not in two.objects)
        counts = object_counts(span)
        assert counts["added"] + counts["removed"] + counts["changed"] == len(differing)
        images = image_counts(span)
        changed = {key for key in one.images.keys() | two.images.keys() if one.images.get(key) != two.images.get(key)}
        assert images["added"] + images["removed"] + images["changed"] == len(changed)
