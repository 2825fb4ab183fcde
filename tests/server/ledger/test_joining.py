"""Requests for enrolment that come by network: bounded, idempotent, answered once a supervisor has signed."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import Sum
from django.test import RequestFactory

from procuration.errors import CarrierUnavailable, RecordRejected
from procuration.record.enrolment import EnrolmentRequest, encode_request, read_request, sign_enrolment
from procuration.record.limits import ENROLMENT_REQUEST_BYTES_MAX
from server.api import joining as api
from server.api.rates import ADDRESSES_MAX, Rates
from server.ledger import joining
from server.ledger.enrol import accept_signed
from server.ledger.models import Device, EnrolmentWanted, RefusedCount
from server.pages.limits import Limit, Shared
from server.pages.models import RateCount
from tests import builders
from tests.builders import NOW, REALM
from tests.server.centre import Tablet

MINUTE = timedelta(minutes=1)


def tablet(name="new") -> Tablet:
    return Tablet(name)


def request_of(tablet, **changes) -> bytes:
    told = {
        "cose_key": tablet.key.cose_key, "sealing_key": tablet.sealing_key.public, "log_id": tablet.log_id,
        **changes,
    }  # fmt: skip
    return encode_request(EnrolmentRequest(**told))


def signed(tablet, supervisor="supervisor") -> bytes:
    return sign_enrolment(tablet.enrolment, builders.key(supervisor), REALM)


def posts(data, address="192.0.2.7", **headers):
    request = RequestFactory().post(
        "/v1/enrolment", data, "application/octet-stream", REMOTE_ADDR=address, headers=headers
    )
    return api.EnrolmentView.as_view()(request)


@pytest.fixture(autouse=True)
def calm(monkeypatch):
    """Each test has its own counts."""
    monkeypatch.setattr(api, "RATES", Rates(each=120, each_seconds=600, together=1_000, together_seconds=60))


def test_a_request_waits_once_however_often_it_comes(world):
    data = request_of(tablet())
    for minutes in range(3):
        world.centre.clock.at = NOW + minutes * MINUTE
        answer = posts(data)
        assert (answer.status_code, json.loads(answer.content)) == (202, {"code": "EN_ATTENTE"})
    (row,) = EnrolmentWanted.objects.all()
    assert (row.asked_at, row.heard_at) == (NOW, NOW + 2 * MINUTE)
    assert bytes(row.request) == data


def test_the_answer_is_what_the_supervisor_signed_and_the_request_waits_no_more(world):
    new = tablet()
    assert posts(request_of(new)).status_code == 202
    accept_signed(world.centre, signed(new), NOW)
    answer = posts(request_of(new))
    assert (answer.status_code, answer.content) == (200, signed(new))
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert not EnrolmentWanted.objects.exists()
    assert posts(request_of(new)).content == signed(new)  # its first answer may have been lost


def test_an_answered_request_is_not_shown_even_before_its_tablet_comes_back(world):
    new = tablet()
    joining.answer_to(world.centre, request_of(new), NOW)
    accept_signed(world.centre, signed(new), NOW)
    assert not joining.waiting().exists()
    assert joining.tidy(NOW) == 1


@pytest.mark.parametrize("other", ["sealing_key", "cose_key"])
def test_other_keys_in_a_known_log_get_no_answer(world, other):
    new, stranger = tablet(), tablet("stranger")
    accept_signed(world.centre, signed(new), NOW)
    keys = {"sealing_key": stranger.sealing_key.public, "cose_key": stranger.key.cose_key}
    answer = posts(request_of(new, **{other: keys[other]}))
    assert (answer.status_code, json.loads(answer.content)) == (422, {"code": "APPAREIL_DEJA_ENROLE"})


def test_a_device_past_its_term_is_told_so(world):
    new = tablet()
    accept_signed(world.centre, signed(new), NOW)
    world.centre.clock.at = NOW + timedelta(days=400)
    assert json.loads(posts(request_of(new)).content) == {"code": "APPAREIL_RETIRE"}


def test_a_second_request_with_the_same_key_or_log_never_stands_beside_the_first(world):
    new, stranger = tablet(), tablet("stranger")
    posts(request_of(new))
    for changes in ({"sealing_key": stranger.sealing_key.public}, {"cose_key": stranger.key.cose_key}):
        answer = posts(request_of(new, **changes))
        assert (answer.status_code, json.loads(answer.content)) == (409, {"code": "DEMANDE_AUTRE"})
    assert bytes(EnrolmentWanted.objects.get().request) == request_of(new)


@pytest.mark.parametrize(
    "body",
    [
        b"noise",
        b"\x00",
        b"\xa4" * 200,
        request_of(tablet())[:-1],
        request_of(tablet()) + b"\x00",
        request_of(tablet(), sealing_key=None),
        b"\x9f" * 4_000,
    ],
    ids=["text", "number", "maps", "cut", "longer", "an officer's", "nested"],
)
def test_what_is_no_request_is_refused_and_not_kept(world, body):
    answer = posts(body)
    assert (answer.status_code, json.loads(answer.content)) == (422, {"code": "DEMANDE_ILLISIBLE"})
    assert not EnrolmentWanted.objects.exists()
    assert RefusedCount.objects.get().code == "DEMANDE_ILLISIBLE"


def test_size_is_looked_at_before_anything_is_read(world):
    answer = posts(b"x" * (ENROLMENT_REQUEST_BYTES_MAX + 1))
    assert (answer.status_code, json.loads(answer.content)) == (413, {"code": "LOT_TROP_GRAND"})
    with pytest.raises(RecordRejected, match="LOT_TROP_GRAND"):
        joining.answer_to(world.centre, b"x" * (ENROLMENT_REQUEST_BYTES_MAX + 1), NOW)


def test_only_so_many_new_ones_in_an_hour_but_those_that_wait_are_always_heard(world, monkeypatch):
    monkeypatch.setattr(joining, "NEW_PER_HOUR_MAX", 2)
    first, second, third = (request_of(tablet(name)) for name in ("a", "b", "c"))
    assert [posts(data).status_code for data in (first, second)] == [202, 202]
    answer = posts(third)
    assert (answer.status_code, json.loads(answer.content)) == (429, {"code": "TROP_DE_DEMANDES"})
    assert answer.headers["Retry-After"] == "600"
    assert posts(first).status_code == 202
    world.centre.clock.at = NOW + timedelta(minutes=61)
    assert posts(third).status_code == 202


def test_when_the_table_is_full_the_one_that_nobody_asks_about_leaves(world, monkeypatch):
    monkeypatch.setattr(joining, "ROWS_MAX", 2)
    asks, silent, new = (tablet(name) for name in ("asks", "silent", "new"))
    joining.answer_to(world.centre, request_of(asks), NOW)
    joining.answer_to(world.centre, request_of(silent), NOW + MINUTE)
    joining.answer_to(world.centre, request_of(asks), NOW + 2 * MINUTE)
    joining.answer_to(world.centre, request_of(new), NOW + 3 * MINUTE)
    kept = set(EnrolmentWanted.objects.values_list("log_id", flat=True))
    assert kept == {asks.log_id.hex(), new.log_id.hex()}


def test_a_request_is_forgotten_a_month_after_its_tablet_was_last_heard(world):
    joining.answer_to(world.centre, request_of(tablet()), NOW)
    assert joining.tidy(NOW + timedelta(days=30)) == 0
    assert joining.tidy(NOW + timedelta(days=30, seconds=1)) == 1


def test_one_address_may_ask_so_often_and_others_are_not_kept_waiting(world, monkeypatch):
    monkeypatch.setattr(api, "RATES", Rates(each=2, each_seconds=60, together=9, together_seconds=60))
    data = request_of(tablet())
    assert [posts(data).status_code for _ in range(3)] == [202, 202, 429]
    assert 0 < int(posts(data).headers["Retry-After"]) <= 61
    assert posts(data, "192.0.2.8").status_code == 202


def test_several_workers_let_no_more_through_than_one_and_a_flood_writes_nothing(world, monkeypatch):
    """A worker is a memory of its own; the period never ends during the test."""
    ages = 10**9
    monkeypatch.setattr(api, "SHARED", Shared(Limit("enrolments", 3, ages), Limit("all-enrolments", 5, ages)))

    def another_worker():
        told = Rates(each=2, each_seconds=60, together=9, together_seconds=60)
        monkeypatch.setattr(api, "RATES", told)

    data = request_of(tablet())
    another_worker()
    assert [posts(data).status_code for _ in range(2)] == [202, 202]
    another_worker()
    answers = [posts(data) for _ in range(2)]
    assert [one.status_code for one in answers] == [202, 429]
    assert int(answers[1].headers["Retry-After"]) > 60
    another_worker()
    assert [posts(data, "192.0.2.8").status_code for _ in range(2)] == [202, 202]
    another_worker()
    assert posts(data, "192.0.2.9").status_code == 429, "all together"

    counted = RateCount.objects.aggregate(all=Sum("count"))["all"]
    monkeypatch.setattr(api, "RATES", Rates(each=0, each_seconds=60, together=9, together_seconds=60))
    assert posts(data).status_code == 429
    assert RateCount.objects.aggregate(all=Sum("count"))["all"] == counted


class TestRates:
    def rates(self, **changes):
        self.now = 0.0
        told = {"each": 2, "each_seconds": 60, "together": 1_000_000, "together_seconds": 60, **changes}
        return Rates(**told, clock=lambda: self.now)

    def test_a_count_begins_again_after_its_period(self):
        rates = self.rates()
        assert [rates.wait_seconds("192.0.2.1") for _ in range(3)] == [0, 0, 61]
        self.now = 60.0
        assert rates.wait_seconds("192.0.2.1") == 0

    def test_all_together_have_a_count_too(self):
        rates = self.rates(together=2)
        assert [rates.wait_seconds(f"192.0.2.{last}") for last in range(3)] == [0, 0, 61]

    def test_the_addresses_of_one_ipv6_network_are_one(self):
        rates = self.rates()
        assert [rates.wait_seconds(f"2001:db8::{last}") for last in range(3)] == [0, 0, 61]
        assert rates.wait_seconds("2001:db8:0:1::1") == 0

    def test_memory_is_bounded_whatever_comes(self):
        rates = self.rates()
        for number in range(ADDRESSES_MAX + 10):
            rates.wait_seconds(f"10.0.{number >> 8}.{number & 255}")
        assert len(rates._asked) == ADDRESSES_MAX
        assert rates.wait_seconds("no address at all") == 0


class TestCommand:
    def says(self, *arguments):
        out = StringIO()
        call_command("enrolments", *arguments, stdout=out)
        return out.getvalue()

    def test_a_request_is_listed_and_written_by_its_fingerprint(self, world, tmp_path):
        new = tablet()
        posts(request_of(new))
        listed = json.loads(self.says("list", "--json"))
        assert (listed["log_id"], listed["asked_at"]) == (new.log_id.hex(), NOW.isoformat())
        assert listed["fingerprint"] in self.says("list")
        self.says("export", listed["fingerprint"], str(tmp_path / "demande.cbor"))
        written = read_request((tmp_path / "demande.cbor").read_bytes())
        assert written.cose_key == new.key.cose_key

    def test_another_fingerprint_writes_nothing(self, world, tmp_path):
        with pytest.raises(RecordRejected, match="DEMANDE_ABSENTE"):
            self.says("export", "0000 1111 2222 3333", str(tmp_path / "demande.cbor"))
        assert not list(tmp_path.glob("*.cbor"))


def test_a_centre_restored_from_a_backup_still_knows_the_device(world):
    """The answer needs no row of its own: the device is enough."""
    new = tablet()
    accept_signed(world.centre, signed(new), NOW)
    EnrolmentWanted.objects.all().delete()
    assert Device.objects.get(log_id=new.log_id.hex()).enrolment is not None
    assert posts(request_of(new)).status_code == 200


def test_too_many_is_no_refusal_for_the_agent(world, monkeypatch):
    monkeypatch.setattr(joining, "NEW_PER_HOUR_MAX", 0)
    with pytest.raises(CarrierUnavailable, match="TROP_DE_DEMANDES"):
        joining.answer_to(world.centre, request_of(tablet()), NOW)
