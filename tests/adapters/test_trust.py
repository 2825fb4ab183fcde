"""What a tablet believes of a folder of signed tables."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from tuf.api.exceptions import DownloadError

from procuration.adapters.trust import FolderFetcher, realm_of, verified_targets
from procuration.errors import RecordRejected
from tests.adapters.small_repository import SmallRepository, ed25519


@pytest.fixture
def repository(tmp_path: Path) -> SmallRepository:
    return SmallRepository(tmp_path / "repository")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def rejected_with(code: str):
    return pytest.raises(RecordRejected, match=f"^{code}$")


def test_the_realm_is_the_hash_of_the_first_root(repository):
    assert realm_of(repository.first_root) == sha256(repository.first_root).digest()[:16]


def test_tables_signed_by_the_directory_keys_are_believed(repository, cache):
    assert verified_targets(repository.first_root, repository.folder, cache) == repository.tables


def test_processes_that_start_together_read_the_same_tables_through_one_cache(repository, tmp_path):
    with ThreadPoolExecutor(8) as together:
        for number in range(10):
            cache = tmp_path / f"cache-{number}"
            reads = [
                together.submit(verified_targets, repository.first_root, repository.folder, cache)
                for _ in range(8)
            ]
            assert [read.result() for read in reads] == [repository.tables] * 8


def test_the_newest_tables_are_returned(repository, cache):
    verified_targets(repository.first_root, repository.folder, cache)
    repository.tables["directory.cbor"] = b"directory, version 2"
    repository.publish()
    assert verified_targets(repository.first_root, repository.folder, cache) == repository.tables


def test_a_table_the_repository_does_not_list_is_left_out(repository, cache):
    assert verified_targets(repository.first_root, repository.folder, cache, ["law.cbor"]) == {}


def test_a_root_followed_by_a_second_one_is_believed(repository, cache):
    repository.publish_root()
    assert verified_targets(repository.first_root, repository.folder, cache) == repository.tables


def test_a_second_root_signed_by_strangers_is_refused(repository, cache):
    repository.publish_root(signers=[ed25519(), ed25519()])
    with rejected_with("TRUST_SIGNATURE"):
        verified_targets(repository.first_root, repository.folder, cache)


def test_tables_of_another_realm_are_refused(repository, cache, tmp_path):
    stranger = SmallRepository(tmp_path / "stranger")
    with rejected_with("TRUST_SIGNATURE"):
        verified_targets(repository.first_root, stranger.folder, cache)


def test_tables_signed_by_one_directory_key_of_two_are_refused(repository, cache):
    repository.keys["targets"].pop()
    repository.publish()
    with rejected_with("TRUST_SIGNATURE"):
        verified_targets(repository.first_root, repository.folder, cache)


def test_expired_tables_are_refused(repository, cache):
    repository.publish(expires_in=timedelta(seconds=-1))
    with rejected_with("TRUST_EXPIRED"):
        verified_targets(repository.first_root, repository.folder, cache)


def test_an_older_repository_than_the_last_one_seen_is_refused(repository, cache, tmp_path):
    old = shutil.copytree(repository.folder, tmp_path / "old")
    repository.publish()
    verified_targets(repository.first_root, repository.folder, cache)
    with rejected_with("TRUST_ROLLBACK"):
        verified_targets(repository.first_root, old, cache)


def test_an_altered_table_is_refused(repository, cache):
    path = repository.target_path("directory.cbor")
    path.write_bytes(path.read_bytes().replace(b"1", b"2"))
    with rejected_with("TRUST_MISMATCH"):
        verified_targets(repository.first_root, repository.folder, cache)


def test_a_table_longer_than_its_signed_length_is_refused(repository, cache):
    with repository.target_path("directory.cbor").open("ab") as file:
        file.write(b"more")
    with rejected_with("TRUST_TOO_LARGE"):
        verified_targets(repository.first_root, repository.folder, cache)


@pytest.mark.parametrize("missing", ["timestamp.json", "1.snapshot.json", "1.targets.json"])
def test_a_repository_that_lacks_a_file_is_refused(repository, cache, missing):
    (repository.folder / "metadata" / missing).unlink()
    with rejected_with("TRUST_MISSING"):
        verified_targets(repository.first_root, repository.folder, cache)


@pytest.mark.parametrize("content", [b"", b"{}", b"[" * 10_000, b"\xff\xfe", b"<html>Connexion</html>"])
def test_metadata_that_is_no_metadata_is_refused(repository, cache, content):
    (repository.folder / "metadata" / "timestamp.json").write_bytes(content)
    with rejected_with("TRUST_UNREADABLE"):
        verified_targets(repository.first_root, repository.folder, cache)


def test_huge_metadata_is_refused_before_it_is_parsed(repository, cache):
    (repository.folder / "metadata" / "timestamp.json").write_bytes(b" " * 20_000)
    with rejected_with("TRUST_TOO_LARGE"):
        verified_targets(repository.first_root, repository.folder, cache)


def test_a_first_root_that_is_no_root_is_refused(repository, cache):
    with rejected_with("TRUST_UNREADABLE"):
        verified_targets(b"{}", repository.folder, cache)


def test_a_table_behind_a_link_is_refused(repository, cache, tmp_path):
    path = repository.target_path("directory.cbor")
    moved = path.rename(tmp_path / "elsewhere")
    path.symlink_to(moved)
    with rejected_with("TRUST_UNREADABLE"):
        verified_targets(repository.first_root, repository.folder, cache)


def test_a_table_that_is_a_pipe_does_not_block(repository, cache):
    path = repository.target_path("directory.cbor")
    path.unlink()
    os.mkfifo(path)
    with rejected_with("TRUST_UNREADABLE"):
        verified_targets(repository.first_root, repository.folder, cache)


@pytest.mark.parametrize(
    "url",
    ["folder:///metadata/../secret", "folder:///targets/a/b", "folder:///other/x", "folder:///targets/", "x"],
)
def test_nothing_outside_the_two_folders_is_read(repository, url):
    (repository.folder / "secret").write_bytes(b"secret")
    with pytest.raises(DownloadError):
        list(FolderFetcher(repository.folder).fetch(url))
