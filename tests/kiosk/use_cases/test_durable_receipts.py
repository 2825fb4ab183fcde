"""What the tablet keeps of a receipt that says `durable`, in its real store."""

from procuration.record.receipt import Level
from tests.kiosk.world import Agent, draft


def answered(kiosk, centre, level):
    """The newest bundle is answered with a receipt of this level."""
    kiosk.exchange.step()
    name = kiosk.spool.bundle_names()[-1]
    sealed = (kiosk.spool.folder / "out" / f"{name}.prb").read_bytes()
    Agent(kiosk, centre).files(name, centre.answers(kiosk, sealed, level=level))
    kiosk.exchange.step()


def proved(kiosk):
    """How far each level goes."""
    return {level.name: kiosk.store.outbox.receipted_seq(level) for level in Level}


def test_a_received_receipt_says_nothing_of_durable(kiosk, centre):
    kiosk.file(draft())
    last = kiosk.store.log.head.next_seq - 1
    answered(kiosk, centre, Level.RECEIVED)
    assert proved(kiosk) == {"RECEIVED": last, "DURABLE": -1}


def test_a_durable_receipt_is_also_a_received_one_and_both_proofs_are_kept(kiosk, centre):
    kiosk.file(draft())
    last = kiosk.store.log.head.next_seq - 1
    answered(kiosk, centre, Level.DURABLE)
    assert proved(kiosk) == {"RECEIVED": last, "DURABLE": last}
    rows = kiosk.store.connection.rows("SELECT level, checkpoint, proof FROM receipt WHERE seq = ?", (last,))
    assert {row[0] for row in rows} == {Level.RECEIVED.value, Level.DURABLE.value}
    assert len({tuple(row[1:]) for row in rows}) == 1


def test_durable_said_later_of_the_same_head_is_kept_beside_the_first_proof(kiosk, centre):
    kiosk.file(draft())
    last = kiosk.store.log.head.next_seq - 1
    answered(kiosk, centre, Level.RECEIVED)
    kiosk.file(draft())
    answered(kiosk, centre, Level.DURABLE)
    assert proved(kiosk)["DURABLE"] > last
    assert kiosk.store.outbox.receipted_seq(Level.RECEIVED) == proved(kiosk)["DURABLE"]
