"""What pages say of the formats is what the catalog says."""

from __future__ import annotations

from datasets_app.formats.catalog import FORMATS
from tests.docs.format_page import PAGE, page
from tests.docs.markdown import DOCS, ROOT


def test_the_page_of_formats_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "Run `python -m tests.docs.format_page`."


def test_readme_and_glossary_name_every_format() -> None:
    missing = [
        (file.name, entry.title)
        for file in (ROOT / "README.md", DOCS / "glossary.md")
        for entry in FORMATS
        if entry.title not in " ".join(file.read_text().split())
    ]

    assert missing == []
