"""Reads the project's own Markdown: code blocks with the file they belong to, links, anchors. Knows no single page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"

_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)|<img[^>]*\bsrc=\"(?P<source>[^\"]+)\"")
_HEADING = re.compile(r"^#{1,6} +(?P<text>.*?) *#*$", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced code block; `file` is what stands behind the language, such as ```` ```python a/b.py ````."""

    page: Path
    language: str
    file: str
    body: str


def pages() -> list[Path]:
    """README, CHANGELOG and everything below docs/."""
    return [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]


def blocks(page: Path) -> list[Block]:
    found = []
    for match in _FENCE.finditer(page.read_text()):
        language, _, file = match["info"].strip().partition(" ")
        found.append(Block(page, language, file.strip(), match["body"]))
    return found


def prose(page: Path) -> str:
    """The page without its code blocks."""
    return _FENCE.sub("", page.read_text())


def links(page: Path) -> Iterator[str]:
    """Targets of links and pictures, as they are written."""
    for match in _LINK.finditer(_CODE.sub("", prose(page))):
        yield match["target"] or match["source"]


def code_spans(page: Path) -> Iterator[str]:
    """What stands between single backticks."""
    yield from _CODE.findall(prose(page))


def anchors(page: Path) -> set[str]:
    """The anchors that a heading gets where Markdown is shown: lower case, hyphens, without marks."""
    found: set[str] = set()
    for match in _HEADING.finditer(prose(page)):
        words = re.sub(r"[^\w\- ]", "", match["text"].lower())
        anchor = words.strip().replace(" ", "-")
        number = 0
        while (name := f"{anchor}-{number}" if number else anchor) in found:
            number += 1
        found.add(name)
    return found
