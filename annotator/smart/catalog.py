"""The interactive segmentation methods, one entry each. Listing them imports neither torch nor OpenCV."""

from __future__ import annotations

from annotator.core.parameters import Parameter
from annotator.core.registry import Entry, Registry
from annotator.smart.base import MethodFacts, SmartMethod

TOLERANCE = Parameter(
    key="tolerance",
    title="Simplification",
    help="How far, in pixels, the outline of a polygon may lie from the mask; 0 keeps every step.",
    type="number",
    default=1.0,
    minimum=0.0,
    maximum=20.0,
    step=0.5,
)
ITERATIONS = Parameter(
    key="iterations",
    title="Iterations",
    help="How often the colours are learned again and the object is cut out again.",
    type="integer",
    default=3,
    minimum=1,
    maximum=10,
    step=1,
)
MARGIN = Parameter(
    key="margin",
    title="Background margin",
    help="How much around the box counts as known background, as a share of its longer side.",
    type="number",
    default=0.15,
    minimum=0.02,
    maximum=1.0,
    step=0.01,
)
SIZES = Parameter(
    key="sizes",
    title="Offer sizes",
    help="A single click is answered with up to three masks (part, object, group), the likeliest first.",
    type="boolean",
    default=True,
)

GRABCUT = MethodFacts(
    description="Cuts an object out by its colours: draw a box, then correct with clicks. Needs no weights.",
    points=True,
    negative_points=True,
    box=True,
    parameters=(ITERATIONS, MARGIN, TOLERANCE),
)


def _sam(key: str, description: str) -> MethodFacts:
    return MethodFacts(
        description=f"Segment Anything by clicks and box, {description}",
        points=True,
        negative_points=True,
        box=True,
        parameters=(SIZES, TOLERANCE),
        weights=(key,),
        embeds=True,
    )


SAM_B = _sam("sam_vit_b", "smallest model: about 14 s for each new picture on two cores, then 0.1 s a click.")
SAM_L = _sam("sam_vit_l", "middle model, made for a GPU: about three times the work of ViT-B.")
SAM_H = _sam("sam_vit_h", "largest and most exact model, made for a GPU: about six times the work of ViT-B.")


def _method(key: str, title: str, target: str, facts: MethodFacts, *requires: str) -> Entry:
    return Entry(key, f"annotator.smart.methods.{target}", title, requires, {"method": facts})


METHODS: Registry[type[SmartMethod]] = Registry(
    "smart method",
    (
        _method("grabcut", "GrabCut", "grabcut:GrabCut", GRABCUT, "cv2"),
        _method("sam_vit_b", "SAM ViT-B", "sam:SamVitB", SAM_B, "segment_anything", "torch"),
        _method("sam_vit_l", "SAM ViT-L", "sam:SamVitL", SAM_L, "segment_anything", "torch"),
        _method("sam_vit_h", "SAM ViT-H", "sam:SamVitH", SAM_H, "segment_anything", "torch"),
    ),
)


def get_facts(key: str) -> MethodFacts:
    """What the catalog says of a method. Raises `UnknownKeyError`."""
    facts: MethodFacts = METHODS.get_entry(key).facts["method"]
    return facts
