"""Speaks to the API as a script would: JSON over HTTP with a token."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.test import Client
from PIL import Image
from rest_framework.authtoken.models import Token

from annotator.core import jobs
from annotator.core.models import Job

BASE = "/api/v1/"


def picture(
    width: int = 64, height: int = 48, *, color: tuple[int, int, int] = (200, 30, 30), kind: str = "PNG"
) -> bytes:
    """The bytes of a small picture; different colours give different bytes."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), color).save(buffer, kind)
    return buffer.getvalue()


class Answer:
    """Status and parsed body of one answer."""

    def __init__(self, response: Any) -> None:
        self.response = response
        self.status: int = response.status_code
        is_json = response.headers.get("Content-Type", "").startswith("application/json")
        self.body: Any = response.json() if is_json else None

    def ok(self, status: int = 200) -> Any:
        """The body; fails with the body when the status is another."""
        assert self.status == status, (self.status, self.body)
        return self.body

    def refused(self, status: int, code: str) -> str:
        """The sentence of an error of the one error shape."""
        assert (self.status, self.body["code"]) == (status, code), (self.status, self.body)
        assert set(self.body) >= {"code", "detail", "fields"}
        return str(self.body["detail"])


class Api:
    """One person at the API."""

    def __init__(self, username: str = "ada", *, is_superuser: bool = False) -> None:
        self.user, _ = get_user_model().objects.get_or_create(
            username=username, defaults={"is_superuser": is_superuser, "is_staff": is_superuser}
        )
        token, _ = Token.objects.get_or_create(user=self.user)
        self._client = Client(headers={"authorization": f"Token {token.key}"})

    def get(self, path: str, **params: Any) -> Answer:
        return Answer(self._client.get(BASE + path, params))

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        """JSON; `x_annotator_person="3"` is the header X-Annotator-Person."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        body = {} if body is None else body
        return Answer(self._client.post(BASE + path, body, content_type="application/json", headers=named))

    def patch(self, path: str, body: Any) -> Answer:
        return Answer(self._client.patch(BASE + path, body, content_type="application/json"))

    def delete(self, path: str) -> Answer:
        return Answer(self._client.delete(BASE + path))

    def send(self, path: str, **fields: Any) -> Answer:
        """A multipart form."""
        return Answer(self._client.post(BASE + path, fields))

    def raw(self, path: str, **headers: str) -> Any:
        """The response as it is, for bytes and headers; an absolute path is taken as it is."""
        return self._client.get(path if path.startswith("/") else BASE + path, headers=headers)

    # What nearly every test begins with.

    def project(self, *names: str, task: str = "detection", name: str = "Cells") -> dict[str, Any]:
        classes = [{"name": item} for item in names or ("cell", "debris")]
        created: dict[str, Any] = self.post("projects/", {"name": name, "task": task, "classes": classes}).ok(201)
        return created

    def upload(self, project: int, files: dict[str, bytes]) -> dict[str, Any]:
        named = []
        for name, data in files.items():
            stream = io.BytesIO(data)
            stream.name = name
            named.append(stream)
        answer = self.send(f"projects/{project}/images/", files=named)
        assert answer.status in {201, 202}, (answer.status, answer.body)
        body: dict[str, Any] = answer.body
        return body

    def images(self, project: int, count: int) -> list[int]:
        """Uploads `count` different small pictures and answers their ids."""
        files = {f"{index:03}.png": picture(color=(index, 80, 160)) for index in range(count)}
        return [image["id"] for image in self.upload(project, files)["created"]]

    def label(self, image: int, label_class: int, box: Sequence[float] = (2, 3, 20, 10)) -> str:
        """One new box; answers its UUID."""
        key = str(uuid4())
        self.change(
            image, create=[{"uuid": key, "class": label_class, "shape": {"type": "box", "box": list(box)}}]
        ).ok()
        return key

    def change(self, image: int, *, base: int | None = None, batch: str | None = None, **changes: Any) -> Answer:
        revision = self.get(f"images/{image}/annotations/").ok()["revision"] if base is None else base
        return self.post(
            f"images/{image}/changes/", {"base_revision": revision, "batch_id": batch or str(uuid4()), **changes}
        )

    def annotations(self, image: int, **params: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get(f"images/{image}/annotations/", **params).ok()["annotations"]
        return found

    def finish(self, job: dict[str, Any]) -> dict[str, Any]:
        """Runs a queued job here, as a worker would, and answers its row."""
        jobs.run_job(job["id"])
        row: dict[str, Any] = self.get(f"jobs/{job['id']}/").ok()
        return row

    def succeed(self, job: dict[str, Any]) -> dict[str, Any]:
        """Runs the job, which must succeed, and answers its result."""
        row = self.finish(job)
        assert row["state"] == "succeeded", (row["error"], Job.objects.get(pk=job["id"]).traceback)
        result: dict[str, Any] = row["result"]
        return result

    def download(self, job: dict[str, Any], folder: Path) -> Path:
        """The file of a finished export."""
        response = self.raw(job["result"]["download_url"])
        assert response.status_code == 200
        target = folder / str(job["result"]["filename"])
        target.write_bytes(b"".join(response.streaming_content))
        return target
