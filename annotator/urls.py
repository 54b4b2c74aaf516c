"""All routes: the API, the admin site, and the single page for everything else."""

from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from annotator.page import health, page

urlpatterns = [
    path("api/v1/", include("annotator.core.api.urls")),
    path("api/v1/", include("annotator.core.weights.urls")),
    path("api/v1/", include("datasets_app.api.urls")),
    path("api/v1/", include("training_app.api.urls")),
    path("api/v1/", include("annotator.smart.urls")),
    path("api/v1/", include("annotator.editing.api.urls")),
    path("api/schema/", SpectacularAPIView.as_view()),
    path("health/", health),
    path("admin/", admin.site.urls),
    re_path(r"^(?!api/|static/|admin/).*$", page),
]
