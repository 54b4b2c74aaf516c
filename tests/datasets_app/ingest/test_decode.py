"""Decoding: upright, 8 bits, colours kept, no needless second encoding, a sentence for everything else."""

import hashlib
import struct
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageCms, TiffImagePlugin

from datasets_app.ingest.decode import Decoded, decode
from datasets_app.ingest.jpeg_coding import is_shown_by_browsers
from datasets_app.ingest.limits import DEFAULT_LIMITS, PictureLimits
from datasets_app.ingest.refusal import Refused
from tests.datasets_app.ingest.pictures import HEIGHT, WIDTH, difference, encoded, exif, opened, scene


def displayed(decoded: Decoded, source: bytes) -> Image.Image:
    return opened(source if decoded.display is None else decoded.display)


def refusal(data: bytes, limits: PictureLimits = DEFAULT_LIMITS) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        decode(data, limits)
    return caught.value.code, caught.value.detail


@pytest.mark.parametrize(
    ("mode", "kind", "suffix"),
    [
        ("RGB", "JPEG", ".jpg"),
        ("L", "JPEG", ".jpg"),
        ("RGB", "PNG", ".png"),
        ("RGBA", "PNG", ".png"),
        ("L", "PNG", ".png"),
        ("LA", "PNG", ".png"),
        ("P", "PNG", ".png"),
        ("1", "PNG", ".png"),
        ("RGB", "WEBP", ".webp"),
        ("RGBA", "WEBP", ".webp"),
    ],
)
def test_a_picture_that_browsers_show_stays_as_it_is(mode: str, kind: str, suffix: str) -> None:
    image = scene().convert(mode)
    if mode in {"LA", "RGBA"}:
        image.putalpha(100)
    data = encoded(image, kind)

    decoded = decode(data)

    digest = hashlib.sha256(data).hexdigest()
    assert decoded.is_source
    assert (decoded.display, decoded.display_sha256, decoded.display_suffix) == (None, digest, suffix)
    assert (decoded.source_sha256, decoded.source_suffix, decoded.source_size) == (digest, suffix, len(data))
    assert (decoded.width, decoded.height) == (WIDTH, HEIGHT)
    assert (decoded.format, decoded.mode, decoded.frames, decoded.orientation) == (kind, mode, 1, 1)
    assert (decoded.bit_depth, decoded.window) == (1 if mode == "1" else 8, None)


@pytest.mark.parametrize(
    ("mode", "kind", "options", "suffix"),
    [
        ("RGB", "BMP", {}, ".png"),
        ("P", "BMP", {}, ".png"),
        ("1", "BMP", {}, ".png"),
        ("P", "GIF", {}, ".png"),
        ("RGB", "TIFF", {}, ".png"),
        ("RGB", "TIFF", {"compression": "tiff_lzw"}, ".png"),
        ("RGB", "TIFF", {"compression": "tiff_adobe_deflate"}, ".png"),
        ("RGB", "TIFF", {"compression": "jpeg"}, ".jpg"),
        ("RGBA", "TIFF", {}, ".png"),
        ("1", "TIFF", {"compression": "group4"}, ".png"),
        ("RGB", "PPM", {}, ".png"),
        ("RGB", "JPEG2000", {}, ".png"),
        ("RGB", "AVIF", {}, ".jpg"),
        ("RGBA", "AVIF", {}, ".jpg"),
    ],
)
def test_any_other_picture_is_encoded_for_display(mode: str, kind: str, options: dict[str, str], suffix: str) -> None:
    image = scene().convert(mode)
    data = encoded(image, kind, **options)

    decoded = decode(data)

    shown = displayed(decoded, data)
    assert decoded.display is not None
    assert decoded.display_suffix == suffix
    assert decoded.display_sha256 == hashlib.sha256(decoded.display).hexdigest() != decoded.source_sha256
    assert shown.mode in {"L", "LA", "RGB", "RGBA"}
    assert shown.size == (decoded.width, decoded.height) == (WIDTH, HEIGHT)
    assert difference(shown, image) < (6 if suffix == ".jpg" else 3)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_orientation_is_applied_exactly_once(kind: str, orientation: int) -> None:
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    upright = scene()
    stored = upright if orientation == 1 else upright.transpose(Image.Transpose(undo[orientation]))
    data = encoded(stored, kind, exif=exif(orientation), **({} if kind in {"PNG", "TIFF"} else {"quality": 95}))

    decoded = decode(data)

    shown = displayed(decoded, data)
    assert (decoded.width, decoded.height) == (WIDTH, HEIGHT)
    assert decoded.had_orientation == (orientation > 1)
    assert difference(shown, upright) < 4
    assert shown.getexif().get(274, 1) == 1
    assert difference(opened(decoded.thumbnail), upright) < 5


def test_all_orientations_of_one_photo_look_the_same(shared_data: Path) -> None:
    for name in ("Landscape", "Portrait"):
        paths = [shared_data / "exif_orientation" / f"{name}_{number}.jpg" for number in range(9)]
        pictures = [(decode(path), path.read_bytes()) for path in paths]
        reference, source = pictures[1]
        expected = displayed(reference, source)
        for decoded, data in pictures:
            assert difference(displayed(decoded, data), expected) < 8
            assert bin((decoded.dhash ^ reference.dhash) & (2**64 - 1)).count("1") <= 4


@pytest.mark.parametrize("orientation", [0, 9, 300])
def test_an_impossible_orientation_counts_as_none(orientation: int) -> None:
    decoded = decode(encoded(scene(), "JPEG", exif=exif(orientation)))

    assert (decoded.is_source, decoded.orientation) == (True, 1)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_broken_metadata_do_not_refuse_a_good_picture() -> None:
    decoded = decode(encoded(scene(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\xff\xffgarbage"))

    assert decoded.is_source


def test_only_the_first_frame_is_taken() -> None:
    frames = [scene(), scene().transpose(Image.Transpose.ROTATE_180), scene().convert("L").convert("RGB")]
    for kind in ("GIF", "PNG", "WEBP", "TIFF"):
        lossless = {"lossless": True} if kind == "WEBP" else {}
        data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], **lossless)

        decoded = decode(data)

        assert (decoded.frames, decoded.is_source, decoded.display_suffix) == (3, False, ".png")
        assert difference(displayed(decoded, data), frames[0]) < 3


def test_a_second_picture_inside_a_camera_jpeg_does_not_matter() -> None:
    data = encoded(scene(), "MPO", save_all=True, append_images=[scene(32, 24)])

    decoded = decode(data)

    assert (decoded.format, decoded.is_source, decoded.width) == ("JPEG", True, WIDTH)


def test_alpha_is_kept() -> None:
    image = scene().convert("RGBA")
    image.putalpha(100)
    data = encoded(image, "TIFF")

    decoded = decode(data)

    assert displayed(decoded, data).getpixel((0, 0)) == (0, 0, 255, 100)
    assert decoded.thumbnail_suffix == ".webp"
    assert opened(decoded.thumbnail).mode == "RGBA"


def test_a_transparent_colour_becomes_alpha() -> None:
    image = scene().quantize(8)
    data = encoded(image, "GIF", transparency=image.getpixel((0, 0)))

    shown = displayed(decode(data), data)

    assert shown.mode == "RGBA"
    assert shown.getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_cmyk_of_adobe_is_not_inverted() -> None:
    data = encoded(scene().convert("CMYK"), "JPEG", quality=95)

    decoded = decode(data)

    assert (decoded.mode, decoded.display_suffix) == ("CMYK", ".jpg")
    assert difference(displayed(decoded, data), scene()) < 8


def test_lab_becomes_srgb() -> None:
    lab = ImageCms.profileToProfile(
        scene(), ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), outputMode="LAB"
    )
    assert lab is not None
    data = encoded(lab, "TIFF")

    assert difference(displayed(decode(data), data), scene()) < 8


def test_a_colour_profile_travels_along_and_values_stay() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = encoded(scene(), "BMP")
    tiff = encoded(scene(), "TIFF", icc_profile=profile)
    broken = encoded(scene(), "TIFF", icc_profile=b"nonsense")

    assert displayed(decode(tiff), tiff).info["icc_profile"] == profile
    assert "icc_profile" not in displayed(decode(broken), broken).info
    assert displayed(decode(tiff), tiff).tobytes() == displayed(decode(data), data).tobytes()


def grey16(values: npt.NDArray[np.floating | np.integer]) -> bytes:
    return encoded(Image.fromarray(values.astype(np.uint16)), "PNG")


@pytest.mark.parametrize(
    ("top", "window"),
    [
        (65535, (0.0, 65535.0)),
        (40000, (0.0, 65535.0)),
        (4095, (0.0, 4095.0)),
        (3000, (0.0, 4095.0)),
        (1000, (0.0, 1023.0)),
        (200, (0.0, 255.0)),
        (20, (0.0, 255.0)),
    ],
)
def test_deep_grey_is_shown_on_the_range_of_its_sensor(top: int, window: tuple[float, float]) -> None:
    ramp = np.tile(np.linspace(0, top, 256), (4, 1)).round()
    data = grey16(ramp)

    decoded = decode(data)

    assert (decoded.bit_depth, decoded.window) == (16, window)
    shown = np.asarray(displayed(decoded, data), dtype=float)
    assert shown.shape == ramp.shape
    assert np.abs(shown - ramp * 255 / window[1]).max() <= 0.5


def test_deep_grey_that_uses_little_of_its_range_is_stretched() -> None:
    values = np.tile(np.linspace(5000, 6000, 256), (4, 1))
    decoded = decode(grey16(values))

    shown = np.asarray(displayed(decoded, b""))
    assert decoded.window == pytest.approx((5000, 6000), abs=10)
    assert (shown.min(), shown.max()) == (0, 255)


@pytest.mark.parametrize("top", [1.0, 255.0, 1e-3, 1e6])
def test_float_tiff_is_made_visible(top: float) -> None:
    values = np.tile(np.linspace(0, top, 256, dtype=np.float32), (4, 1))
    values[0, 0], values[1, 0] = np.nan, np.inf
    data = encoded(Image.fromarray(values), "TIFF")

    decoded = decode(data)

    shown = np.asarray(displayed(decoded, data))
    assert (decoded.mode, decoded.bit_depth) == ("F", 32)
    assert shown[2].min() <= 1
    assert shown[2].max() >= 254
    assert (shown[0, 0], shown[1, 0]) == (0, 255)


@pytest.mark.parametrize("value", [0, 7, 300, 65535])
def test_one_deep_value_everywhere_is_no_error(value: int) -> None:
    assert decode(grey16(np.full((4, 4), value))).width == 4


def test_16_bit_rgb_png_is_shown_in_8_bits() -> None:
    row = b"\0" + b"".join(struct.pack(">HHH", 0x1234, 0x8000, 0xFFFF) for _ in range(4))

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", 4, 2, 16, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(row * 2)) + chunk(b"IEND", b"")

    decoded = decode(data)

    assert (decoded.bit_depth, decoded.is_source) == (16, False)
    assert displayed(decoded, data).getpixel((0, 0)) == (0x12, 0x80, 0xFF)


def test_a_turned_jpeg_loses_nothing_that_shows() -> None:
    data = encoded(scene(640, 480), "JPEG", quality=90, exif=exif(6))

    decoded = decode(data)

    assert decoded.display is not None
    shown = opened(decoded.display)
    turned = opened(data).transpose(Image.Transpose.ROTATE_270)
    assert (shown.size, decoded.display_suffix) == ((480, 640), ".jpg")
    assert difference(shown, turned) < 1
    assert [layer[1:3] for layer in shown.layer] == [(1, 1)] * 3  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("size", "expected"), [((1000, 500), (320, 160)), ((300, 10), (300, 10)), ((9000, 1), (320, 1))]
)
def test_thumbnails_are_bounded_and_never_enlarged(size: tuple[int, int], expected: tuple[int, int]) -> None:
    for kind in ("JPEG", "PNG"):
        assert opened(decode(encoded(scene(*size), kind)).thumbnail).size == expected


def test_a_picture_of_one_pixel_is_taken() -> None:
    decoded = decode(encoded(Image.new("RGB", (1, 1)), "PNG"))

    assert (decoded.width, decoded.height, decoded.dhash) == (1, 1, 0)


def test_the_facts_stay_without_the_bytes() -> None:
    decoded = decode(encoded(scene(), "BMP"))

    facts = decoded.without_bytes()

    assert (facts.display, facts.thumbnail, facts.is_source) == (None, b"", False)
    assert replace(facts, display=decoded.display, thumbnail=decoded.thumbnail) == decoded


def test_a_path_and_its_bytes_give_the_same(tmp_path: Path) -> None:
    data = encoded(scene(), "BMP")
    (tmp_path / "misleading.jpg").write_bytes(data)

    assert decode(tmp_path / "misleading.jpg") == decode(data)


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    assert refusal(encoded(scene(), "PNG"), replace(DEFAULT_LIMITS, pixels=WIDTH * HEIGHT - 1)) == (
        "picture_too_large",
        "The picture has 64 x 48 pixels. At most 3,071 pixels, and 65,500 on a side, are allowed. Cut it into tiles.",
    )
    promise = b"BM" + struct.pack("<IIIIiiHHIIiiII", 54, 0, 54, 40, 60_000, 60_000, 1, 24, 0, 0, 0, 0, 0, 0)
    assert refusal(promise)[0] == "picture_too_large"


def test_a_file_that_is_too_large_is_not_opened() -> None:
    assert refusal(encoded(scene(), "PNG"), replace(DEFAULT_LIMITS, file_bytes=100))[1].endswith(
        "bytes. At most 100 bytes a picture are allowed."
    )


@pytest.mark.parametrize(
    ("data", "code", "sentence"),
    [
        (b"", "empty_file", "The file is empty. Copy it again."),
        (b"hello, I am a text\n", "not_a_picture", "This is a text file, not a picture that can be taken."),
        (b'<?xml version="1.0"?><svg/>', "not_a_picture", "This is an SVG drawing, not a picture that can be taken."),
        (b"%PDF-1.7\n%", "not_a_picture", "This is a PDF document, not a picture that can be taken."),
        (
            b"PK\3\4rest",
            "not_a_picture",
            "This is a zip archive or an office document, not a picture that can be taken.",
        ),
        (
            b"\0\0\0\x18ftypheic\0\0\0\0heic",
            "not_a_picture",
            "This is an HEIC picture, not a picture that can be taken.",
        ),
        (b"\0\0\0\x18ftypisom\0\0\0\0isom", "not_a_picture", "This is a video, not a picture that can be taken."),
        (bytes(range(128, 256)), "not_a_picture", "This is no kind of picture that is known."),
    ],
)
def test_what_is_no_picture_is_named(data: bytes, code: str, sentence: str) -> None:
    supported = " Supported: JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF, JPEG 2000, PNM." if code == "not_a_picture" else ""

    assert refusal(data) == (code, sentence + supported)


def test_a_cut_picture_is_told_from_a_broken_one() -> None:
    data = encoded(scene(640, 480), "JPEG")

    assert refusal(data[: len(data) // 2]) == (
        "picture_cut_short",
        "The JPEG picture is cut short: its end is missing. Copy it again.",
    )
    assert refusal(data[:30])[0] in {"picture_broken", "picture_cut_short"}
    assert refusal(b"\x89PNG\r\n\x1a\n" + bytes(100)) == (
        "picture_broken",
        "The PNG picture cannot be read: its header makes no sense. "
        "Open it in the program that made it and save it again.",
    )


def test_a_camera_raw_file_is_not_taken_for_its_preview() -> None:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[50706] = b"\1\4\0\0"

    assert refusal(encoded(scene(), "TIFF", tiffinfo=tags)) == (
        "unsupported_picture",
        "This is a camera's raw file. Develop it to JPEG, PNG or TIFF and upload that.",
    )


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"optimize": True}, {"quality": 100, "subsampling": 0}])
def test_a_jpeg_that_browsers_decode_stays_as_it_is(options: dict[str, Any]) -> None:
    assert decode(encoded(scene(), "JPEG", **options)).is_source


def test_a_jpeg_that_only_decoders_read_is_encoded_for_display() -> None:
    data = encoded(scene(), "JPEG")
    frame = data.index(b"\xff\xc0")

    assert is_shown_by_browsers(data)
    assert not is_shown_by_browsers(data[:frame] + b"\xff\xc9" + data[frame + 2 :])
    assert not is_shown_by_browsers(data[:frame] + b"\xff\xc3" + data[frame + 2 :])
    assert not is_shown_by_browsers(data[:3])
