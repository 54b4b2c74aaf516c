"""Segment Anything (Meta AI, 2023) with the ViT-B, ViT-L and ViT-H checkpoints. No Django here."""

from __future__ import annotations

from segment_anything.build_sam import build_sam_vit_b, build_sam_vit_h, build_sam_vit_l

from annotator.smart.methods._segment_anything import SamMethod


class SamVitB(SamMethod):
    title = "SAM ViT-B"
    weights_key = "sam_vit_b"
    build = staticmethod(build_sam_vit_b)


class SamVitL(SamMethod):
    title = "SAM ViT-L"
    weights_key = "sam_vit_l"
    build = staticmethod(build_sam_vit_l)


class SamVitH(SamMethod):
    title = "SAM ViT-H"
    weights_key = "sam_vit_h"
    build = staticmethod(build_sam_vit_h)
