"""« Recherche », the dossier, « Constats » and « Exports »: the least is shown, names are opened for a
reason, and each read of personal data leaves a trace before the answer."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from server.console.findings import Sort
from server.console.models import Finding
from server.dossiers.models import Procuration
from server.traces.checking import entries_of
from server.traces.entries import Read
from server.traces.reads import trail_of
from tests import builders
from tests.builders import NOW
from tests.server.console.test_fleet import plain
from tests.server.townhall import Story, administrator, agent_of

PERSON = {"nom": "dubois", "naissance": "24/08/1962", "motif": "electeur"}
NAMES = ("DUBOIS", "Angela", "DUPONT", "Jean-Claude")


def traces(story: Story):
    return [entry.draft for entry in entries_of(trail_of(story.world.centre))]


def born() -> str:
    date = builders.ANGELA.birth_date
    return f"{date.day:02d}/{date.month:02d}/{date.year}"


def finding(kind: Sort, subject: str, rids: list[str]) -> Finding:
    return Finding.objects.create(
        kind=kind,
        subject=subject,
        day="2027-04-01",
        count=2,
        threshold=2,
        rids=rids,
        found_at=NOW,
        changed_at=NOW,
    )


def test_a_reference_finds_its_dossier_without_a_name_and_leaves_a_trace(story: Story):
    rid = story.established(1)
    page = plain(administrator().post("/console/recherche/", {"reference": "xbq-7v3"}))
    assert "1 dossier trouvé" in page
    assert f"/console/dossiers/{rid}/" in page
    assert not [name for name in NAMES if name in page]
    (told,) = traces(story)
    assert (told.what, told.rids, told.count, told.subject) == (Read.SEARCH, (rid,), 1, "")
    assert len(told.asked) == 32
    assert "XBQ" not in told.asked


def test_a_name_asks_for_a_birth_date_and_a_reason(story: Story):
    rid = story.established(1)
    browser = administrator()
    asked = {**PERSON, "naissance": born()}
    for missing in asked:
        answer = browser.post("/console/recherche/", {**asked, missing: ""})
        assert answer.status_code == 422, missing
    assert traces(story) == []
    page = plain(browser.post("/console/recherche/", asked))
    assert f"/console/dossiers/{rid}/" in page
    assert "Nouméa" in page
    (told,) = traces(story)
    assert (told.subject, told.count) == ("motif:electeur", 1)


def test_a_search_that_finds_nobody_leaves_a_trace_too(story: Story):
    story.established(1)
    page = plain(administrator().post("/console/recherche/", {**PERSON, "naissance": "01/01/1950"}))
    assert "Aucun dossier ne correspond" in page
    assert [told.count for told in traces(story)] == [0]


@pytest.mark.parametrize(
    "typed", ["1/2", "32/13/1962", "24/08/62", "1962-08-24' OR 1=1--", "００/００/１９６２", "\x00"]
)
def test_a_date_that_is_none_is_corrected(story: Story, typed: str):
    answer = administrator().post("/console/recherche/", {**PERSON, "naissance": typed})
    assert answer.status_code == 422


def test_the_dossier_shows_no_name_before_a_reason_is_given(story: Story):
    rid = story.established(1)
    browser, address = administrator(), f"/console/dossiers/{rid}/"
    page = plain(browser.get(address))
    assert not [name for name in NAMES if name in page]
    assert "Procuration établie" in page or "Établie" in page
    assert "R-" in page
    refused = browser.post(address, {"motif": "curiosité"})
    assert refused.status_code == 422
    assert not [name for name in NAMES if name in plain(refused)]
    shown = plain(browser.post(address, {"motif": "justice"}))
    assert "DUBOIS" in shown
    subjects = [told.subject for told in traces(story)]
    assert subjects == ["sans-nom", "noms;motif:justice"]


def test_a_dossier_that_nobody_knows_has_no_page_and_leaves_no_trace(story: Story):
    assert administrator().get(f"/console/dossiers/{'0' * 32}/").status_code == 404
    assert traces(story) == []


@pytest.mark.parametrize("address", ["/console/recherche/", "/console/constats/", "/console/exports/"])
def test_an_agent_of_a_town_hall_searches_nothing_here(story: Story, address: str):
    agent = agent_of()
    assert {agent.get(address).status_code, agent.post(address).status_code} == {403}


def test_a_finding_says_what_it_counts_and_that_it_proves_nothing(story: Story):
    rids = [story.established(number) for number in (1, 2)]
    officer = Procuration.objects.get(rid=rids[0]).own["officer"]
    row = finding(Sort.VOLUME, officer, rids)
    browser = administrator()
    listed = plain(browser.get("/console/constats/"))
    assert "2 actes en un jour" in listed
    page = plain(browser.get(f"/console/constats/{row.pk}/"))
    assert "Ce constat ne prouve rien." in page
    assert officer[:8] in page
    for rid in rids:
        assert f"/console/dossiers/{rid}/" in page
    assert not [name for name in (*NAMES, builders.OFFICER.nom.upper()) if name in page]
    assert traces(story) == []


def test_the_name_of_an_officer_is_opened_for_a_reason(story: Story):
    rids = [story.established(1)]
    row = finding(Sort.NIGHT, "ab" * 16, rids)
    browser, address = administrator(), f"/console/constats/{row.pk}/"
    assert browser.post(address, {"do": "nom"}).status_code == 422
    page = plain(browser.post(address, {"do": "nom", "motif": "signalement"}))
    assert builders.OFFICER.nom.upper() in page.upper()
    (told,) = traces(story)
    assert (told.what, told.subject) == (Read.OFFICERS, "agent:abababab;motif:signalement")
    other = finding(Sort.MANDATAIRE, "cd" * 16, rids)
    assert (
        browser.post(f"/console/constats/{other.pk}/", {"do": "nom", "motif": "justice"}).status_code == 404
    )


def test_a_finding_that_was_looked_at_leaves_the_list_with_a_note(story: Story):
    row = finding(Sort.PLACE, "2:98805", [])
    browser, address = administrator(), f"/console/constats/{row.pk}/"
    assert browser.post(address, {"do": "vu", "note": " "}).status_code == 422
    assert browser.post(address, {"do": "vu", "note": "x" * 501}).status_code == 422
    assert browser.post(address, {"do": "vu", "note": "Maison de retraite, vérifié."}).status_code == 302
    assert address not in plain(browser.get("/console/constats/"))
    seen = plain(browser.get("/console/constats/?suite=vus"))
    assert address in seen
    assert "Domiciles à" in seen
    assert browser.get("/console/constats/999/").status_code == 404


def table_of(response) -> list[list[str]]:
    data = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(data), delimiter=";"))


@pytest.mark.parametrize("name", ["procurations", "lots", "postes"])
def test_an_export_holds_no_name_and_leaves_no_trace(story: Story, name: str):
    for number in (1, 2):
        story.established(number)
    rows = table_of(administrator().get(f"/console/exports/{name}.csv"))
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(rows[0])}
    written = " ".join(" ".join(row) for row in rows)
    assert not [word for word in (*NAMES, "XBQ", "@") if word in written]
    assert traces(story) == []


def test_procurations_are_counted_by_day_commune_channel_and_state(story: Story):
    for number in (1, 2):
        story.established(number)
    rows = table_of(administrator().get("/console/exports/procurations.csv"))
    assert rows[0][0] == "jour"
    assert [row[-1] for row in rows[1:]] == ["2"]
    assert rows[1][1:3] == ["98818", "Nouméa"]


def test_names_are_exported_for_one_commune_one_day_and_a_reason(story: Story):
    story.established(1)
    browser = administrator()
    asked = {
        "commune": "Nouméa",
        "commune_choix": "98818|1",
        "jour": NOW.date().isoformat(),
        "motif": "controle",
    }
    for missing in asked:
        assert browser.post("/console/exports/", {**asked, missing: ""}).status_code == 422
    assert browser.post("/console/exports/", {**asked, "commune": "75056"}).status_code == 422
    nothing = browser.post("/console/exports/", {}).content.decode()
    assert "Il y a 3 réponses à corriger" in nothing
    for anchor in ("commune", "jour", "motif"):
        assert f'<a href="#{anchor}">' in nothing
        assert f'id="{anchor}"' in nothing
    assert traces(story) == []
    rows = table_of(browser.post("/console/exports/", asked))
    assert "DUBOIS" in rows[1][1]
    (told,) = traces(story)
    assert (told.what, told.count) == (Read.EXPORT, 1)
    assert told.subject == f"98818/{asked['jour']};motif:controle"


def test_the_commune_of_an_export_is_searched_by_name_and_a_code_may_be_typed(story: Story):
    story.established(1)
    browser, page = administrator(), "/console/exports/"
    asked = {"commune": "noum", "jour": NOW.date().isoformat(), "motif": "controle"}
    found = browser.post(page, asked | {"search": "1"})
    assert found.status_code == 200
    for kept in (b'value="98818|1"', f'value="{asked["jour"]}"'.encode(), b'value="controle"'):
        assert kept in found.content
    assert b"Choisissez la commune dans la liste." in browser.post(page, asked).content
    both = browser.post(page, asked | {"commune": "98818"}).content.decode()
    assert 'value="98818|1"' in both
    assert 'value="98833|1"' in both  # whose postal code it is
    wrong = browser.post(page, asked | {"commune": "98818", "commune_choix": "98833|1"})
    assert "Aucune procuration de cette commune ce jour-là." in wrong.content.decode()
    assert "Aucune procuration" in browser.post(page, asked | {"commune": "02408"}).content.decode()
    assert "Aucune commune" in browser.post(page, asked | {"commune": "=xqzw"}).content.decode()
    assert traces(story) == []
    browser.post(page, asked | {"commune": "98818", "commune_choix": "98818|1"})
    assert len(traces(story)) == 1


def test_no_export_has_another_name(story: Story):
    assert administrator().get("/console/exports/tout.csv").status_code == 404


def test_pages_that_list_ask_as_many_questions_for_thirty_as_for_three(story: Story):
    rids = [story.established(number) for number in (1, 2, 3)]
    browser, counts = administrator(), []
    for number in (3, 30):
        for place in range(Finding.objects.count(), number):
            finding(Sort.NIGHT, f"{place:032x}", rids)
        with CaptureQueriesContext(connection) as asked:
            browser.get("/console/constats/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
