"""The process that decodes untrusted bytes: bounded in memory and time, free to crash. Started by `pool`, ends with it.

Requests and answers are a line of JSON and then raw bytes; nothing that comes back from here can run code.
"""

from __future__ import annotations

import dataclasses
import json
import os
import resource
import select
import signal
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from PIL import Image

from datasets_app.ingest.decode import Decoded, decode
from datasets_app.ingest.limits import PictureLimits
from datasets_app.ingest.pyramid import pyramid_write
from datasets_app.ingest.refusal import Refused

OPEN_FILES = 64
READY = {"ready": True}


def main(idle_seconds: float) -> None:
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    _silence()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # The default action ends the process even in the middle of a decoder's C loop.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (OPEN_FILES, OPEN_FILES))
    Image.MAX_IMAGE_PIXELS = None  # the limits of each request are checked instead
    warnings.simplefilter("ignore")
    _write(answers, READY)
    while _is_asked(requests, idle_seconds) and (line := requests.readline()):
        _answer(json.loads(line), requests, answers)


def _silence() -> None:
    """C libraries print what they find; it belongs neither to the answers nor into the server's log."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)


def _is_asked(requests: BinaryIO, idle_seconds: float) -> bool:
    readable, _, _ = select.select([requests], [], [], idle_seconds)
    return bool(readable)


def _answer(request: dict[str, Any], requests: BinaryIO, answers: BinaryIO) -> None:
    limits = PictureLimits(**request["limits"])
    with suppress(ValueError, OSError):  # not every system lets a process bound its address space
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, resource.getrlimit(resource.RLIMIT_AS)[1]))
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)
    try:
        if "tiles" in request:
            written = pyramid_write(Path(request["path"]), Path(request["tiles"]), request["suffix"], limits)
            answer: tuple[dict[str, Any], bytes, bytes] = {"written": written}, b"", b""
        else:
            source = Path(request["path"]) if request["path"] is not None else requests.read(request["size"])
            decoded = decode(source, limits)
            answer = _facts(decoded), decoded.display or b"", decoded.thumbnail
    except Refused as refused:
        _write(answers, {"code": refused.code, "detail": refused.detail})
    else:
        _write(answers, *answer)
    signal.setitimer(signal.ITIMER_REAL, 0)


def _facts(decoded: Decoded) -> dict[str, Any]:
    facts = {field.name: getattr(decoded, field.name) for field in dataclasses.fields(decoded)}
    return facts | {
        "display": None if decoded.display is None else len(decoded.display),
        "thumbnail": len(decoded.thumbnail),
    }


def _write(answers: BinaryIO, head: dict[str, Any], *bodies: bytes) -> None:
    answers.write(json.dumps(head).encode() + b"\n")
    for body in bodies:
        answers.write(body)
    answers.flush()


if __name__ == "__main__":
    main(float(sys.argv[1]))
