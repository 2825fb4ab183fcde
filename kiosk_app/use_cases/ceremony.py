"""Two people at one tablet, without any network: a supervisor with their key on a stick, and somebody whose
code opens this tablet (SECURITY-DESIGN 4 and 11).

Decides who they must be, and how slots, officers and log change in one step. The log is the point of no
return: a new slot is written before the transaction, an old one is taken away after it, and what a power cut
leaves between is dropped at the next start (`store.slot_record`).
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol

from kiosk_app.station import Station
from kiosk_app.store.slots import Opened, Slot, SlotKind
from procuration.adapters.key_file import KeyFile
from procuration.adapters.keys import SoftwareKey
from procuration.domain.events import Enrolled, SlotChange, SlotOperation, TwoPeople
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.cose_key import ed25519_cose_key, kid_of
from procuration.record.directory import Entry, Role
from procuration.record.enrolment import Enrolment, sign_enrolment, verify_enrolment

log = logging.getLogger(__name__)

_OUT_OF_OFFICE: Final = {
    "KEY_UNKNOWN": "RESPONSABLE_INCONNU",
    "KEY_ROLE": "RESPONSABLE_INCONNU",
    "KEY_NOT_YET": "RESPONSABLE_TERMINE",
    "KEY_ENDED": "RESPONSABLE_TERMINE",
    "KEY_REVOKED": "RESPONSABLE_RETIRE",
}


class SupervisorKeys(Protocol):
    """The key files within reach. Raises: CarrierUnavailable CLE_DU_RESPONSABLE_ABSENTE."""

    def __call__(self) -> Sequence[KeyFile]: ...


@dataclass(frozen=True, slots=True)
class TwoCodes:
    """What both people type: the phrase of the supervisor's key, and a code of this tablet."""

    phrase: str = field(repr=False)
    second: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Gathered:
    """Both are there, for one ceremony: nothing of it is kept.

    Attributes:
        entry: the supervisor's line of the directory.
        opened: the second person's slot, with the store key.
    """

    key: SoftwareKey = field(repr=False)
    entry: Entry
    opened: Opened = field(repr=False)

    @property
    def by(self) -> TwoPeople:
        """As the log names them."""
        return TwoPeople(supervisor=self.key.kid, second_slot=self.opened.slot.slot_id)


class Ceremony:
    """What every coming and going of an officer has in common."""

    def __init__(self, station: Station, keys: SupervisorKeys) -> None:
        self.station, self._keys = station, keys

    def gather(self, codes: TwoCodes) -> Gathered:
        """Both people, once each has proved who they are; the second one's code also opens a closed store.

        Raises: RuleViolated SECONDE_PERSONNE, when it is the supervisor again; PHRASE_INCORRECTE,
            RESPONSABLE_INCONNU, RESPONSABLE_TERMINE, RESPONSABLE_RETIRE; CarrierUnavailable
            CLE_DU_RESPONSABLE_ABSENTE; as `Station.open`.
        """
        if codes.phrase == codes.second:
            raise RuleViolated("SECONDE_PERSONNE")
        opened = self.station.open(codes.second)
        self.station.note_lock_outs()
        if opened.slot.kind is SlotKind.PASS_PHRASE and opened.slot.kid is None:
            raise RuleViolated("SECONDE_PERSONNE")  # the phrase that the supervisor got at installation
        key, entry = self._supervisor(codes.phrase)
        if opened.slot.kid == key.kid:
            raise RuleViolated("SECONDE_PERSONNE")
        return Gathered(key, entry, opened)

    def now(self) -> datetime:
        """What terms begin and end with: never before a proved time, whole seconds."""
        return self.station.proved_now().replace(microsecond=0)

    def signed(self, gathered: Gathered, enrolment: Enrolment) -> bytes:
        """Signed by the supervisor, and read back as the centre will. Raises: RecordRejected."""
        store = self.station.store
        directory, realm = store.tables.directory, store.log.realm
        signed = sign_enrolment(enrolment, gathered.key, realm)
        verify_enrolment(signed, directory, realm, met_at=max(self.station.clock.now(), directory.issued))
        return signed

    def change(
        self,
        gathered: Gathered,
        enrolments: Sequence[bytes],
        keep: Callable[[], None],
        *,
        added: Opened | None = None,
        removed: Sequence[Slot] = (),
    ) -> int:
        """Everything or nothing.

        Args:
            enrolments: signed ones, each an event, in this order.
            keep: what the tables of the store remember, in the same transaction.
            added: a slot that stands in the file already.
        Returns: the place of the last event.
        """
        events = self.station.store.log
        changes = [(slot, SlotOperation.REMOVED) for slot in removed]
        if added is not None:
            changes.insert(0, (added.slot, SlotOperation.ADDED))
        try:
            with events.transaction():
                for slot, operation in changes:
                    events.append(_slot_change(slot, operation, gathered.by))
                for signed in enrolments:
                    events.append(Enrolled(signed_enrolment=signed))
                keep()
                last = events.head.next_seq - 1
        except Exception:
            self._drop([] if added is None else [added.slot.slot_id])
            raise
        self._drop([slot.slot_id for slot in removed])
        return last

    def _drop(self, gone: Sequence[bytes]) -> None:
        try:
            if gone:
                self.station.slots.drop(gone)
        except OSError:  # the log does not count them any more: the next start drops them
            log.warning("slots_not_dropped", extra={"code": "DISK"})

    def _supervisor(self, phrase: str) -> tuple[SoftwareKey, Entry]:
        """The key that this phrase opens, when its holder is in office now."""
        directory = self.station.store.tables.directory
        at = max(self.station.clock.now(), directory.issued)
        refused = ""
        for file in self._keys():
            try:
                entry = directory.valid_entry(kid_of(ed25519_cose_key(file.public)), at, Role.SUPERVISOR)
                return SoftwareKey(file.unlock(phrase).private_bytes_raw()), entry
            except RecordRejected as error:
                refused = refused or _OUT_OF_OFFICE.get(error.code, "RESPONSABLE_INCONNU")
            except RuleViolated:
                refused = "PHRASE_INCORRECTE"
        raise RuleViolated(refused)


def _slot_change(slot: Slot, operation: SlotOperation, by: TwoPeople) -> SlotChange:
    return SlotChange(
        slot_id=slot.slot_id, slot_kind=slot.kind.value, operation=operation, kid=slot.kid, by=by
    )
