"""Invented people, devices and records for tests: each function gives something valid, each argument one
way to differ."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from procuration.adapters.keys import SoftwareKey
from procuration.domain.acts import (
    REQUIRED_TO_ESTABLISH,
    Act,
    ActDecision,
    ActPlace,
    ActPlaceKind,
    IdentityDocument,
)
from procuration.domain.competence import Authority
from procuration.domain.events import (
    ActRecorded,
    Authentication,
    BootTime,
    Channel,
    Content,
    Envelope,
    Filed,
    SyncEvidence,
)
from procuration.domain.identifiers import EventHash, LogId, Realm, Rid
from procuration.domain.people import PartialDate, Person, Place, PlaceType, Sex
from procuration.domain.reference import Reference
from procuration.domain.refusal import RefusalCode
from procuration.domain.validity import OneScrutin, Rounds, Validity
from procuration.record.act import sign_act
from procuration.record.bundle import UpManifest, encode_up
from procuration.record.chain import Head, after_event
from procuration.record.contents import kind_of
from procuration.record.directory import NO_LOG, Directory, Entry, Epoch, Role, ServerSealingKey
from procuration.record.event import EventPair, body_hash, encode_body, sign_event
from procuration.record.sealed import Purpose, SealingPrivateKey, SuiteId, seal

REALM = Realm(sha256(b"test realm").digest()[:16])
NOW = datetime(2027, 4, 1, 9, 30, tzinfo=UTC)
NOUMEA = Place(code="98818", type=PlaceType.COMMUNE, cog_year=2026)
LAON = Place(code="02408", type=PlaceType.COMMUNE, cog_year=2026)
SCRUTIN_ID = "2027-04-presidentielle/988"
ANGELA = Person(
    birth_name="DUBOIS",
    given_names="Angela Claire Louise",
    sex=Sex.FEMALE,
    birth_date=PartialDate(1962, 8, 24),
)
JEAN_CLAUDE = Person(
    birth_name="DUPONT",
    given_names="Jean-Claude Bernard",
    sex=Sex.MALE,
    birth_date=PartialDate(1944, 8, 22),
    enrolment=NOUMEA,
)
OFFICER = Authority(
    nom="TAHUA",
    prenoms="Maëva Rose",
    qualite="Maréchale des logis-cheffe, OPJ",
    unit_name="Brigade de Dumbéa",
)
REFERENCE = Reference("XBQ7V3")


class Counted:
    """Bytes that look random and are the same at every run: for vectors."""

    def __init__(self, seed: str = "counted") -> None:
        self._seed, self._count = seed.encode(), 0

    def __call__(self, length: int) -> bytes:
        out = b""
        while len(out) < length:
            out += sha256(self._seed + self._count.to_bytes(8, "big")).digest()
            self._count += 1
        return out[:length]


def key(name: str) -> SoftwareKey:
    """The signing key of that name, the same at every run."""
    return SoftwareKey(sha256(b"signing key " + name.encode()).digest())


def sealing_key(name: str, suite: SuiteId = SuiteId.MLKEM768_X25519) -> SealingPrivateKey:
    """The sealing key of that name, the same at every run."""
    return SealingPrivateKey.generate(suite, Counted(f"sealing key {name}"))


def log_id(name: str) -> LogId:
    """The log of that name."""
    return LogId(sha256(b"log " + name.encode()).digest()[:8])


def rid(number: int = 1) -> Rid:
    """A request id."""
    return Rid(sha256(b"rid %d" % number).digest()[:16])


def people(number: int) -> dict[str, Person]:
    """The mandant and the mandataire of a request of that number: nobody else's, but for the first."""
    if number == 1:
        return {"mandant": ANGELA, "mandataire": JEAN_CLAUDE}
    letters = "".join("ABCDEFGHIJ"[int(digit)] for digit in str(number))
    return {
        "mandant": replace(ANGELA, birth_name=f"DUBOIS {letters}"),
        "mandataire": replace(JEAN_CLAUDE, birth_name=f"DUPONT {letters}"),
    }


def filed(
    *,
    reference: Reference | None = REFERENCE,
    mandant: Person = ANGELA,
    mandataire: Person = JEAN_CLAUDE,
    vote_place: Place = NOUMEA,
    validity: Validity | None = None,
    email: str | None = "angela.dubois@exemple.fr",
    channel: Channel = Channel.KIOSK,
    taken_over: Rid | None = None,
) -> Filed:
    """A request as a kiosk files it."""
    return Filed(
        reference=reference,
        mandant=mandant,
        mandataire=mandataire,
        vote_place=vote_place,
        validity=validity or OneScrutin(scrutin_id=SCRUTIN_ID, rounds=Rounds.BOTH),
        email=email,
        declaration_version=1,
        authentication=Authentication.NONE,
        channel=channel,
        taken_over=taken_over,
    )


@dataclass
class Device:
    """A tablet without a screen: keys, a log, and the events it wrote."""

    name: str
    realm: Realm = REALM
    wall: datetime = NOW
    floor: datetime = NOW - timedelta(days=1)
    directory_version: int = 1
    pairs: list[EventPair] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = key(self.name)
        self.sealing_key = sealing_key(self.name)
        self.log_id = log_id(self.name)
        self.head = Head.of_empty_log(self.log_id)
        self.random = Counted(self.name)

    def envelope(self, content: Content, body: bytes, rid: Rid | None, **changes: object) -> Envelope:
        """The envelope of the next event."""
        seq = self.head.next_seq
        envelope = Envelope(
            log_id=self.log_id,
            seq=seq,
            prev=self.head.hash,
            kind=kind_of(content),
            body_hash=body_hash(body),
            wall=self.wall,
            boot=BootTime(boot_id=bytes(8), monotonic_ms=1000 * seq, floor=self.floor),
            directory_version=self.directory_version,
            rid=rid,
        )
        return replace(envelope, **changes)

    def records(
        self, content: Content, rid: Rid | None = None, sync: SyncEvidence | None = None, **changes: object
    ) -> EventPair:
        """Signs the next event of the log and keeps it, body in plain form."""
        body = encode_body(content, self.random)
        envelope = self.envelope(content, body, rid, sync=sync, **changes)
        pair = EventPair(sign_event(envelope, self.key, self.realm), body)
        self.head = after_event(self.head, envelope, pair.hash)
        self.pairs.append(pair)
        return pair

    def bundle(self, pairs: tuple[EventPair, ...] | None = None, **changes: object) -> bytes:
        """The plaintext of an `up` bundle of these events, all by default."""
        carried = tuple(self.pairs) if pairs is None else pairs
        manifest = UpManifest(
            log_id=self.log_id,
            first_seq=0,
            count=len(carried),
            nonce=self.random(16),
            checkpoint_size=0,
            inbox_number=0,
            directory_version=self.directory_version,
        )
        return encode_up(replace(manifest, **changes), carried, self.key, self.realm)

    def sealed_bundle(
        self, centre: SealingPrivateKey, pairs: tuple[EventPair, ...] | None = None, **changes: object
    ) -> bytes:
        """The same, sealed to the centre."""
        return seal(self.bundle(pairs, **changes), centre.public, Purpose.UP, self.realm)


def act(
    brigade: Device,
    request: EventPair,
    *,
    rid: Rid,
    decision: ActDecision = ActDecision.ESTABLISHED,
    refusal_code: RefusalCode | None = None,
    wall: datetime | None = None,
    confirms: EventHash | None = None,
) -> Act:
    """The act that an officer draws up about a request, as the brigade's next event."""
    return Act(
        rid=rid,
        filed_hash=request.hash,
        decision=decision,
        refusal_code=refusal_code,
        identity_document=IdentityDocument.PASSPORT,
        wall=wall or brigade.wall,
        directory_version=brigade.directory_version,
        log_id=brigade.log_id,
        seq=brigade.head.next_seq,
        place=ActPlace(kind=ActPlaceKind.UNIT, site_id=None, insee_code="98805"),
        declarations=REQUIRED_TO_ESTABLISH,
        authority=OFFICER,
        confirms=confirms,
    )


def records_act(brigade: Device, request: EventPair, drawn_up: Act, officer: SoftwareKey) -> EventPair:
    """Signs an act with the officer key and records it in the brigade's log with its request."""
    assert request.body is not None
    content = ActRecorded(
        signed_act=sign_act(drawn_up, officer, brigade.realm),
        filed_sign1=request.sign1,
        filed_body=request.body,
    )
    return brigade.records(content, rid=drawn_up.rid, wall=drawn_up.wall)


def entry(name: str, role: Role, log: LogId = NO_LOG, unit: str = "test") -> Entry:
    """A line of the directory for the key of that name."""
    return Entry(
        cose_key=key(name).cose_key,
        role=role,
        unit=unit,
        not_before=NOW - timedelta(days=30),
        not_after=NOW + timedelta(days=365),
        revoked_at=None,
        log_id=log,
    )


def directory(*devices: tuple[Device, Role], version: int = 1, issued: datetime | None = None) -> Directory:
    """A trust list with a server, a checkpoint key, a supervisor, one epoch and these devices."""
    first, last = NOW - timedelta(days=10), NOW + timedelta(days=18)
    return Directory(
        version=version,
        issued=issued or NOW - timedelta(hours=12),
        expires=NOW + timedelta(days=30),
        entries=(
            entry("server", Role.SERVER, log_id("server")),
            entry("checkpoint", Role.CHECKPOINT),
            entry("supervisor", Role.SUPERVISOR),
            *(entry(device.name, role, device.log_id) for device, role in devices),
        ),
        min_suite=(("up", 2), ("down", 2), ("qr", 1), ("enrol", 2), ("body", 2)),
        server_sealing_keys=(
            ServerSealingKey(key=sealing_key("server").public, first=first, last=NOW + timedelta(days=80)),
        ),
        epochs=(
            Epoch(number=1, key=sealing_key("epoch 1", SuiteId.X25519).public, first=first, last=last),
            Epoch(
                number=2,
                key=sealing_key("epoch 2", SuiteId.X25519).public,
                first=last,
                last=last + timedelta(days=28),
            ),
        ),
    )
