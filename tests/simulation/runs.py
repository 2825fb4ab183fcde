"""One run from plan to verdict, in a folder that goes away and a database that is empty again afterwards."""

import gc
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from server.ledger.reading import forget_body_keys
from tests.simulation.oracle import judge
from tests.simulation.plan import Plan
from tests.simulation.simulator import Simulator

_IN_MEMORY = Path("/dev/shm")
NAMED = ("acts", "contacts", "acknowledged and there")


@dataclass
class Verdict:
    """What a run showed.

    Attributes:
        counts: how often each kind of thing happened.
        ledger: see `Simulator.ledger_in_short`.
        seconds, wall_seconds: of the processor and of the machine, without the oracle's.
    """

    plan: Plan
    faults: list[str]
    counts: dict[str, int]
    clones: int
    clones_found: int
    seconds: float
    wall_seconds: float
    ledger: list[tuple[object, ...]] = field(default_factory=list)

    @property
    def said(self) -> str:
        """For people who must find out why."""
        return "\n".join((f"seed {self.plan.seed}: {len(self.faults)} broken", *self.faults[:20]))


def run(plan: Plan) -> Verdict:
    """The run of a plan; the database is as before when it returns."""
    folder = Path(tempfile.mkdtemp(prefix="simulation-", dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None))
    forget_body_keys()  # the tablets of every run have the same names, and other keys
    world = Simulator(plan, folder)
    began, wall = time.process_time(), time.perf_counter()
    gc.collect()
    gc.disable()  # a run lasts seconds
    try:
        with transaction.atomic():
            told = world.run()
            seconds, wall = time.process_time() - began, time.perf_counter() - wall
            faults = judge(world)
            ledger = world.ledger_in_short()
            transaction.set_rollback(True)
    finally:
        gc.enable()
        world.close()
        shutil.rmtree(folder)
    return Verdict(plan, faults, dict(told.counts), told.clones, told.clones_found, seconds, wall, ledger)
