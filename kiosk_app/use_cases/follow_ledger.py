"""The centre came back from an old backup: its answers carry another ledger epoch (SECURITY-DESIGN 8).

What the lost ledger proved counts no longer. The tablet keeps its last checkpoint as evidence, asks what the
new ledger has, and sends again everything after that. An answer of a ledger already left is late, or a fault.
"""

from datetime import datetime

from kiosk_app.station import OpenStore
from kiosk_app.store.alarms import Alarm
from kiosk_app.store.outbox import SentBundle
from kiosk_app.store.settings import ANY_NUMBER, Setting
from procuration.record.bundle import DownManifest
from procuration.record.growth import AlarmCode


def is_of_a_ledger_left(store: OpenStore, manifest: DownManifest, sent: SentBundle, now: datetime) -> bool:
    """Whether this answer speaks for a ledger that the centre has abandoned: nothing in it counts. In answer
    to a bundle that spoke to the ledger of today it is an alarm: the centre went back without a word.
    """
    epoch, today = manifest.ledger_epoch, store.settings.ledger_epoch
    if epoch == today or not store.alarms.has_left(epoch):
        return False
    if sent.epoch == today:
        held = store.settings.find(Setting.CHECKPOINT) or b""
        store.alarms.keep(Alarm(code=AlarmCode.EPOCH_LEFT, at=now, epoch=today, held=held, shown=epoch))
    return True


def follow(store: OpenStore, epoch: bytes, now: datetime) -> bool:
    """Turns to the ledger of an answer. Returns: whether it is another than before, thus a restored one.

    References not given yet go back: the restored centre may not know to whom it had lent them.
    """
    left = store.settings.ledger_epoch
    if epoch == left:
        return False
    with store.connection.transaction():
        if left:
            held = store.settings.find(Setting.CHECKPOINT) or b""
            store.alarms.keep(Alarm(code=AlarmCode.RESTORED, at=now, epoch=left, held=held, shown=epoch))
            for name in (Setting.TREE_SIZE, Setting.TREE_ROOT, Setting.CHECKPOINT):
                store.settings.forget(name)
            store.settings.put_number(Setting.INBOX_NUMBER, ANY_NUMBER)
            store.settings.put_number(Setting.ASKS_WHAT_IS_LEFT, 1)
            store.leases.give_back()
        store.settings.put(Setting.LEDGER_EPOCH, epoch)
    store.heard_seq = -1
    return bool(left)


def has_not_been_asked(store: OpenStore, sent: SentBundle) -> bool:
    """Whether a restored centre answers a bundle that named a tree of the lost ledger: what it shows then is
    not all that it has."""
    asks = store.settings.find(Setting.ASKS_WHAT_IS_LEFT) is not None
    return asks and sent.epoch != store.settings.ledger_epoch


def heard_what_is_left(store: OpenStore, sent: SentBundle) -> None:
    """The restored centre has answered a bundle that asked: by a receipt of what it has, or by none."""
    if not has_not_been_asked(store, sent):
        store.settings.forget(Setting.ASKS_WHAT_IS_LEFT)
