"""One file's bytes → an upright picture with thumbnail, fingerprint and facts, or a refusal; all in this process.

Untrusted bytes go through `pool`, which runs this in a process that may die.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, TiffImagePlugin, UnidentifiedImageError

from datasets_app.ingest.colour import is_opaque, kept_profile, to_display_colours
from datasets_app.ingest.colour_moments import Moments, colour_moments
from datasets_app.ingest.eight_bit import DEEP_MODES, Window, to_eight_bit
from datasets_app.ingest.jpeg_coding import is_shown_by_browsers
from datasets_app.ingest.limits import DEFAULT_LIMITS, PictureLimits
from datasets_app.ingest.orientation import UPRIGHT, read_orientation, turned_upright
from datasets_app.ingest.perceptual_hash import dhash
from datasets_app.ingest.refusal import Refused
from datasets_app.ingest.sniffing import HEAD_BYTES, SUFFIXES, sniff
from datasets_app.ingest.thumbnails import encode_thumbnail, shrunk, thumbnail_size

DISPLAY_JPEG_QUALITY = 95
DISPLAY_PNG_LEVEL = 1
FRAMES_COUNTED = 1000

_SHOWN_MODES = {
    "JPEG": frozenset({"L", "RGB"}),
    "PNG": frozenset({"1", "L", "LA", "P", "RGB", "RGBA"}),
    "WEBP": frozenset({"RGB", "RGBA"}),
}
"""What a browser and every reader of an export show alike, so that the file itself can be displayed."""

_WEBP_HEAD = 64 << 10
_LOSSY_TIFF = frozenset({"jpeg", "tiff_jpeg", "webp"})
_PNG_DEPTH_AT = 24
_PIXEL_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}
"""Of Pillow's modes in memory, where they are not 4."""

_PAGE_IS_PREVIEW, _DNG_VERSION, _NEW_SUBFILE_TYPE, _SUB_IFDS = 1, 50706, 254, 330


@dataclass(frozen=True, slots=True)
class Decoded:
    """What ingest made of one file.

    The display picture is upright, 8 bits a channel, grey or RGB with or without alpha, without orientation; where the
    file itself is such a picture it is not encoded again: `is_source` is true and `display` None. Alpha is kept; a
    reader that ignores it sees the colours below, as Pillow's `convert("RGB")` does.
    """

    width: int
    height: int
    source_sha256: str
    source_size: int
    source_suffix: str
    display: bytes | None
    display_sha256: str
    display_suffix: str
    thumbnail: bytes
    thumbnail_suffix: str
    dhash: int
    colours: Moments
    format: str
    mode: str
    bit_depth: int
    frames: int
    orientation: int
    window: Window | None
    """For pixels deeper than 8 bits: the values shown as black and as white."""

    @property
    def is_source(self) -> bool:
        return self.display_sha256 == self.source_sha256

    @property
    def had_orientation(self) -> bool:
        return self.orientation != UPRIGHT

    def without_bytes(self) -> Decoded:
        """The facts alone, for keeping many of them once the bytes are stored."""
        return replace(self, display=None, thumbnail=b"")


def decode(source: bytes | Path, limits: PictureLimits = DEFAULT_LIMITS) -> Decoded:
    """Decode in this process, without a limit of time or memory. Raises `Refused`."""
    check_file_size(source, limits)
    data = source if isinstance(source, bytes) else source.read_bytes()
    kind = sniff(data[:HEAD_BYTES])
    try:
        with Image.open(io.BytesIO(data), formats=(kind, "MPO") if kind == "JPEG" else (kind,)) as image:
            return _Decoding(data, kind, image, limits).run()
    except Refused:
        raise
    except Image.DecompressionBombError:
        raise _too_many_pixels(limits) from None
    except MemoryError:
        raise _too_much_memory() from None
    except Exception as error:  # decoders raise whatever broken bytes make them raise
        raise _broken(kind, error) from error


def check_file_size(source: bytes | Path, limits: PictureLimits) -> None:
    """Raises `Refused`."""
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > limits.file_bytes:
        raise Refused(
            "picture_too_large",
            f"The file has {size:,} bytes. At most {limits.file_bytes:,} bytes a picture are allowed.",
        )


class _Decoding:
    """The steps of one decoding, with what each of them needs to know of the file."""

    def __init__(self, data: bytes, kind: str, image: Image.Image, limits: PictureLimits) -> None:
        self.data = data
        self.kind = kind
        self.image = image
        self.limits = limits
        self.mode = image.mode
        self.orientation = read_orientation(image)
        self.window: Window | None = None
        self.frames = 1
        self.was_lossy = self._was_lossy()

    def run(self) -> Decoded:
        self._check_size(self.image.size)
        self._check_raw()
        bit_depth = self._bit_depth()
        self.frames = self._count_frames()
        shown = self._is_shown_as_it_is(bit_depth)
        reduced_from = self._decode_reduced() if shown and self.kind == "JPEG" else None
        if reduced_from is None:
            self._decode_whole()
        upright = self._upright()
        width, height = reduced_from or upright.size
        small = shrunk(upright, thumbnail_size(width, height, self.limits.thumbnail_side))
        thumbnail, thumbnail_suffix = encode_thumbnail(small)
        source_sha256 = hashlib.sha256(self.data).hexdigest()
        display, suffix = (None, SUFFIXES[self.kind]) if shown else self._encode(upright)
        return Decoded(
            width=width,
            height=height,
            source_sha256=source_sha256,
            source_size=len(self.data),
            source_suffix=SUFFIXES[self.kind],
            display=display,
            display_sha256=source_sha256 if display is None else hashlib.sha256(display).hexdigest(),
            display_suffix=suffix,
            thumbnail=thumbnail,
            thumbnail_suffix=thumbnail_suffix,
            dhash=dhash(small),
            colours=colour_moments(small),
            format=self.kind,
            mode=self.mode,
            bit_depth=bit_depth,
            frames=self.frames,
            orientation=self.orientation,
            window=self.window,
        )

    def _check_size(self, size: tuple[int, int]) -> None:
        width, height = size
        if width < 1 or height < 1:
            raise Refused("picture_broken", "The picture has no pixels. Save it again with the program that made it.")
        if width * height > self.limits.pixels or max(width, height) > self.limits.side:
            raise _too_many_pixels(self.limits, f"The picture has {width:,} x {height:,} pixels. ")
        # Said before it is tried: not every decoder's C code survives an allocation that fails.
        if width * height * _PIXEL_BYTES.get(self.mode, 4) > self.limits.memory_bytes:
            raise _too_much_memory()

    def _check_raw(self) -> None:
        """Raw files of cameras are TIFFs whose first page is a preview: labels on that would fit nothing."""
        if not isinstance(self.image, TiffImagePlugin.TiffImageFile):
            return
        tags = self.image.tag_v2
        if _DNG_VERSION in tags or (tags.get(_NEW_SUBFILE_TYPE) == _PAGE_IS_PREVIEW and _SUB_IFDS in tags):
            raise Refused(
                "unsupported_picture", "This is a camera's raw file. Develop it to JPEG, PNG or TIFF and upload that."
            )

    def _bit_depth(self) -> int:
        if self.kind == "PNG":
            return self.data[_PNG_DEPTH_AT]
        if isinstance(self.image, TiffImagePlugin.TiffImageFile):
            bits = self.image.tag_v2.get(TiffImagePlugin.BITSPERSAMPLE, (1,))
            return int(max(bits)) if isinstance(bits, tuple) else int(bits)
        return {"1": 1, "I": 32, "F": 32}.get(self.mode, 16 if self.mode.startswith("I;16") else 8)

    def _count_frames(self) -> int:
        """Frames or pages, of which the first is taken; counting stops at `FRAMES_COUNTED`."""
        if not getattr(self.image, "is_animated", False):
            return 1
        if self.kind != "GIF":
            return int(getattr(self.image, "n_frames", 1))
        count = 1
        try:
            while count < FRAMES_COUNTED:
                self.image.seek(count)
                count += 1
        except EOFError:
            pass
        self.image.seek(0)
        return count

    def _is_shown_as_it_is(self, bit_depth: int) -> bool:
        plain = is_shown_by_browsers(self.data) if self.kind == "JPEG" else self.frames == 1
        return (
            self.mode in _SHOWN_MODES.get(self.kind, frozenset())
            and self.orientation == UPRIGHT
            and bit_depth <= 8
            and plain
        )

    def _decode_reduced(self) -> tuple[int, int]:
        """The true size. Every bit is read, so damage is found, but the pixels come out at 1/2, 1/4 or 1/8 of it."""
        size = self.image.size
        self.image.draft(self.mode, thumbnail_size(*size, self.limits.thumbnail_side))
        self.image.load()
        return size

    def _decode_whole(self) -> None:
        """The size is known afterwards only: a GIF's frame may reach beyond what its header says."""
        self.image.load()
        self._check_size(self.image.size)

    def _upright(self) -> Image.Image:
        image: Image.Image = self.image
        if image.mode in DEEP_MODES:
            image, self.window = to_eight_bit(image)
        else:
            image = to_display_colours(image)
        # Pillow turns TIFFs upright while it loads them.
        return image if self.kind == "TIFF" else turned_upright(image, self.orientation)

    def _encode(self, upright: Image.Image) -> tuple[bytes, str]:
        """JPEG 4:4:4 where the source had lost detail already and nothing shows through, PNG elsewhere."""
        profile = kept_profile(self.image, upright.mode)
        upright.info = {}
        buffer = io.BytesIO()
        if self.was_lossy and is_opaque(upright):
            plain = upright.convert(upright.mode[:-1]) if upright.mode in {"LA", "RGBA"} else upright
            plain.save(buffer, "JPEG", quality=DISPLAY_JPEG_QUALITY, subsampling=0, icc_profile=profile)
            return buffer.getvalue(), ".jpg"
        upright.save(buffer, "PNG", compress_level=DISPLAY_PNG_LEVEL, icc_profile=profile)
        return buffer.getvalue(), ".png"

    def _was_lossy(self) -> bool:
        if self.kind == "TIFF":
            return self.image.info.get("compression") in _LOSSY_TIFF
        return self.kind in {"JPEG", "AVIF"} or (self.kind == "WEBP" and b"VP8L" not in self.data[:_WEBP_HEAD])


def _too_much_memory() -> Refused:
    return Refused(
        "picture_too_large", "The picture needs more memory than there is. Save it smaller, or cut it into tiles."
    )


def _too_many_pixels(limits: PictureLimits, found: str = "The picture has too many pixels. ") -> Refused:
    return Refused(
        "picture_too_large",
        f"{found}At most {limits.pixels:,} pixels, and {limits.side:,} on a side, are allowed. Cut it into tiles.",
    )


def _broken(kind: str, error: Exception) -> Refused:
    if "truncated" in str(error).lower():
        return Refused("picture_cut_short", f"The {kind} picture is cut short: its end is missing. Copy it again.")
    reason = str(error).splitlines()[0][:120].rstrip(". ") if str(error) else type(error).__name__
    if isinstance(error, UnidentifiedImageError):
        reason = "its header makes no sense"
    return Refused(
        "picture_broken",
        f"The {kind} picture cannot be read: {reason}. Open it in the program that made it and save it again.",
    )
