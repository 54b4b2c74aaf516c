"""How many images wait for labels, and how many are known to be empty: the two are not the same."""

from __future__ import annotations

from collections.abc import Iterator

from datasets_app.health.base import Finding, Limits, Overview

_STATES = {
    "unlabelled": ("waiting", "warning", "have not been labelled; training may take them for empty ones"),
    "in_progress": ("begun", "info", "are begun and not finished"),
    "verified_empty": ("empty", "info", "were looked at and hold nothing: good negative examples"),
    "skipped": ("skipped", "info", "were skipped"),
}


class UnlabelledImages:
    def look(self, overview: Overview, limits: Limits) -> Iterator[Finding]:
        states = overview.counters.tables["status"]
        total = sum(states.values())
        for state, (code, severity, sentence) in _STATES.items():
            number = states[state,]
            if number and number >= limits["share"] * total:
                yield Finding(
                    code, severity, code, f"{number:,} images {sentence}.", value=round(number / total, 4),
                    count=number, filter={"state": state},
                )  # fmt: skip


CHECK = UnlabelledImages()
