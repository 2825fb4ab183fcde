"""Addresses of the console."""

from django.urls import path

from server.console import contested_pages, exports, findings_pages, fleet, queue_views, views
from server.console.batches import BundlesPage
from server.console.histories import HistoriesPage
from server.console.joining import RequestFile, RequestsPage
from server.console.message_previews import PreviewHtml, PreviewPage, PreviewsPage
from server.console.register import RegisterPage
from server.console.returned_mail import ReturnedPage
from server.console.searching import DossierPage, SearchPage
from server.console.statistics_page import StatisticsPage
from server.console.urgent import UrgentPage

app_name = "console"
urlpatterns = [
    path("", views.OverviewPage.as_view(), name="overview"),
    path("urgences/", UrgentPage.as_view(), name="urgent"),
    path("a-trancher/", queue_views.QueuePage.as_view(), name="queue"),
    path("a-trancher/decisions/", queue_views.RuledPage.as_view(), name="ruled"),
    path("a-trancher/<str:rid>/", queue_views.CasePage.as_view(), name="case_now"),
    path("a-trancher/<str:rid>/<str:level>/", queue_views.CasePage.as_view(), name="case"),
    path("a-trancher/<str:rid>/<str:level>/decider/", queue_views.DecidePage.as_view(), name="decide"),
    path("a-trancher/<str:rid>/<str:level>/resultat/", queue_views.ResultPage.as_view(), name="case_result"),
    path("en-attente/", queue_views.WaitingPage.as_view(), name="waiting"),
    path("postes/", fleet.DevicesPage.as_view(), name="devices"),
    path("postes/<str:log_id>/", fleet.DevicePage.as_view(), name="device"),
    path("postes/<str:log_id>/histoires/", HistoriesPage.as_view(), name="histories"),
    path("parc/", fleet.FleetPage.as_view(), name="fleet"),
    path("recherche/", SearchPage.as_view(), name="search"),
    path("dossiers/<str:rid>/", DossierPage.as_view(), name="dossier"),
    path("demandes/", RequestsPage.as_view(), name="requests"),
    path("demandes/<str:kid>/", RequestFile.as_view(), name="request_file"),
    path("exports/", exports.ExportsPage.as_view(), name="exports"),
    path("exports/<slug:name>.csv", exports.ExportFile.as_view(), name="export"),
    path("constats/", findings_pages.FindingsPage.as_view(), name="findings"),
    path("constats/<int:pk>/", findings_pages.FindingPage.as_view(), name="finding"),
    path("contestations/", contested_pages.ContestedPage.as_view(), name="contested"),
    path("contestations/<int:pk>/", contested_pages.ContestedOnePage.as_view(), name="contested_one"),
    path("contestations/<int:pk>/preuve", contested_pages.ContestedFile.as_view(), name="contested_file"),
    path("chiffres/", StatisticsPage.as_view(), name="figures"),
    path("lots/", BundlesPage.as_view(), name="bundles"),
    path("mis-de-cote/", views.AsidePage.as_view(), name="aside"),
    path("repertoire/", RegisterPage.as_view(), name="register"),
    path("messages/", views.MailPage.as_view(), name="mail"),
    path("messages/revenus/", ReturnedPage.as_view(), name="returned"),
    path("messages/apercu/", PreviewsPage.as_view(), name="previews"),
    path("messages/apercu/<slug:name>/", PreviewPage.as_view(), name="preview"),
    path("messages/apercu/<slug:name>/mise-en-page/", PreviewHtml.as_view(), name="preview_html"),
]
