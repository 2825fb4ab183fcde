"""Writes `own.json`: one example of every format, from fixed keys, as hexadecimal. `python -m
tests.record.vectors.make_vectors`.

Signatures (Ed25519) and encodings come out the same at every run; seals draw a random key, so an existing
seal is kept as long as it still opens to the same plaintext.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import base45

from procuration.domain.acts import ActDecision, ActPlace, ActPlaceKind
from procuration.domain.candidates import Effect
from procuration.domain.events import (
    Authentication,
    BodyKey,
    ClockStep,
    Content,
    Decision,
    DecisionOrigin,
    Enrolled,
    LockOut,
    LookUp,
    PaperForm,
    ReferenceGiven,
    RevocationAsked,
    SlotChange,
    SlotOperation,
    Start,
    StartReason,
    SyncEvidence,
    SyncPoint,
    TakenBy,
    TakenIn,
)
from procuration.domain.facts import (
    Fact,
    FactCode,
    FactWithdrawn,
    MandataireAnswer,
    PortalAccount,
    Revocation,
    RevocationSubject,
    Ruling,
    RulingOutcome,
)
from procuration.domain.identifiers import EventHash, Rid
from procuration.domain.people import PartialDate, Person
from procuration.domain.purge import Purge, PurgeReason, runs_of
from procuration.domain.refusal import RefusalCode
from procuration.domain.status import Status
from procuration.domain.validity import Period
from procuration.errors import RecordRejected
from procuration.record import canonical, locked_copy
from procuration.record.act import encode_act, sign_act
from procuration.record.backlog import Backlog
from procuration.record.body_key import encrypt_body
from procuration.record.bundle import DownManifest, bundle_digest, encode_down
from procuration.record.checkpoint import TreeHead, sign_checkpoint
from procuration.record.directory import Role, encode_directory
from procuration.record.enrolment import (
    Configuration,
    Designation,
    Enrolment,
    EnrolmentRequest,
    OfflineRequestPolicy,
    Profile,
    encode_request,
    sign_enrolment,
)
from procuration.record.event import EventPair, pair_value
from procuration.record.inbox import (
    Entry,
    EpochKey,
    Lease,
    OfficerRevoked,
    Request,
    ServerTime,
    State,
    TownHallFile,
    entry_value,
)
from procuration.record.limits import SEALED_BUNDLE_BYTES_MAX
from procuration.record.merkle import inclusion_proof, leaf_data, leaf_hash, new_nodes, root_hash
from procuration.record.printed import PREFIX
from procuration.record.ranks import RoundRank
from procuration.record.receipt import Level, make_receipt
from procuration.record.sealed import Purpose, SealingPrivateKey, SuiteId, open_seal, seal
from procuration.record.tables import encode_table
from tests.builders import (
    ANGELA,
    LAON,
    NOUMEA,
    NOW,
    OFFICER,
    REALM,
    REFERENCE,
    Counted,
    Device,
    act,
    directory,
    filed,
    key,
    log_id,
    records_act,
    rid,
    sealing_key,
)

FILE = Path(__file__).with_name("own.json")
BODY_KEY = Counted("body key")(32)


def main() -> None:
    """Writes the file again."""
    before = json.loads(FILE.read_text()) if FILE.exists() else {}
    seals = sealed_vectors(before)
    vectors = {**signed_vectors(seals), **seals}
    FILE.write_text(json.dumps(vectors, indent=1, sort_keys=True) + "\n")
    print(f"{len(vectors)} vectors in {FILE.name}")


def signed_vectors(seals: Mapping[str, str]) -> dict[str, str]:
    """Everything that has one encoding, two of them around a seal: name to hexadecimal."""
    kiosk, brigade, server = Device("kiosk"), Device("brigade"), Device("server")
    request = kiosk.records(filed(), rid(), body_key_seq=0)
    found = {"event 1 filed": pair_hex(request)}
    drawn_up = act(brigade, request, rid=rid())
    found["act"] = encode_act(drawn_up).hex()
    acted = records_act(brigade, request, drawn_up, key("officer"))
    found["event 2 act"] = pair_hex(acted)
    for name, content, about in other_contents(acted):
        device = server if name in ("4 decision", "14 taken in", "15 reference given") else brigade
        found[f"event {name}"] = pair_hex(device.records(content, about))
    sync = SyncEvidence(tree_size=7, root=Counted("root")(32), offset_ms=-1250)
    found["event 10 sync point"] = pair_hex(brigade.records(SyncPoint(), sync=sync))
    found["event 1 filed, a period, a mandataire by number"] = pair_hex(
        Device("web").records(by_number(), rid(2))
    )
    found["body 1 encrypted"] = encrypt_body(request.body or b"", BODY_KEY, rid(), Counted("nonce")).hex()
    found["bundle up"] = kiosk.bundle().hex()
    found["bundle up, a poll"] = kiosk.bundle((), checkpoint_size=7, inbox_number=3).hex()
    found["bundle down"] = encode_down(down_manifest(kiosk, request), key("server"), REALM).hex()
    body_key = BodyKey(sealed_key=bytes.fromhex(seals["seal body, the key of a kiosk"]))
    found["event 13 body key"] = pair_hex(Device("kiosk").records(body_key))
    receipt = base45.b45encode(bytes.fromhex(seals["seal qr, a receipt"]))
    found["printed receipt"] = (PREFIX.encode() + receipt).hex()
    for name, content, about in later_contents(acted):
        writer = Device("brigade" if name in ("3 revocation", "9 purge of a tablet") else "server")
        found[f"event {name}"] = pair_hex(writer.records(content, about))
    found |= copy_vectors(request)
    found |= tree_vectors(kiosk, request)
    found |= trust_vectors(kiosk, brigade)
    left = Backlog(length=12, oldest=NOW - timedelta(hours=30))
    found["bundle up, a backlog"] = kiosk.bundle(backlog=left).hex()
    return found


def copy_vectors(request: EventPair) -> dict[str, str]:
    """The locked copy of the first request, what its reference and birth date give, and its withdrawal."""
    keys = locked_copy.derive(REFERENCE, ANGELA.birth_date, REALM)
    ciphertext = locked_copy.lock(request, keys, REALM, Counted("nonce"))
    until = NOW + timedelta(days=61)
    entries = [Entry(3, locked_copy.LockedCopy(keys.tag, sealed, until)) for sealed in (ciphertext, b"")]
    told, withdrawn = (canonical.encode(entry_value(entry)).hex() for entry in entries)
    return {
        "locked copy, tag and key": canonical.encode([keys.tag, keys.key]).hex(),
        "entry 7 locked copy": told,
        "entry 7 locked copy withdrawn": withdrawn,
    }


def pair_hex(pair: EventPair) -> str:
    return canonical.encode(pair_value(pair)).hex()


def other_contents(acted: EventPair) -> list[tuple[str, Content, bytes | None]]:
    account = PortalAccount(pseudonym="agent-7", role="mairie", place=NOUMEA)
    officer = key("officer").kid
    return [
        (
            "4 decision",
            Decision(
                act_hash=acted.hash,
                origin=DecisionOrigin.TOWN_HALL,
                accepted=False,
                code=RefusalCode.MANDANT_NON_INSCRIT,
                account=account,
            ),
            rid(),
        ),
        ("6 clock step", ClockStep(step_ms=-3_600_000), None),
        (
            "7 slot change",
            SlotChange(slot_id=bytes(8), slot_kind=3, operation=SlotOperation.ADDED, kid=officer),
            None,
        ),
        ("8 lock-out", LockOut(slot_id=bytes(8), tries=10), None),
        ("11 start", Start(software_version="0.1.0", reason=StartReason.SIGN_IN, kid=officer), None),
        (
            "12 look-up",
            LookUp(reference=REFERENCE, birth_date=PartialDate(1962, 8, 24), officer=officer),
            None,
        ),
        ("14 taken in", TakenIn(by=TakenBy.CENTRE, act_hash=acted.hash, account=None), rid()),
        ("15 reference given", ReferenceGiven(reference=REFERENCE), rid()),
        (
            "19 enrolment",
            Enrolled(signed_enrolment=sign_enrolment(officer_enrolment(), key("supervisor"), REALM)),
            None,
        ),
    ]


def later_contents(acted: EventPair) -> list[tuple[str, Content, Rid | None]]:
    account = PortalAccount(pseudonym="agent-7", role="mairie", place=NOUMEA)
    brigade = Device("brigade")
    unknown = EventPair(b"", None)
    revoked = replace(
        act(brigade, unknown, rid=Rid(b""), decision=ActDecision.REVOKED), filed_hash=EventHash(b"")
    )
    subject = RevocationSubject(
        rid=None,
        mandant=ANGELA,
        vote_place=NOUMEA,
        validity=Period(first_day=date(2027, 4, 2), last_day=date(2027, 12, 31)),
    )
    return [
        (
            "3 revocation",
            Revocation(signed_act=sign_act(revoked, key("officer"), REALM), subject=subject),
            None,
        ),
        ("16 fact", Fact(code=FactCode.MANDATAIRE_DEAD, day=date(2027, 4, 3), account=account), rid()),
        (
            "17 ruling",
            Ruling(
                decided_on=(acted.hash, EventHash(Counted("another act")(32))),
                outcome=RulingOutcome.IN_THIS_ORDER,
                reason="Registre de la brigade lu au téléphone.",
                account=PortalAccount(pseudonym="admin-1", role="central", place=None),
            ),
            rid(),
        ),
        (
            "18 answer of the mandataire's town hall",
            MandataireAnswer(act_hash=acted.hash, code=RefusalCode.PLAFOND_DEPASSE, account=account),
            rid(),
        ),
        (
            "20 paper form",
            PaperForm(
                filed_hash=EventHash(Counted("a form")(32)),
                authority=OFFICER,
                earliest=NOW,
                latest=NOW + timedelta(seconds=59),
                place=ActPlace(kind=ActPlaceKind.UNIT, site_id=None, insee_code="98818"),
                account=account,
            ),
            rid(),
        ),
        (
            "9 purge of a procuration",
            Purge(
                reason=PurgeReason.ESTABLISHED,
                article="Code électoral, art. R. 76",
                runs=runs_of([(brigade.log_id, 4), (brigade.log_id, 5), (log_id("server"), 12)]),
            ),
            rid(),
        ),
        (
            "9 purge of a tablet",
            Purge(reason=PurgeReason.KIOSK_COPY, article="", runs=runs_of([(log_id("kiosk"), 2)])),
            None,
        ),
        (
            "21 revocation asked",
            RevocationAsked(act_hash=acted.hash, authentication=Authentication.NC_CONNECT),
            rid(),
        ),
        (
            "22 fact withdrawn",
            FactWithdrawn(
                fact_hash=EventHash(Counted("a fact")(32)),
                reason="Homonyme né le même jour.",
                account=account,
            ),
            rid(),
        ),
    ]


def by_number():
    period = Period(first_day=date(2027, 4, 2), last_day=date(2027, 12, 31))
    mandataire = Person(birth_date=PartialDate(1944), elector_number="12345678")
    return filed(reference=None, mandataire=mandataire, vote_place=LAON, validity=period, email=None)


def down_manifest(kiosk: Device, request: EventPair) -> DownManifest:
    epoch = sealing_key("epoch 1", SuiteId.X25519)
    rank = RoundRank(
        ballot="2027-04-presidentielle/988",
        round=1,
        effect=Effect.NULLE_L73,
        rule="R-39",
        doubt=None,
        position=2,
    )
    entries = (
        Entry(0, ServerTime(1_806_571_800_250)),
        Entry(1, Request(request)),
        Entry(2, EpochKey(1, epoch, NOW, NOW + timedelta(days=28))),
        Entry(3, Lease(12, (REFERENCE,))),
        Entry(4, State(rid(), Status.REFUSEE, RefusalCode.MANDANT_ABSENT)),
        Entry(5, OfficerRevoked(key("officer").kid, NOW)),
        Entry(6, TownHallFile(act=request, ranks=(rank,), others=())),
    )
    return DownManifest(
        log_id=kiosk.log_id,
        answered=bundle_digest(b"a sealed bundle"),
        nonce=Counted("nonce")(16),
        checkpoint_size=7,
        inbox_number=6,
        directory_version=1,
        entries=entries,
        ledger_epoch=Counted("epoch")(16),
        more=True,
    )


def tree_vectors(kiosk: Device, request: EventPair) -> dict[str, str]:
    leaves = [leaf_data(log_id(f"log {n}"), n, request.hash) for n in range(6)]
    leaves.append(leaf_data(kiosk.log_id, 0, request.hash))
    nodes: dict[tuple[int, int], bytes] = {}

    def node(level: int, index: int) -> bytes:
        return nodes[level, index]

    for size, leaf in enumerate(leaves):
        nodes |= {(level, index): value for level, index, value in new_nodes(size, leaf_hash(leaf), node)}
    head = TreeHead(size=7, root=root_hash(7, node))
    note = sign_checkpoint(head, key("checkpoint"), REALM)
    receipt = make_receipt(Level.RECEIVED, leaves[6], 6, inclusion_proof(6, 7, node), note)
    return {"leaf data": leaves[6].hex(), "checkpoint": note.hex(), "receipt proof": receipt.proof.hex()}


def officer_enrolment() -> Enrolment:
    return Enrolment(
        cose_key=key("officer").cose_key,
        role=Role.OFFICER,
        unit="BTA Dumbéa",
        not_before=NOW - timedelta(days=1),
        not_after=NOW + timedelta(days=89),
        log_id=log_id("brigade"),
        designation=Designation(
            nom="TAHUA", prenoms="Maëva Rose", qualite="OPJ", designation="Décision 12-2027"
        ),
    )


def device_enrolment(device: Device) -> Enrolment:
    return Enrolment(
        cose_key=device.key.cose_key,
        role=Role.KIOSK,
        unit="SP Nord",
        not_before=NOW - timedelta(days=1),
        not_after=NOW + timedelta(days=700),
        log_id=device.log_id,
        sealing_key=device.sealing_key.public,
        configuration=Configuration(
            profile=Profile.ACCUEIL,
            unit_name="Point d’accueil de Koné",
            place="98811",
            departement="988",
            policy=OfflineRequestPolicy.DEMATERIALISED,
        ),
    )


def trust_vectors(kiosk: Device, brigade: Device) -> dict[str, str]:
    listed = directory((kiosk, Role.KIOSK), (brigade, Role.BRIGADE))
    request = EnrolmentRequest(
        cose_key=kiosk.key.cose_key, sealing_key=kiosk.sealing_key.public, log_id=kiosk.log_id
    )
    return {
        "directory.cbor": encode_directory(listed).hex(),
        "enrolment of a device": sign_enrolment(device_enrolment(kiosk), key("supervisor"), REALM).hex(),
        "enrolment of an officer": sign_enrolment(officer_enrolment(), key("supervisor"), REALM).hex(),
        "enrolment request": encode_request(request).hex(),
        "table": encode_table(3, datetime(2027, 1, 1, tzinfo=UTC), [["max_total", 2, "*"]]).hex(),
    }


SEALS = {
    "seal up": (Purpose.UP, "server"),
    "seal down": (Purpose.DOWN, "kiosk"),
    "seal qr": (Purpose.QR, "epoch 1"),
    "seal enrol": (Purpose.ENROL, "server"),
    "seal body": (Purpose.BODY, "server"),
    "seal qr, a receipt": (Purpose.QR, "epoch 1"),
    "seal body, the key of a kiosk": (Purpose.BODY, "server"),
}
PLAINTEXT = "Procuration de vote — scène 2".encode()


def recipient(purpose: Purpose, name: str) -> SealingPrivateKey:
    """The private key that opens the vector."""
    return sealing_key(name, SuiteId.X25519 if purpose is Purpose.QR else SuiteId.MLKEM768_X25519)


def plaintext_of(name: str) -> bytes:
    """What a seal of the vectors holds."""
    match name:
        case "seal qr, a receipt":
            request = Device("kiosk").records(filed(), rid(), body_key_seq=0)
            return canonical.encode(pair_value(request))
        case "seal body, the key of a kiosk":
            return BODY_KEY
    return PLAINTEXT


def sealed_vectors(before: Mapping[str, str]) -> dict[str, str]:
    """A seal for each purpose; what is there already stays while it opens."""
    found = {}
    for name, (purpose, recipient_name) in SEALS.items():
        private = recipient(purpose, recipient_name)
        sealed = bytes.fromhex(before.get(name, ""))
        found[name] = (
            sealed.hex()
            if opens(sealed, private, purpose, plaintext_of(name))
            else seal(plaintext_of(name), private.public, purpose, REALM).hex()
        )
    return found


def opens(sealed: bytes, private: SealingPrivateKey, purpose: Purpose, plaintext: bytes) -> bool:
    """Whether a seal opens to this plaintext."""
    try:
        keys = {private.kid: private}
        return open_seal(sealed, keys, purpose, REALM, max_bytes=SEALED_BUNDLE_BYTES_MAX) == plaintext
    except RecordRejected:
        return False


if __name__ == "__main__":
    main()
