"""The one way in which ingest says no."""

from __future__ import annotations


class Refused(ValueError):  # noqa: N818 - a refusal is an answer to the person, not a fault of the program
    """The file cannot become an image of a project; `detail` says why and what would be right."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
