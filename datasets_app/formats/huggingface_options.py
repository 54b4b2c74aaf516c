"""What can be chosen for a Hugging Face export. Imports nothing heavy: the catalog lists it."""

from __future__ import annotations

from datasets_app.formats.options import Option

LAYOUT: Option = {
    "key": "layout",
    "title": "Layout",
    "help": (
        "tables: Parquet files that hold the pictures, as the Hub shows and streams them. "
        "folders: a folder of pictures for each split with a table (ImageFolder)."
    ),
    "type": "choice",
    "choices": ("tables", "folders"),
    "default": "tables",
}
