"""Routes of training, below /api/v1/."""

from django.urls import path

from training_app.api import architectures, evaluations, model_exports, models, predictions, runs

urlpatterns = [
    path("architectures/", architectures.ArchitectureListView.as_view()),
    path("projects/<int:pk>/runs/", runs.RunListView.as_view()),
    path("runs/<int:pk>/", runs.RunView.as_view()),
    path("runs/<int:pk>/metrics/", runs.RunMetricsView.as_view()),
    path("runs/<int:pk>/log/", runs.RunLogView.as_view()),
    path("runs/<int:pk>/stop/", runs.RunStopView.as_view()),
    path("runs/<int:pk>/resume/", runs.RunResumeView.as_view()),
    path("runs/<int:pk>/extend/", runs.RunExtendView.as_view()),
    path("projects/<int:pk>/models/", models.ModelListView.as_view()),
    path("projects/<int:pk>/model-uploads/", models.ModelUploadView.as_view()),
    path("detector-heads/", models.DetectorHeadListView.as_view()),
    path("models/<int:pk>/", models.ModelView.as_view()),
    path("models/<int:pk>/exports/", model_exports.ModelExportListView.as_view()),
    path("models/<int:pk>/exports/<slug:format_key>/", model_exports.ModelExportFileView.as_view()),
    path("models/<int:pk>/precision/", models.ModelPrecisionView.as_view()),
    path("models/<int:pk>/evaluations/", evaluations.EvaluationStartView.as_view()),
    path("projects/<int:pk>/evaluations/", evaluations.EvaluationListView.as_view()),
    path("evaluations/<int:pk>/", evaluations.EvaluationView.as_view()),
    path("evaluations/<int:pk>/cells/", evaluations.EvaluationCellsView.as_view()),
    path("projects/<int:pk>/auto-label/", predictions.AutoLabelView.as_view()),
    path("projects/<int:pk>/prediction-batches/", predictions.PredictionBatchListView.as_view()),
    path("prediction-batches/<int:pk>/", predictions.PredictionBatchView.as_view()),
    path("prediction-batches/<int:pk>/accept/", predictions.PredictionBatchAcceptView.as_view()),
    path("prediction-batches/<int:pk>/reject/", predictions.PredictionBatchRejectView.as_view()),
    path("images/<int:pk>/predictions/", predictions.ImagePredictionsView.as_view()),
    path("images/<int:pk>/predictions/decide/", predictions.ImageDecideView.as_view()),
]
