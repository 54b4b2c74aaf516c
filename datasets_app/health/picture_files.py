"""Files that are unusual: what readers outside this product may understand otherwise, or that cost too much."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from datasets_app.health.base import ClassFacts, Finding, ImageFacts, Limits, image_finding
from datasets_app.ingest.sniffing import SUFFIXES

_ALPHA_MODES = frozenset({"LA", "La", "PA", "RGBA", "RGBa"})
_SAME_SUFFIX = {".jpeg": ".jpg", ".jpe": ".jpg", ".jfif": ".jpg", ".tiff": ".tif", ".apng": ".png", ".jp2": ".jp2"}


class PictureFiles:
    def look(self, image: ImageFacts, classes: Mapping[int, ClassFacts], limits: Limits) -> Iterator[Finding]:
        del classes
        file = image.file
        mode, depth, frames = str(file.get("mode", "")), file.get("bit_depth") or 8, file.get("frames") or 1
        if (file.get("orientation") or 1) != 1:
            yield image_finding(
                image, "orientation", "info",
                f"The upload lies on its side (EXIF orientation {file['orientation']}); labels are of the upright one.",
            )  # fmt: skip
        if depth > 8:
            yield image_finding(image, "deep", "info", f"The upload has {depth} bits a channel, the shown picture 8.")
        if mode == "CMYK":
            yield image_finding(image, "cmyk", "info", "The upload has print colours (CMYK), the shown picture RGB.")
        if mode in _ALPHA_MODES:
            yield image_finding(image, "alpha", "info", "The picture has transparent pixels; most models ignore that.")
        if mode in {"P", "PA"}:
            yield image_finding(image, "palette", "info", "The upload has a palette of colours.")
        if frames > 1:
            yield image_finding(
                image, "animated", "warning", f"The upload has {frames} frames; only the first is here."
            )
        kind, ending = str(file.get("format", "")), posixpath.splitext(image.name)[1].lower()
        right = SUFFIXES.get(kind, "")
        if ending and right and _SAME_SUFFIX.get(ending, ending) != _SAME_SUFFIX.get(right, right):
            yield image_finding(image, "wrong_ending", "warning", f"The name ends in {ending}, but the file is {kind}.")
        megapixels = image.width * image.height / 1e6
        if megapixels > limits["megapixels"]:
            yield image_finding(image, "many_pixels", "warning", f"The picture has {megapixels:.0f} megapixels.")


CHECK = PictureFiles()
