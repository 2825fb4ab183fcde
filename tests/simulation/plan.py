"""A plan: everything that will be tried in one run, drawn from a seed before anything runs.

Each step carries its own number for chance, so that a step does the same when others are left out: a plan
that fails can be shrunk, and kept as a file.
"""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from random import Random

HOUR = 3_600
PEOPLE = ("file", "act", "look_up", "own", "refuse")
DISASTERS = ("clone", "put_back", "lose", "revoke_officer", "revoke_tablet")
STRIKES = ("power", "power", "kill", "full", "clock")


@dataclass(frozen=True)
class Step:
    """One thing that is tried.

    Attributes:
        at: seconds since the beginning of the run.
        do: a method of `Simulator`, without its prefix.
        who: number of the tablet concerned, -1 for none.
        draw: seed of its own choices.
        strike: what goes wrong on the machine while it happens, "" for nothing; point: at which of its steps.
    """

    at: int
    do: str
    who: int
    draw: int
    strike: str = ""
    point: int = 0


@dataclass(frozen=True)
class Plan:
    """A run to be.

    Attributes:
        kiosks, brigades: how many tablets of each; kiosks have the first numbers.
        trouble: how often a contact with the centre goes wrong, per cent.
        second_disk: whether the centre has one, so that it may say `durable`.
    """

    seed: int
    hours: int
    kiosks: int
    brigades: int
    trouble: int
    second_disk: bool
    steps: tuple[Step, ...]

    def without(self, left_out: set[int]) -> "Plan":
        """The same plan but for the steps at these places."""
        kept = tuple(step for place, step in enumerate(self.steps) if place not in left_out)
        return replace(self, steps=kept)

    def as_json(self) -> str:
        """One step to a line: a case is read by people."""
        head = {name: value for name, value in asdict(self).items() if name != "steps"}
        rows = [
            json.dumps([step.at, step.do, step.who, step.draw, step.strike, step.point])
            for step in self.steps
        ]
        return json.dumps(head)[:-1] + ', "steps": [\n' + ",\n".join(rows) + "\n]}\n"

    @classmethod
    def from_json(cls, text: str) -> "Plan":
        """The plan of a kept case."""
        fields = json.loads(text)
        steps = tuple(Step(*row) for row in fields.pop("steps"))
        return cls(**fields, steps=steps)

    @classmethod
    def read(cls, path: Path) -> "Plan":
        """A file of `cases`."""
        return cls.from_json(path.read_text("utf-8"))


def plan_of(seed: int, *, hours: int = 0, tablets: int = 0, acts_per_hour: int = 0) -> Plan:
    """The plan of a seed; sizes are drawn too where none is given."""
    chance = Random(seed)
    hours = hours or chance.choice((2, 4, 6, 9))
    tablets = tablets or chance.randint(2, 5)
    kiosks = max(1, tablets // 2)
    brigades = max(1, tablets - kiosks)
    draw = _Draw(chance, hours, kiosks, brigades)
    draw.people(hours * (acts_per_hour or chance.choice((3, 5, 8))))
    draw.programs()
    draw.disasters()
    steps = tuple(sorted(draw.steps, key=lambda step: (step.at, step.draw)))
    trouble = chance.choice((0, 10, 30, 60))
    return Plan(seed, hours, kiosks, brigades, trouble, chance.random() < 0.8, steps)


class _Draw:
    """Draws the steps of one plan."""

    def __init__(self, chance: Random, hours: int, kiosks: int, brigades: int):
        self.chance, self.hours, self.kiosks, self.brigades = chance, hours, kiosks, brigades
        self.steps: list[Step] = []
        self.strikes_per_cent = chance.choice((0, 4, 10))

    def _add(self, do: str, who: int = -1, at: int | None = None) -> None:
        chance = self.chance
        when = chance.randrange(60, self.hours * HOUR) if at is None else at
        strike, point = "", 0
        if who >= 0 and chance.randrange(100) < self.strikes_per_cent:
            strike, point = chance.choice(STRIKES), 1 + int(chance.expovariate(1 / 12))
        self.steps.append(Step(when, do, who, chance.randrange(2**32), strike, point))

    def _kiosk(self) -> int:
        return self.chance.randrange(self.kiosks)

    def _brigade(self) -> int:
        return self.kiosks + self.chance.randrange(self.brigades)

    def people(self, acts: int) -> None:
        """Electors and officers: half the acts file, half decide."""
        for _ in range(acts):
            do = self.chance.choices(PEOPLE, weights=(50, 30, 6, 9, 5))[0]
            self._add(do, self._kiosk() if do == "file" else self._brigade())

    def programs(self) -> None:
        """What programs and offices do by the clock."""
        for who in range(self.kiosks + self.brigades):
            at = self.chance.randrange(60, HOUR // 2)
            while at < self.hours * HOUR:
                self._add("exchange", who, at)
                at += HOUR // 2 + self.chance.randrange(-300, 300)
        for hour in range(self.hours):
            self._add("town_hall" if hour % 2 else "register", at=hour * HOUR + 1_000)
            self._add("mails", at=hour * HOUR + 1_500)

    def disasters(self) -> None:
        """What happens once or never, and what is wrong for a while."""
        tablets = self.kiosks + self.brigades
        for do in DISASTERS:
            if self.chance.random() < 0.25:
                self._add(do, self._brigade() if do == "revoke_officer" else self.chance.randrange(tablets))
        for do, most in (("stick", 3), ("outage", 2), ("set_clock", 2), ("rogue", 3), ("switch_off", 2)):
            for _ in range(self.chance.randint(0, most)):
                self._add(do, self.chance.randrange(tablets))
        for _ in range(self.chance.randint(0, 2)):
            self._add("directory")
        for _ in range(self.chance.randint(0, 2)):
            self._add("disk_away")
        fate = self.chance.random()
        if fate < 0.3:
            self._add("back_up_centre" if fate < 0.2 else "rewrite_centre")
