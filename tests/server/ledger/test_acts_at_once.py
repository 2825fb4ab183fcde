"""A bundle of acts: what is checked once stays checked for the reception that follows, and no more is asked
of the database for many acts than for a few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procuration.domain.status import Status
from procuration.record.cose_key import VerifyingKey
from server.dossiers.models import Procuration
from server.dossiers.services import take_in_established
from server.ledger.checked import Checked
from server.ledger.enums import Aside
from server.ledger.known import Known
from server.ledger.models import ForkEvidence, SetAside
from server.ledger.services import import_bundle


@pytest.fixture
def checks(monkeypatch) -> list[bytes]:
    """The messages whose signatures were checked."""
    seen: list[bytes] = []
    check = VerifyingKey.check

    def noted(self: VerifyingKey, signature: bytes, message: bytes) -> None:
        seen.append(message)
        check(self, signature, message)

    monkeypatch.setattr(VerifyingKey, "check", noted)
    return seen


def brings(world, kiosk, brigade, officer, numbers) -> bytes:
    """Acts whose requests the centre has not heard of."""
    for number in numbers:
        brigade.acts(kiosk.files(number, reference=None), officer, number)
    sealed = brigade.sealed()
    brigade.sent = len(brigade.pairs)
    return sealed


def test_the_statements_do_not_grow_with_the_acts_of_a_bundle(world, kiosk, brigade, officer):
    world.hears(brigade)
    world.takes(brings(world, kiosk, brigade, officer, range(1, 3)))
    asked = []
    for numbers in (range(10, 12), range(20, 60)):
        sealed = brings(world, kiosk, brigade, officer, numbers)
        with CaptureQueriesContext(connection) as statements:
            up = import_bundle(world.centre, sealed, world.clock.now())
        with CaptureQueriesContext(connection) as received:
            assert take_in_established(world.centre, up.acts) == len(numbers)
        asked.append((len(statements), len(received)))
    assert asked[0] == asked[1], [one["sql"][:100] for one in statements]
    assert max(asked[0]) <= 40


def test_each_signature_of_an_act_is_checked_once(world, kiosk, brigade, officer, checks):
    world.hears(brigade)
    sealed = brings(world, kiosk, brigade, officer, range(1, 6))
    checks.clear()
    world.takes(sealed)
    assert {row.status for row in Procuration.objects.all()} == {Status.TRANSMISE}
    assert len(checks) == len(set(checks)) == 3 * 5 + 1  # and the manifest of the bundle


def test_what_changed_since_the_import_counts_at_the_reception(world, kiosk, brigade, officer):
    """A tablet struck off between the two: what was checked of its bytes says nothing about that."""
    world.hears(brigade)
    up = import_bundle(world.centre, brings(world, kiosk, brigade, officer, range(1, 3)), world.clock.now())
    assert up.acts is not None
    known = Known(world.centre, up.acts)
    known.load_logs([kiosk.log_id])
    device = known.device(kiosk.log_id)
    assert device is not None
    for pair in kiosk.pairs:
        ForkEvidence.objects.create(
            device_id=device.id,
            seq=kiosk.pairs.index(pair),
            hash=bytes(32),
            sign1=b"",
            body=b"",
            found_at=world.clock.now(),
        )
    take_in_established(world.centre, up.acts)
    assert {one.code for one in SetAside.objects.all()} == {Aside.FORK}


def test_what_was_checked_for_one_centre_is_not_believed_by_another(world):
    checked = Checked(world.centre)
    world.set_directory(world.centre.tables.directory)
    assert world.centre is not checked.centre
    with pytest.raises(AssertionError):
        Known(world.centre, checked)


def test_a_refusal_is_never_kept():
    asked = []

    def refuses() -> int:
        asked.append(1)
        raise ValueError

    checked = Checked(None)
    for _ in range(2):
        with pytest.raises(ValueError):
            checked.once(("q",), refuses)
    assert len(asked) == 2
    assert checked.once(("q",), lambda: None) is checked.once(("q",), lambda: 1) is None


def test_answers_kept_are_bounded(monkeypatch):
    monkeypatch.setattr("server.ledger.checked._KEPT_MAX", 3)
    checked = Checked(None)
    for number in range(10):
        assert checked.once(("q", number), lambda number=number: number) == number
        assert len(checked._answers) <= 3
