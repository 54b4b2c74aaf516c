"""Images whose state says other than their objects do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from datasets_app.health.base import ClassFacts, Finding, ImageFacts, Limits, image_finding


class StateContradictions:
    def look(self, image: ImageFacts, classes: Mapping[int, ClassFacts], limits: Limits) -> Iterator[Finding]:
        del classes, limits
        number = len(image.objects)
        if image.status == "annotated" and not number:
            yield image_finding(image, "nothing", "warning", "The image counts as annotated and holds no object.")
        elif image.status == "verified_empty" and number:
            yield image_finding(image, "not_empty", "error", f"The image counts as empty and holds {number} objects.")
        elif image.status == "unlabelled" and number:
            yield image_finding(image, "labelled", "warning", f"The image counts as unlabelled with {number} objects.")


CHECK = StateContradictions()
