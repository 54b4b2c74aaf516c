"""Random interleavings of everything that changes a project, against a model that copies everything.

The default is short. For many steps:
`ANNOTATOR_STEPS=10000 pytest -n 0 -s tests/datasets_app/services/test_time_machine.py -k many` prints the seed, with
which `ANNOTATOR_SEED` repeats the run, and how many acts were played.
"""

from __future__ import annotations

import os
import time
from random import SystemRandom
from unittest import mock

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from datasets_app.services import label_tally, rewrite
from tests.datasets_app.services.time_machine.base import Played
from tests.datasets_app.services.time_machine.classes import ClassActs
from tests.datasets_app.services.time_machine.history import HistoryActs
from tests.datasets_app.services.time_machine.labels import LabelActs

STEPS_A_RUN = 50
SHORT_RUNS = 4


class TimeMachine(LabelActs, ClassActs, HistoryActs):
    """All of them, in any order."""


def run(runs: int, *, derandomize: bool) -> None:
    chosen = settings(
        max_examples=runs,
        stateful_step_count=STEPS_A_RUN,
        deadline=None,
        derandomize=derandomize,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    # Small limits: much of the work becomes a job of several revisions.
    few_rows = mock.patch.multiple(rewrite, ROWS_AT_ONCE=6, ROWS_A_REVISION=3)
    # Counts are kept after a few changes and followed from there.
    with few_rows, mock.patch.multiple(label_tally, KEEP_AFTER=8, ROWS_A_STEP=5):
        run_state_machine_as_test(TimeMachine, settings=chosen)


@pytest.mark.django_db
@pytest.mark.slow
def test_every_interleaving_is_what_a_model_that_copies_everything_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.core.jobs.send", lambda _row: None)
    run(SHORT_RUNS, derandomize=True)


@pytest.mark.django_db
@pytest.mark.timeout(0)
@pytest.mark.skipif("ANNOTATOR_STEPS" not in os.environ, reason="Long: name a number of steps with ANNOTATOR_STEPS.")
def test_the_same_for_many_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.core.jobs.send", lambda _row: None)
    chosen = int(os.environ.get("ANNOTATOR_SEED") or SystemRandom().randrange(2**32))
    print(f"\nANNOTATOR_SEED={chosen}", flush=True)  # noqa: T201  repeats the run
    seed(chosen)(TimeMachine)
    began, Played.acts = time.monotonic(), 0
    run(-(-int(os.environ["ANNOTATOR_STEPS"]) // STEPS_A_RUN), derandomize=False)
    print(f"{Played.acts} acts in {time.monotonic() - began:.0f} s without a difference")  # noqa: T201  what the run is for
