"""The few values that the computer of a town hall remembers, by name."""

from datetime import UTC, datetime
from enum import StrEnum

from procuration.errors import RecordRejected
from server.commune.models import Setting


class Name(StrEnum):
    """What is remembered. Tables are kept under `table:` and their name."""

    FIRST_ROOT = "first_root"
    LOG_ID = "log_id"
    SIGNING_KEY = "signing_key"
    SEALING_KEY = "sealing_key"
    ENROLMENT = "enrolment"
    EPOCH = "epoch"
    EPOCHS_LEFT = "epochs_left"
    INBOX_NUMBER = "inbox_number"
    RECEIVED_SEQ = "received_seq"
    TREE_SIZE = "tree_size"
    TREE_ROOT = "tree_root"
    CHECKPOINT = "checkpoint"
    FLOOR = "floor"
    STOPPED = "stopped"
    READ_AT = "read_at"
    WRITTEN_AT = "written_at"


def find(name: str) -> bytes | None:
    """A value, None when there is none."""
    row = Setting.objects.filter(name=name).values_list("value", flat=True).first()
    return None if row is None else bytes(row)


def get(name: Name) -> bytes:
    """A value that every store has. Raises: RecordRejected MAGASIN_INCOMPLET."""
    found = find(name)
    if found is None:
        raise RecordRejected("MAGASIN_INCOMPLET", name=name)
    return found


def put(name: str, value: bytes) -> None:
    """Remember a value."""
    Setting.objects.update_or_create(name=name, defaults={"value": value})


def forget(*names: Name) -> None:
    """Forget values."""
    Setting.objects.filter(name__in=names).delete()


def number(name: Name, default: int) -> int:
    """A whole number."""
    found = find(name)
    return default if found is None else int.from_bytes(found, "big", signed=True)


def put_number(name: Name, value: int) -> None:
    """Remember a whole number."""
    put(name, value.to_bytes(9, "big", signed=True))


def instant(name: Name) -> datetime | None:
    """A time, whole seconds."""
    found = find(name)
    return None if found is None else datetime.fromtimestamp(int.from_bytes(found, "big"), UTC)


def put_instant(name: Name, at: datetime) -> None:
    """Remember a time."""
    put(name, int(at.timestamp()).to_bytes(8, "big"))
