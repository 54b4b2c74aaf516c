"""Routes of the weights, below /api/v1/."""

from django.urls import path

from annotator.core.weights import api

urlpatterns = [
    path("weights/", api.WeightsListView.as_view()),
    path("weights/<str:key>/fetch/", api.WeightsFetchView.as_view()),
    path("weights/<str:key>/verify/", api.WeightsVerifyView.as_view()),
]
