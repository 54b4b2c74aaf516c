"""Health of a project: what the checks found, their thresholds, and the acts that remove findings."""

from __future__ import annotations

from typing import Any

import orjson
from django.db.models import Q
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotator.core.access import Role, get_for
from annotator.core.api.jobs import JobOutput
from annotator.core.api.pagination import decode_cursor, encode_cursor, read_limit
from annotator.core.errors import ConflictError, DomainError
from annotator.core.models import Job
from annotator.core.registry import Entry
from datasets_app.api.findings import FindingPageOutput, finding_bodies
from datasets_app.api.projects import read
from datasets_app.api.statistics import statistics_body
from datasets_app.health.base import SEVERITIES
from datasets_app.health.catalog import CHECKS, limits_of
from datasets_app.health.report_page import report_page
from datasets_app.models import HealthReport, Project
from datasets_app.services import health as health_services
from datasets_app.services import health_findings as finding_services
from datasets_app.services.health_fixes import ACTS, MAX_TAG, Wish, fix_apply, fix_of, fix_preview

MAX_IDS = 10_000
MAX_LISTED = {"html": 50, "json": 1000}
"""Findings of one check in a report."""


class ThresholdOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    help = serializers.CharField(allow_blank=True)
    value = serializers.FloatField()
    default = serializers.FloatField()
    min = serializers.FloatField()
    max = serializers.FloatField()


class HealthRuleOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    severity = serializers.ChoiceField(choices=SEVERITIES)
    count = serializers.IntegerField(help_text="Findings, without the ignored ones.")
    ignored = serializers.IntegerField()


class HealthFixOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    codes = serializers.ListField(child=serializers.CharField(), help_text="Rules that it is for; empty: all.")
    role = serializers.CharField(help_text="The lowest role that may do it.")
    is_destructive = serializers.BooleanField(help_text="Deletes something; ask first. Every act can be reverted.")


class HealthCheckOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    scope = serializers.CharField()
    severity = serializers.ChoiceField(choices=SEVERITIES, allow_null=True, help_text="The worst; null: all is well.")
    count = serializers.IntegerField()
    ignored = serializers.IntegerField()
    rules = HealthRuleOutput(many=True, help_text="Those that found something.")
    thresholds = ThresholdOutput(many=True)
    fixes = HealthFixOutput(many=True)


class HealthSummaryOutput(serializers.Serializer[Any]):
    error = serializers.IntegerField()
    warning = serializers.IntegerField()
    info = serializers.IntegerField()
    ignored = serializers.IntegerField()


class HealthOutput(serializers.Serializer[Any]):
    state = serializers.CharField(
        help_text="missing, behind or current; unless it is current, POST starts the job that makes it so."
    )
    revision = serializers.IntegerField(allow_null=True, help_text="As of which revision everything here is.")
    newest_revision = serializers.IntegerField()
    version = serializers.IntegerField(allow_null=True, help_text="Id of the version whose split was looked at.")
    computed_at = serializers.DateTimeField(allow_null=True)
    job = JobOutput(allow_null=True)
    summary = HealthSummaryOutput()
    checks = HealthCheckOutput(many=True)


class FixInput(serializers.Serializer[Any]):
    fix = serializers.CharField(help_text="Key of one of the check's fixes.")
    findings = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=MAX_IDS)
    all = serializers.BooleanField(required=False, default=False, help_text="All that nobody ignores.")
    code = serializers.CharField(required=False, allow_blank=True, help_text="With `all`: of this rule alone.")
    tag = serializers.CharField(required=False, allow_blank=True, max_length=MAX_TAG, help_text="For the fix `tag`.")
    preview = serializers.BooleanField(required=False, default=False, help_text="Only says what would change.")


class FixOutput(serializers.Serializer[Any]):
    revision = serializers.IntegerField(allow_null=True, help_text="Revert it to undo; null: nothing was changed.")
    findings = serializers.IntegerField()
    images = serializers.IntegerField(help_text="Images that change.")
    annotations = serializers.IntegerField(help_text="Objects that change.")
    skipped = serializers.IntegerField(help_text="Objects that the act cannot help.")


class IgnoreInput(serializers.Serializer[Any]):
    findings = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=MAX_IDS)
    all = serializers.BooleanField(required=False, default=False)
    code = serializers.CharField(required=False, allow_blank=True)
    ignored = serializers.BooleanField(required=False, default=True, help_text="false shows them again.")
    note = serializers.CharField(required=False, allow_blank=True, max_length=300)


class IgnoreOutput(serializers.Serializer[Any]):
    count = serializers.IntegerField()


def health_body(project: Project, report: HealthReport, *, is_current: bool, job: Job | None) -> dict[str, Any]:
    checks = [_check_body(entry, report) for entry in CHECKS]
    rules = [rule for check in checks for rule in check["rules"]]
    summary = {
        severity: sum(rule["count"] for rule in rules if rule["severity"] == severity) for severity in SEVERITIES
    }
    return {
        "state": health_services.state_of(report, is_current=is_current),
        "revision": report.revision,
        "newest_revision": project.revision,
        "version": report.version_id,
        "computed_at": report.computed_at,
        "job": None if job is None else JobOutput(job).data,
        "summary": summary | {"ignored": sum(rule["ignored"] for rule in rules)},
        "checks": checks,
    }


def _check_body(entry: Entry, report: HealthReport) -> dict[str, Any]:
    titles, limits = entry.facts["codes"], limits_of(entry, report.thresholds)
    rules = [
        row | {"title": titles.get(row["code"], row["code"]), "count": row["count"] - row["ignored"]}
        for row in report.totals.get(entry.key, [])
    ]
    open_rules = [rule["severity"] for rule in rules if rule["count"]]
    return {
        "key": entry.key,
        "title": entry.title,
        "description": entry.facts["description"],
        "scope": entry.facts["scope"],
        "severity": min(open_rules, key=SEVERITIES.index) if open_rules else None,
        "count": sum(rule["count"] for rule in rules),
        "ignored": sum(rule["ignored"] for rule in rules),
        "rules": rules,
        "thresholds": [
            {
                "key": threshold.key,
                "title": threshold.title,
                "help": threshold.help,
                "value": limits[threshold.key],
                "default": threshold.default,
                "min": threshold.minimum,
                "max": threshold.maximum,
            }
            for threshold in entry.facts["thresholds"]
        ],
        "fixes": [
            {
                "key": fix.act,
                "title": fix.title,
                "codes": list(fix.codes),
                "role": ACTS[fix.act].role.label,
                "is_destructive": ACTS[fix.act].is_destructive,
            }
            for fix in entry.facts["fixes"]
        ],
    }


class HealthView(APIView):
    @extend_schema(responses=HealthOutput)
    def get(self, request: Request, pk: int) -> Response:
        """What the checks found, as of `revision`; brought up to date on the way where little changed."""
        project = get_for(request.user, Project, pk)
        # The job before the report: one that ends in between must not leave an answer that knows of neither.
        job = health_services.running_job(project)
        report, is_current = health_services.health_refresh(project)
        return Response(health_body(project, report, is_current=is_current, job=job))

    @extend_schema(request=None, responses={202: JobOutput})
    def post(self, request: Request, pk: int) -> Response:
        """Starts the job that brings everything up to date, or answers the one that does so already."""
        project = get_for(request.user, Project, pk)
        return Response(JobOutput(health_services.health_job(project, user=request.user)).data, status=202)


class HealthThresholdsView(APIView):
    @extend_schema(request=OpenApiTypes.OBJECT, responses={202: JobOutput})
    def patch(self, request: Request, pk: int) -> Response:
        """Changes thresholds: `{check: {threshold: number, or null for the default}}`; a job then looks at all anew."""
        project = get_for(request.user, Project, pk, Role.MANAGER)
        if not isinstance(request.data, dict):
            raise DomainError("bad_threshold", "Send an object of checks, each with an object of thresholds.")
        finding_services.thresholds_set(project, request.data)
        return Response(JobOutput(health_services.health_job(project, user=request.user)).data, status=202)


class HealthReportView(APIView):
    @extend_schema(
        parameters=[OpenApiParameter("as", OpenApiTypes.STR, description="json (default) or html.")],
        responses={(200, "application/json"): OpenApiTypes.OBJECT, (200, "text/html"): OpenApiTypes.STR},
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        """Everything in one file: summary, the first findings of each check, statistics."""
        project = get_for(request.user, Project, pk)
        form = request.query_params.get("as") or "json"
        if form not in {"json", "html"}:
            raise DomainError("bad_form", "as: must be json or html.")
        report, is_current = health_services.health_refresh(project)
        if report.revision is None:
            raise ConflictError("no_report", "Nothing was checked yet; POST health/ starts it.")
        health = health_body(project, report, is_current=is_current, job=None)
        statistics = statistics_body(project, report, is_current=is_current)
        most = MAX_LISTED[form]
        findings = {
            entry.key: finding_bodies(report, list(finding_services.findings_of(report, entry)[:most]))
            for entry in CHECKS
        }
        if form == "html":
            body = report_page(project.name, health, statistics, findings).encode()
        else:
            facts = {"id": project.pk, "name": project.name, "task": project.task, "digest": project.digest}
            body = orjson.dumps(
                {"project": facts, "health": health, "statistics": statistics, "findings": findings},
                option=orjson.OPT_INDENT_2,
            )
        response = HttpResponse(body, content_type="text/html; charset=utf-8" if form == "html" else "application/json")
        response["Content-Disposition"] = f'attachment; filename="health-{project.pk}-{report.revision}.{form}"'
        # The page may be opened from the product's own address: nothing in it shall ever run or be fetched.
        response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        return response


class HealthFindingsView(APIView):
    @extend_schema(
        parameters=[
            OpenApiParameter("code", OpenApiTypes.STR, description="One rule of the check."),
            OpenApiParameter("ignored", OpenApiTypes.STR, description="false (default), true, or all."),
            OpenApiParameter("limit", OpenApiTypes.INT),
            OpenApiParameter("cursor", OpenApiTypes.STR, description="The `next` of the page before."),
        ],
        responses=FindingPageOutput,
    )
    def get(self, request: Request, pk: int, check: str) -> Response:
        """What one check found, a page at a time."""
        project = get_for(request.user, Project, pk)
        entry, params = finding_services.check_of(check), request.query_params
        report, limit = health_services.report_of(project), read_limit(params)
        rows = finding_services.findings_of(
            report, entry, codes=_codes(entry, params.get("code")), ignored=_ignored(params.get("ignored"))
        )
        total = rows.count()
        if cursor := params.get("cursor"):
            rows = rows.filter(_after(decode_cursor(cursor)))
        found = list(rows[: limit + 1])
        last = found[limit - 1] if len(found) > limit else None
        following = None if last is None else encode_cursor([last.code, last.severity, last.key, last.pk])
        return Response({"results": finding_bodies(report, found[:limit]), "next": following, "total": total})


class HealthFixView(APIView):
    @extend_schema(request=FixInput, responses=FixOutput)
    def post(self, request: Request, pk: int, check: str) -> Response:
        """Does one act on findings, as one revision; with `preview` it only counts what would change."""
        project = get_for(request.user, Project, pk)
        entry, data = finding_services.check_of(check), read(FixInput, request)
        fix = fix_of(entry, data["fix"])
        get_for(request.user, Project, pk, Role.VIEWER if data["preview"] else ACTS[fix.act].role)
        report = health_services.report_of(project)
        codes = _codes(entry, data.get("code")) or list(fix.codes)
        if fix.codes and not set(codes) <= set(fix.codes):
            raise DomainError("bad_code", f"code: {fix.title} is for {', '.join(fix.codes)}.")
        findings = finding_services.chosen_findings(report, entry, ids=_ids(data), codes=codes)
        wish = Wish(project, entry, fix, findings, str(data.get("tag") or "").strip())
        return Response(fix_preview(wish) if data["preview"] else fix_apply(wish, author=request.user))


class HealthIgnoreView(APIView):
    @extend_schema(request=IgnoreInput, responses=IgnoreOutput)
    def post(self, request: Request, pk: int, check: str) -> Response:
        """Hides findings that are all right as they are, or shows them again."""
        project = get_for(request.user, Project, pk, Role.ANNOTATOR)
        entry, data = finding_services.check_of(check), read(IgnoreInput, request)
        report, codes = health_services.report_of(project), _codes(entry, data.get("code"))
        if data["all"] and not data["ignored"]:
            _ids(data)
            findings = list(finding_services.findings_of(report, entry, codes=codes, ignored=True))
        else:
            findings = finding_services.chosen_findings(report, entry, ids=_ids(data), codes=codes)
        count = finding_services.findings_ignore(
            report, findings, author=request.user, ignored=data["ignored"], note=data.get("note", "")
        )
        return Response({"count": count})


def _ids(data: dict[str, Any]) -> list[int] | None:
    """The ids of the findings; None for all."""
    if ("findings" in data) == bool(data["all"]):
        raise DomainError("bad_findings", "Send either `findings`, a list of ids, or `all`: true.")
    ids: list[int] | None = data.get("findings")
    return ids


def _codes(entry: Entry, code: str | None) -> list[str]:
    if not code:
        return []
    if code not in entry.facts["codes"]:
        raise DomainError("bad_code", f"code: {entry.title} knows {', '.join(entry.facts['codes'])}; not {code!r}.")
    return [code]


def _ignored(text: str | None) -> bool | None:
    answers: dict[str, bool | None] = {"": False, "false": False, "0": False, "true": True, "1": True, "all": None}
    if (text or "") not in answers:
        raise DomainError("bad_filter", "ignored: must be false, true or all.")
    return answers[text or ""]


def _after(key: list[Any]) -> Q:
    try:
        code, severity, name, last = str(key[0]), str(key[1]), str(key[2]), int(key[3])
    except (IndexError, TypeError, ValueError):
        raise DomainError("bad_cursor", "cursor: take it unchanged from the `next` of the page before.") from None
    return (
        Q(code__gt=code)
        | Q(code=code, severity__gt=severity)
        | Q(code=code, severity=severity, key__gt=name)
        | Q(code=code, severity=severity, key=name, pk__gt=last)
    )
