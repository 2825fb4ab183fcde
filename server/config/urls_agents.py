"""Addresses for the agents of tablets: sealed bundles, enrolments, the signed tables, health."""

from django.urls import URLPattern, path

from server.api.views import EnrolView, SyncView, health, tuf_file

urlpatterns: list[URLPattern] = [
    path("v1/sync", SyncView.as_view()),
    path("v1/enrol", EnrolView.as_view()),
    path("v1/health", health),
    path("tuf/<str:folder>/<str:name>", tuf_file),
]
