"""The mirror of the signed tables: new ones arrive whole, wrong ones never do."""

import shutil
from datetime import timedelta

import pytest

from procuration.adapters.trust import FolderFetcher, verified_targets
from procuration.errors import CarrierUnavailable, RecordRejected
from sync_agent.mirror import REPORT_BYTES_MAX, HttpsFetcher, Mirror
from tests.adapters.small_repository import SmallRepository


@pytest.fixture
def repository(centre):
    return SmallRepository(centre.files)


@pytest.fixture
def mirror(agent, app, repository, clock):
    app.put_root(repository.first_root)
    return Mirror(agent, clock)


@pytest.fixture
def verified(agent, repository, tmp_path):
    """What the app believes of the mirror."""
    return lambda: verified_targets(repository.first_root, agent.mirror, tmp_path / "cache of the app")


def test_the_tables_of_the_centre_reach_the_app(mirror, carrier, repository, verified):
    assert mirror.refresh(HttpsFetcher(carrier))
    assert verified() == repository.tables


def test_newer_tables_replace_them(mirror, carrier, repository, verified):
    mirror.refresh(HttpsFetcher(carrier))
    repository.tables = {"directory.cbor": b"directory, version 2", "law.cbor": b"law"}
    repository.publish()
    assert mirror.refresh(HttpsFetcher(carrier))
    assert verified() == repository.tables


def test_without_news_two_small_questions_are_asked(mirror, carrier, centre):
    mirror.refresh(HttpsFetcher(carrier))
    centre.requests.clear()
    assert not mirror.refresh(HttpsFetcher(carrier))
    assert [path for path, _ in centre.requests] == [
        "/tuf/metadata/2.root.json",
        "/tuf/metadata/timestamp.json",
    ]


def test_a_new_root_reaches_the_app(mirror, carrier, repository, agent, verified):
    mirror.refresh(HttpsFetcher(carrier))
    repository.publish_root()
    repository.publish()
    mirror.refresh(HttpsFetcher(carrier))
    assert (agent.mirror / "metadata" / "2.root.json").is_file()
    assert verified() == repository.tables


def test_a_lost_mirror_is_made_again(mirror, carrier, agent, repository, verified):
    mirror.refresh(HttpsFetcher(carrier))
    shutil.rmtree(agent.mirror)
    assert mirror.refresh(HttpsFetcher(carrier))
    assert verified() == repository.tables


def test_a_damaged_table_is_fetched_again(mirror, carrier, agent, repository, verified):
    mirror.refresh(HttpsFetcher(carrier))
    (path,) = (agent.mirror / "targets").iterdir()
    path.write_bytes(b"x" * path.stat().st_size)
    mirror.refresh(HttpsFetcher(carrier))
    assert verified() == repository.tables


def test_states_older_than_the_last_are_removed(mirror, carrier, agent, repository):
    for version in range(2, 6):
        repository.tables["directory.cbor"] = b"directory, version %d" % version
        repository.publish()
        mirror.refresh(HttpsFetcher(carrier))
    assert len(list((agent.mirror / "targets").iterdir())) == 2
    assert sorted(path.name for path in (agent.mirror / "metadata").glob("*.targets.json")) == [
        "4.targets.json",
        "5.targets.json",
    ]


def test_expired_tables_do_not_reach_the_app(mirror, carrier, repository, verified):
    mirror.refresh(HttpsFetcher(carrier))
    good = dict(repository.tables)
    repository.tables["directory.cbor"] = b"forged"
    repository.publish(expires_in=timedelta(seconds=-1))
    with pytest.raises(RecordRejected, match=r"^TRUST_EXPIRED$"):
        mirror.refresh(HttpsFetcher(carrier))
    assert verified() == good
    assert mirror.report()["code"] == "TRUST_EXPIRED"


def test_tables_of_another_realm_do_not_reach_the_app(mirror, agent, tmp_path, verified, repository, carrier):
    mirror.refresh(HttpsFetcher(carrier))
    stranger = SmallRepository(tmp_path / "stranger", {"directory.cbor": b"forged"})
    stranger.publish()
    with pytest.raises(RecordRejected, match=r"^TRUST_SIGNATURE$"):
        mirror.refresh(FolderFetcher(stranger.folder))
    assert verified() == repository.tables


def test_a_download_cut_in_the_middle_changes_nothing(mirror, carrier, repository, verified):
    mirror.refresh(HttpsFetcher(carrier))
    good = dict(repository.tables)
    repository.tables["directory.cbor"] = b"directory, version 2"
    repository.publish()
    repository.target_path("directory.cbor").unlink()
    with pytest.raises(RecordRejected, match=r"^TRUST_MISSING$"):
        mirror.refresh(HttpsFetcher(carrier))
    assert verified() == good


def test_a_centre_that_is_down_is_off_line_and_no_fault_of_the_tables(mirror, carrier, centre):
    carrier._server = "https://127.0.0.1:1"
    with pytest.raises(CarrierUnavailable, match=r"^UNREACHABLE$"):
        mirror.refresh(HttpsFetcher(carrier))


def test_before_the_installation_the_root_of_the_centre_is_followed(
    agent, clock, carrier, repository, verified
):
    mirror = Mirror(agent, clock)
    assert mirror.refresh(HttpsFetcher(carrier), may_meet=True)
    assert verified() == repository.tables


def test_before_the_installation_the_root_of_a_stick_is_not_followed(agent, clock, repository):
    with pytest.raises(RecordRejected, match=r"^TRUST_UNREADABLE$"):
        Mirror(agent, clock).refresh(FolderFetcher(repository.folder))


def test_the_root_of_the_app_wins_over_the_one_met_before(agent, app, clock, carrier, repository, tmp_path):
    mirror = Mirror(agent, clock)
    mirror.refresh(HttpsFetcher(carrier), may_meet=True)
    app.put_root(SmallRepository(tmp_path / "stranger").first_root)
    with pytest.raises(RecordRejected, match=r"^TRUST_SIGNATURE$"):
        mirror.refresh(HttpsFetcher(carrier), may_meet=True)


@pytest.mark.parametrize(
    "damage", [b"[" * REPORT_BYTES_MAX, b'{"files": 3}', b'{"files": [[1]]}', b'"text"', b"\xff"]
)
def test_a_damaged_report_is_an_empty_one_and_the_mirror_goes_on(mirror, agent, carrier, damage):
    (agent.memory / "mirror.json").write_bytes(damage)
    assert mirror.report() == {}
    assert mirror.refresh(HttpsFetcher(carrier))
