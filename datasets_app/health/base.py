"""The contract of a health check, and what checks are shown of a data set. Knows no Django and no database.

A check is one module in this folder and one line in `catalog.py`. Its scope says what it is shown, and with that when
it is run again:

- `image`: one image with its objects; run again for the images that changed. A finding speaks of that image alone.
- `norm`: the same, beside norms that follow from the counters; also run again for what a moved norm may concern.
- `pictures`: files, fingerprints, groups and splits of all images at once; run again when one of these changed.
- `project`: counters and classes; run again every time, so it has to be quick whatever the size of the data set.

The same data give the same findings in the same order, however they came to be.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

import orjson

from datasets_app.health.counters import Counters
from datasets_app.health.handwork import Handwork
from datasets_app.ingest.near_duplicates import near_duplicate_groups

SCOPES = ("image", "norm", "pictures", "project")
SEVERITIES = ("error", "warning", "info")
"""Sure to be wrong or to break training; probably wrong; good to know."""

SHAPELESS = frozenset({"tag", "caption"})
"""Kinds of shape that speak of the whole picture."""
FLAT = SHAPELESS | {"polyline", "skeleton"}
"""Kinds of shape that have no area."""

Limits = Mapping[str, float]
"""Threshold → value, as the project set it or by default."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """One number of a check that a project may change."""

    key: str
    title: str
    default: float
    minimum: float = 0.0
    maximum: float = 1e9
    help: str = ""


@dataclass(frozen=True, slots=True)
class Fix:
    """One act that removes findings of a check; `act` names it in `services/health_fixes.py`.

    `keep` is how many of a finding's images or objects, from the first on, it leaves alone.
    """

    act: str
    title: str
    keep: int = 0
    codes: tuple[str, ...] = ()
    """The rules whose findings it is for; none: all."""


@dataclass(slots=True)
class ObjectFacts:
    """One live annotation."""

    uuid: str
    class_id: int
    type: str
    box: tuple[float, float, float, float]
    area: float
    shape_json: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    crowd: bool = False
    group: int | None = None
    source: str = "human"
    author: int = 0
    """Id of who made or last changed it; 0 where that is unknown."""

    @property
    def shape(self) -> dict[str, Any]:
        parsed: dict[str, Any] = orjson.loads(self.shape_json)
        return parsed


@dataclass(slots=True)
class ImageFacts:
    """One live image with its objects in drawing order."""

    id: int
    uuid: str
    name: str
    width: int
    height: int
    file: Mapping[str, Any] = field(default_factory=dict)
    """Format, mode, bit depth, frames and orientation of the upload, and its colours (`ingest/colour_moments.py`)."""
    status: str = "unlabelled"
    objects: tuple[ObjectFacts, ...] = ()
    handwork: Handwork = field(default_factory=Handwork)


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """One live class."""

    id: int
    name: str
    attributes: tuple[Mapping[str, Any], ...] = ()
    skeleton: Mapping[str, Any] = field(default_factory=dict)
    color: str = ""


@dataclass(frozen=True)
class Pictures:
    """All live images by id: file, fingerprint, group, and the split of the newest version."""

    sha256: Mapping[int, str]
    hashes: Mapping[int, int]
    groups: Mapping[int, str] = field(default_factory=dict)
    """Images without a group are left out."""
    splits: Mapping[int, str] = field(default_factory=dict)
    """Images that the version does not hold are left out; empty where there is no version."""

    @cached_property
    def _clusters(self) -> dict[int, list[list[int]]]:
        return {}

    def look_alikes(self, bits: int) -> list[list[int]]:
        """Clusters of images whose fingerprints are joined by steps of at most `bits`; computed once."""
        if bits not in self._clusters:
            self._clusters[bits] = near_duplicate_groups(self.hashes, bits)
        return self._clusters[bits]


@dataclass(frozen=True, slots=True)
class Overview:
    """What is counted of a project. `splits` is split → class id → objects in the newest version, if there is one."""

    counters: Counters
    classes: Mapping[int, ClassFacts]
    splits: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    """Id → user name."""


@dataclass(frozen=True, slots=True)
class Norm:
    """What is usual in one class: bins of size and of aspect (`counters.py`), from and to, both included."""

    size: tuple[int, int]
    aspect: tuple[int, int]


@dataclass(slots=True)
class Finding:
    """One thing that a check found.

    `key` names it within its check in every computation, so that who ignored it is remembered. `images` are ids and
    `annotations` UUIDs, the ones that a fix keeps first; `count` is how many there are where not all are listed, and
    `filter` the image list's query for them.
    """

    code: str
    severity: str
    key: str
    detail: str
    images: tuple[int, ...] = ()
    annotations: tuple[str, ...] = ()
    class_id: int | None = None
    value: float | None = None
    count: int = 1
    filter: Mapping[str, Any] | None = None


class ImageCheck(Protocol):
    """Scope `image`."""

    def look(self, image: ImageFacts, classes: Mapping[int, ClassFacts], limits: Limits) -> Iterable[Finding]: ...


class NormCheck(Protocol):
    """Scope `norm`."""

    def norms(self, counters: Counters, limits: Limits) -> dict[int, Norm]:
        """Class id → what is usual; classes that are too small to say are left out."""

    def look(self, image: ImageFacts, norms: Mapping[int, Norm]) -> Iterable[Finding]: ...


class PicturesCheck(Protocol):
    """Scope `pictures`."""

    def look(self, pictures: Pictures, limits: Limits) -> Iterable[Finding]: ...


class ProjectCheck(Protocol):
    """Scope `project`."""

    def look(self, overview: Overview, limits: Limits) -> Iterable[Finding]: ...


def object_finding(
    image: ImageFacts, item: ObjectFacts, code: str, severity: str, detail: str, value: float | None = None
) -> Finding:
    """A finding of one object."""
    number = None if value is None else round(value, 4)
    return Finding(code, severity, f"{code}:{item.uuid}", detail, (image.id,), (item.uuid,), item.class_id, number)


def image_finding(image: ImageFacts, code: str, severity: str, detail: str) -> Finding:
    """A finding of an image as a whole."""
    return Finding(code, severity, f"{code}:{image.uuid}", detail, (image.id,))


def members_key(code: str, members: Iterable[int | str]) -> str:
    """The key of a finding about several images: another set of images is another finding."""
    text = ",".join(sorted(map(str, members)))
    return f"{code}:{hashlib.sha256(text.encode()).hexdigest()[:32]}"
