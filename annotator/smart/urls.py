"""Routes of smart selection, below /api/v1/."""

from django.urls import path

from annotator.smart import api, batch_api, browser_api

urlpatterns = [
    path("smart/methods/", api.SmartMethodListView.as_view()),
    path("smart/methods/<str:method>/decoder/", browser_api.SmartDecoderView.as_view()),
    path("projects/<int:pk>/smart/<str:method>/prepare/", batch_api.SmartPrepareManyView.as_view()),
    path("projects/<int:pk>/smart/<str:method>/boxes-to-masks/", batch_api.BoxesToMasksView.as_view()),
    path("images/<int:pk>/smart/<str:method>/", api.SmartPredictView.as_view()),
    path("images/<int:pk>/smart/<str:method>/prepare/", api.SmartPrepareView.as_view()),
    path("images/<int:pk>/smart/<str:method>/everything/", api.SmartEverythingView.as_view()),
    path("images/<int:pk>/smart/<str:method>/embedding/", browser_api.SmartEmbeddingView.as_view()),
]
