"""Addresses of the public list of places."""

from django.urls import path

from server.reception import views

app_name = "reception"
urlpatterns = [
    path("points-accueil/", views.home, name="home"),
    path("points-accueil.<str:form>", views.desks_file, name="desks_file"),
    path("points-accueil/<str:departement>/", views.departement, name="departement"),
    path("points-accueil/<str:departement>.<str:form>", views.departement_file, name="departement_file"),
]
