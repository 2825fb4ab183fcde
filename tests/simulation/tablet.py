"""One tablet of the simulation: a real installation on a simulated disk, with its agent, that can lose power,
be copied, be put back to an old state, or be lost.
"""

import os
import shutil
from pathlib import Path

from kiosk_app import installation
from kiosk_app.station import Station
from kiosk_app.use_cases.watch_clock import WatchClock
from procuration.adapters.spool import AgentSpool, AppSpool
from procuration.errors import ProcurationError, RecordRejected
from procuration.record.directory import encode_directory
from procuration.record.enrolment import OfflineRequestPolicy, Profile
from procuration.record.receipt import Level
from sync_agent.cycle import Cycle
from tests.kiosk import world as kiosk_world
from tests.kiosk.world import AGENT_CODE, OFFICER_CODE
from tests.simulation.clocks import MachineClock
from tests.simulation.disk import Disk
from tests.simulation.people import reference_tables

_EVENTS_MAX = 1_000_000
_TURNS_MAX = 4


class Site:
    """What `tests.kiosk.world.Tablet` asks of the world around it."""

    def __init__(self, folder: Path, clock: MachineClock):
        self.folder, self.clock = folder, clock
        self.tablets = []
        self.policy = OfflineRequestPolicy.DEMATERIALISED


class Tablet(kiosk_world.Tablet):
    """A tablet and the agent beside it, on one machine.

    Attributes:
        works: somebody can press its buttons; otherwise it is off.
        lost, copied: what became of it, for the oracle: nobody has it any more; its log has two writers, or
            was put back to an old state.
    """

    def __init__(self, number: int, folder: Path, time, profile: Profile, carrier_of):
        self.number, self._carrier_of = number, carrier_of
        root = folder / f"tablet-{number}"
        self.disk = Disk(root, folder / f"tablet-{number}.image")
        root.mkdir()
        self.boot = 0
        self.works = self.lost = self.copied = False
        self.original, self.revoked_at, self.officer_kid = True, None, None
        self.kept_copy: Path | None = None
        super().__init__(Site(root, MachineClock(time)), "store", profile)

    # life

    def brought_into_use(self, directory, epoch_key):
        """Installed, with an officer when it is a brigade's."""
        station = self._station()
        verified = {**reference_tables(), "directory.cbor": encode_directory(directory)}
        installation.install(station, AGENT_CODE, self.enrolment, kiosk_world.ROOT, verified, self.spool)
        station.close()
        self.starts()
        if self.profile is Profile.BRIGADE:
            self.store.requests.add_epoch_key(epoch_key)
            self.enrols_officer()
            self.officer_kid = self.station.session.kid
            self.officer_key = self.store.officers.find(self.officer_kid).cose_key
        self.code = OFFICER_CODE if self.profile is Profile.BRIGADE else AGENT_CODE
        self.works = True
        return self

    def _station(self):
        return Station(
            self.folder,
            self.clock,
            second_secret=lambda: kiosk_world.SERVICE_KEY,
            cost=kiosk_world.CHEAP,
            random=os.urandom,  # as it is now: the run's own source
            spool=self.spool.folder,
        )

    def starts(self, code=AGENT_CODE):
        """The machine boots: the program, its watch on the clock, and the agent. A stopped log is opened and
        refused at once: nobody acts there any more, but what it has is still sent.
        """
        self.boot += 1
        self.clock.boots(self.number % 100 * 100 + self.boot % 100)
        self.spool = AppSpool(self.folder.parent / "store-spool")
        try:
            super().starts(code)
        except RecordRejected as error:
            if not self.station.is_open:
                raise
            self.refusal = error.code
        self.store = self.station.store
        self.watch = WatchClock(self.station)
        agent_spool = AgentSpool(self.spool.folder)
        agent_spool.clear_leftovers()
        self.agent = Cycle(agent_spool, self._carrier_of(self), self.clock, draw=lambda below: 0)
        return self

    def starts_again(self) -> None:
        """After a power cut, or in the morning. A store that refuses to open stays closed.

        Raises: ProcurationError, as the program at its start.
        """
        self.refusal = ""
        try:
            self.starts(self.code)
        except ProcurationError:
            self.station.close()
            raise
        self.works = True

    def dies(self) -> None:
        """What ran on the machine is gone; its disk has what `Disk.freeze` kept."""
        self.works = False
        store, self.station._store = self.station._store, None
        if store is not None:
            store.connection._database.close()  # what this still writes goes with the files
        self.station._give_turn()
        self.disk.thaw()

    def stops(self) -> None:
        """The program ends as it should."""
        self.works = False
        self.station.close()

    def loses_power(self, chance, kind="power") -> None:
        """Between two steps of the programs."""
        with self.disk.used(chance):
            self.disk.freeze(kind)
        self.dies()

    # what programs do by themselves

    def exchanges(self) -> None:
        """The program and the agent get their turns until nothing moves; once a second in the real world."""
        self.watch.check()
        self.exchange.step()
        for _ in range(_TURNS_MAX):
            turns = self.agent.memory.turns
            self.agent.run(may_poll=True)
            self.exchange.step()
            if self.agent.memory.turns == turns:
                return

    def hears_of(self, directory) -> None:
        """A newer directory, as the mirror brings it."""
        verified = {**reference_tables(), "directory.cbor": encode_directory(directory)}
        if directory.version > self.store.tables.directory.version:
            self.store.tables.put(verified)
            self.store.log.directory_version = self.store.tables.directory.version

    # copies

    def copy_kept(self, folder: Path) -> None:
        """Somebody makes a copy of the closed disk, as a backup or to clone it."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.disk.root, folder, ignore=shutil.ignore_patterns("turn", "*-shm"))
        self.kept_copy = folder

    def put_back(self) -> None:
        """The disk is as it was when the copy was made."""
        shutil.rmtree(self.disk.root)
        shutil.copytree(self.kept_copy, self.disk.root)

    # what the oracle reads

    def events(self):
        """Everything in its log."""
        return self.store.log.events(0, _EVENTS_MAX)

    def proved(self, level=Level.RECEIVED) -> int:
        """The last event that this tablet believes to be at the centre."""
        return self.store.outbox.receipted_seq(level)

    @property
    def is_stopped(self) -> bool:
        """Its log has two writers, was put back, or is retired: the centre keeps apart what it sends."""
        return self.copied or self.revoked_at is not None

    def is_quiet(self) -> bool:
        """Nothing of it waits for the centre any more."""
        last = self.store.log.head.next_seq - 1
        return self.proved() >= last


def clone_of(tablet: Tablet, number: int) -> Tablet:
    """A second machine with the same disk, as a thief or a careless repair makes it."""
    twin = Tablet.__new__(Tablet)
    twin.__dict__.update(tablet.__dict__)
    base = tablet.disk.root.parent
    twin.number, twin.boot, twin.original = number, 0, False
    twin.disk = Disk(base / f"tablet-{number}", base / f"tablet-{number}.image")
    shutil.copytree(tablet.disk.root, twin.disk.root, ignore=shutil.ignore_patterns("turn", "*-shm"))
    twin.folder = twin.disk.root / "store"
    twin.clock = MachineClock(tablet.clock._time)
    twin.works = False
    return twin
