"""Speaks to a running server over HTTP with a token, as a script of a user would; knows no browser and no Django."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from uuid import uuid4

import requests

SECONDS = 60.0
POLL_SECONDS = 0.1


def wait_until(condition: Callable[[], Any], what: str, *, seconds: float = SECONDS) -> Any:
    """The first true answer of `condition`; fails with `what` when none comes in time."""
    end = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < end, f"Waited {seconds:.0f} s for {what}."
        time.sleep(POLL_SECONDS)
    return answer


class Rest:
    """One person at the API of the server at `url`."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self.url = url
        self.username = username
        self.password = password
        self._session = requests.Session()
        token = self.post("auth/token/", {"username": username, "password": password})["token"]
        self._session.headers["Authorization"] = f"Token {token}"

    def close(self) -> None:
        self._session.close()

    def get(self, path: str, **params: Any) -> Any:
        return self._call("GET", path, params=params)

    def post(self, path: str, body: Any = None) -> Any:
        return self._call("POST", path, json={} if body is None else body)

    def patch(self, path: str, body: Any) -> Any:
        return self._call("PATCH", path, json=body)

    def delete(self, path: str) -> Any:
        return self._call("DELETE", path)

    def status(self, path: str) -> int:
        return self._session.get(urljoin(self.url, f"api/v1/{path}"), timeout=SECONDS).status_code

    def download(self, address: str, folder: Path, name: str) -> Path:
        answer = self._session.get(urljoin(self.url, address), timeout=SECONDS)
        answer.raise_for_status()
        target = folder / name
        target.write_bytes(answer.content)
        return target

    def finish(self, job: str, *, seconds: float = SECONDS) -> dict[str, Any]:
        """The job when it has ended, which must be in success."""

        def ended() -> dict[str, Any] | None:
            row: dict[str, Any] = self.get(f"jobs/{job}/")
            return row if row["finished_at"] is not None else None

        row: dict[str, Any] = wait_until(ended, f"the job {job}", seconds=seconds)
        assert row["state"] == "succeeded", (row["title"], row["error"])
        return row

    # What a scene is made of.

    def project(self, *classes: dict[str, str] | str, task: str = "detection", name: str) -> dict[str, Any]:
        rows = [{"name": item} if isinstance(item, str) else item for item in classes]
        created: dict[str, Any] = self.post("projects/", {"name": name, "task": task, "classes": rows})
        return created

    def upload(self, project: int, files: list[Path]) -> list[dict[str, Any]]:
        """The images made of the files, in the files' order."""
        named = [("files", (file.name, file.read_bytes())) for file in files]
        answer = self._call("POST", f"projects/{project}/images/", files=named)
        assert answer["refused"] == [], answer["refused"]
        made: list[dict[str, Any]] = answer["created"]
        return made

    def send(self, path: str, file: Path) -> Any:
        """A form with one file."""
        return self._call("POST", path, files={"file": (file.name, file.read_bytes())})

    def images(self, project: int, **filters: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor: dict[str, Any] = {}
        while True:
            page = self.get(f"projects/{project}/images/", limit=200, **filters, **cursor)
            found += page["results"]
            if page["next"] is None:
                return found
            cursor = {"cursor": page["next"]}

    def annotations(self, image: int, **params: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get(f"images/{image}/annotations/", **params)["annotations"]
        return found

    def change(self, image: int, **changes: Any) -> dict[str, Any]:
        revision = self.get(f"images/{image}/annotations/")["revision"]
        answer: dict[str, Any] = self.post(
            f"images/{image}/changes/", {"base_revision": revision, "batch_id": str(uuid4()), **changes}
        )
        return answer

    def _call(self, method: str, path: str, **words: Any) -> Any:
        answer = self._session.request(method, urljoin(self.url, f"api/v1/{path}"), timeout=SECONDS, **words)
        assert answer.ok, (method, path, answer.status_code, answer.text[:500])
        return answer.json() if answer.content else None
