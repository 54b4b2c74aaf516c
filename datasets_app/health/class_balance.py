"""Classes that a model will see too rarely, or never, to learn or to be examined in them."""

from __future__ import annotations

from collections.abc import Iterator

from datasets_app.health.base import ClassFacts, Finding, Limits, Overview


class ClassBalance:
    def look(self, overview: Overview, limits: Limits) -> Iterator[Finding]:
        objects, images = overview.counters.tables["objects"], overview.counters.tables["images"]
        numbers = {key: objects[key,] for key in overview.classes}
        used = {key: number for key, number in numbers.items() if number}
        yield from self._imbalance(overview, used, limits)
        for key, label_class in overview.classes.items():
            if not numbers[key]:
                yield _finding(label_class, "unused", "info", f"No object has the class {label_class.name}.", 0)
                continue
            if numbers[key] < limits["objects"]:
                detail = f"{label_class.name} has {numbers[key]} objects; {limits['objects']:g} are the least."
                yield _finding(label_class, "few_objects", "warning", detail, numbers[key])
            if images[key,] < limits["images"]:
                detail = f"{label_class.name} is on {images[key,]} images; {limits['images']:g} are the least."
                yield _finding(label_class, "few_images", "warning", detail, images[key,])
        yield from self._absent(overview)

    def _imbalance(self, overview: Overview, used: dict[int, int], limits: Limits) -> Iterator[Finding]:
        if len(used) < 2:
            return
        rarest, most = min(used, key=lambda key: (used[key], key)), max(used, key=lambda key: (used[key], -key))
        ratio = used[most] / used[rarest]
        if ratio > limits["ratio"]:
            severity = "error" if ratio > limits["ratio_error"] else "warning"
            names = overview.classes[most].name, overview.classes[rarest].name
            detail = f"{names[0]} has {ratio:.0f} times as many objects as {names[1]}."
            yield Finding(
                "imbalance", severity, "imbalance", detail[:500], class_id=rarest, value=round(ratio, 3),
                count=used[rarest], filter={"class": rarest},
            )  # fmt: skip

    def _absent(self, overview: Overview) -> Iterator[Finding]:
        totals = {split: sum(numbers.values()) for split, numbers in overview.splits.items()}
        for key, label_class in overview.classes.items():
            for split, numbers in overview.splits.items():
                elsewhere = sum(other.get(key, 0) for other in overview.splits.values())
                if elsewhere and totals[split] and not numbers.get(key, 0):
                    detail = f"No object of {label_class.name} is in {split} of the newest version."
                    yield _finding(label_class, "absent", "warning", detail, elsewhere, split)


def _finding(label_class: ClassFacts, code: str, severity: str, detail: str, count: int, part: str = "") -> Finding:
    key = f"{code}:{label_class.id}:{part}"
    return Finding(
        code, severity, key, detail[:500], class_id=label_class.id, value=count, count=count,
        filter={"class": label_class.id},
    )  # fmt: skip


CHECK = ClassBalance()
