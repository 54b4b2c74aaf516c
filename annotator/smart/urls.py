"""Routes of smart selection, below /api/v1/."""

from django.urls import path

from annotator.smart import api

urlpatterns = [
    path("smart/methods/", api.SmartMethodListView.as_view()),
    path("images/<int:pk>/smart/<str:method>/", api.SmartPredictView.as_view()),
    path("images/<int:pk>/smart/<str:method>/prepare/", api.SmartPrepareView.as_view()),
]
