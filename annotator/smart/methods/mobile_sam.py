"""MobileSAM (Zhang et al., 2023): Segment Anything with a small encoder, for machines without a GPU. No Django here.

The encoder is timm's TinyViT (Wu et al., 2022) at 1024 pixels with Segment Anything's neck; prompt encoder and mask
decoder are Segment Anything's. The published checkpoint loads unchanged (docs/adr/0022).
"""

from __future__ import annotations

import re

import torch
from segment_anything.modeling import MaskDecoder, PromptEncoder, Sam, TwoWayTransformer
from segment_anything.modeling.common import LayerNorm2d
from timm.models.tiny_vit import Attention, ConvNorm, TinyVit, tiny_vit_5m_224
from typing_extensions import override

from annotator.smart.methods._segment_anything import PIXEL_MEAN, PIXEL_STD, SamMethod

SIDE = 1024
STRIDE = 16
WIDTH = 256
"""Channels of an embedding."""
CLASSES = 1000
"""Of the classifier that the checkpoint still holds and nobody asks."""


class TinyVitEncoder(torch.nn.Module):
    """(batch, 3, 1024, 1024) float32, normalised → (batch, 256, 64, 64)."""

    img_size = SIDE

    def __init__(self) -> None:
        super().__init__()
        self.trunk: TinyVit = tiny_vit_5m_224(num_classes=CLASSES, drop_path_rate=0.0)
        # The last stage keeps the resolution, so that the embedding has 64 rows as in Segment Anything.
        self.trunk.stages[-1].downsample.conv2.conv.stride = (1, 1)
        self.neck = torch.nn.Sequential(
            torch.nn.Conv2d(self.trunk.num_features, WIDTH, kernel_size=1, bias=False),
            LayerNorm2d(WIDTH),
            torch.nn.Conv2d(WIDTH, WIDTH, kernel_size=3, padding=1, bias=False),
            LayerNorm2d(WIDTH),
        )

    @override
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        features: torch.Tensor = self.neck(self.trunk.forward_features(x))
        return features


def build_mobile_sam() -> Sam:
    model = Sam(
        image_encoder=TinyVitEncoder(),
        prompt_encoder=PromptEncoder(
            embed_dim=WIDTH,
            image_embedding_size=(SIDE // STRIDE, SIDE // STRIDE),
            input_image_size=(SIDE, SIDE),
            mask_in_chans=16,
        ),
        mask_decoder=MaskDecoder(
            num_multimask_outputs=3,
            transformer=TwoWayTransformer(depth=2, embedding_dim=WIDTH, mlp_dim=2048, num_heads=8),
            transformer_dim=WIDTH,
            iou_head_depth=3,
            iou_head_hidden_dim=WIDTH,
        ),
        pixel_mean=list(PIXEL_MEAN),
        pixel_std=list(PIXEL_STD),
    )
    return model.eval()


def rename(published: str) -> str:
    """The name in our model of a tensor of the published checkpoint."""
    prefix, _, name = published.partition("image_encoder.")
    if prefix or name.startswith("neck."):
        return published
    name = name.replace(".c.", ".conv.")
    name = name.replace("patch_embed.seq.0.", "patch_embed.conv1.").replace("patch_embed.seq.2.", "patch_embed.conv2.")
    name = re.sub(r"^layers\.(\d+)\.downsample\.", lambda found: f"stages.{int(found[1]) + 1}.downsample.", name)
    name = re.sub(r"^layers\.", "stages.", name)
    name = re.sub(r"^norm_head\.", "head.norm.", name)
    name = re.sub(r"^head\.(weight|bias)$", r"head.fc.\1", name)
    return f"image_encoder.trunk.{name}"


class MobileSam(SamMethod):
    title = "MobileSAM"
    weights_key = "mobile_sam"
    build = staticmethod(build_mobile_sam)

    @override
    @staticmethod
    def _rename(published: str) -> str:
        return rename(published)

    @override
    def _complete(self, model: Sam) -> None:
        super()._complete(model)
        for module in list(model.image_encoder.modules()):
            if isinstance(module, Attention):
                indices = torch.empty_like(module.get_buffer("attention_bias_idxs"), device="cpu")
                module.register_buffer("attention_bias_idxs", indices, persistent=False)
                module.init_non_persistent_buffers()
            # A normalisation folded into its convolution: a fifth less work.
            for name, child in list(module.named_children()):
                if isinstance(child, ConvNorm):
                    setattr(module, name, child.fuse().requires_grad_(requires_grad=False))
