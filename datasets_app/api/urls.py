"""Routes of the data, below /api/v1/."""

from django.urls import path

from datasets_app.api import diff, exchange, health, images, projects, revisions, statistics, versions

urlpatterns = [
    path("projects/", projects.ProjectListView.as_view()),
    path("projects/<int:pk>/", projects.ProjectView.as_view()),
    path("projects/<int:pk>/classes/", projects.ClassListView.as_view()),
    path("classes/<int:pk>/", projects.ClassView.as_view()),
    path("projects/<int:pk>/members/", projects.MemberListView.as_view()),
    path("members/<int:pk>/", projects.MemberView.as_view()),
    path("projects/<int:pk>/images/", images.ImageListView.as_view()),
    path("projects/<int:pk>/images/ids/", images.ImageIdsView.as_view()),
    path("projects/<int:pk>/images/bulk/", images.ImageBulkView.as_view()),
    path("images/<int:pk>/", images.ImageView.as_view()),
    path("images/<int:pk>/file/", images.ImageFileView.as_view()),
    path("images/<int:pk>/thumbnail/", images.ImageThumbnailView.as_view()),
    path("projects/<int:pk>/revisions/", revisions.RevisionListView.as_view()),
    path("projects/<int:pk>/diff/", diff.ProjectDiffView.as_view()),
    path("projects/<int:pk>/diff/objects/", diff.DiffObjectsView.as_view()),
    path("projects/<int:pk>/diff/images/", diff.DiffImagesView.as_view()),
    path("images/<int:pk>/diff/", diff.ImageDiffView.as_view()),
    path("versions/<int:pk>/diff/", diff.VersionDiffView.as_view()),
    path("revisions/<int:pk>/revert/", revisions.RevisionRevertView.as_view()),
    path("projects/<int:pk>/versions/", versions.VersionListView.as_view()),
    path("projects/<int:pk>/versions/preview/", versions.VersionPreviewView.as_view()),
    path("versions/<int:pk>/", versions.VersionView.as_view()),
    path("projects/<int:pk>/health/", health.HealthView.as_view()),
    path("projects/<int:pk>/health/thresholds/", health.HealthThresholdsView.as_view()),
    path("projects/<int:pk>/health/report/", health.HealthReportView.as_view()),
    path("projects/<int:pk>/health/<str:check>/findings/", health.HealthFindingsView.as_view()),
    path("projects/<int:pk>/health/<str:check>/fix/", health.HealthFixView.as_view()),
    path("projects/<int:pk>/health/<str:check>/ignore/", health.HealthIgnoreView.as_view()),
    path("projects/<int:pk>/statistics/", statistics.StatisticsView.as_view()),
    path("formats/", exchange.FormatListView.as_view()),
    path("projects/<int:pk>/imports/", exchange.ImportView.as_view()),
    path("projects/<int:pk>/exports/", exchange.ExportView.as_view()),
    path("exports/<uuid:pk>/download/", exchange.ExportDownloadView.as_view()),
]
