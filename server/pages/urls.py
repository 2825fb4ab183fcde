"""Addresses that every account shares."""

from django.urls import path

from server.pages import views

app_name = "pages"
urlpatterns = [
    path("", views.home, name="home"),
    path("connexion/", views.SignIn.as_view(), name="sign_in"),
    path("deconnexion/", views.sign_out, name="sign_out"),
]
