"""Owns the lock that keeps two launchers off one data folder; what else lies there belongs to the product."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher.errors import LaunchError

LOCK_NAME = "launcher.lock"


@contextmanager
def data_dir_held(data_dir: Path) -> Iterator[None]:
    """Holds the data folder for one launcher; the kernel lets go of it however the launcher ends."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(data_dir / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise LaunchError(
            f"The data folder {data_dir} cannot be written ({error.strerror}). "
            "Make it writable, or name another one with ANNOTATOR_DATA_DIR."
        ) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip() or "unknown"
            raise LaunchError(
                f"Annotator already runs on the data folder {data_dir} (process {holder}). "
                "Stop that one first, or give this one a folder of its own with ANNOTATOR_DATA_DIR."
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)
