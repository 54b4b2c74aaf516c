"""What people say to each other about images, who works on which and who has which open; rows beside the revisions."""

from annotator.editing.models.assignment import Assignment, AssignmentKind, Claim
from annotator.editing.models.comment import Comment, Reply
from annotator.editing.models.consensus import ConsensusMember, ConsensusRound, GroundTruth, Opinion
from annotator.editing.models.presence import Presence
from annotator.editing.models.review import Review, ReviewEvent, ReviewStatus

__all__ = [
    "Assignment",
    "AssignmentKind",
    "Claim",
    "Comment",
    "ConsensusMember",
    "ConsensusRound",
    "GroundTruth",
    "Opinion",
    "Presence",
    "Reply",
    "Review",
    "ReviewEvent",
    "ReviewStatus",
]
