"""Languages: no sentence is translated that nobody says, and the layout turns round with the direction of the text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from tests.conftest import ROOT

ENGLISH = sorted((ROOT / "frontend" / "src" / "i18n").glob("*/english.json"))
STYLES = ROOT / "frontend" / "src"
SPEAKERS = ("frontend/src/editor", "frontend/src/api", "annotator", "datasets_app", "training_app")
SPLIT_LITERAL = re.compile(r"\"\s*\n\s*f?\"")
PLACE = re.compile(r"\{\d\*?\}")
TEMPLATE = re.compile(r"`([A-Z][^`\n]*\$\{[^`\n]*)`")
HOLE = re.compile(r"\$\{[^}]*\}")
PHYSICAL = re.compile(
    r"^\s*(?:(?:margin|padding|border)-(?:left|right)|left|right|text-align: (?:left|right))\b", re.MULTILINE
)
ON_THE_PICTURE = {"Histogram.module.css": 1, "Review.module.css": 4, "tokens.css": 2}
"""Places on a chart or on the picture, which stay where they are, and the rules for text of its own direction."""


def sources() -> Iterator[str]:
    for folder in SPEAKERS:
        for suffix in ("*.ts", "*.py"):
            for path in sorted((ROOT / folder).rglob(suffix)):
                yield SPLIT_LITERAL.sub("", path.read_text())


def test_no_sentence_is_translated_that_nobody_says() -> None:
    said = "\n".join(sources())
    keys = json.loads(ENGLISH[0].read_text())["english"]

    made = [re.compile(".+".join(map(re.escape, HOLE.split(text)))) for text in TEMPLATE.findall(said)]

    def is_said(key: str) -> bool:
        # Of a sentence with places for what differs, the longest part between them; labels of roles are made of names.
        part = max(PLACE.split(key), key=len).strip(" ;.")
        return (
            part in said
            or f"{part.upper()} = " in said
            or any(pattern.fullmatch(PLACE.sub("10", key)) for pattern in made)
        )

    assert [key for key in keys if not is_said(key)] == []


def test_layout_is_written_with_logical_properties() -> None:
    found = {path.name: len(PHYSICAL.findall(path.read_text())) for path in STYLES.rglob("*.css")}

    assert {name: count for name, count in found.items() if count} == ON_THE_PICTURE
