"""The operations of recipes, one entry each. A new operation is one module in `operations/` and one entry here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from annotator.core.parameters import Parameter
from annotator.core.registry import Entry, Registry
from datasets_app.recipes.facts import OperationFacts

if TYPE_CHECKING:
    from datasets_app.recipes.base import Operation

PREPARES, VARIES = "preprocessing", "augmentation"


def _share(key: str, title: str, text: str, default: float, maximum: float = 1.0) -> Parameter:
    return Parameter(key, title, text, "number", default, 0.0, maximum, 0.01)


def _number(key: str, title: str, text: str, default: float, limits: tuple[float, float, float]) -> Parameter:
    """`limits` are least, greatest and step."""
    return Parameter(key, title, text, "number", default, *limits)


def _whole(key: str, title: str, text: str, default: int, limits: tuple[int, int, int]) -> Parameter:
    return Parameter(key, title, text, "integer", default, *limits)


PROBABILITY = _share("probability", "Probability", "The share of pictures that it happens to.", 0.5)
FILL = _whole("fill", "Border", "The grey, 0 to 255, of what no pixel of the picture covers.", 114, (0, 255, 1))
MIN_VISIBLE = _share(
    "min_visible", "Least visible", "Objects of which less than this share is left are taken out.", 0.1
)


def _operation(key: str, title: str, target: str, facts: OperationFacts) -> Entry:
    path = f"datasets_app.recipes.operations.{target}"
    return Entry(key=key, target=path, title=title, requires=("cv2",), facts={"facts": facts})


OPERATIONS: Registry[Operation] = Registry[Any](
    "recipe operation",
    (
        _operation(
            "resize_picture",
            "Resize",
            "resize_picture:ResizePicture",
            OperationFacts(
                stage=PREPARES,
                description="Brings every picture to a size.",
                parameters=(
                    Parameter(
                        key="mode",
                        title="Mode",
                        help=(
                            "Stretch changes proportions; fit keeps them and stays within the size; fill keeps them "
                            "and cuts what sticks out; pad keeps them and adds a border; long side takes the width "
                            "as the length of the longer side."
                        ),
                        type="choice",
                        default="fit",
                        choices=("stretch", "fit", "fill", "pad", "long_side"),
                    ),
                    _whole("width", "Width", "Pixels.", 640, (8, 8192, 1)),
                    _whole("height", "Height", "Pixels; not used by long side.", 640, (8, 8192, 1)),
                    FILL,
                    MIN_VISIBLE,
                ),
                moves_pixels=True,
            ),
        ),
        _operation(
            "grey_picture",
            "Grey",
            "grey_picture:GreyPicture",
            OperationFacts(stage=PREPARES, description="Takes the colour out; pictures keep three channels."),
        ),
        _operation(
            "stretch_contrast",
            "Stretch contrast",
            "stretch_contrast:StretchContrast",
            OperationFacts(
                stage=PREPARES,
                description="Stretches brightness so that the darkest pixels become black, the brightest white.",
                parameters=(
                    _number(
                        "cut",
                        "Cut",
                        "Percent of pixels at either end that may become black or white.",
                        1.0,
                        (0.0, 20.0, 0.1),
                    ),
                ),
            ),
        ),
        _operation(
            "local_contrast",
            "Local contrast (CLAHE)",
            "local_contrast:LocalContrast",
            OperationFacts(
                stage=PREPARES,
                description="Evens out brightness region by region, with a limit that keeps noise down.",
                parameters=(
                    _number("limit", "Limit", "How far contrast may be raised.", 2.0, (0.5, 20.0, 0.5)),
                    _whole("regions", "Regions", "Regions along each side.", 8, (1, 64, 1)),
                ),
            ),
        ),
        _operation(
            "cut_tiles",
            "Tiles",
            "cut_tiles:CutTiles",
            OperationFacts(
                stage=PREPARES,
                description="Cuts large pictures into tiles that overlap; smaller pictures stay whole.",
                parameters=(
                    _whole("width", "Width", "Pixels of a tile.", 640, (32, 8192, 1)),
                    _whole("height", "Height", "Pixels of a tile.", 640, (32, 8192, 1)),
                    _share("overlap", "Overlap", "The share of a tile that its neighbour shows too.", 0.2, 0.9),
                    MIN_VISIBLE,
                    Parameter(
                        "drop_bare",
                        "Leave out bare tiles",
                        "Leaves out tiles without objects where the picture has some.",
                        "boolean",
                        False,
                    ),
                ),
                moves_pixels=True,
                cuts=True,
            ),
        ),
        _operation(
            "filter_classes",
            "Filter classes",
            "filter_classes:FilterClasses",
            OperationFacts(
                stage=PREPARES,
                description="Keeps some classes, or leaves some out.",
                parameters=(
                    Parameter(
                        "mode",
                        "Mode",
                        "Whether the named classes are kept or left out.",
                        "choice",
                        "leave_out",
                        choices=("keep", "leave_out"),
                    ),
                    Parameter("names", "Classes", "Names of classes.", "classes", ()),
                ),
                labels_only=True,
            ),
        ),
        _operation(
            "remap_classes",
            "Remap classes",
            "remap_classes:RemapClasses",
            OperationFacts(
                stage=PREPARES,
                description="Makes one class of several, or gives a class another name.",
                parameters=(Parameter("names", "Classes", "What each of the named classes becomes.", "class_map", {}),),
                labels_only=True,
            ),
        ),
        _operation(
            "drop_empty",
            "Leave out empty pictures",
            "drop_empty:DropEmpty",
            OperationFacts(
                stage=PREPARES,
                description="Leaves out pictures without annotations, up to a share that stays as counter-examples.",
                parameters=(_share("keep", "Keep", "The share of empty pictures that stays.", 0.0),),
                labels_only=True,
            ),
        ),
        _operation(
            "random_flip",
            "Flip",
            "random_flip:RandomFlip",
            OperationFacts(
                stage=VARIES,
                description="Mirrors pictures; left and right points of skeletons change places.",
                parameters=(
                    _share("left_right", "Left and right", "The share of pictures that is mirrored.", 0.5),
                    _share("up_down", "Up and down", "The share of pictures that is turned upside down.", 0.0),
                ),
                moves_pixels=True,
            ),
        ),
        _operation(
            "quarter_turn",
            "Quarter turns",
            "quarter_turn:QuarterTurn",
            OperationFacts(
                stage=VARIES,
                description="Turns pictures by 90, 180 or 270 degrees.",
                parameters=(PROBABILITY,),
                moves_pixels=True,
            ),
        ),
        _operation(
            "free_turn",
            "Rotation",
            "free_turn:FreeTurn",
            OperationFacts(
                stage=VARIES,
                description="Turns pictures by any angle around their middle; the size stays.",
                parameters=(
                    _number("degrees", "Degrees", "The greatest angle, either way.", 15.0, (0.0, 180.0, 1.0)),
                    PROBABILITY,
                    FILL,
                    MIN_VISIBLE,
                ),
                moves_pixels=True,
            ),
        ),
        _operation(
            "random_crop",
            "Crop",
            "random_crop:RandomCrop",
            OperationFacts(
                stage=VARIES,
                description="Cuts out a random part; its proportions are those of the picture.",
                parameters=(
                    _number("least", "Least side", "The least share of each side that stays.", 0.6, (0.05, 1.0, 0.05)),
                    PROBABILITY,
                    MIN_VISIBLE,
                ),
                moves_pixels=True,
            ),
        ),
        _operation(
            "random_zoom",
            "Scale",
            "random_zoom:RandomZoom",
            OperationFacts(
                stage=VARIES,
                description="Enlarges or shrinks what is seen and moves it; the size of the picture stays.",
                parameters=(
                    _number("least", "Least", "The smallest factor.", 0.8, (0.1, 1.0, 0.05)),
                    _number("greatest", "Greatest", "The largest factor.", 1.25, (1.0, 10.0, 0.05)),
                    PROBABILITY,
                    FILL,
                    MIN_VISIBLE,
                ),
                moves_pixels=True,
            ),
        ),
        _operation(
            "random_slant",
            "Shear",
            "random_slant:RandomSlant",
            OperationFacts(
                stage=VARIES,
                description="Slants pictures along both axes.",
                parameters=(
                    _number("degrees", "Degrees", "The greatest slant, either way.", 10.0, (0.0, 45.0, 1.0)),
                    PROBABILITY,
                    FILL,
                    MIN_VISIBLE,
                ),
                moves_pixels=True,
            ),
        ),
        _operation(
            "random_perspective",
            "Perspective",
            "random_perspective:RandomPerspective",
            OperationFacts(
                stage=VARIES,
                description="Moves each corner inwards by a little, as if the camera stood elsewhere.",
                parameters=(
                    _share("strength", "Strength", "The greatest share of a side that a corner moves.", 0.1, 0.4),
                    PROBABILITY,
                    FILL,
                    MIN_VISIBLE,
                ),
                moves_pixels=True,
            ),
        ),
        _operation(
            "vary_colour",
            "Colour",
            "vary_colour:VaryColour",
            OperationFacts(
                stage=VARIES,
                description="Changes brightness, contrast, saturation and hue.",
                parameters=(
                    _share("brightness", "Brightness", "The greatest change, as a share.", 0.2),
                    _share("contrast", "Contrast", "The greatest change, as a share.", 0.2),
                    _share("saturation", "Saturation", "The greatest change, as a share.", 0.2),
                    _number("hue", "Hue", "The greatest turn of the colour circle, in degrees.", 5.0, (0, 180, 1)),
                    PROBABILITY,
                ),
            ),
        ),
        _operation(
            "random_blur",
            "Blur",
            "random_blur:RandomBlur",
            OperationFacts(
                stage=VARIES,
                description="Blurs pictures.",
                parameters=(
                    _number("radius", "Radius", "The greatest standard deviation in pixels.", 1.5, (0.1, 20.0, 0.1)),
                    PROBABILITY,
                ),
            ),
        ),
        _operation(
            "random_noise",
            "Noise",
            "random_noise:RandomNoise",
            OperationFacts(
                stage=VARIES,
                description="Adds noise as of a sensor in the dark.",
                parameters=(
                    _number("strength", "Strength", "The greatest standard deviation, of 255.", 10.0, (0.5, 100, 0.5)),
                    PROBABILITY,
                ),
            ),
        ),
        _operation(
            "cut_out",
            "Cutout",
            "cut_out:CutOut",
            OperationFacts(
                stage=VARIES,
                description="Covers random rectangles; annotations stay as they are.",
                parameters=(
                    _whole("count", "Count", "The greatest number of rectangles.", 3, (1, 50, 1)),
                    _share("side", "Side", "The greatest share of a side that a rectangle covers.", 0.2),
                    PROBABILITY,
                    FILL,
                ),
            ),
        ),
        _operation(
            "jpeg_artefacts",
            "JPEG quality",
            "jpeg_artefacts:JpegArtefacts",
            OperationFacts(
                stage=VARIES,
                description="Stores pictures as JPEG of a low quality and reads them again.",
                parameters=(
                    _whole("least", "Least quality", "The lowest quality, 1 to 100.", 40, (1, 100, 1)),
                    PROBABILITY,
                ),
            ),
        ),
        _operation(
            "four_mosaic",
            "Mosaic",
            "four_mosaic:FourMosaic",
            OperationFacts(
                stage=VARIES,
                description="Puts the picture and three others of training together, meeting at a random point.",
                parameters=(PROBABILITY, FILL, MIN_VISIBLE),
                moves_pixels=True,
                mixes=True,
            ),
        ),
        _operation(
            "mix_up",
            "Mixup",
            "mix_up:MixUp",
            OperationFacts(
                stage=VARIES,
                description="Blends the picture with another one of training; objects and classes of both stay.",
                parameters=(
                    _number(
                        "alpha",
                        "Alpha",
                        "Of the Beta distribution that the share is drawn from: the higher, the more even the blend.",
                        1.0,
                        (0.05, 50.0, 0.05),
                    ),
                    PROBABILITY,
                    MIN_VISIBLE,
                ),
                moves_pixels=True,
                mixes=True,
            ),
        ),
    ),
)


def get_facts(key: str) -> OperationFacts:
    """The facts of an operation, without importing it. Raises `UnknownKeyError`."""
    facts: OperationFacts = OPERATIONS.get_entry(key).facts["facts"]
    return facts
