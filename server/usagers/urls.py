"""Addresses of the electors."""

from django.urls import path

from server.usagers import ending_views, follow_views, views

app_name = "usagers"
urlpatterns = [
    path("demande/", views.home, name="home"),
    path("demande/commencer/", views.start, name="start"),
    path("demande/quitter/", views.leave, name="leave"),
    path("demande/langue/", views.language, name="language"),
    path("demande/verification/", views.Review.as_view(), name="review"),
    path("demande/enregistree/", views.filed, name="filed"),
    path("demande/mes-demandes/", ending_views.Mine.as_view(), name="mine"),
    path("demande/resilier/<str:rid>/", ending_views.End.as_view(), name="end"),
    path("suivi/", follow_views.Follow.as_view(), name="follow"),
    *(
        path(f"demande/{step}/", view.as_view(), name=step)
        for step, view in (
            ("identite", views.IdentityStep),
            ("commune", views.CommuneStep),
            ("mandataire", views.MandataireStep),
            ("elections", views.ElectionsStep),
        )
    ),
]
