"""Owns what a measurement is: how one is declared, timed, compared with its peer and its target, and written down.

A group is a file in this folder; every function in it that carries `@benchmark` is one figure of the group:

    @benchmark("export_coco_36k", unit="s", target=0.6, peer="Datumaro 1.13", peer_value=2.9)
    def export_coco() -> float:
        return best_of(lambda: write(dataset), repeat=3)

It is called `data.export_coco_36k` when the file is `data.py`. A function returns its value, or a `Measurement` when
the peer was measured beside it, or raises `Unavailable` where it cannot be measured. What it checks about its own
result it asserts. A group runs in a process of its own; expensive scenes are shared by `functools.cache` inside it.
A group with `ON_DATABASES = True` runs on SQLite and again on PostgreSQL (`api.load@postgres`).
"""

import json
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

RESULTS = Path(__file__).resolve().parent / "results.jsonl"


class Unavailable(Exception):  # noqa: N818  an outcome, not an error
    """The figure cannot be measured here; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """A value, with the peer's when it was measured in the same run, and what else the line shall say."""

    value: float
    peer_value: float | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One declared figure."""

    name: str
    unit: str
    target: float | None
    peer: str
    peer_value: float | None
    better: Literal["lower", "higher"]
    function: Callable[[], float | Measurement]

    def measure(self, *, suffix: str = "") -> dict[str, Any]:
        """Runs the function and returns the line for the results file. Raises `Unavailable`."""
        answer = self.function()
        found = answer if isinstance(answer, Measurement) else Measurement(float(answer))
        peer_value = found.peer_value if found.peer_value is not None else self.peer_value
        return {
            "name": self.name + suffix,
            "value": round(found.value, 6),
            "unit": self.unit,
            "target": self.target,
            "peer": self.peer or None,
            "peer_value": peer_value,
            "ratio": self._ratio(found.value, peer_value),
            "ok": self._is_reached(found.value),
            **found.detail,
            "at": datetime.now(tz=UTC).isoformat(timespec="seconds"),
        }

    def _is_reached(self, value: float) -> bool:
        if self.target is None:
            return True
        return value <= self.target if self.better == "lower" else value >= self.target

    def _ratio(self, value: float, peer_value: float | None) -> float | None:
        """How many times better than the peer."""
        if not peer_value or not value:
            return None
        return round(peer_value / value if self.better == "lower" else value / peer_value, 3)


declared: dict[str, list[Benchmark]] = {}
"""The figures by group, filled as the groups' files are imported."""


def benchmark(
    name: str,
    *,
    unit: str,
    target: float | None = None,
    peer: str = "",
    peer_value: float | None = None,
    better: Literal["lower", "higher"] = "lower",
) -> Callable[[Callable[[], float | Measurement]], Callable[[], float | Measurement]]:
    """Declares the decorated function as a figure of its file's group. `target` is what `ok` is decided by."""

    def declare(function: Callable[[], float | Measurement]) -> Callable[[], float | Measurement]:
        group = function.__module__.rpartition(".")[2]
        full_name = name if name.startswith(f"{group}.") else f"{group}.{name}"
        declared.setdefault(group, []).append(Benchmark(full_name, unit, target, peer, peer_value, better, function))
        return function

    return declare


def best_of(action: Callable[[], object], *, repeat: int = 5) -> float:
    """Seconds of the quickest of `repeat` runs: what the work takes when nothing disturbs it."""
    return min(timed(action) for _ in range(repeat))


def median_of(action: Callable[[], object], *, repeat: int = 50, warm_up: int = 3) -> float:
    """Seconds at the 50th percentile, after `warm_up` runs that do not count."""
    for _ in range(warm_up):
        action()
    return statistics.median(timed(action) for _ in range(repeat))


def timed(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def result_write(line: Mapping[str, Any], path: Path = RESULTS) -> None:
    with path.open("a") as stream:
        stream.write(json.dumps(line) + "\n")


def result_row(line: Mapping[str, Any]) -> str:
    """One row of the table."""
    verdict = "ok" if line["ok"] else "MISSED"
    target = "" if line["target"] is None else f"{line['target']:g}"
    peer = ""
    if line["peer"]:
        value = "" if line["peer_value"] is None else f" {line['peer_value']:.4g}"
        ratio = "" if line["ratio"] is None else f"  x{line['ratio']:.3g}"
        peer = f"{line['peer']}{value}{ratio}"
    return f"{verdict:<7} {line['name']:<40} {line['value']:>12.4g} {line['unit']:<10} {target:>10}  {peer}".rstrip()


TABLE_HEAD = f"{'':<7} {'figure':<40} {'value':>12} {'unit':<10} {'target':>10}  peer"
