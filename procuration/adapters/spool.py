"""The spool: the folder where the program that holds the keys and the one that travels exchange files.

It decides names, sizes and who writes what; it opens no seal. One folder, two sides:

    out/<name>.prb        sealed bundle        written and removed by the app, read by the agent
    out/<name>.enrol      sealed enrolment     written by the app, removed by the agent once the centre has it
    out/<name>.contestation  proof that the centre contradicted itself, for a stick: written by the app
    out/<name>.request    a tablet asks to be enrolled, and what becomes of it: see `adapters.spool_request`
    in/<name>.prb         sealed answer        written by the agent, removed by the app
    in/<name>.refused     {"code": ...}        written by the agent: the centre refused out/<name>
    in/tuf/metadata, in/tuf/targets            mirror of the signed tables, written by the agent
    root.json             first root metadata  written by the app at installation, read by the agent
    app-status.json       the last proof       written by the app, read by the agent (`AppStatus`)
    urgency.json          which file first     written by the app, read by the agent (`encode_closings`)
    addresses.json        whose seals          written by the app, read by the agent (`adapters.addresses`)
    stick-request.json    a copy is wanted     written by the app, read by the agent (`adapters.stick_job`)
    high-water.cbor       how far the log was   written and read by the app, MACed (decision 0013)
    agent/                the agent's memory   read by nobody else, but status.json and stick.json

A name is the first 16 bytes of the SHA-256 of the content, in hexadecimal. Every file is whole or absent.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from procuration.adapters.durable_file import sync_folder, write_durably
from procuration.adapters.foreign_file import ForeignFile, list_regular, read_regular
from procuration.adapters.stick import CONTESTED, CONTESTED_NAME
from procuration.errors import RecordRejected
from procuration.record.contradiction import PROOF_BYTES_MAX
from procuration.record.limits import SEALED_BUNDLE_BYTES_MAX

SEALED_BYTES_MAX = SEALED_BUNDLE_BYTES_MAX
SMALL_BYTES_MAX = 4_096
URGENCY_BYTES_MAX = 512_000  # 5,000 names, more than anybody lists
_YEARS = (1970, 9998)
ROOT_BYTES_MAX = 512_000
GROUP_READABLE = 0o640  # app and agent are two accounts that share the group of the spool

_NAME = "[0-9a-f]{32}"
_OUT = re.compile(rf"{_NAME}\.(prb|enrol)")
_ANSWER = re.compile(rf"{_NAME}\.prb")
_REFUSED = re.compile(rf"{_NAME}\.refused")
_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,63}")

BUNDLE, ENROLMENT, REFUSED = ".prb", ".enrol", ".refused"


def name_of(content: bytes) -> str:
    """The name of a sealed file: 32 hexadecimal characters."""
    return sha256(content).digest()[:16].hex()


def check_code(code: object) -> str:
    """A code as programs exchange it, e.g. SEAL_UNREADABLE.

    Raises: RecordRejected CODE_MALFORMED: an answer that says anything else is not one of ours.
    """
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise RecordRejected("CODE_MALFORMED")
    return code


@dataclass(frozen=True, slots=True, kw_only=True)
class AppStatus:
    """What the app has proof of, for people who ask the agent; counts only.

    Attributes:
        written_at: aware UTC.
        receipt_at: when the newest verified receipt was signed or received, aware UTC; None before the first.
        tree_size: leaves under that receipt's checkpoint; None before the first.
        kept, received, decided: requests of this tablet in each state of DESIGN decision 9.
    """

    written_at: datetime
    receipt_at: datetime | None
    tree_size: int | None
    kept: int
    received: int
    decided: int

    def to_json(self) -> bytes:
        """The content of app-status.json."""
        receipt_at = self.receipt_at.isoformat(timespec="seconds") if self.receipt_at else None
        fields = {
            "version": 1,
            "written_at": self.written_at.isoformat(timespec="seconds"),
            "receipt_at": receipt_at,
            "tree_size": self.tree_size,
            "kept": self.kept,
            "received": self.received,
            "decided": self.decided,
        }
        return json.dumps(fields).encode()

    @classmethod
    def from_json(cls, data: bytes) -> "AppStatus":
        """Read app-status.json.

        Raises: RecordRejected STATUS_MALFORMED.
        """
        try:
            fields = json.loads(data)
            if fields.pop("version") != 1:
                raise RecordRejected("STATUS_MALFORMED")
            written_at, receipt_at = (_time_or_none(fields.pop(key)) for key in ("written_at", "receipt_at"))
            tree_size = fields.pop("tree_size")
            counts = {key: _count(value) for key, value in fields.items()}
            return cls(
                written_at=_given(written_at),
                receipt_at=receipt_at,
                tree_size=None if tree_size is None else _count(tree_size),
                **counts,
            )
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise RecordRejected("STATUS_MALFORMED") from error


def _time_or_none(text: object) -> datetime | None:
    if text is None:
        return None
    if not isinstance(text, str) or (time := datetime.fromisoformat(text)).tzinfo is None:
        raise ValueError
    return time


def _given(time: datetime | None) -> datetime:
    if time is None:
        raise ValueError
    return time


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError
    return value


def encode_closings(closings: Mapping[str, datetime]) -> bytes:
    """The content of urgency.json: name of a file in `out` -> the nearest closing of a poll that depends on
    it. A time says nothing of anybody; the agent opens no file and could not know it otherwise.
    """
    times = {name: at.isoformat(timespec="seconds") for name, at in sorted(closings.items())}
    return json.dumps({"version": 1, "closings": times}).encode()


def decode_closings(data: bytes) -> dict[str, datetime]:
    """Read urgency.json. Raises: RecordRejected URGENCY_MALFORMED."""
    try:
        fields = json.loads(data)
        if fields["version"] != 1 or not all(_OUT.fullmatch(name) for name in fields["closings"]):
            raise RecordRejected("URGENCY_MALFORMED")
        return {name: _closing(text) for name, text in fields["closings"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise RecordRejected("URGENCY_MALFORMED") from error


def _closing(text: object) -> datetime:
    """A time that every clock on earth can show."""
    at = _given(_time_or_none(text)).astimezone(UTC)
    if not _YEARS[0] <= at.year <= _YEARS[1]:
        raise ValueError
    return at


class _Spool:
    """The folder and what both sides may read of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._out, self._in = folder / "out", folder / "in"
        self.make_folders()

    def make_folders(self) -> None:
        """Again, when somebody deleted the spool under a running program."""
        for path in (self._out, self._in, self.folder / "agent"):
            path.mkdir(mode=0o770, parents=True, exist_ok=True)

    @property
    def mirror(self) -> Path:
        """The mirrored TUF repository: `metadata` and `targets`."""
        return self._in / "tuf"

    def out_files(self) -> list[ForeignFile]:
        """Sealed bundles and enrolments that wait, oldest first."""
        return list_regular(self._out, _OUT, SEALED_BYTES_MAX)

    def contested_files(self) -> list[ForeignFile]:
        """Proofs that the centre contradicted itself, oldest first."""
        return list_regular(self._out, CONTESTED_NAME, PROOF_BYTES_MAX)


class AppSpool(_Spool):
    """The side of the program that holds the keys: it seals into `out` and opens what comes `in`."""

    def put_bundle(self, sealed: bytes) -> str:
        """Hand a sealed bundle to the agent; returns its name. The same bytes twice are one file."""
        return self._put(sealed, BUNDLE)

    def put_enrolment(self, sealed: bytes) -> str:
        """Hand the sealed enrolment of this tablet to the agent; returns its name."""
        return self._put(sealed, ENROLMENT)

    def put_contested(self, proof: bytes) -> None:
        """Leave a proof for whoever copies to a stick. The same bytes twice are one file."""
        write_durably(self._out / f"{name_of(proof)}{CONTESTED}", proof, GROUP_READABLE)

    def _put(self, sealed: bytes, suffix: str) -> str:
        if not 0 < len(sealed) <= SEALED_BYTES_MAX:
            raise RecordRejected("SEALED_TOO_LARGE")
        name = name_of(sealed)
        write_durably(self._out / f"{name}{suffix}", sealed, GROUP_READABLE)
        return name

    def bundle_names(self) -> list[str]:
        """Names of the bundles still in `out`, oldest first."""
        return [file.name.removesuffix(BUNDLE) for file in self.out_files() if file.name.endswith(BUNDLE)]

    def remove_bundle(self, name: str) -> None:
        """Take a bundle back, once its answer is applied or a larger one replaces it."""
        self._remove(self._out, name + BUNDLE)

    def answer_names(self) -> list[str]:
        """Names of the answers that arrived, oldest first; from a stick, the name names no bundle."""
        return [file.name.removesuffix(BUNDLE) for file in list_regular(self._in, _ANSWER, SEALED_BYTES_MAX)]

    def read_answer(self, name: str) -> bytes:
        """The sealed answer. Raises: FileNotFoundError, RecordRejected (see foreign_file)."""
        return read_regular(self._in, name + BUNDLE, SEALED_BYTES_MAX)

    def remove_answer(self, name: str) -> None:
        """Forget an answer, once it is applied or proved worthless."""
        self._remove(self._in, name + BUNDLE)

    def refusals(self) -> dict[str, str]:
        """Name of each file the centre refused, with the code it gave."""
        files = list_regular(self._in, _REFUSED, SMALL_BYTES_MAX)
        return {file.name.removesuffix(REFUSED): self._refusal_code(file.name) for file in files}

    def _refusal_code(self, file_name: str) -> str:
        try:
            return check_code(json.loads(read_regular(self._in, file_name, SMALL_BYTES_MAX))["code"])
        except (ValueError, TypeError, KeyError, RecursionError, RecordRejected, FileNotFoundError):
            return "REFUSED"  # a damaged notice still says that this bundle did not pass: it is sealed again

    def remove_refusal(self, name: str) -> None:
        """Forget a refusal, once the bundle was sealed again."""
        self._remove(self._in, name + REFUSED)

    def put_root(self, first_root: bytes) -> None:
        """Give the agent the first root metadata of the enrolment: it names the repository to mirror."""
        write_durably(self.folder / "root.json", first_root, GROUP_READABLE)

    def has_root(self) -> bool:
        """Whether the agent still knows which repository to mirror."""
        return (self.folder / "root.json").is_file()

    def has_enrolment(self) -> bool:
        """Whether an enrolment of this tablet waits for the agent."""
        return any(file.name.endswith(ENROLMENT) for file in self.out_files())

    def has_status(self) -> bool:
        """Whether the last proof can still be read by the agent."""
        return (self.folder / "app-status.json").is_file()

    def write_status(self, status: AppStatus) -> None:
        """Say what is proved, for `procuration-agent status`."""
        write_durably(self.folder / "app-status.json", status.to_json(), GROUP_READABLE)

    def write_closings(self, closings: Mapping[str, datetime]) -> None:
        """Say which files of `out` a poll that closes soon depends on."""
        write_durably(self.folder / "urgency.json", encode_closings(closings), GROUP_READABLE)

    @staticmethod
    def _remove(folder: Path, file_name: str) -> None:
        (folder / file_name).unlink(missing_ok=True)
        sync_folder(folder)


class AgentSpool(_Spool):
    """The side of the program that travels: it reads `out`, fills `in`, and opens nothing."""

    @property
    def memory(self) -> Path:
        """The agent's own folder."""
        return self.folder / "agent"

    def read_out(self, file_name: str) -> bytes:
        """One file that waits.

        Raises: FileNotFoundError, when the app took it back; RecordRejected SPOOL_DAMAGED, when its content
        is not what its name says: a damaged disk, for the app to seal again.
        """
        sealed = read_regular(self._out, file_name, SEALED_BYTES_MAX)
        if name_of(sealed) != file_name.partition(".")[0]:
            raise RecordRejected("SPOOL_DAMAGED")
        return sealed

    def read_contested(self, file_name: str) -> bytes:
        """One proof. Raises: as `read_out`."""
        proof = read_regular(self._out, file_name, PROOF_BYTES_MAX)
        if name_of(proof) != file_name.partition(".")[0]:
            raise RecordRejected("SPOOL_DAMAGED")
        return proof

    def put_answer(self, name: str, sealed: bytes) -> None:
        """File the answer to out/<name>; an earlier answer or refusal of that bundle is replaced."""
        write_durably(self._in / (name + BUNDLE), sealed, GROUP_READABLE)
        (self._in / (name + REFUSED)).unlink(missing_ok=True)

    def put_refusal(self, name: str, code: str) -> None:
        """File the centre's refusal of out/<name>."""
        write_durably(self._in / (name + REFUSED), json.dumps({"code": code}).encode(), GROUP_READABLE)

    def remove_enrolment(self, file_name: str) -> None:
        """The centre has the enrolment: it need not travel again."""
        name = file_name.removesuffix(ENROLMENT)
        (self._out / f"{name}{ENROLMENT}").unlink(missing_ok=True)
        (self._in / (name + REFUSED)).unlink(missing_ok=True)
        sync_folder(self._out)

    def answers(self) -> list[str]:
        """Names of the answers the app has not taken yet."""
        return [file.name.removesuffix(BUNDLE) for file in list_regular(self._in, _ANSWER, SEALED_BYTES_MAX)]

    def first_root(self) -> bytes | None:
        """The first root metadata the app left; None before the installation."""
        try:
            return read_regular(self.folder, "root.json", ROOT_BYTES_MAX)
        except FileNotFoundError:
            return None

    def app_status(self) -> AppStatus | None:
        """The last proof the app wrote; None when there is none, or none that can be read."""
        try:
            return AppStatus.from_json(read_regular(self.folder, "app-status.json", SMALL_BYTES_MAX))
        except (FileNotFoundError, RecordRejected):
            return None

    def closings(self) -> dict[str, datetime]:
        """The nearest closing that depends on each file of `out`, as far as the app said; empty when what it
        wrote is missing or cannot be read: the files then go in the order in which they were written.
        """
        try:
            return decode_closings(read_regular(self.folder, "urgency.json", URGENCY_BYTES_MAX))
        except (OSError, RecordRejected):
            return {}

    def clear_leftovers(self) -> None:
        """Remove what a crash left half-written in the folders this side writes."""
        for folder in (self._in, self.memory):
            for path in folder.glob(".*.tmp"):
                path.unlink(missing_ok=True)
