"""Routes of the canvas and of the people around it, below /api/v1/."""

from django.urls import path

from annotator.editing.api import agreement, annotation, assignment, comment, consensus, presence, review, work

urlpatterns = [
    path("images/<int:pk>/annotations/", annotation.AnnotationsView.as_view()),
    path("images/<int:pk>/changes/", annotation.ChangesView.as_view()),
    path("images/<int:pk>/comments/", comment.CommentListView.as_view()),
    path("comments/<int:pk>/", comment.CommentView.as_view()),
    path("comments/<int:pk>/replies/", comment.ReplyListView.as_view()),
    path("images/<int:pk>/review/", review.ReviewView.as_view()),
    path("images/<int:pk>/review/submit/", review.ReviewSubmitView.as_view()),
    path("images/<int:pk>/review/accept/", review.ReviewAcceptView.as_view()),
    path("images/<int:pk>/review/return/", review.ReviewReturnView.as_view()),
    path("projects/<int:pk>/assignments/", assignment.AssignmentListView.as_view()),
    path("assignments/<int:pk>/", assignment.AssignmentView.as_view()),
    path("assignments/<int:pk>/next/", assignment.AssignmentNextView.as_view()),
    path("projects/<int:pk>/consensus/", consensus.ConsensusListView.as_view()),
    path("consensus/<int:pk>/", consensus.ConsensusView.as_view()),
    path("consensus/<int:pk>/opinions/", consensus.OwnOpinionListView.as_view()),
    path("consensus/<int:pk>/next/", consensus.ConsensusNextView.as_view()),
    path("consensus/<int:pk>/agreement/", agreement.ConsensusAgreementView.as_view()),
    path("consensus/<int:pk>/images/<int:image>/", agreement.ConsensusImageView.as_view()),
    path("consensus/<int:pk>/merge/", agreement.ConsensusMergeView.as_view()),
    path("opinions/<int:pk>/annotations/", consensus.OpinionAnnotationsView.as_view()),
    path("opinions/<int:pk>/changes/", consensus.OpinionChangesView.as_view()),
    path("opinions/<int:pk>/submit/", consensus.OpinionSubmitView.as_view()),
    path("opinions/<int:pk>/reopen/", consensus.OpinionReopenView.as_view()),
    path("projects/<int:pk>/ground-truth/", agreement.GroundTruthView.as_view()),
    path("projects/<int:pk>/ground-truth/images/<int:image>/", agreement.GroundTruthImageView.as_view()),
    path("projects/<int:pk>/work/", work.PeopleWorkView.as_view()),
    path("images/<int:pk>/presence/", presence.PresenceView.as_view()),
]
