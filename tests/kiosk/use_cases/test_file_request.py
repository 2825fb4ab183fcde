"""Filing at a kiosk: the rules, one event, the paper."""

import io

import pytest
import zxingcpp
from PIL import Image

from kiosk_app.store import connection
from procuration.domain.events import Channel, Kind
from procuration.domain.people import PartialDate, Place, PlaceType
from procuration.domain.validity import OneScrutin, Period, Rounds
from procuration.errors import RuleViolated
from procuration.record.event import open_body, parse_event
from procuration.record.printed import read_qr_text
from procuration.record.sealed import SuiteId
from tests import builders
from tests.kiosk.world import a_day, draft


def filed_events(tablet):
    return tablet.store.log.of_kind(Kind.FILED)


def test_a_request_takes_the_next_reference_and_is_one_event(kiosk):
    kiosk.leases("XBQ7V3", "K4MWZ9")
    before = kiosk.store.log.head.next_seq
    receipt = kiosk.file(draft())
    assert receipt.reference == "XBQ7V3"
    assert kiosk.store.log.head.next_seq == before + 1
    assert kiosk.file(draft()).reference == "K4MWZ9"
    assert kiosk.store.leases.left == 0


def test_without_a_lease_the_request_is_filed_all_the_same(kiosk):
    receipt = kiosk.file(draft())
    assert receipt.reference is None
    assert receipt.qr_text
    assert len(filed_events(kiosk)) == 1


def test_the_qr_code_on_the_image_opens_for_a_brigade_and_says_what_was_filed(kiosk):
    kiosk.leases("XBQ7V3")
    receipt = kiosk.file(draft())
    image = Image.open(io.BytesIO(receipt.image_png))
    assert image.width == 512
    text = zxingcpp.read_barcode(image).text
    assert text == receipt.qr_text
    epoch = builders.sealing_key("epoch 1", SuiteId.X25519)
    pair = read_qr_text(text, {epoch.kid: epoch}, builders.REALM)
    filed = open_body(parse_event(pair.sign1)[1], pair.body)
    assert filed.mandant == builders.ANGELA
    assert filed.reference == "XBQ7V3"
    assert filed.channel is Channel.KIOSK
    assert pair.sign1 == filed_events(kiosk)[0].pair.sign1


def test_the_kiosk_cannot_read_what_it_filed(kiosk):
    receipt = kiosk.file(draft())
    (event,) = kiosk.store.log.of_request(receipt.rid)
    assert b"DUBOIS" not in event.pair.body
    assert kiosk.store.requests.find(receipt.rid) is None


def test_a_brigade_files_on_the_spot_and_finds_its_own_request(brigade):
    brigade.leases("XBQ7V3")
    receipt = brigade.file(draft())
    found = brigade.find.by_reference(receipt.reference, builders.ANGELA.birth_date)
    assert found.filed.channel is Channel.BRIGADE
    assert found.filed.mandant == builders.ANGELA


def test_the_pdf_is_one_page(kiosk):
    pdf = kiosk.file(draft()).pdf
    assert pdf.startswith(b"%PDF")
    assert b"/Count 1" in pdf


def test_the_deadline_is_the_first_polling_day_or_the_end_of_the_request(kiosk):
    assert kiosk.file(draft()).deadline == a_day(2027, 4, 11)
    period = Period(first_day=a_day(2027, 4, 1), last_day=a_day(2028, 3, 1))
    assert kiosk.file(draft(validity=period)).deadline == a_day(2027, 4, 11)


NOWHERE = Place(code="98899", type=PlaceType.COMMUNE, cog_year=2026)
PARIS = Place(code="75056", type=PlaceType.COMMUNE, cog_year=2026)


def person(**changes):
    return builders.replace(builders.ANGELA, **changes)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"mandant": person(birth_name="DU\u202eBOIS")}, "NOM_CARACTERE"),
        ({"mandant": person(birth_name="DU\x00BOIS")}, "NOM_CARACTERE"),
        ({"mandant": person(given_names="Ange\u200bla")}, "PRENOMS_CARACTERE"),
        ({"mandant": person(birth_date=PartialDate(2027, 4, 2))}, "DATE_FUTURE"),
        ({"mandant": person(birth_date=PartialDate(2027, 2, 30))}, "DATE_INEXISTANTE"),
        ({"mandant": person(birth_date=PartialDate(2010, 1, 1))}, "MANDANT_MINEUR"),
        ({"vote_place": NOWHERE}, "COMMUNE_INCONNUE"),
        ({"vote_place": PARIS, "validity": Period(first_day=a_day(2027, 4, 2), last_day=a_day(2027, 5, 1))},
         "TELEPROCEDURE_NON_APPLICABLE"),
        ({"mandataire": builders.replace(builders.JEAN_CLAUDE, enrolment=NOWHERE)}, "COMMUNE_INCONNUE"),
        ({"mandataire": builders.replace(builders.ANGELA, enrolment=builders.NOUMEA)},
         "MANDATAIRE_EST_LE_MANDANT"),
        ({"email": "angela dubois@exemple.fr"}, "COURRIEL_CARACTERE"),
        ({"validity": OneScrutin(scrutin_id="2027-13-inconnu/988", rounds=Rounds.BOTH)}, "SCRUTIN_INCONNU"),
        ({"validity": Period(first_day=a_day(2027, 4, 2), last_day=a_day(2029, 4, 2))}, "DUREE_EXCESSIVE"),
        ({"validity": Period(first_day=a_day(2027, 4, 2), last_day=a_day(2027, 4, 1))}, "PERIODE_INVERSEE"),
    ],
)  # fmt: skip
def test_a_request_that_breaks_a_rule_is_refused_with_its_code_and_writes_nothing(kiosk, changes, code):
    kiosk.leases("XBQ7V3")
    head = kiosk.store.log.head
    with pytest.raises(RuleViolated, match=code):
        kiosk.file(draft(**changes))
    assert kiosk.store.log.head == head
    assert kiosk.store.leases.left == 1


def test_someone_who_turns_eighteen_on_the_second_round_may_file(kiosk):
    receipt = kiosk.file(draft(mandant=person(birth_date=PartialDate(2009, 4, 25))))
    assert receipt.rid


def test_nothing_is_filed_when_the_disk_is_nearly_full(kiosk, monkeypatch):
    monkeypatch.setattr(connection, "FREE_BYTES_MIN", 2**62)
    head = kiosk.store.log.head
    with pytest.raises(RuleViolated, match="ESPACE_INSUFFISANT"):
        kiosk.file(draft())
    assert kiosk.store.log.head == head


def test_nothing_is_filed_while_the_tablet_is_closed(kiosk):
    kiosk.station.close()
    with pytest.raises(RuleViolated, match="POSTE_FERME"):
        kiosk.file(draft())


def test_the_body_key_changes_after_twelve_hours(kiosk):
    kiosk.file(draft())
    kiosk.clock.pass_(hours=13)
    kiosk.file(draft())
    assert len(kiosk.store.log.of_kind(Kind.BODY_KEY)) == 2
    keys = {parse_event(event.pair.sign1)[1].body_key_seq for event in filed_events(kiosk)}
    assert len(keys) == 2
