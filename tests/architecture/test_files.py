"""Ratchets over the source tree: sizes, names, and what files must not contain. These limits only ever fall."""

import ast
import json
import re
import sys
from pathlib import Path

from tests.architecture.sources import (
    OWN_PACKAGES,
    PRODUCT_PACKAGES,
    ROOT,
    front_end_files,
    imported_modules,
    parsed,
    python_files,
    relative,
)

LONGEST_FILE = 500
NAMES_THAT_SAY_NOTHING = frozenset({"utils", "helpers", "common", "misc", "manager", "util"})
UNSAFE_MODULES = frozenset({"cloudpickle", "dill", "joblib", "marshal", "pickle"})
UNSAFE_CALLS = frozenset({"eval", "exec", "shelve.open", "torch.hub.load", "yaml.load", "yaml.unsafe_load"})
ADDRESS = re.compile(r"(--(extra-)?index-url|--find-links|--trusted-host|https?://|git\+|file:)")


def test_no_file_is_longer_than_the_limit() -> None:
    # when
    lengths = {
        relative(file): len(file.read_text().splitlines())
        for file in [*python_files(*OWN_PACKAGES), *front_end_files(".ts", ".tsx", ".css")]
    }

    # then
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_files_are_named_for_what_they_hold() -> None:
    files = [*python_files(*OWN_PACKAGES), *front_end_files(".ts", ".tsx")]
    assert [relative(file) for file in files if file.stem.split(".")[0].lower() in NAMES_THAT_SAY_NOTHING] == []


def test_requirement_files_pin_packages_and_name_no_address() -> None:
    # given
    files = sorted(ROOT.glob("requirements*.txt"))
    assert files

    # when
    lines = [(file.name, line.split(" #")[0].strip()) for file in files for line in file.read_text().splitlines()]
    wanted = [(name, line) for name, line in lines if line and not line.startswith(("#", "-r "))]

    # then
    assert [(name, line) for name, line in wanted if ADDRESS.search(line)] == []
    assert [(name, line) for name, line in wanted if "==" not in line] == []


def test_lock_file_names_no_registry() -> None:
    # given
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text())
    settings = ROOT / "frontend" / ".npmrc"

    # then
    assert [name for name, package in lock["packages"].items() if ADDRESS.search(package.get("resolved", ""))] == []
    assert not settings.exists() or not ADDRESS.search(settings.read_text())


def test_launcher_and_checks_import_only_the_standard_library() -> None:
    # given
    allowed = {*sys.stdlib_module_names, "launcher", "checks"}

    # when
    found = [
        f"{relative(file)} imports {imported}"
        for file in python_files("launcher", "checks")
        for imported in imported_modules(file)
        if imported.partition(".")[0] not in allowed
    ]

    # then
    assert found == []


def test_product_loads_nothing_that_can_run_code() -> None:
    found = [
        f"{relative(file)}:{call.lineno} {name}"
        for file in python_files(*PRODUCT_PACKAGES)
        for call, name in calls(file)
        if is_unsafe(call, name)
    ]
    assert found == []


def calls(file: Path) -> list[tuple[ast.Call, str]]:
    """Every call in the file with the dotted name of what is called."""
    return [(node, ast.unparse(node.func)) for node in ast.walk(parsed(file)) if isinstance(node, ast.Call)]


def is_unsafe(call: ast.Call, name: str) -> bool:
    """Unpickling in any form; torch.load only with a literal weights_only=True, numpy.load only without pickles."""
    words = {word.arg: word.value for word in call.keywords if word.arg}

    def is_literally(word: str, value: object) -> bool:
        given = words.get(word)
        return isinstance(given, ast.Constant) and given.value is value

    if name in {"torch.load", "load_from_checkpoint"}:
        return not is_literally("weights_only", True)
    if name in {"np.load", "numpy.load"}:
        return "allow_pickle" in words and not is_literally("allow_pickle", False)
    module, _, function = name.rpartition(".")
    return name in UNSAFE_CALLS or (module in UNSAFE_MODULES and function in {"load", "loads", "Unpickler"})


def test_the_check_of_unsafe_calls_finds_them() -> None:
    def verdict(source: str) -> bool:
        call = ast.parse(source, mode="eval").body
        assert isinstance(call, ast.Call)
        return is_unsafe(call, ast.unparse(call.func))

    assert verdict("torch.load(path)")
    assert verdict("torch.load(path, weights_only=flag)")
    assert verdict("pickle.loads(data)")
    assert verdict("np.load(path, allow_pickle=True)")
    assert not verdict("torch.load(path, map_location='cpu', weights_only=True)")
    assert not verdict("pickle.dump(data, stream)")
