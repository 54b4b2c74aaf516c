"""Images that hold exactly the same picture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from datasets_app.health.base import Finding, Limits, Pictures, members_key


class SameBytes:
    def look(self, pictures: Pictures, limits: Limits) -> Iterator[Finding]:
        del limits
        holders: dict[str, list[int]] = defaultdict(list)
        for image in sorted(pictures.sha256):
            holders[pictures.sha256[image]].append(image)
        for images in holders.values():
            if len(images) > 1:
                detail = f"{len(images)} images show exactly the same picture."
                yield Finding(
                    "same", "error", members_key("same", images), detail, tuple(images), value=len(images)
                )  # fmt: skip


CHECK = SameBytes()
