"""A complete throw-away centre for tests: invented keys, the real calendar and law, a clock that the test
holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from procuration.adapters.keys import SoftwareKey
from procuration.domain.acts import ActDecision
from procuration.domain.events import BodyKey, Content, Enrolled, LookUp, SyncEvidence
from procuration.domain.law import Law
from procuration.domain.people import PartialDate, PlaceType
from procuration.domain.reference import Reference
from procuration.domain.sites import PublicPlace
from procuration.record.body_key import encrypt_body, seal_body_key
from procuration.record.bundle import DownManifest, bundle_digest, read_down
from procuration.record.chain import after_event
from procuration.record.cose_key import VerifyingKey
from procuration.record.directory import Directory, Role
from procuration.record.enrolment import (
    PROFILE_OF,
    Configuration,
    Designation,
    Enrolment,
    OfflineRequestPolicy,
    sign_enrolment,
)
from procuration.record.event import EventPair, body_hash, encode_body, sign_event
from procuration.record.inbox import EntryContent, LogStopped
from procuration.record.limits import SEALED_BUNDLE_BYTES_MAX
from procuration.record.receipt import ProvedHead, Receipt, verify_receipt
from procuration.record.sealed import Purpose, SuiteId, open_seal, seal
from procuration.record.tables import Table, read_calendar, read_law, read_table
from server.config.centre import Centre, Tables
from server.config.communes import Commune, read_communes
from server.ledger.enrol import accept_enrolment
from server.ledger.services import accept_bundle
from tests import builders
from tests.builders import NOW, REALM

REFERENCE_DATA = Path(__file__).resolve().parents[2] / "provisioning" / "reference_data"


@dataclass
class HeldClock:
    """A clock that moves when the test says so. Implements `ports.Clock`."""

    at: datetime = NOW
    boot_id: bytes = bytes(8)

    def now(self) -> datetime:
        return self.at

    def monotonic_ms(self) -> int:
        return 0


def tables(directory: Directory) -> Tables:
    """The real calendar and law beside an invented directory."""
    calendar, law = (
        read_table((REFERENCE_DATA / f"{name}.cbor").read_bytes()) for name in ("calendar-demo", "law")
    )
    return Tables(
        directory=directory,
        calendar=read_calendar(calendar),
        law=Law(read_law(law)),
        communes=communes(),
        communes_table=communes_table(),
    )


@cache
def communes() -> dict[tuple[str, int], Commune]:
    """The real names and clocks, read once for all tests."""
    return read_communes(communes_table())


@cache
def communes_table() -> Table:
    """The same as it was signed, for searches."""
    return read_table((REFERENCE_DATA / "communes-2026.cbor").read_bytes())


def centre_of(home: Path, directory: Directory | None = None) -> Centre:
    """The centre of the keys called "server" and "checkpoint"."""
    return Centre(
        home=home,
        clock=HeldClock(),
        realm=REALM,
        log_id=builders.log_id("server"),
        signer=builders.key("server"),
        checkpoint_signer=builders.key("checkpoint"),
        sealing_keys={builders.sealing_key("server").kid: builders.sealing_key("server")},
        epoch_keys={number: builders.sealing_key(f"epoch {number}", SuiteId.X25519) for number in (1, 2)},
        tables=tables(directory or builders.directory()),
    )


@dataclass
class Tablet(builders.Device):
    """A tablet that speaks to a centre: it seals what it wrote and reads the answers."""

    role: Role = Role.KIOSK
    sent: int = 0
    applied: int = 0
    tree: int = 0
    inbox: list[EntryContent] = field(default_factory=list)
    receipts: list[ProvedHead] = field(default_factory=list)
    stopped: LogStopped | None = None
    body_key: bytes | None = None
    body_key_seq: int | None = None

    @property
    def enrolment(self) -> Enrolment:
        """What the supervisor signs for this tablet."""
        return Enrolment(
            cose_key=self.key.cose_key,
            role=self.role,
            unit="988-test",
            not_before=NOW - timedelta(days=10),
            not_after=NOW + timedelta(days=365),
            log_id=self.log_id,
            sealing_key=self.sealing_key.public,
            configuration=Configuration(
                profile=PROFILE_OF[self.role],
                unit_name="Poste d’essai",
                place="98818",
                departement="988",
                policy=OfflineRequestPolicy.DEMATERIALISED,
                place_type=PlaceType.COMMUNE if self.role is Role.TOWN_HALL else None,
            ),
        )

    def sealed_enrolment(self, supervisor: str = "supervisor", enrolment: Enrolment | None = None) -> bytes:
        """The enrolment as the spool carries it."""
        signed = sign_enrolment(enrolment or self.enrolment, builders.key(supervisor), self.realm)
        return seal(signed, builders.sealing_key("server").public, Purpose.ENROL, self.realm)

    def starts_hiding_bodies(self) -> None:
        """The kiosk makes a body key and logs it."""
        self.body_key = self.random(32)
        self.body_key_seq = self.head.next_seq
        sealed = seal_body_key(self.body_key, builders.sealing_key("server").public, self.realm)
        self.records(BodyKey(sealed_key=sealed))

    def files(self, number: int = 1, **changes: object) -> EventPair:
        """A request, as paper and screen have it: body in plain form. What the log keeps is encrypted once
        a body key exists.
        """
        content = builders.filed(**{**builders.people(number), **changes})
        if self.body_key is None:
            return self.records(content, rid=builders.rid(number))
        body = encode_body(content, self.random)
        rid = builders.rid(number)
        envelope = replace(self.envelope(content, body, rid), body_key_seq=self.body_key_seq)
        assert envelope.body_hash == body_hash(body)
        pair = EventPair(sign_event(envelope, self.key, self.realm), body)
        self.head = after_event(self.head, envelope, pair.hash)
        self.pairs.append(EventPair(pair.sign1, encrypt_body(body, self.body_key, rid, self.random)))
        return pair

    def enrols(self, officer: SoftwareKey, **changes: object) -> EventPair:
        """Logs the habilitation of an officer on this tablet."""
        enrolment = Enrolment(
            cose_key=officer.cose_key,
            role=Role.OFFICER,
            unit="988-test",
            not_before=NOW - timedelta(days=1),
            not_after=NOW + timedelta(days=89),
            log_id=self.log_id,
            designation=Designation(
                nom=builders.OFFICER.nom,
                prenoms=builders.OFFICER.prenoms,
                qualite=builders.OFFICER.qualite,
                designation="TPI Nouméa, 2027-12",
            ),
        )
        supervisor = str(changes.pop("supervisor", "supervisor"))
        signed = sign_enrolment(replace(enrolment, **changes), builders.key(supervisor), self.realm)
        return self.records(Enrolled(signed_enrolment=signed))

    def acts(self, request: EventPair, officer: SoftwareKey, number: int = 1, **changes: object) -> EventPair:
        """The officer establishes (or what `changes` say)."""
        drawn_up = builders.act(self, request, rid=builders.rid(number))
        return builders.records_act(self, request, replace(drawn_up, **changes), officer)

    def refuses(self, request: EventPair, officer: SoftwareKey, code: object, number: int = 1) -> EventPair:
        """The officer refuses with a code."""
        return self.acts(request, officer, number, decision=ActDecision.REFUSED, refusal_code=code)

    def looks_up(self, reference: str, birth_date: PartialDate, officer: SoftwareKey) -> EventPair:
        """Asks the centre for one request."""
        return self.records(
            LookUp(reference=Reference(reference), birth_date=birth_date, officer=officer.kid)
        )

    def sealed(self, first: int | None = None, last: int | None = None, **changes: object) -> bytes:
        """A sealed bundle of the events from `first` to `last`, those not sent yet by default."""
        start = self.sent if first is None else first
        carried = tuple(self.pairs[start:last])
        told = {"first_seq": start, "inbox_number": self.applied, "checkpoint_size": self.tree, **changes}
        return self.sealed_bundle(builders.sealing_key("server"), carried, **told)

    def reads(self, sealed_up: bytes, sealed_down: bytes) -> DownManifest:
        """Opens an answer as the app does: seal, signature, receipts; applies the next entries only."""
        keys = {self.sealing_key.kid: self.sealing_key}
        plaintext = open_seal(sealed_down, keys, Purpose.DOWN, self.realm, max_bytes=SEALED_BUNDLE_BYTES_MAX)
        down = read_down(plaintext, VerifyingKey(builders.key("server").cose_key), self.realm)
        assert down.answered == bundle_digest(sealed_up)
        assert down.log_id == self.log_id
        for entry in down.entries:
            if isinstance(entry.content, Receipt):
                proved = verify_receipt(entry.content, builders.key("checkpoint").cose_key, self.realm)
                self.receipts.append(proved)
                self.tree = max(self.tree, proved.tree.size)
            elif isinstance(entry.content, LogStopped):
                self.stopped = entry.content
            elif entry.number == self.applied + 1:
                self.applied += 1
                self.inbox.append(entry.content)
        return down


@dataclass
class World:
    """A centre and its tablets, in one process."""

    centre: Centre

    def knows(self, *tablets: Tablet) -> None:
        """These tablets are enrolled at the centre."""
        for tablet in tablets:
            accept_enrolment(self.centre, tablet.sealed_enrolment(), self.centre.clock.now())

    def kiosk(self, name: str = "kiosk") -> Tablet:
        """A kiosk that the centre knows."""
        tablet = Tablet(name, role=Role.KIOSK)
        self.knows(tablet)
        return tablet

    def brigade(self, name: str = "brigade") -> Tablet:
        """A brigade tablet that the centre knows."""
        tablet = Tablet(name, role=Role.BRIGADE)
        self.knows(tablet)
        return tablet

    def takes(self, sealed: bytes) -> bytes:
        """What the centre answers."""
        return accept_bundle(self.centre, sealed, self.centre.clock.now()).sealed

    def hears(self, tablet: Tablet, first: int | None = None, last: int | None = None) -> DownManifest:
        """The tablet sends what it has not sent and reads the answer."""
        sealed = tablet.sealed(first, last)
        down = tablet.reads(sealed, self.takes(sealed))
        tablet.sent = max(tablet.sent, len(tablet.pairs) if last is None else last)
        return down

    def set_directory(self, directory: Directory) -> None:
        """A new directory was published."""
        self.centre = replace(self.centre, tables=tables(directory))

    def set_sites(self, *sites: PublicPlace) -> None:
        """The préfet's list was published."""
        self.centre = replace(self.centre, tables=replace(self.centre.tables, sites=sites))

    @property
    def clock(self) -> HeldClock:
        """The clock that the test holds."""
        assert isinstance(self.centre.clock, HeldClock)
        return self.centre.clock


def several(contents: Iterable[Content], tablet: Tablet) -> list[EventPair]:
    """Records some contents in order."""
    return [tablet.records(content) for content in contents]


__all__ = ["SyncEvidence", "Tablet", "World", "centre_of", "several"]
