"""Owns starting the whole product the way a user does, for tests and measurements; reads only what it prints."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from checks.services import free_port

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 180.0
STOP_SECONDS = 20.0
READY = re.compile(r"Annotator is running at (\S+)")
PASSWORD = re.compile(r"Log in as (\S+) with the password (\S+) \(shown only this once")


class ProductError(Exception):
    """It did not start or did not stop; the message holds its last words."""


@dataclass
class Product:
    """A started product."""

    process: subprocess.Popen[bytes]
    url: str
    output: Path
    seconds: float

    @property
    def password(self) -> str | None:
        """The administrator's generated password, if this start generated one."""
        found = PASSWORD.search(self.output.read_text(errors="replace"))
        return found.group(2) if found else None

    def stop(self, number: signal.Signals = signal.SIGINT) -> float:
        """Signals the launcher as Ctrl-C would and returns the seconds until it was gone."""
        begun = time.monotonic()
        self.process.send_signal(number)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired as error:
            self.process.kill()
            raise ProductError(f"The launcher did not stop within {STOP_SECONDS:.0f} s.\n{self.tail()}") from error
        return time.monotonic() - begun

    def tail(self) -> str:
        return "\n".join(self.output.read_text(errors="replace").splitlines()[-40:])


def product_start(data_dir: Path, *, port: int | None = None, extra: Mapping[str, str] | None = None) -> Product:
    """Starts `make run`'s launcher and waits until it says that the product is running. Raises `ProductError`."""
    descriptor, name = tempfile.mkstemp(prefix="annotator-product-", suffix=".log")
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "launcher"],
        cwd=ROOT,
        env={**os.environ, "PORT": str(port or free_port()), "ANNOTATOR_DATA_DIR": str(data_dir), **(extra or {})},
        stdin=subprocess.DEVNULL,
        stdout=descriptor,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    os.close(descriptor)
    product = Product(process=process, url="", output=Path(name), seconds=0.0)
    while time.monotonic() - begun < START_SECONDS:
        if found := READY.search(product.output.read_text(errors="replace")):
            product.url = found.group(1)
            product.seconds = time.monotonic() - begun
            return product
        if process.poll() is not None:
            raise ProductError(f"The launcher ended with code {process.returncode}.\n{product.tail()}")
        time.sleep(0.02)
    product.stop(signal.SIGTERM)
    raise ProductError(f"The product did not run within {START_SECONDS:.0f} s.\n{product.tail()}")


@contextmanager
def product_running(
    data_dir: Path, *, port: int | None = None, extra: Mapping[str, str] | None = None
) -> Iterator[Product]:
    """A product that is stopped at the end, however that comes."""
    product = product_start(data_dir, port=port, extra=extra)
    try:
        yield product
    finally:
        if product.process.poll() is None:
            product.stop(signal.SIGTERM)
        product.output.unlink(missing_ok=True)
