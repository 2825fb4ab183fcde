"""An officer finds a request: by the receipt, or by reference and birth date, here or at the centre.

A reference is a label, not a secret: the birth date is asked too, and every failure gives one neutral answer.
"""

import logging
import threading
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from kiosk_app.station import LookUpAsked, Session, Station
from kiosk_app.store.officers import MISSES_PER_HOUR_MAX
from kiosk_app.store.requests import HeldRequest, Source, read_request, verify_request
from procuration.domain.events import Authentication, Filed, Kind, LockOut, LookUp
from procuration.domain.identifiers import Kid, Rid
from procuration.domain.people import PartialDate
from procuration.domain.reference import Reference
from procuration.domain.status import Status
from procuration.errors import RecordRejected, RuleViolated
from procuration.record.locked_copy import derive, unlock
from procuration.record.printed import read_qr_text

log = logging.getLogger(__name__)

_DOUBTS = frozenset({"KEY_UNKNOWN", "KEY_ROLE", "KEY_NOT_YET", "KEY_ENDED", "KEY_REVOKED", "KEY_LOG"})
"""The key is not, or no more, that of a kiosk; nothing is said yet of its signature."""
_UNDECIDED = frozenset({Status.INCONNUE, Status.DEMANDE, Status.RECUEILLIE})


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRequest:
    """One request, opened for the officer until the end of their session.

    Attributes:
        decision: local date of the decision already known here; None while there is none.
        source: how it came here.
    """

    rid: Rid
    filed: Filed
    reference: Reference | None = field(repr=False)
    filed_at: datetime
    authentication: Authentication
    decision: date | None
    source: Source


class FindRequest:
    """Finds requests for the officer at work."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._deriving = threading.Lock()
        """One key at a time: each takes 64 MiB."""

    def by_reference(self, reference: Reference, birth_date: PartialDate) -> FoundRequest:
        """Among the requests this tablet holds, then among its locked copies.

        Raises: RuleViolated DEMANDE_INTROUVABLE (whatever was wrong), TROP_D_ESSAIS; POSTE_INCONNU, as
            `by_qr`, of a copy.
        """
        officer = self._allowed()
        held = self._held(reference, birth_date) or self._unlocked(reference, birth_date)
        if held is None:
            self._count_miss(officer)
            raise RuleViolated("DEMANDE_INTROUVABLE")
        return self._open(officer, held)

    def by_qr(self, text: str) -> FoundRequest:
        """From the receipt, with neither side on line.

        Raises: RecordRejected QR (neutral); RuleViolated POSTE_INCONNU when the receipt is from a kiosk this
            tablet does not know or that was revoked: the request is filed again on the spot, with
            `prefill_from_qr` (SECURITY-DESIGN 9).
        """
        officer = self._allowed()
        held = self._read_receipt(text)
        self._refuse_doubts(held)
        return self._open(officer, held)

    def prefill_from_qr(self, text: str) -> FoundRequest:
        """The content of a receipt whose kiosk is not trusted: to be read again by the elector, never
        acted on.

        Raises: RecordRejected QR, also when it is forged.
        """
        officer = self._station.officer
        held = self._read_receipt(text)
        self._doubt_of_kiosk(held)
        officer.opened.pop(held.rid, None)
        return self._found(held)

    def filed_here(self) -> tuple[FoundRequest, ...]:
        """The requests filed on this tablet that still wait for an act, the newest first."""
        self._allowed()
        return tuple(self._found(held) for held in self._station.store.requests.filed_here_undecided())

    def by_rid(self, rid: Rid) -> FoundRequest:
        """One that was filed on this tablet. Raises: RuleViolated DEMANDE_INTROUVABLE, TROP_D_ESSAIS."""
        officer = self._allowed()
        held = self._station.store.requests.find(rid)
        if held is None or held.source is not Source.FILED_HERE:
            raise RuleViolated("DEMANDE_INTROUVABLE")
        return self._open(officer, held)

    def by_centre(self, reference: Reference, birth_date: PartialDate) -> None:
        """Asks the centre by a look-up event; the answer comes with a later bundle: see `poll`.

        Raises: RuleViolated TROP_D_ESSAIS.
        """
        officer = self._allowed()
        content = LookUp(reference=reference, birth_date=birth_date, officer=_kid(officer))
        appended = self._station.store.log.append(content)
        officer.asked = LookUpAsked(reference, birth_date, appended.seq)

    def poll(self) -> FoundRequest | None:
        """The request last asked of the centre, once it has come; None as long as the answer may come.

        Raises: RuleViolated DEMANDE_INTROUVABLE, once the centre has answered without it.
        """
        officer = self._station.officer
        asked = officer.asked
        if asked is None:
            return None
        answered = (
            self._station.store.heard_seq >= asked.seq
        )  # first: an answer is applied before it is heard
        held = self._held(asked.reference, asked.birth_date)
        if held is None and not answered:
            return None
        officer.asked = None
        if held is None:
            raise RuleViolated("DEMANDE_INTROUVABLE")  # the search here has counted the miss already
        return self._open(officer, held)

    def _allowed(self) -> Session:
        officer = self._station.officer
        now = self._station.clock.now()
        if self._station.store.officers.misses(_kid(officer), now) >= MISSES_PER_HOUR_MAX:
            raise RuleViolated("TROP_D_ESSAIS")
        return officer

    def _count_miss(self, officer: Session) -> None:
        store, now = self._station.store, self._station.clock.now()
        store.officers.add_miss(_kid(officer), now)
        misses = store.officers.misses(_kid(officer), now)
        if misses == MISSES_PER_HOUR_MAX:
            store.log.append(LockOut(slot_id=officer.slot_id, tries=misses))

    def _held(self, reference: Reference, birth_date: PartialDate) -> HeldRequest | None:
        found = self._station.store.requests.of_reference(reference)
        return next((held for held in found if held.filed.mandant.birth_date == birth_date), None)

    def _unlocked(self, reference: Reference, birth_date: PartialDate) -> HeldRequest | None:
        """The request of a locked copy, opened in memory only. The key is made whether or not there is one:
        a wrong date takes as long as an unknown reference."""
        store = self._station.store
        with self._deriving:
            keys = derive(reference, birth_date, store.log.realm)
        ciphertext = store.locked_copies.find(keys.tag, self._station.proved_now())
        if ciphertext is None:
            return None
        try:
            held = read_request(unlock(ciphertext, keys, store.log.realm), Source.LOCKED_COPY)
        except RecordRejected as error:
            log.warning("copy_refused", extra={"code": error.code})
            return None
        asked = (reference, birth_date)
        if (held.filed.reference, held.filed.mandant.birth_date) != asked:
            log.warning("copy_refused", extra={"code": "COPY_OF_ANOTHER"})
            return None
        self._refuse_doubts(held)
        return replace(held, copy_tag=keys.tag)

    def _read_receipt(self, text: str) -> HeldRequest:
        store = self._station.store
        keys = store.requests.epoch_keys(store.proved_time.now())
        pair = read_qr_text(text, keys, store.log.realm)
        try:
            return read_request(pair, Source.RECEIPT)
        except RecordRejected as error:
            raise RecordRejected("QR") from error

    def _refuse_doubts(self, held: HeldRequest) -> None:
        """Of what came by paper or in a copy. Raises: as `by_qr`."""
        doubt = self._doubt_of_kiosk(held)
        if doubt is not None:
            raise RuleViolated("POSTE_INCONNU", reason=doubt)

    def _doubt_of_kiosk(self, held: HeldRequest) -> str | None:
        """Why this tablet can not tell whether the writer of a receipt may write; None when it may.

        Raises: RecordRejected QR when a kiosk that it knows did not sign this: nobody's request, a forgery.
        """
        store = self._station.store
        try:
            verify_request(held.pair, store.tables.directory, store.log.realm)
        except RecordRejected as error:
            if error.code in _DOUBTS:
                return error.code
            raise RecordRejected("QR") from error
        return None

    def _open(self, officer: Session, held: HeldRequest) -> FoundRequest:
        officer.opened[held.rid] = held
        return self._found(held)

    def _found(self, held: HeldRequest) -> FoundRequest:
        return found_request(self._station, held)


def found_request(station: Station, held: HeldRequest) -> FoundRequest:
    """What an officer is shown of a request, with the decision known here."""
    return FoundRequest(
        rid=held.rid,
        filed=held.filed,
        reference=held.filed.reference,
        filed_at=held.filed_at,
        authentication=held.filed.authentication,
        decision=decision_known(station, held.rid),
        source=held.source,
    )


def decision_known(station: Station, rid: Rid) -> date | None:
    """Local date of the decision this tablet knows of; None while there is none."""
    store = station.store
    state = store.requests.state(rid)
    acts = [event for event in store.log.of_request(rid) if event.kind is Kind.ACT]
    if state is not None and state.set_aside:  # what was decided here before does not count: decide again
        acts = [event for event in acts if event.at > state.at.timestamp()]
    if acts:
        at = datetime.fromtimestamp(acts[0].at, store.zone)
    else:
        if state is None or state.status in _UNDECIDED:
            return None
        at = state.at.astimezone(store.zone)
    return at.date()


def _kid(officer: Session) -> Kid:
    assert officer.kid is not None, "Station.officer has checked it"
    return officer.kid
