"""What kind of file some bytes are, by content alone: neither name nor declared type of an upload is believed."""

from __future__ import annotations

from datasets_app.ingest.refusal import Refused

HEAD_BYTES = 512
SUPPORTED = "Supported: JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF, JPEG 2000, PNM."

SUFFIXES = {
    "JPEG": ".jpg",
    "PNG": ".png",
    "WEBP": ".webp",
    "GIF": ".gif",
    "BMP": ".bmp",
    "TIFF": ".tif",
    "AVIF": ".avif",
    "JPEG2000": ".jp2",
    "PPM": ".pnm",
}
"""Kinds of pictures that are taken, as Pillow calls them, with the suffix of their blobs."""

_PICTURES = (
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (8, b"WEBP", "WEBP"),
    (0, b"GIF87a", "GIF"),
    (0, b"GIF89a", "GIF"),
    (0, b"BM", "BMP"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"II+\0", "TIFF"),
    (0, b"MM\0+", "TIFF"),
    (0, b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG2000"),
    (0, b"\xff\x4f\xff\x51", "JPEG2000"),
    *((0, b"P%d%c" % (kind, space), "PPM") for kind in range(1, 7) for space in b" \t\r\n"),
    (0, b"Pf\n", "PPM"),
)

_OTHERS = (
    (8, b"CR\x02", "a camera's raw file"),
    (0, b"FUJIFILMCCD-RAW", "a camera's raw file"),
    (0, b"IIRO", "a camera's raw file"),
    (0, b"IIU\0", "a camera's raw file"),
    (4, b"ftypcrx", "a camera's raw file"),
    (4, b"ftyphe", "an HEIC picture"),
    (4, b"ftypmif1", "an HEIC picture"),
    (4, b"ftypmsf1", "an HEIC picture"),
    (4, b"ftyp", "a video"),
    (8, b"AVI ", "a video"),
    (0, b"\x1aE\xdf\xa3", "a video"),
    (0, b"\0\0\1\xba", "a video"),
    (0, b"8BPS", "a Photoshop document"),
    (0, b"\0\0\1\0", "an icon file"),
    (0, b"\0\0\2\0", "a cursor or Targa file"),
    (0, b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (0, b"\xff\x0a", "a JPEG XL picture"),
    (0, b"v/1\x01", "an OpenEXR picture"),
    (128, b"DICM", "a DICOM file"),
    (0, b"SIMPLE  =", "a FITS file"),
    (0, b"\x89HDF", "an HDF5 file"),
    (0, b"\x93NUMPY", "a NumPy array"),
    (0, b"%PDF", "a PDF document"),
    (0, b"%!PS", "a PostScript document"),
    (0, b"PK\3\4", "a zip archive or an office document"),
    (0, b"\x1f\x8b", "a compressed file"),
    (0, b"BZh", "a compressed file"),
    (0, b"\xfd7zXZ", "a compressed file"),
    (0, b"7z\xbc\xaf", "a 7-Zip archive"),
    (0, b"Rar!", "a RAR archive"),
)

_MARKUP = ((b"<svg", "an SVG drawing"), (b"<html", "an HTML page"), (b"<?xml", "an XML file"))


def sniff(head: bytes) -> str:
    """The kind of picture, a key of `SUFFIXES`. `head` are the first `HEAD_BYTES` bytes. Raises `Refused`."""
    if not head:
        raise Refused("empty_file", "The file is empty. Copy it again.")
    other = _other_kind(head)
    if other == "AVIF":
        return other
    if other is None:
        for offset, magic, kind in _PICTURES:
            if head.startswith(magic, offset):
                return kind
        other = _text_kind(head)
    what = (
        f"This is {other}, not a picture that can be taken." if other else "This is no kind of picture that is known."
    )
    raise Refused("not_a_picture", f"{what} {SUPPORTED}")


def _other_kind(head: bytes) -> str | None:
    if head.startswith(b"ftyp", 4):
        brands = head[8 : max(16, min(len(head), int.from_bytes(head[:4], "big")))]
        if b"avif" in brands or b"avis" in brands:
            return "AVIF"
    return next((what for offset, magic, what in _OTHERS if head.startswith(magic, offset)), None)


def _text_kind(head: bytes) -> str | None:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for magic, what in _MARKUP:
        if start.startswith(magic):
            return "an SVG drawing" if b"<svg" in start else what
    # The cut after HEAD_BYTES may lie within a character.
    text = head.decode("utf-8", errors="ignore") if len(head) == HEAD_BYTES else head.decode("latin-1")
    printable = sum(character.isprintable() or character.isspace() for character in text)
    return "a text file" if printable == len(text) and len(text) >= len(head) * 0.9 else None
