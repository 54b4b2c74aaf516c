"""The interactive segmentation methods, one entry each. Listing them imports neither torch nor OpenCV."""

from __future__ import annotations

from dataclasses import replace

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
    strokes=True,
    parameters=(ITERATIONS, MARGIN, TOLERANCE),
)


def _number(key: str, title: str, help: str, bounds: tuple[float, float, float], default: float) -> Parameter:
    """A number from the first bound to the second in steps of the third."""
    least, most, step = bounds
    kind = "integer" if isinstance(default, int) else "number"
    return Parameter(key, title, help, kind, default, least, most, step)


def _classical(description: str, *parameters: Parameter, points: bool = True) -> MethodFacts:
    return MethodFacts(
        description=f"{description} Needs no weights.",
        points=points,
        negative_points=points,
        box=True,
        strokes=points,
        parameters=(*parameters, MARGIN, TOLERANCE),
    )


BLUR = _number(
    "blur", "Smoothing", "How far the picture is smoothed before, in pixels of the small copy.", (0.0, 8.0, 0.5), 1.5
)
SIMILARITY = _number(
    "similarity", "Similarity", "A click also takes joined regions whose mean colour differs by at most this; 0 takes "
    "only what was clicked.", (0.0, 60.0, 1.0), 14.0,
)  # fmt: skip
STEPS = _number("steps", "Steps", "How often the outline moves.", (1, 300, 1), 60)
SMOOTHING = _number("smoothing", "Roundness", "How often the outline is smoothed at each step.", (0, 4, 1), 1)
COMPACTNESS_HELP = "How much nearness counts beside colour."

THRESHOLD = _classical(
    "Parts bright from dark: by Otsu, by several levels, by neighbourhoods, or at a level of your own.",
    Parameter(
        "rule",
        "Rule",
        "How the threshold is found.",
        "choice",
        "otsu",
        choices=("otsu", "multi_otsu", "local", "level"),
    ),
    _number("level", "Level", "The brightness from which on it is bright, for the rule level.", (0, 255, 1), 128),
    _number(
        "window", "Neighbourhood", "Its side as a share of the region's, for the rule local.", (0.02, 1.0, 0.01), 0.5
    ),
)
REGION_GROWING = _classical(
    "Takes what is joined to a click and has about its colour.",
    _number(
        "spread", "Spread", "How far a colour may lie from the clicked one (CIELAB); 0 finds it.", (0.0, 80.0, 0.5), 0.0
    ),
)
RANDOM_WALKER = _classical(
    "Every pixel goes to the mark that a random walk reaches first; good at faint borders.",
    _number("beta", "Resistance", "How hard it is to walk over a border.", (10, 2000, 10), 300),
)
CONTOURS = _classical(
    "Takes what lies inside the edges around it.",
    _number(
        "sigma", "Smoothing", "How coarse the edges are that count, in pixels of the small copy.", (0.5, 6.0, 0.5), 2.0
    ),
    _number("share", "Share", "Which share of the pixels, the steepest, begins an edge.", (0.01, 0.5, 0.01), 0.12),
    _number("gap", "Gaps", "How wide a gap in the edges may be, in pixels of the small copy.", (0, 8, 1), 2),
)
K_MEANS = _classical(
    "Sorts the colours into clusters and takes those that are meant.",
    _number("clusters", "Clusters", "How many colours are told apart.", (2, 16, 1), 4),
    _number("compactness", "Nearness", COMPACTNESS_HELP, (0.0, 3.0, 0.1), 0.3),
)
MEAN_SHIFT = _classical(
    "Flattens the colours towards their densest neighbours and takes the regions that are meant.",
    _number("reach", "Reach", "How far neighbours are looked for, in pixels of the small copy.", (2, 30, 1), 8),
    _number("spread", "Spread", "How far colours may differ to be neighbours.", (4, 80, 1), 24),
)
WATERSHED = _classical(
    "Floods the picture from the marks; they meet at the steepest line.",
    BLUR,
    _number("compactness", "Nearness", COMPACTNESS_HELP, (0.0, 1.0, 0.01), 0.0),
)
SNAKE = _classical(
    "Tightens the ellipse in a box around the object.",
    BLUR,
    _number("tension", "Tension", "How strongly the outline shortens itself.", (0.0, 0.2, 0.005), 0.01),
    _number("stiffness", "Stiffness", "How strongly the outline straightens itself.", (0.0, 10.0, 0.1), 1.0),
    points=False,
)
STAR = _classical(
    "Finds the closed line of steepest change around a click: round things that touch, rings, cells.",
    replace(BLUR, default=1.0),
    _number("smoothness", "Roundness", "What it costs the line to bend.", (0.0, 2.0, 0.05), 0.15),
    _number(
        "nearness", "Nearness", "How little a steep line counts behind another one of its kind.", (0.0, 20.0, 0.5), 3.0
    ),
)
CHAN_VESE = _classical("Parts two kinds of brightness by a smooth outline; needs no edges.", STEPS, SMOOTHING)
GEODESIC = _classical(
    "Moves an outline until edges stop it: inwards from a box, outwards from a click.", BLUR, STEPS, SMOOTHING
)
SUPERPIXELS = _classical(
    "Cuts the picture into small regions of one colour, of which clicks pick (SLIC).",
    _number("count", "Regions", "About how many regions there are around the prompt.", (20, 1000, 10), 200),
    _number("compactness", "Nearness", COMPACTNESS_HELP, (1.0, 60.0, 1.0), 10.0),
    SIMILARITY,
)
FELZENSZWALB = _classical(
    "Cuts the picture where neighbours differ more than inside each region, and takes what is meant.",
    _number("scale", "Scale", "Larger regions for larger numbers.", (10, 1000, 10), 120),
    _number("smallest", "Smallest", "Pixels of the small copy that a region has at least.", (5, 1000, 5), 40),
    SIMILARITY,
)
PIXEL_FOREST = MethodFacts(
    description="Learns from strokes on objects and beside them, and finds all that look alike. Needs no weights.",
    strokes=True,
    several=True,
    embeds=True,
    outputs=("polygon", "mask"),
    parameters=(
        _number("certainty", "Certainty", "How sure it must be of a pixel.", (0.3, 0.95, 0.01), 0.5),
        _number("smallest", "Smallest", "Pixels that an object has at least.", (1, 10000, 5), 25),
        Parameter("whole", "One object", "All pixels of a class are one object.", "boolean", False),
        _number("trees", "Trees", "More trees are steadier and slower.", (5, 100, 5), 20),
        TOLERANCE,
    ),
)
TEMPLATE = MethodFacts(
    description="Finds everything in the picture that looks like the example in a box. Needs no weights.",
    box=True,
    several=True,
    outputs=("box",),
    parameters=(
        _number("score", "Likeness", "How much a place must look like the example.", (0.2, 0.99, 0.01), 0.45),
        _number("sizes", "Sizes", "How many larger and smaller sizes are tried, in steps of 15 %.", (0, 4, 1), 1),
        _number("turns", "Turns", "In how many directions the example is tried.", (1, 16, 1), 4),
        _number("overlap", "Overlap", "How much two hits may overlap (IoU).", (0.0, 0.9, 0.05), 0.3),
    ),
)


EVERYTHING = (
    _number(
        "points_per_side",
        "Points per side",
        "Clicks along each side of the picture; more find smaller objects.",
        (4, 64, 4),
        32,
    ),
    _number("predicted_iou", "Least quality", "What the model must think of a mask, at least.", (0.0, 1.0, 0.01), 0.88),
    _number(
        "stability", "Least stability", "How little a mask must change with its threshold.", (0.0, 1.0, 0.01), 0.95
    ),
    _number(
        "same", "Same object", "From which overlap of their boxes two masks are one object.", (0.1, 1.0, 0.05), 0.7
    ),
    _number(
        "min_area", "Smallest", "Pixels of the smallest object; smaller holes and islands go.", (0, 100000, 10), 100
    ),
    _number("max_share", "Largest", "Largest object, as a share of the picture.", (0.01, 1.0, 0.01), 0.9),
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
        decoder=True,
        everything=EVERYTHING,
    )


MOBILE_SAM = _sam("mobile_sam", "small model for a CPU: some two seconds for each new picture, then 0.1 s a click.")
SAM_B = _sam("sam_vit_b", "smallest model: about 14 s for each new picture on two cores, then 0.1 s a click.")
SAM_L = _sam("sam_vit_l", "middle model, made for a GPU: about three times the work of ViT-B.")
SAM_H = _sam("sam_vit_h", "largest and most exact model, made for a GPU: about six times the work of ViT-B.")


def _method(key: str, title: str, target: str, facts: MethodFacts, *requires: str) -> Entry:
    return Entry(key, f"annotator.smart.methods.{target}", title, requires, {"method": facts})


METHODS: Registry[type[SmartMethod]] = Registry(
    "smart method",
    (
        _method("grabcut", "GrabCut", "grabcut:GrabCut", GRABCUT, "cv2"),
        _method("thresholding", "Threshold", "thresholding:Threshold", THRESHOLD, "cv2", "skimage"),
        _method("region_growing", "Region growing", "region_growing:RegionGrowing", REGION_GROWING, "cv2", "skimage"),
        _method("random_walker", "Random walker", "random_walker:RandomWalker", RANDOM_WALKER, "cv2", "skimage"),
        _method("contours", "Edges", "contours:Contours", CONTOURS, "cv2", "skimage"),
        _method("k_means", "k-means", "clustering:KMeans", K_MEANS, "cv2"),
        _method("mean_shift", "Mean shift", "clustering:MeanShift", MEAN_SHIFT, "cv2"),
        _method("watershed", "Watershed", "watershed:Watershed", WATERSHED, "cv2", "skimage"),
        _method("snake", "Snake", "active_contours:Snake", SNAKE, "cv2", "skimage"),
        _method("star", "Star outline", "star:Star", STAR, "cv2"),
        _method("chan_vese", "Chan-Vese", "active_contours:ChanVese", CHAN_VESE, "cv2", "skimage"),
        _method("geodesic", "Geodesic contour", "active_contours:Geodesic", GEODESIC, "cv2", "skimage"),
        _method("superpixels", "Superpixels", "superpixels:Superpixels", SUPERPIXELS, "cv2", "skimage"),
        _method("felzenszwalb", "Felzenszwalb", "superpixels:Felzenszwalb", FELZENSZWALB, "cv2", "skimage"),
        _method("pixel_forest", "Pixel classifier", "pixel_forest:PixelForest", PIXEL_FOREST, "cv2", "sklearn"),
        _method("template_matching", "Find all like this", "template_matching:TemplateMatch", TEMPLATE, "cv2"),
        _method("mobile_sam", "MobileSAM", "mobile_sam:MobileSam", MOBILE_SAM, "segment_anything", "timm", "torch"),
        _method("sam_vit_b", "SAM ViT-B", "sam:SamVitB", SAM_B, "segment_anything", "torch"),
        _method("sam_vit_l", "SAM ViT-L", "sam:SamVitL", SAM_L, "segment_anything", "torch"),
        _method("sam_vit_h", "SAM ViT-H", "sam:SamVitH", SAM_H, "segment_anything", "torch"),
    ),
)


def get_facts(key: str) -> MethodFacts:
    """What the catalog says of a method. Raises `UnknownKeyError`."""
    facts: MethodFacts = METHODS.get_entry(key).facts["method"]
    return facts
