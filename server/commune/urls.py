"""Addresses of the computer of a town hall that the portal does not have."""

from django.urls import path

from server.commune import views

app_name = "commune"
urlpatterns = [
    path("ouvrir/<str:token>/", views.open_session, name="open"),
    path("connexion/", views.Closed.as_view(), name="closed"),
    path("mairie/cle/", views.StickPage.as_view(), name="stick"),
]
