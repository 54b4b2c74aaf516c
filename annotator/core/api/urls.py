"""Routes of the kernel, below /api/v1/."""

from django.urls import path

from annotator.core.api import auth, jobs

urlpatterns = [
    path("auth/token/", auth.TokenView.as_view()),
    path("auth/login/", auth.LoginView.as_view()),
    path("auth/logout/", auth.LogoutView.as_view()),
    path("auth/me/", auth.MeView.as_view()),
    path("jobs/", jobs.JobListView.as_view()),
    path("jobs/<uuid:pk>/", jobs.JobView.as_view()),
    path("jobs/<uuid:pk>/cancel/", jobs.JobCancelView.as_view()),
    path("jobs/<uuid:pk>/events/", jobs.JobEventsView.as_view()),
]
