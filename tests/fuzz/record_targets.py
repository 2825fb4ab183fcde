"""The parsers of `procuration.record`: what travels, what is signed, what is sealed, what is printed."""

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache, partial

import base45
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from procuration.domain.candidates import Effect
from procuration.domain.events import Kind, SlotChange, SlotOperation, TwoPeople
from procuration.domain.identifiers import Kid
from procuration.errors import RecordRejected
from procuration.record import (
    act,
    act_web,
    body_key,
    bundle,
    canonical,
    checkpoint,
    contents,
    contradiction,
    cose_key,
    directory,
    enrolment,
    envelope,
    event,
    inbox,
    locked_copy,
    places,
    printed,
    ranks,
    receipt,
    sealed,
    signed,
    tables,
)
from procuration.record.backlog import Backlog
from procuration.record.limits import (
    BODY_BYTES_MAX,
    BUNDLE_BYTES_MAX,
    DOWN_ENTRIES_BYTES_MAX,
    EVENT_BYTES_MAX,
    SEALED_BUNDLE_BYTES_MAX,
    SIGN1_BYTES_MAX,
)
from procuration.record.sealed import Purpose, SuiteId
from procuration.record.shape import number_of
from procuration.record.signed import Typ
from tests import builders
from tests.builders import NOW, REALM, rid, sealing_key
from tests.fuzz.mutator import BLIND, CBOR, LINES
from tests.fuzz.target import Target
from tests.record.vectors.make_vectors import BODY_KEY, FILE
from tests.security_key import SecurityKey

key = lru_cache(builders.key)
VECTORS = {name: bytes.fromhex(value) for name, value in json.loads(FILE.read_text()).items()}
EVENTS = {name: value for name, value in VECTORS.items() if name.startswith("event ")}
PAIRS = [event.read_pair(canonical.decode(value, max_bytes=EVENT_BYTES_MAX)) for value in EVENTS.values()]
ENVELOPES = tuple(event.parse_event(pair.sign1)[0].payload for pair in PAIRS)
FILED = envelope.decode_envelope(ENVELOPES[0])
EPOCH = sealing_key("epoch 1", SuiteId.X25519)
CENTRE = sealing_key("server")
KIOSK = cose_key.VerifyingKey(key("kiosk").cose_key)
SERVER = cose_key.VerifyingKey(key("server").cose_key)
CHECKPOINT_KEY = key("checkpoint").cose_key
P256_KEY = bytes.fromhex(  # the generator of the curve
    "a501020328200121582 06b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "2258204fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5".replace(" ", "")
)


def decoded(data: bytes) -> object:
    return canonical.decode(data, max_bytes=BUNDLE_BYTES_MAX)


POLL = bundle.read_up(VECTORS["bundle up, a poll"])


def contents_seeds() -> tuple[bytes, ...]:
    """Number of the kind, then the content, of every event of the vectors."""
    found = []
    for pair in PAIRS:
        _, content = decoded(pair.body)
        found.append(bytes((event.parse_event(pair.sign1)[1].kind,)) + canonical.encode(content))
    by = TwoPeople(supervisor=Kid(bytes(8)), second_slot=bytes(8))
    ceremony = SlotChange(slot_id=bytes(8), slot_kind=3, operation=SlotOperation.REMOVED, kid=None, by=by)
    found.append(write_content((Kind.SLOT_CHANGE, ceremony)))
    return tuple(found)


def read_content(data: bytes) -> tuple[Kind, object]:
    kind = number_of(Kind, data[0] if data else 0)
    return kind, contents.read_content(kind, canonical.decode(data[1:], max_bytes=BODY_BYTES_MAX))


def write_content(read: tuple[Kind, object]) -> bytes:
    return bytes((read[0],)) + canonical.encode(contents.content_value(read[1]))


def read_event(data: bytes) -> object:
    """A pair as it stands in a bundle: its envelope, and its content when the body is the one signed for."""
    pair = event.read_pair(canonical.decode(data, max_bytes=EVENT_BYTES_MAX))
    _, said = event.parse_event(pair.sign1)
    if pair.body is not None:
        event.open_body(said, pair.body)
    return pair


def read_committed_event(body: bytes) -> object:
    """The same, for a body of a filed event whose envelope commits to it, whatever it is."""
    return event.open_body(replace(FILED, body_hash=event.body_hash(body)), body)


def signed_payload(typ: Typ, signer: str, read: Callable[[bytes], object]) -> Callable[[bytes], object]:
    """The reader of a signed record, as a function of the payload, which is signed with the right key."""
    return lambda payload: read(signed.sign(payload, typ, key(signer), REALM))


def read_manifest_up(payload: bytes) -> bundle.UpManifest:
    return bundle.read_up_manifest(payload, POLL)


def read_manifest_down(payload: bytes) -> bundle.DownManifest:
    return bundle.read_down_manifest(payload, [], POLL.list_hash)


def polls() -> tuple[bytes, ...]:
    """One that says nothing of its log, and two that announce what it still holds."""
    poll = bundle.verify_up(POLL, KIOSK, REALM)
    told = (Backlog(length=7, oldest=None), Backlog(length=2**40, oldest=datetime(2027, 3, 30, tzinfo=UTC)))
    announced = (bundle.encode_up(replace(poll, backlog=one), (), key("kiosk"), REALM) for one in told)
    return VECTORS["bundle up, a poll"], *announced


def up_bundles() -> tuple[bytes, ...]:
    """With and without an event and an announcement."""
    return VECTORS["bundle up"], VECTORS["bundle up, a backlog"], *polls()


def in_bundle(manifest: bytes) -> bytes:
    return canonical.encode([manifest, [], bytes(64)])


def payload_of(plaintext: bytes) -> bytes:
    return bundle._read(plaintext, manifest_bytes_max=BUNDLE_BYTES_MAX)[0].payload


def read_up(plaintext: bytes) -> bundle.UpManifest:
    return bundle.verify_up(bundle.read_up(plaintext), KIOSK, REALM)


def read_down(plaintext: bytes) -> bundle.DownManifest:
    return bundle.read_down(plaintext, SERVER, REALM)


def opened(purpose: Purpose, private: sealed.SealingPrivateKey, data: bytes) -> bytes:
    keys: dict[Kid, sealed.SealingPrivateKey] = {private.kid: private}
    return sealed.open_seal(data, keys, purpose, REALM, max_bytes=SEALED_BUNDLE_BYTES_MAX)


def read_paper(data: bytes) -> event.EventPair:
    """What the camera gives: any text at all."""
    return printed.read_qr_text(data.decode("utf-8", "surrogateescape"), {EPOCH.kid: EPOCH}, REALM)


def read_paper_inside(plaintext: bytes) -> object:
    """The same, for whatever somebody sealed to brigades; read on as the event it should be."""
    box = sealed.seal(plaintext, EPOCH.public, Purpose.QR, REALM)
    pair = read_paper(printed.PREFIX.encode() + base45.b45encode(box))
    return read_event(canonical.encode(event.pair_value(pair)))


def copy_keys() -> locked_copy.CopyKeys:
    """Those of the vectors: the derivation itself would cost a thousand times the parser."""
    tag, opens = decoded(VECTORS["locked copy, tag and key"])
    return locked_copy.CopyKeys(tag, opens)


COPY_KEYS = copy_keys()


def read_copy_inside(plaintext: bytes) -> object:
    """A locked copy that opens, whatever the centre put into it; read on as the event it should be."""
    nonce = bytes(locked_copy.NONCE_BYTES)
    context = locked_copy._context(COPY_KEYS.tag, REALM)
    sealed_copy = nonce + AESGCM(COPY_KEYS.key).encrypt(nonce, plaintext, context)
    pair = locked_copy.unlock(sealed_copy, COPY_KEYS, REALM)
    return read_event(canonical.encode(event.pair_value(pair)))


def read_checkpoint(note: bytes) -> checkpoint.TreeHead:
    return checkpoint.verify_checkpoint(note, CHECKPOINT_KEY, REALM)


def read_checkpoint_text(text: bytes) -> checkpoint.TreeHead:
    """The same, for whatever the checkpoint key signed."""
    name = checkpoint.origin_of(REALM)
    value = checkpoint.key_id(name, CHECKPOINT_KEY[-32:]) + key("checkpoint").sign(text)
    return read_checkpoint(text + b"\n\xe2\x80\x94 " + name.encode() + b" " + b64encode(value) + b"\n")


def read_receipt(proof: bytes) -> receipt.ProvedHead:
    said = receipt.Receipt(receipt.Level.RECEIVED, VECTORS["checkpoint"], proof)
    return receipt.verify_receipt(said, CHECKPOINT_KEY, REALM)


def read_entries(data: bytes) -> list[inbox.Entry]:
    value = canonical.decode(data, max_bytes=DOWN_ENTRIES_BYTES_MAX)
    if not isinstance(value, list):
        raise RecordRejected("FIELD_LIST")
    return [inbox.read_entry(one) for one in value]


def short_answer() -> bytes:
    """The manifest of an answer with one entry: the others are the business of « entries »."""
    down = read_down(VECTORS["bundle down"])
    return payload_of(bundle.encode_down(replace(down, entries=down.entries[:1]), key("server"), REALM))


def town_hall_file() -> inbox.TownHallFile:
    pair = event.EventPair(b"sign1", b"body")
    rank = ranks.RoundRank(
        ballot="2027-04-presidentielle/988", round=1, effect=Effect.STANDS, rule="", doubt=None, position=1
    )
    return inbox.TownHallFile(act=pair, ranks=(rank,), others=(pair,))


def entries_seed() -> bytes:
    down = read_down(VECTORS["bundle down"])
    entries = [
        inbox.Entry(
            0, receipt.Receipt(receipt.Level.DURABLE, VECTORS["checkpoint"], VECTORS["receipt proof"])
        ),
        *down.entries,
        inbox.Entry(9, inbox.LaterEntry(200, canonical.encode([1, b"\x01"]))),
        inbox.Entry(10, inbox.OfficerRevoked(key("officer").kid, NOW)),
        inbox.Entry(11, town_hall_file()),
        inbox.read_entry(decoded(VECTORS["entry 7 locked copy withdrawn"])),
    ]
    return canonical.encode([inbox.entry_value(entry) for entry in entries])


SITES = tables.encode_table(
    1,
    NOW,
    [
        ["988-1", "Annexe", "98818", [[[2027, 4, 2], 1_806_613_200, 1_806_634_800]]],
        ["988-2", "Mairie", "98805", []],
    ],
)
PLACES = tables.encode_table(
    1,
    NOW,
    [
        [
            "02",
            "1|1|Brigade|1 rue~02000 Laon|02408|4956410,361990|12345=480-720,840-1080/6=540-720"
            "|2026-12-25,2027-08-02/2027-08-13|03 23|2026-01-01|2026-12-31;"
            "2|4|Accueil|2 rue|02408|||||2026-01-01|",
        ],
        ["988", "3|2|Commissariat|Quai|98818|-2227000,16644200|7=0-1440|||2026-01-01|"],
    ],
)
CALENDAR = tables.encode_table(
    1,
    NOW,
    [
        [
            "2027-04-presidentielle/988",
            ["presidentielle"],
            ["988", ["98818", 1]],
            [2027, 4, 10],
            [2027, 4, 24],
            [[1_807_297_200, 1_807_333_200], [1_808_506_800, 1_808_542_800]],
            "Pacific/Noumea",
            2,
            1,
            "L. 73",
        ],
        [
            "2027-06-legislatives/02",
            ["legislatives"],
            ["02"],
            [2027, 6, 13],
            None,
            [[1_812_866_400, 1_812_902_400]],
            "Europe/Paris",
            2,
            1,
            "L. 73",
        ],
    ],
)
LAW = tables.encode_table(
    1,
    NOW,
    [
        ["max_total", 2, "*", [2022, 1, 1], None, "L. 73"],
        ["control", "reu", "988", [2022, 1, 1], [2027, 12, 31], "R. 75"],
    ],
)


def list_targets() -> list[Target]:
    value = partial(Target, form=CBOR)
    records = [
        v
        for n, v in VECTORS.items()
        if not n.startswith(("seal", "receipt", "check", "printed", "directory"))
    ]
    return [
        value(name="canonical value", read=decoded, write=canonical.encode, seeds=tuple(records)),
        value(
            name="signed message",
            read=partial(signed.parse_signed, max_bytes=SIGN1_BYTES_MAX),
            write=lambda read: canonical.encode([read.protected, {}, read.payload, read.signature]),
            seeds=tuple(pair.sign1 for pair in PAIRS[:6]),
        ),
        Target(
            name="key",
            read=cose_key.VerifyingKey,
            form=BLIND,
            seeds=(CHECKPOINT_KEY, P256_KEY),
        ),
        value(
            name="envelope", read=envelope.decode_envelope, write=envelope.encode_envelope, seeds=ENVELOPES
        ),
        value(
            name="signed envelope",
            share=10,
            read=signed_payload(Typ.EVENT, "kiosk", lambda sign1: event.verify_event(sign1, KIOSK, REALM)),
            write=envelope.encode_envelope,
            seeds=ENVELOPES,
        ),
        value(
            name="event",
            read=read_event,
            write=lambda pair: canonical.encode(event.pair_value(pair)),
            seeds=tuple(EVENTS.values()),
        ),
        value(name="body", read=read_committed_event, seeds=(PAIRS[0].body, PAIRS[1].body)),
        value(name="content", read=read_content, write=write_content, seeds=contents_seeds(), prefix=1),
        value(name="act", read=act.read_act, write=act.encode_act, seeds=(VECTORS["act"], *refusals())),
        value(name="act of a browser", read=act_web.parse_web_act, write=write_web_act, seeds=web_acts()),
        value(
            name="encrypted body",
            read=lambda data: body_key.decrypt_body(data, BODY_KEY, rid()),
            seeds=(VECTORS["body 1 encrypted"],),
        ),
        value(name="bundle up", read=read_up, seeds=up_bundles()),
        value(
            name="manifest up",
            read=read_manifest_up,
            write=lambda read: payload_of(bundle.encode_up(read, (), key("kiosk"), REALM)),
            seeds=tuple(payload_of(one) for one in polls()),
        ),
        value(
            name="signed manifest up",
            read=signed_payload(Typ.BUNDLE, "kiosk", lambda manifest: read_up(in_bundle(manifest))),
            share=10,
            write=lambda read: payload_of(bundle.encode_up(read, (), key("kiosk"), REALM)),
            seeds=tuple(payload_of(one) for one in polls()),
        ),
        value(name="bundle down", read=read_down, seeds=(VECTORS["bundle down"],)),
        value(
            name="manifest down",
            read=read_manifest_down,
            write=lambda read: payload_of(bundle.encode_down(read, key("server"), REALM)),
            seeds=(short_answer(),),
        ),
        value(
            name="signed manifest down",
            read=signed_payload(Typ.BUNDLE, "server", lambda manifest: read_down(in_bundle(manifest))),
            share=10,
            write=lambda read: payload_of(bundle.encode_down(read, key("server"), REALM)),
            seeds=(short_answer(),),
        ),
        value(
            name="entries",
            read=read_entries,
            write=lambda read: canonical.encode([inbox.entry_value(entry) for entry in read]),
            seeds=(entries_seed(),),
        ),
        *seals(value),
        *trust(value),
    ]


def web_acts() -> list[bytes]:
    """Acts signed by a security key of each algorithm; the keys are the same in every run."""
    drawn_up = act.read_act(VECTORS["act"])
    p256 = ec.derive_private_key(7, ec.SECP256R1())
    held = (SecurityKey(p256), SecurityKey(ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32))))
    return [one.signs(drawn_up) for one in held]


def write_web_act(web: act_web.WebAct) -> bytes:
    """The same act again."""
    parts = (web.kid, web.payload, web.authenticator_data, web.client_data, web.signature)
    return canonical.encode(list(parts))


def refusals() -> list[bytes]:
    """Acts of the other decisions, made of the one of the vectors."""
    said = decoded(VECTORS["act"])
    return [
        canonical.encode(said | {3: 2, 4: "MANDANT_ABSENT", 5: None}),
        canonical.encode(said | {1: b"", 2: b"", 3: 3, 10: [3, "988-1", "98818"], 13: bytes(32)}),
    ]


def seals(value: Callable[..., Target]) -> list[Target]:
    return [
        value(name="seal up", share=4, read=partial(opened, Purpose.UP, CENTRE), seeds=(VECTORS["seal up"],)),
        value(
            name="seal body",
            share=4,
            read=partial(opened, Purpose.BODY, CENTRE),
            seeds=(VECTORS["seal body"],),
        ),
        Target(name="paper", read=read_paper, form=LINES, seeds=(VECTORS["printed receipt"],)),
        value(
            name="paper inside",
            share=10,
            read=read_paper_inside,
            write=lambda pair: canonical.encode(event.pair_value(pair)),
            seeds=(VECTORS["event 1 filed"],),
        ),
        Target(
            name="locked copy",
            form=BLIND,
            read=lambda data: locked_copy.unlock(data, COPY_KEYS, REALM),
            seeds=(decoded(VECTORS["entry 7 locked copy"])[2][1],),
        ),
        value(
            name="locked copy inside",
            read=read_copy_inside,
            write=lambda pair: canonical.encode(event.pair_value(pair)),
            seeds=(VECTORS["event 1 filed"],),
        ),
        Target(name="checkpoint", read=read_checkpoint, form=LINES, seeds=(VECTORS["checkpoint"],)),
        Target(
            name="checkpoint text",
            share=4,
            read=read_checkpoint_text,
            form=LINES,
            seeds=(VECTORS["checkpoint"].partition(b"\n\n")[0] + b"\n",),
        ),
        value(
            name="contradiction",
            read=contradiction.read_contradiction,
            write=contradiction.write_contradiction,
            seeds=(
                contradiction.write_contradiction(
                    contradiction.Contradicting(held=VECTORS["checkpoint"], shown=VECTORS["checkpoint"])
                ),
            ),
        ),
        Target(name="receipt", read=read_receipt, share=4, form=LINES, seeds=(VECTORS["receipt proof"],)),
    ]


def trust(value: Callable[..., Target]) -> list[Target]:
    named = {
        name: signed.parse_signed(VECTORS[name], max_bytes=8192).payload
        for name in VECTORS
        if name.startswith("enrolment of")
    }

    def table(read: Callable[[tables.Table], object]) -> Callable[[bytes], object]:
        return lambda data: read(tables.read_table(data))

    return [
        value(
            name="directory",
            read=directory.read_directory,
            write=directory.encode_directory,
            seeds=(VECTORS["directory.cbor"],),
        ),
        value(
            name="enrolment",
            read=enrolment.read_enrolment,
            write=lambda read: (
                signed.parse_signed(
                    enrolment.sign_enrolment(read, key("supervisor"), REALM), max_bytes=16_384
                ).payload
            ),
            seeds=tuple(named.values()),
        ),
        value(
            name="enrolment request",
            read=enrolment.read_request,
            write=enrolment.encode_request,
            seeds=(VECTORS["enrolment request"],),
        ),
        value(name="calendar", read=table(tables.read_calendar), seeds=(CALENDAR,)),
        value(name="law", read=table(tables.read_law), seeds=(LAW,)),
        value(name="sites", read=table(tables.read_sites), seeds=(SITES,)),
        value(name="places", read=table(places.read_places), seeds=(PLACES,)),
    ]
