"""`data.yaml` and its older relatives: names of classes, folders of splits, points of skeletons. Knows no rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from datasets_app.formats.base import Report
from datasets_app.formats.lines import lines_of, plain_file, plain_folder
from datasets_app.formats.listing import split_word

_MAX_BYTES = 4 << 20
MAX_POINTS = 1000
_NAME_FILES = ("classes.txt", "obj.names", "labels/classes.txt")
_SPLITS = ("train", "val", "test")


@dataclass(frozen=True, slots=True)
class Head:
    """What a data set says of itself. `folder` is where its paths begin; `names` is empty where no file has any."""

    folder: Path
    names: tuple[str, ...] = ()
    has_yaml: bool = False
    made_by: str = ""
    prefixes: tuple[tuple[str, str], ...] = ()
    listed: Mapping[str, str] = field(default_factory=dict)
    point_count: int = 0
    point_size: int = 3
    point_names: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    edges: Mapping[int, list[list[int]]] = field(default_factory=dict)

    def split_of(self, key: str) -> tuple[str, str] | None:
        """(split, name) of the picture at `key` as `data.yaml` has it; None where it says nothing of that picture."""
        for prefix, split in self.prefixes:
            if key.startswith(prefix):
                return split, key[len(prefix) :].removeprefix("images/")
        if key in self.listed:
            return self.listed[key], PurePosixPath(key).name
        return None

    def skeleton(self, index: int) -> dict[str, Any]:
        """The skeleton of the class; {} in data sets without points."""
        if not self.point_count:
            return {}
        numbered = tuple(f"point {number}" for number in range(1, self.point_count + 1))
        points = self.point_names.get(index, numbered)
        edges = [edge for edge in self.edges.get(index, ()) if max(edge) < len(points)]
        return {"points": list(points), "edges": edges}


def find_head(root: Path) -> Head:
    """The head of the data set at `root` or one folder below, as archives often hold it."""
    for path in _yaml_files(root):
        head = _from_yaml(path)
        if head is not None:
            return head
    for folder in _folders(root):
        for name in _NAME_FILES:
            if plain_file(folder / name):
                names = tuple(text for _, text in lines_of(folder / name, name, Report()))
                return Head(folder, names)
    return Head(root)


def _folders(root: Path) -> Iterator[Path]:
    if root.is_dir():
        yield root
        yield from sorted(path for path in root.iterdir() if plain_folder(path))


def _yaml_files(root: Path) -> Iterator[Path]:
    for folder in _folders(root):
        files = [path for path in folder.iterdir() if path.suffix.lower() in (".yaml", ".yml") and plain_file(path)]
        yield from sorted(files, key=lambda path: (path.stem.lower() not in ("data", "dataset"), path.name))


def _from_yaml(path: Path) -> Head | None:
    if path.stat().st_size > _MAX_BYTES:
        return None
    text = path.read_text(encoding="utf-8", errors="replace")
    try:
        content = yaml.safe_load(text)
    # Beside its own errors the parser lets through what its constructors raise on odd dates, numbers and depths.
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    names = _names(content.get("names"), content.get("nc"))
    if names is None:
        return None
    count, size = _point_shape(content.get("kpt_shape"))
    prefixes, listed = _splits(path.parent, content)
    return Head(
        folder=path.parent,
        names=names,
        has_yaml=True,
        made_by=text.partition("\n")[0].strip(),
        prefixes=prefixes,
        listed=listed,
        point_count=count,
        point_size=size,
        point_names=_point_names(content.get("kpt_names"), count, len(names)),
        edges=_edges(content.get("kpt_edges"), len(names)),
    )


def _names(value: Any, count: Any) -> tuple[str, ...] | None:
    """Names in the order of their numbers; None where there are none. Only plain values become text."""
    if isinstance(value, dict):
        found = {key: name for key, name in value.items() if type(key) is int and 0 <= key < 10_000}
        return tuple(_word(found.get(index), index) for index in range(max(found) + 1)) if found else ()
    if isinstance(value, list):
        return tuple(_word(name, index) for index, name in enumerate(value[:10_000]))
    if type(count) is int and 0 < count < 10_000:
        return tuple(f"class {index}" for index in range(count))
    return None


def _word(value: Any, index: int) -> str:
    text = str(value).strip() if isinstance(value, (str, int, float)) else ""
    return text or f"class {index}"


def _splits(folder: Path, content: Mapping[Any, Any]) -> tuple[tuple[tuple[str, str], ...], dict[str, str]]:
    """(folder, split) pairs, the longest folder first, and the split of each picture that a list names."""
    prefixes: dict[str, str] = {}
    listed: dict[str, str] = {}
    for split in _SPLITS:
        value = content.get(split, content.get("valid") if split == "val" else None)
        for place in value if isinstance(value, list) else [value]:
            if not isinstance(place, str) or not place:
                continue
            for key in _inside(folder, content.get("path"), place):
                if plain_folder(folder / key):
                    # A folder that stands in for a missing split belongs to the one that its name says, or came first.
                    prefixes.setdefault(f"{key}/", split_word(PurePosixPath(key).name) or split)
                    break
                if key.lower().endswith(".txt") and plain_file(folder / key):
                    for _, line in lines_of(folder / key, key, Report()):
                        listed.setdefault(next(iter(_inside(folder, None, line)), line), split)
                    break
    return tuple(sorted(prefixes.items(), key=lambda pair: -len(pair[0]))), listed


def _inside(folder: Path, base: Any, place: str) -> Iterator[str]:
    """What a path in data.yaml may mean below its folder: it was written for a machine that we are not."""
    parts = [part for part in place.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    before = base.replace("\\", "/").split("/") if isinstance(base, str) else []
    yield "/".join((*(part for part in before if part not in ("", ".", "..")), *parts))
    for start in range(len(parts)):
        key = "/".join(parts[start:])
        if plain_file(folder / key) or plain_folder(folder / key):
            yield key


def _point_shape(value: Any) -> tuple[int, int]:
    if isinstance(value, list) and len(value) == 2 and all(type(number) is int for number in value):
        count, size = value
        if 0 < count <= MAX_POINTS and size in (2, 3):
            return count, size
    return 0, 3


def _point_names(value: Any, count: int, classes: int) -> dict[int, tuple[str, ...]]:
    if not isinstance(value, dict):
        return {}
    found = {}
    for index, names in value.items():
        if type(index) is int and 0 <= index < classes and isinstance(names, list) and 0 < len(names) <= count:
            found[index] = tuple(_word(name, number) for number, name in enumerate(names, 1))
    return found


def _edges(value: Any, classes: int) -> dict[int, list[list[int]]]:
    if not isinstance(value, dict):
        return {}
    return {
        index: [list(edge) for edge in edges if _is_edge(edge)]
        for index, edges in value.items()
        if type(index) is int and 0 <= index < classes and isinstance(edges, list)
    }


def _is_edge(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(type(end) is int and end >= 0 for end in value)
