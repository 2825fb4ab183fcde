"""Addresses of the officers' space."""

from django.urls import path

from server.brigade import key_views, views

app_name = "brigade"
urlpatterns = [
    path("", views.Find.as_view(), name="find"),
    path("demandes/<str:rid>/", views.OneRequest.as_view(), name="request"),
    path("demandes/<str:rid>/refuser/", views.Refuse.as_view(), name="refuse"),
    path("demandes/<str:rid>/acte/", views.Signed.as_view(), name="signed"),
    path("demandes/<str:rid>/resultat/", views.Result.as_view(), name="result"),
    path("cles/", key_views.Keys.as_view(), name="keys"),
    path("cles/ajouter/", key_views.AddKey.as_view(), name="add_key"),
    path("cles/habilitation/", key_views.Habilitation.as_view(), name="habilitation"),
    path("cles/<int:key>/demande/", key_views.KeyRequest.as_view(), name="key_request"),
]
