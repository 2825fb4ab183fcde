"""A tablet from its first day, for the recording: every step that somebody is told is done leaves a mark.

`python -m tests.faults.tablet_life FOLDER MARKS PROFILE`
"""

import os
import sys
from pathlib import Path

import pytest

from kiosk_app import installation
from kiosk_app.sheet import Printout
from kiosk_app.use_cases import file_request
from procuration.adapters.spool import AgentSpool
from procuration.domain.events import Kind
from procuration.domain.reference import Reference
from procuration.domain.refusal import RefusalCode
from procuration.errors import RuleViolated
from procuration.record.inbox import Lease
from procuration.record.receipt import Level
from tests.faults.recording import mark
from tests.kiosk.world import (
    AGENT_CODE,
    CHECKED,
    OFFICER_CODE,
    SUPERVISOR_PHRASE,
    Agent,
    Centre,
    World,
    draft,
)

WRONG_CODE = "999999"


class CarefulAgent(Agent):
    """Files the answers as the agent program does, and says which one it filed."""

    def __init__(self, tablet, centre, told):
        super().__init__(tablet, centre)
        self.side, self.told = AgentSpool(tablet.spool.folder), told

    def files(self, name, answer):
        self.side.put_answer(name, answer)
        self.told(answer=name, size=len(answer))


class Life:
    """What happens on one tablet, in an order that meets each kind of write."""

    def __init__(self, folder, told, profile):
        self.told = told
        world = World(folder.parent / "elsewhere")
        kiosk = world.kiosk() if profile == "brigade" else None
        self.papers = [kiosk.file(draft()).qr_text for _ in range(3)] if kiosk else []
        world.folder = folder
        self.tablet = world.brigade("tablet") if kiosk else world.kiosk("tablet")
        self.centre = Centre(world)
        self.agent = CarefulAgent(self.tablet, self.centre, told)
        self.says_what_is_recorded(installed=True)

    def says_what_is_recorded(self, **more):
        head = self.tablet.store.log.head
        self.told(seq=head.next_seq - 1, hash=head.hash.hex(), **more)

    def files(self):
        receipt = self.tablet.file(draft())
        self.says_what_is_recorded()
        return receipt.rid

    def mistypes(self):
        with pytest.raises(RuleViolated, match="CODE_INCORRECT"):
            self.tablet.unlock(WRONG_CODE)
        self.told(failures=True)
        self.told(failures=False)
        self.tablet.unlock(AGENT_CODE)
        self.says_what_is_recorded()

    def starts_again(self):
        self.tablet.station.close()
        self.tablet.starts()
        self.says_what_is_recorded()

    def of_a_kiosk(self):
        self.centre.puts(self.tablet, Lease(1, tuple(Reference(f"XBQ7V{n}") for n in "23456")))
        self.agent.syncs()
        for _ in range(3):
            self.files()
            self.tablet.exchange.step()
        self.mistypes()
        self.tablet.clock.pass_(minutes=20)
        self.agent.syncs(level=Level.DURABLE)
        self.files()
        self.starts_again()
        self.files()
        self.tablet.clock.pass_(hours=30)
        self.agent.syncs()
        self.purges()
        self.files()
        self.tablet.exchange.step()

    def purges(self):
        """What is durable for a day goes from this tablet: the bodies, and every old page that held them."""
        self.tablet.exchange.step()
        assert self.tablet.store.log.of_kind(Kind.PURGE)
        self.says_what_is_recorded()

    def changes_codes(self):
        """One more code, then the one before it is taken away: two that open are there at every moment."""
        station = self.tablet.station
        first = installation.add_code(station, SUPERVISOR_PHRASE, "777777")
        installation.add_code(station, SUPERVISOR_PHRASE, "888888")
        installation.remove_code(station, SUPERVISOR_PHRASE, first.slot_id)
        self.says_what_is_recorded()

    def of_a_brigade(self):
        self.tablet.receives()
        self.tablet.holds_epoch_key().enrols_officer()
        self.says_what_is_recorded(slots=3)
        self.changes_codes()
        for turn, paper in enumerate(self.papers):
            rid = self.tablet.find.by_qr(paper).rid
            if turn % 2:
                self.tablet.refuse(rid, RefusalCode.ABANDON, CHECKED, OFFICER_CODE)
            else:
                self.tablet.validate(rid, CHECKED, OFFICER_CODE)
            self.says_what_is_recorded()
            self.tablet.clock.pass_(minutes=20)
            self.agent.syncs()
        self.tablet.unlock(AGENT_CODE)
        self.mistypes()
        self.starts_again()
        self.tablet.exchange.step()


def main(folder, marks, profile):
    file_request.printout = lambda *_: Printout(png=b"", pdf=b"")  # paper is not what is recorded
    descriptor = os.open(marks, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    life = Life(Path(folder), lambda **said: mark(descriptor, **said), profile)
    life.of_a_kiosk() if profile == "accueil" else life.of_a_brigade()
    life.told(end=True)
    os._exit(0)  # as a power cut would: nothing is closed


if __name__ == "__main__":
    main(*sys.argv[1:])
