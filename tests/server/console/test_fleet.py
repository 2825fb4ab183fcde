"""« Postes », the page of one tablet, and « Par département »: filters, alarms of silence, what lacks."""

from datetime import timedelta

import pytest
from django.db.models import F

from procuration.domain.events import Start, StartReason, SyncEvidence, SyncPoint
from procuration.record.directory import Role
from server.config.options import Options, read_options
from server.console.departements import fleet
from server.console.tablets import State, in_state
from server.console.thresholds import thresholds, thresholds_of
from server.dossiers.models import Procuration
from tests.builders import NOW
from tests.server.townhall import LAON, Story, administrator


def plain(response) -> str:
    return response.content.decode().replace("\u202f", " ").replace("\xa0", " ")


def address(tablet) -> str:
    return f"/console/postes/{tablet.log_id.hex()}/"


def test_a_tablet_shows_the_error_of_its_clock_and_its_software(story: Story):
    story.kiosk.records(Start(software_version="2.4.1", reason=StartReason.PROGRAM, kid=None))
    story.kiosk.records(SyncPoint(), sync=SyncEvidence(tree_size=0, root=bytes(32), offset_ms=90_000))
    story.filed(1)
    browser = administrator()
    for page in (plain(browser.get("/console/postes/")), plain(browser.get(address(story.kiosk)))):
        assert "Horloge en retard de 1 min" in page
        assert "2.4.1" in page
    assert "Dernière preuve signée</dt><dd>1er avril 2027 à 11 h 30" in plain(
        browser.get(address(story.kiosk))
    )


def test_what_a_gap_keeps_apart_is_counted_with_what_lacks_before_it(story: Story):
    story.filed(1)
    for number in (2, 3, 4):
        story.kiosk.files(number)
    story.world.hears(story.kiosk, first=len(story.kiosk.pairs) - 1)
    page = plain(administrator().get(address(story.kiosk)))
    assert "1 événement gardé à part, 2 manquent avant" in page


def test_each_profile_has_its_own_silence(story: Story):
    story.established(1)
    limits, tables = thresholds(), story.world.centre.tables
    later = NOW + limits.silence[Role.KIOSK.value] + timedelta(seconds=1)
    silent = in_state(State.SILENT, tables, later, limits)
    assert [one.log_id for one in silent] == [story.kiosk.log_id.hex()]
    much_later = NOW + limits.silence[Role.BRIGADE.value] + timedelta(seconds=1)
    assert in_state(State.SILENT, tables, much_later, limits).count() == 2
    assert in_state(State.OK, tables, much_later, limits).count() == 0


def test_the_silence_of_a_profile_is_a_setting(tmp_path):
    limits = thresholds_of(read_options(tmp_path, {"PROCURATION_SILENT_HOURS_BRIGADE": "3"}))
    assert limits.silence[Role.BRIGADE.value] == timedelta(hours=3)
    assert limits.silence[Role.KIOSK.value] == timedelta(hours=24)


@pytest.mark.parametrize(
    ("first", "until", "hours"), [(21, 6, {21, 23, 0, 1, 3, 4, 5}), (1, 4, {1, 3}), (8, 8, set())]
)
def test_the_night_may_cross_midnight(tmp_path, first: int, until: int, hours: set[int]):
    options = Options(home=tmp_path, alert_night_from=first, alert_night_until=until)
    limits = thresholds_of(options)
    asked = {0, 1, 3, 4, 5, 6, 8, 12, 20, 21, 23}
    assert {hour for hour in asked if limits.is_night(hour)} == hours


def test_a_silent_tablet_says_since_when_it_is_expected(story: Story):
    story.established(1)
    story.world.clock.at += timedelta(hours=27)
    page = plain(administrator().get("/console/postes/?etat=silencieux"))
    assert story.kiosk.log_id.hex() in page
    assert story.brigade.log_id.hex() not in page
    assert "attendu depuis 3 h" in page


def test_tablets_are_filtered_by_departement_unit_and_state(story: Story):
    story.established(1)
    browser = administrator()
    for asked, seen in (
        ("departement=988", True),
        ("departement=02", False),
        ("poste=d%E2%80%99essai", True),
        ("poste=inconnue", False),
        (f"poste={story.kiosk.log_id.hex()[:6]}", True),
        ("etat=gele", False),
        ("etat=service", True),
        ("etat=%27--&tri=%27--&departement=%27-", True),
    ):
        page = plain(browser.get(f"/console/postes/?{asked}"))
        assert (story.kiosk.log_id.hex() in page) is seen, asked
    for order in ("contact", "unite", "departement", "evenements"):
        assert browser.get(f"/console/postes/?tri={order}").status_code == 200


def test_the_fleet_counts_tablets_where_they_stand_and_procurations_where_they_count(story: Story):
    story.established(1)
    rid = story.established(2)
    later = {"first_closing": F("first_closing") + timedelta(hours=9)}
    Procuration.objects.filter(rid=rid).update(place_code=LAON.code, **later)
    now = NOW + timedelta(hours=30)
    first, second = fleet(story.world.centre.tables, now, thresholds())
    assert (first.code, first.sites, first.devices, first.silent, first.waiting) == ("988", 1, 2, 1, 1)
    assert (second.code, second.devices, second.waiting) == ("02", 0, 1)
    assert first.closing < second.closing, "the nearest closing first: the islands vote before Laon"
    page = plain(administrator().get("/console/parc/"))
    assert page.index(">988<") < page.index(">02<") < page.index("Ensemble")


def test_a_log_that_is_not_a_tablet_has_no_page(story: Story):
    browser = administrator()
    own = story.world.centre.log_id.hex()
    assert browser.get(f"/console/postes/{own}/").status_code == 404
    assert browser.get("/console/postes/0000000000000000/").status_code == 404
