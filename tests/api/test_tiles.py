"""Tiles of large pictures: made once, the same pixels, and nothing for strangers or for tiles that are not there."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image as PilImage

from annotator.core.models import Job
from annotator.core.storage.blobs import get_blobs
from datasets_app.ingest.pyramid import TILE, has_tile, level_sizes, needs_tiles
from datasets_app.models import Image
from tests.client import Api, picture

SIZE = (8192 + 100, 700)
"""More than a browser is given as a whole, and quick to make."""


def large(kind: str = "PNG") -> bytes:
    """Every pixel says where it is."""
    across, down = np.meshgrid(np.arange(SIZE[0]), np.arange(SIZE[1]))
    pixels = np.stack([across % 256, across // 256, down % 256], axis=-1).astype(np.uint8)
    buffer = io.BytesIO()
    PilImage.fromarray(pixels).save(buffer, kind, compress_level=1)
    return buffer.getvalue()


@pytest.fixture
def image(ada: Api, project: dict[str, Any]) -> int:
    created: int = ada.upload(project["id"], {"large.png": large()})["created"][0]["id"]
    # Blobs outlive a test's rows.
    get_blobs().delete(Image.objects.get(pk=created).sha256, ".zip", derived="tiles")
    return created


def test_tiles_are_made_once_and_hold_the_picture(ada: Api, image: int) -> None:
    ada.get(f"images/{image}/tiles/0/0/0/").refused(404, "tiles_not_ready")
    asked = ada.post(f"images/{image}/tiles/").ok(202)
    assert (asked["width"], asked["height"], asked["tile"], asked["levels"]) == (*SIZE, TILE, 6)
    assert ada.post(f"images/{image}/tiles/").ok(202)["job"]["id"] == asked["job"]["id"]
    assert ada.succeed(asked["job"])["tiles"] == sum(
        -(-width // TILE) * -(-height // TILE) for width, height in level_sizes(*SIZE)
    )
    assert ada.post(f"images/{image}/tiles/").ok()["job"] is None
    response = ada.raw(asked["url"].format(level=0, x=16, y=1))
    tile = np.asarray(PilImage.open(io.BytesIO(response.content)))
    whole = np.asarray(PilImage.open(io.BytesIO(large())))
    assert np.array_equal(tile, whole[TILE:, 16 * TILE :])
    smallest = PilImage.open(io.BytesIO(ada.raw(f"images/{image}/tiles/5/0/0/").content))
    assert smallest.size == level_sizes(*SIZE)[-1]
    assert "immutable" in response["Cache-Control"]
    assert ada.raw(asked["url"].format(level=0, x=16, y=1), **{"if-none-match": response["ETag"]}).status_code == 304


def test_tiles_that_were_deleted_are_made_again(ada: Api, image: int) -> None:
    ada.succeed(ada.post(f"images/{image}/tiles/").ok(202)["job"])
    get_blobs().delete(Image.objects.get(pk=image).sha256, ".zip", derived="tiles")
    ada.succeed(ada.post(f"images/{image}/tiles/").ok(202)["job"])
    assert ada.raw(f"images/{image}/tiles/0/0/0/").status_code == 200


@pytest.mark.parametrize(
    "place", ["6/0/0", "0/17/0", "0/0/2", "5/1/0", f"{2**64}/0/0", f"0/{10**30}/0", f"0/0/{10**60}"]
)
def test_there_are_no_tiles_beyond_the_picture(ada: Api, image: int, place: str) -> None:
    ada.succeed(ada.post(f"images/{image}/tiles/").ok(202)["job"])
    ada.get(f"images/{image}/tiles/{place}/").refused(404, "no_tile")


def test_a_small_picture_has_no_tiles(ada: Api, project: dict[str, Any]) -> None:
    small = ada.upload(project["id"], {"a.png": picture()})["created"][0]["id"]
    ada.post(f"images/{small}/tiles/").refused(400, "no_tiles_needed")
    ada.get(f"images/{small}/tiles/0/0/0/").refused(404, "no_tile")
    assert not Job.objects.filter(kind="datasets.tiles").exists()


def test_strangers_see_no_tile_and_start_no_job(ada: Api, image: int) -> None:
    stranger = Api("eve")
    stranger.post(f"images/{image}/tiles/").refused(404, "not_found")
    assert not Job.objects.filter(kind="datasets.tiles").exists()
    ada.succeed(ada.post(f"images/{image}/tiles/").ok(202)["job"])
    stranger.get(f"images/{image}/tiles/0/0/0/").refused(404, "not_found")
    ada.get(f"images/{10**12}/tiles/0/0/0/").refused(404, "not_found")


def test_levels_end_with_one_tile() -> None:
    assert level_sizes(512, 512) == [(512, 512)]
    assert level_sizes(1025, 3) == [(1025, 3), (513, 2), (257, 1)]
    assert not needs_tiles(8000, 6000)
    assert needs_tiles(8001, 10)
    assert needs_tiles(7500, 7000)
    assert has_tile(1025, 3, 0, 2, 0)
    assert not has_tile(1025, 3, 0, 3, 0)
