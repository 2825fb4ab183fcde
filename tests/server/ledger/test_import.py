"""A bundle comes in: what is stored, what is answered."""

from procuration.domain.events import Kind
from procuration.domain.status import Status
from procuration.record.inbox import Lease, State
from server.dossiers.models import Procuration
from server.ledger.models import Bundle, Event


def test_a_filed_request_is_stored_proved_and_becomes_a_dossier(world, kiosk):
    kiosk.files()
    world.hears(kiosk)
    assert Event.objects.filter(device__log_id=kiosk.log_id.hex(), kind=Kind.FILED).count() == 1
    assert [(proved.log_id, proved.seq, proved.hash) for proved in kiosk.receipts] == [
        (kiosk.log_id, 0, kiosk.pairs[0].hash)
    ]
    assert Procuration.objects.get().status == Status.DEMANDE
    assert Bundle.objects.get().added == 1


def test_a_first_contact_brings_a_lot_of_two_hundred_references(world, kiosk):
    world.hears(kiosk)
    (lease,) = kiosk.inbox
    assert isinstance(lease, Lease)
    assert len(set(lease.references)) == 200


def test_an_act_that_carries_its_request_makes_the_procuration_transmise(world, kiosk, brigade, officer):
    request = kiosk.files()
    brigade.acts(request, officer)
    world.hears(brigade)
    assert Procuration.objects.get().status == Status.TRANSMISE
    assert State in {type(content) for content in brigade.inbox}
