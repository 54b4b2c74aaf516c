"""A weights entry refuses facts that no file can have, and recognises its file by whole digest, prefix or re-save."""

from typing import Any

import pytest

from tests.core.weights.conftest import make_entry

DIGEST = "ab" * 32


def test_a_whole_digest_must_be_equal() -> None:
    entry = make_entry(sha256=DIGEST)

    assert entry.accepts(DIGEST)
    assert not entry.accepts("ab" * 31 + "cd")


def test_a_prefix_is_enough_where_the_publisher_tells_no_more() -> None:
    entry = make_entry(sha256="", sha256_prefix="abababab")

    assert entry.accepts(DIGEST)
    assert not entry.accepts("cd" * 32)
    assert entry.known_hash == "abababab"


def test_a_resaved_file_of_the_same_tensors_is_accepted() -> None:
    entry = make_entry(sha256=DIGEST, also_sha256=("cd" * 32,))

    assert entry.accepts("cd" * 32)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"key": "Bad Key"}, "Weights 'Bad Key': key is 'Bad Key', but must be a-z, 0-9, '_', '.' and '-'."),
        (
            {"filename": "../x.pth"},
            "Weights 'net': filename is '../x.pth', but must be a plain file name without folders.",
        ),
        ({"sha256": "ABC"}, "Weights 'net': sha256 is 'ABC', but must be 64 lower-case hexadecimal digits."),
        ({"sha256": ""}, "Weights 'net': sha256_prefix is '', but must be at least 6 hexadecimal digits."),
        ({"url": "ftp://x/y"}, "Weights 'net': url is 'ftp://x/y', but must be an http or https address."),
        (
            {"url": "file:///etc/passwd"},
            "Weights 'net': url is 'file:///etc/passwd', but must be an http or https address.",
        ),
        ({"size": 0}, "Weights 'net': size is 0, but must be a positive number of bytes."),
    ],
)
def test_facts_that_no_file_can_have_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match="Weights") as caught:
        make_entry(**change)

    assert str(caught.value) == message
