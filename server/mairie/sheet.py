"""A procuration in the words of the town hall: people, validity, who established it, where, when, and what
is proved."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from procuration.domain.acts import Declarations
from procuration.domain.deadlines import Deadline, Lack, Urgency, deadline_of
from procuration.domain.events import Kind
from procuration.domain.identifiers import Rid
from procuration.domain.law import ControlRegime
from procuration.domain.people import PlaceType
from procuration.domain.reference import Reference, grouped
from procuration.domain.refusal import RefusalCode
from procuration.domain.scrutin import Scrutin
from procuration.domain.status import Status
from server.config.centre import Tables
from server.dossiers import mentions
from server.dossiers.listing import ANSWER_AWAITED
from server.dossiers.models import Procuration
from server.dossiers.selectors import zone_of
from server.dossiers.urgency import deadline_at
from server.mairie.selectors import Delivery
from server.mairie.where import Writer, where, writers_of
from server.pages.elections import scrutin_words
from server.pages.french import (
    city_of,
    full_name,
    inside,
    listed,
    long_date,
    moment,
    partial_date,
    plain_date,
    remaining,
)
from server.pages.places import place_name, zone_of_place
from server.texts_fr import TEXTS, text
from server.words.reasons import REASON

HASH_SHOWN: Final = 16


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a sheet: what it is, and one or several values."""

    label: str
    values: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One line of the history of a procuration. `kind`: of its event."""

    kind: int
    when: str
    what: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLeft:
    """How urgent a decision is, and what lacks. `level` is a name for the style sheet: late, urgent, soon or
    none."""

    words: str
    closing: str
    level: str
    lacks: str


class Sheet:
    """One procuration as its commune reads it. Times are those of the commune's clock, named once on the
    page."""

    def __init__(self, procuration: Procuration, tables: Tables, delivery: Delivery | None = None) -> None:
        self.procuration = procuration
        self.zone = zone_of(procuration, tables)
        self._tables, self._delivery = tables, delivery

    @property
    def mandant(self) -> str:
        """Prénoms NOM of who gives the procuration."""
        return full_name(self.procuration.mandant_given_names, self.procuration.mandant_birth_name)

    @property
    def mandataire(self) -> str:
        """Prénoms NOM of who votes, or the elector number when only that identifies them (R-26)."""
        one = self.procuration
        return full_name(one.mandataire_given_names, one.mandataire_birth_name) or (
            f"{text('mairie.one.elector_number')} {one.mandataire_elector_number}"
        )

    @property
    def reference(self) -> str:
        """As printed on the receipt: "XBQ 7V3"."""
        return grouped(Reference(self.procuration.reference)) if self.procuration.reference else ""

    @property
    def clock_note(self) -> str:
        """Which clock the page shows."""
        return text("mairie.one.clock", city=city_of(self.zone))

    @property
    def established(self) -> str:
        """When the authority drew it up."""
        at = self.procuration.established_at
        if at is None:
            return ""
        hour = all(entry.get("hour") is not False for entry in self.procuration.history)
        return moment(at, self.zone) if hour else self._day_only(at)

    @property
    def decided(self) -> str:
        """When the town hall decided."""
        return moment(self.procuration.decided_at, self.zone) if self.procuration.decided_at else ""

    @property
    def decision(self) -> str:
        """What the town hall decided, what became of it, and the reason when it refused."""
        if self.awaits_answer:
            return text("mairie.decision.awaits", place=self.mandataire_place)
        status = status_words(self.procuration, Status(self.procuration.status))
        reason = reason_of(self.procuration.code)
        if self.procuration.status != Status.INVALIDEE or reason is None:
            return status
        return text("mairie.decision.refused", status=status, reason=inside(reason[0]))

    @property
    def awaits_answer(self) -> bool:
        """Whether the town hall accepted it and the mandataire's one has not answered (R-72)."""
        one = self.procuration
        return one.decided_at is not None and one.status == Status.RECUE and one.answer == ANSWER_AWAITED

    @property
    def mandataire_place(self) -> str:
        """Where the mandataire is enrolled; empty when only a number identifies them."""
        one = self.procuration
        return self._place(one.mandataire_place_code, one.mandataire_place_type or PlaceType.COMMUNE)

    @property
    def vote_place(self) -> str:
        """Where the mandant is enrolled, and where the vote takes place."""
        return self._place(self.procuration.place_code, self.procuration.place_type)

    @property
    def validity(self) -> str:
        """Which ballots it serves."""
        return validity_words(self.procuration, self._tables.calendar)

    def time_left(self, now: datetime) -> TimeLeft:
        """Time to the closing of the next poll that it serves, and what it lacks until then."""
        deadline = self._deadline(now)
        closing, left = deadline.closing, deadline.left
        if closing is None or left is None:
            return TimeLeft(
                words=text("mairie.list.no_poll"), closing="", level="none", lacks=self._lacks(now)
            )
        when = text("mairie.closing", when=moment(closing, self.zone))
        if left <= timedelta(0):
            return TimeLeft(words=text("mairie.list.late"), closing=when, level="late", lacks="")
        words = text("mairie.list.closes_in", left=remaining(left))
        level = "urgent" if deadline.level >= Urgency.URGENT else "soon"
        return TimeLeft(words=words, closing=when, level=level, lacks=self._lacks(now))

    def _deadline(self, now: datetime) -> Deadline:
        """Of the procuration; before anybody has established it, of the request, which lacks nothing of a
        town hall yet."""
        one = self.procuration
        if one.established_at is not None:
            return deadline_at(one, self._tables, now)
        closings = [at for at in (one.first_closing, one.last_closing) if at is not None]
        return deadline_of(Rid(bytes.fromhex(one.rid)), one.filed_at, closings, (Lack.DECISION,), now)

    def _lacks(self, now: datetime) -> str:
        """What it still needs, in the words of the town hall; empty when nothing lacks."""
        lacks = self._deadline(now).lacks if self.procuration.established_at is not None else ()
        if not lacks:
            return ""
        one = self.procuration
        other = place_name(self._tables, one.mandataire_place_code, one.mandataire_place_type or 0)
        said = listed(text(f"mairie.lack.{lack.value}", other=other) for lack in lacks)
        return text("mairie.list.lacks", lacks=said)

    def mandant_facts(self) -> list[Fact]:
        """Who gives, as filed."""
        return [
            *_person(self.procuration, "mandant"),
            Fact(text("mairie.one.vote_place"), (self.vote_place,)),
        ]

    def mandataire_facts(self) -> list[Fact]:
        """Who votes, as filed."""
        one = self.procuration
        facts = list(_person(one, "mandataire"))
        if one.mandataire_place_code:
            facts.append(Fact(text("mairie.one.enrolment"), (self.mandataire_place,)))
        return facts

    def evidence(self) -> list[Fact]:
        """How it was filed, how strong that was, who established it, where, when, on which checks (R-23,
        R-27)."""
        one = self.procuration
        filed = text(
            "mairie.one.filed_how",
            when=moment(one.filed_at, self.zone),
            channel=text(f"channel.{one.channel}"),
        )
        facts = [
            Fact(text("mairie.one.filed"), (filed,)),
            Fact(text("mairie.one.authentication"), (text(f"authentication.{one.authentication}"),)),
        ]
        if one.established_at is not None:
            facts += self._establishment()
        return facts

    def _establishment(self) -> Iterator[Fact]:
        one = self.procuration
        who = listed_authority(one)
        yield Fact(text("mairie.one.established_by"), who)
        yield Fact(text("mairie.one.established_at"), (self.established,))
        yield Fact(text("mairie.one.established_where"), (act_place(one, self._tables),))
        if one.identity_document is not None:
            yield Fact(text("mairie.one.document"), (text(f"document.{one.identity_document}"),))
        if one.declarations:
            yield Fact(text("mairie.one.declarations"), tuple(_declarations(one.declarations)))

    def delivery(self) -> Fact | None:
        """What proves that the act reached the centre (decision 9: only what is proved is said)."""
        if self._delivery is None:
            return None
        proof = self._delivery
        words = [text("mairie.one.centre_received", when=moment(proof.received_at, self.zone))]
        if proof.leaf_index is None:
            words.append(text("mairie.one.not_receipted"))
        else:
            words.append(
                text("mairie.one.proof", index=proof.leaf_index, hash=self.procuration.act_hash[:HASH_SHOWN])
            )
        return Fact(text("mairie.one.delivery"), tuple(words))

    def history(self) -> list[Happened]:
        """Every event of the procuration, in legal order."""
        writers = writers_of(self.procuration.history)
        return [self._happened(entry, writers) for entry in self.procuration.history]

    def _happened(self, entry: dict[str, object], writers: Mapping[str, Writer]) -> Happened:
        at = datetime.fromisoformat(str(entry["at"]))
        return Happened(
            kind=int(str(entry["kind"])),
            when=self._day_only(at) if entry.get("hour") is False else moment(at, self.zone),
            what=self._what(entry),
            where=where(entry, self.procuration, writers),
        )

    def _what(self, entry: dict[str, object]) -> str:
        """The sentence of one event; of a fact, whether it was withdrawn; of a withdrawal, which fact and
        why."""
        if entry["kind"] == Kind.FACT and entry["hash"] in mentions.withdrawn(self.procuration):
            return text("event.22.since", event=_what(entry))
        if entry["kind"] != Kind.FACT_WITHDRAWN:
            return _what(entry)
        fact = next((one for one in self.procuration.history if one["hash"] == entry["fact"]), None)
        if fact is None:  # it names nothing of this procuration, and withdraws nothing
            return text("event.22")
        return text("event.22.of", event=inside(_what(fact)), reason=entry["reason"])

    def _day_only(self, at: datetime) -> str:
        """The day of a paper form that names no hour."""
        where = zone_of_place(self._tables, self.procuration.act_place_code, PlaceType.COMMUNE.value)
        return text("mairie.form.day_only", day=plain_date(at.astimezone(where).date()))

    def _place(self, code: str, kind: int) -> str:
        return place_name(self._tables, code, kind)


def mention_words(mention: mentions.Mention) -> str:
    """A recorded fact and its day, as the history says it."""
    return text(f"event.{Kind.FACT.value}.{mention.code.value}", day=plain_date(mention.day))


def validity_words(one: Procuration, calendar: Iterable[Scrutin]) -> str:
    """One scrutin with its rounds, or a period (R-34)."""
    if one.period_first and one.period_last:
        return text("validity.period", first=plain_date(one.period_first), last=plain_date(one.period_last))
    rounds = text(f"validity.rounds.{one.rounds}")
    days = listed(long_date(date.fromisoformat(day)) for day in one.polling_days)
    name = scrutin_words(one.scrutin_id, calendar)
    return text("validity.scrutin", scrutin=name, rounds=rounds, days=days) if days else f"{name}, {rounds}"


def listed_authority(one: Procuration) -> tuple[str, ...]:
    """Nom, prénom, qualité and unit of the authority (R-23)."""
    name = full_name(one.officer_prenoms, one.officer_nom)
    return tuple(part for part in (f"{name}, {one.officer_qualite}", one.officer_unit) if part.strip(", "))


def act_place(one: Procuration, tables: Tables) -> str:
    """Commune where it was drawn up, and in which kind of place."""
    commune = place_name(tables, one.act_place_code, PlaceType.COMMUNE)
    return f"{commune}, {text(f'place.{one.act_place_kind}')}"


def reason_of(code: str) -> tuple[str, str] | None:
    """How staff name a code, and the sentence for the mandant; None for a code that is not a refusal."""
    return REASON[RefusalCode(code)] if code in RefusalCode.__members__ else None


def _person(one: Procuration, role: str) -> Iterator[Fact]:
    """Civil status of the mandant or the mandataire; a number and a birth date are enough (R-26), so names
    may be absent."""
    birth, given, used = (
        str(getattr(one, f"{role}_{part}")) for part in ("birth_name", "given_names", "used_name")
    )
    sex, number = getattr(one, f"{role}_sex"), str(getattr(one, f"{role}_elector_number"))
    if birth or given:
        yield Fact(text("mairie.one.birth_name"), (birth or text("site.unknown"),))
        if used:
            yield Fact(text("mairie.one.used_name"), (used,))
        yield Fact(text("mairie.one.given_names"), (given or text("mairie.one.no_given_names"),))
    if sex:
        yield Fact(text("mairie.one.sex"), (text(f"mairie.one.sex.{sex}"),))
    yield Fact(text("mairie.one.birth_date"), (partial_date(str(getattr(one, f"{role}_birth_date"))),))
    if number:
        yield Fact(text("mairie.one.elector_number"), (number,))


def _declarations(bits: int) -> Iterator[str]:
    return (text(f"declaration.{int(bit)}") for bit in Declarations if bits & bit)


def status_words(one: Procuration, status: Status) -> str:
    """A status in words: who received it depends on who controls it."""
    if status is Status.RECUE and one.regime == ControlRegime.REU:
        return text("status.4.register")
    return text(f"status.{int(status)}")


def _what(entry: dict[str, object]) -> str:
    """The sentence of one event, its day, and the reason after it when it has one."""
    kind, decision = entry["kind"], entry.get("decision")
    who = ".register" if entry.get("register") else ""
    key = f"event.{kind}.{decision}{who}" if f"event.{kind}.{decision}{who}" in TEXTS else f"event.{kind}"
    sentence = text(key) if key in TEXTS else text("event.other", n=kind)
    if "day" in entry:
        sentence = sentence.format(day=plain_date(date.fromisoformat(str(entry["day"]))))
    reason = reason_of(str(entry.get("code") or ""))
    return text("event.with_reason", event=sentence, reason=inside(reason[0])) if reason else sentence
