"""The folder of an authority: where its keys, backups, tables and signed repository lie.

It belongs on an encrypted disk of a machine without network; `server/` leaves it for the server at once.

    keys/NAME.key            one encrypted key (procuration/adapters/key_file.py)
    backups/a, backups/b     two further copies of each key, for two other places
    registry.cbor            the next directory, not yet signed (same form as directory.cbor)
    tables/NAME.cbor         the other tables to sign next: calendar, law, policy, sites, communes,
                             places
    enrolments/KID.cbor      every enrolment a supervisor signed
    repository/              what was signed: metadata/ and targets/
    root.json, ca.pem        what a tablet and an agent start from
    server/                  a server home, ready to serve
"""

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from procuration.adapters.durable_file import PRIVATE, write_durably
from procuration.adapters.foreign_file import read_regular
from procuration.adapters.key_file import KEY_FILE_BYTES_MAX, Cost, KeyFile, lock, parse_key_file
from procuration.errors import RuleViolated
from provisioning.pass_phrases import SUPERVISOR, PassPhrases

ROOT = "racine"
DIRECTORY = "annuaire"
BACKUPS = ("a", "b")
PRIVATE_FOLDER = 0o700


@dataclass(frozen=True, slots=True)
class AuthorityFolder:
    """An authority's folder, by its path."""

    path: Path

    @classmethod
    def existing(cls, path: Path) -> "AuthorityFolder":
        """Raises: RuleViolated NO_AUTHORITY, when there is none."""
        if not (path / "registry.cbor").is_file():
            raise RuleViolated("NO_AUTHORITY", path=str(path))
        return cls(path)

    @classmethod
    def new(cls, path: Path) -> "AuthorityFolder":
        """Raises: RuleViolated AUTHORITY_EXISTS, when the folder is not empty: keys are never overwritten."""
        if path.exists() and any(path.iterdir()):
            raise RuleViolated("AUTHORITY_EXISTS", path=str(path))
        folder = cls(path)
        for name in ("keys", "tables", "enrolments", "repository/metadata", "repository/targets"):
            (path / name).mkdir(parents=True, mode=PRIVATE_FOLDER)
        for copy in BACKUPS:
            (path / "backups" / copy).mkdir(parents=True, mode=PRIVATE_FOLDER)
        path.chmod(PRIVATE_FOLDER)
        return folder

    @property
    def repository(self) -> Path:
        """What was signed, as a TUF repository."""
        return self.path / "repository"

    @property
    def server(self) -> Path:
        """The server home made with the authority."""
        return self.path / "server"

    @property
    def registry(self) -> Path:
        """The next directory."""
        return self.path / "registry.cbor"

    def table(self, name: str) -> Path:
        """A table to sign next."""
        return self.path / "tables" / f"{name}.cbor"

    def copies_of(self, name: str) -> list[Path]:
        """The key's file and its two backups."""
        folders = [self.path / "keys", *(self.path / "backups" / copy for copy in BACKUPS)]
        return [folder / f"{name}.key" for folder in folders]

    def key_names(self, kind: str = "") -> list[str]:
        """The keys held, or those of one kind ("racine", "annuaire", "superviseur")."""
        names = sorted(path.stem for path in (self.path / "keys").glob("*.key"))
        return [name for name in names if name.startswith(kind)]

    def holders(self) -> list[str]:
        """The numbers of the holders of the directory keys."""
        return [holder_of(name) for name in self.key_names(DIRECTORY)]

    def create_key(self, name: str, pass_phrase: str, cost: Cost) -> Ed25519PrivateKey:
        """Draw a key and write it with its two backups, each under its own salt."""
        private = Ed25519PrivateKey.generate()
        for path in self.copies_of(name):
            write_durably(path, lock(name, private, pass_phrase, cost).to_bytes(), PRIVATE)
        return private

    def open_key(self, name: str, pass_phrases: PassPhrases) -> Ed25519PrivateKey:
        """One key, with its holder's pass phrase."""
        return self.key_file(self.copies_of(name)[0]).unlock(pass_phrases.of(holder_of(name)))

    def key_file(self, path: Path) -> KeyFile:
        """Read one copy of a key.

        Raises: RuleViolated KEY_MISSING; RecordRejected, when it is not a key file.
        """
        try:
            return parse_key_file(read_regular(path.parent, path.name, KEY_FILE_BYTES_MAX))
        except FileNotFoundError as error:
            raise RuleViolated("KEY_MISSING", key=path.stem) from error


def holder_of(name: str) -> str:
    """Who has the pass phrase of a key: the number at its end, or the supervisor."""
    return SUPERVISOR if name.startswith(SUPERVISOR) else name.rpartition("-")[2]
