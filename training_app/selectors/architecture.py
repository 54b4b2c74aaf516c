"""The architecture catalog as people see it: settings with their ranges, presets, whether weights are here."""

from __future__ import annotations

from typing import Any

from annotator.core.registry import Entry
from annotator.core.weights.services import weights_missing
from training_app.architectures.catalog import ARCHITECTURES
from training_app.engine.config import config_schema


def architecture_list() -> list[dict[str, Any]]:
    return [_body(entry) for entry in ARCHITECTURES]


def weights_present(entry: Entry) -> tuple[str, ...]:
    """Those of the architecture's public weights that can be used now."""
    return tuple(key for key in entry.facts["weights"] if not weights_missing((key,)))


def weights_reason(entry: Entry) -> str:
    """Why the architecture cannot start from public weights; empty when it can."""
    keys = entry.facts["weights"]
    return "" if not keys or weights_present(entry) else weights_missing(keys[:1])


def _body(entry: Entry) -> dict[str, Any]:
    facts = entry.facts
    reason = weights_reason(entry)
    return {
        "key": entry.key,
        "title": entry.title,
        **{name: facts[name] for name in ("task", "description", "licence")},
        "weights": list(facts["weights"]),
        "weights_available": not reason,
        "weights_reason": reason,
        "presets": [dict(preset) for preset in facts["presets"]],
        "config": config_schema(facts["task"], facts["defaults"]),
    }
