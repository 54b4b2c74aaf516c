"""Images that look nearly the same, in clusters: bursts, frames, resized and re-encoded copies."""

from __future__ import annotations

from collections.abc import Iterator

from datasets_app.health.base import Finding, Limits, Pictures, members_key


class LookAlikes:
    def look(self, pictures: Pictures, limits: Limits) -> Iterator[Finding]:
        for images in pictures.look_alikes(int(limits["bits"])):
            if len({pictures.sha256[image] for image in images}) > 1:
                detail = f"{len(images)} images look nearly the same."
                yield Finding(
                    "cluster", "warning", members_key("cluster", images), detail, tuple(images), value=len(images)
                )


CHECK = LookAlikes()
