"""What the interface says, by the keys of its own messages: for journeys in another language than English."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from tests.conftest import ROOT

LANGUAGES = ROOT / "frontend" / "src" / "i18n"


@cache
def _messages(language: str) -> dict[str, Any]:
    files = sorted((LANGUAGES / language).glob("*.json"))
    return {area: texts for file in files for area, texts in json.loads(file.read_text()).items()}


def say(language: str, key: str) -> str:
    """The text of a key, such as `editor.canvas`; of a text with variables what stands before the first."""
    found: Any = _messages(language)
    for part in key.split("."):
        found = found[part]
    return str(found).split("{{")[0].strip()


def say_sentence(language: str, english: str) -> str:
    """What the editor core calls something in English."""
    return english if language == "en" else str(_messages(language)["english"][english])
