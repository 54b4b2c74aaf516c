"""Versions and exports of 36,700 polygons."""

import itertools
from typing import Any

from bench._scene import POLYGONS, scene
from bench.harness import benchmark, best_of, median_of

ON_DATABASES = True
"""Measured on SQLite and again on PostgreSQL."""


@benchmark("version_36k", unit="s", target=0.05, peer="Label Studio 1.23 (snapshot)", peer_value=15.1)
def version() -> float:
    """p50 of naming the present state with a stratified 70/20/10 split."""
    scene()
    from datasets_app.services.version import version_create  # noqa: PLC0415  after Django was set up
    from datasets_app.splits import SplitRule  # noqa: PLC0415

    numbers = itertools.count()

    def create() -> None:
        made = version_create(
            scene().project, author=scene().owner, name=f"v{next(numbers)}", rule=SplitRule(group_by="group")
        )
        assert made.statistics["annotations"] >= POLYGONS

    return median_of(create, repeat=7)


@benchmark("version_36k_duplicates", unit="s", target=0.25)
def version_with_duplicates() -> float:
    """The same with the search for near-duplicate pictures, which must not fall into two splits."""
    scene()
    from datasets_app.services.version import version_create  # noqa: PLC0415  after Django was set up
    from datasets_app.splits import SplitRule  # noqa: PLC0415

    return median_of(
        lambda: version_create(scene().project, author=scene().owner, name="v", rule=SplitRule(group_by="duplicate")),
        repeat=5,
    )


@benchmark("export_coco_36k", unit="s", target=0.6, peer="Datumaro 1.13 (labels in memory)", peer_value=2.9)
def export_coco() -> float:
    """From the database to the finished COCO file."""
    return _export("coco")


@benchmark("export_native_36k", unit="s", target=1.0)
def export_native() -> float:
    """The same in the project's own lossless format."""
    return _export("native")


def _export(key: str) -> float:
    scene()
    from datasets_app.services.exports import ExportRequest, export_write  # noqa: PLC0415  after Django was set up

    request = ExportRequest(scene().project, key)

    def write() -> Any:
        result = export_write(request, key="bench")
        assert result["size"] > 5_000_000

    return best_of(write, repeat=5)
