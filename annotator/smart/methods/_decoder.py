"""Exports the prompt encoder and mask decoder of a Segment Anything model to ONNX. No Django here.

All float32. Inputs: `image_embeddings` (1, 256, 64, 64); `point_coords` (1, N, 2), x and y in pixels of the frame of
1024 that the encoder sees; `point_labels` (1, N): 1 belongs to the object, 0 does not, 2 and 3 are the first and second
corner of a box, -1 is the padding that stands after the points where there is no box, at (0, 0); `mask_input`
(1, 1, 256, 256), logits of an earlier answer, used where `has_mask_input` (1,) is 1. Outputs: `iou_predictions` (1, 4)
and `low_res_masks` (1, 4, 256, 256), logits over the whole frame; of the four, 0 is the one mask and 1 to 3 are part,
object and whole.

After upstream's `SamOnnxModel`, whose choice among the masks and scaling to the picture are left to the caller.
"""

from __future__ import annotations

import io
import warnings

import torch
from segment_anything.modeling import Sam
from segment_anything.utils.onnx import SamOnnxModel
from typing_extensions import override

OPSET = 17
INPUTS = ("image_embeddings", "point_coords", "point_labels", "mask_input", "has_mask_input")
OUTPUTS = ("iou_predictions", "low_res_masks")


class _Decoder(SamOnnxModel):
    @override
    def forward(
        self,
        image_embeddings: torch.Tensor,
        point_coords: torch.Tensor,
        point_labels: torch.Tensor,
        mask_input: torch.Tensor,
        has_mask_input: torch.Tensor,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        masks, scores = self.mask_decoder.predict_masks(
            image_embeddings=image_embeddings,
            image_pe=self.model.prompt_encoder.get_dense_pe(),
            sparse_prompt_embeddings=self._embed_points(point_coords, point_labels),
            dense_prompt_embeddings=self._embed_masks(mask_input, has_mask_input),
        )
        return scores, masks


def export_decoder(model: Sam) -> bytes:
    """The ONNX model, its number of points free."""
    device = model.device
    prompt_encoder = model.prompt_encoder
    examples = (
        torch.zeros(1, prompt_encoder.embed_dim, *prompt_encoder.image_embedding_size, device=device),
        torch.zeros(1, 2, 2, device=device),
        torch.tensor([[1.0, -1.0]], device=device),
        torch.zeros(1, 1, *prompt_encoder.mask_input_size, device=device),
        torch.zeros(1, device=device),
    )
    stream = io.BytesIO()
    with torch.no_grad(), warnings.catch_warnings():
        # The exporter by tracing is called old by its makers and warns of the constants that upstream's modules hold.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Decoder(model, return_single_mask=False),
            examples,
            stream,  # type: ignore[arg-type]  # a stream will do
            dynamo=False,
            opset_version=OPSET,
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes={"point_coords": {1: "points"}, "point_labels": {1: "points"}},
        )
    return stream.getvalue()
