"""A figure is judged against its target and compared with its peer the right way round."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Literal

import pytest

from bench.harness import Benchmark, Measurement, best_of, result_row, result_write
from tests.checks.holding import HELD
from tests.conftest import ROOT


def figure(
    value: float | Measurement, *, better: Literal["lower", "higher"] = "lower", target: float | None = 2.0
) -> Benchmark:
    return Benchmark("data.export", "s", target, "Peer 1.0", 10.0, better, lambda: value)


@pytest.mark.parametrize(
    ("value", "better", "is_reached", "ratio"),
    [(1.0, "lower", True, 10.0), (2.0, "lower", True, 5.0), (4.0, "lower", False, 2.5), (20.0, "higher", True, 2.0)],
)
def test_target_and_ratio(value: float, better: Literal["lower", "higher"], is_reached: bool, ratio: float) -> None:
    line = figure(value, better=better).measure()
    assert (line["ok"], line["ratio"]) == (is_reached, ratio)


def test_peer_measured_in_the_same_run_counts_more_than_a_remembered_one() -> None:
    line = figure(Measurement(1.0, peer_value=3.0)).measure()
    assert (line["peer_value"], line["ratio"]) == (3.0, 3.0)


def test_figure_without_target_is_never_missed() -> None:
    assert figure(1e9, target=None).measure()["ok"]


def test_line_and_row_say_the_same(tmp_path: Path) -> None:
    # when
    line = figure(4.0).measure(suffix="@postgres")
    result_write(line, tmp_path / "results.jsonl")

    # then
    written = json.loads((tmp_path / "results.jsonl").read_text())
    assert written == line
    assert list(written)[:8] == ["name", "value", "unit", "target", "peer", "peer_value", "ratio", "ok"]
    assert result_row(line).split() == ["MISSED", "data.export@postgres", "4", "s", "2", "Peer", "1.0", "10", "x2.5"]


def test_best_of_is_the_quickest_run() -> None:
    assert 0 <= best_of(lambda: None, repeat=3) < 0.1


def test_peak_memory_counts_what_the_action_and_its_children_hold() -> None:
    words = [sys.executable, "-m", "tests.checks.holding"]
    answer = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    assert 2 * HELD * 0.8 < int(answer.stdout) < 2 * HELD * 1.5
