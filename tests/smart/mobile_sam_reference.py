"""MobileSAM's image encoder once more, as its authors publish it: functions over the tensors of their checkpoint.

Written from `mobile_sam/modeling/tiny_vit_sam.py` of ChaoningZhang/MobileSAM; shares nothing with timm.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch.nn.functional import batch_norm, conv2d, gelu, layer_norm, linear, pad

Tensors = Mapping[str, torch.Tensor]
DEPTHS = (2, 2, 6, 2)
HEADS = (2, 4, 5, 10)
WINDOWS = (7, 7, 14, 7)


def encode(tensors: Tensors, picture: torch.Tensor) -> torch.Tensor:
    """(1, 3, 1024, 1024) normalised → (1, 256, 64, 64)."""
    own = {name.removeprefix("image_encoder."): tensor for name, tensor in tensors.items()}
    x = _conv(own, "patch_embed.seq.2", gelu(_conv(own, "patch_embed.seq.0", picture, stride=2)), stride=2)
    for block in range(DEPTHS[0]):
        x = _inverted_bottleneck(own, f"layers.0.blocks.{block}", x)
    for stage in range(1, len(DEPTHS)):
        x = _merge(own, f"layers.{stage - 1}.downsample", x, stride=1 if stage == len(DEPTHS) - 1 else 2)
        for block in range(DEPTHS[stage]):
            x = _attention_block(own, f"layers.{stage}.blocks.{block}", x, HEADS[stage], WINDOWS[stage])
    x = _norm_2d(own, "neck.1", conv2d(x, own["neck.0.weight"]))
    return _norm_2d(own, "neck.3", conv2d(x, own["neck.2.weight"], padding=1))


def _conv(own: Tensors, name: str, x: torch.Tensor, *, stride: int = 1) -> torch.Tensor:
    """A convolution that keeps the size but for its stride, and its batch normalisation."""
    weight = own[f"{name}.c.weight"]
    groups = x.shape[1] if weight.shape[1] == 1 else 1
    x = conv2d(x, weight, stride=stride, padding=weight.shape[-1] // 2, groups=groups)
    mean, variance = own[f"{name}.bn.running_mean"], own[f"{name}.bn.running_var"]
    return batch_norm(x, mean, variance, own[f"{name}.bn.weight"], own[f"{name}.bn.bias"])


def _inverted_bottleneck(own: Tensors, name: str, x: torch.Tensor) -> torch.Tensor:
    inner = gelu(_conv(own, f"{name}.conv2", gelu(_conv(own, f"{name}.conv1", x))))
    return gelu(_conv(own, f"{name}.conv3", inner) + x)


def _merge(own: Tensors, name: str, x: torch.Tensor, *, stride: int) -> torch.Tensor:
    inner = gelu(_conv(own, f"{name}.conv2", gelu(_conv(own, f"{name}.conv1", x)), stride=stride))
    return _conv(own, f"{name}.conv3", inner)


def _attention_block(own: Tensors, name: str, x: torch.Tensor, heads: int, window: int) -> torch.Tensor:
    _, channels, height, width = x.shape
    down, right = -height % window, -width % window
    rows, columns = (height + down) // window, (width + right) // window
    parts = pad(x.permute(0, 2, 3, 1), (0, 0, 0, right, 0, down))
    parts = parts.reshape(rows, window, columns, window, channels).permute(0, 2, 1, 3, 4)
    parts = _attend(own, f"{name}.attn", parts.reshape(rows * columns, window * window, channels), heads, window)
    parts = parts.reshape(rows, columns, window, window, channels).permute(0, 2, 1, 3, 4)
    parts = parts.reshape(1, rows * window, columns * window, channels)[:, :height, :width]
    x = _conv(own, f"{name}.local_conv", x + parts.permute(0, 3, 1, 2))
    flat = x.flatten(2).transpose(1, 2)
    inner = layer_norm(flat, (channels,), own[f"{name}.mlp.norm.weight"], own[f"{name}.mlp.norm.bias"])
    inner = gelu(linear(inner, own[f"{name}.mlp.fc1.weight"], own[f"{name}.mlp.fc1.bias"]))
    flat = flat + linear(inner, own[f"{name}.mlp.fc2.weight"], own[f"{name}.mlp.fc2.bias"])
    return flat.transpose(1, 2).reshape(x.shape)


def _attend(own: Tensors, name: str, x: torch.Tensor, heads: int, window: int) -> torch.Tensor:
    """Attention inside each window of (windows, positions, channels), biased by the distance of two positions."""
    count, positions, channels = x.shape
    width = channels // heads
    x = layer_norm(x, (channels,), own[f"{name}.norm.weight"], own[f"{name}.norm.bias"])
    joined = linear(x, own[f"{name}.qkv.weight"], own[f"{name}.qkv.bias"]).reshape(count, positions, heads, 3, width)
    query, key, value = joined.permute(3, 0, 2, 1, 4)
    row, column = torch.arange(positions) // window, torch.arange(positions) % window
    # Distances are numbered in the order in which they first occur: as seen from the first position, row by row.
    distance = (row[:, None] - row).abs() * window + (column[:, None] - column).abs()
    weights = query @ key.transpose(-2, -1) * width**-0.5 + own[f"{name}.attention_biases"][:, distance]
    mixed = (weights.softmax(-1) @ value).transpose(1, 2).reshape(count, positions, channels)
    return linear(mixed, own[f"{name}.proj.weight"], own[f"{name}.proj.bias"])


def _norm_2d(own: Tensors, name: str, x: torch.Tensor) -> torch.Tensor:
    """Layer normalisation over the channels of each place."""
    normed = layer_norm(x.permute(0, 2, 3, 1), (x.shape[1],), own[f"{name}.weight"], own[f"{name}.bias"], 1e-6)
    return normed.permute(0, 3, 1, 2)
