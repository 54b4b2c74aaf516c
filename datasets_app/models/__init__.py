"""Tables of the data: one file per noun."""

from datasets_app.models.annotation import Annotation
from datasets_app.models.health import HealthFinding, HealthIgnored, HealthReport
from datasets_app.models.image import Image, ImageState, ImageStatus
from datasets_app.models.label_class import LabelClass, LabelClassState
from datasets_app.models.project import Membership, Project, Task
from datasets_app.models.revision import Operation, Revision
from datasets_app.models.version import LabelTally, Version

__all__ = [
    "Annotation",
    "HealthFinding",
    "HealthIgnored",
    "HealthReport",
    "Image",
    "ImageState",
    "ImageStatus",
    "LabelClass",
    "LabelClassState",
    "LabelTally",
    "Membership",
    "Operation",
    "Project",
    "Revision",
    "Task",
    "Version",
]
