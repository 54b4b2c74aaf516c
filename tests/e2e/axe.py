"""Runs axe-core over what a page shows, by the rules of WCAG 2.1 at the levels A and AA."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.conftest import ROOT

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
LEVELS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")


def violations(page: Page) -> list[str]:
    """A line for each element that breaks a rule: the rule, where it is, and what would mend it."""
    page.evaluate(AXE.read_text())
    options: dict[str, Any] = {"runOnly": {"type": "tag", "values": list(LEVELS)}, "resultTypes": ["violations"]}
    found: list[dict[str, Any]] = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [_line(rule, node) for rule in found for node in rule["nodes"]]


def _line(rule: dict[str, Any], node: dict[str, Any]) -> str:
    summary = " ".join(str(node["failureSummary"]).split())
    return f"{rule['id']}: {node['target']}: {summary}: {str(node['html'])[:160]}"
