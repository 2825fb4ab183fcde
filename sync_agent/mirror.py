"""The mirror of the signed tables: what the centre or a stick offers, copied into spool/in/tuf once it holds.

The agent's own TUF client chooses what to fetch and refuses what is forged, older or damaged, so that a
broken download never replaces a good table. The app trusts none of this: it verifies the folder again, with
its own root. Only tables listed at the top level are mirrored.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tuf.api.exceptions import DownloadError, DownloadHTTPError, LengthOrHashMismatchError, RepositoryError
from tuf.api.metadata import Metadata, Root, Snapshot, TargetFile, Targets
from tuf.ngclient.config import UpdaterConfig
from tuf.ngclient.fetcher import FetcherInterface
from tuf.ngclient.updater import Updater

from procuration.adapters.durable_file import write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.adapters.spool import GROUP_READABLE, ROOT_BYTES_MAX, AgentSpool
from procuration.adapters.trust import code_of
from procuration.adapters.turns import alone
from procuration.errors import RecordRejected
from procuration.ports import Clock
from sync_agent.carriers.https import HttpsCarrier
from sync_agent.memory import text_of

TARGETS_MAX = 64
TARGET_BYTES_MAX = 64 << 20
REPORT_BYTES_MAX = 64 << 10


class HttpsFetcher(FetcherInterface):
    """Gives the TUF client the files under /tuf/ of the centre; CarrierUnavailable passes through."""

    def __init__(self, carrier: HttpsCarrier) -> None:
        self._carrier = carrier

    def _fetch(self, url: str) -> Iterator[bytes]:
        try:
            yield from self._carrier.read("/tuf" + urlsplit(url).path, TARGET_BYTES_MAX)
        except FileNotFoundError as error:
            raise DownloadHTTPError("not at the centre", 404) from error


@dataclass(frozen=True, slots=True)
class _Generation:
    """One consistent state of the repository: verified metadata by file name, and the targets it lists."""

    metadata: dict[str, bytes]
    targets: dict[str, TargetFile]
    version: int

    def names(self) -> set[str]:
        return {f"metadata/{name}" for name in self.metadata} | {f"targets/{name}" for name in self.targets}


class Mirror:
    """Keeps spool/in/tuf at the newest state that verifies."""

    def __init__(self, spool: AgentSpool, clock: Clock, root: bytes | None = None) -> None:
        self._spool, self._clock, self._root = spool, clock, root
        self._cache = spool.memory / "tuf"

    def refresh(self, fetcher: FetcherInterface, *, may_meet: bool = False) -> bool:
        """Bring the mirror up to date; returns whether something new arrived.

        Args:
            may_meet: whether, before the app left its root, the first root this fetcher offers may be
                followed; right behind the pinned certificate of the centre, wrong for a stick.
        Raises: CarrierUnavailable; RecordRejected with a TRUST code, the mirror then stays as it was.
        """
        self._cache.mkdir(mode=0o700, exist_ok=True)
        with alone(self._cache / "lock"):  # a stick may be read by hand while the agent runs
            try:
                generation = self._verified(fetcher, self._first_root(fetcher, may_meet=may_meet))
            except (RepositoryError, DownloadError) as error:
                self._write_report(self.report() | {"code": code_of(error), "checked_at": self._now()})
                raise RecordRejected(code_of(error)) from error
            changed = self._publish(generation)
            self._report_state(generation, changed=changed)
        return changed

    def _verified(self, fetcher: FetcherInterface, first_root: bytes) -> _Generation:
        config = UpdaterConfig(root_max_length=ROOT_BYTES_MAX, max_delegations=0)
        metadata, targets = self._cache / "metadata", self._cache / "targets"
        for folder in (metadata, targets):
            folder.mkdir(mode=0o700, exist_ok=True)
        updater = Updater(
            str(metadata),
            "mirror:///metadata/",
            str(targets),
            "mirror:///targets/",
            fetcher,
            config,
            bootstrap=first_root,
        )
        updater.refresh()
        generation = self._generation(metadata)
        for name, target in generation.targets.items():
            if not self._has(name, target):
                self._fetch_target(updater, name, target)
        return generation

    def _first_root(self, fetcher: FetcherInterface, *, may_meet: bool) -> bytes:
        if root := self._root or self._spool.first_root() or self._root_met():
            return root
        if not may_meet:
            raise RepositoryError("no root to begin from")
        root = fetcher.download_bytes("mirror:///metadata/1.root.json", ROOT_BYTES_MAX)
        write_durably(self._cache / "first_root.json", root, GROUP_READABLE)
        return root

    def _root_met(self) -> bytes | None:
        try:
            return read_regular(self._cache, "first_root.json", ROOT_BYTES_MAX)
        except FileNotFoundError:
            return None

    @staticmethod
    def _generation(folder: Path) -> _Generation:
        """What the TUF client just verified, under the names the repository gives it."""
        roots = {path.name: path.read_bytes() for path in (folder / "root_history").glob("*.root.json")}
        if not Metadata[Root].from_file(str(folder / "root.json")).signed.consistent_snapshot:
            raise RepositoryError("only consistent snapshots can be mirrored while somebody reads")
        snapshot = Metadata[Snapshot].from_file(str(folder / "snapshot.json")).signed
        targets = Metadata[Targets].from_file(str(folder / "targets.json")).signed
        listed = {target.get_prefixed_paths()[0]: target for target in targets.targets.values()}
        if len(listed) > TARGETS_MAX or any("/" in name for name in listed):
            raise RepositoryError("more tables than there are, or in folders")
        metadata = roots | {
            f"{snapshot.version}.snapshot.json": (folder / "snapshot.json").read_bytes(),
            f"{targets.version}.targets.json": (folder / "targets.json").read_bytes(),
            "timestamp.json": (folder / "timestamp.json").read_bytes(),
        }
        return _Generation(metadata, listed, targets.version)

    def _has(self, name: str, target: TargetFile) -> bool:
        try:
            target.verify_length_and_hashes((self._spool.mirror / "targets" / name).read_bytes())
        except (FileNotFoundError, LengthOrHashMismatchError):
            return False
        return True

    def _fetch_target(self, updater: Updater, name: str, target: TargetFile) -> None:
        if target.length > TARGET_BYTES_MAX:
            raise RepositoryError("a table is larger than any table may be")
        staged = self._cache / "targets" / "staged"
        updater.download_target(target, str(staged))
        self._write(f"targets/{name}", staged.read_bytes())
        staged.unlink()

    def _write(self, name: str, data: bytes) -> None:
        path = self._spool.mirror / name
        path.parent.mkdir(mode=0o770, parents=True, exist_ok=True)
        write_durably(path, data, GROUP_READABLE)

    def _publish(self, generation: _Generation) -> bool:
        """Write what is new, the timestamp last: a reader sees the old state or the new one, whole."""
        metadata = self._spool.mirror / "metadata"
        metadata.mkdir(mode=0o770, parents=True, exist_ok=True)
        old = {path.name: path.read_bytes() for path in metadata.glob("*.json")}
        new = {name: data for name, data in generation.metadata.items() if old.get(name) != data}
        for name in sorted(new, key=lambda name: name == "timestamp.json"):
            self._write(f"metadata/{name}", new[name])
        if new:
            self._remove_all_but(generation.names() | set(self.report().get("files", [])))
        return bool(new)

    def _remove_all_but(self, kept: set[str]) -> None:
        """Remove older states; the last one stays, a reader may be in the middle of it."""
        for path in self._spool.mirror.glob("*/*"):
            if f"{path.parent.name}/{path.name}" not in kept:
                path.unlink(missing_ok=True)

    def report(self) -> dict[str, Any]:
        """agent/mirror.json: `checked_at`, `changed_at`, `version` of the list of tables, `code`, `files`."""
        return read_report(self._spool)

    def _report_state(self, generation: _Generation, *, changed: bool) -> None:
        report = self.report()
        report |= {"checked_at": self._now(), "code": None, "version": generation.version}
        if changed or "files" not in report:
            report |= {"changed_at": self._now(), "files": sorted(generation.names())}
        self._write_report(report)

    def _write_report(self, report: dict[str, Any]) -> None:
        write_durably(self._spool.memory / "mirror.json", json.dumps(report).encode(), GROUP_READABLE)

    def _now(self) -> str:
        return text_of(self._clock.now())


def read_report(spool: AgentSpool) -> dict[str, Any]:
    """The last report of the mirror; empty when there is none."""
    try:
        report = json.loads(read_regular(spool.memory, "mirror.json", REPORT_BYTES_MAX))
    except (FileNotFoundError, RecordRejected, ValueError, RecursionError):
        return {}
    return report if isinstance(report, dict) and _lists_files(report) else {}


def _lists_files(report: dict[str, Any]) -> bool:
    files = report.get("files", [])
    return isinstance(files, list) and all(isinstance(name, str) for name in files)
