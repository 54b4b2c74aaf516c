"""Blobs: stored once, whole or not at all, found by digest, in a local folder and in a storage without paths."""

import hashlib
import io
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage

from annotator.core.storage.blobs import BlobMissingError, BlobStore, blob_key

CONTENT = b"a picture" * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def local(tmp_path: Path) -> BlobStore:
    return BlobStore(FileSystemStorage(location=tmp_path / "media"))


@pytest.fixture(params=["local", "remote"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    if request.param == "local":
        return BlobStore(FileSystemStorage(location=tmp_path / "media"))
    return BlobStore(InMemoryStorage(), cache_dir=tmp_path / "cache")


def files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("as_stream", [True, False])
def test_put_answers_digest_and_size_and_the_bytes_come_back(store: BlobStore, as_stream: bool) -> None:
    blob = store.put(io.BytesIO(CONTENT) if as_stream else CONTENT, ".jpg")

    assert (blob.sha256, blob.size) == (SHA256, len(CONTENT))
    assert store.exists(SHA256, ".jpg")
    assert store.size(SHA256, ".jpg") == len(CONTENT)
    with store.open(SHA256, ".jpg") as stream:
        assert stream.read() == CONTENT
    assert store.local_path(SHA256, ".jpg").read_bytes() == CONTENT


def test_the_same_bytes_are_stored_once(local: BlobStore, tmp_path: Path) -> None:
    local.put(CONTENT, ".jpg")
    before = local.local_path(SHA256, ".jpg").stat()

    local.put(io.BytesIO(CONTENT), ".jpg")

    assert [path.name for path in files_below(tmp_path)] == [f"{SHA256}.jpg"]
    assert local.local_path(SHA256, ".jpg").stat().st_mtime_ns == before.st_mtime_ns


def test_the_same_bytes_are_stored_once_in_a_storage_that_never_overwrites() -> None:
    storage = InMemoryStorage()
    store = BlobStore(storage)
    store.put(CONTENT)
    store.put(CONTENT)

    folders, files = storage.listdir(f"blobs/{SHA256[:2]}/{SHA256[2:4]}")

    assert (folders, files) == ([], [SHA256])


def test_a_copy_that_broke_off_is_replaced(local: BlobStore) -> None:
    local.put(CONTENT)
    local.local_path(SHA256).write_bytes(CONTENT[:10])

    local.put(CONTENT)

    assert local.local_path(SHA256).read_bytes() == CONTENT


def test_a_remote_copy_that_broke_off_is_replaced() -> None:
    storage = InMemoryStorage()
    storage.save(blob_key(SHA256, ".jpg"), ContentFile(CONTENT[:10]))
    store = BlobStore(storage)

    store.put(CONTENT, ".jpg")

    with store.open(SHA256, ".jpg") as stream:
        assert stream.read() == CONTENT


def test_a_stream_that_fails_leaves_nothing(local: BlobStore, tmp_path: Path) -> None:
    class Broken:
        def read(self, _size: int, /) -> bytes:
            raise ConnectionResetError("the browser was closed")

    with pytest.raises(ConnectionResetError):
        local.put(Broken())

    assert files_below(tmp_path) == []


def test_a_missing_blob_is_named(store: BlobStore) -> None:
    sentence = (
        f"The blob blobs/{SHA256[:2]}/{SHA256[2:4]}/{SHA256}.png is not in the store. "
        "Restore it from a backup or upload the file again."
    )
    for ask in (store.open, store.local_path, store.size):
        with pytest.raises(BlobMissingError) as caught:
            ask(SHA256, ".png")
        assert caught.value.args[0] == sentence


def test_derived_files_lie_apart_and_are_replaced(store: BlobStore) -> None:
    store.put(CONTENT, ".jpg")
    store.put_derived("thumbnail", SHA256, ".jpg", b"old")

    key = store.put_derived("thumbnail", SHA256, ".jpg", b"new!")

    assert key == f"derived/thumbnail/{SHA256[:2]}/{SHA256[2:4]}/{SHA256}.jpg"
    with store.open(SHA256, ".jpg", "thumbnail") as stream:
        assert stream.read() == b"new!"
    assert store.local_path(SHA256, ".jpg", "thumbnail").read_bytes() == b"new!"
    assert store.size(SHA256, ".jpg") == len(CONTENT)


def test_deleting_twice_is_no_error(store: BlobStore) -> None:
    store.put(CONTENT)
    store.local_path(SHA256)

    store.delete(SHA256)
    store.delete(SHA256)

    assert not store.exists(SHA256)
    with pytest.raises(BlobMissingError):
        store.local_path(SHA256)


@pytest.mark.parametrize(
    ("sha256", "suffix", "derived"),
    [
        ("../" + SHA256[3:], "", ""),
        (SHA256.upper(), "", ""),
        (SHA256 + "\n", "", ""),
        (SHA256, "/../../x", ""),
        (SHA256, ".tar.gz", ""),
        (SHA256, ".jpg\n", ""),
        (SHA256, ".jpg", "../x"),
    ],
)
def test_no_key_can_be_made_of_a_path(sha256: str, suffix: str, derived: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        blob_key(sha256, suffix, derived)


def test_a_bad_suffix_stores_nothing(local: BlobStore, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is not a blob suffix"):
        local.put(CONTENT, "/../evil")

    assert files_below(tmp_path) == []


def test_a_remote_blob_is_fetched_once(tmp_path: Path) -> None:
    store = BlobStore(InMemoryStorage(), cache_dir=tmp_path)
    store.put(CONTENT, ".jpg")
    first = store.local_path(SHA256, ".jpg")
    stamp = first.stat().st_mtime_ns

    assert store.local_path(SHA256, ".jpg") == first
    assert first.stat().st_mtime_ns == stamp
    assert store.trim_cache(0) == len(CONTENT)
    assert store.local_path(SHA256, ".jpg").read_bytes() == CONTENT


def test_a_remote_store_without_cache_folder_says_which_setting_is_missing() -> None:
    store = BlobStore(InMemoryStorage())
    store.put(CONTENT)

    with pytest.raises(ImproperlyConfigured, match="ANNOTATOR_BLOB_CACHE_DIR"):
        store.local_path(SHA256)
