"""Owns the order of stages: two lanes side by side (Python, front end), a line per stage, a summary at the end."""

import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from checks.context import CheckContext, StageFailed, StageRun, StageSkipped, stage_log
from checks.stages import Stage
from launcher.errors import LaunchError

LOG_FOLDER = Path("test-results") / "checks"
TAIL_LINES = 60


@dataclass(frozen=True)
class Outcome:
    """How one stage ended."""

    name: str
    verdict: str
    seconds: float
    detail: str = ""

    def line(self) -> str:
        return f"{self.verdict:<7} {self.name:<16} {self.seconds:7.1f} s  {self.detail}".rstrip()


class Board:
    """Which stages have ended, and how; shared by the lanes."""

    def __init__(self, stages: Sequence[Stage]) -> None:
        self._chosen = {stage.name for stage in stages}
        self._outcomes: dict[str, Outcome] = {}
        self._changed = threading.Condition()

    def add(self, outcome: Outcome) -> None:
        with self._changed:
            self._outcomes[outcome.name] = outcome
            print(outcome.line(), flush=True)
            self._changed.notify_all()

    def wait_for(self, names: Sequence[str]) -> list[str]:
        """Waits until the chosen ones of `names` have ended; returns those that did not succeed."""
        wanted = [name for name in names if name in self._chosen]
        with self._changed:
            self._changed.wait_for(lambda: all(name in self._outcomes for name in wanted))
            return [name for name in wanted if self._outcomes[name].verdict != "ok"]

    def outcomes(self) -> list[Outcome]:
        return list(self._outcomes.values())


def stages_run(stages: Sequence[Stage], context: CheckContext) -> bool:
    """Runs all, lanes in parallel, and returns whether none failed."""
    begun = time.monotonic()
    board = Board(stages)
    lanes = list(dict.fromkeys(stage.lane for stage in stages))
    with ThreadPoolExecutor(max_workers=max(len(lanes), 1)) as pool:
        for lane in lanes:
            pool.submit(_lane_run, [stage for stage in stages if stage.lane == lane], context, board)
    failed = [outcome for outcome in board.outcomes() if outcome.verdict == "FAILED"]
    for outcome in failed:
        _show_log(context.root / LOG_FOLDER / f"{outcome.name}.log", outcome)
    print(f"\n{'-' * 64}")
    for outcome in board.outcomes():
        print(outcome.line())
    print(f"{'FAILED' if failed else 'ok':<7} {'all':<16} {time.monotonic() - begun:7.1f} s", flush=True)
    return not failed


def _lane_run(stages: Sequence[Stage], context: CheckContext, board: Board) -> None:
    for stage in stages:
        unmet = board.wait_for(stage.after)
        if unmet:
            board.add(Outcome(stage.name, "FAILED", 0.0, f"needs {', '.join(unmet)}"))
        else:
            board.add(_stage_run(stage, context))


def _stage_run(stage: Stage, context: CheckContext) -> Outcome:
    begun = time.monotonic()
    verdict, detail = "ok", ""
    with stage_log(context.root / LOG_FOLDER, stage.name) as log:
        try:
            detail = stage.action(StageRun(context, log)) or ""
        except StageSkipped as reason:
            verdict, detail = "skipped", str(reason)
        except (StageFailed, LaunchError) as reason:
            verdict, detail = "FAILED", str(reason)
        except Exception as error:
            verdict, detail = "FAILED", f"{type(error).__name__}: {error}"
    return Outcome(stage.name, verdict, time.monotonic() - begun, detail)


def _show_log(path: Path, outcome: Outcome) -> None:
    print(f"\n{'=' * 20} {outcome.name}: {outcome.detail}", flush=True)
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    if len(lines) > TAIL_LINES:
        print(f"... ({len(lines) - TAIL_LINES} earlier lines in {path})")
    sys.stdout.write("\n".join(lines[-TAIL_LINES:]) + "\n")
