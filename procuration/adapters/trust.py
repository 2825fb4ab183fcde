"""The signed tables (directory, calendar, law...) as a tablet believes them, read from a TUF folder.

The folder is the agent's mirror or a stick: anybody may have written it. What is returned was signed by the
directory keys of the realm, is the newest the folder has, and is not older than what this cache saw before.
Whether it is fresh enough to act on is not decided here (SECURITY-DESIGN 4: age of the directory against the
clock floor). A caller that gets an error keeps the tables it verified last.
"""

import os
from collections.abc import Collection, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    RepositoryError,
    UnsignedMetadataError,
)
from tuf.ngclient.config import UpdaterConfig
from tuf.ngclient.fetcher import FetcherInterface
from tuf.ngclient.updater import Updater

from procuration.adapters.foreign_file import open_regular
from procuration.adapters.turns import alone
from procuration.domain.identifiers import Realm
from procuration.errors import RecordRejected
from procuration.record.limits import TABLE_BYTES_MAX

TABLES: Final = (
    "directory.cbor",
    "calendar.cbor",
    "law.cbor",
    "policy.cbor",
    "sites.cbor",
    "communes.cbor",
    "places.cbor",
)
ROOT_BYTES_MAX: Final = 512_000
_CHUNK: Final = 64 << 10
_BASE: Final = "folder:///"


def realm_of(first_root: bytes) -> Realm:
    """The realm: first 16 bytes of SHA-256 of the first root metadata file (SECURITY-DESIGN 2)."""
    return Realm(sha256(first_root).digest()[:16])


def verified_targets(
    first_root: bytes, repository: Path, cache: Path, names: Collection[str] = TABLES
) -> dict[str, bytes]:
    """The verified content of each of these tables that the repository lists.

    Args:
        first_root: the root metadata of the enrolment; later roots are followed from it.
        repository: folder with `metadata` and `targets`, under somebody else's hands.
        cache: folder of this program alone, whose processes take turns; it remembers versions, so that an
            older repository is refused.
    Raises: RecordRejected TRUST_EXPIRED, TRUST_ROLLBACK, TRUST_SIGNATURE, TRUST_MISMATCH, TRUST_MISSING,
    TRUST_TOO_LARGE or TRUST_UNREADABLE; nothing of the repository may then be used.
    """
    for folder in (cache / "metadata", cache / "targets"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with alone(cache / "lock"):  # the client of TUF has one writer in mind: two at once fail, or mix versions
        return _verified(first_root, repository, cache, names)


def _verified(first_root: bytes, repository: Path, cache: Path, names: Collection[str]) -> dict[str, bytes]:
    try:
        updater = Updater(
            str(cache / "metadata"),
            _BASE + "metadata/",
            str(cache / "targets"),
            _BASE + "targets/",
            fetcher=FolderFetcher(repository),
            config=UpdaterConfig(root_max_length=ROOT_BYTES_MAX, max_delegations=4),
            bootstrap=first_root,
        )
        updater.refresh()
        found = {name: _target(updater, name) for name in names}
    except (RepositoryError, DownloadError) as error:
        raise RecordRejected(code_of(error)) from error
    return {name: data for name, data in found.items() if data is not None}


def _target(updater: Updater, name: str) -> bytes | None:
    info = updater.get_targetinfo(name)
    if info is None:
        return None
    if info.length > TABLE_BYTES_MAX:
        raise DownloadLengthMismatchError("a table is larger than any table may be")
    path = updater.find_cached_target(info) or updater.download_target(info)
    return Path(path).read_bytes()


def code_of(error: RepositoryError | DownloadError) -> str:
    """The code of a failure of the TUF client, for logs and screens."""
    match error:
        case ExpiredMetadataError():
            return "TRUST_EXPIRED"
        case BadVersionNumberError():
            return "TRUST_ROLLBACK"
        case UnsignedMetadataError():
            return "TRUST_SIGNATURE"
        case LengthOrHashMismatchError():
            return "TRUST_MISMATCH"
        case DownloadHTTPError():
            return "TRUST_MISSING"
        case DownloadLengthMismatchError():
            return "TRUST_TOO_LARGE"
        case _:
            return "TRUST_UNREADABLE"


class FolderFetcher(FetcherInterface):
    """Gives the TUF client the files of one folder and of nothing else; it believes none of them."""

    def __init__(self, repository: Path) -> None:
        self._repository = repository

    def _fetch(self, url: str) -> Iterator[bytes]:
        kind, _, name = urlsplit(url).path.lstrip("/").partition("/")
        if kind not in {"metadata", "targets"}:
            raise DownloadError("neither metadata nor target")
        return self._chunks(self._repository / kind, name)

    def _chunks(self, folder: Path, name: str) -> Iterator[bytes]:
        try:
            with open_regular(folder, name) as descriptor:
                while chunk := os.read(descriptor, _CHUNK):
                    yield chunk
        except FileNotFoundError as error:
            raise DownloadHTTPError("not in the folder", 404) from error
        except (OSError, RecordRejected) as error:
            raise DownloadError("not a regular file of the folder") from error
