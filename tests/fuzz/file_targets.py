"""The parsers of files and answers: what lies on a tablet's disk, on a stick, in the spool, on the line."""

import io
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from multiprocessing.util import Finalize
from pathlib import Path

import requests
import urllib3

from kiosk_app.devices.mrz_lines import identity_in
from kiosk_app.devices.scanner_lines import ScannerLines
from kiosk_app.identity import Identity
from kiosk_app.store.attempts import TRIES_MAX, Attempts, read_counts
from kiosk_app.store.slot_file import read_slots, written_slots
from procuration.adapters.addresses import Addresses
from procuration.adapters.key_file import KeyFile, parse_key_file
from procuration.adapters.pass_phrase import Cost, LockedSecret, parse_locked
from procuration.adapters.spool import AppStatus, decode_closings
from procuration.adapters.stick_job import Phase, StickReport, StickRequest, Wanted
from procuration.adapters.token_secret import read_token_held
from procuration.adapters.tpm_secret import SealedToTpm, read_sealed
from procuration.domain.communes import CommuneIndex
from procuration.domain.identifiers import Kid
from procuration.domain.mrz import read_zone
from procuration.errors import CarrierUnavailable, RecordRejected
from procuration.record import canonical
from procuration.record.tables import encode_table, read_table
from server.config.communes import read_communes
from server.notices import reports
from server.register.electors_csv import read_electors
from sync_agent.carriers import https
from sync_agent.memory import Memory, MemoryFile
from sync_agent.mirror import read_report
from tests.builders import NOW, REALM, key, log_id
from tests.fuzz.mutator import CBOR, LINES
from tests.fuzz.target import Target
from tests.mrz_zones import card, card_of_two_lines, joined, old_french_card, passport

IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""Where a million small files cost no disk."""


class OneFile:
    """A folder with one file that is written before each reading; removed at the end of the process."""

    def __init__(self, name: str) -> None:
        self._name, self._process = name, 0

    def __call__(self, data: bytes) -> Path:
        if self._process != os.getpid():
            self._process, self._folder = os.getpid(), Path(tempfile.mkdtemp(prefix="fuzz-", dir=IN_MEMORY))
            Finalize(None, shutil.rmtree, (self._folder, True), exitpriority=1)
        descriptor = os.open(self._folder / self._name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(descriptor, data)
        finally:
            os.close(descriptor)
        return self._folder


def from_file(name: str, read: Callable[[Path], object]) -> Callable[[bytes], object]:
    file = OneFile(name)
    return lambda data: read(file(data))


class Now:
    """A clock for what only asks how long ago."""

    boot_id = bytes(8)

    def monotonic_ms(self) -> int:
        return 5_000


SLOT_IDS = (bytes(range(8)), bytes(range(8, 16)))


def slots_file() -> bytes:
    rows = [
        {
            0: SLOT_IDS[0],
            1: 3,
            2: bytes(16),
            3: [262_144, 3, 4],
            4: bytes(12),
            5: bytes(48),
            6: key("officer").kid,
        },
        {0: SLOT_IDS[1], 1: 4, 2: bytes(16), 3: [65_536, 3, 1], 4: bytes(12), 5: bytes(48), 6: None},
    ]
    return canonical.encode(rows)


def hardware_slots_file() -> bytes:
    plain = {2: bytes(16), 3: [65_536, 3, 4], 4: bytes(12), 5: bytes(48), 6: None}
    held = {1: sealed_to_tpm(), 2: on_token()}
    return canonical.encode(
        [{0: slot_id, 1: kind, **plain, 7: held[kind]} for slot_id, kind in zip(SLOT_IDS, held, strict=True)]
    )


def sealed_to_tpm() -> bytes:
    """As a TPM answers: sizes and first bytes of the real thing."""
    public = bytes.fromhex("0008000b00000012 0020") + bytes(32) + bytes.fromhex("0010 0020") + bytes(32)
    return SealedToTpm(
        prefix="31", parent=b"\x00\x0b" + bytes(32), public=public, private=b"\x00\x20" + bytes(156)
    ).written()


def on_token() -> bytes:
    return canonical.encode({0: 1, 1: "carte", 2: b"c4e3933b95b7a0ef"})


TODAY = NOW.date()
DOCUMENTS = (passport(), card_of_two_lines(), card(), old_french_card())
ZONES = tuple(map(joined, DOCUMENTS))
WORDS = tuple(b"REPUBLIQUE FRANCAISE\nCARTE\n" + "\n".join(lines).encode() for lines in DOCUMENTS)


def read_picture_words(data: bytes) -> object:
    """What a recogniser made of a picture: most of them hold no zone."""
    found = identity_in(bytearray(data), TODAY)
    if found is None:
        raise RecordRejected("MRZ_NONE")
    return found


def read_attempts(data: bytes) -> object:
    """The counters, and how long each slot that is not blocked must wait."""
    attempts = Attempts(Path(), Now())
    counts = read_counts(data)
    return counts, [
        attempts._seconds_to_wait(count) for count in counts.values() if count.failures < TRIES_MAX
    ]


def read_answer(data: bytes) -> object:
    """An answer that is no success: the status, a line each for Retry-After and Date, the body."""
    retry_after, date, body = [*data[1:].split(b"\n", 2), b"", b""][:3]
    response = requests.Response()
    response.status_code = (429, 503, 400, 422, 302, 500)[(data[0] if data else 0) % 6]
    response.headers["Retry-After"] = retry_after.decode("latin-1")
    response.headers["Date"] = date.decode("latin-1")
    response.headers["Content-Type"] = "application/json"
    response.raw = urllib3.HTTPResponse(io.BytesIO(body), preload_content=False)
    try:
        return https._refuse_unless(response, {200})
    except RecordRejected as refusal:
        return refusal.code  # what the centre says of the bundle: here, this is what is read


def read_memory(folder: Path) -> object:
    """The agent's journal, and the first question that the scheduler asks of it."""
    memory = MemoryFile(folder, bytes(16)).load()
    return memory.past(), memory.draw_below(), memory.forget_all_but(())


def read_scanner(data: bytes) -> str | None:
    """The first line of a scanner; however the cable cuts what it types, the same."""
    whole = ScannerLines().line_in(data)
    lines = ScannerLines()
    cut = (lines.line_in(piece) for piece in (data[:1], data[1:7], data[7:]))
    assert next((line for line in cut if line is not None), None) == whole, "a line depends on how it was cut"
    return whole


class ReportFolder:
    """The part of a spool where the report of the mirror lies."""

    def __init__(self, folder: Path) -> None:
        self.memory = folder


WHEN = "2027-04-01T09:30:00+00:00"
MEMORY = json.dumps(
    {
        "version": 1,
        "boot": bytes(16).hex(),
        "memory": asdict(
            Memory({"ab.prb": 12}, {"ab.prb": WHEN}, {"ab.prb": "SEAL_UNREADABLE"}, {"ab.prb": 2}, 3, 1, 99)
        ),
    }
).encode()
REPORT = json.dumps(
    {"checked_at": WHEN, "code": None, "version": 1, "files": ["metadata/timestamp.json"]}
).encode()
CLOSINGS = (
    b'{"version": 1, "closings": {"00112233445566778899aabbccddeeff.prb": "2027-04-10T07:00:00+11:00"}}'
)
ELECTORS = (
    b"elector_number;birth_name;given_names;sex;birth_date;place_code;place_type;may_vote;holds_the_maximum\n"
    b"12345678;DUPONT;Jean-Claude;M;1944-08-22;02408;1;1;0\n;DUBOIS;Angela;F;1962-00-00;98818;1;1;1\n"
)
_REPORT = (
    b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n'
    b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@x\n"
    b"Action: failed\nStatus: 5.1.1\n\n--b\nContent-Type: %s\n\nMessage-ID: <m2.%s.%s@x>\n\n--b--\n"
)
RETURNED = (
    _REPORT % (b"message/rfc822", b"ab" * 32, b"cd" * 16),
    _REPORT % (b"text/rfc822-headers", b"ab" * 32, b"cd" * 16),
    (_REPORT % (b"message/rfc822", b"ab" * 32, b"cd" * 16)).replace(b"5.1.1", b"4.2.2", 1),
)
COMMUNES = encode_table(
    1,
    NOW,
    [
        [
            "988",
            "Nouvelle-Calédonie",
            2026,
            "Pacific/Noumea",
            "",
            "98818|1|94285||Nouméa|noumea|98800;98805|1|35873||Dumbéa||98835",
        ],
        ["02", "Aisne", 2026, "Europe/Paris", "", "02408|1|24304||Laon|laon,ardon|02000"],
    ],
)
SCANNED = (
    b"PRQ1:" + b"6BF2 $A*" * 90 + b"\r\n",
    b"\x00\xffnoise\r\nPRQ1:6BF A\rPRQ1:B\n",
    b"PRQ1:" + b"0" * 2_994 + b"\r",
)
ANSWERS = (
    b"\x00" + b"120\nThu, 01 Apr 2027 09:30:00 GMT\n{}",
    b"\x01" + b"Thu, 01 Apr 2027 09:32:00 GMT\nThu, 01 Apr 2027 09:30:00 GMT\n",
    b"\x02" + b'\n\n{"code": "SEAL_UNREADABLE"}',
)


KEY_FILE = KeyFile("superviseur-988", bytes(16), Cost(), bytes(12), bytes(48), bytes(32))


def list_targets() -> list[Target]:
    text = partial(Target, form=LINES)
    status = AppStatus(written_at=NOW, receipt_at=NOW, tree_size=7, kept=1, received=2, decided=3)
    addresses = Addresses(frozenset({Kid(b"ours....")}), frozenset({Kid(b"centre..")}))
    request = StickRequest("00112233445566ff", Wanted.COPY)
    report = StickReport(id="00112233445566ff", phase=Phase.FAILED, done=3, total=7, code="STICK_FULL")
    return [
        Target(
            name="slots",
            read=read_slots,
            write=written_slots,
            form=CBOR,
            seeds=(slots_file(), hardware_slots_file()),
        ),
        Target(
            name="sealed to the TPM",
            read=read_sealed,
            write=SealedToTpm.written,
            form=CBOR,
            seeds=(sealed_to_tpm(),),
        ),
        Target(
            name="on a token",
            read=read_token_held,
            write=lambda read: canonical.encode({0: 1, 1: read[0], 2: read[1]}),
            form=CBOR,
            seeds=(on_token(),),
        ),
        Target(
            name="store-key",
            read=parse_locked,
            write=LockedSecret.to_bytes,
            form=CBOR,
            seeds=(LockedSecret(bytes(8), bytes(16), Cost(), bytes(12), bytes(48)).to_bytes(),),
        ),
        Target(
            name="key file",
            read=parse_key_file,
            write=lambda read: read.to_bytes(),
            form=CBOR,
            seeds=(KEY_FILE.to_bytes(),),
        ),
        Target(
            name="attempts",
            read=read_attempts,
            form=CBOR,
            seeds=(canonical.encode([[SLOT_IDS[0], 6, bytes(8), 4_000], [SLOT_IDS[1], 10, bytes(8), 900]]),),
        ),
        Target(
            name="identity",
            share=4,
            read=from_file("identity.cbor", Identity.read),
            write=lambda read: canonical.encode({0: 1, 1: read.realm, 2: read.log_id}),
            form=CBOR,
            seeds=(canonical.encode({0: 1, 1: REALM, 2: log_id("kiosk")}),),
        ),
        text(name="app status", read=AppStatus.from_json, seeds=(status.to_json(),)),
        text(name="closings", read=decode_closings, seeds=(CLOSINGS,)),
        text(name="addresses", read=Addresses.from_json, seeds=(addresses.to_json(),)),
        text(name="stick request", read=StickRequest.from_json, seeds=(request.to_json(),)),
        text(name="stick report", read=StickReport.from_json, seeds=(report.to_json(),)),
        text(name="agent memory", share=4, read=from_file("state.json", read_memory), seeds=(MEMORY,)),
        text(
            name="mirror report",
            share=4,
            read=from_file("mirror.json", lambda folder: read_report(ReportFolder(folder))),
            seeds=(REPORT,),
        ),
        text(
            name="answer of the line",
            read=read_answer,
            seeds=ANSWERS,
            also_raises=(CarrierUnavailable,),  # off line: retried, unlike a refusal
        ),
        Target(name="scanner", read=read_scanner, form=LINES, seeds=SCANNED),
        Target(name="zone of a document", read=lambda data: read_zone(data, TODAY), form=LINES, seeds=ZONES),
        Target(
            name="words of a picture",
            read=read_picture_words,
            form=LINES,
            seeds=WORDS,
        ),
        text(name="electors", read=read_electors, seeds=(ELECTORS,)),
        text(name="returned mail", read=reports.read_report, seeds=RETURNED),
        Target(
            name="communes of a tablet",
            read=lambda data: CommuneIndex.from_table(read_table(data).rows),
            form=CBOR,
            seeds=(COMMUNES,),
        ),
        Target(
            name="communes of the centre",
            read=lambda data: read_communes(read_table(data)),
            form=CBOR,
            seeds=(COMMUNES,),
        ),
    ]
