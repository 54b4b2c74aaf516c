"""What stands in two splits of the newest version and thereby tells a model the answers of its examination."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from datasets_app.health.base import Finding, Limits, Pictures, members_key
from datasets_app.ir import SPLITS


class SplitLeaks:
    def look(self, pictures: Pictures, limits: Limits) -> Iterator[Finding]:
        if not pictures.splits:
            return
        members: dict[str, list[int]] = defaultdict(list)
        for image in sorted(pictures.groups):
            members[pictures.groups[image]].append(image)
        for group, images in sorted(members.items()):
            if found := self._cut(pictures, "group", f'The group "{group}"', images):
                yield found
        for images in pictures.look_alikes(int(limits["bits"])):
            same = len({pictures.sha256[image] for image in images}) == 1
            code, what = ("same", "One picture") if same else ("cluster", "A cluster of look-alikes")
            if found := self._cut(pictures, code, what, images):
                yield found

    def _cut(self, pictures: Pictures, code: str, what: str, images: Sequence[int]) -> Finding | None:
        placed = [image for image in images if image in pictures.splits]
        numbers = Counter(pictures.splits[image] for image in placed)
        if len(numbers) < 2:
            return None
        shares = ", ".join(f"{numbers[split]} in {split}" for split in SPLITS if numbers[split])
        # The images of the largest part come first, because a fix moves the others to them.
        place = {split: (-number, SPLITS.index(split)) for split, number in numbers.items()}
        ordered = sorted(placed, key=lambda image: (place[pictures.splits[image]], image))
        detail = f"{what[:300]} is cut: {shares}."
        return Finding(code, "error", members_key(code, placed), detail, tuple(ordered), value=len(placed))


CHECK = SplitLeaks()
