"""The embedded broker: Kombu's filesystem transport, made safe for several processes on a busy machine.

Kombu opens a message's file under its final name and writes it afterwards, so a reader that is quick finds it empty,
loses it and ends its worker; its table of queues has the same gap. Here both appear whole or not at all.
"""

from __future__ import annotations

import logging
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from filelock import FileLock
from kombu.transport import filesystem
from kombu.utils.json import dumps, loads
from typing_extensions import override

log = logging.getLogger(__name__)


SETTLED_NS = 2_000_000_000
"""Age of a folder's last change from which its time tells every later one, also where clocks of files are coarse."""


class Channel(filesystem.Channel):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._empty_since: dict[str, int] = {}
        """Queue → change time of the folder in which it had no message: idle workers look fifty times a second."""

    @override
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # as Kombu calls it
        del kwargs
        name = f"{time.monotonic_ns() // 1_000_000}_{uuid.uuid4()}.{queue}.msg"
        _write(Path(self.data_folder_out) / name, dumps(payload))

    @override
    def _get(self, queue: str, timeout: float | None = None) -> Any:
        del timeout
        folder = Path(self.data_folder_in)
        changed = folder.stat().st_mtime_ns
        if self._empty_since.get(queue) == changed:
            raise Empty
        for path in sorted(folder.glob(f"*.{queue}.msg")):
            taken = path.with_name(f".{path.name}.{uuid.uuid4()}.taken")
            try:
                path.rename(taken)
            except FileNotFoundError:  # another worker was quicker
                continue
            try:
                return loads(taken.read_text())
            except ValueError:
                # A message is only a hint: the job's row is still there and is told again.
                log.warning("broker.unreadable_message", extra={"path": str(path)})
            finally:
                taken.unlink()
        if time.time_ns() - changed > SETTLED_NS:
            self._empty_since[queue] = changed
        raise Empty

    @override
    def _queue_bind(self, exchange: str, routing_key: str, pattern: str | None, queue: str) -> None:
        path: Path = self._exchange_file(exchange)  # type: ignore[attr-defined]  # not in the stubs
        path.parent.mkdir(parents=True, exist_ok=True)
        binding = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with FileLock(path.with_suffix(".lock")):
            table = self.get_table(exchange)
            if binding not in table:
                _write(path, dumps([binding, *table]))


class Transport(filesystem.Transport):
    Channel = Channel


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.{uuid.uuid4()}.part")
    part.write_text(text)
    part.rename(path)
