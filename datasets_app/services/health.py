"""Keeps what the health checks found and counted: made once by a job, then brought forward from what changed.

Counters are sums over images, so an image that changed takes away what it was at the old revision and adds what it is
at the new one; findings of changed images are looked for again. Reading, looking and counting happen without a lock;
only the outcome is written in one transaction, and thrown away when somebody else was faster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from annotator.core import jobs
from annotator.core.models import FINISHED_STATES, Job
from datasets_app.health.base import ClassFacts, Finding, ImageCheck, ImageFacts, Limits, Norm, Overview
from datasets_app.health.catalog import CHECKS, entries_of, limits_of
from datasets_app.health.counters import Counters
from datasets_app.models import HealthFinding, HealthIgnored, HealthReport, Project, Version
from datasets_app.selectors import health as reads
from datasets_app.selectors.health import Authors
from datasets_app.services.image_colours import colours_measure

JOB_KIND = "datasets.health"
INLINE_ROWS = 20_000
"""Changed rows beyond which nobody even counts the images that they concern while a page waits."""
INLINE_IMAGES = 100
"""Changed images that a page may wait for."""
INLINE_PICTURES = 5_000
"""Images whose files, groups and splits may be compared with each other while a page waits."""
INLINE_OBJECTS = 20_000
"""Objects of a class whose moved norm, or changed schema, may be followed up while a page waits."""
FORWARD_IMAGES = 5_000
"""Changed images beyond which everything is looked at anew."""
WRITE_ROWS = 2_000

Progress = Callable[[int, int], None]


class TooMuchError(Exception):
    """More changed than may be brought forward here; a job has to do it."""


@dataclass
class Scan:
    """What one computation sees and finds."""

    project: Project
    revision: int
    version: Version | None
    chosen: dict[str, dict[str, float]]
    counters: Counters
    classes: dict[int, ClassFacts]
    found: list[tuple[str, Finding]] = field(default_factory=list)

    @cached_property
    def _of_images(self) -> list[tuple[str, ImageCheck, Limits]]:
        return [(entry.key, CHECKS.load(entry.key), limits_of(entry, self.chosen)) for entry in entries_of("image")]

    def look_at_image(self, image: ImageFacts) -> None:
        for key, check, limits in self._of_images:
            self._take(key, check.look(image, self.classes, limits))

    def look_at_norms(self, images: Iterable[ImageFacts], norms: Mapping[str, Mapping[int, Norm]]) -> None:
        for image in images:
            for key, own in norms.items():
                self._take(key, CHECKS.load(key).look(image, own))

    def look_at_pictures(self) -> None:
        pictures = reads.pictures_at(self.project, self.revision, self.version)
        for entry in entries_of("pictures"):
            self._take(entry.key, CHECKS.load(entry.key).look(pictures, limits_of(entry, self.chosen)))

    def look_at_project(self) -> None:
        overview = _overview(self.counters, self.classes, self.version)
        for entry in entries_of("project"):
            self._take(entry.key, CHECKS.load(entry.key).look(overview, limits_of(entry, self.chosen)))

    def norms(self, counters: Counters) -> dict[str, dict[int, Norm]]:
        """Check → class id → norm."""
        return {
            entry.key: CHECKS.load(entry.key).norms(counters, limits_of(entry, self.chosen))
            for entry in entries_of("norm")
        }

    def _take(self, key: str, findings: Iterable[Finding]) -> None:
        self.found += [(key, finding) for finding in findings]

    def rows(self, generation: int) -> list[HealthFinding]:
        """The findings so far as rows; forgets them."""
        single = {entry.key for entry in entries_of("image", "norm")}
        rows = [
            HealthFinding(
                project=self.project,
                generation=generation,
                check_key=key,
                code=finding.code,
                severity=finding.severity,
                key=finding.key,
                detail=finding.detail,
                image=finding.images[0] if key in single and finding.images else None,
                images=list(finding.images),
                annotations=list(finding.annotations),
                label_class_id=finding.class_id,
                value=finding.value,
                count=max(finding.count, len(finding.images)),
                filter=None if finding.filter is None else dict(finding.filter),
            )
            for key, finding in self.found
        ]
        self.found = []
        return rows


def report_of(project: Project) -> HealthReport:
    return HealthReport.objects.get_or_create(project=project)[0]


def _overview(counters: Counters, classes: Mapping[int, ClassFacts], version: Version | None) -> Overview:
    people = {person for name in ("people", "work") for person, _ in counters.tables[name]}
    return Overview(counters, classes, reads.split_objects(version), reads.user_names(people - {0}))


def overview_of(project: Project, report: HealthReport) -> Overview:
    """What was counted, as of the report's revision."""
    classes = reads.class_facts(project, project.revision if report.revision is None else report.revision)
    version = Version.objects.filter(pk=report.version_id or 0).defer("assignment").first()
    return _overview(Counters.unpack(bytes(report.counters)), classes, version)


def state_of(report: HealthReport, *, is_current: bool) -> str:
    return "missing" if report.revision is None else "current" if is_current else "behind"


def is_current(report: HealthReport, project: Project, version: Version | None) -> bool:
    """Whether there is nothing to bring forward."""
    return (
        report.revision == project.revision
        and not is_outdated(report)
        and report.version_id == (version.pk if version else None)
    )


def is_outdated(report: HealthReport) -> bool:
    """Whether everything has to be looked at anew: thresholds or the catalog changed."""
    return report.is_outdated or report.totals.keys() != set(CHECKS.keys())


def health_refresh(project: Project) -> tuple[HealthReport, bool]:
    """The report, brought forward where that is quick; and whether it is of the newest revision."""
    report = report_of(project)
    version = reads.newest_version(project)
    if report.revision is None or is_current(report, project, version):
        return report, report.revision is not None
    if is_outdated(report) or Job.objects.filter(_running(project)).exists():
        return report, False
    try:
        report = health_forward(project, report, version, is_inline=True)
    except TooMuchError:
        return report, False
    return report, is_current(report, project, version)


def health_job(project: Project, *, user: Any) -> Job:
    """The job that brings the report up to date: the one that waits or runs already, or a new one."""
    waiting = Job.objects.filter(_running(project)).order_by("created_at").first()
    return waiting or jobs.enqueue(JOB_KIND, {"project": project.pk}, project_id=project.pk, user=user)


def running_job(project: Project) -> Job | None:
    return Job.objects.filter(_running(project)).order_by("created_at").first()


def _running(project: Project) -> Q:
    return Q(project_id=project.pk, kind=JOB_KIND) & ~Q(state__in=FINISHED_STATES)


def health_compute(project: Project, *, progress: Progress = lambda _done, _total: None) -> dict[str, Any]:
    """Brings the report to the newest revision, from what changed or, where that is nearly all, from the beginning."""
    report, version = report_of(project), reads.newest_version(project)
    if report.revision is not None and not is_outdated(report):
        project.refresh_from_db()
        try:
            report = health_forward(project, report, version, is_inline=False)
        except TooMuchError:
            pass
        else:
            return {"revision": report.revision, "is_complete": False}
    report = health_scan(project, report, version, progress=progress)
    return {"revision": report.revision, "is_complete": True}


def health_scan(
    project: Project, report: HealthReport, version: Version | None, *, progress: Progress = lambda _done, _total: None
) -> HealthReport:
    """Looks at everything as of the newest revision. The old findings stay in sight until the new ones are whole."""
    project.refresh_from_db()
    colours_measure(project)
    revision, generation = project.revision, report.generation + 1
    _sweep(project, report.generation)
    scan = Scan(project, revision, version, report.thresholds, Counters(), reads.class_facts(project, revision))
    authors = Authors(project)
    ids = reads.live_image_ids(project, revision)
    for done, image in enumerate(reads.images_at(ids, revision, authors), start=1):
        scan.counters.add(image)
        scan.look_at_image(image)
        if len(scan.found) >= WRITE_ROWS:
            _insert(scan.rows(generation))
        if done % 50 == 0:
            progress(done, len(ids))
    norms = scan.norms(scan.counters)
    suspects = {
        image
        for own in norms.values()
        for label_class, norm in own.items()
        for image in reads.images_with(project, label_class, revision, [norm])
    }
    scan.look_at_norms(reads.images_at(sorted(suspects), revision, authors), norms)
    scan.look_at_pictures()
    _count_days(scan, 0)
    scan.look_at_project()
    _insert(scan.rows(generation))
    with transaction.atomic():
        current = HealthReport.objects.select_for_update().get(pk=report.pk)
        if current.generation == report.generation:
            current.generation, current.is_outdated = generation, current.thresholds != report.thresholds
            _keep(current, scan)
    _sweep(project, current.generation)
    progress(len(ids), len(ids))
    return current


def health_forward(project: Project, report: HealthReport, version: Version | None, *, is_inline: bool) -> HealthReport:
    """Follows what changed from the report's revision to that of `project`. Raises `TooMuchError`."""
    since, until = report.revision or 0, project.revision
    counters = Counters.unpack(bytes(report.counters))
    scan = Scan(project, until, version, report.thresholds, counters, reads.class_facts(project, until))
    changed = _changed(scan, since, is_inline=is_inline)
    are_pictures_stale = report.version_id != (version.pk if version else None) or reads.pictures_changed(
        project, since, until
    )
    if is_inline and are_pictures_stale and sum(counters.tables["status"].values()) > INLINE_PICTURES:
        raise TooMuchError
    before, authors = scan.norms(counters), Authors(project)
    for image in reads.images_at(changed, since, authors):
        counters.add(image, -1)
    now = list(reads.images_at(changed, until, authors))
    for image in now:
        counters.add(image)
        scan.look_at_image(image)
    norms = scan.norms(counters)
    moved = _moved(scan, before, norms, is_inline=is_inline) - set(changed)
    scan.look_at_norms(now, norms)
    scan.look_at_norms(reads.images_at(sorted(moved), until, authors), norms)
    if are_pictures_stale:
        scan.look_at_pictures()
    _count_days(scan, since)
    scan.look_at_project()
    whole = ("project", "pictures") if are_pictures_stale else ("project",)
    return _apply(report, scan, ((("image", "norm"), changed), (("norm",), sorted(moved)), (whole, None)))


def _changed(scan: Scan, since: int, *, is_inline: bool) -> list[int]:
    """The images to look at again, in order."""
    project, until = scan.project, scan.revision
    if is_inline and reads.rows_changed(project, since) > INLINE_ROWS:
        raise TooMuchError
    changed = reads.changed_images(project, since, until)
    objects = scan.counters.tables["objects"]
    for label_class in reads.changed_schemas(project, since, until):
        if is_inline and objects[label_class,] > INLINE_OBJECTS:
            raise TooMuchError
        changed |= reads.images_with(project, label_class, until)
    if len(changed) > (INLINE_IMAGES if is_inline else FORWARD_IMAGES):
        raise TooMuchError
    return sorted(changed)


def _moved(
    scan: Scan,
    before: Mapping[str, Mapping[int, Norm]],
    after: Mapping[str, Mapping[int, Norm]],
    *,
    is_inline: bool,
) -> set[int]:
    """Images with objects that a norm, which moved, judges otherwise than before, and a few more."""
    found: set[int] = set()
    for key, own in after.items():
        old = before.get(key, {})
        for label_class in old.keys() | own.keys():
            norms = [norm for norm in (old.get(label_class), own.get(label_class)) if norm is not None]
            if len(norms) == 2 and norms[0] == norms[1]:
                continue
            if is_inline and scan.counters.tables["objects"][label_class,] > INLINE_OBJECTS:
                raise TooMuchError
            found |= reads.images_with(scan.project, label_class, scan.revision, norms)
    return found


def _count_days(scan: Scan, since: int) -> None:
    opened, closed = reads.annotation_days(scan.project, since, scan.revision)
    scan.counters.tables["opened"].update(opened)
    scan.counters.tables["closed"].update(closed)
    scan.counters.tables["seconds"].update(reads.seconds_of_work(scan.project, since, scan.revision))


def _apply(
    report: HealthReport, scan: Scan, gone: Iterable[tuple[Sequence[str], Sequence[int] | None]]
) -> HealthReport:
    """Replaces the findings that are `gone` (scopes, and their images or None for all) by the scan's."""
    with transaction.atomic():
        current = HealthReport.objects.select_for_update().get(pk=report.pk)
        if (current.generation, current.revision) != (report.generation, report.revision):
            return current
        rows = HealthFinding.objects.filter(project=scan.project, generation=current.generation)
        for scopes, images in gone:
            keys = [entry.key for entry in entries_of(*scopes)]
            for part in [None] if images is None else _parts(images):
                own = rows.filter(check_key__in=keys)
                (own if part is None else own.filter(image__in=part)).delete()
        _insert(scan.rows(current.generation))
        _keep(current, scan)
    return current


def _parts(images: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(images), reads.CHUNK):
        yield images[start : start + reads.CHUNK]


def _insert(rows: Sequence[HealthFinding]) -> None:
    HealthFinding.objects.bulk_create(rows, batch_size=reads.CHUNK)


def _keep(report: HealthReport, scan: Scan) -> None:
    report.revision, report.version, report.counters = scan.revision, scan.version, scan.counters.pack()
    report.computed_at, report.totals = timezone.now(), totals_of(report, CHECKS.keys())
    report.save()


def _sweep(project: Project, generation: int) -> None:
    """Deletes what other computations left, a little at a time, so that no save waits for it."""
    left = HealthFinding.objects.filter(project=project).exclude(generation=generation).order_by()
    while keys := list(left.values_list("pk", flat=True)[:WRITE_ROWS]):
        HealthFinding.objects.filter(pk__in=keys).delete()


def totals_of(report: HealthReport, checks: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Each of the checks → code, severity, findings, and how many of them are ignored."""
    rows = HealthFinding.objects.filter(project=report.project_id, generation=report.generation).order_by()
    columns = ("check_key", "code", "severity")
    everything = {row[:3]: row[3] for row in rows.values_list(*columns).annotate(number=Count("pk"))}
    ignored: dict[Any, int] = {}
    if HealthIgnored.objects.filter(project=report.project_id).exists():
        hidden = rows.filter(is_ignored()).values_list(*columns).annotate(number=Count("pk"))
        ignored = {row[:3]: row[3] for row in hidden}
    totals: dict[str, list[dict[str, Any]]] = {key: [] for key in checks}
    for (check, code, severity), number in sorted(everything.items()):
        body = {"code": code, "severity": severity, "count": number, "ignored": ignored.get((check, code, severity), 0)}
        totals.setdefault(check, []).append(body)
    return totals


def is_ignored() -> Any:
    """Condition of findings that somebody ignores."""
    same = {"project": OuterRef("project"), "check_key": OuterRef("check_key"), "key": OuterRef("key")}
    return Exists(HealthIgnored.objects.filter(**same))
