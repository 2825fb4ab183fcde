"""Officers made and unmade at a brigade that no network reaches, then heard by a real centre (R-14)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk_app.use_cases.reset_code import NewCode
from procuration.domain.status import Status
from procuration.errors import RuleViolated
from procuration.record.directory import Role
from server.dossiers.models import Procuration
from server.ledger.enums import Aside
from server.ledger.models import OfficerEnrolment, SetAside
from tests import builders
from tests.kiosk.officers_world import NEW_CODE, TWO, Office, new_officer
from tests.kiosk.world import CHECKED, OFFICER_CODE, draft
from tests.server.centre import tables

LATER = NewCode("161803")


@pytest.fixture
def brigade(scene):
    return scene.brigade()


@pytest.fixture
def office(brigade):
    return Office(brigade)


def acts(scene, brigade, code, number=1):
    """An officer signs in and establishes the procuration of somebody; returns its rid."""
    scene.clock.pass_(minutes=5)
    brigade.unlock(code)
    found = brigade.find.by_qr(scene.office.file(draft(**builders.people(number))).qr_text)
    brigade.validate(found.rid, CHECKED, code)
    return found.rid


def status(rid):
    return Status(Procuration.objects.get(rid=rid.hex()).status)


def asides():
    return sorted(SetAside.objects.values_list("code", flat=True))


def is_heard(scene, brigade, **entry):
    """The network comes back, at a centre whose list has this supervisor; None for one without."""
    if entry:
        directory = scene.world.directory()
        known = replace(builders.entry("supervisor", Role.SUPERVISOR), **entry)
        others = tuple(one for one in directory.entries if one.kid != known.kid)
        scene.centre = replace(scene.centre, tables=tables(replace(directory, entries=(*others, known))))
    scene.clock.pass_(minutes=5)
    scene.syncs(scene.office)
    scene.syncs(brigade)


def test_r_14_an_officer_enrolled_off_line_acts_off_line_and_the_centre_accepts(scene, brigade, office):
    office.enrol(TWO, new_officer())
    rid = acts(scene, brigade, NEW_CODE)
    is_heard(scene, brigade)
    assert (status(rid), asides()) == (Status.TRANSMISE, [])
    assert OfficerEnrolment.objects.get(nom="WAMYTAN").qualite == "Gendarme, OPJ"


def test_r_14_replaced_blocked_renewed_and_withdrawn_officers_count_as_long_as_they_were_in_office(
    scene, brigade, office
):
    first = acts(scene, brigade, OFFICER_CODE)
    old = brigade.station.session.kid
    new = office.reset(TWO, old, LATER).kid
    second = acts(scene, brigade, LATER.code, 2)
    office.renew(TWO, new, new_officer().last_day)
    third = acts(scene, brigade, LATER.code, 3)
    office.revoke(TWO, new)
    office.enrol(TWO, new_officer())
    fourth = acts(scene, brigade, NEW_CODE, 4)
    for code in (OFFICER_CODE, LATER.code):
        with pytest.raises(RuleViolated, match="CODE_INCORRECT"):
            brigade.unlock(code)
    is_heard(scene, brigade)
    assert [status(rid) for rid in (first, second, third, fourth)] == [Status.TRANSMISE] * 4
    assert asides() == []


@pytest.mark.parametrize(
    ("why", "entry"),
    [
        ("unknown to this centre", {"cose_key": builders.key("somebody else").cose_key}),
        ("out of office", {"not_after": builders.NOW - timedelta(days=2)}),
        ("revoked before", {"revoked_at": builders.NOW - timedelta(days=2)}),
    ],
)
def test_r_14_the_centre_believes_its_own_list_of_supervisors(scene, brigade, office, why, entry):
    office.enrol(TWO, new_officer())
    rid = acts(scene, brigade, NEW_CODE)
    if "cose_key" in entry:
        directory = scene.world.directory()
        others = tuple(one for one in directory.entries if one.kid != builders.key("supervisor").kid)
        scene.centre = replace(scene.centre, tables=tables(replace(directory, entries=others)))
        entry = {}
    is_heard(scene, brigade, **entry)
    assert asides() == sorted([Aside.SUPERVISOR, Aside.OFFICER_UNKNOWN]), why
    assert status(rid) is Status.DEMANDE
    assert brigade.store.waiting == 0  # stored and receipted all the same
