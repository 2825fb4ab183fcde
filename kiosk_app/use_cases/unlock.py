"""A code opens the store after a restart, and a session at any time."""

from dataclasses import dataclass

from kiosk_app.station import SOFTWARE_VERSION, Session, Station
from kiosk_app.store.slots import Opened
from kiosk_app.use_cases.purge_bodies import forget_undecided
from procuration.domain.events import Start, StartReason
from procuration.errors import RuleViolated
from procuration.record.enrolment import verify_enrolment


@dataclass(frozen=True, slots=True)
class Unlock:
    """Checks a code; every sign-in is an event."""

    station: Station

    def __call__(self, code: str) -> Session:
        """Raises: RuleViolated CODE_INCORRECT (ids: tries_left), ATTENDRE (ids: seconds), ACCES_BLOQUE,
        CLE_DE_SERVICE_ABSENTE; RecordRejected when the store is damaged, restored or not installed.
        """
        try:
            opened = self.station.open(code)
        except RuleViolated as error:
            if error.code == "ACCES_BLOQUE" and self.station.is_open:
                self.station.note_lock_outs()
            raise
        self.station.note_lock_outs()
        session = self._session(opened)
        start = Start(software_version=SOFTWARE_VERSION, reason=StartReason.SIGN_IN, kid=session.kid)
        self.station.store.log.append(start)
        self._forget_requests()
        self.station.session = session
        return session

    def lock(self) -> None:
        """Ends the session: opened requests are forgotten; the store stays open, so that sealing goes on."""
        self.station.session = None
        self._forget_requests()

    def _forget_requests(self) -> None:
        """What the session before saw and did not decide is not for the next one."""
        if self.station.is_open:
            forget_undecided(self.station.store)

    def _session(self, opened: Opened) -> Session:
        store = self.station.store
        officer = store.officers.of_slot(opened.slot.slot_id)
        if officer is None or officer.enrolment is None:
            return Session(slot_id=opened.slot.slot_id, kid=None, enrolment=None)
        enrolment = verify_enrolment(officer.enrolment, store.tables.directory, store.log.realm)
        return Session(slot_id=opened.slot.slot_id, kid=officer.kid, enrolment=enrolment)
