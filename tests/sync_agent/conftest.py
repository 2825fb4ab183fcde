"""The parts of these tests: an authority, a running centre, a spool with its two sides, a set clock."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from procuration.adapters.spool import AgentSpool, AppSpool
from sync_agent.carriers.https import HttpsCarrier
from tests.sync_agent.centre import Authority, Centre, running_centre


@dataclass
class SetClock:
    """A clock that moves when the test says so."""

    wall: datetime = datetime(2021, 6, 20, 10, 0, tzinfo=UTC)
    ms: int = 1_000_000
    boot_id: bytes = b"boot 001"

    def now(self) -> datetime:
        return self.wall

    def monotonic_ms(self) -> int:
        return self.ms

    def pass_seconds(self, seconds: float) -> None:
        self.ms += int(seconds * 1000)
        self.wall += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def centre(authority: Authority, tmp_path: Path) -> Iterator[Centre]:
    with running_centre(authority.server_context(), tmp_path / "repository") as centre:
        yield centre


@pytest.fixture
def carrier(centre: Centre, authority: Authority) -> Iterator[HttpsCarrier]:
    carrier = HttpsCarrier(centre.url, authority.file, silence_seconds=5)
    yield carrier
    carrier.close()


@pytest.fixture
def app(tmp_path: Path) -> AppSpool:
    return AppSpool(tmp_path / "spool")


@pytest.fixture
def agent(tmp_path: Path, app: AppSpool) -> AgentSpool:
    return AgentSpool(tmp_path / "spool")


@pytest.fixture(autouse=True)
def log_as_it_was() -> Iterator[None]:
    """The command sends the log of its process to its standard error; these tests share one process."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
