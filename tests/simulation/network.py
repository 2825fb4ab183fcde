"""The ways to the centre: a line on which anything may be lost, doubled, late, cut, changed or answered by
somebody else, and USB sticks. Implements `sync_agent.cycle.Carrier`.
"""

from procuration.errors import CarrierUnavailable
from procuration.record.limits import SEALED_BUNDLE_BYTES_MAX
from tests.simulation.centre import CentreDied

FATES = (
    # what becomes of one contact, and how often among those that go wrong
    ("unreachable", 20),
    ("lost before", 10),
    ("lost after", 20),
    ("late", 12),
    ("doubled", 10),
    ("changed up", 4),
    ("cut up", 4),
    ("changed down", 4),
    ("cut down", 4),
    ("swapped", 4),
    ("forged", 6),
    ("centre dies", 20),
)


def damaged(data: bytes, chance) -> bytes:
    """One bit is another."""
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]


def cut_short(data: bytes, chance) -> bytes:
    """The beginning only, at least a byte."""
    return data[: chance.randrange(1, len(data))]


class Line:
    """The line of one tablet."""

    def __init__(self, world, tablet):
        self._world, self._tablet = world, tablet

    def enrol(self, sealed: bytes) -> None:
        """An enrolment always gets through, sooner or later."""
        self._world.centre.enrols(sealed)

    def sync(self, sealed: bytes) -> bytes:
        """One bundle, whatever becomes of it. Raises: CarrierUnavailable, RecordRejected."""
        world, fate = self._world, self._world.fate(self._tablet)
        if fate:
            world.count(fate)
        match fate:
            case "unreachable" | "lost before":
                raise CarrierUnavailable("UNREACHABLE" if fate == "unreachable" else "ANSWER_CUT")
            case "late":
                world.later(lambda: self._arrives_late(sealed))
                raise CarrierUnavailable("TIMED_OUT")
            case "changed up":
                return self._takes(damaged(sealed, world.chance))
            case "cut up":
                return self._takes(cut_short(sealed, world.chance))
            case "centre dies":
                return self._dies_with(sealed)
            case "forged":
                return world.forger.answer_to(self._tablet, sealed)
        answer = self._takes(sealed)
        return self._answer(fate, sealed, answer)

    def _answer(self, fate: str, sealed: bytes, answer: bytes) -> bytes:
        world = self._world
        match fate:
            case "lost after":
                raise CarrierUnavailable("ANSWER_CUT")
            case "doubled":
                return self._takes(sealed)
            case "changed down":
                return damaged(answer, world.chance)
            case "cut down":
                return cut_short(answer, world.chance)
            case "swapped":
                world.answers.append(answer)
                return world.chance.choice(world.answers)
        world.answers.append(answer)
        return answer

    def _takes(self, sealed: bytes) -> bytes:
        assert len(sealed) <= SEALED_BUNDLE_BYTES_MAX
        return self._world.contact(self._tablet, sealed)

    def _dies_with(self, sealed: bytes) -> bytes:
        try:
            with self._world.centre.dies_at(self._world.chance.randrange(1, 60)):
                return self._takes(sealed)
        except CentreDied:
            raise CarrierUnavailable("SERVER_FAULT") from None

    def _arrives_late(self, sealed: bytes) -> None:
        """Hours later, when the tablet has gone on: the answer may come back as on a stick."""
        answer = self._world.takes_quietly(self._tablet, sealed)
        if answer is not None and self._world.chance.random() < 0.5:
            self._world.bring_back(self._tablet, [answer])
