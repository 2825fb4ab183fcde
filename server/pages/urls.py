"""Addresses that every account shares."""

from django.urls import path

from server.pages import legal, sessions, views
from server.pages.limits import SIGN_IN, limited

app_name = "pages"
urlpatterns = [
    path("", views.home, name="home"),
    path("connexion/", limited(SIGN_IN, "POST")(views.SignIn.as_view()), name="sign_in"),
    path("session-terminee/", sessions.session_ended, name="session_ended"),
    path("deconnexion/", views.sign_out, name="sign_out"),
    path("accessibilite/", legal.accessibility, name="accessibility"),
    path("mentions-legales/", legal.notice, name="notice"),
    path("donnees-personnelles/", legal.personal_data, name="personal_data"),
]
