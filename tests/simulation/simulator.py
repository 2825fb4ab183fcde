"""Runs a plan in virtual time and keeps what the oracle must know: what was said to whom, and what became of
each machine.
"""

import heapq
import itertools
import logging
import os
import random
import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from random import Random
from unittest import mock

from sqlcipher3 import dbapi2 as sqlcipher

from kiosk_app.sheet import Printout
from kiosk_app.store import connection as store_connection
from kiosk_app.use_cases import exchange, file_request
from procuration.adapters.spool import AgentSpool
from procuration.errors import ProcurationError, RecordRejected
from procuration.record.enrolment import Profile
from procuration.record.inbox import EpochKey
from procuration.record.sealed import SuiteId
from server.config.centre import install_centre
from server.ledger.models import Device, Event, StrandedEvent
from sync_agent.carriers.usb import import_from
from tests import builders
from tests.simulation import network
from tests.simulation.attacks import Forger, seeded_bytes
from tests.simulation.centre import Centre
from tests.simulation.clocks import TrueTime
from tests.simulation.disk import PowerCut, recorded_disks
from tests.simulation.network import Line
from tests.simulation.people_steps import PeopleSteps
from tests.simulation.plan import HOUR, Plan, Step
from tests.simulation.tablet import Tablet
from tests.simulation.told import Told
from tests.simulation.trouble_steps import TroubleSteps

_QUIET_ROUNDS_MIN, _QUIET_ROUNDS_MAX = 3, 30


class Simulator(PeopleSteps, TroubleSteps):
    """One run of one plan, in a folder of its own and an empty database."""

    def __init__(self, plan: Plan, folder):
        self.plan, self.folder = plan, folder
        self.time, self.told = TrueTime(), Told()
        self.chance = Random(plan.seed)
        self.tablets: list[Tablet] = []
        self.papers: list = []  # what electors hold: (receipt, birth date)
        self.answers: list[bytes] = []
        self.seen_acts: list = []
        self.out_until: dict[int, int] = {}
        self.calm = False
        self._queue: list = []
        self._order = itertools.count()
        self.version = 1

    # running

    def run(self) -> Told:
        """Everything planned, then calm weather until nothing moves any more."""
        logging.disable(logging.CRITICAL)  # half of what happens here deserves a warning
        try:
            return self._run()
        finally:
            logging.disable(logging.NOTSET)

    def _run(self) -> Told:
        with self._patched():
            self._prepare()
            for step in self.plan.steps:
                self._at(step.at, lambda step=step: self._take(step))
            while self._queue:
                seconds, _, act = heapq.heappop(self._queue)
                self.time.advance_to(seconds)
                act()
            self._becomes_quiet()
        return self.told

    @contextmanager
    def _patched(self):
        """What costs time and shows nothing here: ballast, drawing of paper, a copy at every sync."""
        with ExitStack() as stack:
            stack.enter_context(mock.patch.object(store_connection, "BALLAST_BYTES", 4096))
            stack.enter_context(
                mock.patch.object(file_request, "printout", return_value=Printout(png=b"", pdf=b""))
            )
            stack.enter_context(mock.patch.object(exchange, "SNAPSHOT_EVERY", timedelta(hours=6)))
            stack.enter_context(mock.patch.object(os, "urandom", self._random))
            stack.enter_context(mock.patch.object(random, "_urandom", self._random))  # behind `secrets`
            stack.enter_context(recorded_disks())
            yield

    def _random(self, length: int) -> bytes:
        return self._bytes(length)

    def _seed(self, draw: object) -> None:
        """From here on chance depends on this step only."""
        self.chance = Random(f"{self.plan.seed}/{draw}")
        self._bytes = seeded_bytes(f"{self.plan.seed}/{draw}")

    def _at(self, seconds: int, act) -> None:
        heapq.heappush(self._queue, (seconds, next(self._order), act))

    def later(self, act) -> None:
        """Some minutes or hours from now."""
        self._at(self.seconds + self.chance.randrange(60, 6 * HOUR), act)

    @property
    def seconds(self) -> int:
        """Since the beginning of the run."""
        return (self.time.now - builders.NOW) // timedelta(seconds=1)

    def count(self, what: str) -> None:
        """One more of a kind, for the summary."""
        self.told.counts[what] += 1

    # the world at its beginning

    def _prepare(self) -> None:
        self._seed("beginning")
        self.forger, self._rogue = Forger(self), None
        plan = self.plan
        profiles = [Profile.ACCUEIL] * plan.kiosks + [Profile.BRIGADE] * plan.brigades
        for number, profile in enumerate(profiles):
            self.tablets.append(
                Tablet(number, self.folder, self.time, profile, lambda tablet: Line(self, tablet))
            )
        self.centre = Centre(self.folder, self.time, self.directory(), second_disk=self.plan.second_disk)
        epoch = self.directory().epochs[0]
        private = builders.sealing_key("epoch 1", SuiteId.X25519)
        key = EpochKey(1, private, epoch.first, epoch.last)
        for tablet in self.tablets:
            tablet.brought_into_use(self.directory(), key)
            tablet.agent.run(may_poll=True)

    def directory(self, revoked=()):
        """The trust list of today."""
        base = builders.directory(version=self.version, issued=max(builders.NOW, self.time.now))
        entries = tuple(
            replace(one.entry(), revoked_at=one.revoked_at) if one.revoked_at else one.entry()
            for one in self.tablets
            if one.original
        )
        return replace(base, issued=base.issued - timedelta(hours=12), entries=(*base.entries, *entries))

    # one step

    def _take(self, step: Step) -> None:
        self._seed(step.draw)
        act = getattr(self, f"_do_{step.do}")
        if step.who < 0:
            act()
            return
        for tablet in self._machines(step.who):
            if self._is_on(tablet):
                self._with(tablet, step, lambda tablet=tablet: act(tablet))

    def _machines(self, who: int) -> list[Tablet]:
        """The tablet of that number; a clone sometimes is the one that people use."""
        mine = [one for one in self.tablets if one.number % 100 == who and not one.lost]
        return mine[:1] if len(mine) < 2 else [self.chance.choice(mine)]

    def _is_on(self, tablet: Tablet) -> bool:
        if not tablet.works and not tablet.lost:
            try:
                tablet.starts_again()
            except ProcurationError as error:
                self.count(f"not started: {error.code}")
        return tablet.works

    def _with(self, tablet: Tablet, step: Step, act) -> None:
        """Something on one machine, with what strikes it meanwhile."""
        with tablet.disk.used(self.chance):
            self._arm(tablet, step)
            try:
                act()
            except PowerCut:
                self.count(f"{step.strike} in the middle")
                tablet.dies()
                return
            except ProcurationError as error:
                self.count(f"refused: {error.code}")
            except (sqlcipher.Error, OSError) as error:
                self._program_ends(tablet, error)
                return
            finally:
                tablet.clock.disarm()
        if step.strike in ("power", "kill") and tablet.works:
            self.count(f"{step.strike} between two")
            tablet.loses_power(self.chance, step.strike)

    def _arm(self, tablet: Tablet, step: Step) -> None:
        if step.strike == "clock":
            seconds = self.chance.choice((-86_400 * 3, -3_700, -30, 40, 7_000, 86_400))
            tablet.clock.arm(step.point % 8 + 1, timedelta(seconds=seconds))
            self.count("clock set in the middle")
        elif step.strike:
            tablet.disk.arm(step.strike, step.point)

    def _program_ends(self, tablet: Tablet, error: Exception) -> None:
        """A full disk ends the program, as `kiosk_app.ticker` decides; it starts again later."""
        assert tablet.disk.was_full, error
        self.count("disk full")
        tablet.loses_power(self.chance, "kill")

    # carriers

    def fate(self, tablet: Tablet) -> str:
        """What becomes of the next contact; empty when nothing goes wrong."""
        if self.calm:
            return ""
        if self.out_until.get(tablet.number, -1) > self.seconds:
            return "unreachable"
        if self.chance.randrange(100) >= self.plan.trouble:
            return ""
        fates, weights = zip(*network.FATES, strict=True)
        return self.chance.choices(fates, weights)[0]

    def contact(self, tablet: Tablet, sealed: bytes) -> bytes:
        """A bundle reaches the centre, and what must be found at that moment is looked for."""
        before = set(self.centre.two_histories)
        try:
            answer = self.centre.takes(sealed)
        finally:
            self._look_for_forks(self.centre.two_histories - before)
        self.count("contacts")
        return answer

    def _look_for_forks(self, new) -> None:
        for log_id in sorted({log_id for log_id, _ in new}):
            self.told.clones += 1
            device = Device.objects.get(log_id=log_id.hex())
            retired = StrandedEvent.objects.filter(device=device)  # stopped already: both are kept apart
            places = [seq for log, seq in new if log == log_id and retired.filter(seq=seq).count() > 1]
            if device.forks.exists() or places:
                self.told.clones_found += 1
            else:
                self.told.fault("I-5 a second history was not found at its first contact", log=log_id.hex())

    def takes_quietly(self, tablet: Tablet, sealed: bytes) -> bytes | None:
        """A bundle that comes when nobody waits for its answer."""
        try:
            return self.contact(tablet, sealed)
        except RecordRejected as error:
            self.count(f"refused late: {error.code}")
            return None

    def bring_back(self, tablet: Tablet, answers: list[bytes]) -> None:
        """A stick with answers reaches the tablet."""
        stick = self.folder / f"back-{next(self._order)}"
        (stick / "PROCU").mkdir(parents=True)
        for place, answer in enumerate(answers):
            (stick / "PROCU" / f"{place:032x}.prb").write_bytes(answer)
        if self._is_on(tablet):
            read = Step(0, "stick", tablet.number, 0)
            self._with(tablet, read, lambda: import_from(AgentSpool(tablet.spool.folder), stick, None))
        shutil.rmtree(stick)

    # the end

    def _becomes_quiet(self) -> None:
        """No more faults; every machine that still exists starts and sends what it has."""
        self._seed("the end")
        self.calm = True
        self.centre.finds_second_disk()
        self.time.advance_to(max(self.seconds, self.plan.hours * HOUR) + HOUR)
        calm = Step(0, "exchange", 0, 0)
        for round_ in range(_QUIET_ROUNDS_MAX):
            self.time.advance_to(self.seconds + 20 * 60)
            for tablet in list(self.tablets):
                if not tablet.lost and self._is_on(tablet):
                    tablet.clock.offset = timedelta(0)
                    self._with(tablet, calm, tablet.exchanges)
            alone = [one for one in self.tablets if one.works and not one.is_stopped]
            if round_ >= _QUIET_ROUNDS_MIN and all(one.is_quiet() for one in alone):
                break
        self.centre.register_answers(Random(0))
        self.centre.mails_leave(Random(0))

    def ledger_in_short(self) -> list[tuple[object, ...]]:
        """What happened when, in every log: equal when two runs were one history. Hashes are left out: they
        cover what is sealed, and nobody may choose the randomness of the library that seals.
        """
        columns = ("device__log_id", "seq", "kind", "wall", "rid")
        return list(Event.objects.order_by("device__log_id", "seq").values_list(*columns))

    def close(self) -> None:
        """Every program ends."""
        for tablet in self.tablets:
            tablet.stops()
        install_centre(None)
