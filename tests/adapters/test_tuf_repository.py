"""The signed tables reach a client only as the holders signed them; the server keeps them fresh, no more."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tuf.api.metadata import Metadata, Timestamp

from procuration.adapters import tuf_repository
from procuration.adapters.trust import verified_targets
from procuration.errors import RecordRejected, RuleViolated
from provisioning import repository as offline

NOW = datetime.now(UTC)
TABLES = {"directory.cbor": b"one", "law.cbor": b"two"}


class Authority:
    """Three holders, a server home and a publication, all in one folder."""

    def __init__(self, folder):
        self.holders = [Ed25519PrivateKey.generate() for _ in range(3)]
        self.home, self.publication = folder / "home", folder / "publication"
        for place in (self.publication, self.home / "tuf"):
            (place / "metadata").mkdir(parents=True)
            (place / "targets").mkdir()
        online = {name: Ed25519PrivateKey.generate() for name in ("snapshot", "timestamp")}
        (self.home / "keys").mkdir()
        for name, key in online.items():
            pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            (self.home / "keys" / f"{name}.pem").write_bytes(pem)
        public = [key.public_key() for key in self.holders]
        self.keys = offline.TrustedKeys(
            root=public,
            targets=public,
            snapshot=online["snapshot"].public_key(),
            timestamp=online["timestamp"].public_key(),
        )
        self.first_root = self.signs_root(1, self.holders[:2])
        (self.home / "tuf" / "root.json").write_bytes(self.first_root)

    def signs_root(self, version, holders, keys=None):
        return offline.write_root(
            self.publication, offline.make_root(keys or self.keys, version, NOW), holders
        )

    def signs_tables(self, tables=TABLES, present=2):
        return offline.write_tables(self.publication, tables, self.holders[:present], NOW)

    def installs(self, now=NOW):
        return tuf_repository.install_publication(self.home, self.publication, now)

    def seen_by_a_tablet(self, cache):
        return verified_targets(self.first_root, self.home / "tuf", cache, list(TABLES))


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


def test_a_tablet_reads_what_two_holders_signed(authority, tmp_path):
    authority.signs_tables()
    authority.installs()
    assert authority.seen_by_a_tablet(tmp_path / "cache") == TABLES


def test_the_signature_of_one_holder_is_not_enough(authority):
    authority.signs_tables(present=1)
    with pytest.raises(RecordRejected) as caught:
        authority.installs()
    assert caught.value.code == "TUF_TARGETS"
    assert not (authority.home / "tuf" / "metadata" / "timestamp.json").exists()


def test_a_table_changed_after_signature_is_not_installed(authority):
    authority.signs_tables()
    for path in (authority.publication / "targets").glob("*law.cbor"):
        path.write_bytes(b"six")
    with pytest.raises(RecordRejected) as caught:
        authority.installs()
    assert caught.value.code == "TUF_TARGET"


def test_an_older_publication_never_replaces_a_newer_one(authority, tmp_path):
    authority.signs_tables()
    authority.installs()
    authority.signs_tables({"directory.cbor": b"three", "law.cbor": b"two"})
    authority.installs()
    (authority.publication / "metadata" / "2.targets.json").unlink()
    with pytest.raises(RuleViolated) as caught:
        authority.installs()
    assert caught.value.code == "TUF_ROLL_BACK"
    assert authority.seen_by_a_tablet(tmp_path / "cache")["directory.cbor"] == b"three"


def test_the_same_publication_may_be_installed_twice(authority, tmp_path):
    authority.signs_tables()
    assert authority.installs() == authority.installs() == 1
    assert authority.seen_by_a_tablet(tmp_path / "cache") == TABLES


def test_the_server_renews_once_a_week_and_tablets_follow(authority, tmp_path):
    authority.signs_tables()
    authority.installs(NOW - timedelta(days=34))
    assert authority.seen_by_a_tablet(tmp_path / "cache") == TABLES
    assert tuf_repository.refresh_timestamp(authority.home, NOW)
    assert not tuf_repository.refresh_timestamp(authority.home, NOW + timedelta(days=6))
    assert authority.seen_by_a_tablet(tmp_path / "cache") == TABLES
    stamp = Metadata[Timestamp].from_file(str(authority.home / "tuf" / "metadata" / "timestamp.json"))
    assert stamp.signed.expires > NOW + timedelta(days=34)


def test_tables_nobody_renewed_for_five_weeks_are_said_to_be_old(authority, tmp_path):
    authority.signs_tables()
    authority.installs(NOW - timedelta(days=36))
    with pytest.raises(RecordRejected) as caught:
        authority.seen_by_a_tablet(tmp_path / "cache")
    assert caught.value.code == "TRUST_EXPIRED"


def test_a_server_signs_nothing_over_tables_the_authority_did_not_sign(authority):
    authority.signs_tables()
    authority.installs()
    authority.signs_tables(present=1)
    stolen = authority.publication / "metadata" / "2.targets.json"
    (authority.home / "tuf" / "metadata" / "2.targets.json").write_bytes(stolen.read_bytes())
    with pytest.raises(RecordRejected):
        tuf_repository.refresh_timestamp(authority.home, NOW + timedelta(days=20))


def test_a_lost_holder_is_replaced_and_tablets_follow_from_the_first_root(authority, tmp_path):
    authority.signs_tables()
    authority.installs()
    authority.seen_by_a_tablet(tmp_path / "cache")
    newcomer = Ed25519PrivateKey.generate()
    held = [*authority.holders[:2], newcomer]
    public = [key.public_key() for key in held]
    keys = offline.TrustedKeys(public, public, authority.keys.snapshot, authority.keys.timestamp)
    authority.signs_root(2, authority.holders[:2], keys)
    authority.holders = [newcomer, held[0]]
    authority.signs_tables({"directory.cbor": b"signed by the newcomer", "law.cbor": b"two"})
    authority.installs()
    seen = authority.seen_by_a_tablet(tmp_path / "cache")
    assert seen["directory.cbor"] == b"signed by the newcomer"


def test_a_root_signed_by_newcomers_alone_is_refused(authority):
    authority.signs_tables()
    authority.installs()
    strangers = [Ed25519PrivateKey.generate() for _ in range(3)]
    public = [key.public_key() for key in strangers]
    keys = offline.TrustedKeys(public, public, authority.keys.snapshot, authority.keys.timestamp)
    authority.signs_root(2, strangers, keys)
    with pytest.raises(RecordRejected) as caught:
        authority.installs()
    assert caught.value.code == "TUF_ROOT"


def test_a_file_whose_version_only_looks_like_a_number_is_passed_over(authority):
    authority.signs_tables()
    (authority.publication / "metadata" / "²7.targets.json").write_bytes(b"{}")
    assert tuf_repository.newest_version(authority.publication, "targets") == 1
