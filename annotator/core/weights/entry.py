"""What is known of a file of pretrained weights before it is here. Plain data: no Django, no file system."""

from __future__ import annotations

import re
from dataclasses import dataclass

_KEY = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}\Z")
_FILENAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,199}\Z")
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_PREFIX = re.compile(r"[0-9a-f]{6,64}\Z")


@dataclass(frozen=True, slots=True)
class WeightsEntry:
    """One file. It is recognised by `sha256`, or by `sha256_prefix` where its publisher tells no more than that.

    `also_sha256` lists re-saved files of the same tensors, which may be put in place by hand. `licence` is a short
    name, `terms` a sentence on what it asks and on the data behind the weights. `size` is in bytes, and only a hint for
    people unless `size_is_exact`. `used_by` names what needs the file.
    """

    key: str
    title: str
    filename: str
    licence: str
    terms: str
    url: str
    size: int
    used_by: tuple[str, ...] = ()
    sha256_prefix: str = ""
    sha256: str = ""
    also_sha256: tuple[str, ...] = ()
    size_is_exact: bool = False

    def __post_init__(self) -> None:
        digests = (self.sha256, *self.also_sha256) if self.sha256 else self.also_sha256
        checks = (
            (_KEY.match(self.key), "key", "a-z, 0-9, '_', '.' and '-'"),
            (_FILENAME.match(self.filename), "filename", "a plain file name without folders"),
            (all(_DIGEST.match(digest) for digest in digests), "sha256", "64 lower-case hexadecimal digits"),
            (self.sha256 or _PREFIX.match(self.sha256_prefix), "sha256_prefix", "at least 6 hexadecimal digits"),
            (self.url.startswith(("https://", "http://")), "url", "an http or https address"),
            (self.size > 0, "size", "a positive number of bytes"),
        )
        for is_right, name, expected in checks:
            if not is_right:
                raise ValueError(f"Weights {self.key!r}: {name} is {getattr(self, name)!r}, but must be {expected}.")

    @property
    def exact_size(self) -> int | None:
        return self.size if self.size_is_exact else None

    @property
    def known_hash(self) -> str:
        """As much of the expected SHA-256 as is known."""
        return self.sha256 or self.sha256_prefix

    def accepts(self, digest: str) -> bool:
        """True when a file with this SHA-256 is the right one."""
        return digest in self.also_sha256 or (
            digest == self.sha256 if self.sha256 else digest.startswith(self.sha256_prefix)
        )
