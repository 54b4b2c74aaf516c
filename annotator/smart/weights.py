"""The weights that interactive segmentation can use. Plain data; the web process shows it."""

from __future__ import annotations

from annotator.core.weights.entry import WeightsEntry

HOST = "https://dl.fbaipublicfiles.com/segment_anything/"
SAM_TERMS = "Use is free, also commercially. Trained on SA-1B, whose pictures are licensed for research only."


def _sam(key: str, size_name: str, filename: str, size: int, sha256: str) -> WeightsEntry:
    return WeightsEntry(
        key=key,
        title=f"Segment Anything {size_name}",
        filename=filename,
        licence="Apache-2.0",
        terms=SAM_TERMS,
        url=HOST + filename,
        size=size,
        size_is_exact=True,
        sha256=sha256,
        used_by=(f"SAM {size_name}",),
    )


MOBILE_SAM = WeightsEntry(
    key="mobile_sam",
    title="MobileSAM",
    filename="mobile_sam.pt",
    licence="Apache-2.0",
    terms=SAM_TERMS,
    url="https://github.com/ChaoningZhang/MobileSAM/raw/master/weights/mobile_sam.pt",
    size=40_728_226,
    sha256="6dbb90523a35330fedd7f1d3dfc66f995213d81b29a5ca8108dbcdd4e37d6c2f",
    used_by=("MobileSAM",),
)

WEIGHTS = (
    MOBILE_SAM,
    _sam(
        "sam_vit_b", "ViT-B", "sam_vit_b_01ec64.pth", 375_042_383,
        "ec2df62732614e57411cdcf32a23ffdf28910380d03139ee0f4fcbe91eb8c912",
    ),
    _sam(
        "sam_vit_l", "ViT-L", "sam_vit_l_0b3195.pth", 1_249_524_607,
        "3adcc4315b642a4d2101128f611684e8734c41232a17c648ed1693702a49a622",
    ),
    _sam(
        "sam_vit_h", "ViT-H", "sam_vit_h_4b8939.pth", 2_564_550_879,
        "a7bf3b02f3ebf1267aba913ff637d9a2d5c33d3173bb679e46d9f338c26f262e",
    ),
)  # fmt: skip
