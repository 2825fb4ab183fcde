"""The ceremonies: creating an authority, proving that its keys open, replacing a holder."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from procuration.adapters.durable_file import PRIVATE, write_durably
from procuration.adapters.key_file import Cost, lock
from procuration.adapters.keys import SoftwareKey
from procuration.adapters.trust import realm_of
from procuration.domain.identifiers import LogId, Realm
from procuration.errors import RuleViolated
from procuration.record.canonical import decode
from procuration.record.cose_key import ed25519_cose_key
from procuration.record.directory import NO_LOG, Directory, Entry, Role
from procuration.record.sealed import Purpose, suite_for
from provisioning import publication, repository, server_home
from provisioning.folder import DIRECTORY, ROOT, AuthorityFolder, holder_of
from provisioning.pass_phrases import SUPERVISOR, PassPhrases

SUPERVISOR_LIFE: Final = timedelta(days=365)
Say = Callable[[str], None]


def silent(_: str) -> None:
    """Nobody waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an authority is created with.

    Attributes:
        tables: files that replace the tables of the program.
    """

    holders: int
    supervisor: str
    server_names: list[str]
    tables: Mapping[str, Path]
    cost: Cost


@dataclass(frozen=True, slots=True)
class Created:
    """What the minutes of the ceremony write down."""

    realm: Realm
    published: publication.Published


def create(path: Path, plan: Plan, pass_phrases: PassPhrases, now: datetime, say: Say = silent) -> Created:
    """Create an authority and a server home, ready to serve.

    Raises: RuleViolated AUTHORITY_EXISTS, PASS_PHRASE_SHORT...; RecordRejected TABLE_FORMAT.
    """
    tables = publication.first_tables(plan.tables, now)
    holders = [str(number + 1) for number in range(plan.holders)]
    chosen = {holder: pass_phrases.new(holder) for holder in (*holders, SUPERVISOR)}
    folder = AuthorityFolder.new(path)
    for name, data in tables.items():
        write_durably(folder.table(name), data)

    def create_key(name: str) -> Ed25519PrivateKey:
        say(f"clé {name} et ses deux sauvegardes")
        return folder.create_key(name, chosen[holder_of(name)], plan.cost)

    roots = [create_key(f"{ROOT}-{holder}") for holder in holders]
    directory_keys = [create_key(f"{DIRECTORY}-{holder}") for holder in holders]
    supervisor = create_key(f"{SUPERVISOR}-{plan.supervisor}")
    write_durably(
        folder.path / "ca.pem", server_home.create_server_home(folder.server, plan.server_names, now)
    )
    first_root = _sign_first_root(folder, roots, directory_keys, now)
    registry = _first_registry(folder, _supervisor_entry(plan.supervisor, supervisor.public_key(), now), now)
    published = publication.sign_publication(folder, directory_keys[:2], registry, now)
    publication.serve(folder, folder.server, now)
    return Created(realm_of(first_root), published)


def _sign_first_root(
    folder: AuthorityFolder,
    roots: list[Ed25519PrivateKey],
    directory_keys: list[Ed25519PrivateKey],
    now: datetime,
) -> bytes:
    keys = _trusted_keys(folder, [k.public_key() for k in roots], [k.public_key() for k in directory_keys])
    first_root = repository.write_root(folder.repository, repository.make_root(keys, 1, now), roots)
    write_durably(folder.path / "root.json", first_root)
    write_durably(folder.server / "tuf" / "root.json", first_root)
    return first_root


def _trusted_keys(
    folder: AuthorityFolder, roots: list[Ed25519PublicKey], directory_keys: list[Ed25519PublicKey]
) -> repository.TrustedKeys:
    online = {
        name: Ed25519PublicKey.from_public_bytes(
            server_home.public_key_of(folder.server, name).cose_key[-32:]
        )
        for name in ("snapshot", "timestamp")
    }
    return repository.TrustedKeys(roots, directory_keys, online["snapshot"], online["timestamp"])


def _first_registry(folder: AuthorityFolder, supervisor: Entry, now: datetime) -> Directory:
    log = decode((folder.server / "server-log.cbor").read_bytes(), max_bytes=64)
    assert isinstance(log, dict)
    assert isinstance(log[1], bytes)
    empty = Directory(
        version=0,
        issued=now,
        expires=now + publication.DIRECTORY_LIFE,
        entries=(*server_home.server_entries(folder.server, LogId(log[1]), now), supervisor),
        min_suite=tuple((purpose.value, suite_for(purpose).value) for purpose in Purpose),
        server_sealing_keys=(),
        epochs=(),
    )
    return server_home.renew(folder.server, empty, now)


def _supervisor_entry(unit: str, public: Ed25519PublicKey, now: datetime) -> Entry:
    return Entry(
        cose_key=ed25519_cose_key(public.public_bytes_raw()),
        role=Role.SUPERVISOR,
        unit=unit,
        not_before=now - server_home.CLOCK_TOLERANCE,
        not_after=now + SUPERVISOR_LIFE,
        revoked_at=None,
        log_id=NO_LOG,
    )


def add_supervisor(
    folder: AuthorityFolder, unit: str, pass_phrases: PassPhrases, cost: Cost, now: datetime
) -> Entry:
    """One more supervisor, who counts from the next publication. Raises: RuleViolated SUPERVISOR_EXISTS."""
    name = f"{SUPERVISOR}-{unit}"
    if name in folder.key_names():
        raise RuleViolated("SUPERVISOR_EXISTS", unit=unit)
    registry = publication.read_registry(folder)
    private = folder.create_key(name, pass_phrases.new(SUPERVISOR), cost)
    entry = _supervisor_entry(unit, private.public_key(), now)
    publication.write_registry(folder, _with_entry(registry, entry))
    return entry


def _with_entry(directory: Directory, entry: Entry) -> Directory:
    return replace(directory, entries=(*directory.entries, entry))


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check proved.

    Attributes:
        copies: how many files opened.
        directory: the newest one, signed by two holders.
        served: version a tablet believes from the server's home; None when no home is at hand.
    """

    keys: tuple[str, ...]
    copies: int
    directory: Directory
    served: int | None


def check(
    folder: AuthorityFolder,
    pass_phrases: PassPhrases,
    holders: Iterable[str] = (),
    home: Path | None = None,
    say: Say = silent,
) -> Checked:
    """Open each copy of each key and prove that it signs as the published key does; read the tables as a
    tablet.

    Raises: RuleViolated KEY_MISSING, PASS_PHRASE_WRONG, KEY_DIFFERS; RecordRejected.
    """
    wanted = set(holders)
    names = [name for name in folder.key_names() if not wanted or holder_of(name) in wanted]
    phrases = {holder: pass_phrases.of(holder) for holder in sorted({holder_of(name) for name in names})}
    believed = _published_keys(folder)
    copies = 0
    for name in names:
        say(f"clé {name} : ouverture des trois copies")
        for path in folder.copies_of(name):
            _check_copy(folder, path, phrases[holder_of(name)], believed[name])
            copies += 1
    directory = publication.signed_directory(folder)
    home = home or (folder.server if folder.server.is_dir() else None)
    served = None if home is None else publication.seen_by_a_tablet(folder, home).version
    return Checked(tuple(names), copies, directory, served)


def _check_copy(folder: AuthorityFolder, path: Path, pass_phrase: str, believed: list[bytes]) -> None:
    private = folder.key_file(path).unlock(pass_phrase)
    message = os.urandom(32)
    signature = private.sign(message)
    for public in believed:
        if public == private.public_key().public_bytes_raw():
            Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
            return
    raise RuleViolated("KEY_DIFFERS", key=path.stem, path=str(path))


def _published_keys(folder: AuthorityFolder) -> dict[str, list[bytes]]:
    """For each key held, the public keys that what was signed believes for its role."""
    root = repository.newest_root(folder.repository)
    of_role = {
        ROOT: [bytes.fromhex(root.keys[keyid].keyval["public"]) for keyid in root.roles["root"].keyids],
        DIRECTORY: [
            bytes.fromhex(root.keys[keyid].keyval["public"]) for keyid in root.roles["targets"].keyids
        ],
        SUPERVISOR: [e.cose_key[-32:] for e in publication.read_registry(folder).keys(Role.SUPERVISOR)],
    }
    return {name: of_role[name.partition("-")[0]] for name in folder.key_names()}


def replace_holder(
    folder: AuthorityFolder, holder: str, pass_phrases: PassPhrases, cost: Cost, now: datetime
) -> publication.Published:
    """New keys for one holder: a new root signed by two of the others, then a publication under it.

    Raises: RuleViolated HOLDER_UNKNOWN, HOLDERS_FEW.
    """
    if holder not in folder.holders():
        raise RuleViolated("HOLDER_UNKNOWN", holder=holder)
    others = publication.present_holders(folder, pass_phrases, but=holder)
    signers = [folder.open_key(f"{ROOT}-{other}", pass_phrases) for other in others]
    directory_signers = [folder.open_key(f"{DIRECTORY}-{other}", pass_phrases) for other in others]
    phrase = pass_phrases.new(holder)
    fresh = {f"{kind}-{holder}": Ed25519PrivateKey.generate() for kind in (ROOT, DIRECTORY)}
    files = {
        name: [lock(name, key, phrase, cost).to_bytes() for _ in range(3)] for name, key in fresh.items()
    }
    root = repository.newest_root(folder.repository)
    public = {
        kind: [
            fresh[name].public_key() if name in fresh else _public_of(folder, name)
            for name in folder.key_names(kind)
        ]
        for kind in (ROOT, DIRECTORY)
    }
    # Keys before root: if the power fails between the two, the command can be run again.
    for name, copies in files.items():
        for path, data in zip(folder.copies_of(name), copies, strict=True):
            write_durably(path, data, PRIVATE)
    keys = repository.same_online_keys(root, public[ROOT], public[DIRECTORY])
    signed = repository.make_root(keys, root.version + 1, now)
    repository.write_root(folder.repository, signed, [*signers, fresh[f"{ROOT}-{holder}"]])
    return publication.sign_publication(folder, directory_signers, publication.read_registry(folder), now)


def _public_of(folder: AuthorityFolder, name: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(folder.key_file(folder.copies_of(name)[0]).public)


def supervisor_signer(
    folder: AuthorityFolder, unit: str | None, pass_phrases: PassPhrases
) -> tuple[SoftwareKey, Entry]:
    """A supervisor's key and entry, the first one's when no unit is named. Raises: RuleViolated
    SUPERVISOR_UNKNOWN."""
    for entry in publication.read_registry(folder).keys(Role.SUPERVISOR):
        if unit in (None, entry.unit) and entry.revoked_at is None:
            private = folder.open_key(f"{SUPERVISOR}-{entry.unit}", pass_phrases)
            return SoftwareKey(private.private_bytes_raw()), entry
    raise RuleViolated("SUPERVISOR_UNKNOWN", unit=unit)
