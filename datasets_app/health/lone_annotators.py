"""Classes that nearly all come from one person although several label: one person's habits become the truth."""

from __future__ import annotations

from collections.abc import Iterator

from datasets_app.health.base import Finding, Limits, Overview


class LoneAnnotators:
    def look(self, overview: Overview, limits: Limits) -> Iterator[Finding]:
        table = overview.counters.tables["people"]
        active = {person for (person, _), number in table.items() if number and person}
        if len(active) < 2:
            return
        for key, label_class in overview.classes.items():
            numbers = {person: table[person, key] for person in active}
            total = sum(numbers.values())
            if not total or total < limits["objects"]:
                continue
            person = max(numbers, key=lambda one: (numbers[one], -one))
            share = numbers[person] / total
            if share > limits["share"]:
                name = overview.people.get(person, "somebody")
                yield Finding(
                    "dominant", "info", f"dominant:{key}:{person}",
                    f"{share:.0%} of the objects of {label_class.name} are by {name}."[:500],
                    class_id=key, value=round(share, 4), count=numbers[person],
                    filter={"class": key, "annotator": name},
                )  # fmt: skip


CHECK = LoneAnnotators()
