"""An archive comes in through the import screen, a version is named, and what leaves is the version, unchanged."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pycocotools.coco import COCO

from tests.e2e.rest import Rest
from tests.e2e.scenes import BLOOD_CLASSES, Blood, bounds, overlap
from tests.e2e.screens import choose, go, import_archive

WITH_AN_EMPTY_BOX = "BloodImage_00338"
DRAWN_UUID = "00000000-0000-4000-8000-0000000000d1"


@pytest.fixture
def blood(shared_data: Path) -> Blood:
    return Blood(shared_data)


@pytest.fixture
def project(admin: Rest, request: pytest.FixtureRequest) -> int:
    return int(admin.project(*BLOOD_CLASSES, name=request.node.name)["id"])


def test_voc_archive_is_looked_through_then_imported_as_one_revision(
    page: Page, admin: Rest, project: int, blood: Blood, tmp_path: Path
) -> None:
    stems = [*blood.stems(5), WITH_AN_EMPTY_BOX]
    archive = blood.voc_archive(tmp_path / "bccd.zip", stems)
    truths = [blood.truth(stem) for stem in stems]
    sound = sum(1 for truth in truths for _, box in truth.objects if box[2] > 1 and box[3] > 1)
    page.goto(f"/projects/{project}/images")
    go(page, "Import / Export")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Drop a file to import").click()
    chooser.value.set_files(archive)
    # when: looked through
    page.get_by_role("button", name="Check the file").click()
    report = page.get_by_role("region", name="What the import would do")
    expect(report).to_contain_text("6 new, 0 matched")
    expect(report).to_contain_text(f"{sound} taken")
    expect(report.get_by_role("list", name="Remarks")).to_contain_text(WITH_AN_EMPTY_BOX)
    # then: nothing is there yet
    assert admin.images(project) == []
    # when: imported
    head = admin.get(f"projects/{project}/")["revision"]
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("region", name="What was imported")).to_contain_text("6 new, 0 matched")
    page.get_by_role("link", name="To the images").click()
    expect(page.get_by_text("6 images", exact=True)).to_be_visible()
    # then: one revision holds every sound box where the file says
    after = admin.get(f"projects/{project}/")
    assert (after["revision"], after["counts"]["images"], after["counts"]["annotations"]) == (head + 1, 6, sound)
    names = {item["id"]: item["name"] for item in after["classes"]}
    images = {item["name"]: item["id"] for item in admin.images(project)}
    for truth in truths[:5]:
        stored = [(names[item["class"]], item["shape"]["box"]) for item in admin.annotations(images[truth.name])]
        assert len(stored) == len(truth.objects)
        for name, box in truth.objects:
            assert max(overlap(box, found) for kind, found in stored if kind == name) > 0.9


def test_version_stays_as_it_was_when_labels_change(
    page: Page, admin: Rest, project: int, blood: Blood, tmp_path: Path
) -> None:
    page.goto(f"/projects/{project}/images")
    import_archive(page, blood.voc_archive(tmp_path / "bccd.zip", blood.stems(12)))
    before = {item["name"]: admin.annotations(item["id"]) for item in admin.images(project)}
    # when: a version is named, with a seed
    go(page, "Versions")
    page.get_by_role("button", name="New version").first.click()
    dialog = page.get_by_role("dialog", name="New version")
    dialog.get_by_role("textbox", name="Name").fill("first")
    dialog.get_by_role("textbox", name="Seed").fill("7")
    held = dialog.get_by_role("region", name="What the version would hold")
    expect(held).not_to_have_attribute("data-stale", "true")
    preview = rows(held.get_by_role("table").first)
    dialog.get_by_role("button", name="Create version").click()
    card = page.get_by_role("region", name="first", exact=True)
    expect(card).to_contain_text("seed 7")
    # then: it is what the preview showed, and everything adds up
    assert rows(card.get_by_role("table").first) == preview
    (version,) = admin.get(f"projects/{project}/versions/")["results"]
    statistics = version["statistics"]
    splits = statistics["splits"].values()
    total = sum(len(found) for found in before.values())
    assert (version["name"], version["split"]["seed"]) == ("first", 7)
    assert (statistics["images"], statistics["annotations"]) == (12, total)
    assert sum(split["images"] for split in splits) == 12
    assert sum(split["annotations"] for split in splits) == total
    assert sum(item["annotations"] for item in statistics["classes"]) == total
    assert all(split["images"] > 0 for split in splits)
    # when: labels change afterwards, and the version is exported
    first = admin.images(project)[0]
    admin.change(first["id"], delete=[item["uuid"] for item in before[first["name"]]])
    card.get_by_role("link", name="Export").click()
    choose(page, page.get_by_role("combobox", name="Format"), "COCO")
    page.get_by_role("button", name="Export", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="coco").click()
    archive = tmp_path / download.value.suggested_filename
    download.value.save_as(archive)
    # then: pycocotools reads the state at the version
    exported = coco_objects(archive, tmp_path)
    names = {item["id"]: item["name"] for item in admin.get(f"projects/{project}/")["classes"]}
    wanted = {
        name: sorted((names[item["class"]], *bounds(item["shape"])) for item in found) for name, found in before.items()
    }
    assert exported.keys() == wanted.keys()
    for name, objects in wanted.items():
        assert [item[0] for item in exported[name]] == [item[0] for item in objects]
        for found, stored in zip(exported[name], objects, strict=True):
            assert found[1:] == pytest.approx(stored[1:], abs=1e-3)
    assert admin.get(f"versions/{version['id']}/")["digest"] == version["digest"]


def rows(table: Any) -> list[str]:
    """What a table says, row by row."""
    expect(table.get_by_role("row")).not_to_have_count(1)
    texts: list[str] = table.get_by_role("row").all_inner_texts()
    return texts


def coco_objects(archive: Path, folder: Path) -> dict[str, list[tuple[str, float, float, float, float]]]:
    """File name of every picture → its objects as class and box, sorted; over all annotation files of the archive."""
    with zipfile.ZipFile(archive) as opened:
        files = [name for name in opened.namelist() if name.endswith(".json")]
        opened.extractall(folder / "coco")
    found: dict[str, list[tuple[str, float, float, float, float]]] = {}
    for name in files:
        path = folder / "coco" / name
        if "annotations" not in json.loads(path.read_text()):
            continue
        coco: Any = COCO(str(path))
        for key, image in coco.imgs.items():
            objects = [(coco.cats[item["category_id"]]["name"], *item["bbox"]) for item in coco.imgToAnns[key]]
            found[Path(image["file_name"]).name] = sorted(objects)
    return found


def test_import_is_steered_class_by_class_and_replaces_what_the_file_names(
    page: Page, admin: Rest, project: int, blood: Blood, tmp_path: Path
) -> None:
    stems = [*blood.stems(3), WITH_AN_EMPTY_BOX]
    truths = [blood.truth(stem) for stem in stems]
    (first, *_) = admin.upload(project, blood.pictures(stems))
    classes = {item["name"]: item["id"] for item in admin.get(f"projects/{project}/")["classes"]}
    drawn = {"uuid": DRAWN_UUID, "class": classes["WBC"], "shape": {"type": "box", "box": [1, 2, 30, 40]}}
    admin.change(first["id"], create=[drawn])
    page.goto(f"/projects/{project}/images")
    go(page, "Import / Export")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Drop a file to import").click()
    chooser.value.set_files(blood.voc_archive(tmp_path / "bccd.zip", stems))
    # when: what is there is to be replaced, red cells are left out, platelets get a class of their own name
    page.get_by_role("radiogroup", name="Labels that are here already").get_by_text("Replace").click()
    page.get_by_role("button", name="Check the file").click()
    report = page.get_by_role("region", name="What the import would do")
    expect(report).to_contain_text("0 new, 4 matched")
    expect(report).to_contain_text("1 are taken away")
    choose(page, page.get_by_role("combobox", name="Class for RBC"), "Leave out")
    page.get_by_role("button", name="Check again with these classes").click()
    left_out = sum(1 for truth in truths for name, _ in truth.objects if name == "RBC")
    expect(report).to_contain_text(re.compile(rf"\b{left_out} left out|\b{left_out - 1} left out"))
    # then: all remarks are in a file of their own
    with page.expect_download() as download:
        report.get_by_role("link", name="Download the whole list").click()
    lines = Path(download.value.path()).read_text().splitlines()
    assert any(WITH_AN_EMPTY_BOX in json.loads(line)["where"] for line in lines)
    # when: imported so
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_role("region", name="What was imported")).to_contain_text("0 new, 4 matched")
    stored = [item for image in admin.images(project) for item in admin.annotations(image["id"])]
    assert DRAWN_UUID not in {item["uuid"] for item in stored}
    wanted = sorted(
        classes[name] for truth in truths for name, box in truth.objects if name != "RBC" and min(box[2:]) > 1
    )
    assert sorted(item["class"] for item in stored) == wanted
