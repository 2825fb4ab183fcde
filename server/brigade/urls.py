"""Addresses of the officers' space."""

from django.urls import path

from server.brigade import day_views, end_views, key_views, views

app_name = "brigade"
urlpatterns = [
    path("", views.Find.as_view(), name="find"),
    path("demandes/<str:rid>/", views.OneRequest.as_view(), name="request"),
    path("demandes/<str:rid>/refuser/", views.Refuse.as_view(), name="refuse"),
    path("demandes/<str:rid>/acte/", views.Signed.as_view(), name="signed"),
    path("demandes/<str:rid>/resultat/", views.Result.as_view(), name="result"),
    path("demandes/<str:rid>/corriger/", views.Correct.as_view(), name="correct"),
    path("demandes/<str:rid>/resilier/", end_views.EndOne.as_view(), name="end_one"),
    path("demandes/<str:rid>/resilier/acte/", end_views.EndedOne.as_view(), name="ended_one"),
    path("resilier/", end_views.End.as_view(), name="end"),
    path("resilier/controle/", end_views.EndCheck.as_view(), name="end_check"),
    path("resilier/acte/", end_views.Ended.as_view(), name="ended"),
    path("resilier/<int:seq>/", end_views.EndResult.as_view(), name="end_result"),
    path("journee/", day_views.Day.as_view(), name="day"),
    path("cles/", key_views.Keys.as_view(), name="keys"),
    path("cles/ajouter/", key_views.AddKey.as_view(), name="add_key"),
    path("cles/habilitation/", key_views.Habilitation.as_view(), name="habilitation"),
    path("cles/<int:key>/demande/", key_views.KeyRequest.as_view(), name="key_request"),
]
