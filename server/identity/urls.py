"""Addresses where people say who they are. Those of a return are registered at each provider."""

from django.urls import path

from server.identity import agent_views, elector_views, factor_views

app_name = "identity"
urlpatterns = [
    path("connexion-usager/", elector_views.choice, name="elector_choice"),
    path("connexion-usager/fin/", elector_views.log_out, name="elector_out"),
    path("connexion-usager/avec/<slug:name>/", elector_views.begin, name="elector_begin"),
    path("connexion-usager/retour/<slug:name>/", elector_views.come_back, name="elector_return"),
    path("connexion-usager/terminee/<slug:name>/", elector_views.end, name="elector_ended"),
    path("connexion/agents/avec/<slug:name>/", agent_views.begin, name="agent_begin"),
    path("connexion/agents/retour/<slug:name>/", agent_views.come_back, name="agent_return"),
    path("connexion/agents/terminee/<slug:name>/", agent_views.end, name="agent_ended"),
    path("connexion/code/", factor_views.Code.as_view(), name="code"),
    path("connexion/secours/", factor_views.Recovery.as_view(), name="recovery"),
    path("connexion/activer/", factor_views.Enrol.as_view(), name="enrol"),
]
