"""The steps of a plan in which something goes wrong: lines, clocks, machines, people who cheat."""

import shutil
from datetime import timedelta

from kiosk_app.store.settings import Setting
from procuration.adapters.spool import AgentSpool
from procuration.record.event import EventPair, parse_event
from procuration.record.inbox import OfficerRevoked
from server.ledger.inbox import put
from server.ledger.models import Device
from server.ledger.tree import tree_size
from sync_agent.carriers.usb import export_to
from tests.simulation.attacks import Rogue
from tests.simulation.plan import HOUR
from tests.simulation.tablet import Tablet, clone_of


class TroubleSteps:
    """Part of `Simulator`."""

    def _do_outage(self, tablet: Tablet) -> None:
        self.out_until[tablet.number] = self.seconds + self.chance.randrange(HOUR, 12 * HOUR)
        self.count("outage")

    def _do_set_clock(self, tablet: Tablet) -> None:
        tablet.clock.step(
            timedelta(seconds=self.chance.choice((-86_400 * 9, -7_000, -3, 5, 3_700, 86_400 * 2)))
        )
        self.count("clock set")
        tablet.watch.check()

    def _do_switch_off(self, tablet: Tablet) -> None:
        tablet.stops()
        self.count("switched off")

    def _do_disk_away(self) -> None:
        self.centre.loses_second_disk()
        self.count("second disk away")
        self.later(self.centre.finds_second_disk)

    def _do_back_up_centre(self) -> None:
        """A copy of the database, and hours later the disaster after which it is all that is left."""
        if self.centre.backup is None:
            self.centre.backs_up()
            self.later(self._centre_is_restored)

    def _centre_is_restored(self) -> None:
        self.centre.finds_second_disk()
        self.centre.is_restored()
        self.count("centre restored from an old backup")

    def _do_rewrite_centre(self) -> None:
        """Whoever runs the centre forgets some hours of its history, and says nothing."""
        if self.centre.backup is None:
            self.centre.backs_up()
            self.later(self._centre_is_rewritten)

    def _centre_is_rewritten(self) -> None:
        self.centre.forgets()
        left = tree_size()  # with none left it shows none, and only stops to answer for anything
        self.told.deceived = {
            tablet.number
            for tablet in self.tablets
            if left and tablet.works and tablet.store.settings.number(Setting.TREE_SIZE) > left
        }
        self.count("centre that rewrites its history")

    def _do_stick(self, tablet: Tablet) -> None:
        """A gendarme carries the files of a tablet to the centre, hours away, and the answers back."""
        stick = self.folder / f"stick-{next(self._order)}"
        stick.mkdir()
        export_to(AgentSpool(tablet.spool.folder), stick)
        self.count("stick")
        self.later(lambda: self._stick_arrives(tablet, stick))

    def _stick_arrives(self, tablet: Tablet, stick) -> None:
        files = [path.read_bytes() for path in sorted((stick / "PROCU").glob("*.prb"))]
        shutil.rmtree(stick)
        files += [one for one in files if self.chance.random() < 0.2]
        self.chance.shuffle(files)
        found = [self.takes_quietly(tablet, sealed) for sealed in files]
        answers = [answer for answer in found if answer is not None]
        if answers and not tablet.lost:
            self.later(lambda: self.bring_back(tablet, answers))

    def _do_lose(self, tablet: Tablet) -> None:
        tablet.stops()
        tablet.lost = True
        self.count("tablet lost")

    def _do_clone(self, tablet: Tablet) -> None:
        """From now on two machines write one log."""
        tablet.stops()
        twin = clone_of(tablet, tablet.number + 100 * (1 + len(self.tablets)))
        tablet.copied = twin.copied = True
        self.tablets.append(twin)
        self.count("tablet cloned")

    def _do_put_back(self, tablet: Tablet) -> None:
        """A backup of this moment will be put back some hours later."""
        tablet.stops()
        tablet.copy_kept(self.folder / f"kept-{tablet.number}")
        self.later(lambda: self._is_put_back(tablet))

    def _is_put_back(self, tablet: Tablet) -> None:
        if not tablet.lost:
            tablet.stops()
            tablet.put_back()
            tablet.copied = True
            self.count("backup put back")

    def _do_revoke_officer(self, tablet: Tablet) -> None:
        device = Device.objects.filter(log_id=bytes(tablet.log_id).hex()).first()
        if tablet.officer_kid is not None and device is not None:
            put(device.pk, OfficerRevoked(tablet.officer_kid, self.time.now), self.time.now)
            self.count("officer revoked")

    def _do_revoke_tablet(self, tablet: Tablet) -> None:
        tablet.revoked_at = self.time.now
        self.count("tablet revoked")
        self._do_directory()

    def _do_rogue(self, tablet: Tablet) -> None:
        if self._rogue is None:
            self._rogue = Rogue(self)
            self.centre.enrols(self._rogue.tablet.sealed_enrolment())
        self._rogue.tries(self.chance)

    def rid_of(self, request: EventPair):
        """Which request a signed event is about."""
        return parse_event(request.sign1)[1].rid
