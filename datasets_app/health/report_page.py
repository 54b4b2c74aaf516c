"""The health report as one HTML page that needs nothing else: no script, no picture, no address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

Body = Mapping[str, Any]

_STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c1e21;background:#fff}
h1{margin-bottom:0}h2{margin-top:2.5rem;border-bottom:1px solid #d5d8dc}table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.2rem .6rem;border-bottom:1px solid #eceef0;vertical-align:top}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}.bar{background:#4878a8;height:.8rem;min-width:1px}
.error{color:#a8071a;font-weight:600}.warning{color:#8a5300;font-weight:600}.info,.muted{color:#5b6066}
.heat{width:auto}.heat td{width:10px;height:10px;padding:0;border:0}
"""


def report_page(project: str, health: Body, statistics: Body, findings: Mapping[str, Sequence[Body]]) -> str:
    """`findings` are the first ones of each check."""
    made = f"As of revision {health['revision']}, computed {health['computed_at']:%Y-%m-%d %H:%M} UTC."
    parts = [
        f"<!doctype html><html lang=en><meta charset=utf-8><title>Health of {escape(project)}</title>",
        f"<style>{_STYLE}</style><h1>Health of {escape(project)}</h1><p class=muted>{escape(made)}</p>",
        _summary(health, statistics),
        "<h2>Checks</h2>",
        _table(
            ("", "check", "*findings", "*ignored"),
            (
                (_severity(check), escape(check["title"]), check["count"], check["ignored"])
                for check in health["checks"]
            ),
        ),
        *(_check(check, findings.get(check["key"], ())) for check in health["checks"] if check["count"]),
        "<h2>Classes</h2>",
        _table(("class", "*objects", "*images", "small, medium, large", ""), _class_rows(statistics["classes"])),
        _chart("Objects per image", statistics["objects_per_image"]),
        _chart("States", statistics["states"]),
        _chart("Share of the picture under objects", statistics["coverage"]),
        _chart("People", statistics["people"]),
        _chart("File formats", statistics["formats"]),
        _heat(statistics["heat_map"]),
        "</html>",
    ]
    return "\n".join(parts)


def _summary(health: Body, statistics: Body) -> str:
    summary, totals = health["summary"], statistics["totals"]
    return (
        f"<p>{totals['images']:,} images, {totals['annotations']:,} objects, {totals['classes']} classes. "
        f"<span class=error>{summary['error']:,} errors</span>, "
        f"<span class=warning>{summary['warning']:,} warnings</span>, "
        f"<span class=info>{summary['info']:,} notes</span>, {summary['ignored']:,} ignored.</p>"
    )


def _severity(check: Body) -> str:
    word = check["severity"]
    return f"<span class={word}>{word}</span>" if word else "ok"


def _check(check: Body, findings: Sequence[Body]) -> str:
    limits = ", ".join(f"{limit['title'].lower()} {limit['value']:g}" for limit in check["thresholds"])
    rules = ((f"<span class={rule['severity']}>{rule['severity']}</span>", escape(rule["title"]), rule["count"])
             for rule in check["rules"])  # fmt: skip
    rows = (
        (
            escape(finding["detail"]),
            escape(", ".join(image["name"] for image in finding["images"])),
            escape(", ".join(finding["annotations"][:2])),
        )
        for finding in findings
    )
    note = f"<p class=muted>The first {len(findings):,} are listed.</p>" if len(findings) < check["count"] else ""
    return (
        f"<h2>{escape(check['title'])}</h2><p>{escape(check['description'])} "
        f"<span class=muted>{escape(limits)}</span></p>"
        f"{_table(('', 'rule', '*findings'), rules)}{note}{_table(('finding', 'images', 'objects'), rows)}"
    )


def _class_rows(classes: Sequence[Body]) -> Iterable[tuple[Any, ...]]:
    most = max((row["objects"] for row in classes), default=0)
    for row in classes:
        areas = ", ".join(f"{area['count']:,}" for area in row["areas"])
        yield escape(row["name"]), row["objects"], row["images"], areas, _bar(row["objects"], most)


def _chart(title: str, bars: Sequence[Body]) -> str:
    most = max((bar["count"] for bar in bars), default=0)
    rows = ((escape(str(bar["label"] or "nobody")), bar["count"], _bar(bar["count"], most)) for bar in bars)
    return f"<h2>{escape(title)}</h2>{_table(('', '*', ''), rows)}" if bars else ""


def _bar(number: int, most: int) -> str:
    return f'<div class=bar style="width:{100 * number / most:.1f}%"></div>' if most and number else ""


def _table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Cells that are numbers, and heads that begin with a star, stand at the right; text comes escaped."""
    top = "".join(f"<th class=n>{head[1:]}" if head.startswith("*") else f"<th>{head}" for head in heads)
    body = "".join(f"<tr>{''.join(map(_cell, row))}" for row in rows)
    return f"<table><tr>{top}{body}</table>"


def _cell(value: Any) -> str:
    return f"<td class=n>{value:,}" if isinstance(value, int) else f"<td>{value}"


def _heat(heat: Body) -> str:
    size, most = heat["size"], heat["most"] or 1
    rows = "".join(
        "<tr>" + "".join(_shade(heat["cells"][row * size + column] / most) for column in range(size))
        for row in range(size)
    )
    return f"<h2>Where objects are</h2><table class=heat>{rows}</table>" if heat["most"] else ""


def _shade(share: float) -> str:
    light = 97 - 65 * share**0.5
    return f'<td style="background:hsl(210 60% {light:.0f}%)">'
