"""Well-signed events are always stored and receipted; what is wrong with them only takes away their effect,
with a code.
"""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from procuration.domain.acts import REQUIRED_TO_ESTABLISH, ActPlace, ActPlaceKind, Declarations
from procuration.domain.events import Authentication, Start, StartReason
from procuration.domain.people import PartialDate
from procuration.domain.refusal import RefusalCode
from procuration.domain.sites import Opening, PublicPlace
from procuration.domain.status import Status
from procuration.record.event import EventPair
from procuration.record.inbox import EpochKey, Lease, Request, State
from server.dossiers.models import Procuration
from server.ledger.enums import Aside
from server.ledger.inbox import put
from server.ledger.models import Device, Event, ForkEvidence, LookUpMiss, ReferenceLease, SetAside
from tests import builders
from tests.builders import NOW, rid
from tests.server.centre import Tablet


def status(number: int = 1) -> Status:
    return Status(Procuration.objects.get(rid=rid(number).hex()).status)


def aside() -> list[str]:
    return list(SetAside.objects.order_by("pk").values_list("code", flat=True))


HABILITATIONS = [
    ({"not_before": NOW + timedelta(days=1)}, Aside.HABILITATION_FUTURE),
    (
        {"not_before": NOW - timedelta(days=20), "not_after": NOW - timedelta(days=1)},
        Aside.HABILITATION_TERMINEE,
    ),
    ({"log_id": builders.log_id("another tablet")}, Aside.HABILITATION_AUTRE_POSTE),
]


@pytest.mark.parametrize(("habilitation", "code"), HABILITATIONS)
def test_r_14_an_act_outside_the_habilitation_is_stored_receipted_and_has_no_effect(
    world, kiosk, officer, habilitation, code
):
    brigade = world.brigade()
    brigade.enrols(officer, **habilitation)
    brigade.acts(kiosk.files(), officer)
    world.hears(brigade)
    assert Event.objects.filter(device__log_id=brigade.log_id.hex()).count() == 2
    assert brigade.receipts[-1].hash == brigade.pairs[-1].hash
    assert status() is Status.DEMANDE
    assert aside() == [code]


def test_an_act_by_an_officer_that_the_log_never_enrolled_has_no_effect(world, kiosk, brigade):
    brigade.acts(kiosk.files(), builders.key("nobody"))
    world.hears(brigade)
    assert (status(), aside()) == (Status.DEMANDE, [Aside.OFFICER_UNKNOWN])


def test_an_officer_enrolled_by_nobody_we_know_may_do_nothing(world, kiosk, officer):
    brigade = world.brigade()
    brigade.enrols(officer, supervisor="impostor")
    brigade.acts(kiosk.files(), officer)
    world.hears(brigade)
    assert (status(), sorted(aside())) == (Status.DEMANDE, [Aside.OFFICER_UNKNOWN, Aside.SUPERVISOR])


def test_an_act_replayed_at_another_place_of_the_log_has_no_effect(world, kiosk, brigade, officer):
    brigade.acts(kiosk.files(), officer, seq=7)
    world.hears(brigade)
    assert (status(), aside()) == (Status.DEMANDE, [Aside.ACT_BINDING])


@pytest.mark.parametrize("missing", list(REQUIRED_TO_ESTABLISH))
def test_r_18_nothing_is_established_without_every_declaration(
    world, kiosk, brigade, officer, missing: Declarations
):
    brigade.acts(kiosk.files(), officer, declarations=REQUIRED_TO_ESTABLISH & ~missing)
    world.hears(brigade)
    assert (status(), aside()) == (Status.DEMANDE, [Aside.DECLARATIONS])


@pytest.mark.parametrize(
    "other", [{"nom": "MARTIN"}, {"prenoms": "Maëva"}, {"qualite": "Commissaire de police"}]
)
def test_r_23_an_act_signed_under_another_name_has_no_effect(world, kiosk, brigade, officer, other):
    brigade.acts(kiosk.files(), officer, authority=replace(builders.OFFICER, **other))
    world.hears(brigade)
    assert (status(), aside()) == (Status.DEMANDE, [Aside.AUTHORITY])


ANNEXE = PublicPlace(
    id="988-1",
    name="Mairie annexe",
    insee_code="98818",
    openings=(
        Opening(day=NOW.date(), opens_at=NOW - timedelta(hours=1), closes_at=NOW + timedelta(hours=1)),
    ),
)


def at_the_annexe(site_id="988-1", insee_code="98818"):
    return ActPlace(kind=ActPlaceKind.LISTED_PUBLIC_PLACE, site_id=site_id, insee_code=insee_code)


def test_r_16_an_act_in_a_place_of_the_list_while_it_is_open_takes_effect(world, kiosk, brigade, officer):
    world.set_sites(ANNEXE)
    brigade.acts(kiosk.files(), officer, place=at_the_annexe())
    world.hears(brigade)
    assert (status(), aside()) == (Status.TRANSMISE, [])


@pytest.mark.parametrize(
    ("sites", "place"),
    [
        ((), at_the_annexe()),
        ((ANNEXE,), at_the_annexe("invented")),
        ((ANNEXE,), at_the_annexe(insee_code="75056")),
        ((replace(ANNEXE, openings=()),), at_the_annexe()),
    ],
)
def test_r_16_an_act_in_any_other_public_place_has_no_effect(world, kiosk, brigade, officer, sites, place):
    world.set_sites(*sites)
    brigade.acts(kiosk.files(), officer, place=place)
    world.hears(brigade)
    assert (status(), aside()) == (Status.DEMANDE, [Aside.LIEU_NON_AUTORISE])


def test_an_act_dated_after_its_reception_waits_for_a_person(world, kiosk, brigade, officer):
    brigade.acts(kiosk.files(), officer, wall=NOW + timedelta(hours=1))
    world.hears(brigade)
    assert (status(), aside()) == (Status.EN_ATTENTE_HUMAINE, [Aside.CLOCK])


def test_r_27_r_76_a_request_that_claims_an_authentication_it_cannot_have_is_set_aside(world, kiosk):
    filed = replace(builders.filed(), authentication=Authentication.FRANCE_CONNECT)
    kiosk.records(filed, rid=rid())
    world.hears(kiosk)
    assert (Procuration.objects.count(), aside()) == (0, [Aside.AUTHENTICATION])


def test_a_kiosk_may_not_act(world, kiosk, officer):
    request = kiosk.files()
    kiosk.acts(request, officer)
    world.hears(kiosk)
    assert (status(), aside()) == (Status.DEMANDE, [Aside.ROLE])


def test_a_body_that_is_not_the_one_signed_for_keeps_its_place_without_effect(world, kiosk):
    kiosk.files()
    other = Tablet("other")
    kiosk.pairs[0] = EventPair(kiosk.pairs[0].sign1, other.files(2).body)
    world.hears(kiosk)
    assert kiosk.receipts[-1].seq == 0
    assert aside() == [Aside.BODY_MISMATCH]


@pytest.mark.parametrize("body", [b"", b"\x00", b"\x81" * 9, bytes(1600)])
def test_an_unreadable_body_keeps_its_place_without_effect(world, kiosk, body):
    kiosk.files()
    kiosk.pairs[0] = EventPair(kiosk.pairs[0].sign1, body)
    world.hears(kiosk)
    assert kiosk.receipts[-1].seq == 0
    assert Procuration.objects.count() == 0
    assert len(aside()) == 1


def test_bodies_hidden_by_the_kiosk_are_opened_with_the_key_it_logged(world, kiosk):
    kiosk.starts_hiding_bodies()
    kiosk.files()
    world.hears(kiosk)
    assert (status(), aside()) == (Status.DEMANDE, [])


def test_bodies_hidden_under_a_key_logged_in_an_earlier_bundle_are_opened(world, kiosk):
    kiosk.starts_hiding_bodies()
    world.hears(kiosk)
    kiosk.files()
    world.hears(kiosk)
    assert status() is Status.DEMANDE


def test_a_hidden_body_whose_key_is_wrong_keeps_its_place_without_effect(world, kiosk):
    kiosk.starts_hiding_bodies()
    kiosk.body_key = bytes(32)
    kiosk.files()
    world.hears(kiosk)
    assert aside() == [Aside.BODY_SEALED]


def test_an_act_stands_alone_and_the_kiosk_is_heard_later(world, kiosk, brigade, officer):
    request = kiosk.files()
    brigade.acts(request, officer)
    world.hears(brigade)
    assert status() is Status.TRANSMISE
    assert kiosk.receipts == []
    world.hears(kiosk)
    assert kiosk.receipts[-1].seq == 0
    assert (status(), aside()) == (Status.TRANSMISE, [])


@pytest.mark.parametrize("order", list(permutations(("kiosk", "brigade", "enrolment"))))
def test_the_order_of_arrival_never_matters(world, officer, order):
    kiosk, brigade = Tablet("kiosk"), Tablet("brigade", role=builders.Role.BRIGADE)
    brigade.enrols(officer)
    brigade.acts(kiosk.files(), officer)
    world.knows(brigade)
    for step in order:
        if step == "enrolment":
            world.knows(kiosk)
        elif step == "brigade" or "enrolment" in order[: order.index(step)]:
            world.hears(brigade if step == "brigade" else kiosk)
    if order.index("kiosk") < order.index("enrolment"):
        world.hears(kiosk)
    row = Procuration.objects.get()
    assert row.status == Status.TRANSMISE
    assert (row.filed_hash, row.act_hash) == (kiosk.pairs[0].hash.hex(), brigade.pairs[1].hash.hex())
    assert aside() == []


@pytest.mark.parametrize("kiosk_first", [True, False])
def test_a_request_inside_an_act_that_contradicts_its_own_log_freezes_that_log(
    world, kiosk, brigade, officer, kiosk_first
):
    clone = Tablet(kiosk.name)
    brigade.acts(clone.files(2), officer, 2)
    kiosk.files(1)
    for tablet in (kiosk, brigade) if kiosk_first else (brigade, kiosk):
        world.hears(tablet)
    assert {evidence.device.log_id for evidence in ForkEvidence.objects.all()} == {kiosk.log_id.hex()}
    assert Status.TRANSMISE not in {
        status(number) for number in (2,) if Procuration.objects.filter(rid=rid(2).hex())
    }
    assert Aside.FORK in aside()


def test_a_brigade_that_asks_with_reference_and_birth_date_gets_the_request(world, kiosk, brigade, officer):
    kiosk.starts_hiding_bodies()
    request = kiosk.files()
    world.hears(kiosk)
    brigade.looks_up("XBQ7V3", PartialDate(1962, 8, 24), officer)
    world.hears(brigade)
    (found,) = (content for content in brigade.inbox if isinstance(content, Request))
    assert found.pair == request


@pytest.mark.parametrize(
    ("reference", "birth_date"), [("XBQ7V3", PartialDate(1962, 8, 25)), ("ABCDEF", PartialDate(1962, 8, 24))]
)
def test_a_wrong_reference_and_a_wrong_birth_date_get_the_same_nothing(
    world, kiosk, brigade, officer, reference, birth_date
):
    kiosk.files()
    world.hears(kiosk)
    brigade.looks_up(reference, birth_date, officer)
    world.hears(brigade)
    assert not [content for content in brigade.inbox if isinstance(content, Request)]
    assert LookUpMiss.objects.count() == 1


def test_after_twenty_misses_in_an_hour_an_officer_gets_nothing_more(world, kiosk, brigade, officer):
    kiosk.files()
    world.hears(kiosk)
    for _ in range(20):
        brigade.looks_up("ABCDEF", PartialDate(1962, 8, 24), officer)
    brigade.looks_up("XBQ7V3", PartialDate(1962, 8, 24), officer)
    world.hears(brigade)
    assert not [content for content in brigade.inbox if isinstance(content, Request)]


def test_a_brigade_gets_the_epoch_keys_of_today_and_of_the_next_epoch_once(world, brigade):
    world.hears(brigade)
    world.hears(brigade)
    assert [content.number for content in brigade.inbox if isinstance(content, EpochKey)] == [1, 2]


def test_a_kiosk_gets_a_new_lot_when_fewer_than_a_hundred_references_are_left(world, kiosk):
    world.hears(kiosk)
    (lease,) = kiosk.inbox
    for number, reference in enumerate(lease.references[:101], 1):
        kiosk.files(number, reference=reference)
    world.hears(kiosk)
    lots = [content for content in kiosk.inbox if isinstance(content, Lease)]
    assert [lot.lot for lot in lots] == [1, 2]
    assert len({reference for lot in lots for reference in lot.references}) == 400
    assert ReferenceLease.objects.filter(rid=None).count() == 299


def test_the_kiosk_that_filed_learns_what_the_brigade_decided(world, kiosk, brigade, officer):
    request = kiosk.files()
    world.hears(kiosk)
    brigade.refuses(request, officer, RefusalCode.MANDANT_ABSENT)
    world.hears(brigade)
    world.hears(kiosk)
    (state,) = (content for content in kiosk.inbox if isinstance(content, State))
    assert (state.rid, state.status, state.code) == (rid(), Status.REFUSEE, RefusalCode.MANDANT_ABSENT)


def test_news_over_one_mebibyte_come_in_several_answers_and_none_is_lost(world, brigade):
    pair = EventPair(bytes(4_000), bytes(1_500))
    device = Device.objects.get(log_id=brigade.log_id.hex())
    for _ in range(250):
        put(device.pk, Request(pair), NOW)
    before, answers = len(brigade.inbox), []
    while not answers or answers[-1].more:
        answers.append(world.hears(brigade))
    assert [answer.more for answer in answers] == [True, False]
    numbered = [entry.number for answer in answers for entry in answer.entries if entry.number]
    assert numbered == sorted(set(numbered))
    assert len(brigade.inbox) - before >= 250


def test_entries_lost_on_the_way_come_again_and_are_applied_once(world, brigade):
    sealed = brigade.sealed()
    world.takes(sealed)
    down = brigade.reads(sealed, world.takes(sealed))
    assert [entry.number for entry in down.entries if entry.number] == [1, 2]
    brigade.reads(sealed, world.takes(sealed))
    assert brigade.applied == 2


def test_a_start_is_stored_and_proved(world, kiosk):
    kiosk.records(Start(software_version="0.1.0", reason=StartReason.PROGRAM, kid=None))
    world.hears(kiosk)
    assert (kiosk.receipts[-1].seq, aside()) == (0, [])


def test_an_authority_is_kept_for_the_register_as_the_officer_wrote_it(world, kiosk, brigade, officer):
    brigade.acts(kiosk.files(), officer)
    world.hears(brigade)
    row = Procuration.objects.get()
    assert (row.officer_nom, row.officer_prenoms, row.officer_qualite, row.officer_unit) == (
        "TAHUA", "Maëva Rose", "Maréchale des logis-cheffe, OPJ", "Brigade de Dumbéa"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "mark", "expected"),
    [
        (29, Declarations(0), Status.TRANSMISE),
        (31, Declarations(0), Status.EN_ATTENTE_HUMAINE),
        (31, Declarations.DATE_CONFIRMED, Status.TRANSMISE),
    ],
)
def test_an_act_far_ahead_of_its_proved_time_counts_when_its_date_was_confirmed(
    world, kiosk, brigade, officer, days, mark, expected
):
    brigade.floor = NOW - timedelta(days=days)
    brigade.acts(kiosk.files(), officer, declarations=REQUIRED_TO_ESTABLISH | mark)
    world.hears(brigade)
    assert status() is expected
