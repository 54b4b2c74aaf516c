"""Runs an import piece by piece, as one operation of as many revisions as it takes, or foresees what it would do.

Each piece is committed with what a later call with the same key needs to go on behind it: how far in the file it is and
what was counted. A killed import therefore continues; one that cannot go on is taken back as a whole.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from annotator.core.errors import DomainError
from annotator.core.jobs import JobCancelled, JobLost
from datasets_app.formats.base import Progress, no_progress
from datasets_app.ir import ImageRecord
from datasets_app.models import Operation, Revision
from datasets_app.services.imports.chunks import Placer, chunks
from datasets_app.services.imports.classes import ClassPlan, classes_apply, classes_plan
from datasets_app.services.imports.foresight import import_foresee
from datasets_app.services.imports.problems import ProblemLog
from datasets_app.services.imports.request import ImportRequest, import_check, imports_folder
from datasets_app.services.imports.source import Source, source_open
from datasets_app.services.imports.tally import Tally, answer_of
from datasets_app.services.imports.writing import Piece, Rules, pictures_decode, piece_prepare, piece_write
from datasets_app.services.label_tally import tally_refresh
from datasets_app.services.planner import planner_refresh
from datasets_app.services.revert import revision_revert
from datasets_app.services.revert_source import RevertConflictError
from datasets_app.services.revision import revision_open

PROBLEMS_FILE = "problems.jsonl"
_COLLECT_EVERY = 50
"""Pieces between two searches for cyclic garbage; searching by itself costs a tenth of an import."""


def import_run(request: ImportRequest, *, author: Any, key: str, progress: Progress = no_progress) -> dict[str, Any]:
    """Imports (or, for a dry run, only looks) and answers what went in, was mended, was refused.

    `key` names the operation: a call with a key that is finished answers what the first one did, a call with one that
    was killed goes on behind its last commit.
    """
    import_check(request)
    done = Operation.objects.filter(project=request.project, key=key, answer__isnull=False).first()
    if done is not None:
        return _finished(dict(done.answer or {}))
    log = ProblemLog(imports_folder() / key / PROBLEMS_FILE)
    try:
        if not request.dry_run:
            return _Import(request, author, key, progress).run(log)
        log.wind_back({})
        with source_open(request, log, key=key) as source:
            return import_foresee(request, source, progress)
    finally:
        log.close()


def _finished(answer: dict[str, Any]) -> dict[str, Any]:
    if "error" in answer:
        raise DomainError(answer["error"]["code"], answer["error"]["detail"])
    return answer


class _Import:
    """One run of one operation."""

    def __init__(self, request: ImportRequest, author: Any, key: str, progress: Progress) -> None:
        self._request = request
        self._author = author
        self._progress = progress
        self._operation, _ = Operation.objects.get_or_create(
            project=request.project, key=key, defaults={"kind": "import"}
        )
        self._tally = Tally()
        self._plans: list[ClassPlan] = []
        self._class_ids: dict[int, int | None] | None = None

    def run(self, log: ProblemLog) -> dict[str, Any]:
        """To the end, or back to the beginning where it cannot go on."""
        try:
            with _collector_paused():
                answer = self._write_all(log)
        except JobLost:
            raise
        except DomainError as error:
            sentence = self._take_back(error.code, error.detail)
            raise DomainError(error.code, f"{error.detail}{sentence}") from error
        except JobCancelled:
            self._take_back("cancelled", "Cancelled.")
            raise
        except Exception:
            self._take_back("internal", "The import stopped on an internal error.")
            raise
        Operation.objects.filter(pk=self._operation.pk).update(answer=answer)
        tally_refresh(self._request.project)
        planner_refresh(self._tally.annotations + self._tally.images_created)
        return answer

    def _write_all(self, log: ProblemLog) -> dict[str, Any]:
        cursor = self._cursor()
        log.wind_back(cursor.get("log", {}))
        log.is_muted = bool(cursor)
        with source_open(self._request, log, key=self._operation.key) as source:
            self._plans = classes_plan(self._request.project, source.dataset.classes, self._request.classes)
            self._restore(cursor)
            placer = Placer(source.matcher, source.pictures, log)
            stream = iter(source.dataset.images)
            self._pass_over(stream, placer)
            log.is_muted = False
            for number, piece in enumerate(chunks(stream), 1):
                self._write(piece, source, placer)
                self._progress(self._tally.records, source.dataset.image_count)
                if number % _COLLECT_EVERY == 0:
                    gc.collect()
            if self._class_ids is None:
                self._write([], source, placer)
            ids = self._class_ids or {}
            self._plans = [replace(plan, target=ids.get(plan.record.number)) for plan in self._plans]
            return {**source.facts, "mode": self._request.mode, **answer_of(self._tally, self._plans, log)}

    def _write(self, piece: list[ImageRecord], source: Source, placer: Placer) -> None:
        """Commits one piece together with where the file was left."""
        project, log = self._request.project, source.log
        items = placer.place(piece)
        told = self._tally.records

        def tell(done: int) -> None:
            self._progress(told + done, source.dataset.image_count)

        prepared = Piece(items, pictures_decode(project, items, log, tell))
        if self._class_ids is not None:
            piece_prepare(prepared, self._rules(self._class_ids), log)
        message = f"Imported {self._request.path.name}"
        with revision_open(
            project.pk, author=self._author, kind="import", message=message, operation=self._operation
        ) as door:
            is_first = self._class_ids is None
            if self._class_ids is None:
                # Asked again under the lock: somebody may have retired or made a class since the first look.
                self._plans = classes_plan(project, source.dataset.classes, self._request.classes)
                self._class_ids = classes_apply(door, self._plans)
            part = piece_write(door, prepared, self._rules(self._class_ids), placer.seen, log)
            self._tally.add(part)
            self._tally.records += len(piece)
            if door.changed:
                self._tally.revision = door.number
                self._tally.first_revision = self._tally.first_revision or door.number
            door.answer = {"cursor": {"tally": self._tally.as_json(), "log": log.position()}}
            if is_first:
                classes = {str(number): key for number, key in self._class_ids.items()}
                actions = {str(plan.record.number): plan.action for plan in self._plans}
                door.answer |= {"classes": classes, "actions": actions}

    def _rules(self, class_ids: Mapping[int, int | None]) -> Rules:
        salt = f"{self._operation.key}|" if self._request.mode == "add" else ""
        return Rules(self._request.mode, class_ids, salt)

    def _revisions(self) -> Any:
        return Revision.objects.filter(project=self._request.project, operation=self._operation).order_by("number")

    def _cursor(self) -> dict[str, Any]:
        """Where an earlier run of the same operation left the file."""
        last = self._revisions().last()
        return dict((last.answer or {}).get("cursor", {})) if last is not None else {}

    def _restore(self, cursor: Mapping[str, Any]) -> None:
        if not cursor:
            return
        self._tally = Tally.from_json(cursor["tally"])
        first = self._revisions().first().answer
        self._class_ids = {int(number): key for number, key in first["classes"].items()}
        self._plans = [
            replace(plan, action=first["actions"].get(str(plan.record.number), plan.action)) for plan in self._plans
        ]

    def _pass_over(self, stream: Iterable[ImageRecord], placer: Placer) -> None:
        """What was committed before: only which images it met is of interest."""
        for piece in chunks(islice(stream, self._tally.records)):
            placer.seen.update(item.match.place.id for item in placer.place(piece) if item.match is not None)

    def _take_back(self, code: str, detail: str) -> str:
        """Undoes what was committed; the sentence that says so, "" where there was nothing."""
        last = self._revisions().last()
        sentence = ""
        if last is not None:
            try:
                revision_revert(last, author=self._author)
                sentence = " What had gone in until then was taken back."
            except RevertConflictError:
                sentence = (
                    f" What had gone in until then stays, because parts of it were changed since; "
                    f"revision {last.number} and the others of this import can be reverted by hand."
                )
        answer = {"error": {"code": code, "detail": f"{detail}{sentence}"}}
        Operation.objects.filter(pk=self._operation.pk).update(answer=answer)
        return sentence


class _collector_paused:  # noqa: N801  reads as the statement that it is
    """Records are freed by counting; looking for cycles among all of them at every turn costs more than it frees."""

    def __enter__(self) -> None:
        self._was_enabled = gc.isenabled()
        gc.disable()
        # What is there already is no garbage of the import: it need not be searched each time.
        gc.freeze()

    def __exit__(self, *_: object) -> None:
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()
