"""Addresses for the agents of tablets: bundles, enrolments, requests for one, the signed tables, health."""

from django.urls import URLPattern, path

from server.api.joining import EnrolmentView
from server.api.views import EnrolView, SyncView, health, tuf_file

urlpatterns: list[URLPattern] = [
    path("v1/sync", SyncView.as_view()),
    path("v1/enrol", EnrolView.as_view()),
    path("v1/enrolment", EnrolmentView.as_view()),
    path("v1/health", health),
    path("tuf/<str:folder>/<str:name>", tuf_file),
]
