"""Addresses of the town-hall space. A procuration is named by its rid: no name, no reference in an address
or a log."""

from django.urls import path, register_converter

from server.mairie import (
    batch,
    mandataires,
    paper,
    records,
    register_refusals,
    telling,
    views,
    withdrawing,
    work_list,
)


class RidConverter:
    """A rid as the dossiers name it: 32 lower-case hexadecimal digits."""

    regex = "[0-9a-f]{32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(RidConverter, "rid")

app_name = "mairie"
urlpatterns = [
    path("", views.Waiting.as_view(), name="waiting"),
    path("recherche/", work_list.Search.as_view(), name="search"),
    path("valider-ensemble/", batch.Review.as_view(), name="batch"),
    path("valider-ensemble/resultat/", batch.BatchResult.as_view(), name="batch_result"),
    path("decisions/", views.History.as_view(), name="history"),
    path("procurations/<rid:rid>/", views.OneProcuration.as_view(), name="procuration"),
    path("procurations/<rid:rid>/valider/", views.Validate.as_view(), name="validate"),
    path("procurations/<rid:rid>/invalider/", views.Invalidate.as_view(), name="invalidate"),
    path("procurations/<rid:rid>/resultat/", views.Result.as_view(), name="result"),
    path("procurations/<rid:rid>/fait/", records.RecordEnding.as_view(), name="fact"),
    path("procurations/<rid:rid>/vote/", records.RecordVote.as_view(), name="vote"),
    path("procurations/<rid:rid>/retirer/", withdrawing.Withdraw.as_view(), name="withdraw"),
    path("mandataires/", mandataires.Asked.as_view(), name="asked"),
    path("mandataires/<rid:rid>/", mandataires.Answer.as_view(), name="answer"),
    path("formulaire/", paper.Received.as_view(), name="paper"),
    path("repertoire/", register_refusals.RegisterRefusals.as_view(), name="register_refusals"),
    path("prevenir/", telling.ToTell.as_view(), name="tell"),
    path("prevenir/<rid:rid>/", telling.Told.as_view(), name="told"),
    path("prevenir/<rid:rid>/annuler/", telling.NotTold.as_view(), name="untold"),
]
