"""docs/api.md is true: its commands run as they stand there against a live server, and answers have those fields."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from PIL import Image

from annotator.core import jobs
from annotator.core.models import Job
from tests.conftest import skip_or_fail
from tests.docs.markdown import DOCS, ROOT, blocks, code_spans, prose
from tests.training_app import scenes

PAGE = DOCS / "api.md"
PASSWORD = "a long enough passphrase"
SHOWN_ADDRESS = "http://127.0.0.1:8000"
OBJECT = (20, 16, 40, 48)
PICTURES = 16


def photos(folder: Path) -> None:
    """Pictures of a bright object on a dark ground, no two alike."""
    folder.mkdir()
    x, y, width, height = OBJECT
    for index in range(PICTURES):
        pixels = np.random.default_rng(index).integers(0, 30, (96, 96, 3), dtype=np.uint8)
        pixels[y : y + height, x : x + width] += np.uint8(190)
        Image.fromarray(pixels).save(folder / f"{index:03}.png")


def pretended_training(_: Path, job: Mapping[str, Any], *, listener: Any, **__: Any) -> dict[str, Any]:
    """Stands in for the engine: tells of epochs and leaves a checkpoint that only another pretender takes for one."""
    classes = json.loads(Path(job["dataset"]).read_text())["classes"]
    epochs, metrics = job["config"]["epochs"], {"val/ap": 0.5, "val/loss": 0.4}
    listener.take(
        {
            "event": "started", "device": "CPU", "precision": "float32", "epochs": epochs, "steps_per_epoch": 2,
            "train_images": 8, "val_images": 4, "parameters": 100, "monitor": "val/ap",
        }
    )  # fmt: skip
    facts = {
        "epoch": epochs,
        "metrics": metrics,
        "classes": [{name: row[name] for name in ("number", "name", "color")} for row in classes],
    }
    for kind in ("best", "last"):
        folder = Path(job["output"]) / kind
        folder.mkdir(parents=True)
        (folder / "checkpoint.json").write_bytes(orjson.dumps(facts))
        (folder / "model.safetensors").write_bytes(b"12345678")
        listener.take({"event": "checkpoint", "kind": kind, "path": str(folder), "epoch": epochs, "metrics": metrics})
    listener.take(
        {"event": "epoch", "epoch": epochs, "step": 2 * epochs, "metrics": metrics, "best": True, "patience_left": None}
    )
    finished = {"event": "finished", "reason": "completed", "seconds": 1.0, "images_per_second": 8.0}
    listener.take(finished)
    return finished


@pytest.fixture
def worker(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A thread that runs every job that is told of, with an engine that only pretends."""
    waiting: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    found = scenes.PretendedEngine(lambda _: scenes.boxes((1, 0.9, OBJECT)))
    monkeypatch.setattr("training_app.services.run.weights_reason", lambda _: "")
    monkeypatch.setattr("training_app.services.training.engine_run", pretended_training)
    monkeypatch.setattr("training_app.services.predicting.engine_run", found)
    monkeypatch.setattr("annotator.core.jobs.send", lambda row: waiting.put(str(row.pk)))

    def work() -> None:
        while (job := waiting.get()) is not None:
            jobs.run_job(job)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    waiting.put(None)
    thread.join()


def script(address: str) -> str:
    """All commands of the page, the output of each block in a file of its own."""
    parts = ["set -eu"]
    number = 0
    for block in blocks(PAGE):
        if block.language == "sh":
            body = block.body.replace(SHOWN_ADDRESS, address)
            parts.append(f"echo block {number} >&2\n{{\n{body}}} > output-{number}\n")
            number += 1
    return "\n".join(parts)


def shown_answers() -> list[tuple[int, Any]]:
    """The answers that the page shows, each with the number of the block of commands before it."""
    found = []
    number = -1
    for block in blocks(PAGE):
        if block.language == "sh":
            number += 1
        elif block.language == "json":
            found.append((number, json.loads(block.body)))
    return found


def last_answer(text: str) -> Any:
    """The last JSON document of an output."""
    decoder, place, answer = json.JSONDecoder(), 0, None
    while place < len(text.rstrip()):
        answer, place = decoder.raw_decode(text, place + len(text[place:]) - len(text[place:].lstrip()))
    return answer


def unlike(shown: Any, real: Any, path: str = "") -> list[str]:
    """Where the shown answer has a field or a type that the real one has not; values may differ, lists be shorter."""
    if isinstance(shown, dict):
        if not isinstance(real, dict):
            return [f"{path}: {real!r} is no object"]
        missing = [f"{path}.{key}" for key in shown.keys() - real.keys()]
        return missing + [
            line for key in shown.keys() & real.keys() for line in unlike(shown[key], real[key], f"{path}.{key}")
        ]
    if isinstance(shown, list):
        if not isinstance(real, list) or (shown and not real):
            return [f"{path}: {real!r}"]
        return [line for one, other in zip(shown, real, strict=False) for line in unlike(one, other, f"{path}[]")]
    same = type(shown) is type(real) or (isinstance(shown, int | float) and isinstance(real, int | float))
    return [] if same or shown is None else [f"{path}: {real!r} for {shown!r}"]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_commands_run_and_answer_as_shown(live_server: Any, worker: None, tmp_path: Path) -> None:
    # given
    if shutil.which("curl") is None or shutil.which("bash") is None:
        skip_or_fail("The commands of docs/api.md need curl and bash: apt-get install curl.")
    get_user_model().objects.create_superuser("admin", password=PASSWORD)
    get_user_model().objects.create_user("grace")
    photos(tmp_path / "photos")

    # when
    answer = subprocess.run(
        ["bash", "-c", script(live_server.url)],
        cwd=tmp_path,
        env={**os.environ, "ANNOTATOR_ADMIN_PASSWORD": PASSWORD},
        capture_output=True,
        text=True,
        check=False,
    )

    # then
    outputs = {path.name: path.read_text() for path in tmp_path.glob("output-*")}
    failed = list(Job.objects.filter(state="failed").values_list("kind", "error_detail", "traceback"))
    assert (answer.returncode, failed) == (0, []), f"{answer.stderr}\n{list(outputs.values())[-1:]}"
    different = {number: unlike(shown, last_answer(outputs[f"output-{number}"])) for number, shown in shown_answers()}
    assert {number: lines for number, lines in different.items() if lines} == {}


def operations() -> set[str]:
    """Every path of the API below /api/v1/, parameters as {}."""
    schema = json.loads((ROOT / "frontend" / "openapi.json").read_text())
    return {generic(path.removeprefix("/api/v1/")) for path in schema["paths"]}


def generic(path: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in path.partition("?")[0].split("/"))


def named_paths(spans: Sequence[str]) -> set[str]:
    """What of the page's words in code looks like a path of the API."""
    words = {word for span in spans for word in span.split()}
    return {word for word in words if word.endswith("/") and word[0].islower() and "//" not in word}


def test_every_path_that_the_page_names_exists() -> None:
    known = operations()
    short = {path.rpartition("}/")[2] for path in known}
    """Named after its row was: `resume/` of a run."""

    unknown = {path for path in named_paths(list(code_spans(PAGE))) if generic(path) not in known | short}

    assert unknown - {"weights/"} == set()


def test_every_area_of_the_api_is_on_the_page() -> None:
    text = prose(PAGE) + "".join(block.body for block in blocks(PAGE))

    areas = {path.split("/")[0] for path in operations()}

    assert {area for area in areas if f"{area}/" not in text} == set()
