"""Tiny data sets that a real engine learns from within seconds, and an engine that only pretends."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import numpy.typing as npt
import orjson
from PIL import Image

from tests.client import Api
from training_app.engine.label_maps import packed
from training_app.models import Run, TrainedModel
from training_app.selectors.files import checkpoints_folder
from training_app.services.model import model_keep

COLORS = ((220, 40, 40), (40, 60, 220))
SMALL = {"pretrained": False, "image_size": 32, "batch_size": 4, "device": "cpu", "workers": 0, "seed": 1}
"""Settings of a training that takes seconds."""


def colored(index: int, label: int, *, side: int = 40) -> bytes:
    """A noisy picture whose colour tells its class."""
    noise = np.random.default_rng(index).integers(-25, 25, (side, side, 3))
    pixels = np.clip(np.array(COLORS[label]) + noise, 0, 255).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def classified(ada: Api, *, count: int = 16, unlabelled: int = 0) -> dict[str, Any]:
    """A project with `count` tagged pictures of two classes, and a version with all three splits."""
    project = ada.project("red", "blue", task="classification")
    files = {f"{index:03}.png": colored(index, index % 2) for index in range(count + unlabelled)}
    images = [image["id"] for image in ada.upload(project["id"], files)["created"]]
    for label, label_class in enumerate(project["classes"]):
        chosen = images[label:count:2]
        ada.post(
            f"projects/{project['id']}/images/bulk/", {"ids": chosen, "action": "classify", "value": label_class["id"]}
        ).ok()
    return scene(ada, project, images)


def boxed(ada: Api, *, count: int = 8, unlabelled: int = 0) -> dict[str, Any]:
    """A project whose pictures hold one box each."""
    project = ada.project("cell", "debris")
    files = {f"{index:03}.png": colored(index, index % 2, side=64) for index in range(count + unlabelled)}
    images = [image["id"] for image in ada.upload(project["id"], files)["created"]]
    for index, image in enumerate(images[:count]):
        ada.label(image, project["classes"][index % 2]["id"], (8, 8, 40, 40))
    return scene(ada, project, images)


def painted(ada: Api, *, count: int = 8) -> dict[str, Any]:
    """A project whose pictures hold one square polygon each."""
    project = ada.project("cell", "debris", task="segmentation")
    files = {f"{index:03}.png": colored(index, index % 2, side=64) for index in range(count)}
    images = [image["id"] for image in ada.upload(project["id"], files)["created"]]
    outline = {"outer": [[8, 8], [48, 8], [48, 48], [8, 48]], "holes": []}
    for index, image in enumerate(images):
        created = {
            "uuid": str(uuid4()),
            "class": project["classes"][index % 2]["id"],
            "shape": {"type": "polygon", "parts": [outline]},
        }
        ada.change(image, create=[created]).ok()
    return scene(ada, project, images)


def scene(ada: Api, project: dict[str, Any], images: Sequence[int]) -> dict[str, Any]:
    body = {"name": "first", "split": {"train": 0.5, "val": 0.25, "test": 0.25}, "group_by": "none", "seed": 3}
    version = ada.post(f"projects/{project['id']}/versions/", body).ok(201)
    return {"project": project, "images": list(images), "version": version, "classes": project["classes"]}


def start_run(ada: Api, found: Mapping[str, Any], architecture: str, **config: Any) -> dict[str, Any]:
    body = {"version": found["version"]["id"], "architecture": architecture, "config": SMALL | config}
    run: dict[str, Any] = ada.post(f"projects/{found['project']['id']}/runs/", body).ok(201)
    return run


Predict = Callable[[int], dict[str, Any]]


class PretendedEngine:
    """Stands in for the child process: answers each picture of a prediction by `predict`."""

    def __init__(self, predict: Predict) -> None:
        self.predict = predict
        self.jobs: list[dict[str, Any]] = []

    def __call__(self, _: Path, job: Mapping[str, Any], **__: Any) -> dict[str, Any]:
        self.jobs.append(dict(job))
        lines = [orjson.loads(line) for line in Path(job["images"]).read_bytes().splitlines()]
        with Path(job["output"]).open("wb") as file:
            for line in lines:
                assert Path(line["path"]).is_file()
                answer = {"number": line["number"], **self.predict(line["number"])}
                file.write(orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE))
        return {"event": "finished", "reason": "completed"}


def member(ada: Api, found: Mapping[str, Any], role: str) -> Api:
    """Somebody with this role in the project."""
    other = Api(role)
    ada.post(f"projects/{found['project']['id']}/members/", {"username": role, "role": role}).ok(201)
    return other


def trained(found: Mapping[str, Any], *, classes: Sequence[Mapping[str, Any]] | None = None) -> TrainedModel:
    """A model as a run would have left it, with files that only a pretended engine takes for a network."""
    task = found["project"]["task"]
    run = Run.objects.create(
        project_id=found["project"]["id"],
        version_id=found["version"]["id"],
        name="Made up",
        task=task,
        architecture="made_up",
        epochs=3,
    )
    known = found["classes"] if classes is None else classes
    facts = {
        "epoch": 2,
        "metrics": {"val/loss": 0.5},
        "classes": [{"number": row["number"], "name": row["name"], "color": row["color"]} for row in known],
    }
    folder = checkpoints_folder(run.pk) / "best"
    folder.mkdir(parents=True)
    (folder / "checkpoint.json").write_bytes(orjson.dumps(facts))
    (folder / "model.safetensors").write_bytes(b"12345678")
    model = model_keep(run)
    assert model is not None
    return model


def tags(*scores: float) -> dict[str, Any]:
    """What the engine finds on a whole image: a probability for each class number from 1 on."""
    order = sorted(range(len(scores)), key=lambda index: -scores[index])
    found = [{"class_number": index + 1, "score": scores[index], "shape": {"type": "tag"}} for index in order]
    return {"predictions": found, "probabilities": list(scores)}


def regions(label_map: npt.NDArray[np.uint8], confidence: float = 1.0) -> dict[str, Any]:
    """What the engine finds in a picture of whose pixels it knows the class."""
    sure = np.full_like(label_map, round(confidence * 255))
    return {
        "predictions": [],
        "label_map": b64encode(packed(label_map)).decode(),
        "confidence": b64encode(packed(sure)).decode(),
    }


def boxes(*found: tuple[int, float, Sequence[float]]) -> dict[str, Any]:
    """What the engine finds: (class number, score, box) each, best first."""
    rows = [
        {"class_number": number, "score": score, "shape": {"type": "box", "box": list(box)}}
        for number, score, box in found
    ]
    return {"predictions": rows}
