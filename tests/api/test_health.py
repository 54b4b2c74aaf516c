"""Health through the API: findings on real pictures, bringing forward, fixes, ignoring, thresholds, roles."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from datasets_app.models import Annotation, HealthFinding, HealthReport, Image, ImageState, Project, Revision
from datasets_app.services import health as health_services
from tests.client import Api, picture
from tests.datasets_app.health.crossing import crossing_row


def health(api: Api, project: int) -> dict[str, Any]:
    body: dict[str, Any] = api.get(f"projects/{project}/health/").ok()
    return body


def computed(api: Api, project: int) -> dict[str, Any]:
    api.succeed(api.post(f"projects/{project}/health/").ok(202))
    body = health(api, project)
    assert body["state"] == "current"
    return body


def counts(body: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Check → rule → findings, where there are any."""
    found = {check["key"]: {rule["code"]: rule["count"] for rule in check["rules"]} for check in body["checks"]}
    return {key: rules for key, rules in found.items() if rules}


def findings(api: Api, project: int, check: str, **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(f"projects/{project}/health/{check}/findings/", **params).ok()["results"]
    return found


def fix(api: Api, project: int, check: str, act: str, **body: Any) -> dict[str, Any]:
    wanted = {"fix": act, **({} if "findings" in body else {"all": True}), **body}
    answer: dict[str, Any] = api.post(f"projects/{project}/health/{check}/fix/", wanted).ok()
    return answer


@pytest.fixture
def scene(ada: Api, project: dict[str, Any]) -> dict[str, Any]:
    """Six images; two doubled boxes on the first, one box on the second."""
    images = ada.images(project["id"], 6)
    first, second = (row["id"] for row in project["classes"])
    doubles = [ada.label(images[0], first), ada.label(images[0], first, (2, 3, 20, 10.2))]
    ada.label(images[1], second, (40, 3, 20, 10))
    return {"project": project["id"], "images": images, "classes": [first, second], "doubles": doubles}


def test_nothing_is_known_before_the_first_job_and_everything_after_it(ada: Api, scene: dict[str, Any]) -> None:
    # given
    before = health(ada, scene["project"])
    assert (before["state"], before["revision"], before["job"]) == ("missing", None, None)
    ada.get(f"projects/{scene['project']}/health/report/").refused(409, "no_report")

    # when
    job = ada.post(f"projects/{scene['project']}/health/").ok(202)
    again = ada.post(f"projects/{scene['project']}/health/").ok(202)
    assert again["id"] == job["id"] == health(ada, scene["project"])["job"]["id"]
    assert ada.finish(job)["progress"] == {"done": 6, "total": 6, "unit": "images"}

    # then
    body = health(ada, scene["project"])
    assert (body["state"], body["revision"], body["newest_revision"]) == ("current", 5, 5)
    assert counts(body)["object_overlaps"] == {"double": 1}
    assert counts(body)["unlabelled_images"] == {"waiting": 1}
    (double,) = findings(ada, scene["project"], "object_overlaps")
    assert double["image_ids"] == [scene["images"][0]]
    assert set(double["annotations"]) == set(scene["doubles"])
    shown = double["images"][0]
    assert (shown["id"], shown["width"] > 0, shown["height"] > 0) == (scene["images"][0], True, True)
    assert shown["thumbnail_url"]
    assert [row["uuid"] for row in double["objects"]] == double["annotations"]
    drawn = {row["uuid"]: row for row in ada.annotations(scene["images"][0])}
    for row in double["objects"]:
        assert (row["image"], row["class"]) == (scene["images"][0], scene["classes"][0])
        assert row["shape"] == drawn[row["uuid"]]["shape"]
        assert row["box"] == row["shape"]["box"]
    (waiting,) = findings(ada, scene["project"], "unlabelled_images")
    assert ada.get(f"projects/{scene['project']}/images/", **waiting["filter"]).ok()["total"] == waiting["count"] == 4
    shown = ada.get(f"projects/{scene['project']}/images/", finding="object_overlaps:double").ok()
    assert [image["id"] for image in shown["results"]] == double["image_ids"]


def test_an_outline_that_is_too_long_for_a_list_is_told_as_its_box(
    ada: Api, scene: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    computed(ada, scene["project"])
    monkeypatch.setattr("datasets_app.selectors.annotation.OUTLINE_CHARACTERS", 10)

    (double,) = findings(ada, scene["project"], "object_overlaps")

    assert [row["shape"] for row in double["objects"]] == [None, None]
    assert sorted(row["box"] for row in double["objects"])[1] == [2, 3, 20, 10.2]


def test_a_save_is_followed_without_a_job(ada: Api, scene: dict[str, Any]) -> None:
    computed(ada, scene["project"])
    before = {row.pk for row in HealthFinding.objects.filter(check_key="object_overlaps")}

    ada.label(scene["images"][2], scene["classes"][0], (10, 10, 5, 5))
    ada.label(scene["images"][2], scene["classes"][1], (10, 10, 5, 5))
    body = health(ada, scene["project"])

    assert (body["state"], body["job"]) == ("current", None)
    assert counts(body)["object_overlaps"] == {"confusion": 1, "double": 1}
    assert before < {row.pk for row in HealthFinding.objects.filter(check_key="object_overlaps")}


def test_more_than_a_page_may_wait_for_is_left_to_the_job(
    ada: Api, scene: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    computed(ada, scene["project"])
    monkeypatch.setattr("datasets_app.services.health.INLINE_IMAGES", 1)
    for image in scene["images"][2:5]:
        ada.label(image, scene["classes"][0])

    body = health(ada, scene["project"])
    assert (body["state"], body["revision"]) == ("behind", 5)

    result = ada.succeed(ada.post(f"projects/{scene['project']}/health/").ok(202))
    assert result == {"revision": 8, "is_complete": False}
    assert health(ada, scene["project"])["state"] == "current"


def test_a_fix_is_counted_first_and_is_one_revision_that_can_be_reverted(ada: Api, scene: dict[str, Any]) -> None:
    # given
    computed(ada, scene["project"])
    head = Revision.objects.count()
    expected = {"findings": 1, "images": 1, "annotations": 1, "skipped": 0}

    # when
    preview = fix(ada, scene["project"], "object_overlaps", "delete_objects", preview=True)
    assert preview == {"revision": None, **expected}
    assert Revision.objects.count() == head
    done = fix(ada, scene["project"], "object_overlaps", "delete_objects")

    # then
    assert done == {"revision": head + 1, **expected}
    assert Revision.objects.count() == head + 1
    (left,) = ada.annotations(scene["images"][0])
    assert left["uuid"] == scene["doubles"][1]  # the larger one
    assert "object_overlaps" not in counts(health(ada, scene["project"]))
    newest = Revision.objects.latest("number")
    assert newest.kind == "health"
    ada.post(f"revisions/{newest.pk}/revert/").ok()
    assert len(ada.annotations(scene["images"][0])) == 2
    assert counts(health(ada, scene["project"]))["object_overlaps"] == {"double": 1}


def test_findings_that_were_looked_for_again_are_not_fixed_blindly(ada: Api, scene: dict[str, Any]) -> None:
    computed(ada, scene["project"])
    (double,) = findings(ada, scene["project"], "object_overlaps")
    ada.label(scene["images"][0], scene["classes"][1], (50, 3, 10, 10))
    health(ada, scene["project"])
    head = Revision.objects.count()

    answer = ada.post(
        f"projects/{scene['project']}/health/object_overlaps/fix/",
        {"fix": "delete_objects", "findings": [double["id"]]},
    )

    assert "load them anew" in answer.refused(409, "findings_gone")
    assert Revision.objects.count() == head


def test_ignored_findings_stay_ignored(ada: Api, scene: dict[str, Any]) -> None:
    # given
    computed(ada, scene["project"])
    (double,) = findings(ada, scene["project"], "object_overlaps")

    # when
    url = f"projects/{scene['project']}/health/object_overlaps/ignore/"
    assert ada.post(url, {"findings": [double["id"]], "note": "two cells"}).ok() == {"count": 1}
    ada.label(scene["images"][0], scene["classes"][1], (50, 3, 10, 10))

    # then
    body = health(ada, scene["project"])
    overlaps = next(check for check in body["checks"] if check["key"] == "object_overlaps")
    assert (overlaps["count"], overlaps["ignored"], overlaps["severity"]) == (0, 1, None)
    assert body["summary"]["ignored"] == 1
    assert findings(ada, scene["project"], "object_overlaps") == []
    (hidden,) = findings(ada, scene["project"], "object_overlaps", ignored="true")
    assert (hidden["ignored"]["by"], hidden["ignored"]["note"]) == ("ada", "two cells")
    assert len(findings(ada, scene["project"], "object_overlaps", ignored="all")) == 1
    preview = fix(ada, scene["project"], "object_overlaps", "delete_objects", preview=True)
    assert preview["findings"] == 0
    ada.patch(f"projects/{scene['project']}/health/thresholds/", {"object_overlaps": {"iou": 0.8}}).ok(202)
    computed(ada, scene["project"])
    assert findings(ada, scene["project"], "object_overlaps") == []
    ada.post(url, {"all": True, "ignored": False}).ok()
    assert len(findings(ada, scene["project"], "object_overlaps")) == 1


def test_thresholds_belong_to_the_project(ada: Api, scene: dict[str, Any]) -> None:
    # given
    computed(ada, scene["project"])
    url = f"projects/{scene['project']}/health/thresholds/"

    # when
    job = ada.patch(url, {"object_overlaps": {"iou": 0.99}, "class_balance": {"objects": 0, "images": 0}}).ok(202)
    assert health(ada, scene["project"])["state"] == "behind"
    ada.succeed(job)

    # then
    body = health(ada, scene["project"])
    assert body["state"] == "current"
    # 10 : 10.2 is less than 0.99 shared; the smaller one now lies inside the larger one.
    assert counts(body)["object_overlaps"] == {"inside": 1}
    assert "class_balance" not in counts(body)
    values = {
        threshold["key"]: threshold["value"]
        for check in body["checks"]
        if check["key"] == "class_balance"
        for threshold in check["thresholds"]
    }
    assert values == {"ratio": 10, "ratio_error": 50, "objects": 0, "images": 0}
    ada.patch(url, {"object_overlaps": {"iou": 2}}).refused(400, "bad_threshold")
    ada.patch(url, {"object_overlaps": {"iou": "much"}}).refused(400, "bad_threshold")
    ada.patch(url, {"object_overlaps": {"size": 2}}).refused(400, "bad_threshold")
    ada.patch(url, {"object_overlaps": 2}).refused(400, "bad_threshold")
    ada.patch(url, {"dreams": {}}).refused(404, "no_check")
    assert health(ada, scene["project"])["state"] == "current"
    ada.patch(url, {"object_overlaps": {"iou": None}}).ok(202)
    assert counts(computed(ada, scene["project"]))["object_overlaps"] == {"double": 1}


def test_a_shape_that_crosses_itself_is_mended_and_nothing_of_it_is_lost(ada: Api, scene: dict[str, Any]) -> None:
    # given
    image = scene["images"][3]
    crossing = [[10, 10], [40, 40], [40, 10], [10, 40]]
    shape = {"type": "polygon", "parts": [{"outer": crossing, "holes": []}]}
    key = str(uuid4())
    ada.change(image, create=[{"uuid": key, "class": scene["classes"][0], "shape": shape}]).ok()
    assert counts(computed(ada, scene["project"]))["object_geometry"] == {"crossing": 1}

    # when
    done = fix(ada, scene["project"], "object_geometry", "mend")

    # then
    assert (done["annotations"], done["skipped"]) == (1, 0)
    (mended,) = ada.annotations(image)
    assert mended["uuid"] == key
    assert len(mended["shape"]["parts"]) == 2
    assert Annotation.objects.get(uuid=key, deleted_in=None).area == pytest.approx(450, rel=0.1)
    assert "object_geometry" not in counts(health(ada, scene["project"]))


def test_what_old_tools_left_beyond_the_picture_is_cut(ada: Api, scene: dict[str, Any]) -> None:
    # given
    row = crossing_row(scene["images"][4], scene["classes"][0])
    assert counts(computed(ada, scene["project"]))["object_geometry"] == {"outside": 1}

    # when
    fix(ada, scene["project"], "object_geometry", "mend", code="outside")

    # then
    mended = Annotation.objects.get(uuid=row.uuid, deleted_in=None)
    assert (mended.x, mended.y, mended.width, mended.height, mended.area) == (54, 10, 10, 10, 100)


def test_exact_duplicates_are_merged_with_the_labels_of_one(ada: Api, scene: dict[str, Any]) -> None:
    # given: the same pixels in another file, as the other orientation of a file gives them
    third, _, _, _, one, other = scene["images"]
    Image.objects.filter(pk__in=(one, third)).update(sha256=Image.objects.get(pk=other).sha256)
    Image.objects.filter(pk__in=(one, other, third)).update(perceptual_hash=7)
    labels = {row["uuid"] for row in ada.annotations(third)}
    assert counts(computed(ada, scene["project"]))["same_bytes"] == {"same": 1}

    # when
    done = fix(ada, scene["project"], "same_bytes", "merge_images")

    # then: the oldest image stays
    assert (done["findings"], done["images"]) == (1, 2)
    live = set(ImageState.objects.now().values_list("image_id", flat=True))
    assert third in live
    assert not live & {one, other}
    assert {row["uuid"] for row in ada.annotations(third)} == labels
    body = health(ada, scene["project"])
    assert "same_bytes" not in counts(body)
    ada.post(f"revisions/{Revision.objects.latest('number').pk}/revert/").ok()
    assert counts(health(ada, scene["project"]))["same_bytes"] == {"same": 1}


def test_labels_of_a_duplicate_move_to_the_one_that_stays(ada: Api, scene: dict[str, Any]) -> None:
    kept, labelled = scene["images"][2], scene["images"][5]
    Image.objects.filter(pk=labelled).update(sha256=Image.objects.get(pk=kept).sha256)
    key = ada.label(labelled, scene["classes"][1])
    computed(ada, scene["project"])

    fix(ada, scene["project"], "same_bytes", "merge_images")

    assert [row["uuid"] for row in ada.annotations(kept)] == [key]
    assert ada.get(f"images/{kept}/").ok()["state"] == "annotated"
    assert ada.get(f"images/{labelled}/").status == 404


def test_a_group_that_a_version_cut_leaks_until_the_next_version(ada: Api, scene: dict[str, Any]) -> None:
    # given
    project = scene["project"]
    spread = {image: index * 0x1F3D_5B79_97F4_A7C1 for index, image in enumerate(scene["images"], start=1)}
    for image, value in spread.items():
        Image.objects.filter(pk=image).update(perceptual_hash=value % 2**63)
    half = {"split": {"train": 0.5, "val": 0.5, "test": 0}, "group_by": "none", "name": "cut"}
    version = ada.post(f"projects/{project}/versions/", half).ok(201)
    assert "split_leaks" not in counts(computed(ada, project))

    # when
    bulk = {"ids": scene["images"], "action": "set_group", "value": "one walk"}
    ada.post(f"projects/{project}/images/bulk/", bulk).ok()

    # then
    body = health(ada, project)
    assert body["version"] == version["id"]
    assert counts(body)["split_leaks"] == {"group": 1}
    (leak,) = findings(ada, project, "split_leaks")
    assert leak["severity"] == "error"
    assert '"one walk" is cut: 3 in train, 3 in val' in leak["detail"]
    ada.post(f"projects/{project}/versions/", {**half, "group_by": "group", "name": "whole"}).ok(201)
    assert "split_leaks" not in counts(health(ada, project))


def test_look_alikes_come_into_one_group(ada: Api, project: dict[str, Any]) -> None:
    images = ada.images(project["id"], 4)
    assert counts(computed(ada, project["id"]))["look_alikes"] == {"cluster": 1}
    done = fix(ada, project["id"], "look_alikes", "group")
    assert done["images"] == 4
    assert {ada.get(f"images/{image}/").ok()["group"] for image in images} == {f"alike {images[0]}"}
    ada.upload(project["id"], {"late.png": picture(color=(200, 80, 160))})
    body = health(ada, project["id"])
    assert body["state"] == "current"
    (cluster,) = findings(ada, project["id"], "look_alikes")
    assert cluster["count"] == 5


def test_a_page_of_findings_leads_to_the_next(ada: Api, project: dict[str, Any]) -> None:
    image = ada.images(project["id"], 1)[0]
    label_class = project["classes"][0]["id"]
    boxes = [
        {"uuid": str(uuid4()), "class": label_class, "shape": {"type": "box", "box": [n, 1, 0.5, 9]}} for n in range(7)
    ]
    ada.change(image, create=boxes).ok()
    computed(ada, project["id"])
    seen: list[str] = []
    cursor = ""
    while True:
        page = ada.get(f"projects/{project['id']}/health/object_geometry/findings/", limit=3, cursor=cursor).ok()
        assert page["total"] == 7
        seen += [finding["annotations"][0] for finding in page["results"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(box["uuid"] for box in boxes)
    ada.get(f"projects/{project['id']}/health/object_geometry/findings/", cursor="nonsense").refused(400, "bad_cursor")


def test_roles_decide_who_may_act(ada: Api, scene: dict[str, Any]) -> None:
    # given
    project = scene["project"]
    computed(ada, project)
    people = {}
    for role in ("viewer", "annotator", "manager"):
        people[role] = Api(role)
        ada.post(f"projects/{project}/members/", {"username": role, "role": role}).ok(201)
    head = Revision.objects.count()
    url = f"projects/{project}/health/"
    preview = {"fix": "delete_objects", "all": True, "preview": True}

    # then
    assert people["viewer"].get(url).status == 200
    assert people["viewer"].post(f"{url}object_overlaps/fix/", preview).status == 200
    for act, body in (
        ("object_overlaps/fix/", {"fix": "delete_objects", "all": True}),
        ("object_overlaps/ignore/", {"all": True}),
    ):
        people["viewer"].post(url + act, body).refused(403, "role_too_low")
    people["annotator"].patch(f"{url}thresholds/", {"object_overlaps": {"iou": 0.5}}).refused(403, "role_too_low")
    people["annotator"].post(f"{url}look_alikes/fix/", {"fix": "delete_images", "all": True}).refused(
        403, "role_too_low"
    )
    assert Revision.objects.count() == head
    assert health(ada, project)["state"] == "current"
    assert people["annotator"].post(f"{url}look_alikes/fix/", {"fix": "tag", "all": True}).ok()["revision"] == head + 1
    assert people["manager"].post(f"{url}look_alikes/fix/", {"fix": "delete_images", "all": True}).ok()["revision"]


def test_wishes_that_mean_nothing_are_refused_in_a_sentence(ada: Api, scene: dict[str, Any]) -> None:
    computed(ada, scene["project"])
    url = f"projects/{scene['project']}/health/"
    head = Revision.objects.count()
    ada.get(f"{url}dreams/findings/").refused(404, "no_check")
    ada.get(f"{url}object_overlaps/findings/", code="dreams").refused(400, "bad_code")
    ada.get(f"{url}object_overlaps/findings/", ignored="perhaps").refused(400, "bad_filter")
    for body, code in (
        ({"fix": "dream", "all": True}, "unknown_fix"),
        ({"fix": "tag"}, "bad_findings"),
        ({"fix": "tag", "all": True, "findings": [1]}, "bad_findings"),
        ({"fix": "tag", "all": True, "code": "dream"}, "bad_code"),
        ({"fix": "delete_objects", "all": True, "code": "confusion"}, "bad_code"),
        ({}, "invalid"),
    ):
        ada.post(f"{url}object_overlaps/fix/", body).refused(400, code)
    ada.get(f"{url}report/", **{"as": "pdf"}).refused(400, "bad_form")
    assert Revision.objects.count() == head


def test_the_report_is_one_page_that_runs_nothing(ada: Api, scene: dict[str, Any]) -> None:
    ada.patch(f"projects/{scene['project']}/", {"name": "<script>alert(1)</script>"}).ok()
    computed(ada, scene["project"])
    page = ada.raw(f"projects/{scene['project']}/health/report/?as=html")
    text = page.content.decode()
    assert page["Content-Type"].startswith("text/html")
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "http" not in text
    assert "Labelled twice" in text
    body = ada.get(f"projects/{scene['project']}/health/report/").ok()
    assert body["findings"]["object_overlaps"][0]["code"] == "double"
    assert body["health"]["revision"] == body["statistics"]["revision"]


def test_real_pictures_have_their_facts_found(ada: Api, project: dict[str, Any], shared_data: Path) -> None:
    # given
    folder = shared_data / "exif_orientation"
    sideways = {file.name: file.read_bytes() for file in sorted(folder.rglob("*.jpg"))[:9]}
    photo = next(file for file in sorted((shared_data / "photos").rglob("*")) if file.suffix.lower() == ".jpg")
    ada.upload(project["id"], {**sideways, "photo.png": photo.read_bytes()})

    # when
    body = computed(ada, project["id"])

    # then
    turned = findings(ada, project["id"], "picture_files", code="orientation")
    told = {image["name"] for finding in turned for image in finding["images"]}
    stored = {image.name for image in Image.objects.all() if image.facts["orientation"] != 1}
    assert told == stored
    assert len(told) >= 5
    (wrong,) = findings(ada, project["id"], "picture_files", code="wrong_ending")
    assert wrong["images"][0]["name"] == "photo.png"
    # The same picture in all orientations is one picture after it was turned upright.
    assert sum(counts(body).get("look_alikes", {}).values()) + sum(counts(body).get("same_bytes", {}).values()) >= 1


def test_a_check_that_the_report_does_not_know_makes_it_old(ada: Api, scene: dict[str, Any]) -> None:
    # given: as after an update of the product
    computed(ada, scene["project"])
    report = HealthReport.objects.get(project=scene["project"])
    del report.totals["object_geometry"]
    report.save()

    # then
    assert health(ada, scene["project"])["state"] == "behind"
    result = ada.succeed(ada.post(f"projects/{scene['project']}/health/").ok(202))
    assert result["is_complete"]
    assert health(ada, scene["project"])["state"] == "current"


def test_a_check_that_ends_while_it_is_asked_about_is_not_forgotten(
    ada: Api, scene: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ada.post(f"projects/{scene['project']}/health/").ok(202)
    refresh = health_services.health_refresh

    def refresh_then_end(project: Project) -> Any:
        found = refresh(project)
        ada.succeed(job)
        return found

    monkeypatch.setattr(health_services, "health_refresh", refresh_then_end)
    body = health(ada, scene["project"])
    # Whoever reads of a job follows it to its end, and reads again.
    assert (body["state"], body["job"]["id"]) == ("missing", job["id"])
