"""`docs/formats.md` as the catalog has it: `python -m tests.docs.format_page` writes it, a test compares."""

from __future__ import annotations

from annotator.core.registry import Entry
from datasets_app.formats.catalog import FORMATS
from datasets_app.formats.features import FEATURES
from tests.docs.markdown import DOCS

PAGE = DOCS / "formats.md"
HEAD = """# Formats

Written from `datasets_app/formats/catalog.py` by `python -m tests.docs.format_page`; a test compares. How each format
lays out its files stands at the top of its module in `datasets_app/formats/`; how to add one, in the
[recipe](recipes/format.md). The export dialog counts beforehand what of the data at hand a format would lose.

| format | key | reads | writes | for |
|---|---|---|---|---|
"""


def page() -> str:
    entries = sorted(FORMATS, key=lambda entry: entry.title.lower())
    rows = "".join(row(entry) for entry in entries)
    return HEAD + rows + "\n" + "\n".join(section(entry) for entry in entries)


def row(entry: Entry) -> str:
    ways = " | ".join("yes" if entry.facts[way] else "no" for way in ("read", "write"))
    return f"| {entry.title} | `{entry.key}` | {ways} | {', '.join(entry.facts['tasks'])} |\n"


def section(entry: Entry) -> str:
    """What the format keeps and loses, each fate with the features that share it."""
    lossy = entry.facts["lossy"]
    fates: dict[str, list[str]] = {}
    for feature in FEATURES:
        if feature in lossy:
            fates.setdefault(lossy[feature], []).append(FEATURES[feature])
    lines = [f"- **{fate}**: {'; '.join(features)}\n" for fate, features in fates.items()] or ["Nothing is lost.\n"]
    chosen = [option["title"] for way in ("options", "read_options") for option in entry.facts.get(way, ())]
    options = f"To choose: {', '.join(dict.fromkeys(chosen))}.\n\n" if chosen else ""
    profiles = [profile["title"] for profile in entry.facts.get("profiles", ())]
    readers = f"Profiles: {', '.join(profiles)}.\n\n" if profiles else ""
    return f"## {entry.title}\n\n{entry.facts['description']}\n\n{options}{readers}{''.join(lines)}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
