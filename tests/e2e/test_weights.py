"""Weights without a network: put in place by hand, accepted only when they are what they say."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.rest import Rest


def test_file_put_in_place_by_hand_is_accepted_after_its_hash_check(
    page: Page, admin: Rest, shared_data: Path, data_dir: Path
) -> None:
    entry = next(row for row in admin.get("weights/") if row["key"] == "squeezenet1_0_imagenet")
    place = data_dir / "weights" / entry["filename"]
    right = shared_data / "weights" / "squeezenet1_0_imagenet.pth"
    # given: a file of the right size with one byte changed
    content = bytearray(right.read_bytes())
    content[1000] ^= 1
    place.write_bytes(content)
    page.goto("/weights")
    row = page.get_by_role("listitem", name=entry["title"])
    row.get_by_role("button", name="Check file").click()
    expect(row).to_contain_text(f"is not {entry['title']}: its SHA-256 starts with")
    expect(row).not_to_contain_text("Ready")
    # when: the right file takes its place
    shutil.copyfile(right, place)
    row.get_by_role("button", name="Check file").click()
    expect(row).to_contain_text("Ready")
    state = next(item["state"] for item in admin.get("weights/") if item["key"] == entry["key"])
    assert state == "present"
