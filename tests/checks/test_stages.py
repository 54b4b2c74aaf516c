"""How checks are chosen, ordered and judged."""

from pathlib import Path

import pytest

from checks.context import CheckContext, StageFailed, StageRun, StageSkipped
from checks.runner import stages_run
from checks.stages import STAGES, Stage, pytest_summary, stages_select
from launcher.errors import LaunchError


def context(tmp_path: Path, *, is_ci: bool = False) -> CheckContext:
    return CheckContext(root=tmp_path, venv=tmp_path / "venv", is_ci=is_ci)


def succeed(_run: StageRun) -> None:
    return None


def fail(run: StageRun) -> None:
    run.say("line 7 is wrong")
    raise StageFailed("it found something")


def test_no_names_choose_everything_that_is_not_part_of_another_stage() -> None:
    assert [stage.name for stage in stages_select([])] == [stage.name for stage in STAGES if stage.name != "tests-fast"]


def test_a_stage_brings_what_it_needs() -> None:
    assert [stage.name for stage in stages_select(["ui-lint"])] == ["environment", "packages", "ui-lint"]


def test_unknown_name_is_refused_with_those_that_exist() -> None:
    with pytest.raises(LaunchError, match=r"There is no check 'lnit'\. Known: check, e2e, environment,"):
        stages_select(["lnit"])


def test_needs_point_to_stages_that_exist_and_come_first() -> None:
    seen: set[str] = set()
    for stage in STAGES:
        in_lane_before = {other.name for other in STAGES[: STAGES.index(stage)]}
        assert set(stage.after) <= in_lane_before, stage.name
        seen.add(stage.name)
    assert len(seen) == len(STAGES)


def test_failure_shows_its_log_and_stops_only_what_needs_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # given
    stages = [
        Stage("first", "python", fail),
        Stage("second", "python", succeed),
        Stage("third", "front end", succeed, (), ("first",)),
    ]

    # when
    is_good = stages_run(stages, context(tmp_path))

    # then
    said = capsys.readouterr().out
    assert not is_good
    assert "line 7 is wrong" in said
    assert "FAILED  first" in said
    assert "ok      second" in said
    assert "needs first" in said


def test_missing_service_skips_here_and_fails_in_ci(tmp_path: Path) -> None:
    assert isinstance(context(tmp_path).missing("No Redis."), StageSkipped)
    failure = context(tmp_path, is_ci=True).missing("No Redis.")
    assert isinstance(failure, StageFailed)
    assert str(failure) == "No Redis. CI has to provide it."


def test_broken_stage_does_not_hang_the_other_lane(tmp_path: Path) -> None:
    def broken(_run: StageRun) -> None:
        raise RuntimeError("a mistake in the check itself")

    stages = [Stage("first", "python", broken), Stage("second", "front end", succeed, (), ("first",))]
    assert not stages_run(stages, context(tmp_path))


def test_summary_of_pytest_is_its_last_line() -> None:
    text = "=== 1 failed in 0.1s ===\nmore\n========== 12 passed, 1 skipped in 75.34s (0:01:15) ===========\n"
    assert pytest_summary(text) == "12 passed, 1 skipped"
    assert pytest_summary("nothing") == ""
