"""What architecture tests read: the product's own source files, parsed once."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT_PACKAGES = ("annotator", "datasets_app", "training_app")
OWN_PACKAGES = (*PRODUCT_PACKAGES, "launcher", "checks", "bench", "tests")


def python_files(*packages: str) -> list[Path]:
    """Every module of these packages but migrations, which are written by Django."""
    return [
        file
        for package in packages
        for file in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in file.parts and "__pycache__" not in file.parts
    ]


def front_end_files(*suffixes: str) -> list[Path]:
    """Every source file of the front end with these suffixes but the generated client."""
    folder = ROOT / "frontend" / "src"
    return [
        file
        for suffix in suffixes
        for file in sorted(folder.rglob(f"*{suffix}"))
        if file.relative_to(folder).as_posix() != "api/schema.ts"
    ]


@functools.cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(), filename=str(file))


def relative(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def module_name(file: Path) -> str:
    """`datasets_app/formats/coco.py` → `datasets_app.formats.coco`."""
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported_modules(file: Path) -> Iterator[str]:
    """Full names of everything that the file imports, at its top or inside functions."""
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def string_constants(file: Path) -> Iterator[tuple[int, str]]:
    """Line and text of every string in the file's code; docstrings and bare strings are left out."""
    tree = parsed(file)
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node.lineno, node.value
