"""Findings of a check: listing, ignoring, and the thresholds they depend on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from annotator.core.errors import ConflictError, DomainError, NotFoundError
from annotator.core.registry import Entry
from datasets_app.health.catalog import CHECKS
from datasets_app.models import HealthFinding, HealthIgnored, HealthReport, Project
from datasets_app.services.health import is_ignored, report_of, totals_of
from datasets_app.services.revision import CHUNK

ORDER = ("code", "severity", "key", "pk")


def check_of(key: str) -> Entry:
    """The catalog line. Raises `NotFoundError`."""
    if key not in CHECKS:
        raise NotFoundError("no_check", f"There is no health check {key!r}; there are {', '.join(CHECKS.keys())}.")
    return CHECKS.get_entry(key)


def findings_of(
    report: HealthReport, check: Entry, *, codes: Sequence[str] = (), ignored: bool | None = False
) -> QuerySet[HealthFinding]:
    """The findings of a check in order; `ignored` None: with the ignored ones."""
    rows = HealthFinding.objects.filter(
        project=report.project_id, generation=report.generation, check_key=check.key
    ).order_by(*ORDER)
    if codes:
        rows = rows.filter(code__in=codes)
    if ignored is not None:
        rows = rows.filter(is_ignored() if ignored else ~Q(is_ignored()))
    return rows


def chosen_findings(
    report: HealthReport, check: Entry, *, ids: Sequence[int] | None, codes: Sequence[str] = ()
) -> list[HealthFinding]:
    """The findings with those ids, whoever ignores them, or all that nobody ignores. Raises `ConflictError`."""
    if ids is None:
        return list(findings_of(report, check, codes=codes))
    found: list[HealthFinding] = []
    for start in range(0, len(ids), CHUNK):
        found += findings_of(report, check, ignored=None).filter(pk__in=ids[start : start + CHUNK])
    gone = len(set(ids)) - len(found)
    if gone:
        raise ConflictError("findings_gone", f"{gone} of the findings were looked for again meanwhile; load them anew.")
    return [finding for finding in found if not codes or finding.code in codes]


def findings_ignore(
    report: HealthReport, findings: Sequence[HealthFinding], *, author: Any, ignored: bool, note: str = ""
) -> int:
    """Hides findings, or shows them again; remembered through every later computation."""
    with transaction.atomic():
        report = HealthReport.objects.select_for_update().get(pk=report.pk)
        for start in range(0, len(findings), CHUNK):
            part = findings[start : start + CHUNK]
            if ignored:
                rows = [
                    HealthIgnored(
                        project_id=report.project_id, check_key=finding.check_key, key=finding.key,
                        code=finding.code, note=note[:300], author=author,
                    )
                    for finding in part
                ]  # fmt: skip
                HealthIgnored.objects.bulk_create(rows, ignore_conflicts=True)
            else:
                HealthIgnored.objects.filter(
                    project=report.project_id, check_key=part[0].check_key, key__in=[finding.key for finding in part]
                ).delete()
        report.totals = totals_of(report, report.totals)
        report.save(update_fields=("totals",))
    return len(findings)


def ignored_marks(report: HealthReport, findings: Sequence[HealthFinding]) -> dict[tuple[str, str], HealthIgnored]:
    """(check, key) → who ignores it, for those of the findings that somebody does."""
    rows = HealthIgnored.objects.filter(
        project=report.project_id, key__in=[finding.key for finding in findings]
    ).select_related("author")
    return {(row.check_key, row.key): row for row in rows}


def thresholds_set(project: Project, changes: Mapping[str, Any]) -> HealthReport:
    """Changes thresholds: check → threshold → number, or null for the default. Raises `DomainError`."""
    report_of(project)
    with transaction.atomic():
        report = HealthReport.objects.select_for_update().get(project=project)
        chosen = {key: dict(own) for key, own in report.thresholds.items()}
        for key, own in changes.items():
            entry = check_of(key)
            if not isinstance(own, Mapping):
                raise DomainError("bad_threshold", f"{key}: must be an object of thresholds and numbers.")
            for name, value in own.items():
                _set(chosen.setdefault(key, {}), entry, str(name), value)
        chosen = {key: own for key, own in chosen.items() if own}
        if chosen != report.thresholds:
            report.thresholds, report.is_outdated = chosen, report.revision is not None
            report.save(update_fields=("thresholds", "is_outdated"))
    return report


def _set(own: dict[str, float], entry: Entry, name: str, value: Any) -> None:
    known = {threshold.key: threshold for threshold in entry.facts["thresholds"]}
    if name not in known:
        raise DomainError("bad_threshold", f"{entry.key}: there is no threshold {name!r}; there is {', '.join(known)}.")
    threshold = known[name]
    if value is None or value == threshold.default:
        own.pop(name, None)
        return
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not threshold.minimum <= value <= threshold.maximum:
        raise DomainError(
            "bad_threshold",
            f"{entry.key}.{name}: must be a number from {threshold.minimum:g} to {threshold.maximum:g}.",
            fields={f"{entry.key}.{name}": f"{threshold.minimum:g} to {threshold.maximum:g}"},
        )
    own[name] = value
