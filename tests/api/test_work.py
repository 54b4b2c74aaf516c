"""What each person did: images, objects, time without pauses, accepted and returned."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from annotator.core.access import Role
from datasets_app.models import Revision
from tests.api.test_comments import member
from tests.client import Api


def test_images_objects_time_and_reviews(ada: Api, project: dict[str, Any]) -> None:
    first, second = ada.images(project["id"], 2)
    cell = project["classes"][0]["id"]
    bob = member(project, "bob", Role.ANNOTATOR)
    gone = bob.label(first, cell)
    bob.label(first, cell, (5, 5, 6, 6))
    bob.label(second, cell)
    bob.change(first, delete=[gone]).ok()
    saves = Revision.objects.filter(author=bob.user).order_by("number")
    start = timezone.now().replace(hour=9, minute=0)
    for revision, minutes in zip(saves, (0, 2, 4, 60), strict=True):
        Revision.objects.filter(pk=revision.pk).update(created_at=start + timedelta(minutes=minutes))
    bob.post(f"images/{first}/review/submit/").ok()
    bob.post(f"images/{second}/review/submit/").ok()
    ada.post(f"images/{first}/review/accept/").ok()
    ada.post(f"images/{second}/review/return/", {"note": "Tighter"}).ok()
    path = f"projects/{project['id']}/work/"
    rows = {row["username"]: row for row in ada.get(path).ok()["results"]}
    work = rows["bob"]
    assert (work["seconds"], work["saves"], work["images"]) == (240, 4, 2)
    assert (work["objects_added"], work["objects_removed"]) == (3, 1)
    assert (work["submitted"], work["accepted"], work["returned"], work["accepted_rate"]) == (2, 1, 1, 0.5)
    assert (rows["ada"]["judged"], rows["ada"]["submitted"]) == (2, 0)
    assert work["days"] == [{"day": start.date().isoformat(), "seconds": 240}]
    assert [row["username"] for row in bob.get(path).ok()["results"]] == ["bob"], "others' figures are for reviewers"
    tomorrow = (start + timedelta(days=2)).date().isoformat()
    assert ada.get(path, since=tomorrow).ok()["results"] == []
    ada.get(path, since="yesterday").refused(400, "bad_day")


def test_strangers_learn_nothing(stranger: Api, project: dict[str, Any]) -> None:
    assert stranger.get(f"projects/{project['id']}/work/").status == 404
