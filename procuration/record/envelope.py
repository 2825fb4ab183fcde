"""The envelope of an event and its bytes: the payload of typ procu/event/1 (SECURITY-DESIGN 5)."""

from typing import Final

from procuration.domain.events import BootTime, Envelope, Kind, SyncEvidence
from procuration.domain.identifiers import EventHash, LogId, Rid
from procuration.errors import RecordRejected
from procuration.record import canonical
from procuration.record.limits import SIGN1_BYTES_MAX
from procuration.record.shape import instant, integer, number_of, octets, seconds, sequence

VERSION: Final = 1
_REQUIRED: Final = frozenset(range(9))
_ALL: Final = _REQUIRED | frozenset((9, 10, 11))


def encode_envelope(envelope: Envelope) -> bytes:
    """The payload to sign."""
    value: dict[int, object] = {
        0: VERSION,
        1: envelope.log_id,
        2: envelope.seq,
        3: envelope.prev,
        4: envelope.kind.value,
        5: envelope.body_hash,
        6: seconds(envelope.wall),
        7: [envelope.boot.boot_id, envelope.boot.monotonic_ms, seconds(envelope.boot.floor)],
        8: envelope.directory_version,
    }
    if envelope.sync is not None:
        value[9] = [envelope.sync.tree_size, envelope.sync.root, envelope.sync.offset_ms]
    if envelope.rid is not None:
        value[10] = envelope.rid
    if envelope.body_key_seq is not None:
        value[11] = envelope.body_key_seq
    return canonical.encode(value)


def decode_envelope(payload: bytes) -> Envelope:
    """The envelope of a payload.

    Raises: RecordRejected ENVELOPE_FIELDS, ENVELOPE_VERSION, or a code of `shape` or `canonical`.
    """
    value = canonical.decode(payload, max_bytes=SIGN1_BYTES_MAX)
    if not isinstance(value, dict) or not _REQUIRED <= value.keys() <= _ALL:
        raise RecordRejected("ENVELOPE_FIELDS")
    if integer(value[0]) != VERSION:
        raise RecordRejected("ENVELOPE_VERSION")
    kind = number_of(Kind, value[4])
    if (9 in value) != (kind is Kind.SYNC_POINT) or (11 in value and kind is not Kind.FILED):
        raise RecordRejected("ENVELOPE_FIELDS")
    return Envelope(
        log_id=LogId(octets(value[1], length=8)),
        seq=integer(value[2]),
        prev=EventHash(octets(value[3], length=32)),
        kind=kind,
        body_hash=octets(value[5], length=32),
        wall=instant(value[6]),
        boot=_boot_time(value[7]),
        directory_version=integer(value[8]),
        sync=_sync_evidence(value[9]) if 9 in value else None,
        rid=Rid(octets(value[10], length=16)) if 10 in value else None,
        body_key_seq=integer(value[11]) if 11 in value else None,
    )


def _boot_time(value: object) -> BootTime:
    boot_id, monotonic_ms, floor = sequence(value, 3)
    return BootTime(
        boot_id=octets(boot_id, length=8), monotonic_ms=integer(monotonic_ms), floor=instant(floor)
    )


def _sync_evidence(value: object) -> SyncEvidence:
    tree_size, root, offset_ms = sequence(value, 3)
    return SyncEvidence(
        tree_size=integer(tree_size),
        root=octets(root, length=32),
        offset_ms=integer(offset_ms, minimum=-(2**53)),
    )
