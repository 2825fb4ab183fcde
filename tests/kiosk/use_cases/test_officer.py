"""The officer's side: unlock, find, validate or refuse, each act under the code again."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kiosk_app.parts import PluggedIn, Workshop
from kiosk_app.use_cases.officer_act import IdentityCheck
from procuration.domain.acts import ActDecision, ActPlaceKind, Declarations, IdentityDocument
from procuration.domain.events import Channel, Kind
from procuration.domain.people import PartialDate
from procuration.domain.refusal import RefusalCode
from procuration.domain.validity import Period
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.act import verify_act
from procuration.record.cose_key import VerifyingKey
from procuration.record.enrolment import OfflineRequestPolicy
from procuration.record.event import open_body, parse_event
from tests import builders
from tests.kiosk.world import AGENT_CODE, CHECKED, OFFICER_CODE, World, a_day, draft

BORN = builders.ANGELA.birth_date


@pytest.fixture
def paper(kiosk):
    """What Angela left the kiosk with."""
    kiosk.leases("XBQ7V3")
    return kiosk.file(draft())


def acts(tablet):
    return tablet.store.log.of_kind(Kind.ACT)


def the_act(tablet):
    (event,) = acts(tablet)
    _, envelope = parse_event(event.pair.sign1)
    content = open_body(envelope, event.pair.body)
    officer = tablet.store.officers.find(tablet.station.session.kid)
    return verify_act(content.signed_act, VerifyingKey(officer.cose_key), envelope, builders.REALM), content


def test_the_receipt_of_a_kiosk_is_validated_with_neither_side_on_line(brigade, paper):
    found = brigade.find.by_qr(paper.qr_text)
    assert found.filed.mandant == builders.ANGELA
    assert found.reference == paper.reference
    done = brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    act, content = the_act(brigade)
    assert act.decision is ActDecision.ESTABLISHED
    assert act.seq == done.seq
    assert act.wall == done.at == brigade.clock.now()
    assert act.authority.nom == "TAHUA"
    assert act.filed_hash == brigade.station.session.opened[found.rid].pair.hash
    assert open_body(parse_event(content.filed_sign1)[1], content.filed_body) == found.filed


def test_a_refusal_carries_its_code(brigade, paper):
    found = brigade.find.by_qr(paper.qr_text)
    brigade.refuse(found.rid, RefusalCode.MANDANT_ABSENT, CHECKED, OFFICER_CODE)
    act, _ = the_act(brigade)
    assert (act.decision, act.refusal_code) == (ActDecision.REFUSED, RefusalCode.MANDANT_ABSENT)


def test_a_reason_that_is_not_an_officers_is_refused(brigade, paper):
    found = brigade.find.by_qr(paper.qr_text)
    with pytest.raises(RuleViolated, match="RAISON_MANQUANTE"):
        brigade.refuse(found.rid, RefusalCode.PLAFOND_DEPASSE, CHECKED, OFFICER_CODE)


def test_a_second_tap_and_a_second_scan_find_the_decision_and_write_nothing(brigade, paper):
    found = brigade.find.by_qr(paper.qr_text)
    brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    with pytest.raises(RuleViolated, match="DEJA_DECIDEE"):
        brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    again = brigade.find.by_qr(paper.qr_text)
    assert again.decision == date(2027, 4, 1)
    with pytest.raises(RuleViolated, match="DEJA_DECIDEE"):
        brigade.refuse(again.rid, RefusalCode.ABANDON, CHECKED, OFFICER_CODE)
    assert len(acts(brigade)) == 1


def test_a_wrong_code_signs_nothing(brigade, paper):
    found = brigade.find.by_qr(paper.qr_text)
    with pytest.raises(RuleViolated, match="CODE_INCORRECT"):
        brigade.validate(found.rid, CHECKED, "000000")
    with pytest.raises(RuleViolated, match="CODE_INCORRECT"):
        brigade.validate(found.rid, CHECKED, AGENT_CODE)  # right for the tablet, not for this officer
    assert acts(brigade) == []


def test_r_27_where_policy_wants_the_form_a_request_of_a_kiosk_is_not_established(tmp_path):
    world = World(tmp_path, policy=OfflineRequestPolicy.CERFA)
    kiosk, brigade = world.kiosk(), world.brigade().holds_epoch_key().enrols_officer()
    receipt = kiosk.file(draft())
    assert receipt.form_needed
    found = brigade.find.by_qr(receipt.qr_text)
    before = brigade.store.log.head
    with pytest.raises(RuleViolated, match="PAPIER_OBLIGATOIRE"):
        brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    assert brigade.store.log.head == before
    kiosk.station.close()
    brigade.station.close()


@pytest.mark.parametrize("missing", list(Declarations)[:5])
def test_without_each_declaration_nothing_is_established(brigade, paper, missing):
    found = brigade.find.by_qr(paper.qr_text)
    checked = replace(CHECKED, declarations=CHECKED.declarations & ~missing)
    with pytest.raises(RuleViolated, match="DECLARATION_MANQUANTE"):
        brigade.validate(found.rid, checked, OFFICER_CODE)
    assert acts(brigade) == []


def test_r_17_a_home_visit_needs_the_written_request_and_the_attestation(brigade, paper):
    found = brigade.find.by_qr(paper.qr_text)
    checked = replace(CHECKED, place=ActPlaceKind.HOME)
    with pytest.raises(RuleViolated, match="DECLARATION_MANQUANTE"):
        brigade.validate(found.rid, checked, OFFICER_CODE)
    held = Declarations.WRITTEN_REQUEST_HELD | Declarations.ATTESTATION_HELD
    done = brigade.validate(
        found.rid, replace(checked, declarations=checked.declarations | held), OFFICER_CODE
    )
    assert done.rid == found.rid


def annexe(opens=timedelta(hours=-1), closes=timedelta(hours=1)):
    """A row of the list: a place of Dumbéa, open around now unless said otherwise."""
    local = (builders.NOW + timedelta(hours=11)).date()
    hours = [int((builders.NOW + offset).timestamp()) for offset in (opens, closes)]
    return ["988-1", "Mairie annexe", "98805", [[[local.year, local.month, local.day], *hours]]]


AT_THE_ANNEXE = IdentityCheck(
    declarations=CHECKED.declarations,
    document=IdentityDocument.PASSPORT,
    place=ActPlaceKind.LISTED_PUBLIC_PLACE,
    site_id="988-1",
)


def test_r_16_an_officer_acts_in_a_listed_place_while_it_is_open(brigade, paper):
    brigade.receives(version=2, sites=[annexe()])
    found = brigade.find.by_qr(paper.qr_text)
    brigade.validate(found.rid, AT_THE_ANNEXE, OFFICER_CODE)
    act, _ = the_act(brigade)
    assert (act.place.site_id, act.place.insee_code) == ("988-1", "98805")


@pytest.mark.parametrize(
    ("sites", "checked"),
    [
        ([], AT_THE_ANNEXE),
        ([annexe()], replace(AT_THE_ANNEXE, site_id="invented")),
        ([annexe()], replace(AT_THE_ANNEXE, place=ActPlaceKind.UNIT)),
        ([annexe(closes=-timedelta(minutes=1))], AT_THE_ANNEXE),
        ([annexe(opens=timedelta(minutes=1))], AT_THE_ANNEXE),
    ],
)
def test_r_16_a_public_place_that_is_not_listed_and_open_is_refused(brigade, paper, sites, checked):
    brigade.receives(version=2, sites=sites)
    found = brigade.find.by_qr(paper.qr_text)
    with pytest.raises(RuleViolated, match="LIEU_NON_AUTORISE"):
        brigade.validate(found.rid, checked, OFFICER_CODE)
    assert acts(brigade) == []


def test_r_16_the_screen_offers_the_listed_places_of_today(brigade):
    tomorrow = ["988-2", "Lycée", "98818", [[[2027, 4, 3], 1_806_700_000, 1_806_720_000]]]
    brigade.receives(version=2, sites=[annexe(), tomorrow])
    devices = PluggedIn.of_options(None, None)
    parts = Workshop(brigade.station, brigade.spool, devices).brigade(timers=None, run_in_background=None)
    assert [(one.id, one.name) for one in parts.sites()] == [("988-1", "Mairie annexe")]
    assert parts.sites()[0].hours
    brigade.station.close()
    assert parts.sites() == ()


@pytest.mark.parametrize(
    ("habilitation", "code"),
    [
        ({"from_": builders.NOW + timedelta(days=1)}, "HABILITATION_FUTURE"),
        ({"to": builders.NOW - timedelta(hours=1)}, "HABILITATION_TERMINEE"),
        ({"log_id": builders.log_id("another tablet")}, "HABILITATION_AUTRE_POSTE"),
    ],
)
def test_r_14_an_officer_who_may_not_act_here_now_is_refused(world, kiosk, paper, habilitation, code):
    tablet = world.brigade().holds_epoch_key().enrols_officer(**habilitation)
    tablet.receives(version=2)
    found = tablet.find.by_qr(paper.qr_text)
    with pytest.raises(RuleViolated, match=code):
        tablet.validate(found.rid, CHECKED, OFFICER_CODE)
    assert acts(tablet) == []


def test_r_14_an_officer_revoked_by_the_centre_is_refused(brigade, paper):
    found = brigade.find.by_qr(paper.qr_text)
    brigade.store.officers.revoke(brigade.station.session.kid, brigade.clock.now())
    with pytest.raises(RuleViolated, match="HABILITATION_RETIREE"):
        brigade.validate(found.rid, CHECKED, OFFICER_CODE)


def test_no_new_act_with_a_directory_older_than_fourteen_days(brigade, paper):
    found = brigade.find.by_qr(paper.qr_text)
    brigade.clock.pass_(days=13)
    brigade.validate.check(found.rid, CHECKED)
    brigade.clock.pass_(days=1, hours=13)
    with pytest.raises(RuleViolated, match="ANNUAIRE_TROP_ANCIEN") as refused:
        brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    assert refused.value.ids == {"days": 15}


def test_no_act_while_the_wall_clock_is_below_the_floor(brigade, paper):
    found = brigade.find.by_qr(paper.qr_text)
    brigade.clock.wall -= timedelta(days=2)
    with pytest.raises(RuleViolated, match="HORLOGE_EN_RETARD"):
        brigade.validate(found.rid, CHECKED, OFFICER_CODE)


@pytest.mark.parametrize(
    ("qualite", "code"),
    [
        ("Maire, OPJ", "AUTORITE_INCOMPETENTE"),
        ("Greffière", "AUTORITE_INCOMPETENTE"),
        ("Délégué de l’OPJ Tahua", "DELEGUE_RECUEILLE_SEULEMENT"),
    ],
)
def test_r_12_r_13_r_15_who_is_enrolled_by_mistake_establishes_nothing_and_may_refuse(world, qualite, code):
    receipt = world.kiosk().file(draft())
    brigade = world.brigade().holds_epoch_key().enrols_officer(qualite=qualite)
    found = brigade.find.by_qr(receipt.qr_text)
    with pytest.raises(RuleViolated, match=code):
        brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    assert acts(brigade) == []
    brigade.refuse(found.rid, RefusalCode.AUTORITE_INCOMPETENTE, CHECKED, OFFICER_CODE)
    assert len(acts(brigade)) == 1


def test_r_64_a_request_older_than_two_months_is_expired(world, brigade, paper):
    found = brigade.find.by_qr(paper.qr_text)
    brigade.clock.pass_(days=62)
    brigade.receives(version=2, issued=brigade.clock.now())
    with pytest.raises(RuleViolated, match="DEMANDE_EXPIREE"):
        brigade.validate(found.rid, CHECKED, OFFICER_CODE)


def test_r_29_the_year_of_a_period_starts_at_the_etablissement(brigade, kiosk):
    """A period that was too long to be filed on an earlier day can not come from a kiosk; filed here, it is
    judged again on the day of the act."""
    period = Period(first_day=a_day(2027, 4, 2), last_day=a_day(2027, 4, 20))
    found = brigade.find.by_qr(kiosk.file(draft(validity=period)).qr_text)
    brigade.clock.pass_(days=21)
    brigade.receives(version=2, issued=brigade.clock.now())
    with pytest.raises(RuleViolated, match="PERIODE_PASSEE"):
        brigade.validate(found.rid, CHECKED, OFFICER_CODE)


def test_the_receipt_of_an_unknown_kiosk_is_filed_again_on_the_spot(world, kiosk, paper):
    world.tablets.remove(kiosk)
    tablet = world.brigade().holds_epoch_key().enrols_officer()
    world.tablets.append(kiosk)
    with pytest.raises(RuleViolated, match="POSTE_INCONNU"):
        tablet.find.by_qr(paper.qr_text)
    seen = tablet.find.prefill_from_qr(paper.qr_text)
    with pytest.raises(RuleViolated, match="DEMANDE_INTROUVABLE"):
        tablet.validate(seen.rid, CHECKED, OFFICER_CODE)
    tablet.leases("K4MWZ9")
    again = tablet.file(draft(), taken_over=seen.rid)
    found = tablet.find.by_reference(again.reference, BORN)
    assert (found.filed.taken_over, found.filed.channel) == (seen.rid, Channel.BRIGADE)
    tablet.validate(found.rid, CHECKED, OFFICER_CODE)


@pytest.mark.parametrize("text", ["", "PRQ1:", "PRQ1:%%%", "HTTPS://EXEMPLE.FR", "PRQ1:" + "A" * 5000])
def test_a_foreign_code_gets_one_neutral_answer(brigade, text):
    with pytest.raises(RecordRejected, match=r"^QR$"):
        brigade.find.by_qr(text)


def test_a_wrong_reference_and_a_wrong_birth_date_get_the_same_answer(brigade):
    brigade.leases("XBQ7V3")
    receipt = brigade.file(draft())
    answers = []
    for reference, born in ((receipt.reference, PartialDate(1962, 8, 25)), ("K4MWZ9", BORN)):
        with pytest.raises(RuleViolated) as refused:
            brigade.find.by_reference(reference, born)
        answers.append((refused.value.code, refused.value.ids))
    assert answers == [("DEMANDE_INTROUVABLE", {})] * 2


def test_twenty_misses_in_an_hour_lock_the_officer_and_are_logged(brigade):
    for _ in range(20):
        with pytest.raises(RuleViolated, match="DEMANDE_INTROUVABLE"):
            brigade.find.by_reference("K4MWZ9", BORN)
    for search in (brigade.find.by_reference, brigade.find.by_centre):
        with pytest.raises(RuleViolated, match="TROP_D_ESSAIS"):
            search("K4MWZ9", BORN)
    assert len(brigade.store.log.of_kind(Kind.LOCK_OUT)) == 1
    brigade.clock.pass_(hours=1, seconds=1)
    with pytest.raises(RuleViolated, match="DEMANDE_INTROUVABLE"):
        brigade.find.by_reference("K4MWZ9", BORN)


def test_the_end_of_the_session_forgets_the_opened_request(brigade, paper):
    found = brigade.find.by_qr(paper.qr_text)
    brigade.unlock.lock()
    with pytest.raises(RuleViolated, match="SESSION_FERMEE"):
        brigade.validate(found.rid, CHECKED, OFFICER_CODE)
    brigade.unlock(OFFICER_CODE)
    with pytest.raises(RuleViolated, match="DEMANDE_INTROUVABLE"):
        brigade.validate(found.rid, CHECKED, OFFICER_CODE)


def test_an_agent_without_an_officer_key_neither_searches_nor_acts(brigade):
    brigade.unlock(AGENT_CODE)
    with pytest.raises(RuleViolated, match="AGENT_SANS_HABILITATION"):
        brigade.find.by_reference("XBQ7V3", BORN)


def test_every_sign_in_is_an_event_and_says_who(brigade):
    session = brigade.unlock(OFFICER_CODE)
    assert session.name == "Maëva Rose TAHUA"
    last = brigade.store.log.events(brigade.store.log.head.next_seq - 1, 1)[0]
    content = open_body(parse_event(last.pair.sign1)[1], last.pair.body)
    assert content.kid == session.kid


def test_ten_wrong_codes_block_and_are_logged_even_when_the_tablet_was_closed(brigade):
    for _ in range(20):  # a lock-out of another kind, already logged, hides none of these
        with pytest.raises(RuleViolated, match="DEMANDE_INTROUVABLE"):
            brigade.find.by_reference("K4MWZ9", BORN)
    brigade.station.close()
    for _ in range(10):
        with pytest.raises(RuleViolated):
            brigade.starts("000000")
        brigade.clock.pass_(minutes=10)
    with pytest.raises(RuleViolated, match="ACCES_BLOQUE"):
        brigade.starts(OFFICER_CODE)
    brigade.starts("un chat dort sur le mur")
    assert len(brigade.store.log.of_kind(Kind.LOCK_OUT)) == 3  # the look-ups, the agent's slot, the officer's
    brigade.unlock("un chat dort sur le mur")
    assert len(brigade.store.log.of_kind(Kind.LOCK_OUT)) == 3


def test_two_people_never_share_a_code(brigade):
    from kiosk_app import installation

    with pytest.raises(RuleViolated, match="CODE_DEJA_PRIS"):
        installation.prepare_officer(brigade.station, AGENT_CODE, OFFICER_CODE)
