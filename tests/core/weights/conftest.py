"""A server of weights files that supports ranges, breaks off and lies, as the tests ask."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from annotator.core.weights.entry import WeightsEntry
from annotator.core.weights.store import WeightsStore

CONTENT = bytes(range(256)) * 4000
"""1,024,000 bytes: several chunks of a download."""


@dataclass
class WeightsServer:
    """What the server sends, how it misbehaves, and the requests that it saw."""

    content: bytes = CONTENT
    etag: str = '"first"'
    supports_ranges: bool = True
    break_after: list[int] = field(default_factory=list)
    """For each request in turn: bytes after which the connection ends; further requests are answered whole."""
    statuses: list[int] = field(default_factory=list)
    """For each request in turn: an error status instead of the file."""
    tells_length: bool = True
    extra: bytes = b""
    range_offset: int = 0
    redirect_to: str = ""
    requests: list[dict[str, str]] = field(default_factory=list)
    address: str = ""

    @property
    def url(self) -> str:
        return f"{self.address}/net.pth"


@pytest.fixture
def server() -> Iterator[WeightsServer]:
    scene = WeightsServer()
    httpd = _Server(scene)
    scene.address = f"http://127.0.0.1:{httpd.server_address[1]}"
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield scene
    httpd.shutdown()
    httpd.server_close()
    thread.join()


class _Server(ThreadingHTTPServer):
    def __init__(self, scene: WeightsServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.scene = scene

    def handle_error(self, *_: Any) -> None:
        """A client that hangs up in the middle is a part of these tests."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        scene = self.server.scene
        scene.requests.append(dict(self.headers))
        if scene.statuses and (status := scene.statuses.pop(0)):
            self._answer_empty(status)
        elif scene.redirect_to:
            self.send_response(302)
            self.send_header("Location", scene.redirect_to)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self._send_file()

    def _answer_empty(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send_file(self) -> None:
        scene = self.server.scene
        start = self._asked_start()
        if start is not None and start >= len(scene.content):
            self._answer_empty(416, Content_Range=f"bytes */{len(scene.content)}")
            return
        body = scene.content[start or 0 :] + scene.extra
        if start is None:
            self.send_response(200)
        else:
            self.send_response(206)
            first = start + scene.range_offset
            self.send_header("Content-Range", f"bytes {first}-{len(scene.content) - 1}/{len(scene.content)}")
        if scene.etag:
            self.send_header("ETag", scene.etag)
        if scene.tells_length:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        limit = scene.break_after.pop(0) if scene.break_after else len(body)
        self.wfile.write(body[:limit])
        self.close_connection = True

    def _asked_start(self) -> int | None:
        scene = self.server.scene
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        is_same = self.headers.get("If-Range") in {None, scene.etag}
        return int(asked[1]) if asked and scene.supports_ranges and is_same else None


@pytest.fixture
def store(tmp_path: Path) -> WeightsStore:
    return WeightsStore(tmp_path / "weights")


def make_entry(url: str = "https://example.org/net.pth", **changes: Any) -> WeightsEntry:
    facts: dict[str, Any] = {
        "key": "net",
        "title": "Net B",
        "filename": "net.pth",
        "licence": "MIT",
        "terms": "None.",
        "url": url,
        "size": len(CONTENT),
        "size_is_exact": True,
        "sha256": hashlib.sha256(CONTENT).hexdigest(),
    }
    return WeightsEntry(**{**facts, **changes})
