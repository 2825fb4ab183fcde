"""Real tablets and a real centre, joined by the bytes of the spool; disks that somebody copies, restores and
pieces together."""

import copy
import shutil
from dataclasses import replace
from pathlib import Path

from kiosk_app import installation
from kiosk_app.renewal import Renewal
from procuration.adapters.spool import BUNDLE, ENROLMENT, AgentSpool, AppSpool
from procuration.errors import RecordRejected
from procuration.record.enrolment import Profile, read_request
from server.ledger.enrol import accept_enrolment
from server.ledger.models import Device, Event, ForkEvidence, StrandedEvent
from server.ledger.services import accept_bundle
from tests.kiosk import world as tablets
from tests.server.centre import centre_of, tables

PAGE_BYTES = 4096


class Scene:
    """Tablets of one realm around the centre that they send to."""

    def __init__(self, folder: Path) -> None:
        self.world = tablets.World(folder)
        self.clock = self.world.clock
        self.centre = centre_of(folder, self.world.directory())
        self.office = None
        self.answers = []

    def kiosk(self, name="kiosk"):
        return self._heard(self.world.kiosk(name).leases("XBQ7V3", "ABCDEF", "GHJKMN", "PQRSTU"))

    def brigade(self, name="brigade"):
        if self.office is None:  # whose papers its officers read
            self.office = self.kiosk("office")
        return self._heard(self.world.brigade(name).holds_epoch_key().enrols_officer())

    def retires(self, tablet):
        """The supervisor has the device struck off, and the directory says so."""
        directory = self.world.directory()
        entries = tuple(
            replace(entry, revoked_at=self.clock.now()) if entry.log_id == tablet.log_id else entry
            for entry in directory.entries
        )
        self.centre = replace(self.centre, tables=tables(replace(directory, entries=entries)))
        self.clock.pass_(seconds=1)

    def renews(self, tablet):
        """The supervisor enrols the stopped tablet again; the same hands, a new log. Returns the new one."""
        tablet.station.close()
        renewal = Renewal(
            folder=tablet.folder,
            spool=tablet.spool,
            clock=self.clock,
            second_secret=lambda: tablets.SERVICE_KEY,
            cost=tablets.CHEAP,
        )
        codes = installation.Codes(agent=tablets.AGENT_CODE, supervisor=tablets.SUPERVISOR_PHRASE)
        request = read_request(renewal(tablets.ROOT, tablets.AGENT_CODE, codes))
        new = copy.copy(tablet)
        new.log_id, new.cose_key, new.sealing_key = request.log_id, request.cose_key, request.sealing_key
        new.enrolment = new._enrolment(request)
        self.world.tablets.append(new)
        new.installed()
        return new

    def works(self, tablet):
        """A request filed at a kiosk, or an officer's act on the paper of one; returns its rid."""
        if tablet.profile is Profile.ACCUEIL:
            return tablet.file(tablets.draft()).rid
        found = tablet.find.by_qr(self.office.file(tablets.draft()).qr_text)
        tablet.validate(found.rid, tablets.CHECKED, tablets.OFFICER_CODE)
        return found.rid

    def _heard(self, tablet):
        for one in self.world.tablets:
            if hasattr(one, "station") and one.station.is_open:
                one.receives()
        self.centre = replace(self.centre, tables=tables(self.world.directory()))
        self.syncs(tablet)
        return tablet

    def carries(self, tablet):
        """The agent's way to the centre and back, every file once."""
        self.centre.clock.at = self.clock.now()
        spool = AgentSpool(tablet.spool.folder)
        for file in spool.out_files():
            if file.name in tablet.carried:
                continue
            tablet.carried.add(file.name)
            sealed, name = spool.read_out(file.name), file.name.partition(".")[0]
            try:
                if file.name.endswith(ENROLMENT):
                    accept_enrolment(self.centre, sealed, self.clock.now())
                    spool.remove_enrolment(file.name)
                elif file.name.endswith(BUNDLE):
                    answer = accept_bundle(self.centre, sealed, self.clock.now()).sealed
                    self.answers.append(answer)
                    spool.put_answer(name, answer)
            except RecordRejected as error:
                spool.put_refusal(name, error.code)

    def syncs(self, tablet):
        """Until nothing moves any more."""
        tablet.carried = getattr(tablet, "carried", set())
        for _ in range(12):
            tablet.exchange.step()
            before = len(tablet.carried)
            self.carries(tablet)
            if len(tablet.carried) == before:
                return
        raise AssertionError("the exchange never comes to rest")


def copy_of(tablet, name, *, with_spool=False):
    """The tablet as its disk is now, on another machine; its program is not started yet."""
    twin = copy.copy(tablet)
    twin.folder = tablet.folder.parent / name
    shutil.copytree(tablet.folder, twin.folder)
    if with_spool:
        shutil.copytree(tablet.spool.folder, twin.folder.parent / f"{name}-spool")
    twin.spool = AppSpool(twin.folder.parent / f"{name}-spool")
    twin.carried = set(getattr(tablet, "carried", set()))
    return twin


def starts_stopped(tablet, code=tablets.AGENT_CODE):
    """The program starts, and the code of why its log signs no more."""
    try:
        tablet.starts(code)
    except RecordRejected as error:
        if tablet.station.is_open:
            tablet.store = tablet.station.store
        return error.code
    return None


def pages_of(tablet) -> list[bytes]:
    """The encrypted pages of the closed database."""
    data = (tablet.folder / "store.db").read_bytes()
    return [data[start : start + PAGE_BYTES] for start in range(0, len(data), PAGE_BYTES)]


def splice(tablet, pages: dict[int, bytes]) -> None:
    """Older pages of the same database in the place of today's; 0 is the first."""
    with (tablet.folder / "store.db").open("r+b") as file:
        for number, page in pages.items():
            file.seek(number * PAGE_BYTES)
            file.write(page)


def hashes_at_centre(tablet) -> dict[int, set[bytes]]:
    """Every event that the centre has of this log, in it, as evidence or apart, by place."""
    device = Device.objects.get(log_id=tablet.log_id.hex())
    found: dict[int, set[bytes]] = {}
    for model in (Event, ForkEvidence, StrandedEvent):
        for seq, value in model.objects.filter(device=device).values_list("seq", "hash"):
            found.setdefault(seq, set()).add(bytes(value))
    return found


def hashes_here(tablet) -> dict[int, bytes]:
    """The log of an open store."""
    return {event.seq: event.pair.hash for event in tablet.store.log.events(0, 10_000)}


def kept_whole(tablet) -> bool:
    """Whether the centre has every event of this store."""
    there = hashes_at_centre(tablet)
    return all(value in there.get(seq, ()) for seq, value in hashes_here(tablet).items())
