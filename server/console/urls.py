"""Addresses of the console."""

from django.urls import path

from server.console import views
from server.console.urgent import UrgentPage

app_name = "console"
urlpatterns = [
    path("", views.OverviewPage.as_view(), name="overview"),
    path("urgences/", UrgentPage.as_view(), name="urgent"),
    path("postes/", views.DevicesPage.as_view(), name="devices"),
    path("lots/", views.BundlesPage.as_view(), name="bundles"),
    path("mis-de-cote/", views.AsidePage.as_view(), name="aside"),
    path("messages/", views.MailPage.as_view(), name="mail"),
]
