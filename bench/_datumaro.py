"""Datumaro, measured in the same run: in an environment of its own, because it wants other versions than we do."""

import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.harness import Unavailable

VERSION = "1.13.0"
NAME = "Datumaro 1.13"
_INSTALL_SECONDS, _MEASURE_SECONDS = 900, 900
_JOB = Path(__file__).with_name("_datumaro_job.py")


@functools.cache
def datumaro_seconds(coco: Path) -> dict[str, float]:
    """Seconds of `import`, `export_coco` and `export_voc` of the labels of a COCO file. Raises `Unavailable`."""
    python = _environment()
    with unpacked(coco) as source, tempfile.TemporaryDirectory(prefix="annotator-bench-datumaro-") as target:
        words = [str(python), str(_JOB), str(source), target]
        try:
            told = subprocess.run(words, check=True, capture_output=True, text=True, timeout=_MEASURE_SECONDS)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            raise Unavailable(f"{NAME} did not finish: {_last_line(error)}") from error
    seconds: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return seconds


@contextmanager
def unpacked(coco: Path) -> Iterator[Path]:
    """The folder of a COCO data set from its archive, or around a single file."""
    with tempfile.TemporaryDirectory(prefix="annotator-bench-coco-") as name:
        folder = Path(name)
        if zipfile.is_zipfile(coco):
            with zipfile.ZipFile(coco) as archive:
                archive.extractall(folder)
        else:
            (folder / "annotations").mkdir()
            shutil.copy(coco, folder / "annotations" / "instances_default.json")
        # Datumaro asks for the folder of the pictures even where only labels are read.
        (folder / "images").mkdir(exist_ok=True)
        yield folder


def datumaro_or_none(coco: Path, what: str) -> float | None:
    """One of those seconds; None, with the reason on the terminal, where Datumaro cannot be measured here."""
    try:
        return datumaro_seconds(coco)[what]
    except Unavailable as reason:
        print(f"without peer: {reason}", file=sys.stderr, flush=True)
        return None


@functools.cache
def _environment() -> Path:
    """The interpreter of the environment, which is made once and kept in the user's cache."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "annotator-bench" / f"datumaro-{VERSION}-{sys.version_info.major}.{sys.version_info.minor}"
    python, done = folder / "bin" / "python", folder / "complete"
    if done.exists():
        return python
    shutil.rmtree(folder, ignore_errors=True)
    steps = (
        [sys.executable, "-m", "venv", str(folder)],
        [str(python), "-m", "pip", "install", "--quiet", f"datumaro=={VERSION}"],
    )
    for step in steps:
        try:
            subprocess.run(step, check=True, capture_output=True, text=True, timeout=_INSTALL_SECONDS)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired, OSError) as error:
            raise Unavailable(f"{NAME} cannot be installed here: {_last_line(error)}") from error
    done.touch()
    return python


def _last_line(error: Exception) -> str:
    lines = str(getattr(error, "stderr", "") or error).strip().splitlines()
    return lines[-1] if lines else type(error).__name__
