"""A supervisor admits tablets and officers; what is signed says no more and no less than the request and
the law."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from procuration.adapters.key_file import Cost
from procuration.adapters.keys import SoftwareKey
from procuration.adapters.trust import realm_of
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.directory import Role
from procuration.record.enrolment import (
    Configuration,
    Designation,
    EnrolmentRequest,
    OfflineRequestPolicy,
    Profile,
    encode_request,
    verify_enrolment,
)
from procuration.record.sealed import Purpose, SealingPrivateKey, SuiteId, open_seal
from provisioning import authority, enrolment, publication
from provisioning.folder import AuthorityFolder
from provisioning.pass_phrases import PassPhrases

NOW = datetime.now(UTC).replace(microsecond=0)
NOUMEA = ZoneInfo("Pacific/Noumea")
BRIGADE = Configuration(
    profile=Profile.BRIGADE,
    unit_name="Brigade de Nouméa",
    place="98818",
    departement="988",
    policy=OfflineRequestPolicy.DEMATERIALISED,
)
MARTIN = Designation(
    nom="MARTIN", prenoms="Luc", qualite="Adjudant, OPJ", designation="Ordonnance du 3 mars 2026"
)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    base = tmp_path_factory.mktemp("desk")
    files = {}
    for holder in ("1", "2", "3", "superviseur"):
        files[holder] = base / holder
        files[holder].write_text(f"phrase de passe de {holder}\n")
        files[holder].chmod(0o600)
    phrases = PassPhrases(files, pytest.fail)
    cost = Cost(memory_kib=32, passes=1, lanes=1)
    plan = authority.Plan(holders=3, supervisor="988", server_names=["localhost"], tables={}, cost=cost)
    authority.create(base / "a", plan, phrases, NOW)
    return base / "a", phrases


@pytest.fixture
def desk(template, tmp_path):
    made, phrases = template
    shutil.copytree(made, tmp_path / "a")
    return enrolment.Desk(AuthorityFolder.existing(tmp_path / "a"), None, phrases)


def tablet():
    sealing = SealingPrivateKey.generate(SuiteId.MLKEM768_X25519, os.urandom).public
    return EnrolmentRequest(
        cose_key=SoftwareKey.generate().cose_key, sealing_key=sealing, log_id=os.urandom(8)
    )


def officer_of(device):
    return EnrolmentRequest(cose_key=SoftwareKey.generate().cose_key, sealing_key=None, log_id=device.log_id)


def admits(desk, request, configuration=BRIGADE):
    return enrolment.enrol_device(desk, request, "bta-noumea", configuration, NOW, timedelta(days=365))


def read_as_the_centre_does(desk, signed):
    directory = publication.signed_directory(desk.folder)
    return verify_enrolment(signed, directory, realm_of((desk.folder.path / "root.json").read_bytes()))


def code_of(error, call, *arguments):
    with pytest.raises(error) as caught:
        call(*arguments)
    return caught.value.code


def test_the_centre_accepts_a_new_tablet_before_any_publication(desk):
    request = tablet()
    _, signed = admits(desk, request)
    read = read_as_the_centre_does(desk, signed)
    assert (read.role, read.log_id, read.configuration) == (Role.BRIGADE, request.log_id, BRIGADE)


def test_other_tablets_learn_of_a_new_one_by_the_next_publication(desk):
    enrolled, _ = admits(desk, tablet())
    assert enrolled.kid not in {e.kid for e in publication.signed_directory(desk.folder).entries}
    publication.publish(desk.folder, desk.pass_phrases, NOW)
    assert enrolled.kid in {e.kid for e in publication.signed_directory(desk.folder).entries}


def test_a_tablet_is_admitted_once(desk):
    request = tablet()
    admits(desk, request)
    assert code_of(RuleViolated, admits, desk, request) == "DEVICE_KNOWN"


def test_a_retired_tablet_is_marked_in_the_next_directory(desk):
    enrolled, _ = admits(desk, tablet())
    enrolment.retire_device(desk.folder, enrolled.log_id, NOW)
    publication.publish(desk.folder, desk.pass_phrases, NOW)
    entry = publication.signed_directory(desk.folder).entry(enrolled.kid, Role.BRIGADE)
    assert entry.revoked_at == NOW
    assert (
        code_of(RuleViolated, enrolment.retire_device, desk.folder, enrolled.log_id, NOW) == "DEVICE_RETIRED"
    )


def test_the_centre_opens_the_sealed_end_of_a_habilitation_and_reads_when_it_ends(desk):
    device = tablet()
    admits(desk, device)
    first = NOW.astimezone(NOUMEA).date()
    between = enrolment.term(str(first), str(first + timedelta(days=60)), NOUMEA)
    given, _ = enrolment.enrol_officer(desk, officer_of(device), None, MARTIN, between)
    _, signed = enrolment.end_habilitation(desk, given.kid, NOW)
    sealed = enrolment.sealed_for_centre(desk.folder, signed, NOW)
    keys = [
        SealingPrivateKey(SuiteId.MLKEM768_X25519, path.read_bytes())
        for path in (desk.folder.path / "server" / "keys").glob("sealing-*.key")
    ]
    realm = realm_of((desk.folder.path / "root.json").read_bytes())
    opened = open_seal(sealed, {key.kid: key for key in keys}, Purpose.ENROL, realm, max_bytes=8192)
    end = read_as_the_centre_does(desk, opened)
    assert (end.kid, end.log_id, end.not_before, end.not_after) == (
        given.kid, device.log_id, given.not_before, NOW.replace(microsecond=0),
    )  # fmt: skip


def test_an_officer_is_entitled_on_one_tablet_between_two_local_days(desk):
    device = tablet()
    admits(desk, device)
    first = NOW.astimezone(NOUMEA).date()
    between = enrolment.term(str(first), str(first + timedelta(days=60)), NOUMEA)
    _, signed = enrolment.enrol_officer(desk, officer_of(device), None, MARTIN, between)
    read = read_as_the_centre_does(desk, signed)
    assert (read.unit, read.log_id, read.designation) == ("bta-noumea", device.log_id, MARTIN)
    assert read.not_before.astimezone(NOUMEA).isoformat().startswith(f"{first}T00:00:00")
    last = first + timedelta(days=60)
    assert read.not_after.astimezone(NOUMEA).isoformat().startswith(f"{last}T23:59:59")


def test_an_officer_of_an_unknown_tablet_is_not_entitled(desk):
    between = (NOW, NOW + timedelta(days=1))
    request = officer_of(tablet())
    assert (
        code_of(RuleViolated, enrolment.enrol_officer, desk, request, None, MARTIN, between)
        == "DEVICE_UNKNOWN"
    )


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        ("2026-11-22", "2027-02-20", "OFFICER_PERIOD"),
        ("2026-11-22", "2026-11-21", "OFFICER_PERIOD"),
        ("22/11/2026", "2026-11-30", "DATE"),
    ],
)
def test_a_term_over_ninety_days_or_that_ends_before_it_begins_is_refused(first, last, code):
    assert code_of(RuleViolated, enrolment.term, first, last, NOUMEA) == code


def test_an_ended_officer_keeps_key_and_tablet_and_loses_the_future(desk):
    device = tablet()
    admits(desk, device)
    between = (NOW, NOW + timedelta(days=60))
    before, _ = enrolment.enrol_officer(desk, officer_of(device), None, MARTIN, between)
    later = NOW + timedelta(days=3)
    after, signed = enrolment.end_habilitation(desk, before.kid, later)
    assert read_as_the_centre_does(desk, signed) == after
    assert (after.kid, after.log_id, after.not_before, after.not_after) == (
        before.kid,
        before.log_id,
        before.not_before,
        later,
    )


def test_a_tablet_s_request_enrols_no_officer_and_an_officer_s_no_tablet(desk):
    device = tablet()
    admits(desk, device)
    between = (NOW, NOW + timedelta(days=1))
    assert (
        code_of(RecordRejected, enrolment.enrol_officer, desk, tablet(), None, MARTIN, between) == "REQUEST"
    )
    assert code_of(RecordRejected, admits, desk, officer_of(device)) == "REQUEST"


def test_a_security_key_on_line_is_entitled_in_a_log_that_no_tablet_writes(desk):
    between = (NOW, NOW + timedelta(days=1))
    asked = officer_of(tablet())
    known, unit = RuleViolated, "bta-noumea"
    assert code_of(known, enrolment.enrol_officer, desk, asked, unit, MARTIN, between) == "DEVICE_UNKNOWN"
    enrolled, signed = enrolment.enrol_officer(desk, asked, unit, MARTIN, between, on_line=True)
    assert read_as_the_centre_does(desk, signed) == enrolled
    assert (enrolled.unit, enrolled.log_id, enrolled.cose_key) == (unit, asked.log_id, asked.cose_key)
    with pytest.raises(RuleViolated, match="UNIT_MISSING"):
        enrolment.enrol_officer(desk, asked, None, MARTIN, between, on_line=True)


def test_a_request_file_of_something_else_is_refused(tmp_path):
    path = tmp_path / "request"
    path.write_bytes(encode_request(tablet()) + b"\x00")
    assert code_of(RecordRejected, enrolment.read_request_file, path) == "REQUEST"
