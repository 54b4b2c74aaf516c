"""Routes of the canvas, below /api/v1/."""

from django.urls import path

from annotator.editing import api

urlpatterns = [
    path("images/<int:pk>/annotations/", api.AnnotationsView.as_view()),
    path("images/<int:pk>/changes/", api.ChangesView.as_view()),
]
