"""The steps of a plan that people and offices take when nothing is wrong with them."""

from procuration.domain.events import ActRecorded, Kind
from procuration.domain.refusal import OFFICER_CODES
from procuration.record.event import open_body, parse_event
from tests.kiosk.world import CHECKED, OFFICER_CODE
from tests.simulation.people import draft
from tests.simulation.plan import Step
from tests.simulation.tablet import Tablet
from tests.simulation.told import Said


class PeopleSteps:
    """Part of `Simulator`."""

    # what people do

    def _do_file(self, tablet: Tablet) -> None:
        number = self.chance.randrange(10_000)
        asked = draft(number)
        receipt = tablet.file(asked)
        (event,) = [one for one in tablet.store.log.of_request(receipt.rid) if one.seq == receipt.seq]
        self._said(tablet, receipt.seq, event.pair.hash, receipt.rid, Kind.FILED, receipt.reference)
        self.papers.append((receipt, asked.mandant.birth_date))

    def _do_act(self, tablet: Tablet) -> None:
        if self.papers:
            receipt, _ = self._paper()
            self._decide(tablet, tablet.find.by_qr(receipt.qr_text))

    def _do_refuse(self, tablet: Tablet) -> None:
        if self.papers:
            receipt, _ = self._paper()
            found = tablet.find.by_qr(receipt.qr_text)
            self._decide(tablet, found, self.chance.choice(sorted(OFFICER_CODES)))

    def _do_look_up(self, tablet: Tablet) -> None:
        asked = [paper for paper in self.papers if paper[0].reference]
        if not asked:
            return
        receipt, born = self.chance.choice(asked)
        tablet.find.by_centre(receipt.reference, born)
        self._do_exchange(tablet)
        found = tablet.find.poll()
        if found is not None:
            self._decide(tablet, found)

    def _do_own(self, tablet: Tablet) -> None:
        self._do_file(tablet)
        receipt, _ = self.papers[-1]
        self._decide(tablet, tablet.find.by_qr(receipt.qr_text))

    def _paper(self):
        """Most electors come the same day; a few come twice, or to two officers."""
        return self.papers[-1 - min(int(self.chance.expovariate(1 / 6)), len(self.papers) - 1)]

    def _decide(self, tablet: Tablet, found, reason=None) -> None:
        self.told.tried.add((bytes(tablet.log_id), bytes(found.rid)))
        if reason is None:
            done = tablet.validate(found.rid, CHECKED, OFFICER_CODE)
        else:
            done = tablet.refuse(found.rid, reason, CHECKED, OFFICER_CODE)
        (event,) = [one for one in tablet.store.log.of_request(found.rid) if one.seq == done.seq]
        self._said(tablet, done.seq, event.pair.hash, found.rid, Kind.ACT)
        content = open_body(parse_event(event.pair.sign1)[1], event.pair.body)
        assert isinstance(content, ActRecorded)
        self.seen_acts.append((content, found.rid))

    def _said(self, tablet, seq, event_hash, rid, kind, reference=None) -> None:
        said = Said(tablet.number, bytes(tablet.log_id), seq, bytes(event_hash), bytes(rid), kind, reference)
        self.told.said.append(said)
        self.count("acts")

    # what programs do

    def _do_exchange(self, tablet: Tablet) -> None:
        tablet.exchanges()

    def _do_town_hall(self) -> None:
        self.centre.town_hall_works(self.chance)

    def _do_register(self) -> None:
        self.centre.register_answers(self.chance)

    def _do_mails(self) -> None:
        self.centre.mails_leave(self.chance)

    def _do_directory(self) -> None:
        self.version += 1
        directory = self.directory()
        self.centre.publishes(directory)
        for tablet in self.tablets:
            if tablet.works and self.chance.random() < 0.7:
                still = Step(0, "directory", tablet.number, 0)
                self._with(tablet, still, lambda tablet=tablet: tablet.hears_of(directory))
