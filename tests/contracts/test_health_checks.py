"""What every health check promises, tried on every line of the catalog; a newcomer is tested without a new test."""

from __future__ import annotations

import copy
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

import pytest

from annotator.core.registry import Entry
from datasets_app.health.base import SCOPES, SEVERITIES, Finding, Limits
from datasets_app.health.catalog import CHECKS, entries_of, limits_of
from datasets_app.services.health_fixes import ACTS
from tests.architecture.sources import ROOT
from tests.datasets_app.health.scenes import CLASSES, Scene, healthy, sick

every = pytest.mark.parametrize("entry", list(CHECKS), ids=lambda entry: entry.key)
SPLITS = {"train": {1: 40, 2: 40}, "val": {1: 3}}


def looked(entry: Entry, scene: Scene, limits: Limits | None = None) -> list[Finding]:
    """What the check finds in the scene, whatever its scope."""
    check, limits = CHECKS.load(entry.key), limits_of(entry, {}) if limits is None else limits
    if entry.facts["scope"] == "project":
        return list(check.look(scene.overview(SPLITS), limits))
    if entry.facts["scope"] == "pictures":
        ids = [image.id for image in scene.images]
        pictures = scene.pictures(
            sha256={ids[1]: f"{ids[0]:064x}"},
            hashes={ids[1]: scene.pictures().hashes[ids[0]], ids[2]: scene.pictures().hashes[ids[0]] ^ 1},
            groups={ids[4]: "walk", ids[5]: "walk"},
            splits={image: "val" if image in {ids[1], ids[5]} else "train" for image in ids},
        )
        return list(check.look(pictures, limits))
    found: list[Finding] = []
    norms = check.norms(scene.overview().counters, limits) if entry.facts["scope"] == "norm" else None
    for image in scene.images:
        found += check.look(image, CLASSES, limits) if norms is None else check.look(image, norms)
    return found


def plain(findings: Iterable[Finding]) -> list[Any]:
    return [
        (one.code, one.severity, one.key, one.detail, one.images, one.annotations, one.class_id, one.value, one.count)
        for one in findings
    ]


def test_listing_the_checks_imports_none_of_them() -> None:
    program = (
        "import sys\nfrom datasets_app.health.catalog import CHECKS\n"
        "print([entry.key for entry in CHECKS if entry.target.partition(':')[0] in sys.modules])"
    )

    answer = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "[]"


@every
def test_the_catalog_says_what_the_interface_must_show(entry: Entry) -> None:
    facts = entry.facts

    assert entry.title
    assert len(entry.key) <= 40
    assert facts["scope"] in SCOPES
    assert facts["description"].endswith(".")
    assert facts["codes"]
    assert all(len(code) <= 40 and title for code, title in facts["codes"].items())
    for threshold in facts["thresholds"]:
        assert threshold.title
        assert threshold.minimum <= threshold.default <= threshold.maximum
    assert len({threshold.key for threshold in facts["thresholds"]}) == len(facts["thresholds"])


@every
def test_fixes_are_acts_that_exist_for_rules_that_exist(entry: Entry) -> None:
    fixes = entry.facts["fixes"]

    assert {fix.act for fix in fixes} <= ACTS.keys()
    assert {code for fix in fixes for code in fix.codes} <= entry.facts["codes"].keys()
    assert len({fix.act for fix in fixes}) == len(fixes)


@every
def test_findings_are_whole(entry: Entry) -> None:
    # given
    scene = sick()
    images = {image.id for image in scene.images}
    objects = {item.uuid for image in scene.images for item in image.objects}

    # when
    found = looked(entry, scene)

    # then
    assert found, "The scene holds nothing that this check finds: add to tests/datasets_app/health/scenes.py."
    assert len({one.key for one in found}) == len(found)
    for one in found:
        assert one.code in entry.facts["codes"]
        assert one.severity in SEVERITIES
        assert 0 < len(one.key) <= 120
        assert one.detail.endswith(".")
        assert len(one.detail) <= 500
        assert set(one.images) <= images
        assert set(one.annotations) <= objects
        assert one.images or one.filter
        if entry.facts["scope"] in {"image", "norm"}:
            assert len(one.images) == 1


@every
def test_the_same_data_give_the_same_findings(entry: Entry) -> None:
    assert plain(looked(entry, sick())) == plain(looked(entry, sick()))


@every
def test_looking_changes_nothing(entry: Entry) -> None:
    # given
    scene = sick()
    before = copy.deepcopy(scene.images)

    # when
    looked(entry, scene)

    # then
    assert scene.images == before


@every
def test_an_empty_project_has_no_findings(entry: Entry) -> None:
    if entry.facts["scope"] == "pictures":
        assert list(CHECKS.load(entry.key).look(Scene().pictures(), limits_of(entry, {}))) == []
    else:
        assert [one for one in looked(entry, Scene()) if one.severity == "error"] == []


@every
def test_what_is_well_is_no_error(entry: Entry) -> None:
    if entry.facts["scope"] == "pictures":
        assert list(CHECKS.load(entry.key).look(healthy().pictures(), limits_of(entry, {}))) == []
    else:
        assert [one for one in looked(entry, healthy()) if one.severity == "error"] == []


@every
def test_every_threshold_works_over_its_whole_range(entry: Entry) -> None:
    for threshold in entry.facts["thresholds"]:
        for value in (threshold.minimum, threshold.maximum):
            limits = {**limits_of(entry, {}), threshold.key: value}
            for one in looked(entry, sick(), limits):
                assert one.code in entry.facts["codes"]


@pytest.mark.parametrize("entry", entries_of("image"), ids=lambda entry: entry.key)
def test_an_image_is_judged_by_itself(entry: Entry) -> None:
    check, limits = CHECKS.load(entry.key), limits_of(entry, {})
    scene = sick()

    forwards = [plain(check.look(image, CLASSES, limits)) for image in scene.images]
    backwards = [plain(check.look(image, CLASSES, limits)) for image in reversed(scene.images)]

    assert forwards == backwards[::-1]
