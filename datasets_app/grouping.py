"""Which images belong together: named groups, shared tags, file names of one pattern, look-alikes. No Django."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

MAX_PATTERN = 200
_NESTED = re.compile(r"\([^()]*[*+}][^()]*\)\s*[*+{]")


class PatternError(ValueError):
    """The pattern cannot name groups; the message says what would."""


@dataclass(frozen=True, slots=True)
class Group:
    """Images that belong together. `kind` is group, tag, pattern or duplicate."""

    kind: str
    name: str
    images: tuple[int, ...]


def name_pattern(text: str) -> re.Pattern[str]:
    """The compiled pattern. Raises `PatternError`."""
    if len(text) > MAX_PATTERN:
        raise PatternError(f"pattern: may have {MAX_PATTERN} characters.")
    if _NESTED.search(text):
        raise PatternError("pattern: a repeat inside a repeat, such as (a+)+, can take for ever; write it flat.")
    try:
        compiled = re.compile(text)
    except re.error as error:
        raise PatternError(f"pattern: is no regular expression ({error}).") from error
    if not compiled.groups:
        raise PatternError("pattern: needs a group in parentheses that names what belongs together, such as ^(.*)_.")
    return compiled


def groups_by_name(names: Mapping[int, str], pattern: re.Pattern[str]) -> list[Group]:
    """Images in whose names the pattern finds the same text."""
    members: dict[str, list[int]] = {}
    for image, name in names.items():
        found = pattern.search(name)
        if found is not None and found.group(1):
            members.setdefault(found.group(1), []).append(image)
    return _groups("pattern", members)


def groups_by_tag(tags: Mapping[int, Sequence[str]], prefix: str) -> list[Group]:
    """Images that share a tag of that beginning."""
    members: dict[str, list[int]] = {}
    for image, own in tags.items():
        for tag in own:
            if tag.startswith(prefix):
                members.setdefault(tag, []).append(image)
    return _groups("tag", members)


def groups_named(groups: Mapping[int, str]) -> list[Group]:
    members: dict[str, list[int]] = {}
    for image, name in groups.items():
        members.setdefault(name, []).append(image)
    return _groups("group", members)


def groups_of_look_alikes(clusters: Iterable[Sequence[int]]) -> list[Group]:
    return [Group("duplicate", "", tuple(sorted(cluster))) for cluster in clusters if len(cluster) > 1]


def _groups(kind: str, members: Mapping[str, Sequence[int]]) -> list[Group]:
    return [Group(kind, name, tuple(sorted(images))) for name, images in sorted(members.items()) if len(images) > 1]


def joined(groups: Sequence[Group]) -> dict[int, int]:
    """image → number of its union: groups that share an image must stay together. Images that stand alone are left out.

    Numbers are in the order of each union's smallest image, so that they do not depend on names.
    """
    ids = np.unique(np.fromiter((image for group in groups for image in group.images), dtype=np.int64))
    if not len(ids):
        return {}
    first = np.fromiter((group.images[0] for group in groups for _ in group.images), dtype=np.int64)
    other = np.fromiter((image for group in groups for image in group.images), dtype=np.int64)
    rows, columns = np.searchsorted(ids, first), np.searchsorted(ids, other)
    graph = coo_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(len(ids), len(ids)))
    _, labels = connected_components(graph, directed=False)
    return dict(zip(ids.tolist(), labels.tolist(), strict=True))


def cut(groups: Iterable[Group], split_of: Mapping[int, int]) -> list[Group]:
    """The groups whose images lie in more than one split."""
    return [group for group in groups if len({split_of[image] for image in group.images if image in split_of}) > 1]
