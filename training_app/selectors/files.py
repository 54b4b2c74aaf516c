"""Where training keeps its files, and what a checkpoint on disk says. Imports no torch.

    runs/<id>/                   dataset.json  job.json  engine.log  checkpoints/{best,last}/
    models/<id>/                 a copy of the best checkpoint, or the ONNX file of a detector that was brought
    model_exports/<id>/<format>/ the model as a file for other programs, and a report on it
    evaluations/<id>/            what was predicted and labelled
    predicting/<job>/<attempt>/  the work of a prediction that is under way
    model_uploads/<job>/         an ONNX file that is looked at, until it is a model

All of it lies below the data folder and is named by the ids of rows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

FACTS_FILE = "checkpoint.json"
ONNX_FILE = "model.onnx"
LOG_FILE = "engine.log"


def data_folder() -> Path:
    return Path(settings.DATA_DIR)


def run_folder(run_id: int) -> Path:
    return data_folder() / "runs" / str(run_id)


def checkpoints_folder(run_id: int) -> Path:
    return run_folder(run_id) / "checkpoints"


def model_folder(model_id: int) -> Path:
    return data_folder() / "models" / str(model_id)


def model_export_folder(model_id: int, format_key: str) -> Path:
    return data_folder() / "model_exports" / str(model_id) / format_key


def evaluation_folder(evaluation_id: int) -> Path:
    return data_folder() / "evaluations" / str(evaluation_id)


def predicting_folder(job_id: str) -> Path:
    return data_folder() / "predicting" / job_id


def uploads_folder() -> Path:
    return data_folder() / "model_uploads"


def find_checkpoint(run_id: int, kind: str) -> Path | None:
    """The folder of the newest whole checkpoint of this kind; a swap that broke off leaves the former one aside."""
    output = checkpoints_folder(run_id)
    for folder in (output / kind, output / f".{kind}.old"):
        if (folder / FACTS_FILE).is_file():
            return folder
    return None


def checkpoint_facts(folder: Path) -> dict[str, Any]:
    facts: dict[str, Any] = orjson.loads((folder / FACTS_FILE).read_bytes())
    return facts


def relative_path(path: Path) -> str:
    """As rows hold it: the data folder may move."""
    return path.resolve().relative_to(data_folder().resolve()).as_posix()


def folder_size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
