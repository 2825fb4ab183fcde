"""A case of the human queue in words: its sides as columns, its choices as sentences, its former decisions.

The only pages of the console that show names: nobody can decide between two people without them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from procuration.domain.acts import Act
from procuration.domain.events import Kind
from procuration.domain.facts import RulingOutcome
from procuration.domain.people import PlaceType
from server.config.centre import Tables
from server.console.services import account_names
from server.dossiers.cases import (
    ActSide,
    Case,
    Choice,
    Given,
    Level,
    Part,
    VoteSide,
    WithdrawalSide,
    choices_of,
)
from server.dossiers.models import Procuration, Withdrawal
from server.dossiers.selectors import zone_of
from server.ledger.proofs import Covered
from server.mairie.sheet import Sheet, reason_of
from server.pages.french import (
    full_name,
    inside,
    listed,
    long_date,
    moment,
    partial_date,
    plain_date,
    remaining,
)
from server.pages.places import place_name
from server.texts_fr import text
from server.words.queue import ARTICLE

HASH_SHOWN: Final = 16
RID_SHOWN: Final = 8
Values = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One fact of a case: its label, and for each side its title and its values."""

    label: str
    cells: list[tuple[str, Values]] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A decision of the past, in words."""

    when: str
    who: str
    what: str
    why: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Offered:
    """A choice as a radio button."""

    key: str
    sentence: str


def rule_words(rule: str) -> str:
    """The rule and its article."""
    article = ARTICLE.get(rule)
    return text("queue.rule", rule=rule, article=article) if article else text("queue.rule.alone", rule=rule)


def moment_to_the_second(instant: datetime, zone: ZoneInfo) -> str:
    """ "1er avril 2027 à 20 h 30 min 05 s": what overlaps, overlaps by seconds."""
    return text("queue.time.second", moment=moment(instant, zone), seconds=f"{instant.second:02d}")


class CaseSheet:
    """One case as an administrator reads it. Times are those of the commune of vote, named once."""

    def __init__(self, case: Case, tables: Tables, now: datetime, first: Procuration) -> None:
        self.case, self._tables, self._now = case, tables, now
        self.zone = zone_of(first, tables)
        self.clock_note = Sheet(first, tables).clock_note
        self.name = text(f"queue.{case.code}.name")
        self.stake = text(f"queue.{case.code}.stake")
        self.law = text(f"queue.{case.code}.law")
        self.rule = rule_words(case.rule)

    @property
    def left(self) -> str:
        """How long until the nearest closing that the case can still change."""
        closing = self.case.closing
        return text("mairie.list.no_poll") if closing is None else remaining(closing - self._now)

    @property
    def level(self) -> str:
        """How urgent it is, as the style sheet names it."""
        if self.case.closing is None:
            return "none"
        return "urgent" if (self.case.closing - self._now).days < 1 else "soon"

    @cached_property
    def titles(self) -> list[str]:
        """One title for each column."""
        return [title for title, _ in self._columns()]

    def lines(self) -> list[Line]:
        """Facts in the order of the page, one cell for each side; a fact that no side has is left out."""
        columns = [(title, dict(facts)) for title, facts in self._columns()]
        labels = dict.fromkeys(label for _, facts in columns for label in facts)
        none = (text("site.unknown"),)
        return [
            Line(label, [(title, facts.get(label, none)) for title, facts in columns]) for label in labels
        ]

    def _columns(self) -> Iterator[tuple[str, Iterable[tuple[str, Values]]]]:
        of_acts = self.case.level is not Level.RIVALS
        for side in self.case.sides:
            title = "queue.side.act" if of_acts else "queue.side.procuration"
            yield text(title, letter=side.letter), self._act(side)
        for side in self.case.beside:
            yield text("queue.side.beside.act" if of_acts else "queue.side.beside"), self._act(side)
        for withdrawal in self.case.withdrawals:
            yield text("queue.side.withdrawal"), self._withdrawal(withdrawal)
        for vote in self.case.votes:
            yield text("queue.side.vote"), self._vote(vote)

    def _act(self, side: ActSide) -> Iterator[tuple[str, Values]]:
        one = side.procuration
        sheet = Sheet(one, self._tables)
        yield text("queue.fact.mandant"), tuple(_person(one, "mandant", sheet.mandant))
        yield text("queue.fact.mandataire"), tuple(_person(one, "mandataire", sheet.mandataire))
        yield text("queue.fact.reference"), (sheet.reference or text("mairie.one.no_reference"),)
        yield text("queue.list.column.where"), (place_name(self._tables, one.place_code, one.place_type),)
        yield text("queue.fact.serves"), (sheet.validity,)
        if side.act is not None:
            yield text("queue.fact.act"), (_act_words(side.act),)
            authority = side.act.authority
            who = f"{full_name(authority.prenoms, authority.nom)}, {authority.qualite}"
            yield text("queue.fact.officer"), (who, authority.unit_name)
            yield text("queue.fact.place"), (self._place(side.act),)
        yield text("queue.fact.claimed"), (self._exact(side.claimed_at),)
        yield text("queue.fact.proved"), self._between(side.proved.earliest, side.proved.latest)
        unit = side.device.unit_name or side.device.unit
        yield text("queue.fact.tablet"), (unit, text("queue.fact.log", log=side.device.log_id))
        yield text("queue.fact.received"), (self._exact(side.received_at),)
        yield text("queue.fact.proof"), _proof(side.hash, side.proof)
        yield text("queue.fact.authentication"), (text(f"authentication.{one.authentication}"),)
        filed = (moment(one.filed_at, self.zone), text(f"channel.{one.channel}"))
        yield text("queue.fact.channel"), filed
        yield text("queue.fact.decisions"), tuple(self._decisions(one)) or (text("queue.fact.no_decision"),)
        if one.effects:
            yield text("queue.fact.rounds"), tuple(_rounds(one))
        yield text("queue.fact.state"), (text(f"status.{one.status}"),)

    def _withdrawal(self, side: WithdrawalSide) -> Iterator[tuple[str, Values]]:
        row = side.withdrawal
        yield text("queue.list.column.where"), (place_name(self._tables, row.place_code, row.place_type),)
        yield text("queue.fact.withdrawn"), (withdrawn_words(row, self._tables),)
        who = f"{full_name(row.officer_prenoms, row.officer_nom)}, {row.officer_qualite}"
        yield text("queue.fact.officer"), (who, row.officer_unit)
        yield text("queue.fact.claimed"), (self._exact(row.at),)
        yield text("queue.fact.proved"), self._between(row.earliest, row.latest)
        unit = side.device.unit_name or side.device.unit
        yield text("queue.fact.tablet"), (unit, text("queue.fact.log", log=side.device.log_id))
        yield text("queue.fact.received"), (self._exact(side.received_at),)
        yield text("queue.fact.proof"), _proof(side.hash, side.proof)

    def _vote(self, side: VoteSide) -> Iterator[tuple[str, Values]]:
        account = side.fact.account
        yield text("queue.fact.vote"), (text(f"queue.fact.vote.{side.fact.code.value}"),)
        yield text("queue.fact.vote_day"), (long_date(side.fact.day),)
        who = text("queue.fact.register") if account is None else f"{account.role} {account.pseudonym}"
        yield text("queue.fact.reported_by"), (who,)
        yield text("queue.fact.received"), (self._exact(side.received_at),)
        yield text("queue.fact.proof"), _proof(side.hash, side.proof)

    def _exact(self, instant: datetime) -> str:
        return moment_to_the_second(instant, self.zone)

    def _between(self, first: datetime, last: datetime) -> Values:
        if first == last:
            return (text("queue.fact.exact", when=self._exact(first)),)
        return (
            text("queue.fact.between", first=self._exact(first)),
            text("queue.fact.and", last=self._exact(last)),
        )

    def _place(self, act: Act) -> str:
        where = place_name(self._tables, act.place.insee_code, PlaceType.COMMUNE)
        return f"{where}, {text(f'place.{act.place.kind.value}')}"

    def _decisions(self, one: Procuration) -> Iterator[str]:
        """What the town hall, the register or a person said, in legal order."""
        for entry in Sheet(one, self._tables).history():
            if entry.kind in (Kind.DECISION, Kind.MANDATAIRE_TOWN_HALL, Kind.RULING):
                yield f"{entry.what}, {entry.when}"

    # choices and rulings

    def offered(self) -> list[Offered]:
        """The choices as sentences."""
        return [Offered(choice.key, self.sentence(choice)) for choice in choices_of(self.case)]

    @property
    def ranks_sentence(self) -> str:
        """The choice that asks for the rank of each; empty when there is none."""
        return text(f"queue.{self.case.code}.ranks") if self.case.takes_ranks else ""

    def sentence(self, choice: Choice) -> str:
        """What a choice says."""
        order = choice.letters[0]
        for letter in choice.letters[1:]:
            order = text("queue.order.then", first=order, then=letter)
        side = next((one for one in self.case.sides if one.letter == choice.letters[0]), None)
        what = _act_words(side.act).lower() if side is not None and side.act is not None else ""
        return text(f"queue.{self.case.code}.{choice.words}", a=choice.letters[0], order=order, what=what)

    def history(self, names: Mapping[str, str]) -> list[Told]:
        """What was decided before. `names`: the account of each pseudonym."""
        return [self._told(given, names) for given in self.case.rulings]

    def _told(self, given: Given, names: Mapping[str, str]) -> Told:
        pseudonym = given.account.pseudonym
        return Told(
            when=self._exact(given.at),
            who=names.get(pseudonym) or text("queue.case.former", pseudonym=pseudonym),
            what=self._what(Part(outcome=given.outcome, decided_on=given.decided_on)),
            why=given.reason,
        )

    def _what(self, part: Part) -> str:
        """The sentence of the choice that writes this, or its outcome when the case has changed since."""
        letters = {side.hash: side.letter for side in self.case.sides}
        if part.outcome is RulingOutcome.IN_THIS_ORDER and set(part.decided_on) == set(letters):
            order = "-".join(letters[one] for one in part.decided_on)
            found = self.case.choice(f"order-{order}")
            if found is not None:
                return self.sentence(found)
        for choice in choices_of(self.case):
            if any(_is_same(part, one) for one in choice.parts):
                return self.sentence(choice)
        names = [letters.get(one) or text("queue.outcome.elsewhere") for one in part.decided_on]
        every, others = listed(dict.fromkeys(names)), listed(dict.fromkeys(names[1:]))
        return text(f"queue.outcome.{part.outcome.value}", first=names[0], others=others, all=every)


def _is_same(one: Part, other: Part) -> bool:
    """Whether two rulings decide the same: of those that lose, the order says nothing."""
    if one.outcome is not other.outcome or set(one.decided_on) != set(other.decided_on):
        return False
    return one.outcome is RulingOutcome.NONE_STANDS or one.decided_on[0] == other.decided_on[0]


def names_of(case: Case) -> dict[str, str]:
    """The account names behind the pseudonyms of its rulings; one question."""
    return account_names(given.account.pseudonym for given in case.rulings)


def withdrawn_words(row: Withdrawal, tables: Tables) -> str:
    """What a résiliation ends: one request, what serves some polls, or everything."""
    if row.rid is not None:
        return text("queue.fact.withdrawn.request", rid=row.rid[:RID_SHOWN])
    if row.period_first and row.period_last:
        return text("validity.period", first=plain_date(row.period_first), last=plain_date(row.period_last))
    if row.scrutin_id:
        return f"{row.scrutin_id}, {text(f'validity.rounds.{row.rounds}')}"
    return text("queue.fact.withdrawn.all")


def _person(one: Procuration, who: str, name: str) -> Iterator[str]:
    yield name
    yield text("queue.fact.born", day=partial_date(str(getattr(one, f"{who}_birth_date"))))
    number = str(getattr(one, f"{who}_elector_number"))
    if number:
        yield text("queue.fact.number", number=number)


def _act_words(act: Act) -> str:
    sentence = text(f"event.2.{act.decision.value}")
    reason = reason_of(act.refusal_code.value) if act.refusal_code else None
    return text("event.with_reason", event=sentence, reason=inside(reason[0])) if reason else sentence


def _proof(event: bytes, proof: Covered | None) -> Values:
    leaf = (
        text("queue.fact.no_leaf")
        if proof is None
        else text("queue.fact.leaf", leaf=proof.leaf, size=proof.tree_size)
    )
    return leaf, text("queue.fact.hash", hash=event.hex()[:HASH_SHOWN])


def _rounds(one: Procuration) -> Iterator[str]:
    for effect in one.effects:
        day = datetime.fromisoformat(effect["day"]).date()
        words = text(f"queue.effect.{effect['effect']}")
        yield text("queue.fact.round", day=long_date(day), effect=words)
