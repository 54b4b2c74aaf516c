"""Versions, imports and exports of 36,700 polygons; imports, exports, health and statistics of a million objects."""

import functools
import itertools
import shutil
import statistics
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench import _revisions
from bench._child import in_child
from bench._datumaro import NAME as DATUMARO
from bench._datumaro import datumaro_or_none, unpacked
from bench._exchange import large_import, project_with_images
from bench._large import CLASSES, checked_project, large_project
from bench._scene import IMAGES, POLYGONS, scene
from bench.harness import Measurement, benchmark, best_of, median_of, timed

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


@benchmark("export_coco_36k", unit="s", target=0.6, peer=f"{DATUMARO} (labels in memory)")
def export_coco() -> Measurement:
    """From the database to the finished COCO file."""
    ours = _export("coco")
    return Measurement(ours, datumaro_or_none(_exported_coco(), "export_coco"))


@benchmark("export_native_36k", unit="s", target=1.0)
def export_native() -> float:
    """The same in the project's own lossless format."""
    return _export("native")


@benchmark("export_voc_36k", unit="s", target=2.0, peer=f"{DATUMARO} (labels in memory, not packed)")
def export_voc() -> Measurement:
    """The same as VOC: an XML file for each image, packed."""
    ours = _export("voc")
    return Measurement(ours, datumaro_or_none(_exported_coco(), "export_voc"))


def _export(key: str) -> float:
    scene()
    from datasets_app.services.exports import ExportRequest, export_write  # noqa: PLC0415  after Django was set up

    request = ExportRequest(scene().project, key)

    def write() -> Any:
        _forget_exports()
        result = export_write(request, key="bench")
        assert result["manifest"]["counts"]["annotations"] >= POLYGONS

    return best_of(write, repeat=5)


def _forget_exports() -> None:
    """What was made before would be handed out again."""
    from datasets_app.services.exports import exports_folder  # noqa: PLC0415  after Django was set up

    shutil.rmtree(exports_folder(), ignore_errors=True)


@benchmark("export_again_36k", unit="s", target=0.05)
def export_again() -> float:
    """The same question a second time: the artefact is found."""
    scene()
    from datasets_app.services.exports import ExportRequest, export_write  # noqa: PLC0415  after Django was set up

    request = ExportRequest(scene().project, "coco")
    export_write(request, key="bench")

    def write() -> None:
        assert export_write(request, key="bench")["reused"]

    return best_of(write, repeat=5)


@benchmark("loss_report_36k", unit="s", target=1.0)
def loss_report() -> float:
    """What a format would lose, counted from the data by feature and class."""
    scene()
    from datasets_app.services.exports import ExportRequest, export_losses  # noqa: PLC0415  after Django was set up

    def count() -> None:
        _forget_exports()
        lost = {row["feature"]: row["count"] for row in export_losses(ExportRequest(scene().project, "voc"))["lost"]}
        assert lost["polygons"] == POLYGONS

    return best_of(count, repeat=3)


@benchmark("import_36k", unit="s", target=2.0, peer="Label Studio 1.23", peer_value=12.8)
def import_polygons() -> float:
    """Labels of a COCO file into a project that has the images: detected, matched, checked, written."""
    path = _exported_coco()
    from datasets_app.services.imports import ImportRequest, import_run  # noqa: PLC0415  after Django was set up

    def measure() -> float:
        project = project_with_images("Import", IMAGES, same_as=scene().project)
        begun = time.perf_counter()
        result = import_run(ImportRequest(project, path), author=None, key=f"bench-{project.pk}")
        seconds = time.perf_counter() - begun
        assert result["annotations"]["created"] == POLYGONS
        return seconds

    return min(measure() for _ in range(3))


@benchmark("read_coco_36k", unit="s", target=1.5, peer=DATUMARO)
def read_polygons() -> Measurement:
    """The same file from its bytes to checked records, with no database: what the peer calls an import."""
    path = _exported_coco()
    from datasets_app.formats.base import Report  # noqa: PLC0415  after Django was set up
    from datasets_app.formats.catalog import FORMATS  # noqa: PLC0415

    def read(root: Path) -> None:
        dataset = FORMATS.load("coco").read(root, Report())
        assert sum(len(image.annotations) for image in dataset.images) == POLYGONS

    with unpacked(path) as root:
        return Measurement(best_of(lambda: read(root), repeat=3), datumaro_or_none(path, "import"))


@benchmark("import_dry_run_36k", unit="s", target=2.0)
def import_dry_run() -> float:
    """What the same import would do, with nothing written."""
    path = _exported_coco()
    from datasets_app.services.imports import ImportRequest, import_run  # noqa: PLC0415  after Django was set up

    project = project_with_images("Dry run", IMAGES, same_as=scene().project)
    request = ImportRequest(project, path, dry_run=True)

    def look() -> None:
        assert import_run(request, author=None, key="dry")["annotations"]["created"] == POLYGONS

    return best_of(look, repeat=3)


def _exported_coco() -> Path:
    scene()
    from datasets_app.services.exports import ExportRequest, export_file, export_write  # noqa: PLC0415

    return export_file(export_write(ExportRequest(scene().project, "coco"), key="bench")["artefact"])


@benchmark("import_1m", unit="s", target=60)
def import_large() -> float:
    """A COCO file of a million outlines, boxes and masks for 100,000 images, while somebody saves in the editor."""
    return large_import().seconds * 1_000_000 / large_import().annotations


@benchmark("import_1m_memory", unit="MB", target=300)
def import_large_memory() -> float:
    """By how much that import raised the memory of its process."""
    return large_import().peak_bytes / 1e6


@benchmark("import_1m_save_wait", unit="s", target=1.0)
def import_large_wait() -> float:
    """The longest save in the editor of the same project meanwhile."""
    assert large_import().saves > 20
    return large_import().longest_save


@benchmark("export_coco_1m", unit="s", target=10, peer="CVAT 2: out of memory or time on far less")
def export_large() -> float:
    """That project as COCO, from the database to the finished file."""
    return float(_large_export()["seconds"])


@benchmark("export_coco_1m_memory", unit="MB", target=300)
def export_large_memory() -> float:
    """By how much that export raised the memory of its process."""
    return float(_large_export()["peak"]) / 1e6


@functools.cache
def _large_export() -> dict[str, Any]:
    project = large_import().project
    from datasets_app.services.exports import ExportRequest, export_write  # noqa: PLC0415  after Django was set up

    def write() -> dict[str, Any]:
        begun = time.perf_counter()
        result = export_write(ExportRequest(project, "coco"), key="bench")
        assert result["manifest"]["counts"]["annotations"] >= large_import().annotations
        return {"seconds": time.perf_counter() - begun}

    return in_child(write)


@benchmark("diff_200", unit="s", target=0.1)
def diff_200() -> float:
    """p50 of everything that the page of a diff shows, of 200 changed objects among 1 M."""
    return _revisions.diff()


@benchmark("restore_200", unit="s", target=1.0)
def restore_200() -> float:
    """p50 of bringing back the state before those 200 objects changed, of 100,000 images."""
    return _revisions.restore()


@benchmark("version_1m", unit="s", target=0.1)
def version_1m() -> float:
    """p50 of naming the present state of 1 M objects with a stratified split that keeps groups together."""
    return _revisions.version()


@benchmark("digest_1m", unit="s", target=20)
def digest_1m() -> float:
    """Recomputing the digest of 1 M objects from their rows, as `verify_digests` does."""
    return _revisions.digest()


@benchmark("health_scan_1m", unit="s", target=120)
def health_scan() -> float:
    """The first computation of health and statistics: 100,000 images with 1 M objects."""
    project = large_project()
    from datasets_app.services.health import health_compute  # noqa: PLC0415  after Django was set up

    return timed(lambda: health_compute(project))


@benchmark("health_page_100k", unit="s", target=0.1)
def health_page() -> float:
    """p50 of opening the page, each time after somebody saved another of the 100,000 images."""
    client, project, images, label_class = checked_project()

    def save(image: int) -> None:
        key, url = str(uuid4()), f"/api/v1/images/{image}/"
        base = client.get(f"{url}annotations/").json()["revision"]
        new = {"uuid": key, "class": label_class, "shape": {"type": "box", "box": [5, 5, 50, 50]}}
        body = {"base_revision": base, "batch_id": key, "create": [new]}
        assert client.post(f"{url}changes/", body, content_type="application/json").status_code == 200

    times = []
    for image in images:
        save(image)
        times.append(timed(lambda: _page(client, f"/api/v1/projects/{project}/health/")))
    return statistics.median(times)


@benchmark("statistics_100k", unit="s", target=0.1)
def statistics_page() -> float:
    """p50 of the statistics of the same project, with the heat map of one class."""
    client, project, _, label_class = checked_project()
    return median_of(lambda: _page(client, f"/api/v1/projects/{project}/statistics/?class={label_class}"), repeat=21)


@benchmark("grid_filters_100k", unit="s", target=0.1)
def grid_filters() -> float:
    """p50 of a page of the grid with three filters out of the same 100,000 images, as the screen asks for it:
    the slower of a rare class and one that nearly every image holds.
    """
    client, path, classes = _filtered_grid()

    def read(label_class: int) -> None:
        answer = client.get(f"{path}/?{_FILTERS}&class={label_class}&limit=100&overlay=1&total=0").json()
        assert len(answer["results"]) == 100

    return max(median_of(functools.partial(read, label_class), repeat=11) for label_class in classes)


@benchmark("grid_count_100k", unit="s", target=0.25)
def grid_count() -> float:
    """p50 of the number of those images, which the screen asks for beside the page."""
    client, path, classes = _filtered_grid()

    def read(label_class: int) -> None:
        assert client.get(f"{path}/count/?{_FILTERS}&class={label_class}").json()["total"] >= 100

    return max(median_of(functools.partial(read, label_class), repeat=11) for label_class in classes)


_FILTERS = "state=annotated&source=import"


def _filtered_grid() -> tuple[Any, str, tuple[int, int]]:
    """A client, the address of the images, and two classes: one that nearly every image holds and a rare one."""
    client, project, _, rare = checked_project()
    return client, f"/api/v1/projects/{project}/images", (rare - CLASSES + 1, rare)


def _page(client: Any, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer.json()["state"] == "current"
