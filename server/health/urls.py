"""The addresses of the page « État du service » and of the figures for Prometheus."""

from django.urls import path

from server.health.metrics import metrics
from server.health.views import StatePage

app_name = "health"
urlpatterns = [
    path("console/etat/", StatePage.as_view(), name="state"),
    path("metrics", metrics, name="metrics"),
]
