"""One printed paper as words, from top to bottom: how it looks is `leaflet_image`, what it says is decided by
whoever makes it.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A label and the lines under it. `blank`: an empty line to write on by hand."""

    label: str
    lines: tuple[str, ...] = field(default=(), repr=False)
    blank: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaflet:
    """Everything one paper carries.

    Attributes:
        kind: names the paper in file names, where no person may appear.
        warning: the sentence nobody must miss, white on black; "" for none.
        facts: what was decided, in its order.
        steps: what to do next, numbered.
        notes: what to know.
        foot: where the act stands in its register.
    """

    kind: str
    over: str
    title: str
    warning: str = ""
    facts: tuple[Fact, ...] = ()
    steps: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    foot: str = ""

    def sentences(self) -> tuple[str, ...]:
        """All its words in reading order."""
        facts = [words for fact in self.facts for words in (fact.label, *fact.lines)]
        said = (self.over, self.title, self.warning, *facts, *self.steps, *self.notes, self.foot)
        return tuple(words for words in said if words)
